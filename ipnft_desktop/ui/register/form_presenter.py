"""Opens the asset form, stores what it says, and shows what was refused."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Protocol
from uuid import UUID

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.asset_changes import Side, contents_of, differences, merge
from ipnft_desktop.domain.assets import Asset, AssetDraft, Attachment, Enterprise
from ipnft_desktop.domain.errors import ErrorCode, IpnftError, ValidationFailed, with_code
from ipnft_desktop.services.asset_files import FileToAttach, OnFileProgress
from ipnft_desktop.ui.pictures import decode_cover, picture_bytes, round_corners
from ipnft_desktop.ui.register.asset_form import AssetForm
from ipnft_desktop.ui.register.conflict_dialog import ConflictDialog
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Radius, Tone
from ipnft_desktop.ui.widgets.error_words import error_line
from ipnft_desktop.ui.widgets.file_drop import FileDrop

_SAVE = "asset form save"
_OUT_OF_REACH = frozenset({ErrorCode.ASSET_NOT_FOUND, ErrorCode.MINT_INVALID_STATE})
"""Errors after which the asset cannot be changed from here, but what was typed need not be lost."""


class FormRegister(Protocol):
    """What the form needs of `services.register.RegisterService`."""

    async def asset(self, asset_id: UUID) -> Asset: ...
    async def enterprises(self) -> tuple[Enterprise, ...]: ...
    async def content_bytes(self, cid: str) -> bytes: ...
    async def create_asset(
        self, draft: AssetDraft, files: Sequence[FileToAttach] = (), on_file: OnFileProgress | None = None
    ) -> Asset: ...
    async def create_from(
        self,
        original: Asset,
        draft: AssetDraft,
        kept: Sequence[Attachment],
        files: Sequence[FileToAttach] = (),
        on_file: OnFileProgress | None = None,
    ) -> Asset: ...
    async def edit_asset(
        self,
        original: Asset,
        draft: AssetDraft,
        kept: Sequence[Attachment],
        files: Sequence[FileToAttach] = (),
        on_file: OnFileProgress | None = None,
    ) -> Asset: ...


class AssetFormPresenter(QObject):
    """One form at a time; `saved` carries the id of the asset stored, `notice` a text and its tone."""

    saved = Signal(object)
    notice = Signal(str, object)

    def __init__(self, host: QWidget, register: FormRegister) -> None:
        super().__init__(host)
        self._host = host
        self._register = register
        self._tasks = PageTasks(self._on_unexpected)
        self._form: AssetForm | None = None
        self._original: Asset | None = None
        self._is_rescue = False
        """The original cannot be changed any more: what is typed becomes an asset of its own."""

    @property
    def form(self) -> AssetForm | None:
        """The form that is open; one that is still being built is not."""
        return self._form if self._form is not None and self._form.isVisible() else None

    def create(self) -> None:
        """Open an empty form."""
        self._open(self.tr("New asset"), None)

    def edit(self, asset: Asset, files: Sequence[Path] = ()) -> None:
        """Open the form of an asset, with further files to attach."""
        if self._form is None:
            self._open(self.tr("Edit asset"), asset, files)
            self._original = asset
        else:
            self._open(self.tr("Edit asset"), asset)

    def duplicate(self, asset: Asset) -> None:
        """Open a form that begins with what another asset says."""
        self._open(self.tr("New asset"), asset, is_copy=True)

    def stop_opening(self) -> None:
        """A form that is still being built does not come into view."""
        if self._form is not None and not self._form.isVisible():
            self._form.leave()

    async def close(self) -> None:
        """Give up what is under way and close the form."""
        await self._tasks.close()
        if self._form is not None:
            self._form.leave()

    def _open(self, title: str, asset: Asset | None, files: Sequence[Path] = (), *, is_copy: bool = False) -> None:
        if self._form is not None:
            self._form.raise_()
            self._form.activateWindow()
            return
        self._original = None
        self._is_rescue = False
        form = AssetForm(title, date.today(), self._host.window())  # noqa: DTZ011 - a person's own calendar day
        self._form = form
        form.finished.connect(self._on_finished)
        form.save_requested.connect(self._on_save)
        form.stop_requested.connect(self._on_stop)
        form.preview_wanted.connect(self._on_preview_wanted)
        form.save_as_new_requested.connect(self._on_save_as_new)
        if is_copy and asset is not None:
            form.notice.setText(self.tr("Made after “{0}”; its files are not copied.").format(asset.name))
            form.notice.show()
        self._tasks.start(self._show(form, asset, files, with_files=not is_copy), "asset form show")

    async def _show(self, form: AssetForm, asset: Asset | None, files: Sequence[Path], *, with_files: bool) -> None:
        for _ in form.build():
            await asyncio.sleep(0)  # what the person does meanwhile comes between
            if self._form is not form:
                return
        FileDrop(form).dropped.connect(form.attachments.add_files)
        form.name.setFocus()
        form.open()
        await self._fill(form, asset, files, with_files=with_files)

    async def _fill(self, form: AssetForm, asset: Asset | None, files: Sequence[Path], *, with_files: bool) -> None:
        try:
            form.set_enterprises(await self._register.enterprises())
        except IpnftError as error:
            form.show_error(error)
        if asset is not None:
            form.set_asset(asset, with_files=with_files)
        if files:
            form.attachments.add_files(files)

    async def _save(self, form: AssetForm) -> None:
        draft, files = form.draft(), form.files
        sizes: dict[Path | UUID, int] = {**await asyncio.to_thread(_sizes, [file.path for file in files])}
        anew = self._stored_anew(form)
        sizes |= {file.attachment_id: file.size_bytes for file in anew}
        names = {file.attachment_id: file.file_name for file in anew}
        on_file = _StoringProgress(form, sizes, names)
        form.attachments.show_waiting(sizes)
        try:
            if self._original is None:
                asset = await self._register.create_asset(draft, files, on_file)
            elif self._is_rescue:
                asset = await self._register.create_from(self._original, draft, form.kept, files, on_file)
            else:
                asset = await self._register.edit_asset(self._original, draft, form.kept, files, on_file)
        except ValidationFailed as refused:
            form.set_busy(False)
            form.attachments.show_refused({problem.limit for problem in refused.problems})
            form.show_problems(refused.problems)
        except IpnftError as error:
            form.set_busy(False)
            form.attachments.show_unsaved()
            await self._explain(form, error)
        except asyncio.CancelledError:
            form.set_busy(False)
            form.attachments.show_unsaved()
            raise
        else:
            form.leave()
            self.saved.emit(asset.asset_id)

    async def _explain(self, form: AssetForm, error: IpnftError) -> None:
        """Say why it was not saved; where somebody else was faster, what to do about that."""
        original = self._original
        if original is None:
            form.show_error(error)
        elif error.code in _OUT_OF_REACH:
            form.offer_new_asset(error)
        elif error.code is not ErrorCode.ASSET_CHANGED:
            form.show_error(error)
        else:
            try:
                self._compare(form, original, await self._register.asset(original.asset_id))
            except IpnftError as fault:
                await self._explain(form, fault)

    def _compare(self, form: AssetForm, original: Asset, saved: Asset) -> None:
        found = differences(contents_of(original), contents_of(saved), form.contents)
        if not found:  # both typed the same
            self._original = saved
            self._on_save()
            return
        names = {form.enterprise.itemData(at): form.enterprise.itemText(at) for at in range(form.enterprise.count())}
        dialog = ConflictDialog(found, saved.updated_at, names, form)
        dialog.settled.connect(partial(self._on_settled, form, original, saved))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_settled(self, form: AssetForm, original: Asset, saved: Asset, sides: Mapping[str, Side]) -> None:
        form.take_over(merge(contents_of(original), contents_of(saved), form.contents, sides))
        self._original = saved
        self._on_save()

    async def _show_preview(self, form: AssetForm) -> None:
        stored, path = form.image.stored, form.image.path
        if stored is None and path is None:
            return
        try:
            data = await self._register.content_bytes(stored.cid) if stored else await _bytes_of(path)
        except (IpnftError, OSError):
            return  # the placeholder stays; a file that cannot be read is told when the form is saved
        radius = Radius.CONTROL * form.devicePixelRatioF()
        image = await asyncio.to_thread(_preview, data, form.image.preview_size, radius)
        if self._form is form and (stored, path) == (form.image.stored, form.image.path):
            form.image.show_preview(image)

    def _stored_anew(self, form: AssetForm) -> list[Attachment]:
        """Files that became confidential, or public."""
        before = (
            {file.attachment_id: file.confidential for file in self._original.attachments} if self._original else {}
        )
        return [file for file in form.kept if before.get(file.attachment_id, file.confidential) != file.confidential]

    def _on_save(self) -> None:
        if self._form is not None and not self._form.is_busy:
            # Only the storing of files can be stopped; what follows is one short commit.
            self._form.set_busy(True, can_stop=bool(self._form.files or self._stored_anew(self._form)))
            self._tasks.start(self._save(self._form), _SAVE)

    def _on_save_as_new(self) -> None:
        self._is_rescue = True
        self._on_save()

    def _on_stop(self) -> None:
        self._tasks.start(self._tasks.cancel(_SAVE), "asset form stop")

    def _on_preview_wanted(self) -> None:
        if self._form is not None:
            self._tasks.start(self._show_preview(self._form), "asset form preview")

    def _on_finished(self) -> None:
        if self._form is not None:
            self._form.deleteLater()
            self._form = None

    def _on_unexpected(self, error: Exception) -> None:
        if self.form is not None:
            self.form.set_busy(False)
            self.form.show_error(with_code(error))
        elif self._form is not None:  # not even built: the next press begins anew
            self._form.leave()
            self.notice.emit(error_line(with_code(error)), Tone.ERROR)


class _StoringProgress:
    """Sums up what is stored of all files and shows it in the form."""

    def __init__(self, form: AssetForm, sizes: Mapping[Path | UUID, int], names: Mapping[UUID, str]) -> None:
        self._form = form
        self._sizes = sizes
        self._names = names
        self._done: dict[Path | UUID, int] = {}

    def __call__(self, file: Path | UUID, done_bytes: int) -> None:
        self._done[file] = done_bytes
        total, done = sum(self._sizes.values()), sum(self._done.values())
        self._form.attachments.show_progress(file, _percent(done_bytes, self._sizes.get(file, 0)))
        name = file.name if isinstance(file, Path) else self._names.get(file, "")
        self._form.show_progress(name, _percent(done, total))
        if done >= total:
            self._form.set_busy(True, can_stop=False)


def _percent(done: int, total: int) -> int:
    return min(100, 100 * done // max(total, 1))


def _sizes(paths: Sequence[Path]) -> dict[Path, int]:
    return {path: path.stat().st_size for path in paths if path.is_file()}


def _preview(data: bytes, size: QSize, radius: float) -> QImage:
    image = decode_cover(data, size)
    return image if image.isNull() else round_corners(image, radius)


async def _bytes_of(path: Path | None) -> bytes:
    return b"" if path is None else await asyncio.to_thread(picture_bytes, path)
