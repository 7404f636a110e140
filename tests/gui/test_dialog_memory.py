"""A dialog that was closed is gone: no widget, no object of Qt and none of Python stays. In bytes: `start.py bench`."""

from __future__ import annotations

import asyncio
import gc
import weakref

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from benchmarks.dialog_keys import DIALOGS as MEASURED
from tests.support.views.dialogs import DIALOGS

TIMES = 2


async def open_and_close(window: QWidget, name: str) -> weakref.ref[QWidget]:
    dialog = DIALOGS[name](window)
    dialog.open()
    await asyncio.sleep(0)
    getattr(dialog, "leave", dialog.reject)()
    dialog.deleteLater()
    gone = asyncio.Event()
    dialog.destroyed.connect(gone.set)
    reference = weakref.ref(dialog)
    del dialog
    await gone.wait()
    return reference


def counts(app: QApplication) -> tuple[int, int]:
    """Widgets of Qt, and objects of Qt that Python knows."""
    gc.collect()
    known = sum(1 for found in gc.get_objects() if isinstance(found, QObject))
    return len(app.allWidgets()), known


@pytest.mark.parametrize("name", DIALOGS)
async def test_a_closed_dialog_leaves_nothing(qapp: QApplication, name: str) -> None:
    window = QWidget()
    window.show()
    await open_and_close(window, name)  # fills the caches
    before = counts(qapp)
    references = [await open_and_close(window, name) for _ in range(TIMES)]
    assert counts(qapp) == before
    assert [reference() for reference in references] == [None] * TIMES
    window.deleteLater()


def test_every_dialog_is_measured() -> None:
    assert set(MEASURED) == set(DIALOGS), "name it in benchmarks/dialog_keys.py"
