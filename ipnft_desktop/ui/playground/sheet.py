"""A widget's sheet: each state under the other, its name at the left."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from ipnft_desktop.ui.playground.exhibit import Exhibit, Specimen
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Ink, Space, TextSize
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.text import Text


class Sheet(Card):
    """The states of one exhibit; `force` brings about hover and focus once it is on screen."""

    def __init__(self, exhibit: Exhibit) -> None:
        super().__init__(padding=Space.XL)
        self.exhibit = exhibit
        self.specimens = tuple(Specimen(state, exhibit.width_px) for state in exhibit.states)
        ground = QWidget()
        grid = QGridLayout(ground)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.L)
        grid.setColumnMinimumWidth(0, ColumnWidth.XL)
        grid.setColumnStretch(1, 1)
        for line, specimen in enumerate(self.specimens):
            name = Text(specimen.state.name, TextSize.CAPTION, ink=Ink.MUTED)
            grid.addWidget(name, line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(specimen, line, 1, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(ground)

    def event(self, event: QEvent) -> bool:
        """Follow the states when one of them changes its size."""
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.fit()
        return handled

    def fit(self) -> None:
        """Be as high as the states are: what wraps knows its height only once it has its fonts and its width."""
        hint = self.sizeHint()
        self.resize(hint.width(), self.heightForWidth(hint.width()) if self.hasHeightForWidth() else hint.height())

    def force(self) -> None:
        """Bring about the states that mouse and keyboard make."""
        for specimen in self.specimens:
            specimen.force()
