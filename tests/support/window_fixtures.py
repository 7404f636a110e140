"""Every window test runs on a qasync loop over one offscreen application, and fails on whatever it leaves behind."""

from __future__ import annotations

import asyncio
import gc
import inspect
import os
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_API", "pyside6")

import qasync
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from ipnft_desktop.ui.language import Language, language
from ipnft_desktop.ui.theme.theme import theme

# Collected on this thread after each test: in a worker thread a collection would destroy Qt objects there.
gc.disable()

_TESTS = Path(__file__).parent.parent
_WINDOW_TESTS = (_TESTS / "gui", _TESTS / "e2e", _TESTS / "pictures")
_HARMLESS_QT_MESSAGES = (
    # The offscreen platform has no window manager that could be told about minimum sizes or the order of windows.
    r"This plugin does not support propagateSizeHints\(\)",
    r"This plugin does not support raise\(\)",
    # Nor one that an open menu could take the keyboard from.
    r"This plugin does not support grabbing the keyboard",
)


def _application() -> QApplication:
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["ipnft-tests"])
        app.setQuitOnLastWindowClosed(False)
    return app


def _qt_loop() -> asyncio.AbstractEventLoop:
    return qasync.QEventLoop(_application())


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"qasync": _qt_loop}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """pytest-qt records Qt's messages; here any that is not known to be harmless fails the test."""
    for item in items:
        if not set(item.path.parents).isdisjoint(_WINDOW_TESTS) and not item.get_closest_marker("qt_log_level_fail"):
            item.add_marker(pytest.mark.qt_log_level_fail("DEBUG"))
            item.add_marker(pytest.mark.qt_log_ignore(*_HARMLESS_QT_MESSAGES))


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application in the house style and in English; replaces the fixture of pytest-qt."""
    app = _application()
    theme().install(app)
    language().install(app, Language.EN)
    gc.freeze()  # the modules loaded so far need not be looked through after every test
    return app


@pytest.fixture(autouse=True)
def _leaves_nothing_behind(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[None]:
    threads = set(threading.enumerate())
    windows = set(_windows())
    if inspect.iscoroutinefunction(getattr(request, "function", None)):
        request.getfixturevalue("_leaves_no_task")
    yield
    theme().set_dark(False)
    theme().finish()
    language().set(Language.EN)
    QToolTip.hideText()
    _delete_later_now()
    gc.collect()
    _delete_later_now()
    leaked = set(_windows()) - windows
    assert not leaked, f"top-level widgets left: {leaked}"
    assert not _active_timers(), f"timers still run: {_active_timers()}"
    _check_threads(threads)


@pytest.fixture
async def _leaves_no_task() -> AsyncIterator[None]:
    yield
    await asyncio.sleep(0)  # lets done-callbacks of tasks that have just ended run
    left = asyncio.all_tasks() - {asyncio.current_task()}
    assert not left, f"tasks still run: {[task.get_name() for task in left]}"


def _windows() -> list[QWidget]:
    # The tip label is Qt's own and is kept by it for the next tool tip.
    return [widget for widget in QApplication.topLevelWidgets() if widget.metaObject().className() != "QTipLabel"]


def _delete_later_now() -> None:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QCoreApplication.processEvents()


def _active_timers() -> list[QTimer]:
    known = (found for found in gc.get_objects() if type(found) is QTimer)
    return [timer for timer in known if shiboken6.isValid(timer) and timer.isActive()]


def _check_threads(before: set[threading.Thread]) -> None:
    new = [thread for thread in threading.enumerate() if thread not in before]
    for thread in new:
        # A thread of Qt's own that ran Python code once is listed for good and cannot be joined.
        if type(thread).__name__ != "_DummyThread":
            thread.join(timeout=2.0)
            assert not thread.is_alive(), f"thread still runs: {thread.name}"
