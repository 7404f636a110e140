"""Opens previews of files: reads the bytes, has them drawn in a thread of their own, shows what came of it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.assets import Attachment
from ipnft_desktop.domain.errors import Defect, IpnftError
from ipnft_desktop.ui.previews import Kind, kind_of, make_preview, needed_bytes
from ipnft_desktop.ui.register.file_preview import FilePreviewDialog
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.widgets.measures import size_text

PATIENCE_S: Final = 20.0
"""A PDF can be made to take for ever; its thread is left to itself then."""


class FileSource(Protocol):
    """What previews need of `services.register.RegisterService`."""

    async def file_head(self, file: Attachment, most_bytes: int) -> bytes: ...


class FilePreviewPresenter(QObject):
    """One preview at a time; `save_requested` carries an `Attachment`."""

    save_requested = Signal(object)

    def __init__(self, host: QWidget, files: FileSource) -> None:
        super().__init__(host)
        self._host = host
        self._files = files
        self._tasks = PageTasks(self._on_unexpected)
        self._threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="previews")
        self._dialog: FilePreviewDialog | None = None

    @property
    def dialog(self) -> FilePreviewDialog | None:
        """The preview that is open."""
        return self._dialog

    def show(self, file: Attachment) -> None:
        """Open the preview of a file, in place of the one that is open."""
        if self._dialog is not None:
            self._dialog.reject()
        dialog = FilePreviewDialog(file, self._host.window())
        dialog.save_requested.connect(self.save_requested)
        dialog.finished.connect(lambda: self._on_finished(dialog))
        self._dialog = dialog
        dialog.open()
        self._tasks.start(self._fill(dialog), "file preview")

    async def close(self) -> None:
        """Give up what is under way and close the preview."""
        await self._tasks.close()
        if self._dialog is not None:
            self._dialog.reject()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _fill(self, dialog: FilePreviewDialog) -> None:
        file = dialog.file
        kind = kind_of(file.media_type)
        most_bytes = needed_bytes(kind)
        if kind is Kind.NONE:
            dialog.show_message(self.tr("Files of this kind have no preview. Save it to open it elsewhere."))
            return
        if kind is not Kind.TEXT and file.size_bytes > most_bytes:
            dialog.show_message(self.tr("Larger than {0}: too large for a preview.").format(size_text(most_bytes)))
            return
        try:
            data = await self._files.file_head(file, most_bytes)
        except IpnftError as error:
            if self._dialog is dialog:
                dialog.show_error(error)
            return
        making = asyncio.get_running_loop().run_in_executor(self._threads, make_preview, kind, data, dialog.view_size)
        try:
            preview = await asyncio.wait_for(making, PATIENCE_S)
        except TimeoutError:
            if self._dialog is dialog:
                dialog.show_message(self.tr("It takes too long to draw."))
            return
        if self._dialog is dialog:
            dialog.show_preview(preview)

    def _on_finished(self, dialog: FilePreviewDialog) -> None:
        dialog.deleteLater()
        if self._dialog is dialog:
            self._dialog = None

    def _on_unexpected(self, error: Exception) -> None:
        if self._dialog is not None:
            self._dialog.show_error(Defect(f"{type(error).__name__}: {error}"))
