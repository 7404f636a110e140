"""Runs the Transactions tab: pages of the chain or one block, and the transaction in focus with its trace."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal

from ipnft_desktop.domain.inspection.blocks import BlockLine
from ipnft_desktop.domain.inspection.transactions import TransactionLine, TransactionPage, TransactionPlace
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.inspection.reader import WORK
from ipnft_desktop.ui.inspection.turns import IsNewest
from ipnft_desktop.ui.inspector.list_presenter import ChainListPresenter
from ipnft_desktop.ui.inspector.lists import TransactionsTab
from ipnft_desktop.ui.inspector.ports import Exports, Transactions
from ipnft_desktop.ui.theme.tokens import Tone

_LIST_FILE_NAME, _FILE_NAME = "transactions.csv", "transaction-{0}.json"

_OPEN = "transaction open"
_MOST_EMPTY_PAGES = 10
"""So many pages without a transaction are read in a row; further down is read when somebody asks for it."""
_BLOCKS_ABOVE = 50
"""So many new blocks are read by themselves; of more the list is read anew."""


class TransactionsPresenter(ChainListPresenter[TransactionLine]):
    """New transactions are put before the first one while the list is that of the chain; what is in focus stays.
    `asset_requested` carries the id of an asset."""

    asset_requested = Signal(object)

    def __init__(self, view: TransactionsTab, transactions: Transactions, exports: Exports, events: AppEvents) -> None:
        super().__init__(view, view.table, view.table.paged, view.panel)
        self._view = view
        self._transactions = transactions
        self._exports = exports
        self._head: BlockLine | None = None
        """The newest block whose transactions are listed; None while the list is that of one block."""
        self._is_anew = False
        """Somebody wishes all of it read again."""
        self._next_below: TransactionPlace | None = None
        """Where the list goes on."""
        self._wanted_hash = ""
        """To be brought into focus once its block is listed."""
        view.reload_requested.connect(self._on_reload)
        view.further_requested.connect(self._on_more)
        view.export_requested.connect(self._on_export)
        view.panel.export_requested.connect(self._on_export_one)
        view.panel.retry_requested.connect(self.read_in_full)
        view.panel.asset_requested.connect(self.asset_requested)
        events.block_arrived.connect(self.changed)

    def forget(self) -> None:
        """Show nothing of what was read."""
        self._head = self._next_below = None
        self._wanted_hash = ""
        super().forget()

    def show_transaction(self, tx_hash: str) -> None:
        """List the block of this transaction, with it in focus."""
        if self._may_read:
            self.ask(lambda is_newest: self._open(tx_hash, is_newest), _OPEN)

    async def read(self) -> None:
        """The first page; what came since is put on top where only the chain went on."""
        if self._height is not None:
            await self._read_block(self._height)
        elif self._is_anew or self._head is None or not await self._read_above(self._head):
            await self._read_chain()

    async def _read_block(self, number: int) -> None:
        page = await self._transactions.transactions_of(number)
        if not self._may_read or number != self._height:
            return
        is_other = number != self._shown_height
        self._head = self._next_below = None
        self._shown_height = number
        self._view.show_transactions(page.lines, is_whole=True)
        if self._wanted_hash and self._view.table.select(self._wanted_hash):
            self._wanted_hash = ""
        elif is_other and page.lines:
            self._view.table.select(page.lines[0].tx_hash)

    async def _read_chain(self) -> None:
        self._is_anew = False
        newest = (await self._transactions.blocks(None, 1)).lines
        head = newest[0] if newest else None
        page = await self._page(TransactionPlace(head.number + 1, 0) if head else None)
        if not self._may_read or self._height is not None:
            return
        is_other, newer = self._shown_height is not None, None
        if self._head is not None:
            newer = self.newer(page.lines)
        self._shown_height, self._head = None, head
        if newer is None:
            self._next_below = page.next_below
            self._view.show_transactions(page.lines, is_whole=page.next_below is None)
            if is_other and page.lines:
                self._view.table.select(page.lines[0].tx_hash)
        else:
            self._view.put_first(page.lines[:newer])
        self._tell_reach()

    async def _read_above(self, head: BlockLine) -> bool:
        """Put what came since on top; False where the block that was the newest is not found in its place."""
        blocks = (await self._transactions.blocks(None, _BLOCKS_ABOVE)).lines
        if head not in blocks:
            return False
        lines: list[TransactionLine] = []
        for block in blocks[: blocks.index(head)]:
            if block.transaction_count:
                lines += reversed((await self._transactions.transactions_of(block.number)).lines)
        if self._may_read and self._height is None and self._head is head:
            self._head = blocks[0]
            self._view.put_first(lines)
            self._tell_reach()
        return True

    async def read_more(self) -> None:
        """Those further down, through empty blocks for a bounded way."""
        model, below = self._view.table.paged, self._next_below
        if below is None:
            model.give_up()
            return
        page = await self._page(below)
        if self._may_read and self._next_below is below:
            self._next_below = page.next_below
            self._view.add_transactions(page.lines, is_whole=page.next_below is None)
            self._tell_reach()

    async def _page(self, below: TransactionPlace | None) -> TransactionPage:
        page = await self._transactions.transactions(below)
        for _ in range(_MOST_EMPTY_PAGES):
            if page.lines or page.next_below is None:
                break
            page = await self._transactions.transactions(page.next_below)
        return page

    def _tell_reach(self) -> None:
        """Behind the last line there may be empty blocks that were looked through."""
        below, last = self._next_below, self._view.table.paged.last
        if below is None or self._head is None:
            self._view.show_reach(0, 0)
            return
        highest = self._head.number if last is None else last.place.block_number - 1
        empty_blocks = highest + 1 - below.block_number
        if empty_blocks > 0:
            self._view.table.paged.rest()
        self._view.show_reach(empty_blocks, below.block_number)

    async def _open(self, tx_hash: str, is_newest: IsNewest) -> None:
        height = self._height
        detail = await self._transactions.transaction(tx_hash)
        if not self._may_read or not is_newest() or self._height != height:
            return
        if detail is None:
            self.notice.emit(self.tr("The chain has no such transaction."), Tone.WARN)
            return
        self._wanted_hash = tx_hash
        number = detail.transaction.line.place.block_number
        if self._view.table.select(tx_hash):
            self._wanted_hash = ""
        elif number == self._height:
            self.read_now()
        else:
            self.show_block(number)

    async def read_line(self, line: TransactionLine) -> bool:
        """First what it is, then what it did."""
        detail = await self._transactions.transaction(line.tx_hash)
        if not self.is_current(line):
            return True
        if detail is None:
            self._view.panel.show_gone()
            return False
        self._view.panel.show_detail(detail)
        trace = await self._transactions.trace(detail)
        if self.is_current(line):
            self._view.panel.show_trace(trace)
        return True

    def _on_reload(self) -> None:
        self._is_anew = True

    def _on_export(self) -> None:
        self._file.ask(_LIST_FILE_NAME, self.write)

    def write(self, sheet_format: SheetFormat, target: Path) -> None:
        """Write the file that was chosen for the list."""
        block = self._shown_height

        def done(count: int) -> str:
            return self.tr("%Ln transactions were written to {0}", "", count).format(target.name)

        self.run(
            lambda: self.write_file(
                self.tr("Writing the transactions"),
                lambda work: self._exports.transactions(block, sheet_format, target, work),
                done,
            ),
            WORK,
        )

    def _on_export_one(self) -> None:
        line = self._view.panel.line
        if line is not None:
            self._file.ask(_FILE_NAME.format(line.tx_hash[2:10]), self.write_one)

    def write_one(self, sheet_format: SheetFormat, target: Path) -> None:
        """Write the file that was chosen for the transaction in focus."""
        detail, trace = self._view.panel.detail, self._view.panel.trace
        if detail is None:
            return
        self.run(
            lambda: self.write_file(
                self.tr("Writing the transaction"),
                lambda work: self._exports.transaction(detail, trace, sheet_format, target, work),
                lambda _count: self.tr("The transaction was written to {0}").format(target.name),
            ),
            WORK,
        )
