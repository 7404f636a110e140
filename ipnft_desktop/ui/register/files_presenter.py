"""What is done with the files of assets on the Register page: looked at, saved elsewhere, dropped on an asset."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, QPoint, Signal

from ipnft_desktop.domain.assets import Asset, Attachment
from ipnft_desktop.domain.minting import EDITABLE_STATES
from ipnft_desktop.ui.register.form_presenter import AssetFormPresenter
from ipnft_desktop.ui.register.preview_presenter import FilePreviewPresenter, FileSource
from ipnft_desktop.ui.register.view import RegisterView
from ipnft_desktop.ui.sheets.file_drop import is_sheet
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.file_dialogs import ask_where_to_save
from ipnft_desktop.ui.widgets.file_drop import FileDrop
from ipnft_desktop.ui.widgets.list_faces import Face

Run = Callable[[Callable[[], Coroutine[Any, Any, None]], str], None]
"""Does work as a task of the page and tells its failure there."""


class FileRegister(FileSource, Protocol):
    """What is needed of `services.register.RegisterService`."""

    async def asset(self, asset_id: UUID) -> Asset: ...
    async def export_file(self, file: Attachment, target: Path) -> None: ...


class AssetFilesPresenter(QObject):
    """`notice` is a short message with its `Tone`."""

    notice = Signal(str, object)

    def __init__(self, view: RegisterView, register: FileRegister, form: AssetFormPresenter, run: Run) -> None:
        super().__init__(view)
        self._view = view
        self._register = register
        self._form = form
        self._run = run
        self.previews = FilePreviewPresenter(view, register)
        files = view.panel.attachments
        view.panel.save_requested.connect(self._on_save)
        files.preview_requested.connect(self.previews.show)
        files.copied.connect(lambda: self.notice.emit(self.tr("Copied"), Tone.OK))
        self.previews.save_requested.connect(self._on_save)
        FileDrop(view.panel).dropped.connect(self._on_dropped_on_panel)
        # One spreadsheet in the list is imported, see `ui/sheets`; beside the list it is attached like any file.
        FileDrop(view.table.viewport(), lambda files: not is_sheet(files)).dropped.connect(self._on_dropped_on_row)

    async def close(self) -> None:
        """Close what is open."""
        await self.previews.close()

    async def _save(self, file: Attachment, target: Path) -> None:
        await self._register.export_file(file, target)
        self.notice.emit(self.tr("Saved {0}").format(target.name), Tone.OK)

    async def _attach(self, asset_id: UUID, files: Sequence[Path]) -> None:
        asset = await self._register.asset(asset_id)
        if self._view.face is Face.SIGNED_OUT:
            return  # who asked for it has left
        if asset.state in EDITABLE_STATES:
            self._form.edit(asset, files)
        else:
            self.notice.emit(self.tr("The files of “{0}” cannot be changed any more.").format(asset.name), Tone.WARN)

    def _on_save(self, file: Attachment) -> None:
        ask_where_to_save(
            self._view, file.file_name, lambda target: self._run(lambda: self._save(file, target), "register export")
        )

    def _on_dropped_on_panel(self, files: Sequence[Path], _at: QPoint) -> None:
        asset_id = self._view.panel.asset_id
        if asset_id is not None:
            self._on_dropped(asset_id, files, self._view.panel.edit_button.refusal)

    def _on_dropped_on_row(self, files: Sequence[Path], at: QPoint) -> None:
        index = self._view.table.indexAt(at)
        row = self._view.model.row_at(index.row()) if index.isValid() else None
        if row is not None:
            self._view.table.select_asset(row.asset_id)
            self._on_dropped(row.asset_id, files, self._view.edit_refusal(row))

    def _on_dropped(self, asset_id: UUID, files: Sequence[Path], refusal: str) -> None:
        if refusal:
            self.notice.emit(refusal, Tone.WARN)
        else:
            self._run(lambda: self._attach(asset_id, files), "register attach")
