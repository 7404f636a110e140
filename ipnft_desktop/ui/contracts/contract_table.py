"""The columns of the list of contracts."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.inspection.directory import ContractKind, ContractLine
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Space, Tone
from ipnft_desktop.ui.widgets.address_words import LabelOf
from ipnft_desktop.ui.widgets.chain_words import contract_kind_name
from ipnft_desktop.ui.widgets.job_words import DASH
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.plain import shorten
from ipnft_desktop.ui.widgets.record_table import RecordTable

_TONES = {ContractKind.OURS: Tone.OK, ContractKind.NO_CODE: Tone.WARN, ContractKind.OTHER: Tone.NEUTRAL}


class ContractTable(RecordTable[ContractLine]):
    """Ours first, until another order is wished."""

    def __init__(self, label_of: LabelOf, parent: QWidget | None = None) -> None:
        super().__init__(
            _tr("Contracts"),
            _columns(label_of),
            lambda line: line.address,
            lambda line: f"{title_of(line, label_of)} {line.address} {line.abi_name} {contract_kind_name(line.kind)}",
            parent,
            command="contracts",
            copy_title=_tr("Copy the contract in focus"),
        )


def title_of(line: ContractLine, label_of: LabelOf) -> str:
    """Its label, or the name of its ABI; else the short form of its address."""
    return label_of(line.address) or line.abi_name or shorten(line.address)


def kind_tone(kind: ContractKind) -> Tone:
    """What its colour says."""
    return _TONES.get(kind, Tone.ACCENT)


def _columns(label_of: LabelOf) -> tuple[RecordColumn[ContractLine], ...]:
    return (
        RecordColumn(
            _tr("Contract"),
            lambda line: title_of(line, label_of),
            order=lambda line: (line.kind is not ContractKind.OURS, title_of(line, label_of).casefold()),
            hover=lambda line: line.address,
            copy=lambda line: line.address,
        ),
        RecordColumn(
            _tr("Kind"),
            lambda line: contract_kind_name(line.kind),
            ColumnWidth.M,
            tone=lambda line: kind_tone(line.kind),
        ),
        RecordColumn(
            _tr("Code"),
            lambda line: number_text(line.state.code_bytes) if line.state.code_bytes else DASH,
            ColumnWidth.S + Space.L,
            order=lambda line: line.state.code_bytes,
            hover=lambda line: line.state.code_hash,
            is_number=True,
        ),
        RecordColumn(
            _tr("ABI"),
            lambda line: line.abi_name or DASH,
            ColumnWidth.M,
            hover=lambda line: line.abi_name,
        ),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("ContractTable", text)
