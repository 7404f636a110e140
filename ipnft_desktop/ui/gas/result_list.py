"""The results that are kept: one in focus, and those that are ticked set side by side."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelection,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ipnft_desktop.domain.gas_laboratory import LaboratoryResult
from ipnft_desktop.ui.gas import words
from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Size, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.check_box import paint_check
from ipnft_desktop.ui.widgets.measures import listed, local_time
from ipnft_desktop.ui.widgets.plain import visible
from ipnft_desktop.ui.widgets.status_tag import paint_tag, tag_width

RESULT_ROLE = Qt.ItemDataRole.UserRole
HEIGHT = 2 * Size.TEXT_LINE + 2 * Space.S + Space.XS
_BOX_WIDTH = Size.ICON + Space.S
_ROOT = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


class ResultModel(QAbstractListModel):
    """Results in the order given, each with its tick."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.results: tuple[LaboratoryResult, ...] = ()
        self.ticked: frozenset[str] = frozenset()

    def set_results(self, results: Sequence[LaboratoryResult], ticked: Collection[str]) -> None:
        """List others; of those that are not listed no tick is kept."""
        self.beginResetModel()
        self.results = tuple(results)
        self.ticked = frozenset(ticked) & {result.result_id for result in results}
        self.endResetModel()

    def toggle(self, index: QModelIndex) -> None:
        """Tick it, or take the tick away."""
        if index.isValid():
            self.ticked ^= {self.results[index.row()].result_id}
            self.dataChanged.emit(index, index, [Qt.ItemDataRole.CheckStateRole])

    def row_of(self, result_id: str) -> int | None:
        """Where a result is."""
        return next((at for at, each in enumerate(self.results) if each.result_id == result_id), None)

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """A flat list."""
        return 0 if parent.isValid() else len(self.results)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The result itself, its words, or its tick."""
        if not index.isValid():
            return None
        result = self.results[index.row()]
        match role:
            case _ if role == RESULT_ROLE:
                return result
            case Qt.ItemDataRole.CheckStateRole:
                is_ticked = result.result_id in self.ticked
                return Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                word, _ = words.ending_tag(result.ending)
                return visible(listed([local_time(result.started_at), word, about(result)]))
            case _:
                return None


def about(result: LaboratoryResult) -> str:
    """What was measured."""
    experiment = result.experiment
    return listed([words.recipients_text(experiment.recipients), words.sizes_text(experiment.sizes)])


class ResultDelegate(QStyledItemDelegate):
    """Two lines beside a box: when and how it ended, then what was measured."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._headline = text_font(TextSize.BODY, Weight.SEMIBOLD)
        self._caption = text_font(TextSize.CAPTION)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """All of one height."""
        return QSize(0, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw the result."""
        result = index.data(RESULT_ROLE)
        if not isinstance(result, LaboratoryResult):
            return
        painter.save()
        cell, tokens = QRectF(option.rect), theme().tokens
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(cell, QColor(tokens.accent_soft))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(cell, QColor(tokens.alt))
        painter.fillRect(QRectF(cell.left(), cell.bottom() - 1, cell.width(), 1), QColor(tokens.line))
        is_ticked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        box = QPointF(cell.left() + Space.M, cell.center().y() - Size.ICON / 2)
        paint_check(painter, box, checked=is_ticked)
        inner = cell.adjusted(Space.M + _BOX_WIDTH + Space.XS, Space.S, -Space.M, -Space.S)
        word, tone = words.ending_tag(result.ending)
        width = tag_width(word)
        first = QRectF(inner.left(), inner.top(), inner.width(), Size.TEXT_LINE)
        paint_tag(painter, QRectF(first.right() - width, first.top(), width, first.height()), word, tone)
        moment = local_time(result.started_at)
        _text(painter, first.adjusted(0, 0, -width - Space.S, 0), moment, self._headline, tokens.fg)
        second = first.translated(0, Size.TEXT_LINE + Space.XS)
        _text(painter, second, about(result), self._caption, tokens.muted)
        painter.restore()


class ResultList(QListView):
    """`changed` tells that another result is in focus, or other ones are ticked."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kept = ResultModel(self)
        self.setModel(self.kept)
        self.setItemDelegate(ResultDelegate(self))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Results that are kept"))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    @property
    def current(self) -> LaboratoryResult | None:
        """The one in focus."""
        found = self.currentIndex().data(RESULT_ROLE) if self.currentIndex().isValid() else None
        return found if isinstance(found, LaboratoryResult) else None

    @property
    def compared(self) -> tuple[LaboratoryResult, ...]:
        """Those that are set side by side, from the oldest to the newest; nothing while fewer than two are ticked."""
        ticked = tuple(each for each in reversed(self.kept.results) if each.result_id in self.kept.ticked)
        return ticked if len(ticked) > 1 else ()

    def show_results(self, results: Sequence[LaboratoryResult], wanted: str = "", ticked: Collection[str] = ()) -> None:
        """List these, with the wanted one in focus, or else the one that was, or the newest."""
        before = self.current
        place = self.verticalScrollBar().value()
        self.kept.set_results(results, ticked or self.kept.ticked)
        known = (self.kept.row_of(key) for key in (wanted, before.result_id if before else "") if key)
        row = next((at for at in known if at is not None), 0)
        self.blockSignals(True)
        self.setCurrentIndex(self.kept.index(row, 0))
        self.blockSignals(False)
        self.verticalScrollBar().setValue(place)
        if wanted:
            self.scrollTo(self.currentIndex())
        self.changed.emit()

    def toggle_current(self) -> None:
        """Tick the one in focus, or take its tick away."""
        self.kept.toggle(self.currentIndex())
        self.changed.emit()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Another one came into focus."""
        super().selectionChanged(selected, deselected)
        if not self.signalsBlocked():
            self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The space bar ticks."""
        if event.key() == Qt.Key.Key_Space:
            self.toggle_current()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on the box ticks, one beside it brings into focus."""
        index = self.indexAt(event.position().toPoint())
        is_on_box = event.position().x() < Space.M + _BOX_WIDTH + Space.XS
        if event.button() == Qt.MouseButton.LeftButton and index.isValid() and is_on_box:
            self.kept.toggle(index)
            self.changed.emit()
            event.accept()
        else:
            super().mousePressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Nothing: results have no names."""


def _text(painter: QPainter, space: QRectF, text: str, font: QFont, colour: str) -> None:
    painter.setFont(font)
    painter.setPen(QColor(colour))
    elided = QFontMetricsF(font).elidedText(visible(text), Qt.TextElideMode.ElideRight, space.width())
    painter.drawText(space, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), elided)
