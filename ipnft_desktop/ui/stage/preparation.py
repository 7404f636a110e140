"""What is done before a show: the rehearsal, checkpoints, and the question whether all is ready."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ipnft_desktop.domain.workspaces import Checkpoint
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Space
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.measures import local_time
from ipnft_desktop.ui.widgets.menu import Menu
from ipnft_desktop.ui.workspaces.words import checkpoint_name

_OFFERED = 12
"""Checkpoints in the menu; all of them are on the Environment page."""


class PreparationBar(QWidget):
    """`return_requested` carries a `Checkpoint`."""

    rehearse_requested = Signal()
    checkpoint_requested = Signal()
    return_requested = Signal(object)
    ready_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._checkpoints: tuple[Checkpoint, ...] = ()
        self.ready_button = SecondaryButton(self.tr("Ready?"), Icon.CIRCLE_CHECK)
        self.rehearse_button = SecondaryButton(self.tr("Rehearse"), Icon.PLAY)
        self.checkpoints_button = SecondaryButton(self.tr("Checkpoints"), Icon.CHEVRON_DOWN)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.S)
        for button in (self.ready_button, self.rehearse_button, self.checkpoints_button):
            line.addWidget(button)
        self.ready_button.clicked.connect(self.ready_requested)
        self.rehearse_button.clicked.connect(self.rehearse_requested)
        self.checkpoints_button.clicked.connect(self._offer)

    def show_checkpoints(self, checkpoints: Sequence[Checkpoint]) -> None:
        """Those that the menu offers to return to, newest first."""
        self._checkpoints = tuple(checkpoints[:_OFFERED])

    def menu(self) -> Menu:
        """Make one, or return to one of the newest."""
        menu = Menu(self)
        menu.addAction(self.tr("Checkpoint now…")).triggered.connect(self.checkpoint_requested)
        menu.addSeparator()
        for checkpoint in self._checkpoints:
            text = self.tr("Return to “{0}”, {1}…").format(checkpoint_name(checkpoint), local_time(checkpoint.at))
            menu.addAction(text.replace("&", "&&")).triggered.connect(
                lambda _checked=False, checkpoint=checkpoint: self.return_requested.emit(checkpoint)
            )
        return menu

    def _offer(self) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.checkpoints_button.mapToGlobal(self.checkpoints_button.rect().bottomLeft()))
