"""Runs the Batch page: lists what can be minted, ticks it, and has it planned, minted and followed."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from ipnft_desktop.domain.assets import AssetPage, AssetQuery
from ipnft_desktop.domain.batch_plan import MAX_PLANNED_ITEMS
from ipnft_desktop.domain.batch_runs import BatchRun, ItemOutcome, RunItem
from ipnft_desktop.domain.errors import IpnftError, with_code
from ipnft_desktop.domain.events import AssetChanged, AssetCreated, AssetDeleted, MintAdvanced
from ipnft_desktop.domain.minting import MINTABLE_STATES
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.batch.following import DECIDE, EXPORT, Following, RunExports, Runs
from ipnft_desktop.ui.batch.planning import COMMIT, Committing, Planner, Planning
from ipnft_desktop.ui.batch.view import BatchView
from ipnft_desktop.ui.charts.export import ChartExport
from ipnft_desktop.ui.register.filter_presenter import FilterKeeper, FilterPresenter, Owners
from ipnft_desktop.ui.register.list_loader import AssetLister, ListLoader
from ipnft_desktop.ui.register.row_text import tab_separated
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone

_TICK_ALL, _TOGGLE = "batch tick all", "batch toggle"
_COPIED_ROWS = 2_000


class Register(AssetLister, Owners, Protocol):
    """What the page needs of `services.register.RegisterService`."""


class BatchRunsOfPage(Runs, Committing, Protocol):
    """What the page needs of `services.batch_runs.BatchRuns`."""


@dataclass(frozen=True, slots=True)
class BatchPlace:
    """What a person has ticked and chosen, and the result they look at."""

    query: AssetQuery
    asset_ids: tuple[UUID, ...]
    recipient: str | None
    most_items: int
    run_id: UUID | None


class BatchPresenter(QObject):
    """What other pages do is asked for by signals: `open_card_requested` and `open_asset_requested` with the id of an
    asset, `start_requested` for the environment. `notice` is a short message with its `Tone`."""

    notice = Signal(str, object)
    open_card_requested = Signal(object)
    open_asset_requested = Signal(object)
    start_requested = Signal()

    def __init__(
        self,
        view: BatchView,
        register: Register,
        planner: Planner,
        runs: BatchRunsOfPage,
        exports: RunExports,
        filters: FilterKeeper,
        events: AppEvents,
    ) -> None:
        super().__init__(view)
        self._view = view
        self._planner = planner
        self._tasks = PageTasks(self._on_unexpected)
        self._has_environment = False
        self._is_signed_out = False
        self._stay = 0
        """Goes up when somebody leaves."""
        self._is_closed = False
        self._is_stale = False
        self._list = ListLoader(view.model, register, lambda: view.query, self._tasks, self)
        self._filters = FilterPresenter(view, filters, register, events, self._run)
        self.planning = Planning(view, planner, runs, self._run)
        self.following = Following(view, runs, exports, self._run)
        self._chart_export = ChartExport(view.plan.chart, self._tasks, "batch-saving")
        self._connect_view()
        self._connect_events(events)

    @property
    def is_working(self) -> bool:
        """Whether a batch is put on record, or something is decided or written."""
        return any(map(self._tasks.is_running, (COMMIT, DECIDE, EXPORT)))

    @property
    def place(self) -> BatchPlace:
        """Where the person is."""
        view = self._view
        return BatchPlace(
            view.query, view.ticks.asset_ids, view.plan.recipient, view.plan.most_items, self.following.run_id
        )

    def go_to(self, place: BatchPlace) -> None:
        """Bring the person back there."""
        self._view.plan.choose(place.recipient, place.most_items)
        self._view.ticks.add(place.asset_ids)
        if place.run_id is not None:
            self.following.show(place.run_id)

    def follows(self, event: MintAdvanced) -> bool:
        """Whether the person sees here what this mint comes to."""
        run = self._view.result.run
        if run is None or not self._view.result.isVisible():
            return False
        return any(batch.job_id == event.progress.job_id for batch in run.batches)

    def activate(self) -> None:
        """The page comes into view with an open register."""
        if self._is_signed_out:
            return
        if not self._list.is_listed or self._is_stale:
            self._list.reload()
        self._view.table.setFocus()

    def reload(self) -> None:
        """The register is open and somebody is signed in: ask for the list again once somebody looks."""
        self._has_environment, self._is_signed_out = True, False
        self._filters.refresh()
        if len(self._view.ticks):
            self.planning.plan_soon()  # there may be another chain, or one at all
        if self._view.isVisible():
            self._list.reload()
        else:
            self._is_stale = True

    def show_signed_out(self) -> None:
        """Nobody is signed in: everything goes at once, and nothing is asked for until `reload`."""
        self._is_signed_out = True
        self._stay += 1
        self._list.stop()
        self.planning.stop()
        self.following.show_nothing()
        self._view.show_signed_out()

    async def close(self) -> None:
        """Cancel what is under way."""
        self._is_closed = True
        self._list.stop()
        self.planning.stop()
        self.following.stop()
        self._filters.close()
        await self._tasks.close()

    # --- inside -------------------------------------------------------------------------------------------------

    def _connect_view(self) -> None:
        view = self._view
        view.query_changed.connect(self._on_reload_requested)
        view.reload_requested.connect(self._on_reload_requested)
        view.shown.connect(self._on_shown)
        view.tick_all_requested.connect(self._on_tick_all)
        view.copy_requested.connect(self._on_copy)
        view.toggle_requested.connect(self._on_toggle)
        view.result.asset_opened.connect(self._on_asset_opened)
        self._list.laid_out.connect(self._on_laid_out)
        self._list.failed.connect(view.show_list_error)
        self.planning.begun.connect(self._on_begun)
        self.planning.start_requested.connect(self.start_requested)
        self.following.run_shown.connect(self.planning.show_run)
        for part in (self.following, self._chart_export):
            part.notice.connect(self.notice)
        self._chart_export.failed.connect(view.show_list_error)

    def _connect_events(self, events: AppEvents) -> None:
        events.asset_created.connect(self._on_created)
        events.asset_changed.connect(self._on_changed)
        events.asset_deleted.connect(self._on_deleted)
        events.mint_advanced.connect(self._on_mint_advanced)
        for others in (events.assets_imported, events.enterprise_changed):
            others.connect(self._on_list_changed)
        events.enterprise_changed.connect(self._on_enterprise_changed)

    def _run(self, work: Callable[[], Coroutine[Any, Any, None]], name: str) -> None:
        """Do what was asked for; a failure is told where the list is, as long as somebody is there to read it."""
        if self._is_closed or self._is_signed_out:
            return

        async def guarded() -> None:
            try:
                await work()
            except IpnftError as error:
                if not self._is_signed_out:
                    self._view.show_list_error(error)

        self._tasks.start(guarded(), name)

    @property
    def _is_readable(self) -> bool:
        return self._has_environment and not self._is_closed and not self._is_signed_out

    def _on_reload_requested(self) -> None:
        if self._is_readable:
            self._list.reload()

    def _on_list_changed(self) -> None:
        if self._view.isVisible():
            self._on_reload_requested()
        else:
            self._is_stale = True

    def _on_enterprise_changed(self) -> None:
        if len(self._view.ticks):
            self.planning.plan_soon()  # its wallet may be another one

    def _on_shown(self) -> None:
        if self._is_readable and (self._is_stale or not self._list.is_listed):
            self._list.reload()

    def _on_laid_out(self, query: AssetQuery, count: int, first: AssetPage) -> None:
        self._is_stale = False
        self._view.show_list(query, count, first)

    def _on_tick_all(self) -> None:
        stay = self._stay
        self._run(lambda: self._tick_all(stay), _TICK_ALL)

    async def _tick_all(self, stay: int) -> None:
        before = self._view.ticks.asset_ids
        asset_ids = await self._planner.mintable(self._view.query)
        if stay != self._stay or before != self._view.ticks.asset_ids:
            return  # who left, or ticked or unticked meanwhile, does not want this any more
        fresh = [asset_id for asset_id in asset_ids if asset_id not in self._view.ticks]
        room = max(0, MAX_PLANNED_ITEMS - len(self._view.ticks))
        self._view.ticks.add(fresh[:room])
        if len(fresh) > room:
            told = self.tr("More than %Ln assets cannot be ticked at once.", "", MAX_PLANNED_ITEMS)
            self.notice.emit(told, Tone.WARN)
        elif not asset_ids:
            self.notice.emit(self.tr("Nothing that is listed can be minted by you."), Tone.WARN)

    def _on_toggle(self) -> None:
        self._run(self._toggle, _TOGGLE)

    async def _toggle(self) -> None:
        """Tick what is selected, loading first what is not here."""
        table, model = self._view.table, self._view.model
        while (loaded := model.want_rows(table.selected_spans())) is False:
            await self._list.load_pages()
        if loaded is None:
            told = self.tr("So many rows are not here at once: narrow the list and press “Tick all”.")
            self.notice.emit(told, Tone.WARN)
        else:
            table.toggle_selected()

    def _on_copy(self) -> None:
        rows = self._view.table.selected_rows(_COPIED_ROWS)
        if rows:
            QGuiApplication.clipboard().setText(tab_separated(rows))
            self.notice.emit(self.tr("%Ln rows copied", "", len(rows)), Tone.OK)

    def _on_begun(self, run: BatchRun) -> None:
        self.following.show(run.run_id)

    def _on_asset_opened(self, item: RunItem) -> None:
        if item.outcome is ItemOutcome.MINTED:
            self.open_card_requested.emit(item.asset_id)
        else:
            self.open_asset_requested.emit(item.asset_id)

    def _on_created(self, event: AssetCreated) -> None:
        if self._list.is_listed:
            self._view.model.apply_created(event.row)

    def _on_changed(self, event: AssetChanged) -> None:
        row = event.row
        if self._list.is_listed:
            self._view.model.apply_changed(row)
        if row.asset_id in self._view.ticks:
            if row.state in MINTABLE_STATES:
                self.planning.plan_soon()  # it was edited: what was planned is out of date
            else:
                self._view.ticks.take_away((row.asset_id,))

    def _on_deleted(self, event: AssetDeleted) -> None:
        if self._list.is_listed:
            self._view.model.apply_deleted(event.asset_id)
        self._view.ticks.take_away((event.asset_id,))

    def _on_mint_advanced(self, event: MintAdvanced) -> None:
        self._view.model.apply_progress(event.progress)
        self.following.hear(event.progress)

    def _on_unexpected(self, error: Exception) -> None:
        self._view.show_list_error(with_code(error))
