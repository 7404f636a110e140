"""What lies in a contract's storage: variables by name, what is kept under a key, or any word by its number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import IpnftError, ValidationFailed
from ipnft_desktop.domain.inspection.tracing import StateChange
from ipnft_desktop.ui.contracts.block_field import BlockField
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.fonts import mono_font
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Ink, Space, TextSize
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.chain_words import Names, value_text
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.inputs import FormField
from ipnft_desktop.ui.widgets.job_words import DASH
from ipnft_desktop.ui.widgets.measures import listed
from ipnft_desktop.ui.widgets.phrases import say_problem
from ipnft_desktop.ui.widgets.plain import shorten
from ipnft_desktop.ui.widgets.record_table import RecordTable
from ipnft_desktop.ui.widgets.text import Text


@dataclass(frozen=True, slots=True)
class StoredValue:
    """One variable, or a word that has no name."""

    slot: int
    variable: str
    key: str
    field: str
    value: str
    """In words."""
    raw: str
    """As the chain has it."""


class StoragePart(QWidget):
    """`look_requested` asks for what the fields say: a slot, a key, or the variables that need none."""

    look_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = QLineEdit()
        self.slot = QLineEdit()
        for line in (self.key, self.slot):
            line.setFont(mono_font(TextSize.BODY))
            line.returnPressed.connect(self.look_requested)
        self.key_field = FormField(self.tr("Key"), self.key, self.tr("An address, a token or an asset's id"))
        self.slot_field = FormField(self.tr("Slot"), self.slot, self.tr("Its number, or 0x…"))
        self.block = BlockField()
        self.look_button = SecondaryButton(self.tr("Look"), Icon.SEARCH)
        self.error_panel = ErrorPanel()
        self.note = Text("", TextSize.CAPTION, ink=Ink.MUTED, wrap=True)
        self._card = Card(flush=True)
        self._lay_out()
        self.table = RecordTable[StoredValue](
            self.tr("Storage"),
            _columns(),
            lambda stored: (stored.slot, stored.field),
            lambda stored: f"{stored.variable} {stored.value}",
            self._card,
            command="contract storage",
            copy_title=self.tr("Copy the variable in focus"),
            opens=False,
        )
        self._card.body.addWidget(self.table)
        self.look_button.clicked.connect(self.look_requested)
        self.key.textEdited.connect(self._on_key)
        self.slot.textEdited.connect(self._on_slot)

    def show_contract(self, *, is_ours: bool) -> None:
        """Another contract: of strangers only words by their number can be told."""
        self.key_field.setVisible(is_ours)
        self.key.clear()
        self.slot.clear()
        self.block.line.clear()
        self.table.show_records(())
        self.error_panel.clear()
        self.note.setText(
            self.tr("Variables without a key are shown by name; a key shows all that is kept under it.")
            if is_ours
            else self.tr("The names of its variables are not known: a word is looked up by the number of its slot.")
        )

    def show_words(self, words: Sequence[StateChange], names: Names) -> None:
        """What lies there; of each change the second half."""
        self.error_panel.clear()
        for field in (self.key_field, self.slot_field, self.block):
            field.set_error("")
        self.table.show_records([stored for word in words for stored in _stored(word, names)])

    def show_refusal(self, error: IpnftError) -> None:
        """Say why nothing was looked up: beside the field where it belongs to one."""
        fields = {"key": self.key_field, "slot": self.slot_field, "block": self.block}
        problem = error.problems[0] if isinstance(error, ValidationFailed) else None
        if problem is None or problem.field not in fields:
            self.error_panel.show_error(error)
            return
        fields[problem.field].set_error(say_problem(problem))
        fields[problem.field].editor.setFocus()

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(Space.S)
        line.addWidget(self.key_field, 2)
        line.addWidget(self.slot_field, 1)
        line.addWidget(self.block, 1, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.look_button, 0, Qt.AlignmentFlag.AlignTop)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.S)
        box.addLayout(line)
        for part in (self.note, self.error_panel):
            box.addWidget(part)
        box.addWidget(self._card, 1)

    def _on_key(self) -> None:
        self.slot.clear()
        self.key_field.recheck()

    def _on_slot(self) -> None:
        self.key.clear()
        self.slot_field.recheck()


def _stored(word: StateChange, names: Names) -> list[StoredValue]:
    slot, raw = word.change.slot, f"0x{word.change.after:064x}"
    key = listed(value_text(each, names) for each in word.keys)
    if not word.fields:
        return [StoredValue(slot, word.variable, key, "", shorten(raw, 12, 8), raw)]
    return [
        StoredValue(slot, word.variable, key, field.name, value_text(field.after, names), field.after.text)
        for field in word.fields
    ]


def _columns() -> tuple[RecordColumn[StoredValue], ...]:
    return (
        RecordColumn(
            _tr("Slot"),
            lambda stored: shorten(f"0x{stored.slot:x}"),
            ColumnWidth.M,
            order=lambda stored: stored.slot,
            hover=lambda stored: f"0x{stored.slot:064x}",
            copy=lambda stored: f"0x{stored.slot:064x}",
            is_mono=True,
        ),
        RecordColumn(
            _tr("Variable"),
            lambda stored: f"{stored.variable}[{stored.key}]" if stored.key else stored.variable or DASH,
        ),
        RecordColumn(_tr("Field"), lambda stored: stored.field or DASH, ColumnWidth.L),
        RecordColumn(
            _tr("Value"), lambda stored: stored.value, hover=lambda stored: stored.raw, copy=lambda stored: stored.raw
        ),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("ContractStorage", text)
