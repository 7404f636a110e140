"""Runs the Blocks tab: pages by height, what is in the block in focus, and what differs between two."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.inspection.blocks import BlockLine
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.inspection.reader import WORK
from ipnft_desktop.ui.inspection.turns import IsNewest
from ipnft_desktop.ui.inspector.list_presenter import ChainListPresenter
from ipnft_desktop.ui.inspector.lists import BlocksTab
from ipnft_desktop.ui.inspector.ports import Blocks, Exports

_FILE_NAME = "blocks.csv"

_COMPARE = "block compare"


class BlocksPresenter(ChainListPresenter[BlockLine]):
    """New blocks are put before the first one while the list begins at the newest; what is in focus stays.
    `transactions_requested` carries the height of a block, `transaction_requested` a hash."""

    transactions_requested = Signal(int)
    transaction_requested = Signal(str)

    def __init__(self, view: BlocksTab, blocks: Blocks, exports: Exports, events: AppEvents) -> None:
        super().__init__(view, view.table, view.table.paged, view.panel)
        self._view = view
        self._blocks = blocks
        self._exports = exports
        self._compared: tuple[BlockLine, int] | None = None
        """What is being compared."""
        view.export_requested.connect(self._on_export)
        view.opened.connect(self.transactions_requested)
        view.panel.transaction_requested.connect(self.transaction_requested)
        view.panel.retry_requested.connect(self.read_in_full)
        view.panel.compare_requested.connect(self._on_compare)
        events.block_arrived.connect(self.changed)

    async def read(self) -> None:
        """The first page; what came since is put on top where only the chain went on."""
        wanted = self._height
        page = await self._blocks.blocks(None if wanted is None else wanted + 1)
        if not self._may_read or wanted != self._height:
            return
        newer = self.newer(page.lines) if wanted is None and self._shown_height is None else None
        if newer is None:
            is_other = wanted != self._shown_height
            self._view.show_blocks(page.lines, is_whole=page.next_below is None)
            if is_other and page.lines:
                self._view.table.select(page.lines[0].block_hash)
        elif newer:
            self._view.table.paged.put_first(page.lines[:newer])
            self._view.refresh_count()
        self._shown_height = wanted

    async def read_more(self) -> None:
        """Those below the last one."""
        model = self._view.table.paged
        last = model.last
        if last is None:
            return
        page = await self._blocks.blocks(last.number)
        if self._may_read and model.last is last:
            model.add_page(page.lines, is_whole=page.next_below is None)
            self._view.refresh_count()

    async def read_line(self, line: BlockLine) -> bool:
        """Its header and its transactions."""
        block = await self._blocks.block(line.block_hash)
        page = await self._blocks.transactions_of(line.number)
        if not self.is_current(line):
            return True
        if block is None:
            self._view.panel.show_gone()
            return False
        self._view.panel.error_panel.clear()
        self._view.panel.show_detail(block, page.lines)
        return True

    async def _compare(self, line: BlockLine, other: int, is_newest: IsNewest) -> None:
        panel = self._view.panel
        panel.show_comparing(other)
        try:
            found = await self._blocks.compare(line.number, other)
        except IpnftError as error:
            if is_newest() and self.is_current(line):
                panel.show_not_compared()
                panel.show_error(error)
            return
        finally:
            if is_newest():
                self._compared = None
        if is_newest() and self.is_current(line):
            panel.error_panel.clear()
            panel.show_difference(found)

    def _on_compare(self, other: int) -> None:
        line = self._view.panel.line
        if self._may_read and line is not None and self._compared != (line, other):
            self._compared = line, other
            self.ask(lambda is_newest: self._compare(line, other, is_newest), _COMPARE)

    def _on_export(self) -> None:
        self._file.ask(_FILE_NAME, self.write)

    def write(self, sheet_format: SheetFormat, target: Path) -> None:
        """Write the blocks that are listed into the file that was chosen."""
        first = self._shown_height

        def done(count: int) -> str:
            return self.tr("%Ln blocks were written to {0}", "", count).format(target.name)

        self.run(
            lambda: self.write_file(
                self.tr("Writing the blocks"),
                lambda work: self._exports.blocks(first, sheet_format, target, work),
                done,
            ),
            WORK,
        )
