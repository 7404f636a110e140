"""The frame of a tab of the Chain page: what narrows a list over it, the list, and one of it in full beside it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.ui.activity.work_line import WorkLine
from ipnft_desktop.ui.commands.command import Command
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.inputs import SearchField
from ipnft_desktop.ui.widgets.list_card import ListCard
from ipnft_desktop.ui.widgets.list_faces import Face, ListFaces
from ipnft_desktop.ui.widgets.no_environment import NoEnvironment
from ipnft_desktop.ui.widgets.signed_out import SignedOut
from ipnft_desktop.ui.widgets.text import Text


class InspectionTab(QWidget):
    """`shown` tells that it came into view. What could not be read is told under the list, whose lines stay.

    Ctrl+F goes to the search field, Escape back to the list, F5 reads anew.
    """

    shown = Signal()
    reload_requested = Signal()
    environment_requested = Signal()
    sign_in_requested = Signal()
    stop_requested = Signal()

    def __init__(self, name: str, empty: EmptyState, search: str, parent: QWidget | None = None) -> None:
        """`name` begins the names of its commands; `search` says what can be looked for."""
        super().__init__(parent)
        self._name = name
        self.search = SearchField(search)
        self.error_panel = ErrorPanel()
        self.retry_button = self.error_panel.add_button(self.tr("Try again"))
        self.work = WorkLine()
        self.count = Text("", TextSize.CAPTION, ink=Ink.MUTED)
        self.faces = ListFaces(
            NoEnvironment(self.tr("Start it to look into the chain.")),
            empty,
            EmptyState(
                Icon.SEARCH,
                self.tr("Nothing matches"),
                self.tr("Look for less, or for something else."),
                self.tr("Show all"),
            ),
            SignedOut(self.tr("The chain is shown to people who are signed in.")),
        )
        self._bar = QWidget(self)
        theme().dress(self._bar)
        self.toolbar = QHBoxLayout(self._bar)
        self.toolbar.setContentsMargins(0, 0, 0, 0)
        self.toolbar.setSpacing(Space.S)
        self.sides = QHBoxLayout()
        self.sides.setSpacing(Space.L)

    @property
    def face(self) -> Face:
        """The list, or what stands in its place."""
        return self.faces.face

    def begin(
        self, narrowing: Sequence[QWidget], actions: Sequence[QWidget], hints: str, counts: Sequence[QWidget] = ()
    ) -> None:
        """Lay out all but the list: `narrowing` stands behind the search field, `actions` at the right end, `counts`
        behind the number of lines."""
        self.toolbar.addWidget(self.search)
        for control in narrowing:
            self.toolbar.addWidget(control)
        self.toolbar.addStretch(1)
        for action in actions:
            self.toolbar.addWidget(action)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.M)
        box.addWidget(self._bar)
        box.addLayout(self.sides, 1)
        self.card = ListCard(self.faces, (self.work, self.error_panel), (self.count, *counts), hints)
        self.sides.addWidget(self.card, 1)
        self.faces.no_environment.action_requested.connect(self.environment_requested)
        self.faces.signed_out.action_requested.connect(self.sign_in_requested)
        self.retry_button.clicked.connect(self.reload_requested)
        self.work.stop_requested.connect(self.stop_requested)

    def hold(self, listed: QWidget) -> None:
        """The list, made inside the faces."""
        self.faces.hold(listed)
        name, find, back = self._name, self.tr("Search the list"), self.tr("Back to the list")
        Command(self, f"{name}.find search", find, self._on_find, QKeySequence.StandardKey.Find, icon=Icon.SEARCH)
        Command(
            self,
            f"{name}.reload refresh",
            self.tr("Read the list anew"),
            self.reload_requested.emit,
            "F5",
            icon=Icon.REFRESH,
            refusal=self.closed_reason,
        )
        Command(self.search, f"{name}.to list", back, listed.setFocus, "Escape", is_key_only=True)

    def show_face(self, face: Face) -> None:
        """Show the list, or a sentence in its place."""
        self.faces.show_face(face)
        self.card.show_lines(not face.is_closed)
        if face.is_closed:
            self.error_panel.clear()

    def show_error(self, error: IpnftError) -> None:
        """Something could not be read or done; what is listed stays."""
        self.error_panel.show_error(error)

    def show_work(self, what: str, share: float = 0.0) -> None:
        """Show what is under way, 0 to 1 of it done; nothing once it is over."""
        self.work.show_work(what, share)

    def closed_reason(self) -> str:
        """Why nothing can be done here now, or nothing."""
        if self.face is Face.SIGNED_OUT:
            return self.tr("Nobody is signed in.")
        return self.tr("The environment is not running.") if self.face is Face.NO_ENVIRONMENT else ""

    def showEvent(self, event: QShowEvent) -> None:
        """What comes into view is read."""
        super().showEvent(event)
        self.shown.emit()

    def _on_find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()
