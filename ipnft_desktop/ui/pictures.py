"""Pictures of assets, read from the content store, decoded off the event loop and kept ready to paint."""

from __future__ import annotations

import asyncio
import stat
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QImage, QImageIOHandler, QImageReader, QPainter, QPixmap

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.ui.theme.tokens import Radius

_MOST_BYTES = 64 * 1024 * 1024
_BYTES_PER_PIXEL = 4
_AT_ONCE = 3
_MOST_WAITING = 64
_RETRY_AFTER_S = 15.0
MOST_PICTURE_BYTES = 64 * 1024 * 1024
MOST_PIXELS = 100_000_000
"""More are not decoded: a small file can claim to be a picture that fills all memory."""


@dataclass(frozen=True, slots=True)
class _Key:
    """One picture in one size of device pixels."""

    cid: str
    width: int
    height: int
    dpr: float

    @property
    def size(self) -> QSize:
        return QSize(self.width, self.height)


class PictureStore(QObject):
    """Scaled pictures with the house's round corners, by CID.

    `read` fetches the bytes of a file; `loaded` carries the CID that can be painted now. The latest request is served
    first and requests that were scrolled away are dropped, so that what is in view appears soonest. A picture that
    cannot be read or decoded is asked for again after a while at the earliest.
    """

    loaded = Signal(str)

    def __init__(self, read: Callable[[str], Awaitable[bytes]]) -> None:
        super().__init__()
        self._read = read
        self._kept: OrderedDict[_Key, QPixmap] = OrderedDict()
        self._kept_bytes = 0
        self._waiting: OrderedDict[_Key, None] = OrderedDict()
        self._loading: set[_Key] = set()
        self._failed_at: dict[str, float] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")
        self._era = 0
        """Of what is kept; `clear` begins another, in which nothing of the former arrives any more."""
        self._closed = False

    def picture(self, cid: str, size: QSize, dpr: float) -> QPixmap | None:
        """The picture cropped to cover `size` (device-independent pixels); None while it is being loaded.

        Call on the running event loop: it starts the loading.
        """
        key = _Key(cid, max(1, round(size.width() * dpr)), max(1, round(size.height() * dpr)), dpr)
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        self._want(key)
        return None

    @property
    def is_idle(self) -> bool:
        """Nothing is being loaded, nothing waits."""
        return not (self._waiting or self._loading)

    def clear(self) -> None:
        """Keep no picture any more; what is on its way is dropped."""
        self._era += 1
        self._kept.clear()
        self._kept_bytes = 0
        self._waiting.clear()
        self._loading.clear()
        self._failed_at.clear()

    async def close(self) -> None:
        """Stop loading; nothing is loaded afterwards."""
        self._closed = True
        workers = tuple(self._workers)
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _want(self, key: _Key) -> None:
        loop = asyncio.get_running_loop()
        failed_at = self._failed_at.get(key.cid)
        recently_failed = failed_at is not None and loop.time() - failed_at < _RETRY_AFTER_S
        if self._closed or key in self._loading or recently_failed:
            return
        self._waiting[key] = None
        self._waiting.move_to_end(key)
        while len(self._waiting) > _MOST_WAITING:
            self._waiting.popitem(last=False)
        if len(self._workers) < _AT_ONCE:
            worker = loop.create_task(self._work(), name="pictures")
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)

    async def _work(self) -> None:
        while self._waiting:
            key, _ = self._waiting.popitem()
            self._loading.add(key)
            try:
                await self._load(key)
            finally:
                self._loading.discard(key)

    async def _load(self, key: _Key) -> None:
        loop = asyncio.get_running_loop()
        era = self._era
        try:
            data = await self._read(key.cid)
        # A damaged CID or a store that is not open: the place of the picture stays empty, as for no picture at all.
        except (IpnftError, OSError, ValueError):
            if era == self._era:
                self._failed_at[key.cid] = loop.time()
            return
        image = await loop.run_in_executor(self._threads, _finished, data, key.size, Radius.CONTROL * key.dpr)
        if era != self._era:
            return
        if image.isNull():
            self._failed_at[key.cid] = loop.time()
            return
        self._failed_at.pop(key.cid, None)
        pixmap = QPixmap.fromImage(image)
        pixmap.setDevicePixelRatio(key.dpr)
        self._keep(key, pixmap)
        self.loaded.emit(key.cid)

    def _keep(self, key: _Key, pixmap: QPixmap) -> None:
        self._kept[key] = pixmap
        self._kept_bytes += _size_bytes(key)
        while self._kept_bytes > _MOST_BYTES and len(self._kept) > 1:
            oldest, _ = self._kept.popitem(last=False)
            self._kept_bytes -= _size_bytes(oldest)


def decode_cover(data: bytes, size: QSize) -> QImage:
    """Decode and crop to cover `size` in device pixels; a null image if the bytes are no picture.

    `QImageReader.read` scales while it decodes and lets other Python threads run meanwhile; `QImage.fromData` and
    `QImage.scaled` hold them all up (175 ms for 12 megapixels).
    """
    source = QByteArray(data)
    buffer = QBuffer(source)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    turned = bool(reader.transformation() & QImageIOHandler.Transformation.TransformationRotate90)
    upright = reader.size().transposed() if turned else reader.size()
    if upright.width() * upright.height() > MOST_PIXELS:
        return QImage()
    if upright.isValid():
        scaled = upright.scaled(size, Qt.AspectRatioMode.KeepAspectRatioByExpanding)
        # The reader scales before it turns.
        reader.setScaledSize(scaled.transposed() if turned else scaled)
    image = reader.read()
    if image.isNull() or image.size() == size:
        return image
    left, top = (image.width() - size.width()) // 2, (image.height() - size.height()) // 2
    return image.copy(QRect(left, top, size.width(), size.height()))


def picture_bytes(path: Path) -> bytes:
    """A file a person chose for a picture; nothing where it is none, or too large for one. Raises OSError."""
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode) or found.st_size > MOST_PICTURE_BYTES:
        return b""
    return path.read_bytes()


def _finished(data: bytes, size: QSize, radius: float) -> QImage:
    """A picture ready to paint: rounding here, once, spares every paint a clip (four times the cost of drawing)."""
    image = decode_cover(data, size)
    return image if image.isNull() else round_corners(image, radius)


def round_corners(image: QImage, radius: float) -> QImage:
    """The image with transparent corners; `radius` in device pixels."""
    rounded = QImage(image.size(), QImage.Format.Format_ARGB32_Premultiplied)
    rounded.fill(Qt.GlobalColor.transparent)
    painter = QPainter(rounded)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(image))
    painter.drawRoundedRect(rounded.rect(), radius, radius)
    painter.end()
    return rounded


def _size_bytes(key: _Key) -> int:
    return key.width * key.height * _BYTES_PER_PIXEL
