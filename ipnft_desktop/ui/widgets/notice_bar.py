"""A sentence across a page or a dialog with the one thing that can be done about it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from ipnft_desktop.ui.theme.tokens import Space, TextSize, Tone
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.text import Text


class NoticeBar(QFrame):
    """Hidden until `tell`; `action_requested` is the press of its button."""

    action_requested = Signal()

    def __init__(self, tone: Tone, action: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("banner", tone.value)
        self._text = Text("", TextSize.BODY, wrap=True)
        self.button = SecondaryButton(action)
        self.button.clicked.connect(self.action_requested)
        line = QHBoxLayout(self)
        line.setContentsMargins(Space.M, Space.S, Space.S, Space.S)
        line.setSpacing(Space.S)
        line.addWidget(self._text, 1)
        line.addWidget(self.button)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence."""
        return self._text.text()

    def tell(self, sentence: str, *, can_act: bool = True) -> None:
        """Show a sentence; an empty one hides the bar."""
        self._text.setText(sentence)
        self.setAccessibleName(sentence)
        self.button.setVisible(can_act)
        self.setVisible(bool(sentence))
