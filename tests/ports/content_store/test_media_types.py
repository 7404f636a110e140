"""What a file is told by its content; its name only decides among what the content allows."""

from __future__ import annotations

from pathlib import Path

import pytest

from ipnft_desktop.adapters.content.media_types import UNKNOWN, media_type_of
from ipnft_desktop.services.ports import ContentStore

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
EXE = b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff" + bytes(100)
ZIP = b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("lamp.png", PNG, "image/png"),
        ("lamp", PNG, "image/png"),
        ("lamp.jpg", PNG, "image/png"),
        ("lamp.png", EXE, "application/vnd.microsoft.portable-executable"),
        ("lamp.pdf", b"\x7fELF\2\1\1" + bytes(60), "application/x-elf"),
        ("lamp.png", b"not a picture at all", "text/plain"),
        ("lamp.png", bytes(range(256)), UNKNOWN),
        ("lamp.pdf", bytes(range(256)), UNKNOWN),
        ("score.pdf", PDF, "application/pdf"),
        ("score.txt", PDF, "application/pdf"),
        ("terms.docx", ZIP, DOCX),
        ("terms.png", ZIP, "application/zip"),
        ("terms", ZIP, "application/zip"),
        ("notes.txt", b"BMW is a make of cars\n", "text/plain"),
        ("notes.txt", "登记".encode("gb18030"), "text/plain"),
        ("notes", "登记\n".encode(), "text/plain"),
        ("table.csv", b"a,b\n1,2\n", "text/csv"),
        ("data.json", b'{"a":1}', "application/json"),
        ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg"></svg>', "image/svg+xml"),
        ("page.txt", b"<!DOCTYPE html><html><script>", "text/plain"),
        ("photo.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(50), "image/jpeg"),
        ("film.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0" + bytes(40), "video/mp4"),
        ("empty.bin", b"", "text/plain"),
    ],
)
def test_the_content_decides(name: str, content: bytes, media_type: str) -> None:
    assert media_type_of(name, content) == media_type


@pytest.mark.parametrize("confidential", [False, True])
async def test_a_file_is_told_in_the_pass_that_stores_it(
    store: ContentStore, tmp_path: Path, confidential: bool
) -> None:
    (tmp_path / "lamp.png").write_bytes(EXE)
    stored = await store.add_file(tmp_path / "lamp.png", confidential=confidential)
    assert stored.media_type == "application/vnd.microsoft.portable-executable"
