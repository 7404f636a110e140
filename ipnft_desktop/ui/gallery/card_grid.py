"""The cards in rows that fill the width: a list view, so that ten thousand cards cost no more than those in view."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import QItemSelection, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QWidget

from ipnft_desktop.domain.assets import AssetRow
from ipnft_desktop.ui.gallery.card_delegate import CardDelegate, card_height
from ipnft_desktop.ui.models.asset_table_model import AssetTableModel
from ipnft_desktop.ui.pictures import PictureStore
from ipnft_desktop.ui.theme.tokens import Size, Space


class CardGrid(QListView):
    """`chosen` carries the `AssetRow` of the card a person went to."""

    chosen = Signal(object)

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

    def select(self, asset_id: UUID | None) -> bool:
        """Mark a card without reporting it; False if it is not loaded."""
        at = self._rows.position(asset_id) if asset_id is not None else None
        self.selectionModel().blockSignals(True)
        index = self._rows.index(at, 0) if at is not None else QModelIndex()
        self.setCurrentIndex(index)
        self.selectionModel().blockSignals(False)
        self.scrollTo(index)
        self.viewport().update()
        return at is not None

    @property
    def selected_rows(self) -> tuple[AssetRow, ...]:
        """The selected cards that are loaded, in their order."""
        found = (self._rows.row_at(index.row()) for index in sorted(self.selectedIndexes()))
        return tuple(row for row in found if isinstance(row, AssetRow))

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Report where the person went. The current card alone does not count: it also moves when the focus comes; and
        whoever selects several does not want each of them opened."""
        super().selectionChanged(selected, deselected)
        rows = self.selected_rows
        if len(rows) == 1 and selected.indexes():
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
