"""What fills the place of the table while there is no mint to list, each with its way out."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtWidgets import QStackedWidget, QWidget

from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.signed_out import SignedOut


class Face(IntEnum):
    """What is shown."""

    TABLE = 0
    NO_ENVIRONMENT = 1
    EMPTY = 2
    NO_MATCH = 3
    SIGNED_OUT = 4


class Faces(QStackedWidget):
    """The table, or one of four sentences in its place."""

    def __init__(self, table: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.no_environment = EmptyState(
            Icon.POWER,
            self.tr("The environment is not running"),
            self.tr("Start it to see every mint and batch: what runs, what waits, what failed and what came of it."),
            self.tr("Start the environment"),
        )
        self.empty = EmptyState(
            Icon.ACTIVITY,
            self.tr("Nothing was minted yet"),
            self.tr("Every mint and every batch stands here, from the request to the receipt."),
            self.tr("Open the register"),
        )
        self.no_match = EmptyState(
            Icon.SEARCH,
            self.tr("No mint matches"),
            self.tr("Look for less, for something else, or for another state or time."),
            self.tr("Show all"),
        )
        self.signed_out = SignedOut(self.tr("Mints and batches are shown to people who are signed in."))
        for face in (table, self.no_environment, self.empty, self.no_match, self.signed_out):
            self.addWidget(face)

    @property
    def face(self) -> Face:
        """What is shown."""
        return Face(self.currentIndex())

    def show_face(self, face: Face) -> None:
        """Show another."""
        self.setCurrentIndex(face)
