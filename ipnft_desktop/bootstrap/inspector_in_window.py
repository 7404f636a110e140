"""Joins the inspector to the window: the Chain page, and the ways to it from mints and tokens."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.domain.events import EnvironmentChanged
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.inspector.blocks_presenter import BlocksPresenter
from ipnft_desktop.ui.inspector.presenter import ChainPresenter
from ipnft_desktop.ui.inspector.transactions_presenter import TransactionsPresenter
from ipnft_desktop.ui.inspector.view import ChainFace, ChainView
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.toast import ToastStack


class InspectorInWindow(QObject):
    """Everything about the chain in one window; `page` is what other pages work with."""

    def __init__(
        self, view: ChainView, core: Core, events: AppEvents, toasts: ToastStack, show_page: Callable[[], object]
    ) -> None:
        """`show_page` brings the page into view."""
        super().__init__(view)
        self._core = core
        self._toasts = toasts
        self._show_page = show_page
        blocks = BlocksPresenter(view.blocks, core.inspector, core.chain_exports, events)
        transactions = TransactionsPresenter(view.transactions, core.inspector, core.chain_exports, events)
        self.page = ChainPresenter(view, core.chain_search, blocks, transactions)
        self.page.notice.connect(toasts.show_toast)
        self.page.address_requested.connect(self._on_address)
        view.blocks.panel.use_labels(core.address_book.label_of)
        view.transactions.panel.use_labels(core.address_book.label_of)
        events.environment_changed.connect(self._on_environment_changed)

    @property
    def is_working(self) -> bool:
        """Whether a file is being written."""
        return self.page.is_working

    def reload(self) -> None:
        """The register is open and somebody is signed in."""
        self.page.reload()

    def show_signed_out(self) -> None:
        """Nobody is signed in: everything goes at once."""
        self.page.show_closed(ChainFace.SIGNED_OUT)

    def show_transaction(self, tx_hash: str) -> None:
        """Bring a transaction into view."""
        self._show_page()
        self.page.show_transaction(tx_hash)

    def show_mint_of(self, asset_id: UUID) -> None:
        """Bring the transaction into view that minted an asset's token."""
        self._show_page()
        self.page.show_mint_of(asset_id)

    async def close(self) -> None:
        """Cancel what is under way."""
        await self.page.close()

    def _on_environment_changed(self, event: EnvironmentChanged) -> None:
        """What is shown stays while the node is away; asking for it says so."""
        if event.is_ready and self._core.session.user is not None:
            self.reload()

    def _on_address(self, address: str) -> None:
        label = self._core.address_book.label_of(address)
        QGuiApplication.clipboard().setText(address)
        told = self.tr("{0} is {1}; the address was copied.").format(address, label) if label else ""
        self._toasts.show_toast(told or self.tr("{0} has no name here; it was copied.").format(address), Tone.NEUTRAL)
