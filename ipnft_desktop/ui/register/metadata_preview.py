"""Exactly what a mint publishes: the metadata as it will be stored, its address, its picture, and which files."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol
from uuid import UUID

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ipnft_desktop.domain.assets import Attachment
from ipnft_desktop.domain.chain import short_hash
from ipnft_desktop.domain.errors import Defect, ErrorCode, IpnftError, UserError
from ipnft_desktop.services.metadata_preview import MetadataPreview
from ipnft_desktop.ui.pictures import PictureStore
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.fonts import mono_font
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import DialogHeight, DialogWidth, Ink, Size, Space, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.card import Rule
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.file_dialogs import ask_where_to_save
from ipnft_desktop.ui.widgets.inputs import Select
from ipnft_desktop.ui.widgets.key_value_panel import Fact, KeyValuePanel
from ipnft_desktop.ui.widgets.picture_box import PictureBox
from ipnft_desktop.ui.widgets.plain import shorten, visible
from ipnft_desktop.ui.widgets.text import Text

_PICTURE = QSize(0, Size.PICTURE)


class Previews(Protocol):
    """What the dialog needs of `services.metadata_preview.MetadataPreviews`."""

    async def preview(self, asset_ids: Sequence[UUID]) -> tuple[MetadataPreview, ...]: ...


class MetadataDialog(Dialog):
    """`save_requested` carries the `MetadataPreview` in view."""

    save_requested = Signal(object)

    def __init__(self, pictures: PictureStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = self.tr("What is published")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.resize(DialogWidth.XXL, DialogHeight.XL)
        self._previews: tuple[MetadataPreview, ...] = ()
        self.asset = Select(self.tr("Asset"))
        self.picture = PictureBox(_PICTURE)
        self.picture.use_store(pictures)
        self.facts = KeyValuePanel()
        self.files = Text("", TextSize.CAPTION, wrap=True)
        self.text = QPlainTextEdit()
        self.error_panel = ErrorPanel()
        self.copy_button = SecondaryButton(self.tr("Copy"), Icon.COPY)
        self.save_button = SecondaryButton(self.tr("Save…"), Icon.DOWNLOAD)
        self.close_button = SecondaryButton(self.tr("Close"))
        self._explanation = Text("", TextSize.BODY, ink=Ink.MUTED, wrap=True)
        self._lay_out(title)
        self._connect()
        self._show(None)

    @property
    def shown(self) -> MetadataPreview | None:
        """The asset in view."""
        at = self.asset.currentIndex()
        return self._previews[at] if 0 <= at < len(self._previews) else None

    def show_previews(self, previews: Sequence[MetadataPreview]) -> None:
        """Offer these assets, the first in view."""
        self._previews = tuple(previews)
        self.asset.clear()
        self.asset.addItems([visible(preview.asset.name) for preview in self._previews])
        self.asset.setVisible(len(self._previews) > 1)
        self._show(self.shown)

    def show_error(self, error: IpnftError) -> None:
        """Say why there is nothing to see, or nothing was saved."""
        self.error_panel.show_error(error)

    def _show(self, preview: MetadataPreview | None) -> None:
        for button in (self.copy_button, self.save_button):
            button.setEnabled(preview is not None)
        if preview is None:
            return
        image = preview.asset.image
        is_seen = image is not None and not image.confidential
        self.picture.set_picture(image.cid if image and is_seen else None, self.tr("Picture in the metadata"))
        self._explanation.setText(
            self.tr("The metadata that the token was minted with, byte for byte.")
            if preview.is_published
            else self.tr("Minting now would publish this, byte for byte. After that it cannot be changed.")
        )
        self.facts.set_facts(
            (
                Fact(self.tr("Size"), self.tr("%Ln bytes", "", len(preview.content))),
                Fact(self.tr("CID"), short_hash(preview.cid), copy=preview.cid),
                Fact(self.tr("Token URI"), shorten(preview.token_uri, 14, 9), copy=preview.token_uri),
                Fact(self.tr("Schema"), self.tr("version {0}").format(preview.schema_version)),
            )
        )
        self.files.setText(self._files_text(preview))
        self.text.setPlainText(visible(preview.text))

    def _files_text(self, preview: MetadataPreview) -> str:
        parts: list[str] = []
        if preview.public_files:
            parts.append(self.tr("Public, anybody can fetch it:") + "\n" + _names(preview.public_files))
        if preview.hashed_files:
            parts.append(self.tr("Confidential, only the hash is published:") + "\n" + _names(preview.hashed_files))
        return "\n\n".join(parts) or self.tr("No files.")

    def _lay_out(self, title: str) -> None:
        self.text.setReadOnly(True)
        self.text.setFont(mono_font(TextSize.CAPTION))
        self.text.setAccessibleName(self.tr("Metadata"))
        side = QVBoxLayout()
        side.setSpacing(Space.S)
        side.addWidget(self.asset)
        side.addWidget(self.picture)
        side.addWidget(self.facts)
        side.addWidget(Rule())
        side.addWidget(self.files)
        side.addStretch(1)
        left = QWidget()
        left.setLayout(side)
        left.setFixedWidth(Size.SIDE_PANEL)
        side.setContentsMargins(0, 0, 0, 0)
        middle = QHBoxLayout()
        middle.setSpacing(Space.L)
        middle.addWidget(left)
        middle.addWidget(self.text, 1)
        foot = QHBoxLayout()
        foot.setSpacing(Space.S)
        foot.addStretch(1)
        for button in (self.copy_button, self.save_button, self.close_button):
            foot.addWidget(button)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        box.setSpacing(Space.M)
        box.addWidget(Text(title, TextSize.TITLE, Weight.BOLD))
        box.addWidget(self._explanation)
        box.addLayout(middle, 1)
        box.addWidget(self.error_panel)
        box.addLayout(foot)
        self.asset.hide()

    def _connect(self) -> None:
        self.asset.currentIndexChanged.connect(lambda: self._show(self.shown))
        self.copy_button.clicked.connect(self._on_copy)
        self.copy_button.setToolTip(self.tr("Copies the metadata as it is stored, without the layout"))
        self.save_button.clicked.connect(lambda: self.save_requested.emit(self.shown))
        self.close_button.clicked.connect(self.reject)

    def _on_copy(self) -> None:
        if self.shown is not None:
            QGuiApplication.clipboard().setText(self.shown.content.decode())


class MetadataPreviewPresenter(QObject):
    """Opens the dialog for assets; `notice` is a short message with its `Tone`."""

    notice = Signal(str, object)

    def __init__(self, previews: Previews, pictures: PictureStore) -> None:
        super().__init__()
        self._previews = previews
        self._pictures = pictures
        self._dialog: MetadataDialog | None = None
        self._tasks = PageTasks(self._on_unexpected)

    @property
    def dialog(self) -> MetadataDialog | None:
        """The dialog that is open."""
        return self._dialog

    def open_for(self, asset_ids: Sequence[UUID], parent: QWidget) -> None:
        """Show what is published of these assets; an open dialog turns to them."""
        if self._dialog is not None:
            self._dialog.close()
        dialog = MetadataDialog(self._pictures, parent)
        self._dialog = dialog
        dialog.finished.connect(lambda: self._on_closed(dialog))
        dialog.save_requested.connect(self._on_save)
        self._tasks.start(self._fill(dialog, asset_ids), "metadata preview")
        dialog.open()

    async def close(self) -> None:
        """Give up what is under way and close the dialog."""
        await self._tasks.close()
        if self._dialog is not None:
            self._dialog.close()

    async def _fill(self, dialog: MetadataDialog, asset_ids: Sequence[UUID]) -> None:
        try:
            previews = await self._previews.preview(asset_ids)
        except IpnftError as error:
            dialog.show_error(error)
        else:
            dialog.show_previews(previews)

    async def _save(self, preview: MetadataPreview, target: Path) -> None:
        try:
            await asyncio.to_thread(target.write_bytes, preview.content)
        except OSError as error:
            if self._dialog is not None:
                self._dialog.show_error(UserError(ErrorCode.VALIDATION_FAILED, f"{target}: {error.strerror}"))
        else:
            self.notice.emit(self.tr("Saved {0}").format(target.name), Tone.OK)

    def _on_save(self, preview: MetadataPreview) -> None:
        assert self._dialog is not None
        ask_where_to_save(
            self._dialog,
            preview.file_name,
            lambda target: self._tasks.start(self._save(preview, target), "metadata save"),
        )

    def _on_closed(self, dialog: MetadataDialog) -> None:
        dialog.deleteLater()
        if self._dialog is dialog:
            self._dialog = None

    def _on_unexpected(self, error: Exception) -> None:
        if self._dialog is not None:
            self._dialog.show_error(Defect(f"{type(error).__name__}: {error}"))


def _names(files: Sequence[Attachment]) -> str:
    return "\n".join(f"•  {file.file_name}" for file in files)
