"""Runs the laboratory for its tab: follows the experiment under way, lists, exports and deletes what is kept."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from ipnft_desktop.domain.errors import IpnftError, ValidationFailed, with_code
from ipnft_desktop.domain.gas_laboratory import Experiment, LaboratoryResult, RunEnding
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.gas_laboratory import LaboratoryState, OnState
from ipnft_desktop.ui.charts.export import ChartExport
from ipnft_desktop.ui.gas.laboratory_tab import LaboratoryTab
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.file_dialogs import ask_where_to_save
from ipnft_desktop.ui.widgets.measures import local_time, seconds_text

_RUN, _LIST, _WORK = "laboratory run", "laboratory list", "laboratory work"


class Laboratory(Protocol):
    """What the tab needs of `services.gas_laboratory.GasLaboratory`."""

    @property
    def state(self) -> LaboratoryState | None: ...
    def observe(self, hear: OnState) -> Callable[[], None]: ...
    async def run(self, experiment: Experiment) -> LaboratoryResult: ...
    async def join(self) -> LaboratoryResult | None: ...
    async def cancel(self) -> None: ...
    async def list(self) -> Sequence[LaboratoryResult]: ...
    async def delete(self, result_id: str) -> None: ...
    async def export(self, result_id: str, target: Path, sheet_format: SheetFormat = SheetFormat.CSV) -> int: ...


class LaboratoryPresenter(QObject):
    """`notice` is a short message with its `Tone`. The experiment belongs to the service: made anew, the tab goes on
    following the one under way."""

    notice = Signal(str, object)

    def __init__(self, tab: LaboratoryTab, laboratory: Laboratory) -> None:
        super().__init__(tab)
        self._tab = tab
        self._laboratory = laboratory
        self._is_closed = self._is_signed_out = False
        self._is_stale = False
        self._wanted = ""
        self._tasks = PageTasks(self._on_unexpected)
        for chart, name in ((tab.panel.savings, "gas-savings"), (tab.panel.gas, "gas-per-token")):
            export = ChartExport(chart, self._tasks, name)
            export.notice.connect(self.notice)
            export.failed.connect(tab.panel.show_error)
        tab.form.run_requested.connect(self._on_run)
        tab.form.cancel_requested.connect(self._on_cancel)
        tab.reload_requested.connect(self.reload)
        tab.delete_confirmed.connect(self._on_delete)
        tab.panel.export_requested.connect(self._on_export)
        self._unobserve = laboratory.observe(self._on_state)
        self._follow_what_runs()
        if tab.isVisible():
            self.reload()

    @property
    def is_reading(self) -> bool:
        """Whether the results are being read."""
        return self._tasks.is_running(_LIST)

    def reload(self) -> None:
        """Read what is kept."""
        self._is_stale = True
        if not (self._is_closed or self._is_signed_out or self.is_reading):
            self._tasks.start(self._list(), _LIST)

    def show_signed_in(self) -> None:
        """Somebody may look again."""
        if self._is_signed_out:
            self._is_signed_out = False
            self._follow_what_runs()
            self.reload()

    def show_signed_out(self) -> None:
        """Nobody may look: what was listed goes."""
        self._is_signed_out = True
        self._tab.form.error_panel.clear()
        self._tab.form.show_state(None)
        self._tab.show_results(())

    async def close(self) -> None:
        """Stop following; the experiment goes on."""
        self._is_closed = True
        self._unobserve()
        await self._tasks.close()

    def _follow_what_runs(self) -> None:
        if self._laboratory.state is not None and not self._tasks.is_running(_RUN):
            self._on_state(self._laboratory.state)
            self._tasks.start(self._until_ended(self._laboratory.join), _RUN)

    async def _until_ended(self, follow: Callable[[], Coroutine[Any, Any, LaboratoryResult | None]]) -> None:
        try:
            result = await follow()
        except ValidationFailed as refused:
            self._tab.form.show_problems(refused.problems)
        except IpnftError as error:
            self._tab.show_error(error)
        else:
            if result is not None and not self._is_signed_out:
                self._show_end(result)
        finally:
            self._tab.form.show_state(None)

    def _show_end(self, result: LaboratoryResult) -> None:
        """What was measured is shown, whatever the end; an end without anything is told beside the form, one that
        nobody sees in a notice."""
        if result.measurements or result.deployments:
            self._wanted = result.result_id
            self.reload()
        elif result.failure is not None:
            self._tab.show_error(IpnftError(result.failure, result.failure_detail))
        if self._tab.isVisible() and result.measurements:
            return  # it is seen
        if result.ending is RunEnding.COMPLETE:
            took = seconds_text((result.ended_at - result.started_at).total_seconds(), 1)
            self.notice.emit(self.tr("The experiment is complete, after {0}").format(took), Tone.OK)
        elif result.ending is RunEnding.CANCELLED:
            self.notice.emit(self.tr("The experiment was cancelled; what was measured is kept"), Tone.NEUTRAL)

    async def _list(self) -> None:
        while self._is_stale:  # something may be kept while it is read
            self._is_stale = False
            try:
                results = await self._laboratory.list()
            except IpnftError as error:
                self._tab.show_error(error)
                return
            if not self._is_signed_out:
                wanted, self._wanted = self._wanted, ""
                self._tab.show_results(results, wanted)

    async def _cancel(self) -> None:
        try:
            await self._laboratory.cancel()
        except IpnftError as error:
            self._tab.show_error(error)
            self._tab.form.cancel_button.setEnabled(True)

    async def _delete(self, result: LaboratoryResult) -> None:
        try:
            await self._laboratory.delete(result.result_id)
        except IpnftError as error:
            self._tab.panel.show_error(error)
            return
        self.notice.emit(self.tr("The result of {0} was deleted").format(local_time(result.started_at)), Tone.OK)
        self.reload()

    async def _export(self, result: LaboratoryResult, target: Path, sheet_format: SheetFormat) -> None:
        try:
            count = await self._laboratory.export(result.result_id, target, sheet_format)
        except IpnftError as error:
            self._tab.panel.show_error(error)
        else:
            self.notice.emit(self.tr("%Ln measurements were written to {0}", "", count).format(target.name), Tone.OK)

    def _on_state(self, state: LaboratoryState | None) -> None:
        if state is not None and not self._is_signed_out:
            self._tab.form.show_state(state)

    def _on_run(self, experiment: Experiment) -> None:
        if not self._tasks.is_running(_RUN):
            self._tasks.start(self._until_ended(partial(self._laboratory.run, experiment)), _RUN)

    def _on_cancel(self) -> None:
        self._tasks.start(self._cancel(), _WORK)

    def _on_delete(self, result: LaboratoryResult) -> None:
        self._tasks.start(self._delete(result), _WORK)

    def _on_export(self) -> None:
        result = self._tab.list.current
        if result is None:
            return
        name = f"gas-{result.started_at.astimezone():%Y%m%d-%H%M}.csv"
        dialog = ask_where_to_save(self._tab, name, partial(self._begin_export, result))
        dialog.setNameFilter(";;".join(f"{one.name} (*.{one.value})" for one in SheetFormat))

    def _begin_export(self, result: LaboratoryResult, target: Path) -> None:
        ending = target.suffix.removeprefix(".").lower()
        if ending not in [one.value for one in SheetFormat]:
            target, ending = target.with_name(f"{target.name}.csv"), SheetFormat.CSV.value
        self._tasks.start(self._export(result, target, SheetFormat(ending)), _WORK)

    def _on_unexpected(self, error: Exception) -> None:
        self._tab.show_error(with_code(error))
