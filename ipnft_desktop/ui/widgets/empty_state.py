"""What stands on an empty page: what belongs there and the action that fills it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ipnft_desktop.ui.theme.icons import Icon, icon_pixmap
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import PrimaryButton
from ipnft_desktop.ui.widgets.text import Text


class _Picture(QWidget):
    def __init__(self, icon: Icon) -> None:
        super().__init__()
        self._icon = icon
        self.setFixedSize(Size.ICON_EMPTY, Size.ICON_EMPTY)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(0, 0, icon_pixmap(self._icon, Ink.MUTED, Size.ICON_EMPTY))
        painter.end()


class EmptyState(QWidget):
    """An icon, a title, one sentence and, where there is one, the action; `action_requested` is its click."""

    action_requested = Signal()

    def __init__(
        self, icon: Icon, title: str, sentence: str = "", action: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        box.setSpacing(Space.S)
        box.addStretch(2)
        box.addWidget(_Picture(icon), 0, Qt.AlignmentFlag.AlignHCenter)
        self._title = Text(title, TextSize.LEAD, Weight.SEMIBOLD)
        self._sentence = Text(sentence, TextSize.BODY, ink=Ink.MUTED, wrap=True)
        for text in (self._title, self._sentence):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
            # Only ever hidden: to show what has no parent yet opens a window of its own.
            if not text.text():
                text.hide()
            box.addWidget(text)
        self.button = PrimaryButton(action)
        if not action:
            self.button.hide()
        self.button.clicked.connect(self.action_requested)
        box.addSpacing(Space.S)
        box.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(3)

    @property
    def sentence(self) -> str:
        """What stands under the title."""
        return self._sentence.text()

    def say(self, title: str, sentence: str, action: str = "") -> None:
        """Something else is the reason why nothing is here; the sentence must not be empty."""
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._sentence.show()
        self.button.setText(action)
        self.button.setVisible(bool(action))
