"""The two tables of a result: a line for each transaction, and a line for each asset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.batch_runs import Batch, BatchRun, ItemOutcome, RunItem, outcome_of
from ipnft_desktop.domain.minting import CLOSED_STAGES, MintProgress, MintStage
from ipnft_desktop.ui.batch import words
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Tone
from ipnft_desktop.ui.widgets.asset_words import short_token, token_text
from ipnft_desktop.ui.widgets.measures import number_text, percent_text
from ipnft_desktop.ui.widgets.plain import shorten
from ipnft_desktop.ui.widgets.progress_cell import ProgressDelegate
from ipnft_desktop.ui.widgets.record_table import RecordTable

_DASH = "–"


@dataclass(frozen=True, slots=True)
class TransactionLine:
    """A transaction of a run, with the latest that was heard of it."""

    number: int
    batch: Batch
    progress: MintProgress | None

    @property
    def stage(self) -> MintStage:
        """As it was heard of, or as it is on record."""
        return self.batch.stage if self.progress is None else self.progress.stage

    @property
    def percent(self) -> int:
        """What is done of it, whatever came of it."""
        if self.progress is not None and self.stage not in CLOSED_STAGES:
            return self.progress.percent
        return 100 if self.stage in CLOSED_STAGES else 0

    @property
    def gas_used(self) -> int | None:
        """None before it is mined."""
        return self.batch.gas_used if self.progress is None else self.progress.gas_used or self.batch.gas_used

    @property
    def tx_hash(self) -> str:
        """Empty before it is signed."""
        heard = None if self.progress is None else self.progress.tx_hash
        return heard or self.batch.tx_hash or ""


class ItemLine(NamedTuple):
    """An asset of a run at its place."""

    number: int
    item: RunItem


def lines_of(items: Iterable[RunItem]) -> list[ItemLine]:
    """For any thread: of ten thousand it takes most of a frame."""
    return [ItemLine(number, item) for number, item in enumerate(items, 1)]


class TransactionTable(RecordTable[TransactionLine]):
    """One progress for each transaction."""

    def __init__(self, parent: QWidget | None = None) -> None:
        columns: tuple[RecordColumn[TransactionLine], ...] = (
            RecordColumn(
                "#", lambda line: number_text(line.number), ColumnWidth.XS, lambda line: line.number, is_number=True
            ),
            RecordColumn(
                _tr("Assets"),
                lambda line: number_text(line.batch.item_count),
                ColumnWidth.S,
                lambda line: line.batch.item_count,
                is_number=True,
            ),
            RecordColumn(
                _tr("Progress"),
                _progress_of,
                None,
                lambda line: line.percent,
                tone=_tone_of,
                hover=_stage_of,
            ),
            RecordColumn(
                _tr("Gas"), _gas_of, ColumnWidth.M, lambda line: line.gas_used or 0, hover=_gas_hover, is_number=True
            ),
            RecordColumn(
                _tr("Transaction"),
                lambda line: shorten(line.tx_hash) if line.tx_hash else _DASH,
                ColumnWidth.M,
                hover=lambda line: line.tx_hash,
                copy=lambda line: line.tx_hash,
                is_mono=True,
            ),
        )
        super().__init__(
            _tr("Transactions of the batch"),
            columns,
            lambda line: line.batch.job_id,
            lambda line: line.tx_hash,
            parent,
            command="transactions",
            copy_title=_tr("Copy the transaction in focus"),
            opens=False,
        )
        self.setItemDelegateForColumn(2, ProgressDelegate(self._percent_at, self))

    def show_run(self, run: BatchRun, live: dict[UUID, MintProgress]) -> None:
        """Show the transactions of a run as they stand now."""
        lines = tuple(TransactionLine(at, batch, live.get(batch.job_id)) for at, batch in enumerate(run.batches, 1))
        if len(lines) == self.records.count:
            self.records.renew_records(lines)
        else:
            self.show_records(lines)

    def _percent_at(self, row: int) -> int:
        line = self.records.record_at(row)
        return 0 if line is None else line.percent


class ItemTable(RecordTable[ItemLine]):
    """One line for each asset, with what was heard of its transaction since it was read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._live: Mapping[UUID, MintProgress] = {}
        columns: tuple[RecordColumn[ItemLine], ...] = (
            RecordColumn(
                "#", lambda line: number_text(line.number), ColumnWidth.S, lambda line: line.number, is_number=True
            ),
            RecordColumn(_tr("Asset"), _name_of, hover=_name_of),
            RecordColumn(
                _tr("Outcome"),
                lambda line: words.outcome_name(self._outcome(line)),
                ColumnWidth.L,
                lambda line: (self._outcome(line), line.number),
                tone=lambda line: words.outcome_tone(self._outcome(line)),
            ),
            RecordColumn(
                _tr("Token, or why not"),
                lambda line: short_token(line.item.token_id) if line.item.token_id else words.reason_of(line.item),
                order=lambda line: (line.item.token_id or 0, line.item.code or "", line.number),
                hover=_what_of,
                copy=_what_of,
            ),
        )
        super().__init__(
            _tr("Assets of the batch"),
            columns,
            lambda line: line.item.asset_id,
            lambda line: f"{_name_of(line)} {words.outcome_name(self._outcome(line))} {_what_of(line)}",
            parent,
            command="items",
            copy_title=_tr("Copy the asset in focus"),
        )

    def show_lines(self, lines: Sequence[ItemLine], live: Mapping[UUID, MintProgress]) -> None:
        """Show others. `live` is what was heard, by job; it is kept up to date by whoever hears."""
        self._live = live
        self.show_records(lines)

    def _outcome(self, line: ItemLine) -> ItemOutcome:
        item = line.item
        progress = None if item.job_id is None else self._live.get(item.job_id)
        if item.outcome is not ItemOutcome.RUNNING or progress is None:
            return item.outcome
        return outcome_of(progress.stage)


def _progress_of(line: TransactionLine) -> str:
    """The stage in which it ended, for a full bar may stand for a failure."""
    return words.stage_word(line.stage) if line.stage in CLOSED_STAGES else percent_text(line.percent)


def _name_of(line: ItemLine) -> str:
    return line.item.name or str(line.item.asset_id)


def _what_of(line: ItemLine) -> str:
    return token_text(line.item.token_id) if line.item.token_id else words.reason_of(line.item)


def _tone_of(line: TransactionLine) -> Tone:
    return Tone.ACCENT if line.progress is None and line.percent < 100 else words.stage_tone(line.stage)


def _stage_of(line: TransactionLine) -> str:
    return words.stage_word(line.stage)


def _gas_of(line: TransactionLine) -> str:
    if line.gas_used is not None:
        return number_text(line.gas_used)
    return _DASH if line.batch.gas_estimated is None else f"~ {number_text(line.batch.gas_estimated)}"


def _gas_hover(line: TransactionLine) -> str:
    estimated = line.batch.gas_estimated
    return "" if estimated is None else _tr("Expected: {0} gas").format(number_text(estimated))


def _tr(text: str) -> str:
    return QCoreApplication.translate("BatchTables", text)
