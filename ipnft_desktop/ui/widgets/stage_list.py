"""Ordered stages with state, detail and duration; serves the environment page and the mint dialog."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.ui.theme.glyphs import paint_cross, paint_dot, paint_tick
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, Stroke, TextSize, Weight
from ipnft_desktop.ui.widgets.card import Rule
from ipnft_desktop.ui.widgets.measures import listed
from ipnft_desktop.ui.widgets.tab_order import follow
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text

_ROW_GAP = Space.S + Space.XXS


class StageState(StrEnum):
    """How far a stage is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class StageItem:
    """One row; `duration` is the text at the right ("0.04 s")."""

    key: str
    title: str
    detail: str = ""
    state: StageState = StageState.WAITING
    duration: str = ""


class StageMark(QWidget):
    """The circle at the left: empty, filled, ticked or crossed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = StageState.WAITING
        self.setFixedSize(Size.STAGE_MARK, Size.STAGE_MARK)

    def set_state(self, state: StageState) -> None:
        """Show another state."""
        self._state = state
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the circle and what is in it."""
        tokens = theme().tokens
        colour = QColor(
            {
                StageState.WAITING: tokens.control_line,
                StageState.RUNNING: tokens.accent,
                StageState.DONE: tokens.ok,
                StageState.FAILED: tokens.error,
            }[self._state]
        )
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour, Stroke.FOCUS))
        painter.drawEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        middle = QRectF(self.rect()).center()
        if self._state is StageState.RUNNING:
            paint_dot(painter, middle, colour)
        elif self._state is StageState.DONE:
            paint_tick(painter, middle, colour)
        elif self._state is StageState.FAILED:
            paint_cross(painter, middle, colour)
        painter.end()


class _StageRow(QWidget):
    def __init__(self, item: StageItem) -> None:
        super().__init__()
        self.item = item
        self._mark = StageMark()
        self._title = ElidedLabel(item.title, TextSize.BODY, Weight.SEMIBOLD)
        self._detail = ElidedLabel(item.detail, TextSize.CAPTION, ink=Ink.MUTED)
        self._duration = Text(item.duration, TextSize.CAPTION, ink=Ink.MUTED, mono=True)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._title)
        words.addWidget(self._detail)
        line = QHBoxLayout()
        line.setSpacing(Space.M)
        line.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        line.addWidget(self._duration, 0, Qt.AlignmentFlag.AlignTop)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, _ROW_GAP, 0, 0)
        self._box.setSpacing(_ROW_GAP)
        self._box.addLayout(line)
        self._box.addWidget(Rule())
        self.show_item(item)

    def show_item(self, item: StageItem) -> None:
        self.item = item
        self._mark.set_state(item.state)
        self._title.setText(item.title)
        self._title.set_ink(Ink.MUTED if item.state is StageState.WAITING else Ink.FG)
        self._detail.setText(item.detail)
        self._duration.setText(item.duration)
        parts = (item.title, self._state_word(item.state), item.detail, item.duration)
        self.setAccessibleName(listed(filter(None, parts)))

    def _state_word(self, state: StageState) -> str:
        return {
            StageState.WAITING: self.tr("waiting"),
            StageState.RUNNING: self.tr("running"),
            StageState.DONE: self.tr("done"),
            StageState.FAILED: self.tr("failed"),
        }[state]

    def attach(self, widget: QWidget) -> None:
        self._box.insertWidget(1, widget)


class StageList(QWidget):
    """The stages in order; a failed one can carry a widget that explains it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, _StageRow] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)

    @property
    def items(self) -> tuple[StageItem, ...]:
        """What is shown, in order."""
        return tuple(row.item for row in self._rows.values())

    def set_stages(self, items: Sequence[StageItem]) -> None:
        """Show these stages; rows that exist already are kept and refreshed."""
        if [item.key for item in items] != list(self._rows):
            self._rebuild(items)
            return
        for item in items:
            self._rows[item.key].show_item(item)

    def set_stage(self, item: StageItem) -> None:
        """Refresh the one row with this key; `KeyError` if there is none."""
        self._rows[item.key].show_item(item)

    def attach(self, key: str, widget: QWidget) -> None:
        """Put a widget under a row; it moves there if it stands under another."""
        self._rows[key].attach(widget)
        follow(self, widget.findChildren(QWidget))

    def _rebuild(self, items: Sequence[StageItem]) -> None:
        for row in self._rows.values():
            row.hide()
            row.deleteLater()
        self._rows = {item.key: _StageRow(item) for item in items}
        for row in self._rows.values():
            self._box.addWidget(row)
