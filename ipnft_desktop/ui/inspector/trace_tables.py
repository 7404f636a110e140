"""What a transaction did, as tables: words of storage that changed, events, and calls inside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.inspection.decoding import Decoded, LogReading
from ipnft_desktop.domain.inspection.tracing import AccountChange, CallLine, FieldChange, StateChange
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Space, Tone
from ipnft_desktop.ui.widgets.amounts import eth_text
from ipnft_desktop.ui.widgets.chain_words import Names, reading_text, value_text
from ipnft_desktop.ui.widgets.job_words import DASH
from ipnft_desktop.ui.widgets.measures import number_text, size_text
from ipnft_desktop.ui.widgets.plain import shorten
from ipnft_desktop.ui.widgets.record_table import RecordTable

NamesNow = Callable[[], Names]
_WORD_HEX = 64


@dataclass(frozen=True, slots=True)
class StateRow:
    """One variable that changed, one word without a name, or what changed of an account."""

    number: int
    place: str
    """The slot in full, or nothing for an account."""
    address: str
    variable: str
    before: str
    after: str
    full: str
    """Before and after as the chain has them."""


def state_rows(changes: Sequence[StateChange], accounts: Sequence[AccountChange], names: Names) -> tuple[StateRow, ...]:
    """Storage first, one row a variable that is another one now; then balances, nonces and code."""
    rows: list[StateRow] = []
    for each in changes:
        told: Sequence[FieldChange | None] = [field for field in each.fields if field.is_changed] or [None]
        rows += [_storage_row(len(rows) + at, each, field, names) for at, field in enumerate(told)]
    for account in accounts:
        rows += _account_rows(len(rows), account, names)
    return tuple(rows)


class StateTable(RecordTable[StateRow]):
    """State changes by variable."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            _tr("State changes"),
            _state_columns(),
            lambda row: row.number,
            lambda row: f"{row.variable} {row.full}",
            parent,
            command="state",
            copy_title=_tr("Copy the change in focus"),
            opens=False,
        )


class EventTable(RecordTable[LogReading]):
    """Events of one transaction, in its order."""

    def __init__(self, names: NamesNow, parent: QWidget | None = None) -> None:
        super().__init__(
            _tr("Events of the transaction"),
            _event_columns(names),
            lambda reading: reading.log.index,
            lambda reading: reading_text(reading.event, names()),
            parent,
            command="event",
            copy_title=_tr("Copy the event in focus"),
            opens=False,
        )


class CallTable(RecordTable[tuple[int, CallLine]]):
    """Calls in the order in which they began, those inside indented."""

    def __init__(self, names: NamesNow, parent: QWidget | None = None) -> None:
        super().__init__(
            _tr("Calls inside"),
            _call_columns(names),
            lambda numbered: numbered[0],
            lambda numbered: reading_text(numbered[1].call, names()),
            parent,
            command="call",
            copy_title=_tr("Copy the call in focus"),
            opens=False,
        )


def revert_text(line: CallLine, names: Names) -> str:
    """Why a call failed."""
    if isinstance(line.revert, Decoded):
        return reading_text(line.revert, names)
    return line.frame.error


def slot_text(slot: int) -> str:
    """A place in storage, in full."""
    return f"0x{slot:0{_WORD_HEX}x}"


def variable_text(change: StateChange, names: Names, field: str = "") -> str:
    """`ownerOf.validity[Vase]`, or that nothing at hand names it."""
    if not change.variable:
        return _tr("not known")
    keys = "".join(f"[{value_text(key, names)}]" for key in change.keys)
    return f"{change.variable}{'.' if field else ''}{field}{keys}"


def _storage_row(number: int, change: StateChange, field: FieldChange | None, names: Names) -> StateRow:
    raw = change.change
    place, full = slot_text(raw.slot), f"{slot_text(raw.before)}\n{slot_text(raw.after)}"
    if field is None:
        short = shorten(slot_text(raw.before), 8, 6), shorten(slot_text(raw.after), 8, 6)
        return StateRow(number, place, raw.address, variable_text(change, names), *short, full)
    variable = variable_text(change, names, field.name if len(change.fields) > 1 else "")
    return StateRow(
        number, place, raw.address, variable, value_text(field.before, names), value_text(field.after, names), full
    )


def _account_rows(first: int, change: AccountChange, names: Names) -> list[StateRow]:
    called = names.label_of(change.address) or shorten(change.address)
    told = (
        (_tr("Balance of {0}"), change.balance_wei, eth_text),
        (_tr("Nonce of {0}"), change.nonce, number_text),
        (_tr("Code of {0}"), change.code_bytes, size_text),
    )
    rows: list[StateRow] = []
    for name, pair, text in told:
        if pair is not None:
            before, after = pair
            full = f"{before}\n{after}"
            number = first + len(rows)
            rows.append(StateRow(number, "", change.address, name.format(called), text(before), text(after), full))
    return rows


def _state_columns() -> tuple[RecordColumn[StateRow], ...]:
    return (
        RecordColumn(
            _tr("Slot"),
            lambda row: shorten(row.place, 6, 4) or DASH,
            ColumnWidth.M,
            order=lambda row: row.number,
            hover=lambda row: row.place,
            copy=lambda row: row.place,
            is_mono=True,
        ),
        RecordColumn(_tr("Variable"), lambda row: row.variable, hover=lambda row: f"{row.variable}\n{row.address}"),
        RecordColumn(
            _tr("Before"),
            lambda row: row.before,
            ColumnWidth.L + Space.L,
            hover=lambda row: row.full,
            copy=lambda row: row.before,
        ),
        RecordColumn(
            _tr("After"), lambda row: row.after, ColumnWidth.XL, hover=lambda row: row.full, copy=lambda row: row.after
        ),
    )


def _event_columns(names: NamesNow) -> tuple[RecordColumn[LogReading], ...]:
    def contract(reading: LogReading) -> str:
        return names().label_of(reading.log.address) or shorten(reading.log.address)

    def read_by(reading: LogReading) -> str:
        return reading.event.abi_name if isinstance(reading.event, Decoded) else ""

    return (
        RecordColumn(
            _tr("No."),
            lambda reading: number_text(reading.log.index),
            ColumnWidth.XS + Space.S,
            order=lambda reading: reading.log.index,
            is_number=True,
        ),
        RecordColumn(
            _tr("Event"),
            lambda reading: reading_text(reading.event, names()),
            hover=lambda reading: reading.event.signature if isinstance(reading.event, Decoded) else "",
            copy=lambda reading: reading_text(reading.event, names()),
        ),
        RecordColumn(
            _tr("Contract"),
            contract,
            ColumnWidth.M,
            hover=lambda reading: reading.log.address,
            copy=lambda reading: reading.log.address,
        ),
        RecordColumn(_tr("Read by"), read_by, ColumnWidth.M - Space.S),
    )


def _call_columns(names: NamesNow) -> tuple[RecordColumn[tuple[int, CallLine]], ...]:
    def call(numbered: tuple[int, CallLine]) -> str:
        line = numbered[1]
        return f"{'    ' * line.depth}{line.frame.kind}  {reading_text(line.call, names())}"

    def target(numbered: tuple[int, CallLine]) -> str:
        to = numbered[1].frame.to
        return DASH if to is None else names().label_of(to) or shorten(to)

    def outcome(numbered: tuple[int, CallLine]) -> tuple[str, Tone]:
        line = numbered[1]
        if not line.has_failed:
            return _tr("success"), Tone.OK
        return (_tr("failed here"), Tone.ERROR) if line.is_cause else (_tr("failed"), Tone.WARN)

    return (
        RecordColumn(
            _tr("Call"),
            call,
            order=lambda numbered: numbered[0],
            hover=lambda numbered: revert_text(numbered[1], names()) or call(numbered).strip(),
        ),
        RecordColumn(
            _tr("To"),
            target,
            ColumnWidth.M,
            hover=lambda numbered: numbered[1].frame.to or "",
            copy=lambda numbered: numbered[1].frame.to or "",
        ),
        RecordColumn(
            _tr("Gas"),
            lambda numbered: number_text(numbered[1].frame.gas_used),
            ColumnWidth.S + Space.L,
            order=lambda numbered: numbered[1].frame.gas_used,
            is_number=True,
        ),
        RecordColumn(
            _tr("Outcome"),
            lambda numbered: outcome(numbered)[0],
            ColumnWidth.M,
            tone=lambda numbered: outcome(numbered)[1],
            hover=lambda numbered: revert_text(numbered[1], names()),
        ),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("ChainPage", text)
