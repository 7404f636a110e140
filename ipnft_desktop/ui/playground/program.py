"""Runs the playground from the command line: in a window, or as pictures in a folder."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtWidgets import QApplication

from ipnft_desktop.ui.language import Language, language
from ipnft_desktop.ui.playground.catalogue import all_exhibits
from ipnft_desktop.ui.playground.window import PlaygroundWindow
from ipnft_desktop.ui.theme.theme import theme


async def run_playground(app: QApplication, spoken: Language, out: Path | None) -> int:
    """Show every widget until the window is closed; with `out`, save a picture of each in both themes instead.

    Raises OSError where a picture cannot be written.
    """
    language().install(app, spoken)
    theme().install(app)
    window = PlaygroundWindow(all_exhibits())
    closed = asyncio.Event()
    window.closed.connect(closed.set)
    window.show()
    if out is None:
        await closed.wait()
    else:
        for file in await photograph(window, out):
            print(file)  # noqa: T201
        window.close()
    window.deleteLater()
    return 0


async def photograph(window: PlaygroundWindow, folder: Path) -> list[Path]:
    """Save each widget's sheet in both themes as `<widget>-<theme>.png`; the window is on screen."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    taken: list[Path] = []
    for dark in (False, True):
        theme().set_dark(dark)
        theme().finish()
        for exhibit in window.exhibits:
            sheet = window.show_exhibit(exhibit.key)
            await asyncio.sleep(0)  # lets the window take the focus and lay out
            sheet.fit()
            file = folder / f"{exhibit.key}-{theme().tokens.name}.png"
            if not sheet.grab().save(str(file)):
                raise OSError(f"cannot write {file}")
            taken.append(file)
    return taken
