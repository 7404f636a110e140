"""What takes a while, how far it is, and the button that stops it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ipnft_desktop.ui.theme.tokens import Space
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.progress_panel import ProgressPanel


class WorkLine(QWidget):
    """Hidden while nothing is under way."""

    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._what = ""
        self._progress = ProgressPanel()
        self.stop_button = SecondaryButton(self.tr("Stop"))
        self.stop_button.clicked.connect(self.stop_requested)
        line = QHBoxLayout(self)
        line.setContentsMargins(Space.S, 0, 0, 0)
        line.setSpacing(Space.M)
        line.addWidget(self._progress, 1)
        line.addWidget(self.stop_button)
        self.hide()

    @property
    def is_busy(self) -> bool:
        """Whether something is under way."""
        return bool(self._what)

    def show_work(self, what: str, share: float) -> None:
        """Show it; nothing once it is done."""
        if what != self._what:
            self._progress.begin(what)
            self._what = what
        self._progress.show_share(share)
        self.setVisible(bool(what))
