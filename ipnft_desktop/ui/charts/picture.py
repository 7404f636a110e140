"""A chart drawn for a file, with its title, its axes and its legend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from ipnft_desktop.ui.charts.legend import SWATCH, paint_swatch
from ipnft_desktop.ui.charts.wording import axis_words
from ipnft_desktop.ui.theme.charts import chart_inks
from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Size, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.plain import visible

if TYPE_CHECKING:
    from ipnft_desktop.ui.charts.plot import Plot

_SHARPNESS = 2
"""Pixels of a picture to a pixel of the window."""


def chart_image(plot: Plot) -> QImage:
    """The chart in the theme in force."""
    size = _size(plot)
    image = QImage(size * _SHARPNESS, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(_SHARPNESS)
    painter = QPainter(image)
    _draw(painter, plot, size)
    painter.end()
    return image


def chart_svg(plot: Plot) -> bytes:
    """The same as a drawing of any size."""
    size = _size(plot)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QRectF(QPointF(), size))
    generator.setTitle(visible(plot.chart.title))
    painter = QPainter(generator)
    _draw(painter, plot, size)
    painter.end()
    return bytes(buffer.data().data())


def _size(plot: Plot) -> QSize:
    lines = 3 + len(plot.shown_series)
    return QSize(plot.width() + 2 * Space.XL, plot.height() + lines * Size.SEGMENT + 2 * Space.XL)


def _draw(painter: QPainter, plot: Plot, size: QSize) -> None:
    tokens, chart = theme().tokens, plot.chart
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRectF(QPointF(), size), QColor(chart_inks(tokens).ground))
    line = QRectF(Space.XL, Space.XL, plot.width(), Size.SEGMENT)
    _write(painter, line, visible(chart.title), tokens.fg, TextSize.LEAD, Weight.SEMIBOLD)
    line.translate(0, Size.SEGMENT)
    _write(painter, line, axis_words(chart.y), tokens.muted)
    body = QRectF(line.bottomLeft(), plot.size())
    plot.draw(painter, body)
    line.moveTop(body.bottom())
    words = axis_words(chart.x)
    width = QFontMetricsF(text_font(TextSize.CAPTION)).horizontalAdvance(words)
    _write(painter, line.adjusted(line.width() - width - Space.L, 0, 0, 0), words, tokens.muted)
    for number, series in enumerate(chart.series):
        if series in plot.shown_series:
            line.translate(0, Size.SEGMENT)
            colour = QColor(chart_inks(tokens).of_series(number))
            paint_swatch(painter, QPointF(line.left(), line.center().y()), series.mark, colour)
            _write(painter, line.adjusted(SWATCH + Space.S, 0, 0, 0), visible(series.name), tokens.fg)


def _write(
    painter: QPainter,
    place: QRectF,
    text: str,
    colour: str,
    size: TextSize = TextSize.CAPTION,
    weight: Weight = Weight.REGULAR,
) -> None:
    painter.setFont(text_font(size, weight))
    painter.setPen(QColor(colour))
    painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)
