"""What counts as a difference between two pictures, and what does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from tests.pictures.comparison import ACCEPT, Comparison

NAME = "card.en-light.png"


def drawn(ground: str, text: str, shift_px: float = 0.0) -> QPixmap:
    """A card with a rounded frame and a word."""
    picture = QPixmap(400, 240)
    picture.fill(QColor(ground))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor("#2f5bea"))
    painter.drawRoundedRect(QRectF(20 + shift_px, 20, 360, 200), 12, 12)
    painter.drawText(60, 120, text)
    painter.end()
    return picture


@pytest.fixture
def comparison(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Comparison:
    made = Comparison(tmp_path / "reference", tmp_path / "build")
    monkeypatch.setenv(ACCEPT, "1")
    assert made.judge({NAME: drawn("#ffffff", "Minted")}) == {}
    monkeypatch.delenv(ACCEPT)
    return made


@pytest.mark.parametrize(
    "again", [lambda: drawn("#ffffff", "Minted"), lambda: drawn("#ffffff", "Minted", 0.2)], ids=["same", "smoothing"]
)
def test_the_same_picture_passes_whatever_smooths_its_edges(
    comparison: Comparison, again: Callable[[], QPixmap]
) -> None:
    assert comparison.judge({NAME: again()}) == {}


@pytest.mark.parametrize(
    "other", [lambda: drawn("#ffffff", "Mint"), lambda: drawn("#f5f6f8", "Minted")], ids=["word", "colour"]
)
def test_a_change_is_found_and_drawn(comparison: Comparison, other: Callable[[], QPixmap], tmp_path: Path) -> None:
    found = comparison.judge({NAME: other()})
    assert list(found) == [NAME]
    assert "pixels differ" in found[NAME]
    assert (tmp_path / "build" / "differences" / NAME).is_file()


def test_another_size_and_a_picture_nobody_accepted_are_told(comparison: Comparison) -> None:
    found = comparison.judge({NAME: drawn("#ffffff", "Minted").copy(0, 0, 300, 200), "new.png": drawn("#fff", "")})
    assert found == {NAME: "150 x 100 pixels instead of 200 x 120", "new.png": "there is no reference picture"}
