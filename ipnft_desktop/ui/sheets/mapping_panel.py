"""Which column of the file is what: a guess with samples beside it, for the person to adjust."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from ipnft_desktop.domain.asset_columns import (
    IMPORTED_COLUMNS,
    ColumnUse,
    CustomColumn,
    missing_columns,
    repeated_uses,
)
from ipnft_desktop.services.asset_import import SheetSample
from ipnft_desktop.ui.sheets.wording import use_title
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.inputs import Select
from ipnft_desktop.ui.widgets.measures import listed
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text

_HEIGHT = 8 * Size.TABLE_ROW


class MappingPanel(QWidget):
    """`changed` follows each change of the mapping."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.selects: list[Select] = []
        self._uses: list[list[ColumnUse]] = []
        self._problem = Text("", TextSize.CAPTION, Weight.MEDIUM, Ink.ERROR, wrap=True)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setFixedHeight(_HEIGHT)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.S)
        box.addWidget(self._area)
        box.addWidget(self._problem)

    @property
    def uses(self) -> tuple[ColumnUse, ...]:
        """What each column of the file is read as."""
        return tuple(uses[select.currentIndex()] for uses, select in zip(self._uses, self.selects, strict=True))

    @property
    def is_complete(self) -> bool:
        """Whether every column that is needed is there once."""
        return not missing_columns(self.uses) and not repeated_uses(self.uses)

    def show_sample(self, sample: SheetSample) -> None:
        """Lay out the columns of a file with the guess."""
        ground = QWidget()
        ground.setProperty("transparent", True)
        grid = QGridLayout(ground)
        grid.setContentsMargins(0, 0, Space.M, 0)
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.S)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        titles = (self.tr("Column of the file"), self.tr("First values"), self.tr("Read as"))
        for at, title in enumerate(titles):
            grid.addWidget(Text(title, TextSize.CAPTION, Weight.MEDIUM, Ink.MUTED), 0, at)
        self.selects, self._uses = [], []
        for at, header in enumerate(sample.headers):
            values = [row.cells[at] for row in sample.rows if at < len(row.cells) and row.cells[at]]
            grid.addWidget(ElidedLabel(header or self.tr("(no name)"), weight=Weight.MEDIUM), at + 1, 0)
            grid.addWidget(ElidedLabel(" · ".join(values), ink=Ink.MUTED), at + 1, 1)
            grid.addWidget(self._select(header, sample.uses[at]), at + 1, 2)
        grid.setRowStretch(len(sample.headers) + 1, 1)
        self._area.setWidget(ground)
        self._on_changed()

    def _select(self, header: str, guess: ColumnUse) -> Select:
        custom = guess if isinstance(guess, CustomColumn) else CustomColumn(header)
        uses: list[ColumnUse] = [None, *IMPORTED_COLUMNS, *([custom] if custom.key else [])]
        select = Select(self.tr("What column {0} is read as").format(header))
        select.setFixedWidth(Size.FIELD)
        select.addItems([use_title(use) for use in uses])
        select.setCurrentIndex(uses.index(guess))
        select.currentIndexChanged.connect(self._on_changed)
        self.selects.append(select)
        self._uses.append(uses)
        return select

    def _on_changed(self) -> None:
        missing, twice = missing_columns(self.uses), repeated_uses(self.uses)
        said: list[str] = []
        if missing:
            said.append(self.tr("Still needed: {0}").format(_names(missing)))
        if twice:
            said.append(self.tr("More than one column is read as: {0}").format(_names(twice)))
        self._problem.setText(" ".join(said))
        self._problem.setVisible(bool(said))
        self.changed.emit()


def _names(uses: Sequence[ColumnUse]) -> str:
    return listed(use_title(use) for use in uses)
