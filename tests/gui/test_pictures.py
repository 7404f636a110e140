"""The picture cache: cover-cropped, loaded once, newest request first, bounded, and quiet about what is no picture."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.ui import pictures
from ipnft_desktop.ui.pictures import PictureStore, decode_cover
from tests.gui.support.waiting import settled, turns

SIZE = QSize(40, 20)


def three_bands() -> bytes:
    """A PNG 90 x 90: red, green and blue bands from top to bottom."""
    image = QImage(90, 90, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    for index, colour in enumerate(("#ff0000", "#00ff00", "#0000ff")):
        painter.fillRect(0, 30 * index, 90, 30, QColor(colour))
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(data.data())


class Shelf:
    """A content store by hand: counts readings and can hold them back."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.read_cids: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.fault: Exception | None = None

    async def read(self, cid: str) -> bytes:
        self.read_cids.append(cid)
        await self.gate.wait()
        if self.fault:
            raise self.fault
        return self.files[cid]


@pytest.fixture
async def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
async def store(shelf: Shelf) -> AsyncIterator[PictureStore]:
    store = PictureStore(shelf.read)
    yield store
    await store.close()


def next_loaded(store: PictureStore) -> asyncio.Future[str]:
    future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    store.loaded.connect(lambda cid: None if future.done() else future.set_result(cid))
    return future


def test_cover_crop_keeps_the_middle(qapp: object) -> None:
    image = decode_cover(three_bands(), QSize(60, 20))
    assert image.size() == QSize(60, 20)
    assert image.pixelColor(30, 10) == QColor("#00ff00")
    assert image.pixelColor(1, 10) == QColor("#00ff00")


def test_no_picture_is_a_null_image(qapp: object) -> None:
    assert decode_cover(b"%PDF-1.7", SIZE).isNull()
    assert decode_cover(b"", SIZE).isNull()


async def test_first_call_loads_second_answers(store: PictureStore, shelf: Shelf) -> None:
    shelf.files["a"] = three_bands()
    loaded = next_loaded(store)
    assert store.picture("a", SIZE, 2.0) is None
    assert store.picture("a", SIZE, 2.0) is None
    assert await loaded == "a"
    pixmap = store.picture("a", SIZE, 2.0)
    assert pixmap is not None
    assert (pixmap.size(), pixmap.devicePixelRatio()) == (QSize(80, 40), 2.0)
    image = pixmap.toImage()
    assert image.pixelColor(0, 0).alpha() == 0, "the corner is round"
    assert image.pixelColor(40, 20) == QColor("#00ff00")
    assert shelf.read_cids == ["a"]


async def test_another_size_is_another_picture(store: PictureStore, shelf: Shelf) -> None:
    shelf.files["a"] = three_bands()
    loaded = next_loaded(store)
    store.picture("a", SIZE, 1.0)
    await loaded
    assert store.picture("a", QSize(10, 10), 1.0) is None


async def test_few_at_once_and_newest_first(store: PictureStore, shelf: Shelf) -> None:
    cids = [f"cid{number}" for number in range(100)]
    shelf.files = {cid: three_bands() for cid in cids}
    shelf.gate.clear()
    for cid in cids:
        store.picture(cid, SIZE, 1.0)
    await settled(lambda: len(shelf.read_cids) == 3)
    assert shelf.read_cids == ["cid99", "cid98", "cid97"]
    shelf.gate.set()
    await settled(lambda: store.picture("cid40", SIZE, 1.0) is not None)
    assert "cid0" not in shelf.read_cids, "a request scrolled away long ago is dropped"


async def test_cache_is_bounded(store: PictureStore, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "_MOST_BYTES", 2 * SIZE.width() * SIZE.height() * 4)
    shelf.files = {cid: three_bands() for cid in "abc"}
    for cid in "abc":
        loaded = next_loaded(store)
        store.picture(cid, SIZE, 1.0)
        await loaded
    assert store.picture("c", SIZE, 1.0) is not None
    assert store.picture("b", SIZE, 1.0) is not None
    assert store.picture("a", SIZE, 1.0) is None


@pytest.mark.parametrize(
    "fault", [EnvironmentFault(ErrorCode.CONTENT_STORE_UNAVAILABLE), ValueError("not a CID"), None], ids=str
)
async def test_failure_is_not_repeated_at_every_paint(
    store: PictureStore, shelf: Shelf, fault: Exception | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.files["a"] = b"not a picture"
    shelf.fault = fault
    store.picture("a", SIZE, 1.0)
    await settled(lambda: "a" in store._failed_at)
    assert store.picture("a", SIZE, 1.0) is None
    await asyncio.sleep(0)
    assert shelf.read_cids == ["a"]
    monkeypatch.setattr(pictures, "_RETRY_AFTER_S", 0.0)
    shelf.fault, shelf.files["a"] = None, three_bands()
    loaded = next_loaded(store)
    store.picture("a", SIZE, 1.0)
    assert await loaded == "a"


async def test_close_stops_loading(shelf: Shelf) -> None:
    store = PictureStore(shelf.read)
    shelf.gate.clear()
    store.picture("a", SIZE, 1.0)
    await settled(lambda: shelf.read_cids == ["a"])
    await store.close()
    assert store.picture("b", SIZE, 1.0) is None
    assert shelf.read_cids == ["a"]


def test_scaling_is_smooth(qapp: object) -> None:
    """Fine black and white lines become grey, not noise."""
    image = QImage(400, 400, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    for row in range(0, 400, 2):
        painter.fillRect(0, row, 400, 1, Qt.GlobalColor.black)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    grey = decode_cover(bytes(data.data()), QSize(40, 40)).pixelColor(20, 20).lightnessF()
    assert 0.4 < grey < 0.6


async def test_what_is_cleared_is_gone_and_what_was_on_its_way_does_not_arrive(
    store: PictureStore, shelf: Shelf
) -> None:
    shelf.files = {"kept": three_bands(), "coming": three_bands()}
    store.picture("kept", SIZE, 1)
    await settled(lambda: store.picture("kept", SIZE, 1) is not None)
    shelf.gate.clear()
    store.picture("coming", SIZE, 1)
    await settled(lambda: shelf.read_cids[-1] == "coming")
    arrived: list[str] = []
    store.loaded.connect(arrived.append)

    store.clear()
    shelf.gate.set()
    await settled(lambda: store.is_idle)
    assert store.picture("kept", SIZE, 1) is None
    await settled(lambda: store.picture("kept", SIZE, 1) is not None)
    assert arrived == ["kept"]


async def test_a_picture_refused_before_it_was_cleared_is_asked_for_again_at_once(
    store: PictureStore, shelf: Shelf
) -> None:
    shelf.files, shelf.fault = {"a": three_bands()}, UserError(ErrorCode.SIGN_IN_REQUIRED)
    shelf.gate.clear()
    store.picture("a", SIZE, 1)
    await settled(lambda: shelf.read_cids == ["a"])
    store.clear()
    shelf.gate.set()
    await turns()
    shelf.fault = None
    async with asyncio.timeout(5):
        await settled(lambda: store.picture("a", SIZE, 1) is not None)
