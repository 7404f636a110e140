"""The register's own way to paint a cell: it looks like Qt's, asks for little, and shows what is true now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QRect, Qt, QTranslator
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QStyledItemDelegate

from ipnft_desktop.domain.assets import AssetPage, AssetQuery
from ipnft_desktop.domain.minting import AssetState, MintStage
from ipnft_desktop.ui.models.asset_table_model import AssetTableModel, Column
from ipnft_desktop.ui.register.asset_table import AssetTable
from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.widgets.laid_out_texts import KEPT_TEXTS, LaidOutTexts
from tests.gui.register_doubles import row

_NAMES = (
    "Cell",
    "A name much wider than the column in which it has to stand",
    "一种芯片的方法",
    "two\nlines",
    "",
)


class CountingModel(AssetTableModel):
    """Counts what a view asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.roles_asked = 0
        self.texts_asked = 0

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        self.roles_asked += 1
        return super().data(index, role)

    def text_at(self, at: int, column: int) -> str:
        self.texts_asked += 1
        return super().text_at(at, column)


@pytest.fixture
def table(qapp: QApplication) -> Iterator[AssetTable]:
    model = CountingModel()
    rows = tuple(
        replace(row(number), name=name, token_id=number or None, creator_name="艾达 · Ada Lovelace, Countess")
        for number, name in enumerate(_NAMES)
    )
    model.reset(AssetQuery(), len(rows), AssetPage(rows, None))
    table = AssetTable(model)
    theme().dress(table)
    table.resize(1800, 300)
    # A switch of the theme measures scroll bars anew some turns later; here only the cells matter.
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.choose_columns([column.name.lower() for column in Column])
    yield table
    table.deleteLater()
    model.deleteLater()


def picture(table: AssetTable) -> QImage:
    return table.viewport().grab().toImage()


def counts(table: AssetTable) -> CountingModel:
    model = table.model()
    assert isinstance(model, CountingModel)
    return model


@pytest.mark.parametrize("is_dark", [False, True])
def test_a_cell_looks_as_if_qt_had_painted_it(table: AssetTable, is_dark: bool) -> None:
    picture(table)  # in the colours of before
    theme().set_dark(is_dark)
    theme().finish()
    table.setColumnHidden(Column.STATUS, True)
    table.selectRow(1)
    own = picture(table)
    table.setItemDelegate(QStyledItemDelegate(table))
    assert own == picture(table)


def test_a_cell_costs_one_question(table: AssetTable) -> None:
    model = counts(table)
    table.hideRow(3)  # the name in two lines is left to Qt
    picture(table)
    model.roles_asked = model.texts_asked = 0
    picture(table)
    assert model.roles_asked == 0
    assert model.texts_asked == (len(_NAMES) - 1) * (len(Column) - 1)  # the state is no text


def test_a_row_on_the_way_is_asked_for_and_shown_as_such(table: AssetTable) -> None:
    model = counts(table)
    model.reset(AssetQuery(), 3, AssetPage((), None))
    wanted: list[int] = []
    model.page_wanted.connect(wanted.append)
    picture(table)
    assert wanted == [0]
    assert model.text_at(0, Column.NAME) == "…"


def test_a_mint_and_a_theme_are_seen_at_once(table: AssetTable) -> None:
    model = counts(table)
    before = picture(table)
    minting = replace(row(0), name=_NAMES[0], creator_name="艾达 · Ada Lovelace, Countess", state=AssetState.MINTING)
    model.apply_changed(replace(minting, stage=MintStage.SUBMITTING))
    submitting = picture(table)
    model.apply_changed(replace(minting, stage=MintStage.CONFIRMING, confirmations=3, required_confirmations=6))
    confirming = picture(table)
    theme().set_dark(True)
    theme().finish()
    assert len({_bytes(image) for image in (before, submitting, confirming, picture(table))}) == 4


class Chinese(QTranslator):
    """Knows one word."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        return "专利" if (context, source) == ("AssetType", "Patent") else ""

    def isEmpty(self) -> bool:
        return False


def test_the_next_frame_speaks_the_language_chosen(table: AssetTable) -> None:
    english = picture(table)
    chinese = Chinese()
    QCoreApplication.installTranslator(chinese)
    try:
        assert counts(table).text_at(0, Column.TYPE) == "专利"
        assert picture(table) != english
    finally:
        QCoreApplication.removeTranslator(chinese)
    assert picture(table) == english


def test_only_the_texts_laid_out_last_are_kept(qapp: QApplication) -> None:
    texts = LaidOutTexts(text_font())
    paper = QImage(100, 30, QImage.Format.Format_RGB32)
    painter = QPainter(paper)
    for number in range(KEPT_TEXTS + 5):
        texts.paint(painter, str(number), (0, 0, 100, 30))
    painter.end()
    assert len(texts._kept) == KEPT_TEXTS


def test_a_text_is_cut_to_its_space_and_stands_where_it_shall(qapp: QApplication) -> None:
    def ink(align: Qt.AlignmentFlag, text: str) -> QRect:
        paper = QImage(200, 30, QImage.Format.Format_RGB32)
        paper.fill(Qt.GlobalColor.white)
        painter = QPainter(paper)
        LaidOutTexts(text_font()).paint(painter, text, (50, 0, 100, 30), align)
        painter.end()
        dark = [x for x in range(200) for y in range(30) if paper.pixelColor(x, y).lightness() < 128]
        return QRect(min(dark), 0, max(dark) - min(dark) + 1, 30)

    left, right = ink(Qt.AlignmentFlag.AlignLeft, "word"), ink(Qt.AlignmentFlag.AlignRight, "word")
    middle = ink(Qt.AlignmentFlag.AlignHCenter, "word")
    assert 50 <= left.left() < 54
    assert 146 < right.right() <= 150
    assert abs(middle.center().x() - 100) <= 2
    assert ink(Qt.AlignmentFlag.AlignLeft, "a long text " * 9).right() <= 150


def _bytes(image: QImage) -> bytes:
    return bytes(image.constBits())
