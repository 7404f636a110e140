"""Runs the Activity page: reads pages, follows running mints, hands the wishes on."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from ipnft_desktop.domain.errors import IpnftError, with_code
from ipnft_desktop.domain.events import AssetChanged, MintAdvanced
from ipnft_desktop.domain.mint_activity import (
    STAGES_OF,
    JobAnchor,
    JobCounts,
    JobDetail,
    JobGroup,
    JobPage,
    JobQuery,
    JobRow,
)
from ipnft_desktop.domain.minting import CLOSED_STAGES, AssetState, MintProgress, MintStage
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.long_work import LongWork, WorkCancelled
from ipnft_desktop.services.mint_activity import PAGE_SIZE
from ipnft_desktop.ui.activity.actions import JobWish, opens_card, opens_dialog
from ipnft_desktop.ui.activity.decisions import DECISIONS, Desk, JobDecisions, Retries
from ipnft_desktop.ui.activity.view import ActivityView
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.file_dialogs import ask_where_to_save

_LIST, _MORE, _COUNTS, _UNREAD, _DETAIL, _EXPORT = (
    f"activity {part}" for part in ("list", "more", "counts", "unread", "detail", "export")
)
_KEPT_ROWS = 500
"""As many rows are read again at once, so that the place in the list is kept."""
_UNREAD_MS, _COUNT_MS = 50, 500
"""Mints of the same moment are read together; numbers that change with each mint are read twice a second."""


class Activity(Retries, Protocol):
    """What the page needs of `services.mint_activity.MintActivity`."""

    async def page(self, query: JobQuery, after: JobAnchor | None = None, limit: int = PAGE_SIZE) -> JobPage: ...
    async def counts(self, query: JobQuery) -> JobCounts: ...
    async def rows_of(self, asset_ids: Sequence[UUID]) -> tuple[JobRow, ...]: ...
    async def detail(self, job_id: UUID) -> JobDetail: ...


class Exports(Protocol):
    """What the page needs of `services.activity_export.ActivityExport`."""

    async def export(self, query: JobQuery, sheet_format: SheetFormat, target: Path, work: LongWork) -> int: ...


class ActivityPresenter(QObject):
    """What other pages do is asked for by signals, each with the id of an asset: `watch_requested` for the dialog of a
    mint, `open_card_requested` and `open_asset_requested`. `notice` is a short message with its `Tone`.

    While the page is out of view it does nothing; what it missed is read when it comes into view again.
    """

    watch_requested = Signal(object)
    open_card_requested = Signal(object)
    open_asset_requested = Signal(object)
    notice = Signal(str, object)

    def __init__(self, view: ActivityView, activity: Activity, desk: Desk, exports: Exports, events: AppEvents) -> None:
        super().__init__(view)
        self._view = view
        self._activity = activity
        self._exports = exports
        self._tasks = PageTasks(self._on_unexpected)
        self._decisions = JobDecisions(view, desk, activity, self._run)
        self._unread: dict[UUID, None] = {}
        self._reads = 0
        self._meanwhile: dict[UUID, MintProgress] = {}
        self._has_environment = False
        self._is_signed_out = False
        self._is_closed = False
        self._is_listed = False
        self._is_stale = False
        self._stop: Callable[[], object] | None = None
        self._reading = self._timer(_UNREAD_MS, self._read_unread)
        self._counting = self._timer(_COUNT_MS, self._read_counts)
        self._again = self._timer(_COUNT_MS, self._read_again)
        self._connect_view()
        self._connect_events(events)

    @property
    def is_reading(self) -> bool:
        """Whether anything is being read, or is about to be."""
        timers = (self._reading, self._counting, self._again)
        return any(timer.isActive() for timer in timers) or any(
            map(self._tasks.is_running, (_LIST, _MORE, _COUNTS, _UNREAD, _DETAIL))
        )

    @property
    def is_working(self) -> bool:
        """Whether an export or a decision is being carried out."""
        return any(map(self._tasks.is_running, (_EXPORT, *DECISIONS)))

    def activate(self) -> None:
        """The page comes into view with an open register."""
        if not self._is_signed_out:
            self._view.table.setFocus()

    def reload(self) -> None:
        """The register is open and somebody is signed in: read the list anew; what is shown stays until it is here."""
        self._has_environment, self._is_signed_out = True, False
        self._unread.clear()
        if self._view.isVisible():
            self._run(self._read, _LIST)
        else:
            self._is_stale = True
            self._view.show_readable()

    def show_signed_out(self) -> None:
        """Nobody is signed in: everything goes at once, and nothing is read until `reload`."""
        self._is_signed_out, self._is_listed = True, False
        self._unread.clear()
        self._stop_timers()
        self._view.show_signed_out()

    def show_group(self, group: JobGroup) -> None:
        """List this part of the mints, whatever was looked for before."""
        self._view.apply_query(JobQuery(group))

    async def close(self) -> None:
        """Cancel what is under way."""
        self._is_closed = True
        self._stop_timers()
        self._decisions.stop()
        await self._tasks.close()

    # --- reading ------------------------------------------------------------------------------------------------

    async def _read(self) -> None:
        query = self._view.query
        is_same = query == self._view.model.query
        limit = max(PAGE_SIZE, min(self._view.model.rowCount(), _KEPT_ROWS)) if is_same else PAGE_SIZE
        with self._noting():
            page = await self._activity.page(query, None, limit)
            if query != self._view.query or self._is_signed_out:
                return  # a later answer is on the way
            self._is_listed, self._is_stale = True, False
            self._view.show_list(query, page)
            self._follow_shown(page.rows)
            self._catch_up()
        self._read_counts()

    async def _read_more(self) -> None:
        model = self._view.model
        query = model.query
        with self._noting():
            try:
                page = await self._activity.page(query, model.anchor)
            except IpnftError:
                model.give_up()
                raise
            if query == model.query and not self._is_signed_out:
                model.add_page(page)
                self._catch_up()

    async def _count(self) -> None:
        query = self._view.query
        counts = await self._activity.counts(query)
        if query == self._view.query and not self._is_signed_out:
            self._view.show_counts(counts)

    async def _read_rows(self, asset_ids: tuple[UUID, ...]) -> None:
        with self._noting():
            rows = await self._activity.rows_of(asset_ids)
            if not self._is_signed_out:
                self._view.model.put(rows)
                self._follow_shown(rows)
                self._catch_up()

    async def _show_detail(self, job_id: UUID) -> None:
        detail = await self._activity.detail(job_id)
        if not self._is_signed_out:
            self._view.panel.show_detail(detail)

    @contextmanager
    def _noting(self) -> Generator[None]:
        """While rows are read, what mints tell is kept: the rows may be older than that."""
        self._reads += 1
        try:
            yield
        finally:
            self._reads -= 1
            if not self._reads:
                self._meanwhile.clear()

    def _catch_up(self) -> None:
        for progress in tuple(self._meanwhile.values()):
            self._follow(progress)

    def _read_again(self) -> None:
        if self._is_readable:
            self.reload()

    def _read_counts(self) -> None:
        if self._is_readable:
            self._run(self._count, _COUNTS)

    def _read_unread(self) -> None:
        if not self._is_readable:
            return
        asset_ids, self._unread = tuple(self._unread), {}
        if self._view.query.text:
            self._soon(self._again)  # which of them match only the register knows
        elif asset_ids:
            self._run(lambda: self._read_rows(asset_ids), _UNREAD)

    def _show_current(self, row: JobRow | None) -> None:
        """Show a job beside the list, then all about it."""
        if row is not None:
            self._view.model.hold(row.job_id)
            self._view.panel.show_row(row)
            self._read_detail(row.job_id)

    def _follow_shown(self, rows: Sequence[JobRow]) -> None:
        """The job beside the list was read anew with others."""
        shown = self._view.panel.row
        self._show_current(next((row for row in rows if shown and row.job_id == shown.job_id), None))

    def _read_detail(self, job_id: UUID) -> None:
        self._run(lambda: self._show_detail(job_id), _DETAIL)

    # --- events -------------------------------------------------------------------------------------------------

    def _on_mint_advanced(self, event: MintAdvanced) -> None:
        if self._reads:
            self._meanwhile[event.progress.job_id] = event.progress
        if self._is_followed():
            self._follow(event.progress)

    def _follow(self, progress: MintProgress) -> None:
        is_known = self._view.model.apply(progress)
        shown, detail = self._view.panel.row, self._view.panel.detail
        self._view.panel.show_progress(progress)
        if shown is not None and shown.job_id == progress.job_id and _tells_more(progress, detail):
            self._read_detail(progress.job_id)
        if not is_known and self._may_belong(progress):
            # A new mint may supersede a former one of any of its assets.
            self._unread.update(dict.fromkeys(progress.asset_ids))
            self._soon(self._reading)
        self._soon(self._counting)

    def _may_belong(self, progress: MintProgress) -> bool:
        group, model = self._view.query.group, self._view.model
        is_of_group = progress.stage in STAGES_OF[group]
        if group is JobGroup.NEEDS_ATTENTION and progress.stage not in CLOSED_STAGES:
            is_of_group = progress.error is not None
        return (is_of_group or progress.stage is MintStage.REQUESTED) and model.belongs_here(progress)

    def _on_asset_changed(self, event: AssetChanged) -> None:
        """A draft may be one whose failed mint was reset."""
        if event.row.state is AssetState.DRAFT and self._is_followed():
            self._unread[event.row.asset_id] = None
            self._soon(self._reading)
            self._soon(self._counting)

    def _on_list_changed(self, _event: object) -> None:
        if self._is_followed():
            self._soon(self._again)

    def _is_followed(self) -> bool:
        """Whether somebody sees the list; otherwise it is read anew once they do."""
        self._is_stale = self._is_stale or not self._view.isVisible()
        return self._is_listed and self._is_readable and not self._is_stale

    def _soon(self, timer: QTimer) -> None:
        if not timer.isActive():
            timer.start()

    def _on_shown(self) -> None:
        if self._is_stale:
            self._read_again()

    # --- wishes -------------------------------------------------------------------------------------------------

    def _on_query_changed(self) -> None:
        self._read_again()

    def _on_current_changed(self, row: JobRow | None) -> None:
        if row is not None and (self._view.panel.row is None or row.job_id != self._view.panel.row.job_id):
            self._show_current(row)

    def _on_wish(self, wish: JobWish) -> None:
        row = self._view.panel.row
        if row is None:
            return
        match wish:
            case JobWish.OPEN if opens_card(row):
                self.open_card_requested.emit(row.asset_id)
            case JobWish.OPEN if opens_dialog(row):
                self.watch_requested.emit(row.asset_id)
            case JobWish.OPEN | JobWish.OPEN_ASSET:
                self.open_asset_requested.emit(row.asset_id)
            case JobWish.RETRY:
                self._decisions.retry(row)
            case JobWish.CANCEL:
                self._view.ask_cancel(row)

    def _on_export(self) -> None:
        name_filter = ";;".join(f"{one.name} (*.{one.value})" for one in SheetFormat)
        dialog = ask_where_to_save(self._view, "mints.csv", self._begin_export)
        dialog.setNameFilter(name_filter)

    def _begin_export(self, target: Path) -> None:
        ending = target.suffix.removeprefix(".").lower()
        if ending not in [one.value for one in SheetFormat]:
            target, ending = target.with_name(f"{target.name}.csv"), SheetFormat.CSV.value
        work = LongWork(lambda share: self._view.show_work(self.tr("Exporting…"), share))
        self._stop = work.cancel
        self._view.show_work(self.tr("Exporting…"))
        self._run(lambda: self._export(SheetFormat(ending), target, work), _EXPORT)

    async def _export(self, sheet_format: SheetFormat, target: Path, work: LongWork) -> None:
        try:
            count = await self._exports.export(self._view.query, sheet_format, target, work)
        except WorkCancelled:
            self.notice.emit(self.tr("The export was stopped; no file was written"), Tone.NEUTRAL)
        else:
            self.notice.emit(self.tr("%Ln mints were written to {0}", "", count).format(target.name), Tone.OK)
        finally:
            self._stop = None
            self._view.show_work("")

    def _on_stop(self) -> None:
        self._decisions.stop()
        if self._stop is not None:
            self._stop()

    # --- inside -------------------------------------------------------------------------------------------------

    @property
    def _is_readable(self) -> bool:
        return self._has_environment and not self._is_closed and not self._is_signed_out

    def _connect_view(self) -> None:
        view = self._view
        view.query_changed.connect(self._on_query_changed)
        view.reload_requested.connect(self._read_again)
        view.shown.connect(self._on_shown)
        view.model.more_wanted.connect(self._on_more)
        view.current_changed.connect(self._on_current_changed)
        view.wished.connect(self._on_wish)
        view.asset_requested.connect(self.open_asset_requested)
        view.export_requested.connect(self._on_export)
        view.stop_requested.connect(self._on_stop)
        self._decisions.notice.connect(self.notice)

    def _connect_events(self, events: AppEvents) -> None:
        events.mint_advanced.connect(self._on_mint_advanced)
        events.asset_changed.connect(self._on_asset_changed)
        events.asset_deleted.connect(self._on_list_changed)

    def _on_more(self) -> None:
        if self._is_readable:
            self._run(self._read_more, _MORE)

    def _timer(self, interval_ms: int, act: Callable[[], object]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval_ms)
        timer.timeout.connect(act)
        return timer

    def _stop_timers(self) -> None:
        for timer in (self._reading, self._counting, self._again):
            timer.stop()

    def _run(self, work: Callable[[], Coroutine[Any, Any, None]], name: str) -> None:
        """Do this, unless nobody is there any more; what it raises is told where the list is."""
        if self._is_closed or self._is_signed_out:
            return

        async def guarded() -> None:
            try:
                await work()
            except IpnftError as error:
                if not self._is_signed_out:
                    self._view.show_list_error(error)

        self._tasks.start(guarded(), name)

    def _on_unexpected(self, error: Exception) -> None:
        self._view.show_list_error(with_code(error))


def _tells_more(progress: MintProgress, detail: JobDetail | None) -> bool:
    """Whether the record says more now than what is shown: another attempt, stage or transaction."""
    if detail is None:
        return True
    job = detail.job
    block_number = job.mined.block_number if job.mined else None
    told = (progress.stage, progress.attempt, progress.transactions_signed, progress.block_number)
    return told != (job.stage, job.attempt, len(job.transactions), block_number)
