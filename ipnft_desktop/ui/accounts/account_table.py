"""The columns of the list of accounts."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.inspection.directory import AccountLine, AccountSource
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Size
from ipnft_desktop.ui.widgets.address_words import LabelOf
from ipnft_desktop.ui.widgets.amounts import eth_figure
from ipnft_desktop.ui.widgets.chain_words import source_name
from ipnft_desktop.ui.widgets.job_words import DASH
from ipnft_desktop.ui.widgets.measures import listed, number_text
from ipnft_desktop.ui.widgets.plain import shorten
from ipnft_desktop.ui.widgets.record_table import RecordTable

_LEAST_WIDTHS = {1: Size.TABLE_NARROW - ColumnWidth.XXL}
"""Why an account is known gives way where there is little room; it is told beside the list."""


class AccountTable(RecordTable[AccountLine]):
    """Those with a name first, until another order is wished."""

    def __init__(self, label_of: LabelOf, parent: QWidget | None = None) -> None:
        super().__init__(
            _tr("Accounts"),
            _columns(label_of),
            lambda line: line.address,
            lambda line: f"{label_of(line.address) or ''} {line.address} {sources_text(line)}",
            parent,
            command="accounts",
            copy_title=_tr("Copy the account in focus"),
        )
        self.use_least_widths(_LEAST_WIDTHS)


def sources_text(line: AccountLine) -> str:
    """Why it is known, the weightiest first."""
    return listed(source_name(source) for source in AccountSource if source in line.sources)


def _columns(label_of: LabelOf) -> tuple[RecordColumn[AccountLine], ...]:
    def title(line: AccountLine) -> str:
        return label_of(line.address) or shorten(line.address)

    return (
        RecordColumn(
            _tr("Account"),
            title,
            order=lambda line: (label_of(line.address) is None, title(line).casefold()),
            hover=lambda line: line.address,
            copy=lambda line: line.address,
        ),
        RecordColumn(_tr("Known as"), sources_text, ColumnWidth.L, hover=sources_text),
        RecordColumn(
            _tr("Balance, ETH"),
            lambda line: eth_figure(line.state.balance_wei),
            ColumnWidth.L,
            order=lambda line: line.state.balance_wei,
            hover=lambda line: _tr("{0} wei").format(number_text(line.state.balance_wei)),
            is_number=True,
        ),
        RecordColumn(
            _tr("Nonce"),
            lambda line: number_text(line.state.nonce),
            ColumnWidth.S,
            order=lambda line: line.state.nonce,
            is_number=True,
        ),
        RecordColumn(
            _tr("Tokens"),
            lambda line: number_text(line.token_count) if line.token_count else DASH,
            ColumnWidth.S,
            order=lambda line: line.token_count,
            is_number=True,
        ),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("AccountTable", text)
