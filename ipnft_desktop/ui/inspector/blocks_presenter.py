"""Runs the Blocks tab: pages by height, what is in the block in focus, and what differs between two."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal

from ipnft_desktop.domain.errors import IpnftError, ValidationFailed
from ipnft_desktop.domain.inspection.blocks import BlockPage
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.inspection.reader import MORE, WORK, InspectionPresenter
from ipnft_desktop.ui.inspector.file_export import FileExport
from ipnft_desktop.ui.inspector.lists import BlocksTab
from ipnft_desktop.ui.inspector.ports import Blocks, Exports
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.list_faces import Face

_FILE_NAME = "blocks.csv"

_DETAIL, _COMPARE = "block detail", "block compare"


class BlocksPresenter(InspectionPresenter):
    """New blocks are put before the first one while the list begins at the newest; what is in focus stays.
    `transactions_requested` carries the height of a block, `transaction_requested` a hash."""

    transactions_requested = Signal(int)
    transaction_requested = Signal(str)

    def __init__(self, view: BlocksTab, blocks: Blocks, exports: Exports, events: AppEvents) -> None:
        super().__init__(view)
        self._view = view
        self._blocks = blocks
        self._exports = exports
        self._file = FileExport(view)
        self._from: int | None = None
        self._shown_from: int | None = None
        self._shown_hash = ""
        view.height_changed.connect(self._on_height)
        view.current_changed.connect(self._on_current)
        view.table.paged.more_wanted.connect(self._on_more)
        view.export_requested.connect(self._on_export)
        view.opened.connect(self.transactions_requested)
        view.panel.transaction_requested.connect(self.transaction_requested)
        view.panel.compare_requested.connect(self._on_compare)
        view.panel.retry_requested.connect(self._read_detail)
        events.block_arrived.connect(self.changed)

    def forget(self) -> None:
        """Show nothing of what was read."""
        self._from = self._shown_from = None
        self._view.show_closed(Face.NO_ENVIRONMENT)

    def show_block(self, number: int) -> None:
        """List from this block on downwards, with it in focus."""
        self._view.show_height(number)
        self._on_height(number)

    async def read(self) -> None:
        """The first page; what came since is put on top where only the chain went on."""
        wanted = self._from
        page = await self._blocks.blocks(None if wanted is None else wanted + 1)
        if not self._may_read or wanted != self._from:
            return
        newer = self._newer(page) if wanted is None and self._shown_from is None else None
        if newer is None:
            is_other = wanted != self._shown_from
            self._view.show_blocks(page.lines, is_whole=page.next_below is None)
            if is_other and page.lines:
                self._view.table.select(page.lines[0].block_hash)
        elif newer:
            self._view.table.paged.put_first(page.lines[:newer])
            self._view.refresh_count()
        self._shown_from = wanted

    def _newer(self, page: BlockPage) -> int | None:
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
        if last is None:
            return
        try:
            page = await self._blocks.blocks(last.number)
        except IpnftError:
            model.give_up()
            raise
        if self._may_read and model.last is last:
            model.add_page(page.lines, is_whole=page.next_below is None)
            self._view.refresh_count()

    async def _show_detail(self) -> None:
        """Of the block in focus, whichever that is by then."""
        while self._may_read and (line := self._view.table.current) is not None:
            try:
                block = await self._blocks.block(line.block_hash)
                page = await self._blocks.transactions_of(line.number)
            except IpnftError as error:
                if self._may_read:
                    self._view.panel.show_error(error)
                return
            if self._is_current(line.block_hash):
                self._shown_hash = line.block_hash
                self._view.panel.error_panel.clear()
                self._view.panel.show_detail(block, page.lines)
                return

    def _is_current(self, block_hash: str) -> bool:
        current = self._view.table.current
        return self._may_read and current is not None and current.block_hash == block_hash

    async def _compare(self, other: int) -> None:
        line = self._view.panel.line
        if line is None:
            return
        try:
            found = await self._blocks.compare(line.number, other)
        except ValidationFailed as error:
            self._view.panel.show_error(error)
            return
        if self._may_read and self._view.panel.shows(line):
            self._view.panel.show_difference(found)

    async def _export(self, sheet_format: SheetFormat, target: Path) -> None:
        told = self.tr("Writing the blocks")
        count = await self._file.write(told, lambda work: self._exports.blocks(sheet_format, target, work))
        if count is not None:
            self.notice.emit(self.tr("%Ln blocks were written to {0}", "", count).format(target.name), Tone.OK)

    def _on_height(self, height: int | None) -> None:
        if height != self._from:
            self._from = height
            self.read_now()

    def _on_current(self) -> None:
        line = self._view.table.current
        self._view.panel.show_line(line)
        if line is None:
            self._shown_hash = ""
        elif line.block_hash != self._shown_hash:
            self._read_detail()

    def _read_detail(self) -> None:
        if self._may_read and not self._tasks.is_running(_DETAIL):
            self.run(self._show_detail, _DETAIL)

    def _on_compare(self, other: int) -> None:
        if self._may_read and not self._tasks.is_running(_COMPARE):
            self.run(lambda: self._compare(other), _COMPARE)

    def _on_more(self) -> None:
        if self._may_read:
            self.run(self._read_more, MORE)

    def _on_export(self) -> None:
        self._file.ask(_FILE_NAME, self.write)

    def write(self, sheet_format: SheetFormat, target: Path) -> None:
        """Write the file that was chosen."""
        self.run(lambda: self._export(sheet_format, target), WORK)
