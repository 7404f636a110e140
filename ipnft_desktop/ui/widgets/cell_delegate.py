"""Paints the cells of a long table as the style sheet wants them, in a fraction of its time.

Qt's own way asks the model for eight roles of each cell and lays its text out twice in every frame. Here a text is
laid out once, and a cell costs one call. What is rare, a text of several lines or a table that is disabled, is left
to Qt; a test compares the two pixel by pixel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ipnft_desktop.ui.models.cell_look import ON_THE_WAY, Cells
from ipnft_desktop.ui.theme.fonts import mono_font, text_font
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import CELL_INSET, Tokens
from ipnft_desktop.ui.widgets.laid_out_texts import LaidOutTexts

# Numbers instead of flags: asking a flag for a part takes as long as drawing the text.
_SELECTED = QStyle.StateFlag.State_Selected.value
_HOVERED = QStyle.StateFlag.State_MouseOver.value
_ENABLED = QStyle.StateFlag.State_Enabled.value
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class Inks:
    """The colours of one theme, ready for a painter."""

    tokens: Tokens
    text: QColor
    muted: QColor
    line: QColor
    hovered: QColor
    selected: QColor


def _inks_of(tokens: Tokens) -> Inks:
    colours = (tokens.fg, tokens.muted, tokens.line, tokens.alt, tokens.accent_soft)
    return Inks(tokens, *map(QColor, colours))


class CellDelegate(QStyledItemDelegate):
    """For columns that hold nothing but text."""

    def __init__(self, cells: Cells, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cells, self._look = cells, cells.look
        self._texts, self._mono_texts = LaidOutTexts(text_font()), LaidOutTexts(mono_font())
        self._inks = _inks_of(theme().tokens)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the cell."""
        column = index.column()
        text = self._cells.text_at(index.row(), column)
        state: int = option.state.value
        if not text.isprintable() or not state & _ENABLED:
            super().paint(painter, option, index)
            return
        self.paint_ground(painter, option.rect, state)
        if text:
            self.paint_text(painter, text, option.rect, column, state)

    def paint_text(
        self, painter: QPainter, text: str, cell: QRect, column: int, state: int, indent_px: int = 0
    ) -> None:
        """Draw the one line of a cell on its ground, with room for something else before it."""
        left, top, width, height = _rectangle(cell)
        is_muted = text is ON_THE_WAY or (column in self._look.muted and not state & _SELECTED)
        painter.setPen(self._inks.muted if is_muted else self._inks.text)
        texts = self._mono_texts if column in self._look.mono else self._texts
        # The line below the cell is no space for text.
        space = (left + CELL_INSET + indent_px, top, width - 2 * CELL_INSET - indent_px, height - 1)
        texts.paint(painter, text, space, _RIGHT if column in self._look.right else _LEFT)

    def paint_ground(self, painter: QPainter, cell: QRect, state: int) -> Inks:
        """Draw what lies under the content of a cell, and the line below it; answers the colours in force."""
        tokens = theme().tokens
        if self._inks.tokens is not tokens:
            self._inks = _inks_of(tokens)
        inks = self._inks
        left, top, width, height = _rectangle(cell)
        if state & (_SELECTED | _HOVERED):
            painter.fillRect(left, top, width, height, inks.selected if state & _SELECTED else inks.hovered)
        painter.fillRect(left, top + height - 1, width, 1, inks.line)
        return inks


def _rectangle(cell: QRect) -> tuple[int, int, int, int]:
    return cast("tuple[int, int, int, int]", cell.getRect())  # the stubs say object
