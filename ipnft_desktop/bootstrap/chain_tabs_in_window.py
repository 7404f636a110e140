"""Joins events, contracts, accounts and recorded calls to the window: their tabs of the Chain page."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, Signal

from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.domain.inspection.finding import Found
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.accounts.presenter import AccountsPresenter
from ipnft_desktop.ui.accounts.view import AccountsTab
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.chain_calls.presenter import CallsPresenter
from ipnft_desktop.ui.chain_calls.view import CallsTab
from ipnft_desktop.ui.chain_events.presenter import EventsPresenter
from ipnft_desktop.ui.chain_events.view import EventsTab
from ipnft_desktop.ui.contracts.presenter import ContractsPresenter
from ipnft_desktop.ui.contracts.view import ContractsTab
from ipnft_desktop.ui.contracts.write_presenter import WritePresenter
from ipnft_desktop.ui.inspector.view import ChainView
from ipnft_desktop.ui.widgets.list_faces import Face


@dataclass(slots=True)
class ChainTabs:
    """Some work to make, so each is made by itself, in pieces."""

    events: EventsTab
    contracts: ContractsTab
    accounts: AccountsTab
    calls: CallsTab

    @classmethod
    def add_to(cls, view: ChainView) -> Generator[None, None, ChainTabs]:
        """One after the other: between two pieces the loop can breathe."""
        tr = QCoreApplication.translate
        events = EventsTab(view.tab_ground, whole=False)
        view.add_tab(tr("ChainTabs", "Events"), events)
        yield
        yield from events.build()
        yield
        contracts = ContractsTab(view.tab_ground, whole=False)
        view.add_tab(tr("ChainTabs", "Contracts"), contracts)
        yield
        yield from contracts.build()
        yield
        accounts = AccountsTab(view.tab_ground, whole=False)
        view.add_tab(tr("ChainTabs", "Accounts"), accounts)
        yield
        yield from accounts.build()
        yield
        calls = CallsTab(view.tab_ground, whole=False)
        view.add_tab(tr("ChainTabs", "Calls"), calls)
        yield
        yield from calls.build()
        yield
        return cls(events, contracts, accounts, calls)


class ChainTabsInWindow(QObject):
    """`transaction_requested` carries the hash of a transaction, `asset_requested` the id of an asset; `notice` is a
    short message with its `Tone`."""

    transaction_requested = Signal(str)
    asset_requested = Signal(object)
    notice = Signal(str, object)

    def __init__(self, view: ChainView, tabs: ChainTabs, core: Core, access: Access, events: AppEvents) -> None:
        super().__init__(view)
        self._view = view
        self.views = tabs
        self._core = core
        self.events = EventsPresenter(
            tabs.events, core.chain_events, core.chain_search, core.event_exports, core.indexing, access, events
        )
        self.contracts = ContractsPresenter(
            tabs.contracts, core.contracts, core.contract_asking, core.abis, access, events
        )
        self.writes = WritePresenter(tabs.contracts, core.writes, core.contract_asking, access, events)
        self.accounts = AccountsPresenter(
            tabs.accounts, core.accounts, core.address_book, core.local_chain, access, events
        )
        self.calls = CallsPresenter(tabs.calls, core.calls, core.writes, access, events)
        self._lists = (self.events, self.contracts, self.accounts, self.calls)
        for part in (*self._lists, self.writes):
            part.notice.connect(self.notice)
        self.contracts.abis_changed.connect(self.events.read_now)
        self.accounts.contract_requested.connect(self._on_contract)
        for source in (
            tabs.events.transaction_requested,
            tabs.contracts.panel.write.transaction_requested,
            tabs.accounts.transaction_requested,
            tabs.calls.transaction_requested,
        ):
            source.connect(self.transaction_requested)
        for source in (tabs.events.asset_requested, tabs.accounts.asset_requested):
            source.connect(self.asset_requested)
        events.address_book_changed.connect(self._use_labels)
        self._use_labels()

    @property
    def is_working(self) -> bool:
        """Whether a file is being written, or a call is on its way to the chain."""
        return self.writes.is_working or any(part.is_working for part in self._lists)

    def reload(self) -> None:
        """The register is open and somebody is signed in."""
        for part in self._lists:
            part.reload()

    def show_closed(self, face: Face) -> None:
        """There is no environment, or nobody is signed in: everything goes at once."""
        for part in self._lists:
            part.show_closed(face)

    def show_address(self, address: str) -> None:
        """Bring an account into view."""
        self._view.show_tab(self.views.accounts)
        self.accounts.show_address(address)

    def show_call(self, write_id: int) -> None:
        """Bring a recorded call into view."""
        self._view.show_tab(self.views.calls)
        self.calls.show_call(write_id)

    def show_events(self, found: Found) -> None:
        """List the events of something that was found."""
        self._view.show_tab(self.views.events)
        self.events.show_found(found)

    async def close(self) -> None:
        """Cancel what is under way; calls that were sent go on."""
        for part in (*self._lists, self.writes):
            await part.close()

    def _use_labels(self) -> None:
        book = self._core.address_book
        self.views.events.use_labels(book.label_of)
        self.views.contracts.use_labels(book.label_of, {each: book.label_of(each) or "" for each in book.known})
        self.views.accounts.use_labels(book.label_of)
        self.views.calls.use_labels(book.label_of)

    def _on_contract(self, address: str) -> None:
        self._view.show_tab(self.views.contracts)
        self.contracts.show_address(address)
