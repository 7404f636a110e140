"""Work that takes seconds, under way."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.progress_bar import ProgressBar
from ipnft_desktop.ui.widgets.text import Text


class ProgressPanel(QWidget):
    """What is done, and how much of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._what = Text("", TextSize.BODY, Weight.MEDIUM)
        self._percent = Text("", TextSize.BODY, ink=Ink.MUTED)
        self._bar = ProgressBar(self.tr("Progress"))
        line = QHBoxLayout()
        line.addWidget(self._what, 1)
        line.addWidget(self._percent)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, Space.S, 0, Space.S)
        box.setSpacing(Space.S)
        box.addLayout(line)
        box.addWidget(self._bar)

    def begin(self, what: str) -> None:
        """Something begins."""
        self._what.setText(what)
        self.show_share(0.0)

    def show_share(self, share: float) -> None:
        """How much is done, 0 to 1."""
        percent = int(share * 100)
        self._bar.setValue(percent)
        self._percent.setText(f"{percent} %")
