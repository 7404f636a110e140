"""Runs as a table, newest first: pages are appended as the view reaches the end."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from ipnft_desktop.domain.batch_runs import BatchRun, ItemOutcome
from ipnft_desktop.ui.models.cell_look import CellLook
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.widgets.batch_words import congestion_name, strategy_name
from ipnft_desktop.ui.widgets.job_words import DASH
from ipnft_desktop.ui.widgets.measures import local_time, number_text, percent_text
from ipnft_desktop.ui.widgets.plain import plain_tooltip, visible

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class RunColumn(IntEnum):
    """Columns of the list."""

    WHEN = 0
    WHO = 1
    STRATEGY = 2
    CONGESTION = 3
    ITEMS = 4
    ESTIMATED = 5
    USED = 6
    SINGLY = 7
    SAVED = 8
    PERCENT = 9


_COLUMNS = tuple(RunColumn)
_RIGHT = frozenset(RunColumn) - {RunColumn.WHEN, RunColumn.WHO, RunColumn.STRATEGY, RunColumn.CONGESTION}
_MUTED = frozenset({RunColumn.WHO, RunColumn.STRATEGY, RunColumn.CONGESTION})


class RunModel(QAbstractTableModel):
    """Runs as far as they were read. `more_wanted` asks for those behind the last one; answer with `add_page`."""

    more_wanted = Signal()
    look: CellLook = CellLook(muted=_MUTED, right=_RIGHT, mono=frozenset())

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs: list[BatchRun] = []
        self._is_whole = True
        self._is_asked = False

    @property
    def is_whole(self) -> bool:
        """Whether every run is here."""
        return self._is_whole

    @property
    def last(self) -> BatchRun | None:
        """The run behind which to read on."""
        return self._runs[-1] if self._runs else None

    def reset(self, runs: Sequence[BatchRun], *, is_whole: bool) -> None:
        """Others, from the newest on."""
        self.beginResetModel()
        self._runs, self._is_whole, self._is_asked = list(runs), is_whole, False
        self.endResetModel()

    def shows(self, runs: Sequence[BatchRun]) -> bool:
        """Whether exactly these are here."""
        return self._runs == list(runs)

    def add_page(self, runs: Sequence[BatchRun], *, is_whole: bool) -> None:
        """Those behind the last one."""
        self._is_whole, self._is_asked = is_whole, False
        if runs:
            first = len(self._runs)
            self.beginInsertRows(_ROOT, first, first + len(runs) - 1)
            self._runs += runs
            self.endInsertRows()

    def give_up(self) -> None:
        """They could not be read; scrolling asks again."""
        self._is_asked = False

    def run_at(self, at: int) -> BatchRun | None:
        """The run in a row; None where there is none."""
        return self._runs[at] if 0 <= at < len(self._runs) else None

    def canFetchMore(self, parent: _Index) -> bool:
        """Whether more are to be read."""
        return not parent.isValid() and not self._is_whole and not self._is_asked

    def fetchMore(self, parent: _Index) -> None:
        """The view reached the end."""
        if not self._is_asked:
            self._is_asked = True
            self.more_wanted.emit()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """A flat table."""
        return 0 if parent.isValid() else len(self._runs)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        """Always the same."""
        return 0 if parent.isValid() else len(RunColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The titles."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(RunColumn):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(RunColumn(section))
        return self.title(RunColumn(section)) if role == Qt.ItemDataRole.DisplayRole else None

    def title(self, column: RunColumn) -> str:
        """What a column is called."""
        return {
            RunColumn.WHEN: self.tr("Requested"),
            RunColumn.WHO: self.tr("Asked by"),
            RunColumn.STRATEGY: self.tr("Strategy"),
            RunColumn.CONGESTION: self.tr("Congestion"),
            RunColumn.ITEMS: self.tr("Assets"),
            RunColumn.ESTIMATED: self.tr("Gas estimated"),
            RunColumn.USED: self.tr("Gas used"),
            RunColumn.SINGLY: self.tr("Minted singly"),
            RunColumn.SAVED: self.tr("Saved"),
            RunColumn.PERCENT: self.tr("Share"),
        }[column]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A cell, made harmless."""
        run = self.run_at(index.row()) if index.isValid() else None
        if run is None:
            return None
        column = _COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._text(run, column)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tooltip(self._hint(run, column))
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
            case Qt.ItemDataRole.ForegroundRole:
                return QColor(theme().tokens.muted) if column in self.look.muted else None
            case _:
                return None

    def text_at(self, at: int, column: int) -> str:
        """What stands in a cell, for a delegate that paints it."""
        run = self.run_at(at)
        return "" if run is None else self._text(run, _COLUMNS[column])

    def _text(self, run: BatchRun, column: RunColumn) -> str:
        match column:
            case RunColumn.WHEN:
                return local_time(run.requested_at)
            case RunColumn.WHO:
                return visible(run.requested_by) or DASH
            case RunColumn.STRATEGY:
                return strategy_name(run.strategy)
            case RunColumn.CONGESTION:
                return congestion_name(run.congestion) if run.congestion else DASH
            case RunColumn.ITEMS:
                return number_text(run.item_count)
            case RunColumn.ESTIMATED:
                return number_text(run.gas_estimated) if run.gas_estimated else DASH
            case RunColumn.USED:
                return number_text(run.gas_used) if run.gas_used else DASH
            case RunColumn.SINGLY:
                return DASH if run.gas_singly is None else number_text(run.gas_singly)
            case RunColumn.SAVED:
                return DASH if run.saved_gas is None else number_text(run.saved_gas)
            case RunColumn.PERCENT:
                return DASH if run.saved_percent is None else percent_text(run.saved_percent, 1)

    def _hint(self, run: BatchRun, column: RunColumn) -> str:
        match column:
            case RunColumn.ITEMS:
                counts = run.counts
                return self.tr("{0} minted, {1} failed, {2} not attempted").format(
                    *(
                        number_text(counts.get(outcome, 0))
                        for outcome in (ItemOutcome.MINTED, ItemOutcome.FAILED, ItemOutcome.NOT_ATTEMPTED)
                    )
                )
            case RunColumn.SINGLY if run.gas_singly is None:
                return self.tr("No single mint was measured before it, or nothing is minted yet.")
            case RunColumn.WHO:
                return self._text(run, column)
            case _:
                return ""


def _alignment(column: RunColumn) -> int:
    side = Qt.AlignmentFlag.AlignRight if column in _RIGHT else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)
