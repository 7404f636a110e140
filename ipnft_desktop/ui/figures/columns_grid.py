"""Widgets of one size side by side, in as many columns as there is room for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget


class ColumnsGrid(QWidget):
    """Fills its columns from left to right; the widgets stay where they are while it becomes narrower."""

    def __init__(self, columns: Sequence[int], least_width_px: int, gap_px: int, parent: QWidget | None = None) -> None:
        """`columns` are the numbers of columns to choose from, most first; `least_width_px` is what one needs."""
        super().__init__(parent)
        self._parts: list[QWidget] = []
        self._columns = tuple(columns)
        self._least_width_px = least_width_px
        self._gap_px = gap_px
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(gap_px)
        self._shown = 0
        self._lay_out(self._columns[0])

    def add(self, part: QWidget) -> None:
        """Put one more behind the others."""
        self._grid.addWidget(part, *divmod(len(self._parts), self._shown))
        self._parts.append(part)

    @property
    def columns(self) -> int:
        """How many there are now."""
        return self._shown

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other columns where there is more room, or less."""
        super().resizeEvent(event)
        room = self.width() + self._gap_px
        fitting = (each for each in self._columns if each * (self._least_width_px + self._gap_px) <= room)
        self._lay_out(next(fitting, self._columns[-1]))

    def _lay_out(self, columns: int) -> None:
        if columns == self._shown:
            return
        self._shown = columns
        for at, part in enumerate(self._parts):
            self._grid.addWidget(part, *divmod(at, columns))
        for column in range(self._columns[0]):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
