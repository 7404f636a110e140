"""The frame of a page of several parts: a row of tabs, and one tab in view."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Space, TextSize, Weight
from ipnft_desktop.ui.widgets.page import Page
from ipnft_desktop.ui.widgets.signed_out import SignedOut


class TabbedPage(Page):
    """`sign_in_requested` asks to sign in. A tab reads what it lists when it comes into view. Call `begin` once, before
    the first tab is added."""

    sign_in_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.bar = QTabBar()
        self.bar.setFont(text_font(TextSize.BODY, Weight.SEMIBOLD))
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._tabs = QStackedWidget()
        self._faces = self.notice_ground = QStackedWidget()
        self._whole = QWidget()
        theme().dress(self.bar)
        self.bar.currentChanged.connect(self._tabs.setCurrentIndex)

    def begin(self, parts: str, signed_out: SignedOut) -> None:
        """`parts` names the row of tabs for screen readers; `signed_out` stands there while nobody is signed in."""
        self.bar.setAccessibleName(parts)
        self.signed_out = signed_out
        theme().dress(signed_out)
        signed_out.action_requested.connect(self.sign_in_requested)
        self._lay_out()

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
    def is_signed_out(self) -> bool:
        """Whether nothing is shown but the way to sign in."""
        return self._faces.currentWidget() is self.signed_out

    def show_signed_out(self, signed_out: bool = True) -> None:
        """Show the way to sign in, or the tabs."""
        self._show(self.signed_out if signed_out else self._whole)

    def _show(self, face: QWidget) -> None:
        """Fill the page with this, which is put in where it is new."""
        if self._faces.indexOf(face) < 0:
            self._faces.addWidget(face)
        self._faces.setCurrentWidget(face)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self._whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        column.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._tabs, 1)
        for face in (self._whole, self.signed_out):
            self._faces.addWidget(face)
        self.body.addWidget(self._faces)
