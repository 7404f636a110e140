"""Verifies what the gallery lists or what is selected, one run at a time, and exports the verdicts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from ipnft_desktop.domain.assets import AssetQuery
from ipnft_desktop.domain.errors import IpnftError, with_code
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.bulk_verification import AssetVerdict, OnVerdicts
from ipnft_desktop.services.long_work import LongWork, WorkCancelled
from ipnft_desktop.ui.gallery.verdict_lines import lines_of
from ipnft_desktop.ui.gallery.verify_all_dialog import VerifyAllDialog
from ipnft_desktop.ui.gallery.view import GalleryView
from ipnft_desktop.ui.models.chosen_assets import ChosenAssets
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.file_dialogs import ask_where_to_save

_WORK, _TAKE_IN, _ARRANGE = "verify all", "take verdicts in", "arrange verdicts"
_TAKE_IN_MS = 300
"""Verdicts that come in together are shown together."""


class Verifier(Protocol):
    """What is needed of `services.bulk_verification.BulkVerification`."""

    async def verify(
        self, asset_ids: Sequence[UUID], work: LongWork, tell: OnVerdicts | None = None
    ) -> tuple[AssetVerdict, ...]: ...
    async def verify_listed(
        self,
        query: AssetQuery,
        work: LongWork,
        tell: OnVerdicts | None = None,
        spans: Sequence[tuple[int, int]] = (),
    ) -> tuple[AssetVerdict, ...]: ...


class VerdictExport(Protocol):
    """What is needed of `services.comparison_export.ComparisonExport`."""

    async def verdicts(
        self, verdicts: Sequence[AssetVerdict], sheet_format: SheetFormat, target: Path, work: LongWork
    ) -> int: ...


class VerifyAllPresenter(QObject):
    """`notice` is a short message with its `Tone`."""

    notice = Signal(str, object)

    def __init__(self, view: GalleryView, verifier: Verifier, exports: VerdictExport) -> None:
        super().__init__(view)
        self._view = view
        self._verifier = verifier
        self._exports = exports
        self._dialog: VerifyAllDialog | None = None
        self._work: LongWork | None = None
        self._chosen = ChosenAssets(AssetQuery(), 0)
        self._arrived: list[AssetVerdict] = []
        self._tasks = PageTasks(self._on_unexpected)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_TAKE_IN_MS)
        self._pause.timeout.connect(self._on_pause)
        view.verify_all_requested.connect(lambda: self.open(view.to_verify))

    @property
    def dialog(self) -> VerifyAllDialog | None:
        """The dialog that is open."""
        return self._dialog

    @property
    def is_working(self) -> bool:
        """Whether something is being verified or exported."""
        return self._tasks.is_running(_WORK)

    def open(self, chosen: ChosenAssets) -> None:
        """Verify these. A dialog that is open comes to the front instead, unless it is about others and done."""
        if self._dialog is not None:
            if self.is_working or chosen == self._chosen:
                self._dialog.raise_()
                self._dialog.activateWindow()
                return
            self._dialog.accept()
        self._chosen = chosen
        dialog = self._dialog = VerifyAllDialog(
            self._view.window(), count=chosen.count, is_selection=chosen.is_selection
        )
        dialog.model.arrangement_wanted.connect(self._on_arrangement_wanted)
        dialog.again_requested.connect(self._begin)
        dialog.stop_requested.connect(self._on_stop)
        dialog.export_requested.connect(self._on_export)
        dialog.card_requested.connect(self._view.card_requested)
        dialog.finished.connect(self._on_finished)
        # Made in one turn of the loop and shown in the next: together they would take longer than a frame.
        QTimer.singleShot(0, dialog, lambda: self._show(dialog))
        self._begin()

    def write(self, target: Path) -> None:
        """Write the verdicts to the file that was chosen."""
        dialog = self._dialog
        if dialog is not None:
            self._start(dialog, self.tr("Exporting"), lambda work: self._export(dialog, target, work))

    async def close(self) -> None:
        """Call off what is under way and close the dialog."""
        await self._tasks.close()
        if self._dialog is not None:
            self._dialog.done(VerifyAllDialog.DialogCode.Rejected)

    def _show(self, dialog: VerifyAllDialog) -> None:
        if dialog is self._dialog:
            dialog.show()

    def _begin(self) -> None:
        dialog = self._dialog
        if dialog is not None:
            self._arrived = []
            dialog.clear()
            self._start(dialog, self.tr("Verifying"), lambda work: self._verify(dialog, work))

    def _start(self, dialog: VerifyAllDialog, what: str, act: Callable[[LongWork], Coroutine[Any, Any, None]]) -> None:
        def show_share(share: float) -> None:
            if dialog is self._dialog:  # what is left of a closed one may be gone already
                dialog.progress.show_share(share)

        self._work = LongWork(show_share)
        dialog.show_work(what)
        self._tasks.start(self._as_long_as_open(dialog, act(self._work)), _WORK)

    async def _as_long_as_open(self, dialog: VerifyAllDialog, work: Coroutine[Any, Any, None]) -> None:
        """What ends after its dialog was closed has nobody to tell: another dialog may be open by then."""
        try:
            await work
        except (IpnftError, WorkCancelled) as end:
            if dialog is self._dialog:
                dialog.end_work()
                if isinstance(end, IpnftError):
                    dialog.show_error(end)

    async def _verify(self, dialog: VerifyAllDialog, work: LongWork) -> None:
        def tell(verdicts: Sequence[AssetVerdict]) -> None:
            if dialog is self._dialog:
                self._arrived += verdicts
                if not self._pause.isActive():
                    self._pause.start()

        chosen = self._chosen
        try:
            if chosen.asset_ids:
                await self._verifier.verify(chosen.asset_ids, work, tell)
            else:
                await self._verifier.verify_listed(chosen.query, work, tell, chosen.spans)
        except (IpnftError, WorkCancelled):
            await self._take_in_all(dialog)
            raise
        await self._take_in_all(dialog)
        if dialog is self._dialog:
            dialog.show_whole()

    async def _take_in_all(self, dialog: VerifyAllDialog) -> None:
        """What is still on its way into the table."""
        self._pause.stop()
        await self._tasks.wait(_TAKE_IN)
        await self._take_in(dialog)
        await self._tasks.wait(_ARRANGE)

    async def _take_in(self, dialog: VerifyAllDialog) -> None:
        arrived, self._arrived = self._arrived, []
        if arrived and dialog is self._dialog:
            lines = await asyncio.to_thread(lines_of, arrived)
            if dialog is self._dialog:
                dialog.add_lines(lines)

    async def _arrange(self) -> None:
        while (dialog := self._dialog) is not None and not dialog.model.is_arranged:
            arranged = await asyncio.to_thread(dialog.model.arrangement())
            if dialog is self._dialog:
                dialog.table.show_arranged(arranged)

    async def _export(self, dialog: VerifyAllDialog, target: Path, work: LongWork) -> None:
        ending = target.suffix.removeprefix(".").lower()
        try:
            count = await self._exports.verdicts(dialog.verdicts, SheetFormat(ending), target, work)
        except WorkCancelled:
            self.notice.emit(self.tr("The export was stopped; no file was written"), Tone.NEUTRAL)
            raise
        self.notice.emit(self.tr("%Ln verdicts were written to {0}", "", count).format(target.name), Tone.OK)
        if dialog is self._dialog:
            dialog.end_work()

    def _on_pause(self) -> None:
        if self._tasks.is_running(_TAKE_IN):
            self._pause.start()
        elif self._dialog is not None:
            self._tasks.start(self._take_in(self._dialog), _TAKE_IN)

    def _on_arrangement_wanted(self) -> None:
        # One at a time: it goes on until what is shown is what was wished for last.
        if self._dialog is not None and not self._tasks.is_running(_ARRANGE):
            self._tasks.start(self._arrange(), _ARRANGE)

    def _on_stop(self) -> None:
        if self._work is not None:
            self._work.cancel()

    def _on_export(self) -> None:
        def chosen(target: Path) -> None:
            known = target.suffix.removeprefix(".").lower() in [one.value for one in SheetFormat]
            self.write(target if known else target.with_name(f"{target.name}.csv"))

        files = ask_where_to_save(self._dialog or self._view, "verification.csv", chosen)
        files.setNameFilter(";;".join(f"{one.name} (*.{one.value})" for one in SheetFormat))

    def _on_finished(self) -> None:
        self._on_stop()
        self._pause.stop()
        self._arrived = []
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.deleteLater()

    def _on_unexpected(self, error: Exception) -> None:
        if self._dialog is not None:
            self._dialog.end_work()
            self._dialog.show_error(with_code(error))
