"""Runs the Transactions tab: pages of the chain or one block, and the transaction in focus with its trace."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.inspection.transactions import TransactionPage, TransactionPlace
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.inspection.reader import MORE, WORK, InspectionPresenter
from ipnft_desktop.ui.inspector.file_export import FileExport
from ipnft_desktop.ui.inspector.lists import TransactionsTab
from ipnft_desktop.ui.inspector.ports import Exports, Transactions
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.list_faces import Face

_LIST_FILE_NAME, _FILE_NAME = "transactions.csv", "transaction-{0}.json"

_DETAIL, _OPEN = "transaction detail", "transaction open"
_MOST_EMPTY_PAGES = 10
"""So many pages without a transaction are read in a row; the list then ends until somebody reads it anew."""


class TransactionsPresenter(InspectionPresenter):
    """New transactions are put before the first one while the list is that of the chain; what is in focus stays.
    `asset_requested` carries the id of an asset."""

    asset_requested = Signal(object)

    def __init__(self, view: TransactionsTab, transactions: Transactions, exports: Exports, events: AppEvents) -> None:
        super().__init__(view)
        self._view = view
        self._transactions = transactions
        self._exports = exports
        self._file = FileExport(view)
        self._block: int | None = None
        self._shown_block: int | None = None
        self._wanted_hash = ""
        """To be brought into focus once its block is listed."""
        self._shown_hash = ""
        view.height_changed.connect(self._on_height)
        view.current_changed.connect(self._on_current)
        view.table.paged.more_wanted.connect(self._on_more)
        view.export_requested.connect(self._on_export)
        view.panel.export_requested.connect(self._on_export_one)
        view.panel.retry_requested.connect(self._read_detail)
        view.panel.asset_requested.connect(self.asset_requested)
        events.block_arrived.connect(self.changed)

    def forget(self) -> None:
        """Show nothing of what was read."""
        self._block = self._shown_block = None
        self._wanted_hash = ""
        self._view.show_closed(Face.NO_ENVIRONMENT)

    def show_block(self, number: int) -> None:
        """List the transactions of this block."""
        self._view.show_height(number)
        self._on_height(number)

    def show_transaction(self, tx_hash: str) -> None:
        """List the block of this transaction, with it in focus."""
        if self._may_read:
            self.run(lambda: self._open(tx_hash), _OPEN)

    async def read(self) -> None:
        """The first page; what came since is put on top where only the chain went on."""
        block = self._block
        page = await (self._transactions.transactions_of(block) if block is not None else self._page(None))
        if not self._may_read or block != self._block:
            return
        newer = self._newer(page) if block is None and self._shown_block is None else None
        if newer is None:
            is_other = block != self._shown_block
            self._view.show_transactions(page.lines, is_whole=page.next_below is None)
            if is_other and page.lines:
                self._view.table.select(page.lines[0].tx_hash)
        elif newer:
            self._view.table.paged.put_first(page.lines[:newer])
            self._view.refresh_count()
        self._shown_block = block
        if self._wanted_hash and self._view.table.select(self._wanted_hash):
            self._wanted_hash = ""

    async def _page(self, below: TransactionPlace | None) -> TransactionPage:
        page = await self._transactions.transactions(below)
        for _ in range(_MOST_EMPTY_PAGES):
            if page.lines or page.next_below is None:
                return page
            page = await self._transactions.transactions(page.next_below)
        return page if page.lines else TransactionPage((), None)

    def _newer(self, page: TransactionPage) -> int | None:
        """How many of the page come before what is shown; None where that is not its beginning any more."""
        model = self._view.table.paged
        first = model.record_at(0)
        if first is None or first not in page.lines:
            return None
        newer = page.lines.index(first)
        shown = tuple(model.records[: len(page.lines) - newer])
        return newer if page.lines[newer:] == shown else None

    async def _read_more(self) -> None:
        model = self._view.table.paged
        last = model.last
        if last is None or self._shown_block is not None:
            return
        try:
            page = await self._page(last.place)
        except IpnftError:
            model.give_up()
            raise
        if self._may_read and model.last is last:
            model.add_page(page.lines, is_whole=page.next_below is None)
            self._view.refresh_count()

    async def _open(self, tx_hash: str) -> None:
        detail = await self._transactions.transaction(tx_hash)
        if not self._may_read:
            return
        if detail is None:
            self.notice.emit(self.tr("The chain has no such transaction."), Tone.WARN)
            return
        self._wanted_hash = tx_hash
        number = detail.transaction.line.place.block_number
        if self._view.table.select(tx_hash):
            self._wanted_hash = ""
        elif number == self._block:
            self.read_now()
        else:
            self.show_block(number)

    async def _show_detail(self) -> None:
        """Of the transaction in focus, whichever that is by then: first what it is, then what it did."""
        while self._may_read and (line := self._view.table.current) is not None:
            tx_hash = line.tx_hash
            try:
                detail = await self._transactions.transaction(tx_hash)
                if detail is not None and self._is_current(tx_hash):
                    self._view.panel.show_detail(detail)
                    trace = await self._transactions.trace(detail)
                    if self._is_current(tx_hash):
                        self._view.panel.show_trace(trace)
            except IpnftError as error:
                if self._may_read:
                    self._view.panel.show_error(error)
                return
            if self._is_current(tx_hash):
                self._shown_hash = tx_hash
                return

    def _is_current(self, tx_hash: str) -> bool:
        current = self._view.table.current
        return self._may_read and current is not None and current.tx_hash == tx_hash

    async def _export(self, sheet_format: SheetFormat, target: Path) -> None:
        told, block = self.tr("Writing the transactions"), self._shown_block
        count = await self._file.write(told, lambda work: self._exports.transactions(block, sheet_format, target, work))
        if count is not None:
            self.notice.emit(self.tr("%Ln transactions were written to {0}", "", count).format(target.name), Tone.OK)

    async def _export_one(self, sheet_format: SheetFormat, target: Path) -> None:
        detail, trace = self._view.panel.detail, self._view.panel.trace
        if detail is None:
            return
        told = self.tr("Writing the transaction")
        count = await self._file.write(
            told, lambda work: self._exports.transaction(detail, trace, sheet_format, target, work)
        )
        if count is not None:
            self.notice.emit(self.tr("The transaction was written to {0}").format(target.name), Tone.OK)

    def _on_height(self, height: int | None) -> None:
        if height != self._block:
            self._block = height
            self.read_now()

    def _on_current(self) -> None:
        line = self._view.table.current
        self._view.panel.show_line(line)
        if line is None:
            self._shown_hash = ""
        elif line.tx_hash != self._shown_hash:
            self._shown_hash = ""
            self._read_detail()

    def _read_detail(self) -> None:
        if self._may_read and not self._tasks.is_running(_DETAIL):
            self.run(self._show_detail, _DETAIL)

    def _on_more(self) -> None:
        if self._may_read:
            self.run(self._read_more, MORE)

    def _on_export(self) -> None:
        self._file.ask(_LIST_FILE_NAME, self.write)

    def write(self, sheet_format: SheetFormat, target: Path) -> None:
        """Write the file that was chosen for the list."""
        self.run(lambda: self._export(sheet_format, target), WORK)

    def _on_export_one(self) -> None:
        line = self._view.panel.line
        if line is not None:
            self._file.ask(_FILE_NAME.format(line.tx_hash[2:10]), self.write_one)

    def write_one(self, sheet_format: SheetFormat, target: Path) -> None:
        """Write the file that was chosen for the transaction in focus."""
        self.run(lambda: self._export_one(sheet_format, target), WORK)
