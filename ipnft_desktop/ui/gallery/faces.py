"""What fills the place of the cards while there is nothing to show."""

from __future__ import annotations

from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.list_faces import ListFaces
from ipnft_desktop.ui.widgets.no_environment import NoEnvironment
from ipnft_desktop.ui.widgets.signed_out import SignedOut


class GalleryFaces(ListFaces):
    """The sentences of the Gallery page, each on a card, as the pictures are."""

    def __init__(self) -> None:
        super().__init__(
            NoEnvironment(self.tr("Start it to see your NFTs and to verify them on the chain.")),
            EmptyState(
                Icon.IMAGE,
                self.tr("No NFTs yet"),
                self.tr("Every asset you mint gets its card here."),
                self.tr("Go to the register"),
            ),
            EmptyState(
                Icon.SEARCH,
                self.tr("No NFT matches"),
                self.tr("Look for less, or for something else."),
                self.tr("Clear"),
            ),
            SignedOut(self.tr("The gallery shows its NFTs to people who are signed in.")),
            on_cards=True,
        )
