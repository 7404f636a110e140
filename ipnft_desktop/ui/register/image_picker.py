"""The place of an asset's picture in the form: chosen by a button or dropped."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ipnft_desktop.domain.assets import Attachment
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, TextSize
from ipnft_desktop.ui.widgets.buttons import IconButton, SecondaryButton
from ipnft_desktop.ui.widgets.file_dialogs import ask_for_files
from ipnft_desktop.ui.widgets.file_drop import dropped_files
from ipnft_desktop.ui.widgets.picture_box import paint_picture
from ipnft_desktop.ui.widgets.text import ElidedLabel


class _Preview(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.pixmap: QPixmap | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(Size.PICTURE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_picture(painter, QRectF(self.rect()), self.pixmap)
        painter.end()


class ImagePicker(QWidget):
    """A stored picture, a new file, or none; `changed` follows each choice and asks for a new preview."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stored: Attachment | None = None
        self._path: Path | None = None
        self.setAcceptDrops(True)
        self._preview = _Preview()
        self._name = ElidedLabel("", TextSize.CAPTION, ink=Ink.MUTED)
        self.choose_button = SecondaryButton(self.tr("Choose picture…"), Icon.IMAGE)
        self.remove_button = IconButton(Icon.X, self.tr("Remove picture"))
        self.choose_button.clicked.connect(self._on_choose)
        self.remove_button.clicked.connect(lambda: self.set_choice(None, None))
        line = QHBoxLayout()
        line.setSpacing(Space.S)
        line.addWidget(self._name, 1)
        line.addWidget(self.remove_button)
        line.addWidget(self.choose_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.S)
        box.addWidget(self._preview)
        box.addLayout(line)
        self.setFocusProxy(self.choose_button)
        self._refresh()

    @property
    def stored(self) -> Attachment | None:
        """The picture kept from before."""
        return self._stored

    @property
    def path(self) -> Path | None:
        """The new file."""
        return self._path

    @property
    def has_preview(self) -> bool:
        """Whether the chosen picture is in view."""
        return self._preview.pixmap is not None

    @property
    def preview_size(self) -> QSize:
        """Size of the preview in pixels of the screen."""
        return self._preview.size() * self.devicePixelRatioF()

    def set_choice(self, stored: Attachment | None, path: Path | None) -> None:
        """Take a stored picture, a file, or neither."""
        if (stored, path) == (self._stored, self._path):
            return
        self._stored, self._path = stored, path
        self._preview.pixmap = None
        self._preview.update()
        self._refresh()
        self.changed.emit()

    def show_preview(self, image: QImage) -> None:
        """Show the picture made for `preview_size`; a null image leaves the placeholder."""
        pixmap = QPixmap.fromImage(image)
        pixmap.setDevicePixelRatio(self.devicePixelRatioF())
        self._preview.pixmap = None if image.isNull() else pixmap
        self._preview.update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if dropped_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the first file."""
        files = dropped_files(event)
        if files:
            event.acceptProposedAction()
            self.set_choice(None, files[0])

    def _refresh(self) -> None:
        name = self._stored.file_name if self._stored else self._path.name if self._path else ""
        self._name.setText(name or self.tr("PNG, JPEG, SVG… or drop one here"))
        self.remove_button.setVisible(bool(name))
        self._preview.setAccessibleName(name or self.tr("No picture"))

    def _on_choose(self) -> None:
        pictures = self.tr("Pictures (*.png *.jpg *.jpeg *.webp *.gif *.bmp *.svg);;All files (*)")
        ask_for_files(
            self,
            self.tr("Choose picture"),
            lambda files: self.set_choice(None, files[0]),
            name_filter=pictures,
            several=False,
        )
