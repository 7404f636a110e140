"""Joins the inspector to the window: the Chain page, and the ways to it from mints and tokens."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import QObject

from ipnft_desktop.bootstrap.chain_tabs_in_window import ChainTabs, ChainTabsInWindow
from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.bootstrap.page_keys import CHAIN
from ipnft_desktop.domain.events import EnvironmentChanged
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.inspector.blocks_presenter import BlocksPresenter
from ipnft_desktop.ui.inspector.presenter import ChainPresenter
from ipnft_desktop.ui.inspector.transactions_presenter import TransactionsPresenter
from ipnft_desktop.ui.inspector.view import ChainFace, ChainView
from ipnft_desktop.ui.main_window import MainWindow
from ipnft_desktop.ui.widgets.list_faces import Face


class InspectorInWindow(QObject):
    """Everything about the chain in one window; `page` is what other pages work with."""

    def __init__(
        self,
        view: ChainView,
        tabs: ChainTabs,
        core: Core,
        access: Access,
        events: AppEvents,
        window: MainWindow,
    ) -> None:
        super().__init__(view)
        self._core = core
        self._window = window
        blocks = BlocksPresenter(view.blocks, core.inspector, core.chain_exports, events)
        transactions = TransactionsPresenter(view.transactions, core.inspector, core.chain_exports, events)
        self.page = ChainPresenter(
            view, core.chain_search, blocks, transactions, is_on_events=lambda: tabs.events.isVisibleTo(view)
        )
        self.tabs = ChainTabsInWindow(view, tabs, core, access, events)
        for part in (self.page, self.tabs):
            part.notice.connect(window.toasts.show_toast)
        self.page.address_requested.connect(self.tabs.show_address)
        self.page.events_requested.connect(self.tabs.show_events)
        self.tabs.transaction_requested.connect(self.page.show_transaction)
        self.tabs.asset_requested.connect(self.page.asset_requested)
        view.blocks.panel.use_labels(core.address_book.label_of)
        view.transactions.panel.use_labels(core.address_book.label_of)
        events.environment_changed.connect(self._on_environment_changed)

    @property
    def is_working(self) -> bool:
        """Whether a file is being written, or a call is on its way to the chain."""
        return self.page.is_working or self.tabs.is_working

    def reload(self) -> None:
        """The register is open and somebody is signed in."""
        self.page.reload()
        self.tabs.reload()

    def show_signed_out(self) -> None:
        """Nobody is signed in: everything goes at once."""
        self.page.show_closed(ChainFace.SIGNED_OUT)
        self.tabs.show_closed(Face.SIGNED_OUT)

    def show_transaction(self, tx_hash: str) -> None:
        """Bring a transaction into view."""
        self._window.show_page(CHAIN)
        self.page.show_transaction(tx_hash)

    def show_mint_of(self, asset_id: UUID) -> None:
        """Bring the transaction into view that minted an asset's token."""
        self._window.show_page(CHAIN)
        self.page.show_mint_of(asset_id)

    def show_call(self, write_id: int) -> None:
        """Bring a recorded call into view."""
        self._window.show_page(CHAIN)
        self.tabs.show_call(write_id)

    async def close(self) -> None:
        """Cancel what is under way."""
        await self.page.close()
        await self.tabs.close()

    def _on_environment_changed(self, event: EnvironmentChanged) -> None:
        """What is shown stays while the node is away; asking for it says so."""
        if event.is_ready and self._core.session.user is not None:
            self.reload()
