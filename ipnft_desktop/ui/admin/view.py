"""The Admin page as a picture of its state: a row of tabs, and one tab in view."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Space, TextSize, Weight
from ipnft_desktop.ui.widgets.no_environment import NoEnvironment
from ipnft_desktop.ui.widgets.page import Page
from ipnft_desktop.ui.widgets.signed_out import SignedOut


class Face(IntEnum):
    """What fills the page."""

    NO_ENVIRONMENT = 0
    SIGNED_OUT = 1
    TABS = 2


class AdminView(Page):
    """`environment_requested` asks to start everything, `sign_in_requested` to sign in. A tab reads what it lists when
    it comes into view."""

    environment_requested = Signal()
    sign_in_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.header.set_title(self.tr("Admin"), self.tr("People, enterprises, addresses and the audit log"))
        self.bar = QTabBar()
        self.bar.setAccessibleName(self.tr("Parts of the Admin page"))
        self.bar.setFont(text_font(TextSize.BODY, Weight.SEMIBOLD))
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._tabs = QStackedWidget()
        self.no_environment = NoEnvironment(
            self.tr("Start it to open the register: accounts, enterprises and addresses are kept there.")
        )
        self.signed_out = SignedOut(
            self.tr("Accounts, enterprises, addresses and the audit log are shown to people who are signed in.")
        )
        theme().dress(self.bar, self.no_environment, self.signed_out)
        self._faces = self.notice_ground = QStackedWidget()
        self._lay_out()
        self.bar.currentChanged.connect(self._on_tab)
        self.no_environment.action_requested.connect(self.environment_requested)
        self.signed_out.action_requested.connect(self.sign_in_requested)

    @property
    def tab_ground(self) -> QWidget:
        """Make tabs in here, for `add_tab`."""
        return self._tabs

    def add_tab(self, title: str, tab: QWidget) -> None:
        """Add a tab at the end; Left and Right move between the tabs once their row has the focus."""
        self._tabs.addWidget(tab)
        self.bar.addTab(title)

    def show_tab(self, tab: QWidget) -> None:
        """Bring a tab into view."""
        self.bar.setCurrentIndex(self._tabs.indexOf(tab))

    def show_part(self, inner: QWidget) -> None:
        """Bring the tab into view that this widget is in."""
        part = self.part_of(inner)
        if part is not None:
            self.bar.setCurrentIndex(part[0])

    def part_of(self, inner: QWidget) -> tuple[int, str] | None:
        """The number and the title of the tab that this widget is in."""
        tabs = ((at, self._tabs.widget(at)) for at in range(self._tabs.count()))
        found = (at for at, tab in tabs if tab is not None and (tab is inner or tab.isAncestorOf(inner)))
        at = next(found, None)
        return None if at is None else (at, self.bar.tabText(at))

    @property
    def face(self) -> Face:
        """What fills the page."""
        return Face(self._faces.currentIndex())

    def show_face(self, face: Face) -> None:
        """Show another. Until the register is open the page offers to start everything."""
        self._faces.setCurrentIndex(face)

    def _lay_out(self) -> None:
        tabs = QWidget()
        column = QVBoxLayout(tabs)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        column.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._tabs, 1)
        for face in (self.no_environment, self.signed_out, tabs):
            self._faces.addWidget(face)
        self.body.addWidget(self._faces)

    def _on_tab(self, at: int) -> None:
        self._tabs.setCurrentIndex(at)
