"""Plans what is ticked as soon as it is ticked, tries the plan on the chain, and puts it on record when asked to."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from ipnft_desktop.domain.assets import AssetQuery
from ipnft_desktop.domain.batch_plan import BatchPlan
from ipnft_desktop.domain.batch_runs import BatchRun
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError
from ipnft_desktop.domain.minting import MAX_BATCH_ITEMS
from ipnft_desktop.ui.batch.efficiency import efficiency_chart
from ipnft_desktop.ui.batch.omissions_dialog import OmissionsDialog
from ipnft_desktop.ui.batch.view import BatchView

_PAUSE_MS = 150
"""Ticks that follow each other are planned together."""
PLAN, COMMIT = "batch plan", "batch commit"
_NO_CHAIN = frozenset({ErrorCode.NODE_UNREACHABLE, ErrorCode.CHAIN_RESET, ErrorCode.CHAIN_MISMATCH})

Run = Callable[[Callable[[], Coroutine[Any, Any, None]], str], None]
"""Does something under a name for as long as the page lives, and tells where the list is what went wrong."""


class Planner(Protocol):
    """What the page needs of `services.batch_planner.BatchPlanner`."""

    async def plan(
        self, selection: Sequence[UUID], recipient: str | None = None, *, most_items: int = MAX_BATCH_ITEMS
    ) -> BatchPlan: ...
    async def simulate(self, plan: BatchPlan, goes_on: Callable[[int], bool] = ...) -> BatchPlan: ...
    async def mintable(self, query: AssetQuery) -> tuple[UUID, ...]: ...


class Committing(Protocol):
    """The part of `services.batch_runs.BatchRuns` that begins runs."""

    async def commit(self, plan: BatchPlan) -> BatchRun: ...


class Planning(QObject):
    """`begun` carries the `BatchRun` that was put on record.

    Each change makes another plan. An older one that comes late is dropped, and so is what the chain says of it.
    """

    begun = Signal(object)
    start_requested = Signal()

    def __init__(self, view: BatchView, planner: Planner, runs: Committing, run: Run) -> None:
        super().__init__(view)
        self._view = view
        self._planner = planner
        self._runs = runs
        self._run = run
        self._turn = 0
        self._is_tried = False
        self._plan: BatchPlan | None = None
        self._shown_run: BatchRun | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._begin)
        view.ticks.changed.connect(self.plan_soon)
        view.plan.changed.connect(self.plan_soon)
        view.plan.again_requested.connect(self.plan_soon)
        view.plan.start_requested.connect(self.start_requested)
        view.plan.omissions_requested.connect(self._on_omissions)
        view.mint_requested.connect(self._on_mint)
        self._chart_turn = QTimer(self)
        self._chart_turn.setSingleShot(True)
        self._chart_turn.setInterval(0)
        self._chart_turn.timeout.connect(self._draw_chart)
        self._draw_chart()

    @property
    def plan(self) -> BatchPlan | None:
        """What would be minted now."""
        return self._plan

    @property
    def is_tried(self) -> bool:
        """Whether the chain was asked about the plan that stands."""
        return self._is_tried

    @property
    def is_waiting(self) -> bool:
        """Whether a plan is about to be made."""
        return self._pause.isActive()

    def plan_soon(self) -> None:
        """Something is different: what stands is no plan any more."""
        self._turn += 1
        self._plan, self._is_tried = None, False
        self._view.show_mintable(0)
        if len(self._view.ticks):
            self._pause.start()
        else:
            self._pause.stop()
            self._show_plan(None)

    def show_run(self, run: BatchRun | None) -> None:
        """Mark what this batch saved beside what is expected."""
        self._shown_run = run
        self._show_chart()

    def stop(self) -> None:
        """Plan nothing any more."""
        self._turn += 1
        self._pause.stop()
        self._chart_turn.stop()

    def _begin(self) -> None:
        turn = self._turn
        if self._view.plan.is_recipient_good:
            self._run(lambda: self._make(turn), PLAN)
        else:
            self._show_plan(None)

    async def _make(self, turn: int) -> None:
        card = self._view.plan
        try:
            plan = await self._planner.plan(self._view.ticks.asset_ids, card.recipient, most_items=card.most_items)
        except IpnftError as error:
            if turn == self._turn:
                self._show_plan(None)
                card.show_error(error, can_start=False)
            return
        if turn != self._turn:
            return
        self._plan, self._is_tried = plan, False
        self._show_plan(plan)
        if plan.transactions:
            await self._try(plan, turn)

    async def _try(self, plan: BatchPlan, turn: int) -> None:
        """Ask the chain what it would say; nothing is sent, and nobody has to wait for it."""
        card, count = self._view.plan, len(plan.transactions)

        def goes_on(done: int) -> bool:
            if turn == self._turn:
                card.show_tried(self.tr("Trying it on the chain: {0} of {1}…").format(done, count))
            return turn == self._turn

        card.show_tried(self.tr("Trying it on the chain…"))
        try:
            tried = await self._planner.simulate(plan, goes_on)
        except EnvironmentFault as fault:
            if turn == self._turn:
                card.show_tried(self.tr("Not tried: the chain cannot be asked now."))
                if fault.code not in _NO_CHAIN:
                    card.show_error(fault, can_start=False)
            return
        except IpnftError as error:
            if turn == self._turn:
                card.show_tried("")
                card.show_error(error, can_start=False)
            return
        if turn == self._turn:
            self._plan, self._is_tried = tried, True
            self._show_plan(tried)
            if tried.transactions:
                card.show_tried(self.tr("Tried on the chain: what is planned would be minted."))

    def _show_plan(self, plan: BatchPlan | None) -> None:
        self._view.plan.show_plan(plan, len(self._view.ticks))
        self._view.show_mintable(0 if plan is None else plan.item_count)
        self._show_chart()

    def _show_chart(self) -> None:
        """In a turn of the loop of its own, for to draw it takes most of a frame."""
        self._chart_turn.start()

    def _draw_chart(self) -> None:
        chart = efficiency_chart(self._plan, self._shown_run)
        if chart.series != self._view.plan.chart.chart.series:
            self._view.plan.chart.set_chart(chart)

    def _on_mint(self) -> None:
        plan = self._plan
        if plan is not None and plan.transactions:
            self._turn += 1  # what is tried of it just now is of no use any more
            self._view.plan.show_tried("")
            self._view.show_minting(True)
            self._run(lambda: self._commit(plan), COMMIT)

    async def _commit(self, plan: BatchPlan) -> None:
        view = self._view
        try:
            run = await self._runs.commit(plan)
        except IpnftError as error:
            view.plan.show_error(error, can_start=error.code in _NO_CHAIN)
        else:
            items = (item.asset_id for transaction in plan.transactions for item in transaction.items)
            view.ticks.take_away([*items, *(omission.asset_id for omission in plan.omissions)])
            self.begun.emit(run)
        finally:
            view.show_minting(False)

    def _on_omissions(self) -> None:
        if self._plan is not None and self._plan.omissions:
            dialog = OmissionsDialog(self._plan.omissions, self._view.window())
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()
