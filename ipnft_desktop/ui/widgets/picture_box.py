"""The picture of an asset with rounded corners, and what stands in its place while there is none."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from ipnft_desktop.ui.pictures import PictureStore
from ipnft_desktop.ui.theme.icons import Icon, icon_pixmap
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Ink, Radius, Size


def paint_picture(painter: QPainter, bounds: QRectF, pixmap: QPixmap | None) -> None:
    """Draw a picture of the store that was made for `bounds`, or a quiet placeholder."""
    if pixmap is not None:
        painter.drawPixmap(bounds.topLeft(), pixmap)
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme().tokens.neutral_soft))
    painter.drawRoundedRect(bounds, Radius.CONTROL, Radius.CONTROL)
    middle, half = bounds.center(), Size.ICON_PLACEHOLDER / 2
    painter.drawPixmap(
        QPointF(middle.x() - half, middle.y() - half), icon_pixmap(Icon.IMAGE, Ink.MUTED, Size.ICON_PLACEHOLDER)
    )
    painter.restore()


class PictureBox(QWidget):
    """One picture, cropped to cover the box."""

    def __init__(self, size: QSize, parent: QWidget | None = None) -> None:
        """A `size` without width takes the width there is."""
        super().__init__(parent)
        self._store: PictureStore | None = None
        self._cid: str | None = None
        self.setFixedHeight(size.height())
        if size.width() > 0:
            self.setFixedWidth(size.width())
        else:
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def use_store(self, store: PictureStore) -> None:
        """Take pictures from here from now on."""
        if self._store is store:
            return
        if self._store is not None:
            self._store.loaded.disconnect(self._on_loaded)
        self._store = store
        store.loaded.connect(self._on_loaded)
        self.update()

    def set_picture(self, cid: str | None, name: str) -> None:
        """Show a stored picture, or the placeholder; `name` is told to screen readers."""
        self._cid = cid
        self.setAccessibleName(name)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture if it is there already."""
        pixmap = None
        if self._store is not None and self._cid is not None:
            pixmap = self._store.picture(self._cid, self.size(), self.devicePixelRatioF())
        painter = QPainter(self)
        paint_picture(painter, QRectF(self.rect()), pixmap)
        painter.end()

    def _on_loaded(self, cid: str) -> None:
        if cid == self._cid:
            self.update()
