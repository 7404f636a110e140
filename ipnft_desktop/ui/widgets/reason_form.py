"""A reason asked for in place: required, of limited length, refused beside its field."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ipnft_desktop.domain.assets import has_hidden_characters
from ipnft_desktop.domain.errors import FieldProblem, ProblemKind
from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.tokens import Size, Space, TextSize
from ipnft_desktop.ui.widgets.buttons import DangerButton, SecondaryButton
from ipnft_desktop.ui.widgets.inputs import FormField
from ipnft_desktop.ui.widgets.phrases import say_problem

_FIELD = "reason"


class ReasonForm(QWidget):
    """`submitted` carries the reason, of at most `max_chars`; `dismissed` is the other answer, given by Escape too."""

    submitted = Signal(str)
    dismissed = Signal()

    def __init__(
        self, label: str, hint: str, confirm: str, dismiss: str, max_chars: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._max_chars = max_chars
        self.editor = QPlainTextEdit()
        self.editor.setFont(text_font(TextSize.BODY))
        self.editor.setTabChangesFocus(True)
        self.editor.setFixedHeight(2 * Size.CONTROL)
        self.field = FormField(label, self.editor, hint)
        self.confirm_button = DangerButton(confirm)
        self.confirm_button.setToolTip(self.tr("Ctrl+Enter"))
        self.dismiss_button = SecondaryButton(dismiss)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        buttons.addStretch(1)
        buttons.addWidget(self.dismiss_button)
        buttons.addWidget(self.confirm_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.S)
        box.addWidget(self.field)
        box.addLayout(buttons)
        self.editor.textChanged.connect(self._on_edited)
        self.confirm_button.clicked.connect(self._on_confirm)
        self.dismiss_button.clicked.connect(self.dismissed)
        keys = QShortcut(QKeySequence("Ctrl+Return"), self.editor)
        keys.setContext(Qt.ShortcutContext.WidgetShortcut)
        keys.activated.connect(self.confirm_button.click)

    def ask(self) -> None:
        """Begin with an empty reason."""
        self.editor.clear()
        self.field.set_error("")
        self.set_busy(False)
        self.show()
        self.editor.setFocus()

    def set_busy(self, busy: bool) -> None:
        """While the answer is on its way, nothing can be changed."""
        for widget in (self.editor, self.confirm_button, self.dismiss_button):
            widget.setEnabled(not busy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape is a no."""
        if event.key() == Qt.Key.Key_Escape and self.dismiss_button.isEnabled():
            self.dismissed.emit()
        else:
            super().keyPressEvent(event)

    def show_problem(self, problem: FieldProblem) -> None:
        """Say beside the field what is wrong with the reason."""
        self.set_busy(False)
        self.field.set_error(say_problem(problem))
        self.editor.setFocus()

    def _problem(self) -> FieldProblem | None:
        text = self.editor.toPlainText()
        if not text.strip():
            return FieldProblem(_FIELD, ProblemKind.REQUIRED)
        if len(text.strip()) > self._max_chars:
            return FieldProblem(_FIELD, ProblemKind.TOO_LONG, str(self._max_chars))
        return FieldProblem(_FIELD, ProblemKind.HIDDEN_CHARACTERS) if has_hidden_characters(text) else None

    def _on_edited(self) -> None:
        """An empty field is spoken of only when it is handed in."""
        problem = self._problem() if self.editor.toPlainText() else None
        self.field.set_error(say_problem(problem) if problem else "")

    def _on_confirm(self) -> None:
        problem = self._problem()
        if problem:
            self.show_problem(problem)
        else:
            self.submitted.emit(self.editor.toPlainText().strip())
