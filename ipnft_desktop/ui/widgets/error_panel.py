"""An error where the eye is: code, one sentence, what to do, and buttons that do it."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.error_words import error_advice, error_detail, error_sentence
from ipnft_desktop.ui.widgets.text import Text


class ErrorPanel(QFrame):
    """Hidden until there is an error to show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("banner", "error")
        self._code = Text("", TextSize.CAPTION, Weight.SEMIBOLD, Ink.ERROR, mono=True)
        self._sentence = Text("", TextSize.BODY, Weight.MEDIUM, Ink.ERROR, wrap=True)
        self._detail = Text("", TextSize.CAPTION, ink=Ink.ERROR, wrap=True)
        self._solutions = Text("", TextSize.CAPTION, wrap=True)
        self._buttons = QHBoxLayout()
        self._buttons.setContentsMargins(0, Space.XS, 0, 0)
        self._buttons.setSpacing(Space.S)
        self._buttons.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.M, Space.M, Space.M, Space.M)
        box.setSpacing(Space.XS)
        for part in (self._code, self._sentence, self._detail, self._solutions):
            box.addWidget(part)
        box.addLayout(self._buttons)
        self.hide()

    @property
    def code(self) -> str:
        """The code shown, or nothing."""
        return self._code.text()

    def add_button(self, text: str) -> SecondaryButton:
        """Add a button that does what the panel advises; connect to its `clicked`."""
        button = SecondaryButton(text)
        self._buttons.insertWidget(self._buttons.count() - 1, button)
        return button

    def show_error(self, error: IpnftError) -> None:
        """Show an error of the catalogue."""
        self.show_message(error.code, error_sentence(error), error_detail(error), error_advice(error))

    def show_message(self, code: str, sentence: str, detail: str = "", solutions: tuple[str, ...] = ()) -> None:
        """Show an error in its parts."""
        self._code.setText(code)
        self._sentence.setText(sentence)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self._solutions.setText("\n".join(f"•  {solution}" for solution in solutions))
        self._solutions.setVisible(bool(solutions))
        self.setAccessibleName(f"{code}: {sentence} {detail}".strip())
        self.show()

    def clear(self) -> None:
        """Hide: there is no error any more."""
        self._code.setText("")
        self.hide()
