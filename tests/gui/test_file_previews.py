"""Files of an asset on the Register page: looked at, copied from, dropped on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.assets import Attachment
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.paths import DEMO_DATA
from ipnft_desktop.ui import pictures
from ipnft_desktop.ui.previews import MOST_TEXT_BYTES, Kind, first_lines, kind_of, make_preview
from ipnft_desktop.ui.register import preview_presenter
from ipnft_desktop.ui.register.file_preview import FilePreviewDialog
from ipnft_desktop.ui.register.preview_presenter import FilePreviewPresenter
from ipnft_desktop.ui.widgets.attachment_list import AttachmentList
from tests.gui.support.waiting import settled

VIEW = QSize(640, 420)
PDF = next(DEMO_DATA.rglob("*.pdf")).read_bytes()


def png(width: int, height: int) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkGreen)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return data.data()


def file(media_type: str, size_bytes: int = 1_000, **changes: object) -> Attachment:
    return Attachment(UUID(int=1), "score.pdf", media_type, size_bytes, bytes(32), "cid", **changes)  # type: ignore[arg-type]


class _Files:
    """Gives these bytes, or this fault."""

    def __init__(self) -> None:
        self.data = b""
        self.fault: EnvironmentFault | None = None

    async def file_head(self, file: Attachment, most_bytes: int) -> bytes:
        if self.fault:
            raise self.fault
        return self.data[:most_bytes]


@pytest.fixture
async def files() -> _Files:
    return _Files()


@pytest.fixture
async def previews(files: _Files) -> AsyncIterator[FilePreviewPresenter]:
    host = QWidget()
    host.show()
    made = FilePreviewPresenter(host, files)
    yield made
    await made.close()
    host.deleteLater()


async def _shown(previews: FilePreviewPresenter, wanted: Attachment) -> FilePreviewDialog:
    previews.show(wanted)
    dialog = previews.dialog
    assert dialog is not None
    await settled(lambda: dialog.message.text() != "Loading…" or dialog._stack.currentWidget() is not dialog.message)
    return dialog


async def test_a_picture_is_shown_small(previews: FilePreviewPresenter, files: _Files) -> None:
    files.data = png(1_280, 420)
    dialog = await _shown(previews, file("image/png"))
    assert dialog.picture.pixmap().size() == QSize(640, 210)


async def test_the_first_page_of_a_pdf_is_shown(previews: FilePreviewPresenter, files: _Files) -> None:
    files.data = PDF
    dialog = await _shown(previews, file("application/pdf"))
    assert dialog._stack.currentWidget() is dialog.picture
    assert dialog.picture.pixmap().height() == 420


async def test_a_broken_pdf_is_told(previews: FilePreviewPresenter, files: _Files) -> None:
    files.data = b"%PDF-1.7\nnothing more"
    dialog = await _shown(previews, file("application/pdf"))
    assert "damaged" in dialog.message.text()


async def test_text_is_shown_plain_and_nothing_in_it_is_invisible(
    previews: FilePreviewPresenter, files: _Files
) -> None:
    files.data = "<b>登记</b> \u202egnp.exe".encode()
    dialog = await _shown(previews, file("text/plain"))
    assert dialog.text.toPlainText() == "<b>登记</b> ⟨U+202E⟩gnp.exe"


async def test_what_has_no_preview_is_told_with_what_it_is(previews: FilePreviewPresenter) -> None:
    dialog = await _shown(previews, file("application/x-elf", confidential=True))
    assert "no preview" in dialog.message.text()
    assert {fact.key for fact in dialog.facts.facts} == {"Media type", "Size", "Access", "SHA-256"}


async def test_what_is_too_large_is_not_read(previews: FilePreviewPresenter, files: _Files) -> None:
    files.fault = EnvironmentFault(ErrorCode.CONTENT_MISMATCH)
    dialog = await _shown(previews, file("image/png", 5_000_000_000))
    assert "too large" in dialog.message.text()
    assert not dialog.error_panel.isVisible()


async def test_a_missing_key_is_told_with_what_to_do(previews: FilePreviewPresenter, files: _Files) -> None:
    files.fault = EnvironmentFault(ErrorCode.CONTENT_KEY_MISSING)
    dialog = await _shown(previews, file("text/plain", confidential=True, sealed_key=b"key"))
    assert dialog.error_panel.code == "CONTENT_KEY_MISSING"


async def test_what_takes_for_ever_is_given_up(previews: FilePreviewPresenter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview_presenter, "PATIENCE_S", 0.0)
    dialog = await _shown(previews, file("text/plain"))
    assert "too long" in dialog.message.text()


async def test_another_preview_takes_the_place_of_the_open_one(previews: FilePreviewPresenter, files: _Files) -> None:
    files.data = b"text"
    ended: list[int] = []
    (await _shown(previews, file("text/plain"))).finished.connect(ended.append)
    second = await _shown(previews, file("text/plain"))
    assert previews.dialog is second
    assert len(ended) == 1
    saved: list[Attachment] = []
    previews.save_requested.connect(saved.append)
    second.save_button.click()
    assert saved == [second.file]


def test_a_picture_that_would_fill_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = png(40, 30)
    assert make_preview(Kind.PICTURE, data, VIEW).image is not None
    huge = data[:16] + (60_000).to_bytes(4, "big") + (60_000).to_bytes(4, "big") + data[24:]
    assert make_preview(Kind.PICTURE, huge, VIEW).image is None
    assert pictures.decode_cover(huge, VIEW).isNull()


def test_only_regular_files_of_some_size_are_taken_for_pictures(tmp_path: Path) -> None:
    (tmp_path / "small.png").write_bytes(b"small")
    with (tmp_path / "huge.png").open("wb") as huge:
        huge.truncate(5 * 2**30)
    assert pictures.picture_bytes(tmp_path / "small.png") == b"small"
    assert pictures.picture_bytes(tmp_path / "huge.png") == b""
    assert pictures.picture_bytes(tmp_path) == b""


def test_texts_are_read_in_both_encodings_and_cut() -> None:
    assert first_lines("\ufeff登记".encode()) == "登记"
    assert first_lines("登记".encode("gb18030")) == "登记"
    assert len(first_lines(b"a\n" * 1_000).splitlines()) == 400
    for encoding in ("utf-8", "gb18030"):
        assert set(first_lines("登".encode(encoding) * 40_000)[:1_000]) == {"登"}
        assert set(first_lines(("登".encode(encoding) * 40_000)[:MOST_TEXT_BYTES])[:1_000]) == {"登"}
    assert [kind_of(name) for name in ("image/svg+xml", "application/ld+json", "application/zip")] == [
        Kind.PICTURE,
        Kind.TEXT,
        Kind.NONE,
    ]


def test_hashes_are_copied_and_the_address_of_a_confidential_file_is_not_offered() -> None:
    shown = AttachmentList(can_preview=True)
    public, secret = file("text/plain"), file("text/plain", confidential=True)
    assert [action.text() for action in shown.menu_of(secret).actions()] == ["Copy SHA-256"]
    cid, sha256 = shown.menu_of(public).actions()
    cid.trigger()
    assert QGuiApplication.clipboard().text() == "cid"
    sha256.trigger()
    assert QGuiApplication.clipboard().text() == "00" * 32
    shown.deleteLater()
