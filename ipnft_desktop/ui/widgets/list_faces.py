"""A list of what the register holds, or what fills its place while there is nothing to list."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtWidgets import QStackedWidget, QWidget

from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.no_environment import NoEnvironment
from ipnft_desktop.ui.widgets.signed_out import SignedOut
from ipnft_desktop.ui.widgets.tab_order import follow


class Face(IntEnum):
    """What is shown."""

    LIST = 0
    NO_ENVIRONMENT = 1
    EMPTY = 2
    NO_MATCH = 3
    SIGNED_OUT = 4

    @property
    def is_closed(self) -> bool:
        """Nobody can be told anything: there is no register, or nobody is signed in."""
        return self in (Face.NO_ENVIRONMENT, Face.SIGNED_OUT)

    @property
    def is_listing(self) -> bool:
        """There is something to list, though not by every search."""
        return self in (Face.LIST, Face.NO_MATCH)


class ListFaces(QStackedWidget):
    """The list, or one of four sentences in its place, each with its way out."""

    def __init__(
        self,
        no_environment: NoEnvironment,
        empty: EmptyState,
        no_match: EmptyState,
        signed_out: SignedOut,
        *,
        on_cards: bool = False,
    ) -> None:
        """The list comes with `hold`. `on_cards` gives each sentence a ground, where the list itself lies on none."""
        super().__init__()
        self.no_environment = no_environment
        self.empty = empty
        self.no_match = no_match
        self.signed_out = signed_out
        for sentence in (no_environment, empty, no_match, signed_out):
            self.addWidget(_on_card(sentence) if on_cards else sentence)

    def hold(self, listed: QWidget) -> None:
        """Show this list from now on. Best made inside here, and once this is in its place: whatever holds scroll bars
        is dressed at once, and once more whenever it is put elsewhere."""
        self.insertWidget(Face.LIST, listed)
        follow(self, (listed,))

    @property
    def face(self) -> Face:
        """What is shown."""
        return Face(self.currentIndex())

    def show_face(self, face: Face) -> None:
        """Show another."""
        self.setCurrentIndex(face)


def _on_card(sentence: EmptyState) -> Card:
    ground = Card()
    ground.body.addWidget(sentence)
    return ground
