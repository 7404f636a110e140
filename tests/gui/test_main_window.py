"""The frame: pages by button, key and status bar; a status bar that tells only what is known."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from ipnft_desktop.bootstrap.page_keys import ENVIRONMENT
from ipnft_desktop.bootstrap.pages import Pages
from ipnft_desktop.domain.assets import AssetPage, AssetQuery
from ipnft_desktop.settings import Settings
from ipnft_desktop.ui.environment.view import EnvironmentView
from ipnft_desktop.ui.main_window import MainWindow
from ipnft_desktop.ui.register.view import RegisterView
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.amounts import exact_gwei_text
from ipnft_desktop.ui.widgets.page import Page
from ipnft_desktop.ui.widgets.status_strip import StatusBarState, StatusSegment, StatusStrip
from ipnft_desktop.ui.widgets.text import Text
from tests.gui.register_doubles import asset_of, row

STATE = StatusBarState(
    badge="LOCAL CHAIN",
    connection=Tone.OK,
    node_name="Hardhat",
    chain_id=31337,
    instance="7f3a…c2",
    block=1520,
    gas_price_wei=1_000_000_000,
    queue_depth=2,
    content_store="local",
    database="register.db",
    user="Wang",
    role="ADMIN",
)


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    made = MainWindow()
    qtbot.addWidget(made)
    made.add_page("register", "Register", Icon.LIST_TREE, Page("Register"))
    made.add_page("gallery", "Gallery", Icon.IMAGE, Page("Gallery"))
    made.add_page("environment", "Environment", Icon.POWER, Page("Environment"), bottom=True)
    made.show()
    return made


def names(widget: QWidget) -> list[str]:
    """What the visible buttons of the status bar tell a screen reader."""
    strip = widget.findChildren(StatusStrip)[0]
    return [button.accessibleName() for button in strip.findChildren(QAbstractButton) if button.isVisibleTo(strip)]


def test_first_page_is_in_view(window: MainWindow) -> None:
    assert window.current_page == "register"


def test_rail_button_opens_its_page(window: MainWindow, qtbot: QtBot) -> None:
    gallery = next(button for button in window.findChildren(QToolButton) if button.text() == "Gallery")
    with qtbot.waitSignal(window.page_changed) as changed:
        qtbot.mouseClick(gallery, Qt.MouseButton.LeftButton)
    assert changed.args == ["gallery"]
    assert window.current_page == "gallery"
    assert gallery.isChecked()


def test_keys_open_pages_in_order(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert window.current_page == "environment"
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.current_page == "register"


def test_a_page_out_of_view_is_not_asked_for_its_size_when_another_changes(window: MainWindow, qtbot: QtBot) -> None:
    asked: list[int] = []

    class Costly(Page):
        def heightForWidth(self, width: int) -> int:
            asked.append(width)
            return super().heightForWidth(width)

        def minimumSizeHint(self) -> QSize:
            asked.append(0)
            return super().minimumSizeHint()

    shown, hidden = Page("Shown"), Costly("Hidden")
    words = Text("short", wrap=True)
    shown.body.addWidget(words)
    hidden.body.addWidget(Text("long " * 50, wrap=True))
    window.fill_page("gallery", hidden)
    window.fill_page("register", shown)
    qtbot.waitExposed(window)
    asked.clear()
    words.setText("long " * 100)
    with qtbot.waitCallback() as laid_out:
        QTimer.singleShot(0, laid_out)
    assert words.height() > words.fontMetrics().height()
    assert asked == []


def test_rail_has_a_button_for_each_page_and_no_other(window: MainWindow) -> None:
    assert [button.text() for button in window.findChildren(QToolButton)] == ["Register", "Gallery", "Environment"]


def test_unknown_page_is_refused(window: MainWindow) -> None:
    with pytest.raises(KeyError):
        window.show_page("nowhere")


def test_status_bar_tells_the_state(window: MainWindow) -> None:
    window.set_status(STATE)
    assert names(window)[:7] == [
        "Hardhat 31337  · 7f3a…c2",
        "Block #1,520",
        "Gas 1.00 gwei",
        "Queue 2",
        "Content local",
        "Database register.db",
        "Wang · ADMIN",
    ]


def test_unknown_figures_are_dashes_and_not_old_ones(window: MainWindow) -> None:
    window.set_status(STATE)
    window.set_status(StatusBarState())
    assert names(window)[:6] == ["No chain", "Block –", "Gas –", "Queue –", "Content –", "Database –"]


def test_only_linked_segments_can_be_pressed(window: MainWindow, qtbot: QtBot) -> None:
    window.set_status(STATE)
    window.link_segment(StatusSegment.CHAIN, "environment")
    strip = window.findChildren(StatusStrip)[0]
    chain, block = strip.findChildren(QAbstractButton)[:2]
    assert not block.isEnabled()
    qtbot.mouseClick(chain, Qt.MouseButton.LeftButton)
    assert window.current_page == "environment"


@pytest.mark.parametrize(
    ("price_wei", "shown"),
    [
        (1_000_000_000, "1.00 gwei"),
        (1_250_000_000_000, "1,250.00 gwei"),
        (12_345_678, "0.01 gwei"),
        (7, "0.000000007 gwei"),
        (0, "0.00 gwei"),
    ],
)
def test_gas_price_is_exact_enough_to_read(price_wei: int, shown: str) -> None:
    assert exact_gwei_text(price_wei) == shown


def test_theme_button_switches_and_names_the_other_theme(window: MainWindow, qtbot: QtBot) -> None:
    button = next(b for b in window.findChildren(QAbstractButton) if b.accessibleName() == "Dark theme")
    with qtbot.waitSignal(window.theme_chosen) as chosen:
        button.click()
    assert chosen.args == [True]
    assert theme().tokens.is_dark
    theme().finish()
    assert button.accessibleName() == "Light theme"


def test_language_is_offered_only_where_there_is_a_choice(window: MainWindow, qtbot: QtBot) -> None:
    window.set_languages(("EN",), "EN")
    assert "EN" not in names(window)
    window.set_languages(("EN", "中"), "EN")
    strip = window.findChildren(StatusStrip)[0]
    button = next(b for b in strip.findChildren(QAbstractButton) if b.accessibleName() == "EN")
    with qtbot.waitSignal(window.language_requested) as requested:
        button.click()
    assert requested.args == ["中"]


def test_a_notice_lies_over_nothing_that_is_to_be_pressed(window: MainWindow, qtbot: QtBot) -> None:
    view = RegisterView()
    window.fill_page("register", view)
    view.show_list(AssetQuery(), 1, AssetPage((row(1),), None))
    view.panel.show_asset(asset_of(row(1)))
    window.resize(window.minimumSize())
    window.toasts.show_toast("“Radio” deleted", Tone.OK, "Undo", lambda: None)
    view.question.ask("Delete 3 assets?")
    buttons = (view.panel.mint_button, view.panel.more_button, view.question.confirm_button, view.columns_button)

    def covers_none() -> None:
        notice = window.toasts.geometry()
        for button in buttons:
            assert button.isVisible()
            assert not notice.intersects(QRect(button.mapTo(window, QPoint()), button.size()))

    qtbot.waitUntil(covers_none)
    window.show_page("gallery")
    assert window.rect().contains(window.toasts.geometry())
    window.toasts.clear()


def test_closing_hands_out_the_frame_and_tells(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1120, 700)  # within the offscreen screen, which a restored frame is fitted into
    saved: list[bytes] = []
    window.geometry_saved.connect(saved.append)
    window.toasts.show_toast("Minted", Tone.OK)
    with qtbot.waitSignal(window.closing):
        qtbot.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    other = MainWindow()
    qtbot.addWidget(other)
    other.restore_frame(saved[0])
    assert other.size() == window.size()


def test_unusable_frame_changes_nothing(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    before = window.size()
    window.restore_frame(b"not a geometry")
    assert window.size() == before


def test_smallest_useful_size_is_possible(window: MainWindow) -> None:
    window.set_status(STATE)
    window.resize(1280, 720)
    assert (window.width(), window.height()) == (1280, 720)


class Dressings(QObject):
    """Counts how often widgets are dressed by the style sheet although they were before."""

    def __init__(self) -> None:
        super().__init__()
        self.again = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_dressed = isinstance(watched, QWidget) and watched.testAttribute(Qt.WidgetAttribute.WA_WState_Polished)
        self.again += event.type() is QEvent.Type.StyleChange and is_dressed
        return False


def test_pages_grow_in_their_place_so_that_little_is_dressed_twice(qtbot: QtBot, qapp: QApplication) -> None:
    window, environment = MainWindow(), EnvironmentView()
    qtbot.addWidget(window)
    window.add_page(ENVIRONMENT, "Environment", Icon.POWER, environment)
    pages = Pages(window, environment, Settings(), lambda *_: None, lambda: None, lambda _: None)
    dressings = Dressings()
    qapp.installEventFilter(dressings)
    try:
        for built in pages.build():
            qapp.processEvents()  # what was made is dressed
            if built is not None:
                window.add_page(built[0], "Another", Icon.BOX, built[1])
    finally:
        qapp.removeEventFilter(dressings)
    count = len(window.findChildren(QWidget))
    # Scroll bars are dressed as they are made; a page that is made elsewhere adds all it has.
    assert dressings.again < 0.4 * count, f"{dressings.again} of {count} widgets"
    pages.deleteLater()
