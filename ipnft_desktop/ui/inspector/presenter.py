"""Runs what the tabs of the Chain page share: the field that finds everything, and the ways from one to another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from ipnft_desktop.domain.errors import IpnftError, ValidationFailed, with_code
from ipnft_desktop.domain.inspection.finding import Found, FoundKind
from ipnft_desktop.ui.inspection.turns import IsNewest, Turns
from ipnft_desktop.ui.inspector.blocks_presenter import BlocksPresenter
from ipnft_desktop.ui.inspector.ports import Search
from ipnft_desktop.ui.inspector.transactions_presenter import TransactionsPresenter
from ipnft_desktop.ui.inspector.view import WITH_EVENTS, ChainFace, ChainView
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.error_words import error_line
from ipnft_desktop.ui.widgets.list_faces import Face

_FIND = "chain find"


class ChainPresenter(QObject):
    """`notice` is a short message with its `Tone`, `address_requested` carries an address that somebody wants to see,
    `events_requested` a `Found` whose events are wanted, `asset_requested` the id of an asset.

    What was found is shown where it is told in full; while the events are in view, its events are listed there.
    """

    notice = Signal(str, object)
    address_requested = Signal(str)
    events_requested = Signal(object)
    asset_requested = Signal(object)

    def __init__(
        self,
        view: ChainView,
        search: Search,
        blocks: BlocksPresenter,
        transactions: TransactionsPresenter,
        *,
        is_on_events: Callable[[], bool] = lambda: False,
    ) -> None:
        """`is_on_events` answers whether the list of events is in view."""
        super().__init__(view)
        self._is_on_events = is_on_events
        self._view = view
        self._search = search
        self.blocks = blocks
        self.transactions = transactions
        self._tasks = PageTasks(self._on_unexpected)
        self._turns = Turns()
        self._is_readable = False
        view.find_requested.connect(self.find)
        view.found_chosen.connect(self._on_chosen)
        view.events_chosen.connect(self.events_requested)
        blocks.transactions_requested.connect(self._on_transactions)
        blocks.transaction_requested.connect(self.show_transaction)
        transactions.asset_requested.connect(self.asset_requested)
        for part in (blocks, transactions):
            part.notice.connect(self.notice)

    @property
    def is_working(self) -> bool:
        """Whether a file is being written."""
        return self.blocks.is_working or self.transactions.is_working

    def reload(self) -> None:
        """The register is open and somebody is signed in."""
        self._is_readable = True
        self._view.show_face(ChainFace.TABS)
        self.blocks.reload()
        self.transactions.reload()

    def show_closed(self, face: ChainFace) -> None:
        """There is no environment, or nobody is signed in: everything goes at once."""
        self._is_readable = False
        self._turns.end_all()
        listed = Face.SIGNED_OUT if face is ChainFace.SIGNED_OUT else Face.NO_ENVIRONMENT
        for part in (self.blocks, self.transactions):
            part.show_closed(listed)
        self._view.show_face(face)

    def find(self, text: str) -> None:
        """Show what a text stands for, or say that it stands for nothing."""
        if text.strip() and self._is_readable:
            self._ask(partial(self._find, text))

    def show_found(self, found: Found) -> None:
        """Show what was found; what is still sought leads nowhere any more."""
        self._turns.end_all()
        match found.kind:
            case FoundKind.BLOCK:
                self._view.show_tab(self._view.blocks)
                self.blocks.show_block(found.block_number or 0)
            case FoundKind.TRANSACTION:
                self.show_transaction(found.tx_hash)
            case FoundKind.ADDRESS:
                self.address_requested.emit(found.address)
            case FoundKind.TOKEN if found.tx_hash:
                self.show_transaction(found.tx_hash)
            case FoundKind.TOKEN if found.asset_id is not None:
                self.show_mint_of(found.asset_id)
            case _:
                pass

    def show_transaction(self, tx_hash: str) -> None:
        """Show a transaction in full."""
        self._turns.end_all()
        self._view.show_tab(self._view.transactions)
        self.transactions.show_transaction(tx_hash)

    def show_mint_of(self, asset_id: UUID) -> None:
        """Show the transaction that minted an asset's token."""
        if self._is_readable:
            self._ask(partial(self._show_mint, asset_id))

    async def close(self) -> None:
        """Cancel what is under way."""
        await self._tasks.close()
        for part in (self.blocks, self.transactions):
            await part.close()

    async def _find(self, text: str, is_newest: IsNewest) -> None:
        try:
            found = await self._search.find(text)
        except ValidationFailed as error:
            if is_newest():
                self.notice.emit(error_line(error), Tone.WARN)
            return
        if not is_newest():
            return
        if not found:
            self.notice.emit(self.tr("Nothing on this chain is called “{0}”.").format(text.strip()), Tone.WARN)
        elif len(found) == 1 and (self._is_on_events() or found[0].kind not in WITH_EVENTS):
            self._on_chosen(found[0])
        else:
            self._view.choose(found, with_events=not self._is_on_events())

    async def _show_mint(self, asset_id: UUID, is_newest: IsNewest) -> None:
        tx_hash = await self._search.mint_of(asset_id)
        if not is_newest():
            return
        if tx_hash is None:
            self.notice.emit(self.tr("The chain has no token of this asset."), Tone.WARN)
        else:
            self.show_transaction(tx_hash)

    def _ask(self, question: Callable[[IsNewest], Awaitable[None]]) -> None:
        """One is sought at a time: the newest; sign-out ends it, too."""
        self._tasks.start(self._guarded(question, self._turns.begin(_FIND)), _FIND)

    async def _guarded(self, question: Callable[[IsNewest], Awaitable[None]], is_newest: IsNewest) -> None:
        try:
            await question(is_newest)
        except IpnftError as error:
            if is_newest():
                self.notice.emit(error_line(error), Tone.ERROR)

    def _on_chosen(self, found: Found) -> None:
        if self._is_on_events():
            self.events_requested.emit(found)
        else:
            self.show_found(found)

    def _on_transactions(self, number: int) -> None:
        self._turns.end_all()
        self._view.show_tab(self._view.transactions)
        self.transactions.show_block(number)

    def _on_unexpected(self, error: Exception) -> None:
        self.notice.emit(error_line(with_code(error)), Tone.ERROR)
