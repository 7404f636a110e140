"""The ways from one page to what it leads to on another."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject

from ipnft_desktop.bootstrap.page_keys import ACTIVITY, GALLERY, REGISTER
from ipnft_desktop.domain.assets import AssetRow
from ipnft_desktop.domain.mint_activity import JobGroup
from ipnft_desktop.ui.tasks import PageTasks

if TYPE_CHECKING:
    from collections.abc import Callable

    from ipnft_desktop.bootstrap.pages import Pages


class PageWays(QObject):
    """Each method is what a page asks for with a signal; they work once the pages are joined."""

    def __init__(self, pages: Pages, on_unexpected: Callable[[Exception], None]) -> None:
        super().__init__(pages)
        self._pages = pages
        self._window = pages.window
        self._tasks = PageTasks(on_unexpected)

    async def close(self) -> None:
        """End what is under way."""
        await self._tasks.close()

    def connect_all(self) -> None:
        """Let the pages lead to one another."""
        pages = self._pages
        pages.register.mint_requested.connect(self.mint)
        for page in (pages.register, pages.activity):
            page.watch_requested.connect(self.watch)
            page.open_card_requested.connect(self.card)
        pages.batch.page.open_card_requested.connect(self.card)
        for page in (pages.activity, pages.batch.page):
            page.open_asset_requested.connect(self.asset)
        pages.chain.page.asset_requested.connect(self.asset)
        pages.activity_view.chain_requested.connect(pages.chain.show_transaction)
        pages.gallery_view.chain_requested.connect(pages.chain.show_mint_of)
        for view in (pages.activity_view, pages.gallery_view, pages.batch_view, pages.figures_tab):
            view.register_requested.connect(self.register)
        pages.register.metadata_requested.connect(self.metadata)
        pages.mint.metadata_requested.connect(pages.metadata.open_for)
        pages.mint.card_requested.connect(self.card)
        pages.gallery_view.card_requested.connect(self.card)
        pages.alerts.mint_requested.connect(self.watch)
        pages.alerts.call_requested.connect(pages.chain.show_call)

    def mint(self, rows: tuple[AssetRow, ...]) -> None:
        """The dialog that mints these assets."""
        self._pages.mint.open_for(rows, self._window)

    def watch(self, asset_id: UUID) -> None:
        """The mint of an asset as it goes."""
        self._tasks.start(self._open_mint_of(asset_id), "watch mint")

    def card(self, asset_id: UUID) -> None:
        """The NFT card of an asset."""
        self._window.show_page(GALLERY)
        self._pages.gallery.show_card(asset_id)

    def asset(self, asset_id: UUID) -> None:
        """An asset in the register."""
        self._window.show_page(REGISTER)
        self._pages.register.show_asset(asset_id)

    def metadata(self, asset_ids: tuple[UUID, ...]) -> None:
        """What the metadata of assets would be."""
        self._pages.metadata.open_for(asset_ids, self._window)

    def register(self) -> None:
        """The register."""
        self._window.show_page(REGISTER)

    def failed(self) -> None:
        """The mints that failed."""
        self._pages.activity.show_group(JobGroup.FAILED)
        self._window.show_page(ACTIVITY)

    def gallery(self) -> None:
        """The gallery."""
        self._window.show_page(GALLERY)

    async def _open_mint_of(self, asset_id: UUID) -> None:
        core = self._pages.core
        assert core is not None
        row = await core.register.row(asset_id)
        if core.session.user is not None:
            self._pages.mint.open_for((row,), self._window)
