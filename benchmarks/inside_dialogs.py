"""A child process of the benchmark: one dialog, opened, painted and closed again and again.

The samples are those of the window tests.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from collections.abc import Callable

import psutil
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from benchmarks.catalogue import Sizes
from ipnft_desktop.bootstrap.event_loop import run_on_qt
from ipnft_desktop.ui.theme.theme import theme
from tests.support.views.dialogs import DIALOGS

WARM_UP = 50
"""Until caches of fonts, icons and texts are full."""


async def _open_and_close(parent: QWidget, make: Callable[[QWidget], QDialog]) -> None:
    """What a person does with a dialog, and what its presenter does when it is closed."""
    dialog = make(parent)
    dialog.open()
    dialog.grab()
    await asyncio.sleep(0)
    getattr(dialog, "leave", dialog.reject)()
    dialog.deleteLater()
    await asyncio.sleep(0)


def _rss_bytes() -> int:
    gc.collect()
    return psutil.Process().memory_info().rss


async def _run(app: QApplication, name: str, sizes: Sizes) -> int:
    theme().install(app)
    window = QWidget()
    window.show()
    for _ in range(WARM_UP):
        await _open_and_close(window, DIALOGS[name])
    before, widgets = _rss_bytes(), len(app.allWidgets())
    for _ in range(sizes.dialog_times):
        await _open_and_close(window, DIALOGS[name])
    after = _rss_bytes()
    if len(app.allWidgets()) != widgets:
        print(f"{len(app.allWidgets()) - widgets} widgets of {name} are still there", file=sys.stderr)
        return 1
    print(json.dumps({"rss_bytes_before": before, "rss_bytes_after": after, "times": sizes.dialog_times}))
    return 0


if __name__ == "__main__":
    _, dialog, sizes_json = sys.argv
    sys.exit(run_on_qt(lambda app: _run(app, dialog, Sizes(**json.loads(sizes_json)))))
