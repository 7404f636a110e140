"""The look of every table: row height, header, selection by row, no grid."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView

from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.tokens import Size, TextSize, Weight


def style_table(view: QTableView) -> None:
    """Give a table the house's look; put it into a `Card(flush=True)`."""
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    rows = view.verticalHeader()
    rows.setDefaultSectionSize(Size.TABLE_ROW)
    rows.setMinimumSectionSize(Size.TABLE_ROW)
    rows.hide()
    columns = view.horizontalHeader()
    for part in (columns, columns.viewport()):  # dressed later, the viewport would take the font of the page
        part.setFont(text_font(TextSize.CAPTION, Weight.MEDIUM))
    columns.setFixedHeight(Size.TABLE_HEADER)
    columns.setHighlightSections(False)
    columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
