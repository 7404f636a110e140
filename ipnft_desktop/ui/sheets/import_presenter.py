"""Runs the import dialog: reads, checks and stores, each so that it can be called off."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.asset_columns import ColumnUse
from ipnft_desktop.domain.errors import Defect, IpnftError
from ipnft_desktop.services.asset_import import ImportCheck, ImportReport, RowProblem, SheetSample
from ipnft_desktop.services.long_work import LongWork, WorkCancelled
from ipnft_desktop.ui.sheets.file_drop import SheetDrop
from ipnft_desktop.ui.sheets.import_dialog import ImportDialog
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.file_dialogs import ask_for_files, ask_where_to_save

_WORK = "import"
_STORED = 1.0


class Importer(Protocol):
    """What the dialog needs of `services.asset_import.AssetImport`."""

    async def open(self, file: Path, work: LongWork) -> SheetSample: ...
    async def check(self, sample: SheetSample, uses: Sequence[ColumnUse], work: LongWork) -> ImportCheck: ...
    async def apply(self, check: ImportCheck, work: LongWork) -> ImportReport: ...
    async def write_problems(self, problems: Sequence[RowProblem], target: Path, work: LongWork) -> None: ...


class ImportPresenter(QObject):
    """One import at a time; `notice` is a short message with its `Tone`."""

    notice = Signal(str, object)

    def __init__(self, page: QWidget, importer: Importer, is_ready: Callable[[], bool]) -> None:
        """`is_ready` tells whether there is a register to import into."""
        super().__init__(page)
        self._page = page
        self._importer = importer
        self._is_ready = is_ready
        self._tasks = PageTasks(self._on_unexpected)
        self._dialog: ImportDialog | None = None
        self._work: LongWork | None = None
        self._sample: SheetSample | None = None
        self._check: ImportCheck | None = None
        self._drop = SheetDrop(page, self.start, lambda: self._is_ready() and self._dialog is None)

    @property
    def dialog(self) -> ImportDialog | None:
        """The dialog that is open."""
        return self._dialog

    def ask_for_file(self) -> None:
        """Let the person choose a file; an import that is open comes to the front instead."""
        if self._dialog is not None and self._dialog.face is not None:
            self._dialog.raise_()
            self._dialog.activateWindow()
            return
        self._choose()

    def start(self, file: Path) -> None:
        """Begin with a file."""
        dialog = self._dialog or self._open_dialog()
        dialog.show_file(file.name)
        dialog.show_progress(self.tr("Reading the file…"), can_stop=True)
        self._run(lambda work: self._read(dialog, file, work), dialog, None)

    async def close(self) -> None:
        """Call off what is under way and close the dialog."""
        await self._tasks.close()
        self._forget_check()
        if self._dialog is not None:
            self._dialog.done(ImportDialog.DialogCode.Rejected)

    def _open_dialog(self) -> ImportDialog:
        dialog = self._dialog = ImportDialog(self._page.window())
        dialog.file_requested.connect(self._choose)
        dialog.check_requested.connect(self._on_check)
        dialog.import_requested.connect(self._on_import)
        dialog.back_requested.connect(self._on_back)
        dialog.stop_requested.connect(self._on_stop)
        dialog.save_requested.connect(self._on_save)
        dialog.finished.connect(self._on_finished)
        dialog.show()
        return dialog

    def _choose(self) -> None:
        ask_for_files(
            self._page,
            self.tr("Choose a spreadsheet"),
            lambda files: self.start(files[0]),
            name_filter=self.tr("Spreadsheets (*.csv *.tsv *.txt *.xlsx);;All files (*)"),
            several=False,
        )

    async def _read(self, dialog: ImportDialog, file: Path, work: LongWork) -> None:
        self._forget_check()
        self._sample = await self._importer.open(file, work)
        dialog.show_mapping(self._sample)

    async def _examine(self, dialog: ImportDialog, sample: SheetSample, work: LongWork) -> None:
        self._forget_check()
        self._check = await self._importer.check(sample, dialog.mapping.uses, work)
        dialog.show_check(self._check)

    async def _store(self, dialog: ImportDialog, check: ImportCheck, work: LongWork) -> None:
        report = await self._importer.apply(check, work)
        self._forget_check()
        dialog.show_done(report)

    async def _save(self, problems: Sequence[RowProblem], target: Path, work: LongWork) -> None:
        await self._importer.write_problems(problems, target, work)
        self.notice.emit(self.tr("Saved {0}").format(target.name), Tone.OK)

    def _run(
        self, step: Callable[[LongWork], Coroutine[Any, Any, None]], dialog: ImportDialog, back: QWidget | None
    ) -> None:
        """Do a step. Called off, it leads back to the face `back`, or out where there is none."""
        work = self._work = LongWork(lambda share: dialog.show_share(share, can_stop=share < _STORED))

        async def guarded() -> None:
            try:
                await step(work)
            except WorkCancelled:
                self._lead_back(dialog, back)
            except IpnftError as error:
                dialog.show_error(error, on=back)

        self._tasks.start(guarded(), _WORK)

    def _lead_back(self, dialog: ImportDialog, back: QWidget | None) -> None:
        if back is dialog.mapping:
            dialog.show_mapping()
        elif back is dialog.check and self._check is not None:
            dialog.show_check(self._check)
        else:
            dialog.done(ImportDialog.DialogCode.Rejected)

    def _forget_check(self) -> None:
        check, self._check = self._check, None
        if check is not None:
            check.close()

    def _on_check(self) -> None:
        dialog, sample = self._dialog, self._sample
        if dialog is not None and sample is not None:
            dialog.show_progress(self.tr("Checking the rows…"), can_stop=True)
            self._run(lambda work: self._examine(dialog, sample, work), dialog, dialog.mapping)

    def _on_import(self) -> None:
        dialog, check = self._dialog, self._check
        if dialog is not None and check is not None:
            dialog.show_progress(self.tr("Storing the assets…"), can_stop=True)
            self._run(lambda work: self._store(dialog, check, work), dialog, dialog.check)

    def _on_back(self) -> None:
        if self._dialog is not None:
            self._dialog.show_mapping()

    def _on_stop(self) -> None:
        if self._work is not None:
            self._work.cancel()

    def _on_save(self) -> None:
        dialog, check = self._dialog, self._check
        if dialog is None or check is None:
            return
        problems = check.problems
        ask_where_to_save(
            dialog,
            self.tr("problems.csv"),
            lambda target: self._run(lambda work: self._save(problems, target, work), dialog, dialog.check),
        )

    def _on_finished(self) -> None:
        dialog, self._dialog = self._dialog, None
        self._sample = None
        self._forget_check()
        if dialog is not None:
            dialog.deleteLater()

    def _on_unexpected(self, error: Exception) -> None:
        if self._dialog is not None:
            self._dialog.show_error(Defect(f"{type(error).__name__}: {error}"))
