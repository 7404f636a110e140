"""Verifies what the gallery lists, one run at a time, and exports the verdicts."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from ipnft_desktop.domain.assets import AssetQuery
from ipnft_desktop.domain.errors import IpnftError, with_code
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.bulk_verification import AssetVerdict
from ipnft_desktop.services.long_work import LongWork, WorkCancelled
from ipnft_desktop.ui.gallery.verify_all_dialog import VerifyAllDialog
from ipnft_desktop.ui.gallery.view import GalleryView
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.file_dialogs import ask_where_to_save

_WORK = "verify all"


class Verifier(Protocol):
    """What is needed of `services.bulk_verification.BulkVerification`."""

    async def verify_listed(self, query: AssetQuery, work: LongWork) -> tuple[AssetVerdict, ...]: ...


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
        self._query = AssetQuery()
        self._tasks = PageTasks(self._on_unexpected)
        view.verify_all_requested.connect(self.open)

    @property
    def dialog(self) -> VerifyAllDialog | None:
        """The dialog that is open."""
        return self._dialog

    @property
    def is_working(self) -> bool:
        """Whether something is being verified or exported."""
        return self._tasks.is_running(_WORK)

    def open(self) -> None:
        """Verify what is listed now; a dialog that is open comes to the front instead."""
        if self._dialog is not None:
            self._dialog.raise_()
            self._dialog.activateWindow()
            return
        self._query = self._view.query
        dialog = self._dialog = VerifyAllDialog(self._view.window())
        dialog.again_requested.connect(self._begin)
        dialog.stop_requested.connect(self._on_stop)
        dialog.export_requested.connect(self._on_export)
        dialog.card_requested.connect(self._view.card_requested)
        dialog.finished.connect(self._on_finished)
        dialog.show()
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

    def _begin(self) -> None:
        dialog = self._dialog
        if dialog is not None:
            self._start(dialog, self.tr("Verifying"), lambda work: self._verify(dialog, work))

    def _start(self, dialog: VerifyAllDialog, what: str, act: Callable[[LongWork], Coroutine[Any, Any, None]]) -> None:
        self._work = LongWork(dialog.progress.show_share)
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
        verdicts = await self._verifier.verify_listed(self._query, work)
        if dialog is self._dialog:
            dialog.show_verdicts(verdicts)

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
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.deleteLater()

    def _on_unexpected(self, error: Exception) -> None:
        if self._dialog is not None:
            self._dialog.end_work()
            self._dialog.show_error(with_code(error))
