"""Joins publishing with the window: the node's card, the list on the NFT card, the word in the status bar."""

from __future__ import annotations

from collections.abc import Callable

from ipnft_desktop.services.publishing import Publishing
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.environment.view import EnvironmentView
from ipnft_desktop.ui.gallery.card_panel import CardPanel
from ipnft_desktop.ui.guards import guard_publishing
from ipnft_desktop.ui.publishing.kubo_card import KuboCard
from ipnft_desktop.ui.publishing.kubo_presenter import KuboPresenter
from ipnft_desktop.ui.publishing.publication_presenter import PublicationPresenter
from ipnft_desktop.ui.status_feed import StatusFeed
from ipnft_desktop.ui.theme.tokens import Tone


class PublishingParts:
    """What the window shows of publishing, and the presenters behind it."""

    def __init__(
        self,
        publishing: Publishing,
        environment: EnvironmentView,
        card: CardPanel,
        status: StatusFeed,
        events: AppEvents,
        access: Access,
        keep_setting: Callable[[str, str | bool], object],
        show_notice: Callable[[str, Tone], object],
    ) -> None:
        self.card = KuboCard()
        environment.add_card(self.card)
        self.node = KuboPresenter(self.card, publishing, events, keep_setting)
        self.asset = PublicationPresenter(card.publications, publishing, events)
        self.node.content_told.connect(status.show_content_store)
        self.node.notice.connect(show_notice)
        self.asset.notice.connect(show_notice)
        card.asset_shown.connect(self.asset.show_asset)
        guard_publishing(self.card, card.publications, access)
        environment.node_wanted.connect(self.node.ask_node)

    @property
    def is_working(self) -> bool:
        """Whether something is being published, checked or exported."""
        return self.node.is_working or self.asset.is_working

    def activate(self) -> None:
        """The register is open: show how publishing stands."""
        self.node.activate()

    async def close(self) -> None:
        """End what is under way."""
        await self.node.close()
        await self.asset.close()
