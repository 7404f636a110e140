"""A function of a contract as a form: one field an argument, what is wrong beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import FieldProblem
from ipnft_desktop.domain.inspection.contracts import AbiEntry, AbiParameter
from ipnft_desktop.ui.contracts.address_row import AddressRow, Labels
from ipnft_desktop.ui.theme.fonts import mono_font
from ipnft_desktop.ui.theme.tokens import Size, Space, TextSize
from ipnft_desktop.ui.widgets.inputs import FormField, Select
from ipnft_desktop.ui.widgets.measures import labelled_text
from ipnft_desktop.ui.widgets.phrases import say_problem
from ipnft_desktop.ui.widgets.tab_order import follow_inside


class FunctionForm(QWidget):
    """`submitted` is Enter in the last field; `function_changed` tells that another function is chosen."""

    submitted = Signal()
    function_changed = Signal()

    def __init__(self, choose: str, labels: Labels = dict, parent: QWidget | None = None) -> None:
        """`choose` says what the functions are; `labels` are offered where an address is wanted."""
        super().__init__(parent)
        self._labels = labels
        self._entries: tuple[AbiEntry, ...] = ()
        self._rows: list[QWidget] = []
        self._with_value = False
        self.arguments: list[FormField] = []
        self.value: FormField | None = None
        self.function = Select(choose)
        self.function.setMinimumWidth(Size.FIELD)
        self._fields = QVBoxLayout()
        self._fields.setSpacing(Space.S)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.M)
        box.addWidget(self.function)
        box.addLayout(self._fields)
        self.function.currentIndexChanged.connect(self._on_function)

    @property
    def entry(self) -> AbiEntry | None:
        """The function that is chosen."""
        at = self.function.currentIndex()
        return self._entries[at] if 0 <= at < len(self._entries) else None

    @property
    def texts(self) -> tuple[str, ...]:
        """What is typed for each argument."""
        return tuple(_line(field).text() for field in self.arguments)

    @property
    def value_text(self) -> str:
        """What is typed as the amount that is sent along; empty where nothing can be."""
        return _line(self.value).text() if self.value is not None else ""

    def show_functions(self, entries: Sequence[AbiEntry]) -> bool:
        """Others to choose from; the one that is chosen, and what is typed for it, stays where it is among them. False
        where they are the same."""
        if tuple(entries) == self._entries:
            return False
        before = self.entry
        self._entries = tuple(entries)
        self.function.blockSignals(True)
        self.function.clear()
        for entry in entries:
            self.function.addItem(entry.signature)
        kept = self._entries.index(before) if before in self._entries else 0
        self.function.setCurrentIndex(kept if entries else -1)
        self.function.blockSignals(False)
        if before is None or self.entry != before:
            self._on_function()
        return True

    def choose(self, name: str) -> None:
        """Choose the first function of a name."""
        self.function.setCurrentIndex(next(at for at, entry in enumerate(self._entries) if entry.name == name))

    def show_problems(self, problems: Iterable[FieldProblem]) -> tuple[FieldProblem, ...]:
        """Say beside each argument what is wrong; answers those that belong to none."""
        said = {problem.field: problem for problem in problems}
        named = [(f"argument.{at}", field) for at, field in enumerate(self.arguments)]
        if self.value is not None:
            named.append(("value", self.value))
        wrong: list[FormField] = []
        for name, field in named:
            problem = said.pop(name, None)
            field.set_error(say_problem(problem) if problem else "")
            if problem:
                wrong.append(field)
        if wrong:
            wrong[0].editor.setFocus()
        return tuple(said.values())

    def _on_function(self) -> None:
        for row in self._rows:
            row.hide()
            self._fields.removeWidget(row)
            row.deleteLater()
        self._rows, self.arguments, self.value = [], [], None
        entry = self.entry
        if entry is not None:
            for at, parameter in enumerate(entry.inputs):
                self._add(parameter, at)
            if entry.mutability == "payable":
                self.value = self._row(self.tr("Sent along"), self.tr("An amount in ETH, or 20 gwei; nothing for none"))
        follow_inside(self)
        self.function_changed.emit()

    def _add(self, parameter: AbiParameter, at: int) -> None:
        name = parameter.name or self.tr("Argument {0}").format(at + 1)
        label = labelled_text(name, parameter.solidity_type)
        field = self._row(label, self._hint(parameter), is_address=parameter.solidity_type == "address")
        self.arguments.append(field)

    def _row(self, label: str, hint: str, *, is_address: bool = False) -> FormField:
        if is_address:
            row = AddressRow(label, hint, self._labels, self)
            line, field = row.line, row.field
        else:
            line = QLineEdit(self)
            line.setFont(mono_font(TextSize.BODY))
            row = field = FormField(label, line, hint, self)
            line.textEdited.connect(field.recheck)
        line.returnPressed.connect(self.submitted)
        self._fields.addWidget(row)
        self._rows.append(row)
        return field

    def _hint(self, parameter: AbiParameter) -> str:
        kind = parameter.solidity_type
        if kind.endswith("]") or parameter.members:
            return self.tr('JSON, such as [1, 2] or ["0x…"]')
        if kind == "address":
            return self.tr("0x and 40 hexadecimal digits")
        if kind == "bool":
            return self.tr("true or false")
        if kind == "bytes16":
            return self.tr("The id of an asset, or 0x and 32 hexadecimal digits")
        if kind.startswith("bytes"):
            return self.tr("0x and hexadecimal digits")
        if kind == "uint256":
            return self.tr("A number, 0x…, the id of an asset, or an amount such as 1.5 ETH or 20 gwei")
        return self.tr("A number, or 0x…") if kind.startswith(("uint", "int")) else ""


def _line(field: FormField) -> QLineEdit:
    assert isinstance(field.editor, QLineEdit)
    return field.editor
