"""The printed certificate: what it says, its codes, its pages, and that it is made of vectors."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import segno
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from ipnft_desktop.domain.certificate import CertificateLanguage, certificate_lines, token_address
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.ui.certificates import page as certificate_page
from ipnft_desktop.ui.certificates.contents import CertificateContents, contents_of
from ipnft_desktop.ui.certificates.page import CertificatePage
from ipnft_desktop.ui.certificates.printing import print_certificates
from ipnft_desktop.ui.theme.paper import PAGE_MM
from ipnft_desktop.ui.theme.paper_text import dots

BUNDLE = Path(__file__).parents[1] / "support" / "evidence" / "format-1.evidence.zip"


def texts(file: Path) -> list[str]:
    """Each page's text, without its breaks."""
    document = pypdfium2.PdfDocument(file)
    pages = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return ["".join(text.split()) for text in pages]


def pictures(file: Path) -> list[int]:
    """How many pictures each page has."""
    document = pypdfium2.PdfDocument(file)
    counts = [sum(one.type == pdfium.FPDF_PAGEOBJ_IMAGE for one in page.get_objects()) for page in document]
    document.close()
    return counts


@pytest.mark.parametrize("language", CertificateLanguage)
async def test_every_fact_can_be_read_in_the_file(tmp_path: Path, language: CertificateLanguage) -> None:
    target = tmp_path / "certificate.pdf"
    await asyncio.to_thread(print_certificates, [BUNDLE], target, language)
    contents = contents_of(BUNDLE)
    (text,) = texts(target)
    wanted = ["Frequency hopping radio", token_address(contents.facts), f"sha256:{contents.bundle_sha256}"]
    for line in certificate_lines(contents.facts, language):
        wanted += [part for part in (line.name, line.value) if part.isascii()]
    assert [one for one in wanted if "".join(one.split()) not in text] == []
    assert ("Certificateofatoken" in text) is (language is not CertificateLanguage.CHINESE)
    assert ("合" in text) is (language is not CertificateLanguage.ENGLISH)
    assert pictures(target) == [1]


async def test_many_pages_are_one_file_and_it_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "all.pdf"
    pages: list[int] = []
    await asyncio.to_thread(print_certificates, [BUNDLE] * 3, target, CertificateLanguage.ENGLISH, pages.append)
    assert (len(texts(target)), pages) == (3, [1, 2, 3])

    def give_up(_number: int) -> None:
        raise KeyboardInterrupt

    target.write_bytes(b"older")
    with pytest.raises(KeyboardInterrupt):
        print_certificates([BUNDLE] * 3, target, CertificateLanguage.ENGLISH, give_up)
    assert await asyncio.to_thread(lambda: [path.name for path in tmp_path.iterdir()]) == ["all.pdf"]
    assert target.read_bytes() == b"older"
    with pytest.raises(UserError) as caught:
        print_certificates([BUNDLE], tmp_path / "nowhere" / "x.pdf", CertificateLanguage.ENGLISH)
    assert caught.value.code is ErrorCode.VALIDATION_FAILED


def test_the_codes_are_those_of_the_texts() -> None:
    """Drawn into pixels, each module of segno's own matrix has its colour."""
    text = "sha256:" + "4b" * 32
    rows: Sequence[Sequence[int]] = [list(row) for row in segno.make(text, error="m", boost_error=False).matrix]
    modules = len(rows) + 8
    image = QImage(modules * 4, modules * 4, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    certificate_page._draw_code(painter, QRectF(0, 0, modules * 4, modules * 4), text)
    painter.end()
    seen = [
        [int(image.pixelColor(4 * (column + 4) + 2, 4 * (row + 4) + 2).value() < 128) for column in range(len(rows))]
        for row in range(len(rows))
    ]
    assert seen == [[int(bool(module)) for module in row] for row in rows]


@pytest.mark.parametrize("language", CertificateLanguage)
@pytest.mark.parametrize("letter", ["W", "宽", "A long word ", "\u202e"])
def test_long_names_shrink_and_are_never_cut_off(letter: str, language: CertificateLanguage) -> None:
    contents = contents_of(BUNDLE)
    long = (letter * 200)[:200]
    facts: dict[str, Any] = contents.facts | {
        "asset": contents.facts["asset"] | dict.fromkeys(("name", "creator", "enterprise", "application_number"), long)
    }
    for picture in (contents.picture, None):
        page = CertificatePage(CertificateContents(facts, contents.bundle_sha256, picture), language)
        image = QImage(1, 1, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        layout = page.fitted()
        page.paint(painter)
        painter.end()
        right = dots(PAGE_MM.width())
        assert layout.end <= dots(PAGE_MM.height())
        for words in layout.words:
            lines = [words.text.lineAt(number) for number in range(words.text.lineCount())]
            assert sum(line.textLength() for line in lines) == len(words.text.text())
            assert all(words.corner.x() + line.naturalTextWidth() <= right for line in lines)


@pytest.mark.parametrize("language", CertificateLanguage)
async def test_what_proves_nothing_says_so_in_both_languages(tmp_path: Path, language: CertificateLanguage) -> None:
    """Signed with a published key, and with an owner that the register only states."""
    contents = contents_of(BUNDLE)
    assert not contents.is_demonstration
    stated: dict[str, Any] = contents.facts | {"state": contents.facts["state"] | {"is_proved": False}}
    wanted = ("DEMONSTRATION", "演示", "stated by the register, not proved", "登记簿的陈述")
    for made, is_told in ((replace(contents, facts=stated, is_demonstration=True), True), (contents, False)):
        page = CertificatePage(made, language)
        words = "\n".join(part.text.text() for part in page.fitted().words)
        assert [one in words for one in wanted] == [is_told] * len(wanted)


async def test_the_time_of_the_block_and_of_the_register_are_two(tmp_path: Path) -> None:
    """A chain of one's own has a clock of its own, which may begin years ago."""
    contents = contents_of(BUNDLE)
    told = certificate_lines(contents.facts, CertificateLanguage.ENGLISH, contents.recorded_at)
    lines = {line.name: line.value for line in told}
    assert lines["Block time of the mint (UTC)"] == contents.facts["mint"]["block_time"].replace("T", " ")[:19]
    assert lines["Recorded by the register (UTC)"] == contents.recorded_at.replace("T", " ")[:19]
    assert "Minted at (UTC)" not in lines


async def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "certificates.pdf"
    target.write_bytes(b"mine")
    for name in ("certificates (2).pdf", "certificates (3).pdf"):
        made = await asyncio.to_thread(print_certificates, [BUNDLE], target, CertificateLanguage.ENGLISH)
        assert made == tmp_path / name
        assert len(texts(made)) == 1
    assert target.read_bytes() == b"mine"
    assert await asyncio.to_thread(lambda: len(list(tmp_path.iterdir()))) == 3


async def test_pages_go_to_the_disk_one_by_one(tmp_path: Path) -> None:
    """While the last is still to come, the first is there: thousands take no more memory than one."""
    sizes: list[int] = []

    def look(_page: int) -> None:
        (part,) = tmp_path.glob(".*.part")
        sizes.append(part.stat().st_size)

    await asyncio.to_thread(print_certificates, [BUNDLE] * 6, tmp_path / "all.pdf", CertificateLanguage.ENGLISH, look)
    assert sizes[-1] > sizes[1] > 0
