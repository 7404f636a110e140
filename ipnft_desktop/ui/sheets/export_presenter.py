"""Runs the export dialog."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.assets import AssetQuery
from ipnft_desktop.domain.errors import Defect, IpnftError
from ipnft_desktop.domain.searching import LISTED_MAX
from ipnft_desktop.services.asset_export import ExportWish
from ipnft_desktop.services.long_work import LongWork, WorkCancelled
from ipnft_desktop.ui.sheets.export_dialog import ExportDialog
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.file_dialogs import ask_where_to_save

_WORK = "export"


class Exporter(Protocol):
    """What the dialog needs of `services.asset_export.AssetExport`."""

    async def export(self, wish: ExportWish, target: Path, work: LongWork) -> int: ...


class ExportPresenter(QObject):
    """One export at a time; `notice` is a short message with its `Tone`."""

    notice = Signal(str, object)

    def __init__(self, page: QWidget, exporter: Exporter, view: Callable[[], tuple[AssetQuery, int]]) -> None:
        """`view` tells what the list shows, and how many assets that are."""
        super().__init__(page)
        self._page = page
        self._exporter = exporter
        self._view = view
        self._tasks = PageTasks(self._on_unexpected)
        self._dialog: ExportDialog | None = None
        self._work: LongWork | None = None

    @property
    def dialog(self) -> ExportDialog | None:
        """The dialog that is open."""
        return self._dialog

    def open(self) -> None:
        """Ask what to export; an export that is open comes to the front instead."""
        if self._dialog is not None:
            self._dialog.raise_()
            self._dialog.activateWindow()
            return
        query, count = self._view()
        if not count:
            self.notice.emit(self.tr("There is nothing in view to export."), Tone.WARN)
            return
        is_more = count > LISTED_MAX and (bool(query.text) or query.is_filtered)
        dialog = self._dialog = ExportDialog(LISTED_MAX if is_more else count, self._page.window(), is_more=is_more)
        dialog.export_requested.connect(lambda: self._on_export(dialog, query))
        dialog.stop_requested.connect(self._on_stop)
        dialog.finished.connect(self._on_finished)
        dialog.show()

    def write(self, dialog: ExportDialog, query: AssetQuery, target: Path) -> None:
        """Write the file that was chosen."""
        wish = ExportWish(query, dialog.columns, dialog.custom_fields.isChecked(), dialog.chosen_format)
        dialog.show_progress()
        self._tasks.start(self._export(dialog, wish, target), _WORK)

    async def close(self) -> None:
        """Call off what is under way and close the dialog."""
        await self._tasks.close()
        if self._dialog is not None:
            self._dialog.done(ExportDialog.DialogCode.Rejected)

    async def _export(self, dialog: ExportDialog, wish: ExportWish, target: Path) -> None:
        work = self._work = LongWork(dialog.progress.show_share)
        try:
            count = await self._exporter.export(wish, target, work)
        except WorkCancelled:
            dialog.show_form()
        except IpnftError as error:
            dialog.show_error(error)
        else:
            dialog.accept()
            self.notice.emit(self.tr("%Ln assets exported to {0}", "", count).format(target.name), Tone.OK)

    def _on_export(self, dialog: ExportDialog, query: AssetQuery) -> None:
        ending = dialog.chosen_format.value
        files = ask_where_to_save(dialog, f"assets.{ending}", lambda target: self.write(dialog, query, target))
        files.setDefaultSuffix(ending)

    def _on_stop(self) -> None:
        if self._work is not None:
            self._work.cancel()

    def _on_finished(self) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.deleteLater()

    def _on_unexpected(self, error: Exception) -> None:
        if self._dialog is not None:
            self._dialog.show_error(Defect(f"{type(error).__name__}: {error}"))
