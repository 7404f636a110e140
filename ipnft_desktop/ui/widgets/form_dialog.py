"""A dialog with a few fields: refused input is told beside its field, and nothing typed is lost without being asked."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from itertools import starmap
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLayout, QLineEdit, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import FieldProblem, IpnftError, ValidationFailed
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import DialogWidth, Space
from ipnft_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.dialog_parts import DialogHead, foot
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.error_words import joined
from ipnft_desktop.ui.widgets.inputs import FormField
from ipnft_desktop.ui.widgets.measures import labelled_text
from ipnft_desktop.ui.widgets.phrases import say_problem
from ipnft_desktop.ui.widgets.question_bar import QuestionBar


class FormDialog(Dialog):
    """`submitted` asks to do what the fields say; `carry_out` answers it."""

    submitted = Signal()

    def __init__(
        self,
        icon: Icon,
        title: str,
        sentence: str,
        submit: str,
        parent: QWidget | None = None,
        *,
        width: int = DialogWidth.S,
    ) -> None:
        """`submit` is the name of the action, `width` the room for the fields in device-independent pixels."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self._is_busy = False
        self._submit = submit
        self._inputs: list[QWidget] = []
        self.fields: dict[str, FormField] = {}
        self.head = DialogHead(icon, title, sentence)
        self.error_panel = ErrorPanel()
        self.question = QuestionBar(self.tr("Discard"), self.tr("Keep editing"))
        self.cancel_button = SecondaryButton(self.tr("Cancel"))
        self.submit_button = PrimaryButton(submit)
        self._body = QVBoxLayout()
        self._body.setSpacing(Space.M)
        self._lay_out(width)
        self.cancel_button.clicked.connect(self.reject)
        self.submit_button.clicked.connect(self._on_submit)
        self.question.confirmed.connect(self.leave)

    @property
    def is_busy(self) -> bool:
        """Whether what was submitted is on its way."""
        return self._is_busy

    @property
    def is_dirty(self) -> bool:
        """Whether something typed would be lost; a form that must not lose anything says so."""
        return False

    def add_field(self, name: str, field: FormField) -> None:
        """Add a field under the name that refusals call it by; Enter in a line goes on to the next, then submits."""
        self.fields[name] = field
        self._body.addWidget(field)
        self._inputs.append(field.editor)
        if isinstance(field.editor, QLineEdit):
            editor = field.editor
            editor.textEdited.connect(field.recheck)
            editor.returnPressed.connect(lambda: self._on_enter(editor))

    def add_part(self, part: QWidget) -> None:
        """Add what is no field."""
        self._body.addWidget(part)

    def set_busy(self, busy: bool) -> None:
        """While it is carried out nothing can be changed."""
        self._is_busy = busy
        for widget in (*self._inputs, self.cancel_button, self.submit_button):
            widget.setEnabled(not busy)
        self.submit_button.setText(self.tr("Working…") if busy else self._submit)
        if busy:
            self.error_panel.clear()
            for field in self.fields.values():
                field.set_error("")

    def show_refusal(self, error: IpnftError) -> None:
        """Say why it was not done: beside the field where it belongs to one."""
        if isinstance(error, ValidationFailed):
            self.show_problems(error.problems)
        else:
            self.error_panel.show_error(error)

    def show_problems(self, problems: Sequence[FieldProblem]) -> None:
        """Say beside each field what is wrong with it; what belongs to none stands below."""
        said = {problem.field: say_problem(problem) for problem in reversed(problems)}
        for name, field in self.fields.items():
            field.set_error(said.pop(name, ""))
        if said:
            self.error_panel.show_message("VALIDATION_FAILED", joined(*starmap(labelled_text, said.items())))
        wrong = next((field for field in self.fields.values() if field.error), None)
        if wrong is not None:
            wrong.editor.setFocus()

    def leave(self) -> None:
        """Close without asking."""
        super().reject()

    def reject(self) -> None:
        """Close, but ask first if something would be lost, and never while it is carried out."""
        if self._is_busy:
            return
        if self.is_dirty and self.question.isHidden():
            self.question.ask(self.tr("Discard what you entered?"))
        else:
            self.leave()

    def done(self, result: int) -> None:
        """Close, and leave no password behind."""
        for editor in self.findChildren(QLineEdit):
            if editor.inputMethodHints() & Qt.InputMethodHint.ImhSensitiveData:
                editor.clear()
        super().done(result)

    def _lay_out(self, width: int) -> None:
        # The width is fixed, so that wrapped text knows its height and the dialog follows what is said.
        face = QWidget()
        face.setFixedWidth(width - 2 * Space.XL)
        column = QVBoxLayout(face)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        column.addWidget(self.head)
        column.addLayout(self._body)
        column.addWidget(self.error_panel)
        column.addWidget(self.question)
        column.addLayout(foot(self.cancel_button, self.submit_button))
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        box.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)
        box.addWidget(face)

    def _on_enter(self, editor: QLineEdit) -> None:
        lines = [one for one in self._inputs if isinstance(one, QLineEdit) and one.isVisibleTo(self)]
        after = lines[lines.index(editor) + 1 :]
        empty = next((line for line in after if not line.text()), None)
        if empty is not None:
            empty.setFocus()
        else:
            self.submit_button.click()

    def _on_submit(self) -> None:
        if not self._is_busy:
            self.submitted.emit()


async def carry_out(dialog: FormDialog, work: Callable[[], Coroutine[Any, Any, object]]) -> bool:
    """Do what a form asks for: it closes when it is done, or says why it is not; answers whether it is done."""
    refusal: IpnftError | None = None
    dialog.set_busy(True)
    try:
        await work()
    except IpnftError as error:
        refusal = error
    finally:
        dialog.set_busy(False)
    if refusal is None:
        dialog.accept()
    else:
        dialog.show_refusal(refusal)
    return refusal is None
