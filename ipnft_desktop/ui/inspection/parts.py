"""Parts of one thing in full: a row of tabs over one of them at a time."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.tokens import Space, TextSize, Weight


class Parts(QWidget):
    """`chosen` carries the part that came into view. Make parts inside `ground`."""

    chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """`name` is told to screen readers."""
        super().__init__(parent)
        self.bar = QTabBar()
        self.bar.setFont(text_font(TextSize.BODY, Weight.SEMIBOLD))
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.bar.setAccessibleName(name)
        self.ground = QStackedWidget()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.M)
        box.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignLeft)
        box.addWidget(self.ground, 1)
        self.bar.currentChanged.connect(self._on_changed)

    @property
    def current(self) -> QWidget:
        """The part in view."""
        part = self.ground.currentWidget()
        assert part is not None
        return part

    def add(self, title: str, part: QWidget) -> None:
        """One more at the end."""
        self.ground.addWidget(part)
        self.bar.addTab(title)

    def show_part(self, part: QWidget) -> None:
        """Bring it into view."""
        self.bar.setCurrentIndex(self.ground.indexOf(part))

    def _on_changed(self, at: int) -> None:
        self.ground.setCurrentIndex(at)
        self.chosen.emit(self.ground.currentWidget())
