"""The Admin page as a picture of its state: a row of tabs, and one tab in view."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.widgets.no_environment import NoEnvironment
from ipnft_desktop.ui.widgets.signed_out import SignedOut
from ipnft_desktop.ui.widgets.tabbed_page import TabbedPage


class Face(IntEnum):
    """What fills the page."""

    NO_ENVIRONMENT = 0
    SIGNED_OUT = 1
    TABS = 2


class AdminView(TabbedPage):
    """`environment_requested` asks to start everything: until the register is open the page offers it."""

    environment_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.header.set_title(self.tr("Admin"), self.tr("People, enterprises, addresses and the audit log"))
        self.no_environment = NoEnvironment(
            self.tr("Start it to open the register: accounts, enterprises and addresses are kept there.")
        )
        theme().dress(self.no_environment)
        self.no_environment.action_requested.connect(self.environment_requested)
        signed_out = SignedOut(
            self.tr("Accounts, enterprises, addresses and the audit log are shown to people who are signed in.")
        )
        self.begin(self.tr("Parts of the Admin page"), signed_out)
        self.show_face(Face.NO_ENVIRONMENT)

    @property
    def face(self) -> Face:
        """What fills the page."""
        if self.is_signed_out:
            return Face.SIGNED_OUT
        return Face.NO_ENVIRONMENT if self._faces.currentWidget() is self.no_environment else Face.TABS

    def show_face(self, face: Face) -> None:
        """Show another."""
        if face is Face.NO_ENVIRONMENT:
            self._show(self.no_environment)
        else:
            self.show_signed_out(face is Face.SIGNED_OUT)
