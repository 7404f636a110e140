"""Asking a contract: its functions as forms, or raw call data; what it answers, and why it does not."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from ipnft_desktop.domain.errors import IpnftError, ValidationFailed
from ipnft_desktop.domain.inspection.contracts import AbiEntry
from ipnft_desktop.domain.inspection.decoding import Decoded
from ipnft_desktop.domain.inspection.directory import ReadAnswer, ReadRefusal
from ipnft_desktop.ui.contracts.block_field import BlockField
from ipnft_desktop.ui.contracts.function_form import FunctionForm, Labels
from ipnft_desktop.ui.theme.fonts import mono_font
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.chain_words import Names, reading_text, undecoded_text
from ipnft_desktop.ui.widgets.copyable_text import CopyableText
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.inputs import FormField
from ipnft_desktop.ui.widgets.key_value_panel import KeyValuePanel
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.phrases import say_problem
from ipnft_desktop.ui.widgets.scrolling_column import ScrollingColumn
from ipnft_desktop.ui.widgets.text import Text
from ipnft_desktop.ui.widgets.value_facts import value_facts


class ReadPart(ScrollingColumn):
    """`read_requested` asks for the function that is chosen, or for the raw call where none can be; `import_requested`
    for an ABI that knows the contract."""

    read_requested = Signal()
    import_requested = Signal()

    def __init__(self, labels: Labels, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.no_abi = Text(
            self.tr("No ABI is known for this contract. It can be asked with raw call data only."),
            TextSize.BODY,
            ink=Ink.MUTED,
            wrap=True,
        )
        self.import_button = SecondaryButton(self.tr("Import ABI…"), Icon.UPLOAD)
        self.form = FunctionForm(self.tr("Function to read"), labels)
        self.data = QLineEdit()
        self.data.setFont(mono_font(TextSize.BODY))
        self.data.setPlaceholderText("0x…")
        self.data_field = FormField(
            self.tr("Raw call data"), self.data, self.tr("The selector and its arguments, 0x and hexadecimal digits")
        )
        self.block = BlockField()
        self.read_button = PrimaryButton(self.tr("Read"), Icon.EYE)
        self.error_panel = ErrorPanel()
        self.told = Text("", TextSize.BODY, Weight.SEMIBOLD, wrap=True)
        self.answers = KeyValuePanel()
        self.raw = CopyableText("", self.tr("Raw answer"))
        self._lay_out()
        self.read_button.clicked.connect(self.read_requested)
        self.form.submitted.connect(self.read_button.click)
        self.form.function_changed.connect(self.clear_answer)
        self.data.returnPressed.connect(self.read_button.click)
        self.data.textEdited.connect(self.data_field.recheck)
        self.import_button.clicked.connect(self.import_requested)
        self.clear_answer()

    def show_functions(self, entries: tuple[AbiEntry, ...]) -> None:
        """Those of another contract; while they are the same, what was answered stays."""
        is_other = self.form.show_functions(entries)
        self.form.setVisible(bool(entries))
        for part in (self.no_abi, self.import_button, self.data_field):
            part.setVisible(not entries)
        if is_other:
            self.clear_answer()

    def clear_answer(self) -> None:
        """Nothing was asked yet."""
        self.error_panel.clear()
        self.told.setText("")
        self.answers.set_facts(())
        self.raw.hide()

    def show_answer(self, answer: ReadAnswer | ReadRefusal, names: Names) -> None:
        """What the contract said."""
        self.clear_answer()
        block = number_text(answer.block_number)
        if isinstance(answer, ReadRefusal):
            self.told.set_ink(Ink.ERROR)
            self.told.setText(self.tr("Refused at block {0}: {1}").format(block, self._refusal(answer, names)))
            self._show_raw(answer.refusal.data)
            return
        is_told = isinstance(answer.values, tuple)
        self.told.set_ink(Ink.FG)
        self.told.setText(
            self.tr("Answer at block {0}").format(block)
            if is_told
            else self.tr("Answer at block {0}, raw only. {1}").format(block, undecoded_text(answer.values))  # type: ignore[arg-type]
        )
        self.answers.set_facts(value_facts(answer.values, names) if isinstance(answer.values, tuple) else ())
        self._show_raw(answer.data)

    def show_refusal(self, error: IpnftError) -> None:
        """Say why it was not asked: beside the field where it belongs to one."""
        self.clear_answer()
        if not isinstance(error, ValidationFailed):
            self.error_panel.show_error(error)
            return
        for problem in self.form.show_problems(error.problems):
            field = {"data": self.data_field, "block": self.block}.get(problem.field)
            if field is None:
                self.error_panel.show_error(error)
            else:
                field.set_error(say_problem(problem))
                field.editor.setFocus()

    def set_busy(self, busy: bool) -> None:
        """While the node is asked."""
        self.read_button.setEnabled(not busy)

    def _refusal(self, answer: ReadRefusal, names: Names) -> str:
        if isinstance(answer.error, Decoded):
            return reading_text(answer.error, names)
        return answer.refusal.message or undecoded_text(answer.error)

    def _show_raw(self, data: bytes) -> None:
        self.raw.set_value(f"0x{data.hex()}", self.tr("Copy the raw answer, {0} bytes").format(number_text(len(data))))
        self.raw.setVisible(True)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(Space.S)
        line.addWidget(self.block)
        line.addStretch(1)
        line.addWidget(self.read_button)
        missing = QHBoxLayout()
        missing.addWidget(self.no_abi, 1)
        missing.addWidget(self.import_button)
        column = self.column
        column.setSpacing(Space.M)
        column.addLayout(missing)
        column.addWidget(self.form)
        column.addWidget(self.data_field)
        column.addLayout(line)
        for part in (self.error_panel, self.told, self.answers, self.raw):
            column.addWidget(part)
        column.addStretch(1)
