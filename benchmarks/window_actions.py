"""What a person does with the window, and how long its loop does not answer meanwhile; beside an empty window."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication, QMainWindow

from benchmarks.catalogue import Figure, Sizes
from benchmarks.child import CACHE, run_bare_window, run_scenario, temporary_profile
from benchmarks.figures import median
from benchmarks.gap_rounds import GapRounds, gap_figures
from benchmarks.program import Running
from ipnft_desktop.bootstrap import page_keys
from ipnft_desktop.ui.language import Language, language
from ipnft_desktop.ui.register.asset_form import AssetForm

SCENARIO = "window-actions"
_TIMEOUT_S = 400
_SETTLE_S = 0.3
"""So long after an action what it set off is over."""
_ATTACH_TIMEOUT_S = 240
_PAGES = tuple(value for name, value in vars(page_keys).items() if name.isupper())


def measure(sizes: Sizes) -> list[Figure]:
    """The peer first, then every action in one program."""
    with temporary_profile(CACHE) as profile:
        bare = run_bare_window(profile, sizes)
        samples = run_scenario(SCENARIO, profile, sizes, _TIMEOUT_S)
    peer = Figure("loop_gap_ms.bare_qt.max", median(bare["wall_ms"]), len(bare["wall_ms"]))
    return [peer, *(figure for action, rounds in samples.items() for figure in gap_figures(action, rounds))]


async def do_all(running: Running, sizes: Sizes) -> dict[str, Any]:
    """Each action so often that one bad moment of the machine does not decide."""
    film = running.core.profile / "film.bin"
    await asyncio.to_thread(_make_film, film, sizes.attached_in_form_mb)
    await _show_pages(running)  # what is loaded at the first look at a page is no part of a switch
    await _type_in_palette(running)  # nor is what is made when it first opens
    rounds = sizes.gap_rounds
    done = {
        "switch_page": await GapRounds().repeat(rounds, lambda: _show_pages(running)),
        "switch_theme": await GapRounds().repeat(rounds, lambda: _settled(running.program.window.toggle_theme)),
        "switch_language": await GapRounds().repeat(rounds, lambda: _other_language(running)),
        "palette": await GapRounds().repeat(rounds, lambda: _type_in_palette(running)),
        "start_environment": await GapRounds().repeat(rounds, lambda: _start_again(running)),
        "attach_2gb": await GapRounds().repeat(1, lambda: _attach(running, film)),
    }
    return {action: each.samples() for action, each in done.items()}


async def look_on(_app: QApplication, sizes: Sizes) -> dict[str, list[float]]:
    """The loop of an empty window with nothing behind it."""
    window = QMainWindow()
    window.show()
    rounds = await GapRounds().repeat(sizes.gap_rounds, lambda: asyncio.sleep(sizes.idle_s))
    window.close()
    return rounds.samples()


async def _settled(act: Callable[[], object]) -> None:
    act()
    await asyncio.sleep(_SETTLE_S)


async def _show_pages(running: Running) -> None:
    for key in _PAGES:
        await _settled(lambda key=key: running.program.window.show_page(key))


async def _type_in_palette(running: Running) -> None:
    palette = running.program.window.commands.palette
    palette.open()
    for typed in ("m", "mi", "min", "mint", "new asset", "zzzz", ""):
        await _settled(lambda typed=typed: palette.field.setText(typed))
    palette.dismiss()


async def _other_language(running: Running) -> None:
    before = running.program.pages
    running.program.use_language(Language.ZH if language().current is Language.EN else Language.EN)
    while running.program.pages is before:  # noqa: ASYNC110 - the program tells nobody
        await asyncio.sleep(0.01)
    await asyncio.sleep(_SETTLE_S)


async def _start_again(running: Running) -> None:
    await running.core.environment.stop()
    await running.core.runner.start(lambda _report: None)
    await asyncio.sleep(_SETTLE_S)


async def _attach(running: Running, film: Path) -> None:
    """As a person does it: the form of a new asset, a file, Save."""
    window = running.program.window
    await _settled(lambda: window.show_page(page_keys.REGISTER))
    running.program.pages.register_view.new_button.click()
    form = await _form_of(window)
    form.name.setText("Measured film")
    form.creator_name.setText("Nobody")
    form.creation_date.setText("2020-01-31")
    form.enterprise.setCurrentIndex(0)
    form.attachments.add_files([film])
    closed = asyncio.Event()
    form.finished.connect(closed.set)
    form.save_button.click()
    async with asyncio.timeout(_ATTACH_TIMEOUT_S):
        await closed.wait()
    await asyncio.sleep(_SETTLE_S)


async def _form_of(window: QMainWindow) -> AssetForm:
    """The form, once the enterprises are in its list."""
    while True:
        form = window.findChild(AssetForm)
        if isinstance(form, AssetForm) and form.isVisible() and form.enterprise.count():
            return form
        await asyncio.sleep(0.01)


def _make_film(file: Path, megabytes: int) -> None:
    """A file with holes: it is read and hashed as any other, and its equal blocks are stored once."""
    with file.open("wb") as opened:
        opened.truncate(megabytes * 1_000_000)
