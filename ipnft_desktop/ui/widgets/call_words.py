"""Recorded calls in the words of the window: how one stands, and what was passed to it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.contract_writes import CallValue, ContractCall, ContractWrite, WriteState
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.address_words import LabelOf, no_label
from ipnft_desktop.ui.widgets.key_value_panel import Fact
from ipnft_desktop.ui.widgets.measures import listed
from ipnft_desktop.ui.widgets.plain import shorten

_LONG_CHARS = 28


def call_title(call: ContractCall) -> str:
    """The function's name; a transfer has none."""
    return call.name or _tr("Transfer")


def call_state(write: ContractWrite) -> tuple[str, Tone]:
    """How a call stands, and in which tone."""
    match write.state:
        case WriteState.WAITING if write.withdrawal:
            return _tr("Being taken back"), Tone.WARN
        case WriteState.WAITING:
            return _tr("Waiting"), Tone.ACCENT
        case WriteState.DONE:
            return _tr("Done"), Tone.OK
        case WriteState.REVERTED:
            return _tr("Refused"), Tone.ERROR
        case WriteState.REPLACED if write.is_withdrawn:
            return _tr("Taken back"), Tone.NEUTRAL
        case WriteState.REPLACED:
            return _tr("Replaced"), Tone.WARN
        case WriteState.VANISHED:
            return _tr("Vanished"), Tone.WARN


def value_line(value: CallValue) -> str:
    """A value in one line."""
    return value if isinstance(value, str) else f"[{listed(map(value_line, value))}]"


def argument_facts(call: ContractCall, label_of: LabelOf = no_label) -> tuple[Fact, ...]:
    """One row a parameter; what is long is copied whole."""
    facts: list[Fact] = []
    for at, (name, value) in enumerate(call.arguments):
        text = value_line(value)
        key = name or _tr("Argument {0}").format(at + 1)
        if len(text) > _LONG_CHARS:
            facts.append(Fact(key, shorten(text, 12, 8), copy=text, lead=label_of(text) or ""))
        else:
            facts.append(Fact(key, text))
    return tuple(facts)


def _tr(text: str) -> str:
    return QCoreApplication.translate("CallWords", text)
