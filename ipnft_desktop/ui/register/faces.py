"""What fills the place of the table of assets while there is nothing to list."""

from __future__ import annotations

from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.list_faces import ListFaces
from ipnft_desktop.ui.widgets.no_environment import NoEnvironment
from ipnft_desktop.ui.widgets.signed_out import SignedOut


class RegisterFaces(ListFaces):
    """The sentences of the Register page."""

    def __init__(self) -> None:
        super().__init__(
            NoEnvironment(
                self.tr("Start it to open the register of assets, to mint them and to look at their tokens.")
            ),
            EmptyState(
                Icon.INBOX,
                self.tr("The register is empty"),
                self.tr("Patents, trademarks, works and designs stand here, ready to be minted."),
                self.tr("New asset"),
            ),
            EmptyState(
                Icon.SEARCH,
                self.tr("No asset matches"),
                self.tr("Look for less, or for something else."),
                self.tr("Show all"),
            ),
            SignedOut(self.tr("The register shows its assets to people who are signed in.")),
        )
