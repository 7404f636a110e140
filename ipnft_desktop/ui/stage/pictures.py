"""Pictures of a step: drawn while it is rehearsed, and laid over the slide where the step fails on stage."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.scenes import Scene, Show
from ipnft_desktop.services.stage.readiness import Surroundings
from ipnft_desktop.ui.stage.slide import Slide
from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.tokens import WindowSize

_PICTURE = QSize(WindowSize.FIRST_WIDTH, WindowSize.FIRST_HEIGHT)


async def picture_of(show: Show, number: int) -> bytes:
    """The step in view as a slide would show it now, as PNG."""
    slide = Slide()
    await asyncio.sleep(0)  # each part is short, all of them together are not: the loop breathes in between
    slide.fit(_PICTURE.height() / WindowSize.LEAST_HEIGHT)
    slide.resize(_PICTURE)
    slide.show_step(show, number, frozenset(), 0.0)
    await asyncio.sleep(0)
    image = slide.grab().toImage()
    slide.deleteLater()
    return await asyncio.to_thread(_png, image)


def read_picture(path: str) -> QImage:
    """Blocks; a null image where it cannot be read."""
    return QImage(path)


def surroundings_of(scenes: tuple[Scene, ...]) -> Surroundings:
    """Screens, and what of the captions no font draws."""
    captions = [
        caption
        for scene in scenes
        for caption in (
            scene.title,
            scene.summary,
            *(each for step in scene.steps for each in (step.headline, step.text, step.notes)),
        )
    ]
    letters = {letter for caption in captions for letter in caption.en + caption.zh if not letter.isspace()}
    metrics = QFontMetrics(text_font())
    return Surroundings(
        tuple((size.width(), size.height()) for size in (s.size() for s in QGuiApplication.screens())),
        "".join(sorted(letter for letter in letters if not metrics.inFontUcs4(ord(letter)))),
    )


class PictureCover(QWidget):
    """Lies over a slide, as large as it."""

    def __init__(self, slide: Slide) -> None:
        super().__init__(slide)
        self._picture = QPixmap()
        self.hide()
        self.setAccessibleName(self.tr("Recorded picture of the step"))
        slide.installEventFilter(self)

    def show_picture(self, image: QImage | None) -> None:
        """Lay it over the slide; None takes it away."""
        self._picture = QPixmap.fromImage(image) if image is not None else QPixmap()
        parent = self.parentWidget()
        if self._picture.isNull() or parent is None:
            self.hide()
            return
        self.setGeometry(parent.rect())
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture in the middle, as large as it fits."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().window())
        size = self._picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect((self.width() - size.width()) // 2, (self.height() - size.height()) // 2, *size.toTuple())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(place, self._picture)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the slide."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False


def _png(image: QImage) -> bytes:
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    return bytes(held.data()) if image.save(buffer, "PNG") else b""  # pyright: ignore[reportCallIssue, reportArgumentType] - the stub knows names of files only
