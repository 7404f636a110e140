"""What fills the place of the figures while there is nothing to show."""

from __future__ import annotations

from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.list_faces import ListFaces
from ipnft_desktop.ui.widgets.no_environment import NoEnvironment
from ipnft_desktop.ui.widgets.signed_out import SignedOut


class FigureFaces(ListFaces):
    """The sentences of the tab; it has no match while nothing happened in the time that is chosen."""

    def __init__(self) -> None:
        super().__init__(
            NoEnvironment(self.tr("Start it to see what the mints of this register cost and what batches saved.")),
            EmptyState(
                Icon.ACTIVITY,
                self.tr("No mint yet"),
                self.tr("Tokens, batches, what they saved and what they cost stand here, with charts over time."),
                self.tr("Open the register"),
            ),
            EmptyState(
                Icon.CLOCK,
                self.tr("Nothing in the last 24 hours"),
                self.tr("Mints of earlier days are among the figures of all time."),
                self.tr("Show all time"),
            ),
            SignedOut(self.tr("Figures of the register are shown to people who are signed in.")),
            on_cards=True,
        )
