"""A small drawing surface over QPainter: flat colours, smooth curves, no state left behind between calls."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path

from fonts import cjk_font
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QImageWriter, QLinearGradient, QPainter, QPainterPath, QPen

WIDTH, HEIGHT = 1200, 675
CENTRE_X, CENTRE_Y = WIDTH / 2, HEIGHT / 2

Point = tuple[float, float]


def colour(hex_rgb: str, opacity: float = 1.0) -> QColor:
    result = QColor(hex_rgb)
    result.setAlphaF(opacity)
    return result


def mix(first: str, second: str, share: float) -> str:
    """The colour `share` (0..1) of the way from `first` to `second`."""
    a, b = QColor(first), QColor(second)
    parts = [round(x + (y - x) * share) for x, y in ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))]
    return QColor(*parts).name()


def polar(x: float, y: float, radius: float, degrees: float) -> Point:
    """The point at `radius` from (x, y); 0 degrees points right, angles grow clockwise."""
    angle = math.radians(degrees)
    return x + radius * math.cos(angle), y + radius * math.sin(angle)


def spread(index: int, low: float = 0.0, high: float = 1.0) -> float:
    """The `index`-th value of an evenly scattered sequence (multiples of the golden ratio), always the same."""
    return low + (high - low) * ((index + 1) * 0.6180339887498949 % 1.0)


def scatter(index: int, left: float, top: float, right: float, bottom: float) -> Point:
    """The `index`-th of evenly scattered points in a rectangle (multiples of powers of the plastic number)."""
    x, y = (index + 1) * 0.7548776662466927 % 1.0, (index + 1) * 0.5698402909980532 % 1.0
    return left + (right - left) * x, top + (bottom - top) * y


def polygon(points: Iterable[Point], *, closed: bool = True) -> QPainterPath:
    path = QPainterPath()
    for number, (x, y) in enumerate(points):
        path.lineTo(x, y) if number else path.moveTo(x, y)
    if closed:
        path.closeSubpath()
    return path


def smooth(points: Sequence[Point], *, closed: bool = False) -> QPainterPath:
    """A Catmull-Rom curve through all points."""
    count = len(points)
    path = QPainterPath(QPointF(*points[0]))

    def at(index: int) -> Point:
        return points[index % count] if closed else points[max(0, min(count - 1, index))]

    for i in range(count if closed else count - 1):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = (at(i + k) for k in (-1, 0, 1, 2))
        path.cubicTo(bx + (cx - ax) / 6, by + (cy - ay) / 6, cx - (dx - bx) / 6, cy - (dy - by) / 6, cx, cy)
    return path


def ellipse(x: float, y: float, radius_x: float, radius_y: float | None = None) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(x, y), radius_x, radius_x if radius_y is None else radius_y)
    return path


def box(x: float, y: float, width: float, height: float, radius: float = 0.0) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(x, y, width, height), radius, radius)
    return path


def wedge(x: float, y: float, inner: float, outer: float, start: float, sweep: float) -> QPainterPath:
    """A sector of a ring between two radii, from `start` over `sweep` degrees, clockwise."""
    path = QPainterPath()
    path.arcMoveTo(QRectF(x - outer, y - outer, 2 * outer, 2 * outer), -start)
    path.arcTo(QRectF(x - outer, y - outer, 2 * outer, 2 * outer), -start, -sweep)
    if inner > 0:
        path.arcTo(QRectF(x - inner, y - inner, 2 * inner, 2 * inner), -start - sweep, sweep)
    else:
        path.lineTo(x, y)
    path.closeSubpath()
    return path


def arc(x: float, y: float, radius: float, start: float, sweep: float) -> QPainterPath:
    path = QPainterPath()
    square = QRectF(x - radius, y - radius, 2 * radius, 2 * radius)
    path.arcMoveTo(square, -start)
    path.arcTo(square, -start, -sweep)
    return path


def leaf(x: float, y: float, length: float, width: float, degrees: float) -> QPainterPath:
    """A pointed leaf whose stem is at (x, y)."""
    tip = polar(x, y, length, degrees)
    middle = polar(x, y, length * 0.45, degrees)
    left, right = polar(*middle, width, degrees - 90), polar(*middle, width, degrees + 90)
    path = QPainterPath(QPointF(x, y))
    path.quadTo(QPointF(*left), QPointF(*tip))
    path.quadTo(QPointF(*right), QPointF(x, y))
    return path


def palette(image: QImage, exact: int = 80, size: int = 256) -> list[int]:
    """Up to `size` colours for a 32-bit image: its `exact` most frequent ones, then means of coarse groups.

    Flat pictures keep their own tones to the bit, and the blended edges need few more: a quarter of the bytes.
    """
    frequent = Counter(memoryview(image.constBits()).cast("I")).most_common()
    groups: dict[tuple[int, int, int], list[int]] = {}
    for pixel, count in frequent[exact:]:
        red, green, blue = pixel >> 16 & 255, pixel >> 8 & 255, pixel & 255
        group = groups.setdefault((red >> 4, green >> 4, blue >> 4), [0, 0, 0, 0])
        for place, value in enumerate((red * count, green * count, blue * count, count)):
            group[place] += value
    largest = sorted(groups.values(), key=lambda group: -group[3])[: size - exact]
    means = [0xFF000000 | red // n << 16 | green // n << 8 | blue // n for red, green, blue, n in largest]
    return [pixel for pixel, _ in frequent[:exact]] + means


class Canvas:
    """One picture of 1200 x 675 pixels."""

    def __init__(self, background: str) -> None:
        self._image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
        self._image.fill(QColor(background))
        self.painter = QPainter(self._image)
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def fill(self, path: QPainterPath, hex_rgb: str, opacity: float = 1.0) -> None:
        self.painter.fillPath(path, QBrush(colour(hex_rgb, opacity)))

    def shade(self, path: QPainterPath, top: str, bottom: str) -> None:
        """Fill with a vertical gradient over the path's own height."""
        bounds = path.boundingRect()
        gradient = QLinearGradient(0, bounds.top(), 0, bounds.bottom())
        gradient.setColorAt(0, QColor(top))
        gradient.setColorAt(1, QColor(bottom))
        self.painter.fillPath(path, QBrush(gradient))

    def stroke(
        self,
        path: QPainterPath,
        hex_rgb: str,
        width: float = 3.0,
        *,
        opacity: float = 1.0,
        dash: Sequence[float] | None = None,
        flat: bool = False,
    ) -> None:
        pen = QPen(colour(hex_rgb, opacity), width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap if flat else Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin if flat else Qt.PenJoinStyle.RoundJoin)
        if dash:
            pen.setDashPattern(list(dash))
        self.painter.strokePath(path, pen)

    def disc(self, x: float, y: float, radius: float, hex_rgb: str, opacity: float = 1.0) -> None:
        self.fill(ellipse(x, y, radius), hex_rgb, opacity)

    def ring(self, x: float, y: float, radius: float, hex_rgb: str, width: float = 3.0, opacity: float = 1.0) -> None:
        self.stroke(ellipse(x, y, radius), hex_rgb, width, opacity=opacity)

    def bar(
        self, x: float, y: float, width: float, height: float, hex_rgb: str, radius: float = 0.0, opacity: float = 1.0
    ) -> None:
        self.fill(box(x, y, width, height, radius), hex_rgb, opacity)

    def line(
        self, start: Point, end: Point, hex_rgb: str, width: float = 3.0, *, opacity: float = 1.0, flat: bool = False
    ) -> None:
        self.stroke(polygon([start, end], closed=False), hex_rgb, width, opacity=opacity, flat=flat)

    def text(self, x: float, y: float, characters: str, size: int, hex_rgb: str) -> None:
        """Write bold `characters` centred on (x, y), as outlines, so that every machine draws the same."""
        font = cjk_font(size, bold=True)
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)  # strokes of a variable face overlap
        path.addText(0, 0, font, characters)
        bounds = path.boundingRect()
        self.fill(path.translated(x - bounds.center().x(), y - bounds.center().y()), hex_rgb)

    @contextmanager
    def clipped(self, path: QPainterPath) -> Generator[None]:
        """Paint only inside `path` until the block ends."""
        self.painter.save()
        self.painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
        try:
            yield
        finally:
            self.painter.restore()

    @contextmanager
    def turned(self, x: float, y: float, degrees: float, scale: float = 1.0) -> Generator[None]:
        """Move the origin to (x, y), turned clockwise by `degrees`, until the block ends."""
        self.painter.save()
        self.painter.translate(x, y)
        self.painter.rotate(degrees)
        self.painter.scale(scale, scale)
        try:
            yield
        finally:
            self.painter.restore()

    def save(self, path: Path) -> None:
        """Write the picture as PNG. Raises OSError if the file cannot be written."""
        self.painter.end()
        writer = QImageWriter(str(path), b"png")
        writer.setCompression(100)
        indexed = self._image.convertToFormat(
            QImage.Format.Format_Indexed8, palette(self._image), Qt.ImageConversionFlag.ThresholdDither
        )
        if not writer.write(indexed):
            raise OSError(f"{path}: {writer.errorString()}")
