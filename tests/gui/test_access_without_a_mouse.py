"""What holds of every page and every dialog: it is used without a mouse, named for those who cannot see it, and fits
the smallest useful screen with no word cut off."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ipnft_desktop.paths import PROJECT
from ipnft_desktop.ui.language import Language, language
from ipnft_desktop.ui.main_window import MainWindow
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import WindowSize
from ipnft_desktop.ui.widgets.page import Page
from tests.gui.support.keyboard import clipped, describe, misplaced, nameless, tab_stops, tab_walk, unmarked
from tests.support.views import dialogs as dialog_samples
from tests.support.views.dialogs import DIALOGS
from tests.support.views.pages import PAGES

SMALLEST = QSize(1280, 720)
"""The smallest useful screen; also a screen of 2560 x 1440 at 200 %."""
FRAME = QSize(8, 40)
"""What a window's frame and title take of it."""


def faults(root: QWidget) -> list[str]:
    """What is wrong with the order of Tab, with names, with the mark of the focus, and with the room for words."""
    stops, walked = tab_stops(root), tab_walk(root)
    aside = QLineEdit(root)
    aside.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    aside.setAccessibleName("aside")
    aside.show()
    found = [
        *(f"not reached by Tab: {describe(stop)}" for stop in stops if stop not in walked),
        *(f"reached though it cannot be used: {describe(stop)}" for stop in walked if stop not in stops),
        *misplaced(walked),
        *(f"without a name: {one}" for one in nameless(root)),
        *(f"the focus is not seen: {one}" for one in unmarked(walked, aside)),
        *(f"cut: {one}" for one in clipped(root)),
    ]
    aside.hide()
    aside.deleteLater()
    return found


def activate(window: QWidget, qtbot: QtBot) -> None:
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


@pytest.fixture
def ground(qtbot: QtBot) -> Iterator[MainWindow]:
    """The window that dialogs are over."""
    made = MainWindow()
    qtbot.addWidget(made)
    made.resize(SMALLEST)
    yield made


@pytest.mark.parametrize("name", DIALOGS)
def test_a_dialog_is_used_without_a_mouse_and_fits(name: str, ground: MainWindow, qtbot: QtBot) -> None:
    dialog = DIALOGS[name](ground)
    activate(dialog, qtbot)
    focus = QApplication.focusWidget()
    assert focus is not None and dialog.isAncestorOf(focus), "the focus is nowhere in the dialog"
    assert dialog.windowTitle()
    told = faults(dialog)
    assert not told, "\n".join(told)
    room = SMALLEST - FRAME
    assert dialog.size().boundedTo(room) == dialog.size()
    dialog.hide()
    dialog.deleteLater()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_used_without_a_mouse_and_fits(name: str, ground: MainWindow, qtbot: QtBot) -> None:
    for number in range(8):  # as many as there are, so that the rail is as full
        ground.add_page(f"other {number}", "Another", Icon.BOX, Page("Another"))
    page = PAGES[name]()
    ground.fill_page("other 0", page).deleteLater()
    ground.resize(SMALLEST - FRAME)
    activate(ground, qtbot)
    theme().set_dark(len(name) % 2 == 0)  # some in one theme, some in the other
    theme().finish()
    told = faults(ground)
    assert not told, "\n".join(told)
    assert ground.size() == SMALLEST - FRAME  # nothing in it needs more
    ground.resize(WindowSize.LEAST_WIDTH, WindowSize.LEAST_HEIGHT)
    assert clipped(ground) == []
    assert ground.size() == QSize(WindowSize.LEAST_WIDTH, WindowSize.LEAST_HEIGHT)


@pytest.mark.parametrize("name", [*PAGES, *DIALOGS])
def test_chinese_words_fit(name: str, ground: MainWindow) -> None:
    language().set(Language.ZH)
    view: QWidget = ground
    if name in PAGES:
        ground.add_page("only", "登记簿", Icon.BOX, PAGES[name]())
    else:
        view = DIALOGS[name](ground)
    ground.resize(WindowSize.LEAST_WIDTH, WindowSize.LEAST_HEIGHT)
    view.show()
    QApplication.processEvents()
    assert clipped(view) == []
    if view is not ground:
        view.hide()
        view.deleteLater()


def test_no_dialog_is_missing() -> None:
    """Every class of the window that is a dialog and is not only there to be derived from."""
    bases: dict[str, set[str]] = {}
    for file in (PROJECT / "ipnft_desktop" / "ui").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                bases[node.name] = {base.id for base in node.bases if isinstance(base, ast.Name)}
    known = {QDialog.__name__}
    while grown := {name for name, of in bases.items() if of & known} - known:
        known |= grown
    derived_from = set[str]().union(*bases.values())
    made = "".join(file.read_text("utf-8") for file in Path(dialog_samples.__file__).parent.glob("*.py"))
    assert {name for name in known - derived_from if f"{name}(" not in made} == set()
