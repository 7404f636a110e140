"""Follows one run to its end, and carries out what is wished of it: retry, cancel, export."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol
from uuid import UUID

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal

from ipnft_desktop.domain.batch_runs import (
    BatchRun,
    BatchStrategy,
    CancelResult,
    RetryFailedResult,
    RunItem,
    RunProgress,
)
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.minting import CLOSED_STAGES, MintProgress
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.ui.batch import words
from ipnft_desktop.ui.batch.planning import Run
from ipnft_desktop.ui.batch.run_tables import lines_of
from ipnft_desktop.ui.batch.view import BatchView
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.error_words import error_line
from ipnft_desktop.ui.widgets.file_dialogs import ask_where_to_save
from ipnft_desktop.ui.widgets.measures import short_local_time
from ipnft_desktop.ui.widgets.menu import Menu
from ipnft_desktop.ui.widgets.menu_line import add_line

FOLLOW, DECIDE, EXPORT, RECENT, ITEMS = (f"batch {part}" for part in ("follow", "decide", "export", "recent", "items"))
_RECENT = 20
_READ_AGAIN_MS = 500
"""Items that ended are read together: a run may have ten thousand of them."""


class Runs(Protocol):
    """What the page needs of `services.batch_runs.BatchRuns`."""

    async def run(self, run_id: UUID) -> BatchRun: ...
    async def items(self, run_id: UUID) -> tuple[RunItem, ...]: ...
    async def recent(self, after: None = None, limit: int = ...) -> tuple[BatchRun, ...]: ...
    async def outcome(self, run_id: UUID, on_progress: Callable[[RunProgress], None] = ...) -> BatchRun: ...
    async def retry_failed(self, run_id: UUID) -> RetryFailedResult: ...
    async def cancel_rest(self, run_id: UUID) -> CancelResult: ...


class RunExports(Protocol):
    """What the page needs of `services.run_item_export.RunItemExport`."""

    async def export(self, run_id: UUID, sheet_format: SheetFormat, target: Path, work: LongWork) -> int: ...


class Following(QObject):
    """`run_shown` carries the `BatchRun` as it was last read, or None; `notice` is a short message with its `Tone`."""

    run_shown = Signal(object)
    notice = Signal(str, object)

    def __init__(self, view: BatchView, runs: Runs, exports: RunExports, run: Run) -> None:
        super().__init__(view)
        self._view = view
        self._runs = runs
        self._exports = exports
        self._run = run
        self._run_id: UUID | None = None
        self._turn = self._reads = 0
        self._read_turn = -1
        """The turn whose run is on show."""
        self._following: asyncio.Future[BatchRun] | None = None
        self._open_batches: frozenset[UUID] = frozenset()
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_READ_AGAIN_MS)
        self._again.timeout.connect(self._on_again)
        card = view.result
        card.retry_requested.connect(self._on_retry)
        card.cancel_confirmed.connect(self._on_cancel)
        card.export_requested.connect(self._on_export)
        card.closed.connect(self.show_nothing)
        view.runs_requested.connect(self._on_runs)

    @property
    def run_id(self) -> UUID | None:
        """The run that is shown."""
        return self._run_id

    def show(self, run_id: UUID) -> None:
        """Show a run, and follow it while it is under way."""
        self.stop()
        turn, self._run_id = self._turn, run_id
        self._run(lambda: self._follow(run_id, turn), FOLLOW)

    def hear(self, progress: MintProgress) -> None:
        """A mint moves: of a run that had ended it may be one that is tried again."""
        run = self._view.result.run
        if run is None or run.is_open or self._read_turn != self._turn or progress.stage in CLOSED_STAGES:
            return
        if any(batch.job_id == progress.job_id for batch in run.batches):
            self.show(run.run_id)

    def show_nothing(self) -> None:
        """The result is not wanted any more; the run goes on."""
        self.stop()
        self._run_id = None
        self._view.result.error_panel.clear()
        self._view.show_result(False)
        self.run_shown.emit(None)

    def stop(self) -> None:
        """Follow nothing any more."""
        self._turn += 1
        self._again.stop()
        if self._following is not None:
            self._following.cancel()
            self._following = None

    async def _follow(self, run_id: UUID, turn: int) -> None:
        run = await self._read(run_id, turn)
        if run is None:
            return
        self._view.show_result(True)
        if not run.is_open:
            return

        def hear(progress: RunProgress) -> None:
            if turn == self._turn:
                self._hear(progress)

        self._following = asyncio.ensure_future(self._runs.outcome(run_id, hear))
        await self._following
        await self._read(run_id, turn)

    async def _read(self, run_id: UUID, turn: int) -> BatchRun | None:
        """Show what is on record; None where something else is shown meanwhile."""
        self._reads += 1
        number = self._reads
        run = await self._runs.run(run_id)
        items = await asyncio.to_thread(lines_of, await self._runs.items(run_id))
        if turn != self._turn or number != self._reads:  # two reads may end in the other order
            return None
        self._read_turn = turn
        card = self._view.result
        if run.is_open:
            card.show_run(run, items)
        else:
            self._again.stop()
            card.show_ended(run, items)
        self.run_shown.emit(run)
        return run

    def _hear(self, progress: RunProgress) -> None:
        self._view.result.show_progress(progress)
        still_open = frozenset(one.job_id for one in progress.batches if one.stage not in CLOSED_STAGES)
        if still_open != self._open_batches and progress.is_open and not self._again.isActive():
            self._again.start()  # some ended: their tokens and reasons are on record
        self._open_batches = still_open

    def _on_again(self) -> None:
        run_id, turn = self._run_id, self._turn

        async def read() -> None:
            if run_id is not None:
                await self._read(run_id, turn)

        self._run(read, ITEMS)

    # --- wishes ------------------------------------------------------------------------------------------------

    def _on_retry(self) -> None:
        self._run(self._retry, DECIDE)

    async def _retry(self) -> None:
        run_id = self._run_id
        if run_id is None:
            return
        self._view.result.error_panel.clear()
        try:
            result = await self._runs.retry_failed(run_id)
        except IpnftError as error:
            self.show(run_id)  # some of it may be tried again already
            self._view.result.show_error(error)
            return
        self.notice.emit(self.tr("%Ln assets are tried again.", "", result.retried), Tone.OK)
        for code, count in result.refused.items():
            told = self.tr("%Ln assets cannot be tried again: {0}", "", count).format(words.reason(code, ""))
            self.notice.emit(told, Tone.WARN)
        if run_id == self._run_id:
            self.show(run_id)

    def _on_cancel(self) -> None:
        self._run(self._cancel, DECIDE)

    async def _cancel(self) -> None:
        if self._run_id is None:
            return
        self._view.result.error_panel.clear()
        try:
            result = await self._runs.cancel_rest(self._run_id)
        except IpnftError as error:
            self._view.result.show_error(error)
        else:
            self.notice.emit(words.cancelled_text(result), Tone.NEUTRAL)

    def _on_export(self) -> None:
        name_filter = ";;".join(f"{one.name} (*.{one.value})" for one in SheetFormat)
        dialog = ask_where_to_save(self._view, "batch.csv", self.export_to)
        dialog.setNameFilter(name_filter)

    def export_to(self, target: Path) -> None:
        """Write the items of the run that is shown; without a known ending it becomes a CSV file."""
        run_id = self._run_id
        ending = target.suffix.removeprefix(".").lower()
        if ending not in [one.value for one in SheetFormat]:
            target, ending = target.with_name(f"{target.name}.csv"), SheetFormat.CSV.value
        if run_id is not None:
            self._run(lambda: self._export(run_id, SheetFormat(ending), target), EXPORT)

    async def _export(self, run_id: UUID, sheet_format: SheetFormat, target: Path) -> None:
        try:
            count = await self._exports.export(run_id, sheet_format, target, LongWork())
        except IpnftError as error:
            self.notice.emit(error_line(error), Tone.ERROR)
        else:
            self.notice.emit(self.tr("%Ln assets were written to {0}", "", count).format(target.name), Tone.OK)

    def _on_runs(self, at: QPoint) -> None:
        self._run(lambda: self._offer_runs(at), RECENT)

    async def _offer_runs(self, at: QPoint) -> None:
        menu = self.runs_menu(await self._runs.recent(None, _RECENT))
        menu.popup(at)

    def runs_menu(self, runs: Sequence[BatchRun]) -> Menu:
        """The latest batches, newest first; goes by itself when it is closed."""
        menu = Menu(self._view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for run in runs:
            parts = (
                short_local_time(run.requested_at),
                self.tr("%Ln assets", "", run.item_count),
                words.counts_text(run.counts),
                self.tr("gathered") if run.strategy is BatchStrategy.AUTOMATIC else "",
            )
            told = " · ".join(filter(None, parts))
            add_line(menu, told, lambda run_id=run.run_id: self.show(run_id))
        if not runs:
            menu.addAction(self.tr("No batch was minted yet")).setEnabled(False)
        return menu
