"""The parts of the list, each with how many mints are in it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTabBar, QToolButton, QWidget

from ipnft_desktop.domain.mint_activity import JobGroup
from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.tokens import TextSize, Weight
from ipnft_desktop.ui.widgets.job_words import group_name
from ipnft_desktop.ui.widgets.measures import number_text


class GroupBar(QTabBar):
    """`group_chosen` carries the `JobGroup`; Left and Right move between them once the row has the focus."""

    group_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("State of the mints in view"))
        self.setFont(text_font(TextSize.BODY, Weight.SEMIBOLD))
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for group in JobGroup:
            self.addTab(group_name(group))
        for scroller in self.findChildren(QToolButton):
            scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # for the mouse; Left and Right bring every tab into view
        self.currentChanged.connect(self._on_current_changed)

    @property
    def group(self) -> JobGroup:
        """What is chosen."""
        return self._group(self.currentIndex())

    def choose(self, group: JobGroup) -> None:
        """Choose one, without telling it back."""
        self.blockSignals(True)
        self.setCurrentIndex(list(JobGroup).index(group))
        self.blockSignals(False)

    def show_counts(self, counts: Mapping[JobGroup, int]) -> None:
        """Tell how many there are; none while that is not known."""
        for at, group in enumerate(JobGroup):
            name, count = group_name(group), counts.get(group)
            text = name if count is None else f"{name}  {number_text(count)}"
            if self.tabText(at) != text:
                self.setTabText(at, text)

    def _on_current_changed(self, at: int) -> None:
        self.group_chosen.emit(self._group(at))

    @staticmethod
    def _group(at: int) -> JobGroup:
        return list(JobGroup)[at]
