"""Joins the services for batches to the window: the Batch page, and what waits to be minted together."""

from __future__ import annotations

from PySide6.QtCore import QObject

from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.batch.presenter import BatchPresenter
from ipnft_desktop.ui.batch.view import BatchView
from ipnft_desktop.ui.batch.waiting_card import WaitingCard
from ipnft_desktop.ui.batch.waiting_presenter import WaitingPresenter
from ipnft_desktop.ui.guards import guard_batch


class BatchInWindow(QObject):
    """Everything about batches in one window; `page` is what other pages work with."""

    def __init__(self, view: BatchView, core: Core, access: Access, events: AppEvents) -> None:
        super().__init__(view)
        self.page = BatchPresenter(
            view, core.register, core.planner, core.runs, core.run_item_exports, core.saved_filters, events
        )
        card = WaitingCard(access, view.side_ground)
        view.hold_waiting(card)
        self.waiting = WaitingPresenter(card, core.automatic, events)
        self.waiting.notice.connect(self.page.notice)
        guard_batch(view, access)

    @property
    def is_working(self) -> bool:
        """Whether a batch is put on record, or something is decided or written."""
        return self.page.is_working or self.waiting.is_working

    def activate(self) -> None:
        """The page comes into view with an open register."""
        self.page.activate()

    def reload(self) -> None:
        """The register is open and somebody is signed in."""
        self.page.reload()
        self.waiting.reload()

    def show_signed_out(self) -> None:
        """Nobody is signed in: everything goes at once."""
        self.page.show_signed_out()
        self.waiting.show_signed_out()

    async def close(self) -> None:
        """Cancel what is under way."""
        for part in (self.page, self.waiting):
            await part.close()
