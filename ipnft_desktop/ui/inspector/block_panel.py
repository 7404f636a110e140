"""One block in full: its facts, its transactions, its header, and what another block differs in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.inspection.blocks import Block, BlockLine
from ipnft_desktop.domain.inspection.comparison import MOST_TRANSACTIONS, BlockDifference
from ipnft_desktop.domain.inspection.tracing import Untold
from ipnft_desktop.domain.inspection.transactions import TransactionLine
from ipnft_desktop.ui.inspection.height_field import height_in, is_height, take_heights
from ipnft_desktop.ui.inspection.parts import Parts
from ipnft_desktop.ui.inspector.trace_tables import state_rows
from ipnft_desktop.ui.inspector.transaction_table import BlockTransactionTable
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Ink, Size, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.address_words import LabelOf, no_label
from ipnft_desktop.ui.widgets.amounts import gwei_text
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.chain_words import Names
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.job_words import DASH
from ipnft_desktop.ui.widgets.key_value_panel import Fact, KeyValuePanel
from ipnft_desktop.ui.widgets.measures import number_text, percent_text
from ipnft_desktop.ui.widgets.moments import local_time_of, utc_time_of
from ipnft_desktop.ui.widgets.plain import shorten
from ipnft_desktop.ui.widgets.record_table import RecordTable
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text

_SHOWN_CHARS = 200
"""Of a field of the header: a filter of logs has 512."""

_HEADER_NUMBERS = frozenset(
    (
        *("number", "timestamp", "size", "gasLimit", "gasUsed", "baseFeePerGas"),
        *("blobGasUsed", "excessBlobGas", "difficulty", "totalDifficulty"),
    )
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of what differs between two blocks."""

    number: int
    kind: str
    name: str
    before: str
    after: str


class BlockPanel(QWidget):
    """`compare_requested` carries the height of the block to compare with, `transaction_requested` a hash."""

    compare_requested = Signal(int)
    transaction_requested = Signal(str)
    retry_requested = Signal()

    def __init__(self, parent: QWidget | None = None, *, whole: bool = True) -> None:
        """Without `whole` the rest is left to `build`."""
        super().__init__(parent)
        self._line: BlockLine | None = None
        self._label_of: LabelOf = no_label
        self.setAccessibleName(self.tr("Block"))
        self._faces = QStackedWidget(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._faces)
        if whole:
            for _piece in self.build():
                pass

    def build(self) -> Iterator[None]:
        """Make what shows it, in pieces."""
        nothing = Card(self._faces)
        nothing.body.addWidget(
            EmptyState(Icon.BOX, self.tr("Nothing selected"), self.tr("Select a block to see what is in it."))
        )
        self._full = QWidget(self._faces)
        self._faces.addWidget(nothing)
        self._faces.addWidget(self._full)
        column = QVBoxLayout(self._full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        column.addWidget(self._make_facts())
        yield
        column.addWidget(self._make_parts(), 1)
        self._connect()
        self.show_line(None)

    @property
    def line(self) -> BlockLine | None:
        """What is shown."""
        return self._line

    def names(self) -> Names:
        """What addresses are called."""
        return Names(self._label_of)

    def use_labels(self, label_of: LabelOf) -> None:
        """Call addresses by these labels."""
        self._label_of = label_of

    def show_line(self, line: BlockLine | None) -> None:
        """Show a block as the list tells it, or that none is selected; the rest follows."""
        is_same = line is not None and line == self._line
        self._line = line
        self._faces.setCurrentIndex(int(line is not None))
        if not is_same:
            self.error_panel.clear()
            self.show_detail(None, ())
            self.other.clear()
            self._show_differences((), "")
        if line is not None:
            self._show_facts(line)

    def show_detail(self, block: Block | None, transactions: Sequence[TransactionLine]) -> None:
        """What is in it."""
        self._gone.hide()
        self.transactions.show_records(transactions)
        self.header.show_records([*enumerate(block.header.items())] if block else ())
        at = self.parts.ground.indexOf(self.transactions)
        title, count = self.tr("Transactions"), len(transactions)
        self.parts.bar.setTabText(at, self.tr("{0} ({1})").format(title, number_text(count)) if count else title)

    def show_difference(self, found: BlockDifference) -> None:
        """What differs from another block, brought into view."""
        rows: list[Difference] = []
        for change in found.header:
            before, after = (_header_text(change.name, value) for value in (change.before, change.after))
            rows.append(Difference(len(rows), self.tr("Header"), change.name, before, after))
        state = () if isinstance(found.state, Untold) else found.state
        for row in state_rows(state, found.accounts, self.names()):
            kind = self.tr("Storage") if row.place else self.tr("Account")
            rows.append(Difference(len(rows), kind, row.variable, row.before, row.after))
        lower, higher = (number_text(block.line.number) for block in (found.before, found.after))
        told = self.tr("From block {0} to block {1}: %Ln transactions.", "", found.transaction_count)
        sentences = [told.format(lower, higher)]
        if isinstance(found.state, Untold):
            sentences.append(self.tr("The node does not tell what they changed: {0}").format(found.state.told))
        elif not found.is_whole:
            sentences.append(self.tr("Only the first %Ln were looked at.", "", MOST_TRANSACTIONS))
        self._show_differences(rows, " ".join(sentences))
        self.parts.show_part(self._difference_part)

    def show_comparing(self, other: int) -> None:
        """It is being compared with another one."""
        if self._line is not None:
            here, there = number_text(self._line.number), number_text(other)
            self._show_differences((), self.tr("Comparing block {0} with block {1}…").format(here, there))
            self.error_panel.clear()
            self.parts.show_part(self._difference_part)

    def show_not_compared(self) -> None:
        """That was in vain; the error says why."""
        self._show_differences((), "")

    def show_gone(self) -> None:
        """The chain has it no more, and what was read of it goes."""
        self.show_detail(None, ())
        self._gone.show()

    def show_error(self, error: IpnftError) -> None:
        """It could not be read; what is here stays."""
        self.error_panel.show_error(error)

    def _show_differences(self, rows: Sequence[Difference], told: str) -> None:
        self.differences.show_records(rows)
        self._told.setText(told or self.tr("Compare it with the block before it, or with any other."))

    def _show_facts(self, line: BlockLine) -> None:
        self._title.setText(self.tr("Block {0}").format(number_text(line.number)))
        self._subtitle.setText(f"{local_time_of(line.timestamp_s)} · {utc_time_of(line.timestamp_s)}")
        fee = DASH if line.base_fee_wei is None else gwei_text(line.base_fee_wei)
        share = percent_text(100 * line.fullness, 1)
        self._left.set_facts(
            (
                Fact(self.tr("Hash"), shorten(line.block_hash, 10, 8), copy=line.block_hash),
                Fact(self.tr("Parent"), shorten(line.parent_hash, 10, 8), copy=line.parent_hash),
            )
        )
        self._right.set_facts(
            (
                Fact(self.tr("Gas"), number_text(line.gas_used), note=share),
                Fact(self.tr("Base fee"), fee),
            )
        )

    def _make_facts(self) -> Card:
        card = Card(self._full)
        self._title = Text("", TextSize.LEAD, Weight.BOLD, parent=card)
        self._subtitle = ElidedLabel("", TextSize.CAPTION, ink=Ink.MUTED, parent=card)
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        head.addWidget(self._title)
        head.addWidget(self._subtitle, 1)
        self._left, self._right = KeyValuePanel(card), KeyValuePanel(card)
        facts = QHBoxLayout()
        facts.setSpacing(Space.L)
        facts.addWidget(self._left, 1)
        facts.addWidget(self._right, 1)
        self.other = QLineEdit(card)
        self.other.setPlaceholderText(self.tr("Block before it"))
        self.other.setAccessibleName(self.tr("Height of the block to compare with"))
        self.other.setFixedWidth(Size.FIELD_NARROW)
        take_heights(self.other)
        self.compare_button = SecondaryButton(self.tr("Compare"), parent=card)
        comparing = QHBoxLayout()
        comparing.setSpacing(Space.S)
        comparing.addStretch(1)
        comparing.addWidget(self.other)
        comparing.addWidget(self.compare_button)
        self._gone = Text(
            self.tr("The chain has this block no more: another one has taken its place."),
            TextSize.BODY,
            ink=Ink.WARN,
            wrap=True,
            parent=card,
        )
        self._gone.hide()
        self.error_panel = ErrorPanel(card)
        self.retry_button = self.error_panel.add_button(self.tr("Try again"))
        card.body.addLayout(head)
        card.body.addLayout(facts)
        card.body.addLayout(comparing)
        card.body.addWidget(self._gone)
        card.body.addWidget(self.error_panel)
        return card

    def _make_parts(self) -> Card:
        card = Card(self._full, flush=True)
        self.parts = Parts(self.tr("What is in the block"), card)
        self.transactions = BlockTransactionTable(self.names, self.parts.ground)
        self.header = RecordTable[tuple[int, tuple[str, str]]](
            self.tr("Header of the block"),
            _header_columns(),
            lambda field: field[0],
            lambda field: " ".join(field[1]),
            self.parts.ground,
            command="header",
            copy_title=self.tr("Copy the field in focus"),
            opens=False,
        )
        self._difference_part = QWidget(self.parts.ground)
        box = QVBoxLayout(self._difference_part)
        box.setContentsMargins(0, 0, 0, 0)
        self._told = Text("", TextSize.CAPTION, ink=Ink.MUTED, wrap=True, parent=self._difference_part)
        self._told.setContentsMargins(Space.M, 0, Space.M, 0)
        self.differences = RecordTable[Difference](
            self.tr("Differences between two blocks"),
            _difference_columns(),
            lambda row: row.number,
            lambda row: f"{row.name} {row.before} {row.after}",
            self._difference_part,
            command="difference",
            copy_title=self.tr("Copy the difference in focus"),
            opens=False,
        )
        box.addWidget(self._told)
        box.addWidget(self.differences, 1)
        self.parts.add(self.tr("Transactions"), self.transactions)
        self.parts.add(self.tr("Header"), self.header)
        self.parts.add(self.tr("Differences"), self._difference_part)
        card.body.addWidget(self.parts, 1)
        return card

    def _connect(self) -> None:
        self.compare_button.clicked.connect(self._on_compare)
        self.other.returnPressed.connect(self._on_compare)
        self.retry_button.clicked.connect(self.retry_requested)
        self.transactions.opened.connect(self._on_opened)

    def _on_compare(self) -> None:
        if self._line is not None and is_height(self.other):
            other = height_in(self.other)
            self.compare_requested.emit(max(self._line.number - 1, 0) if other is None else other)

    def _on_opened(self) -> None:
        if (line := self.transactions.current) is not None:
            self.transaction_requested.emit(line.tx_hash)


def _header_text(name: str, value: str) -> str:
    """Numbers as people read them, the rest as the node writes it."""
    try:
        return number_text(int(value, 16)) if name in _HEADER_NUMBERS else value
    except ValueError:
        return value


def _header_columns() -> tuple[RecordColumn[tuple[int, tuple[str, str]]], ...]:
    return (
        RecordColumn(_tr("Field"), lambda field: field[1][0], ColumnWidth.XL, order=lambda field: field[0]),
        RecordColumn(
            _tr("Value"), lambda field: field[1][1][:_SHOWN_CHARS], copy=lambda field: field[1][1], is_mono=True
        ),
    )


def _difference_columns() -> tuple[RecordColumn[Difference], ...]:
    return (
        RecordColumn(_tr("Kind"), lambda row: row.kind, ColumnWidth.S + Space.L, order=lambda row: row.number),
        RecordColumn(_tr("Name"), lambda row: row.name, ColumnWidth.XL, hover=lambda row: row.name),
        RecordColumn(_tr("Before"), lambda row: row.before[:_SHOWN_CHARS], copy=lambda row: row.before, is_mono=True),
        RecordColumn(_tr("After"), lambda row: row.after[:_SHOWN_CHARS], copy=lambda row: row.after, is_mono=True),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("ChainPage", text)
