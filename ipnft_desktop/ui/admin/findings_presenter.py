"""Runs the tab of the reconciliation: the last run, a new one, repairs with their preview, and the export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from ipnft_desktop.domain.reconciliation import UNDOABLE, Finding, ReconciliationRun
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.long_work import LongWork, WorkCancelled
from ipnft_desktop.services.repair_parts import RepairPreview
from ipnft_desktop.ui.admin.findings_tab import FindingsTab
from ipnft_desktop.ui.admin.repair_dialog import RepairDialog
from ipnft_desktop.ui.admin.tab_presenter import TabPresenter
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.cause_words import repair_name
from ipnft_desktop.ui.widgets.file_dialogs import ask_where_to_save
from ipnft_desktop.ui.widgets.toast import ToastStack


class Reconciler(Protocol):
    """What the tab needs of `services.reconciliation.Reconciliation`."""

    async def latest(self) -> ReconciliationRun | None: ...
    async def reconcile(self, work: LongWork) -> ReconciliationRun: ...


class Repairer(Protocol):
    """What the tab needs of `services.reconciliation_repairs.ReconciliationRepairs`."""

    async def preview(self, finding: Finding) -> RepairPreview: ...
    async def repair(self, finding: Finding, reason: str = "", file: Path | None = None) -> ReconciliationRun: ...
    async def undo(self, finding: Finding) -> ReconciliationRun: ...


class FindingExport(Protocol):
    """What the tab needs of `services.comparison_export.ComparisonExport`."""

    async def findings(
        self, findings: Sequence[Finding], sheet_format: SheetFormat, target: Path, work: LongWork
    ) -> int: ...


class FindingsPresenter(TabPresenter[Finding]):
    """Drives a `FindingsTab`."""

    def __init__(
        self,
        tab: FindingsTab,
        reconciler: Reconciler,
        repairer: Repairer,
        exports: FindingExport,
        toasts: ToastStack,
    ) -> None:
        super().__init__(tab, toasts)
        self._findings = tab
        self._reconciler = reconciler
        self._repairer = repairer
        self._exports = exports
        self._work: LongWork | None = None
        tab.run_requested.connect(lambda: self.run(self._reconcile))
        tab.stop_requested.connect(self._on_stop)
        tab.export_requested.connect(self._on_export)
        tab.repair_requested.connect(self._on_repair)

    @property
    def is_working(self) -> bool:
        """Whether a comparison or an export is under way."""
        return self._work is not None

    async def read(self) -> tuple[Finding, ...]:
        """What the last run found."""
        self._findings.show_run(await self._reconciler.latest())
        return self._findings.shown

    async def close(self) -> None:
        """Cancel what is under way."""
        self._on_stop()
        await super().close()

    async def _reconcile(self) -> None:
        work = self._begin(self.tr("Comparing"))
        try:
            run = await self._reconciler.reconcile(work)
        except WorkCancelled:
            self.toasts.show_toast(self.tr("The comparison was stopped; the last one stays"), Tone.NEUTRAL)
        else:
            self._findings.show_run(run)
        finally:
            self._end()

    async def _preview(self, finding: Finding) -> None:
        preview = await self._repairer.preview(finding)
        dialog = RepairDialog(preview, self.tab.window())

        async def repair() -> None:
            await self._repairer.repair(finding, dialog.reason, dialog.file)
            undo: Callable[[], object] | None = None
            if preview.repair in UNDOABLE:
                undo = lambda: self.run(lambda: self._repairer.undo(finding))  # noqa: E731
            self.tell_done(self.tr("Done: {0}").format(repair_name(preview.repair)), undo)

        self.open(dialog, repair, dialog.check)

    def _on_repair(self, finding: Finding) -> None:
        self.run(lambda: self._preview(finding))

    def _on_export(self) -> None:
        def chosen(target: Path) -> None:
            known = target.suffix.removeprefix(".").lower() in [one.value for one in SheetFormat]
            self.run(lambda: self._export(target if known else target.with_name(f"{target.name}.csv")))

        files = ask_where_to_save(self.tab, "findings.csv", chosen)
        files.setNameFilter(";;".join(f"{one.name} (*.{one.value})" for one in SheetFormat))

    async def _export(self, target: Path) -> None:
        work = self._begin(self.tr("Exporting"))
        ending = SheetFormat(target.suffix.removeprefix(".").lower())
        try:
            count = await self._exports.findings(self._findings.findings, ending, target, work)
        except WorkCancelled:
            self.toasts.show_toast(self.tr("The export was stopped; no file was written"), Tone.NEUTRAL)
        else:
            self.tell_done(self.tr("%Ln findings were written to {0}", "", count).format(target.name))
        finally:
            self._end()

    def _begin(self, what: str) -> LongWork:
        self._findings.show_work(what)
        self._work = work = LongWork(lambda share: self._findings.show_work(what, share))
        return work

    def _end(self) -> None:
        self._work = None
        self._findings.show_work("")

    def _on_stop(self) -> None:
        if self._work is not None:
            self._work.cancel()
