"""What the exhibits show: ordinary text, and what makes a layout break."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPainterPath, QPixmap

from ipnft_desktop.domain.assets import Attachment
from ipnft_desktop.ui.pictures import PictureStore
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Radius

ADDRESS: Final = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
OTHER_ADDRESS: Final = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"
HASH: Final = "0x" + "5f2c9be1" * 8
CID: Final = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"
LONG: Final = (
    "A method for depositing perovskite layers on flexible carriers at ambient pressure, with an in-line measurement "
    "of crystal size that regulates the speed of the carrier"
)
ONE_WORD: Final = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
CHINESE: Final = "柔性钙钛矿太阳能电池的制备方法，海山行知识产权有限公司"
RIGHT_TO_LEFT: Final = "תא סולארי גמיש 2026"
HOSTILE: Final = "invoice\u202egpj.exe <b>not bold</b> &amp; \u2066%s\u0007 {0}"


def attachment(number: int, file_name: str, size_bytes: int, *, confidential: bool = False) -> Attachment:
    """A file that exists nowhere."""
    sha256 = bytes([number]) * 32
    return Attachment(UUID(int=number), file_name, "application/pdf", size_bytes, sha256, CID, confidential)


class SamplePictures(PictureStore):
    """One picture for every CID, there at once."""

    def __init__(self) -> None:
        super().__init__(_never)

    def picture(self, cid: str, size: QSize, dpr: float) -> QPixmap | None:
        """A sunset in the colours of the theme."""
        pixmap = QPixmap(size * dpr)
        pixmap.setDevicePixelRatio(dpr)
        tokens = theme().tokens
        pixmap.fill(QColor(tokens.surface))
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bounds = QRectF(QPointF(0, 0), size)
        corners = QPainterPath()
        corners.addRoundedRect(bounds, Radius.CONTROL, Radius.CONTROL)
        painter.setClipPath(corners)
        sky = QLinearGradient(bounds.topLeft(), bounds.bottomLeft())
        sky.setColorAt(0, QColor(tokens.accent_soft))
        sky.setColorAt(1, QColor(tokens.warn_soft))
        painter.fillRect(bounds, sky)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.warn))
        painter.drawEllipse(bounds.center(), bounds.height() / 5, bounds.height() / 5)
        painter.end()
        return pixmap


async def _never(_cid: str) -> bytes:
    return b""
