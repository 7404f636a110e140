"""A dialog that shows one file: what can be seen of it, and what it is."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from ipnft_desktop.domain.assets import Attachment
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.ui.previews import Preview
from ipnft_desktop.ui.theme.fonts import mono_font
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import DialogHeight, DialogWidth, Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.key_value_panel import Fact, KeyValuePanel
from ipnft_desktop.ui.widgets.measures import number_text, size_text
from ipnft_desktop.ui.widgets.plain import shorten, visible
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text

_VIEW = QSize(DialogWidth.L, DialogHeight.M)


class FilePreviewDialog(Dialog):
    """`save_requested` carries the `Attachment` shown."""

    save_requested = Signal(object)

    def __init__(self, file: Attachment, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.file = file
        title = visible(file.file_name)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setAccessibleName(self.tr("Preview of {0}").format(title))
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setFont(mono_font(TextSize.CAPTION))
        self.text.setAccessibleName(self.tr("First lines of {0}").format(title))
        self.message = Text(self.tr("Loading…"), ink=Ink.MUTED, wrap=True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.note = Text("", TextSize.CAPTION, ink=Ink.MUTED)
        self.error_panel = ErrorPanel()
        self.facts = KeyValuePanel()
        self.facts.set_facts(self._facts())
        self.save_button = SecondaryButton(self.tr("Save as…"), Icon.DOWNLOAD)
        self.close_button = SecondaryButton(self.tr("Close"))
        self._stack = QStackedWidget()
        self._lay_out()
        self.save_button.clicked.connect(lambda: self.save_requested.emit(self.file))
        self.close_button.clicked.connect(self.reject)
        self.close_button.setFocus()

    @property
    def view_size(self) -> QSize:
        """The room for a picture in pixels of the screen."""
        return _VIEW * self.devicePixelRatioF()

    def show_preview(self, preview: Preview) -> None:
        """Show what was made of the file."""
        if preview.image is not None:
            pixmap = QPixmap.fromImage(preview.image)
            pixmap.setDevicePixelRatio(self.devicePixelRatioF())
            self.picture.setPixmap(pixmap)
            self._stack.setCurrentWidget(self.picture)
            if preview.pages > 1:
                self.note.setText(self.tr("Page 1 of {0}").format(preview.pages))
        elif preview.text:
            self.text.setPlainText(visible(preview.text))
            self._stack.setCurrentWidget(self.text)
        else:
            self.show_message(self.tr("It says to be of this kind, but cannot be shown: it may be damaged."))

    def show_message(self, text: str) -> None:
        """Say why there is nothing to see."""
        self.message.setText(text)
        self._stack.setCurrentWidget(self.message)

    def show_error(self, error: IpnftError) -> None:
        """The file could not be read."""
        self.show_message("")
        self.error_panel.show_error(error)

    def _facts(self) -> tuple[Fact, ...]:
        digest = self.file.sha256.hex()
        who = self.tr("confidential: stored encrypted") if self.file.sealed_key else self.tr("confidential")
        facts = [
            Fact(self.tr("Media type"), self.file.media_type),
            Fact(self.tr("Size"), size_text(self.file.size_bytes), note=f"{number_text(self.file.size_bytes)} B"),
            Fact(self.tr("Access"), who if self.file.confidential else self.tr("public")),
            Fact("SHA-256", shorten(digest, 12, 8), copy=digest),
        ]
        if not self.file.confidential:
            facts.append(Fact("CID", shorten(self.file.cid, 12, 8), copy=self.file.cid))
        return tuple(facts)

    def _lay_out(self) -> None:
        for part in (self.message, self.picture, self.text):
            self._stack.addWidget(part)
        self._stack.setFixedSize(_VIEW)
        foot = QHBoxLayout()
        foot.setSpacing(Space.S)
        foot.addWidget(self.note)
        foot.addStretch(1)
        foot.addWidget(self.save_button)
        foot.addWidget(self.close_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        box.setSpacing(Space.M)
        box.addWidget(ElidedLabel(self.file.file_name, TextSize.LEAD, Weight.BOLD))
        for part in (self._stack, self.error_panel, self.facts):
            box.addWidget(part)
        box.addLayout(foot)
