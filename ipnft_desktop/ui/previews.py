"""What a file looks like at a glance: a picture, the first page of a PDF, the first lines of a text.

Made off the event loop, in one thread: pdfium is not safe in several. What is made is bounded whatever the file claims
to be: bytes read, pixels decoded, characters shown.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from ipnft_desktop.ui.pictures import MOST_PICTURE_BYTES, MOST_PIXELS

MOST_PDF_BYTES: Final = 128 * 1024 * 1024
MOST_TEXT_BYTES: Final = 64 * 1024
MOST_LINES: Final = 400
MOST_LINE_CHARS: Final = 2_000
_TEXTS: Final = frozenset({"application/json", "application/xml", "application/javascript", "application/toml"})


class Kind(Enum):
    """How a file can be shown."""

    PICTURE = auto()
    PDF = auto()
    TEXT = auto()
    NONE = auto()


@dataclass(frozen=True, slots=True)
class Preview:
    """One of the three is there, or none: then `problem` says why."""

    image: QImage | None = None
    text: str = ""
    pages: int = 0
    """Of a PDF."""
    problem: Exception | None = None


def kind_of(media_type: str) -> Kind:
    """By the media type that the content store found."""
    if media_type.startswith("image/"):
        return Kind.PICTURE
    if media_type == "application/pdf":
        return Kind.PDF
    if media_type.startswith("text/") or media_type in _TEXTS or media_type.endswith(("+json", "+xml")):
        return Kind.TEXT
    return Kind.NONE


def needed_bytes(kind: Kind) -> int:
    """The most that is read of a file; a picture or PDF above that is not shown."""
    return {Kind.PICTURE: MOST_PICTURE_BYTES, Kind.PDF: MOST_PDF_BYTES, Kind.TEXT: MOST_TEXT_BYTES, Kind.NONE: 0}[kind]


def make_preview(kind: Kind, data: bytes, size: QSize) -> Preview:
    """Show a file's bytes in at most `size` device pixels. Blocks, and loads pdfium: call it in one thread."""
    if kind is Kind.TEXT:
        return Preview(text=first_lines(data))
    if kind is Kind.PDF:
        return _first_page(data, size)
    image = _picture(data, size)
    return Preview(image=None if image.isNull() else image)


def first_lines(data: bytes) -> str:
    """The first lines of a text in UTF-8 or, where it is none, GB18030."""
    is_whole = len(data) < MOST_TEXT_BYTES  # otherwise the last character may be cut in two
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(data, final=is_whole)
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(line[:MOST_LINE_CHARS] for line in lines[:MOST_LINES])


def _picture(data: bytes, size: QSize) -> QImage:
    source = QByteArray(data)
    buffer = QBuffer(source)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    whole = reader.size()
    if not whole.isValid() or whole.width() * whole.height() > MOST_PIXELS:
        return QImage()
    if whole.width() > size.width() or whole.height() > size.height():
        reader.setScaledSize(whole.scaled(size, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


def _first_page(data: bytes, size: QSize) -> Preview:
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(data) as document:
            page: Any = document[0]
            width, height = page.get_size()
            scale = min(size.width() / max(width, 1), size.height() / max(height, 1))
            bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=True, may_draw_forms=False)
            pixels = bytes(bitmap.buffer)
            image = QImage(pixels, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGBX8888).copy()
            return Preview(image=None if image.isNull() else image, pages=len(document))
    except (pypdfium2.PdfiumError, ValueError, IndexError, MemoryError) as error:
        return Preview(problem=error)
