"""The tour keeps its hands off a person's register, and its story fits any clock."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from ipnft_desktop.bootstrap.adapters import DATABASE_FILE
from ipnft_desktop.paths import PROJECT
from ipnft_desktop.tour.fewer_colours import reduced_png
from ipnft_desktop.tour.guide_pictures import MOST_PICTURE_BYTES, PICTURES, PictureMissing, write_guide_pictures
from ipnft_desktop.tour.minting import NEW_ASSET_CREATED_ON
from ipnft_desktop.tour.program import TourOptions, run_tour
from ipnft_desktop.ui.language import Language

DOCS = PROJECT / "docs"


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_the_story_creates_nothing_in_the_future() -> None:
    assert date.fromisoformat(NEW_ASSET_CREATED_ON) < date(2000, 1, 1)


async def test_a_profile_with_a_register_is_refused_and_not_touched(
    qapp: QApplication, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / DATABASE_FILE).write_bytes(b"what a person owns")
    assert await run_tour(qapp, TourOptions(tmp_path / "out", None, tmp_path)) == 2
    assert "holds a register already" in capsys.readouterr().err
    assert files_below(tmp_path) == {DATABASE_FILE: b"what a person owns"}


GUIDES = {Language.EN: ("user-guide.md", "pictures/"), Language.ZH: ("user-guide.zh.md", "pictures/zh/")}
NAMED_BY_README = frozenset({"register"})


@pytest.mark.parametrize("told", Language)
def test_the_tour_takes_every_picture_that_a_guide_names(told: Language) -> None:
    name, folder = GUIDES[told]
    named = re.findall(rf"!\[[^]]*\]\({folder}([a-z-]+)\.png\)", (DOCS / name).read_text("utf-8"))
    assert len(named) == len(set(named))
    # The section of the stage has a picture too.
    assert set(PICTURES) - {"stage"} <= {*named, *NAMED_BY_README}
    assert set(named) <= set(PICTURES)


@pytest.mark.parametrize("name", sorted(PICTURES))
@pytest.mark.parametrize("folder", ["pictures", "pictures/zh"])
def test_every_picture_of_the_guides_lies_there_and_is_small(folder: str, name: str) -> None:
    file = DOCS / folder / f"{name}.png"
    assert 0 < file.stat().st_size <= MOST_PICTURE_BYTES
    assert not QImage(str(file)).isNull()


def taken(folder: Path, *, without: str = "") -> list[Path]:
    """What a tour leaves behind, in small."""
    files: list[Path] = []
    for told in Language:
        for number, step in enumerate(sorted(set(PICTURES.values()) - {without}), 1):
            file = folder / f"{told}-light" / f"{number:02d}-{step}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            image = QImage(4, 4, QImage.Format.Format_RGB32)
            image.fill(QColor(number, 0, 0))
            image.save(str(file))
            files.append(file)
    return files


def test_the_pictures_of_the_guides_are_those_of_the_tour(tmp_path: Path) -> None:
    written = write_guide_pictures(taken(tmp_path / "tour"), tmp_path / "docs")
    assert len(written) == 2 * len(PICTURES)
    steps = sorted(set(PICTURES.values()))
    for name, step in PICTURES.items():
        for folder in ("docs", "docs/zh"):
            image = QImage(str(tmp_path / folder / f"{name}.png"))
            assert image.pixelColor(0, 0).red() == steps.index(step) + 1


def test_without_one_of_them_the_guides_keep_all_of_theirs(tmp_path: Path) -> None:
    with pytest.raises(PictureMissing, match="gas-savings"):
        write_guide_pictures(taken(tmp_path / "tour", without="gas-savings"), tmp_path / "docs")
    assert not (tmp_path / "docs").exists()


def test_fewer_colours_are_those_that_a_picture_has_most_of() -> None:
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    for at in range(64 * 64):
        shade = at % 1000
        image.setPixelColor(at % 64, at // 64, QColor(shade % 256, shade // 4, 7) if at >= 2048 else QColor(1, 2, 3))
    few = QImage.fromData(reduced_png(image))
    assert few.pixelColor(0, 0) == QColor(1, 2, 3), "a ground stays as it is"
    assert few.format() is QImage.Format.Format_Indexed8
    assert few.colorCount() <= 256
    with pytest.raises(ValueError, match="empty"):
        reduced_png(QImage())
