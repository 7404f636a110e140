"""The choice of the time that figures and charts are about."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTabBar, QWidget

from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.tokens import TextSize, Weight


class Period(IntEnum):
    """In the order of the bar."""

    DAY = 0
    ALL_TIME = 1


class PeriodBar(QTabBar):
    """`chosen` carries the `Period`; Left and Right change it once the bar has the focus."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Time of the figures"))
        self.setFont(text_font(TextSize.BODY, Weight.SEMIBOLD))
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for name in (self.tr("Last 24 hours"), self.tr("All time")):
            self.addTab(name)
        self.currentChanged.connect(self._on_changed)

    @property
    def period(self) -> Period:
        """What is chosen."""
        return Period(self.currentIndex())

    def _on_changed(self, at: int) -> None:
        self.chosen.emit(Period(at))
