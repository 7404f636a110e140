"""The cards in rows that fill the width: a list view, so that ten thousand cards cost no more than those in view."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from uuid import UUID

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QWidget

from ipnft_desktop.domain.assets import AssetRow
from ipnft_desktop.ui.gallery.card_delegate import CardDelegate, card_height
from ipnft_desktop.ui.models.asset_table_model import AssetTableModel
from ipnft_desktop.ui.models.chosen_assets import spans_of
from ipnft_desktop.ui.pictures import PictureStore
from ipnft_desktop.ui.theme.tokens import Size, Space


class CardGrid(QListView):
    """`chosen` carries the `AssetRow` of the card a person went to; `selection_changed` tells that others are
    selected."""

    chosen = Signal(object)
    selection_changed = Signal()

    def __init__(self, model: AssetTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self._delegate = CardDelegate(self)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSelectionRectVisible(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("NFT cards"))

    def use_store(self, store: PictureStore) -> None:
        """Take pictures from here from now on."""
        self._delegate.use_store(store)
        store.loaded.connect(self._on_loaded)
        self.viewport().update()

    def select(self, asset_id: UUID | None, *, alone: bool = False) -> bool:
        """Mark a card without opening it; False if it is not loaded. Where several are selected they stay so, unless it
        shall be `alone`."""
        at = self._rows.position(asset_id) if asset_id is not None else None
        if not alone and self.selected_count > 1:
            return at is not None
        self.selectionModel().blockSignals(True)
        index = self._rows.index(at, 0) if at is not None else QModelIndex()
        # Not as a click would select it, which heeds the keys that are held.
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.selectionModel().blockSignals(False)
        self.scrollTo(index)
        self.viewport().update()
        self.selection_changed.emit()
        return at is not None

    @property
    def selected_count(self) -> int:
        """Selected cards, loaded or not."""
        return sum(last - first + 1 for first, last in self.selected_spans())

    def selected_spans(self) -> list[tuple[int, int]]:
        """First and last number of each stretch of the selection; not one index a card, for there may be thousands."""
        return spans_of(self.selectionModel())

    @property
    def selected_rows(self) -> tuple[AssetRow, ...]:
        """The selected cards that are loaded, in their order."""
        numbers = chain.from_iterable(range(first, last + 1) for first, last in self.selected_spans())
        return tuple(row for row in map(self._rows.row_at, numbers) if row is not None)

    def select_again(self, asset_ids: Sequence[UUID]) -> None:
        """Select the loaded ones of these, as after a new layout of the list."""
        selected = QItemSelection()
        for at in map(self._rows.position, asset_ids):
            if at is not None:
                selected.select(self._rows.index(at, 0), self._rows.index(at, 0))
        self.selectionModel().select(selected, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Report where the person went. The current card alone does not count: it also moves when the focus comes; and
        whoever selects several does not want each of them opened."""
        super().selectionChanged(selected, deselected)
        self.selection_changed.emit()
        if self.selected_count == 1 and selected.count() and (rows := self.selected_rows):
            self.chosen.emit(rows[0])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many columns as fit, together as wide as the view."""
        # Qt lays out as if the scroll bar were there, so that cards which grow when it goes cannot bring it back.
        extent = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self.verticalScrollBar())
        room = self.maximumViewportSize().width() - extent
        columns = max(1, room // (Size.CARD_LEAST + Space.M))
        # One pixel less: Qt breaks a row that would reach the last pixel.
        width = (room - 1) // columns
        self.setGridSize(QSize(width, card_height(width - Space.M) + Space.M))
        super().resizeEvent(event)

    def _on_loaded(self, cid: str) -> None:
        self.viewport().update()
