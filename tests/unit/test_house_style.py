"""The check that no page sets a colour or a pixel of its own finds both, and the window is clean."""

from __future__ import annotations

import pytest

from ipnft_desktop.paths import PROJECT
from launcher import house_style

COLOURS = (
    'label.setText("#2f5bea")',
    'painter.setPen(QColor("red"))',
    "painter.setPen(QColor(0, 0, 0, 90))",
    "painter.fillRect(cell, Qt.GlobalColor.red)",
    'button.setStyleSheet("border: none")',
)
UNDRESSED = ("menu = QMenu(self)", "class Question(QDialog):\n    pass")
LENGTHS = (
    "box.setSpacing(6)",
    "box.setContentsMargins(0, 12, 0, 0)",
    "view.setFixedWidth(-3)",
    "table.setColumnWidth(0, 140)",
    "view.resize(QSize(640, 480))",
    "box.setSpacing(Space.M + 3)",
    "left = Size.ICON - 2",
    "box.setSpacing(8 if is_dense else 12)",
    "bind_icon(button, icon, gap_px=6)",
    "_WIDTH = 460",
    "_WIDTH, _ROWS = 460, 4",
    "_WIDTHS = {Column.NAME: 120}",
    "_EDGE = 40\nview.setFixedHeight(_EDGE)",
    "_EDGE = 40\nview.setFixedHeight(_EDGE / 2)",
    "_EDGE = 40\nview.setFixedHeight(2 * _EDGE)",
    "RecordColumn(title, text, 150)",
    "def paintEvent(self, event):\n    return event.width - 7",
    "class Mark:\n    def sizeHint(self):\n        return self.text_width + 14",
)
ALLOWED = (
    "box.setSpacing(0)",
    "box.setContentsMargins(0, 1, Space.M, 0)",
    "view.setFixedWidth(DialogWidth.S - 2 * Space.XL)",
    "_ROWS = 5\nview.setFixedHeight(Size.TABLE_HEADER + _ROWS * Size.TABLE_ROW)",
    "_SHAPE = 0.69\nview.setFixedHeight(view.width() * _SHAPE)",
    "table.setColumnWidth(3, ColumnWidth.L)",
    "grid.setRowMinimumHeight(7, 0)",
    "painter.setPen(QColor(tokens.fg))",
    "pixmap.fill(Qt.GlobalColor.transparent)",
    "_PAUSE_MS = 300\ntimer.setInterval(_PAUSE_MS)",
    "line.addWidget(label, 2)",
    'text = f"#{block:,}"',
    "def paintEvent(self, event):\n    return (event.height() - Size.ICON) / 2",
)


@pytest.mark.parametrize("source", [*COLOURS, *UNDRESSED, *LENGTHS])
def test_finds_what_a_page_sets_by_itself(source: str) -> None:
    assert house_style.findings_in(source)


@pytest.mark.parametrize("source", ALLOWED)
def test_leaves_tokens_and_their_multiples_alone(source: str) -> None:
    assert house_style.findings_in(source) == []


def test_no_page_sets_a_colour_or_a_pixel_of_its_own() -> None:
    assert house_style.findings(PROJECT) == []
