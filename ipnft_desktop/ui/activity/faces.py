"""What fills the place of the table of mints while there is nothing to list."""

from __future__ import annotations

from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.list_faces import ListFaces
from ipnft_desktop.ui.widgets.no_environment import NoEnvironment
from ipnft_desktop.ui.widgets.signed_out import SignedOut


class ActivityFaces(ListFaces):
    """The sentences of the Activity page."""

    def __init__(self) -> None:
        super().__init__(
            NoEnvironment(
                self.tr("Start it to see every mint and batch: what runs, what waits, what failed and what came of it.")
            ),
            EmptyState(
                Icon.ACTIVITY,
                self.tr("Nothing was minted yet"),
                self.tr("Every mint and every batch stands here, from the request to the receipt."),
                self.tr("Open the register"),
            ),
            EmptyState(
                Icon.SEARCH,
                self.tr("No mint matches"),
                self.tr("Look for less, for something else, or for another state or time."),
                self.tr("Show all"),
            ),
            SignedOut(self.tr("Mints and batches are shown to people who are signed in.")),
        )
