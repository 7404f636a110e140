"""Tokens that an account holds, as a list whose pages are read as the view reaches its end."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.chain_view import ChainToken
from ipnft_desktop.ui.models.paged_model import PagedModel
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Size
from ipnft_desktop.ui.validity.wording import validity_word
from ipnft_desktop.ui.widgets.job_words import DASH
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.plain import shorten
from ipnft_desktop.ui.widgets.record_table import RecordTable

_LEAST_WIDTHS = {1: ColumnWidth.XXL + ColumnWidth.M, 3: Size.TABLE_NARROW - ColumnWidth.XXL}
"""The asset's name says more than the number of its token, and the block of its mint."""


@dataclass(frozen=True, slots=True)
class HeldToken:
    """A token with the name of its asset."""

    token: ChainToken
    asset_name: str


class HeldTable(RecordTable[HeldToken]):
    """By token id. Enter opens the asset."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.paged = PagedModel(_columns(), _key, None)
        super().__init__(
            _tr("Tokens held"),
            (),
            _key,
            parent=parent,
            model=self.paged,
            command="held tokens",
            copy_title=_tr("Copy the token in focus"),
        )
        self.paged.setParent(self)
        self.use_least_widths(_LEAST_WIDTHS)


def _key(held: HeldToken) -> int:
    return held.token.token_id


def _columns() -> tuple[RecordColumn[HeldToken], ...]:
    return (
        RecordColumn(_tr("Asset"), lambda held: held.asset_name or _tr("no asset of this register")),
        RecordColumn(
            _tr("Token"),
            lambda held: shorten(str(held.token.asset_id or held.token.token_id), 6, 4),
            ColumnWidth.M,
            hover=lambda held: str(held.token.token_id),
            copy=lambda held: str(held.token.token_id),
            is_mono=True,
        ),
        RecordColumn(
            _tr("Validity"),
            lambda held: validity_word(held.token.validity)[0],
            ColumnWidth.M,
            tone=lambda held: validity_word(held.token.validity)[1],
        ),
        RecordColumn(
            _tr("Minted in block"),
            lambda held: DASH if held.token.minted_block is None else number_text(held.token.minted_block),
            ColumnWidth.M,
            is_number=True,
        ),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("HeldTable", text)
