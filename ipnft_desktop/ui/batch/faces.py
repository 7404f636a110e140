"""What fills the place of the list while there is nothing to tick."""

from __future__ import annotations

from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.list_faces import ListFaces
from ipnft_desktop.ui.widgets.no_environment import NoEnvironment
from ipnft_desktop.ui.widgets.signed_out import SignedOut


class BatchFaces(ListFaces):
    """The sentences of the Batch page."""

    def __init__(self) -> None:
        super().__init__(
            NoEnvironment(self.tr("Start it to mint many assets at once and to see what that saves.")),
            EmptyState(
                Icon.LAYOUT_GRID,
                self.tr("Nothing waits to be minted"),
                self.tr("Drafts stand here to be ticked, and so does what failed or was cancelled."),
                self.tr("Open the register"),
            ),
            EmptyState(
                Icon.SEARCH,
                self.tr("No asset matches"),
                self.tr("Look for less, or for something else. What is ticked stays ticked."),
                self.tr("Show all"),
            ),
            SignedOut(self.tr("Assets can be ticked and minted by people who are signed in.")),
        )
