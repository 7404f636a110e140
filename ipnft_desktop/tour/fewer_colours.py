"""Pictures of the window in 256 colours: a third of their size, and nobody sees the difference."""

from __future__ import annotations

import heapq
from collections import Counter

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QImage

_COLOURS = 256
_EXACT = 128
"""The commonest are kept as they are: grounds, letters, lines. The others share what is left."""
_CELL_BITS = 4


def reduced_png(image: QImage) -> bytes:
    """The picture as PNG with a palette of its own commonest colours. Blocks. Raises ValueError for an empty one."""
    if image.isNull():
        raise ValueError("an empty picture")
    counts = _colours_of(image)
    exact = [colour for colour, _count in counts.most_common(_EXACT)]
    palette = exact + _shared(counts, set(exact), _COLOURS - len(exact))
    flags = Qt.ImageConversionFlag.ThresholdDither | Qt.ImageConversionFlag.AvoidDither
    table = [0xFF000000 | colour for colour in palette]
    few = image.convertToFormat(QImage.Format.Format_Indexed8, table, flags)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    few.save(buffer, "PNG", 0)  # pyright: ignore[reportCallIssue, reportArgumentType] - 0 is the smallest file
    return bytes(buffer.data().data())


def _colours_of(image: QImage) -> Counter[int]:
    rgb = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = memoryview(rgb.constBits()).cast("B").cast("I")
    return Counter({colour & 0xFFFFFF: count for colour, count in Counter(pixels.tolist()).items()})


def _shared(counts: Counter[int], taken: set[int], room: int) -> list[int]:
    """The mean colour of each of the fullest cells of the colour space."""
    cells: dict[tuple[int, int, int], list[int]] = {}
    drop = 8 - _CELL_BITS
    for colour, count in counts.items():
        if colour in taken:
            continue
        red, green, blue = colour >> 16, colour >> 8 & 0xFF, colour & 0xFF
        cell = cells.setdefault((red >> drop, green >> drop, blue >> drop), [0, 0, 0, 0])
        for at, value in enumerate((1, red, green, blue)):
            cell[at] += count * value
    fullest = heapq.nlargest(room, cells.values(), key=lambda cell: cell[0])
    return [
        round(red / total) << 16 | round(green / total) << 8 | round(blue / total)
        for total, red, green, blue in fullest
    ]
