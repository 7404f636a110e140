"""A switch of the theme while the program runs reaches every page and every dialog, to the last pixel."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from PySide6.QtCore import QPropertyAnimation, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from ipnft_desktop.ui.commands.palette import CommandPalette
from ipnft_desktop.ui.contracts.contract_panel import ContractPanel
from ipnft_desktop.ui.figures.columns_grid import ColumnsGrid
from ipnft_desktop.ui.figures.view import FiguresTab
from ipnft_desktop.ui.gas.laboratory_tab import LaboratoryTab
from ipnft_desktop.ui.inspection.parts import Parts
from ipnft_desktop.ui.inspection.tab import InspectionTab
from ipnft_desktop.ui.inspector.block_panel import BlockPanel
from ipnft_desktop.ui.inspector.transaction_panel import TransactionPanel
from ipnft_desktop.ui.main_window import MainWindow
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.page import Page
from ipnft_desktop.ui.widgets.scrolling_column import ScrollingColumn
from tests.support.views.dialogs import DIALOGS
from tests.support.views.pages import PAGES

SIZE = (1280, 720)
MOST_PARTS = 125
"""A part of so many is dressed in about 16 ms."""


def built(makers: Mapping[str, Callable[[], QWidget]]) -> dict[str, QWidget]:
    """Each view on screen and at rest: nothing of it fades, blinks or leaves by itself."""
    views: dict[str, QWidget] = {}
    for name, make in makers.items():
        views[name] = make()
        views[name].setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        views[name].show()
    QApplication.processEvents()
    for view in views.values():
        for fading in view.findChildren(QPropertyAnimation):
            fading.setCurrentTime(fading.duration())
        for waiting in view.findChildren(QTimer):
            waiting.stop()
    if (focused := QApplication.focusWidget()) is not None:
        focused.clearFocus()  # only one of all windows has it
    return views


def pictures(views: Mapping[str, QWidget]) -> dict[str, QImage]:
    QApplication.processEvents()  # layouts that a change of the theme asked for
    return {name: view.grab().toImage() for name, view in views.items()}


def differing(some: Mapping[str, QImage], others: Mapping[str, QImage]) -> list[str]:
    return [name for name, image in some.items() if image != others[name]]


def check(makers: Mapping[str, Callable[[], QWidget]]) -> None:
    """Views made in the light look after a switch like those made in the dark, and after another as they did."""
    switched = built(makers)
    light = pictures(switched)
    theme().set_dark(True)
    theme().finish()
    made_dark = built(makers)
    dark = pictures(made_dark)
    assert differing(pictures(switched), dark) == []
    theme().set_dark(False)
    theme().finish()
    assert differing(pictures(switched), light) == []
    assert set(differing(light, dark)) == set(makers)
    for view in (*switched.values(), *made_dark.values()):
        view.close()
        view.deleteLater()


def test_every_page_follows(qapp: QApplication) -> None:
    def sized(make: Callable[[], QWidget]) -> QWidget:
        page = make()
        page.resize(*SIZE)
        return page

    check({name: lambda make=make: sized(make) for name, make in PAGES.items()})


def test_every_dialog_follows(qapp: QApplication) -> None:
    window = QWidget()
    check({name: lambda make=make: make(window) for name, make in DIALOGS.items()})
    window.deleteLater()


def test_what_the_window_itself_shows_is_dressed(qapp: QApplication) -> None:
    window = MainWindow()
    palette = CommandPalette(window)
    window.toasts.show_toast("Minted")
    window.show()
    theme().finish()
    shown = [part for part in window.findChildren(QWidget) if not shows_nothing(part) and not dressed(part)]
    assert shown == []
    assert dressed(palette)
    window.close()
    window.deleteLater()


def test_the_ground_of_the_window_follows(qapp: QApplication) -> None:
    window = MainWindow()
    window.show()
    for dark in (True, False):
        theme().set_dark(dark)
        theme().finish()
        middle = window.grab().toImage().pixelColor(window.width() // 2, window.height() // 2)
        assert middle.name() == theme().tokens.bg
    window.close()
    window.deleteLater()


def dressed(part: QWidget) -> bool:
    """Whether the part, or something it lies on, is in the house style."""
    around: QWidget | None = part
    while around is not None and not around.styleSheet():
        around = around.parentWidget()
    return around is not None


def shows_nothing(part: QWidget) -> bool:
    """Whether it only holds other parts together."""
    lies_in_column = isinstance(part.parentWidget(), ScrollingColumn)
    tabs = LaboratoryTab | FiguresTab | InspectionTab | BlockPanel | TransactionPanel
    holders = Page | ScrollingColumn | QStackedWidget | ColumnsGrid | Parts | ContractPanel | tabs
    return type(part) is QWidget or isinstance(part, holders) or lies_in_column


@pytest.mark.parametrize("name", [*PAGES, *DIALOGS])
def test_nothing_is_left_undressed(qapp: QApplication, name: str) -> None:
    window = QWidget()
    view = PAGES[name]() if name in PAGES else DIALOGS[name](window)
    theme().finish()
    bare = [part for part in (view, *view.findChildren(QWidget)) if not shows_nothing(part) and not dressed(part)]
    assert bare == []
    view.deleteLater()
    window.deleteLater()


@pytest.mark.parametrize("name", PAGES)
def test_no_part_takes_long_to_dress(qapp: QApplication, name: str) -> None:
    page = PAGES[name]()
    theme().finish()
    sizes = {part: len(part.findChildren(QWidget)) for part in page.findChildren(QWidget) if part.styleSheet()}
    assert max(sizes.values()) <= MOST_PARTS
    page.deleteLater()


def test_what_has_been_measured_needs_no_turn(qapp: QApplication, qtbot: QtBot) -> None:
    theme().finish()
    label = QLabel("Minted")
    label.ensurePolished()
    with qtbot.captureExceptions() as raised:
        theme().dress(label)
        assert label.styleSheet()
        QApplication.processEvents()
    assert raised == []
    label.deleteLater()


def test_what_comes_into_view_during_a_switch_is_dressed_at_once(qapp: QApplication) -> None:
    shown, hidden = Card(), Card()
    stack = QStackedWidget()
    for card in (shown, hidden):
        stack.addWidget(card)
    stack.show()
    theme().finish()
    stack.setCurrentWidget(hidden)
    stack.setCurrentWidget(shown)
    light = hidden.styleSheet()
    theme().set_dark(True)
    stack.setCurrentWidget(hidden)
    assert hidden.styleSheet() != light
    theme().finish()
    stack.close()
    stack.deleteLater()


def test_a_switch_in_the_middle_of_a_switch_takes_no_longer(qapp: QApplication) -> None:
    page = PAGES["settings"]()
    page.show()
    theme().finish()
    parts = [part for part in page.findChildren(QWidget) if part.styleSheet()]
    light = {part.styleSheet() for part in parts}
    theme().set_dark(True)
    QApplication.processEvents()
    theme().set_dark(False)
    assert not page.updatesEnabled()
    assert {part.styleSheet() for part in parts} - light  # what was dressed goes back in its turn
    theme().finish()
    assert {part.styleSheet() for part in parts} == light
    assert page.updatesEnabled()
    page.close()
    page.deleteLater()


def test_a_window_answers_while_the_theme_is_switched(qapp: QApplication) -> None:
    page = PAGES["settings"]()
    page.show()
    theme().finish()
    before = [part for part in page.findChildren(QWidget) if part.styleSheet()]
    light = {part.styleSheet() for part in before}
    theme().set_dark(True)
    assert {part.styleSheet() for part in before} == light  # not in the turn of the press
    turns = 0
    while any(part.styleSheet() in light for part in before):
        QApplication.processEvents()
        turns += 1
    assert turns >= len(before) // 2
    assert page.updatesEnabled()
    page.close()
    page.deleteLater()
