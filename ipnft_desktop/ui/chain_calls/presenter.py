"""Runs the Calls tab: pages of the record, taking a call back, export."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from ipnft_desktop.domain.contract_writes import ContractWrite, WriteState
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.long_work import LongWork, WorkCancelled
from ipnft_desktop.services.recorded_calls import CALLS_PAGE, CallFilter, CallLine, CallPage
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.chain_calls.view import CallsTab
from ipnft_desktop.ui.chain_calls.wording import outcome
from ipnft_desktop.ui.inspection.reader import MORE, WORK, InspectionPresenter
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.file_dialogs import ask_where_to_save
from ipnft_desktop.ui.widgets.list_faces import Face

_SHOW, _WITHDRAW = "call shown", "call taken back"


class Calls(Protocol):
    """What the tab needs of `services.recorded_calls.RecordedCalls`."""

    async def page(
        self, wanted: CallFilter, after: ContractWrite | None = None, limit: int = CALLS_PAGE
    ) -> CallPage: ...
    async def count(self, wanted: CallFilter) -> int: ...
    async def call(self, write_id: int) -> CallLine: ...
    async def export(self, wanted: CallFilter, sheet_format: SheetFormat, target: Path, work: LongWork) -> int: ...


class Writes(Protocol):
    """What the tab needs of `services.contract_writes.ContractWrites`."""

    async def withdraw(self, write_id: int) -> ContractWrite: ...


class CallsPresenter(InspectionPresenter):
    """Calls that come are put before the first one while the list begins there; what is in focus stays."""

    def __init__(self, view: CallsTab, calls: Calls, writes: Writes, access: Access, events: AppEvents) -> None:
        super().__init__(view)
        self._view = view
        self._calls = calls
        self._writes = writes
        self._shown: CallFilter | None = None
        self._export_work: LongWork | None = None
        access.guard(view.panel.withdraw_button, Permission.WRITE_CONTRACTS, view.panel.withdraw_button.refuse)
        view.filter_changed.connect(self.read_now)
        view.table.paged.more_wanted.connect(self._on_more)
        view.withdraw_confirmed.connect(self._on_withdraw)
        view.export_requested.connect(self._on_export)
        view.stop_requested.connect(self._on_stop)
        events.contract_write_changed.connect(self.changed)
        events.address_book_changed.connect(self.changed)
        events.block_arrived.connect(self._on_block)

    @property
    def is_working(self) -> bool:
        """Whether a file is being written, or a call is being taken back."""
        return super().is_working or self._tasks.is_running(_WITHDRAW)

    def forget(self) -> None:
        """Show nothing of what was read."""
        self._shown = None
        self._view.show_closed(Face.NO_ENVIRONMENT)

    def show_call(self, write_id: int) -> None:
        """Bring a call into focus, listed or not."""
        if self._may_read:
            self.run(lambda: self._show_call(write_id), _SHOW)

    async def read(self) -> None:
        """As many as are listed: how they stand changes with every block."""
        wanted = self._view.wanted
        is_same_list = wanted == self._shown
        limit = max(CALLS_PAGE, self._view.table.paged.rowCount()) if is_same_list else CALLS_PAGE
        page = await self._calls.page(wanted, None, limit)
        total = await self._calls.count(wanted)
        if self._may_read and wanted == self._view.wanted:
            self._view.show_page(page, total, is_same_list=is_same_list)
            self._shown = wanted

    async def _show_call(self, write_id: int) -> None:
        """In its place where that is near; else by what nothing else has, its hash."""
        line = await self._calls.call(write_id)
        if not self._may_read:
            return
        self._view.show_all()
        await self.read()
        if not self._view.table.select(write_id):
            self._view.narrow(line.write.tx_hash)
            await self.read()
            self._view.table.select(write_id)

    async def _read_more(self) -> None:
        model, wanted = self._view.table.paged, self._shown
        last = model.last
        if wanted is None or last is None:
            return
        try:
            page = await self._calls.page(wanted, last.write)
        except Exception:
            model.give_up()
            raise
        if self._may_read and wanted == self._shown and model.last is last:
            self._view.add_page(page)

    async def _withdraw(self, write_id: int) -> None:
        self._view.error_panel.clear()
        self._view.set_withdrawing(True)
        try:
            write = await self._writes.withdraw(write_id)
        finally:
            self._view.set_withdrawing(False)
            self.changed()
        self.notice.emit(*outcome(write))

    async def _export(self, sheet_format: SheetFormat, target: Path) -> None:
        told = self.tr("Writing the calls")
        self._view.show_work(told)
        work = self._export_work = LongWork(lambda share: self._view.show_work(told, share))
        try:
            count = await self._calls.export(self._view.wanted, sheet_format, target, work)
        except WorkCancelled:
            return
        finally:
            self._export_work = None
            self._view.show_work("")
        self.notice.emit(self.tr("%Ln calls were written to {0}", "", count).format(target.name), Tone.OK)

    def write(self, target: Path) -> None:
        """Write the file that was chosen."""
        ending = target.suffix.removeprefix(".").lower()
        if ending not in [one.value for one in SheetFormat]:
            target, ending = target.with_name(f"{target.name}.csv"), SheetFormat.CSV.value
        self.run(lambda: self._export(SheetFormat(ending), target), WORK)

    def _on_block(self) -> None:
        """Only what waits can be different."""
        if any(line.write.state is WriteState.WAITING for line in self._view.table.paged.records):
            self.changed()

    def _on_more(self) -> None:
        if self._may_read:
            self.run(self._read_more, MORE)

    def _on_withdraw(self, write_id: int) -> None:
        if not self.is_working:
            self.run(lambda: self._withdraw(write_id), _WITHDRAW)

    def _on_export(self) -> None:
        dialog = ask_where_to_save(self._view, "calls.csv", self.write)
        dialog.setNameFilter(";;".join(f"{one.name} (*.{one.value})" for one in SheetFormat))

    def _on_stop(self) -> None:
        if self._export_work is not None:
            self._export_work.cancel()
