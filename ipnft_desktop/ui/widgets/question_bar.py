"""A question asked inside the window, where the eye is: nothing pops up and nothing is lost by not answering."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from ipnft_desktop.ui.theme.tokens import Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import DangerButton, SecondaryButton
from ipnft_desktop.ui.widgets.text import Text


class QuestionBar(QFrame):
    """Hidden until `ask`; `confirmed` or `declined` is the answer. Escape declines, and so does the focused button."""

    confirmed = Signal()
    declined = Signal()

    def __init__(self, confirm: str, decline: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("banner", "warn")
        self._question = Text("", TextSize.BODY, Weight.MEDIUM, wrap=True)
        self.confirm_button = DangerButton(confirm)
        self.decline_button = SecondaryButton(decline)
        self.confirm_button.clicked.connect(self._on_confirm)
        self.decline_button.clicked.connect(self.decline)
        line = QHBoxLayout(self)
        line.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        line.setSpacing(Space.S)
        line.addWidget(self._question, 1)
        line.addWidget(self.decline_button)
        line.addWidget(self.confirm_button)
        self.hide()

    def ask(self, question: str) -> None:
        """Show the question; the safe answer has the focus."""
        self._question.setText(question)
        self.setAccessibleName(question)
        self.show()
        self.decline_button.setFocus()

    def decline(self) -> None:
        """Take the question back."""
        self.hide()
        self.declined.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape is a no."""
        if event.key() == Qt.Key.Key_Escape:
            self.decline()
        else:
            super().keyPressEvent(event)

    def _on_confirm(self) -> None:
        self.hide()
        self.confirmed.emit()
