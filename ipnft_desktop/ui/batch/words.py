"""The words in which batches are spoken of."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.batch_plan import Omission
from ipnft_desktop.domain.batch_runs import CancelResult, ItemOutcome, RunItem
from ipnft_desktop.domain.errors import ErrorCode, IpnftError
from ipnft_desktop.domain.minting import MintStage
from ipnft_desktop.ui.language import Language, language
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.asset_words import stage_name
from ipnft_desktop.ui.widgets.error_words import error_line, joined
from ipnft_desktop.ui.widgets.measures import number_text

_TONES = {
    ItemOutcome.RUNNING: Tone.ACCENT,
    ItemOutcome.MINTED: Tone.OK,
    ItemOutcome.FAILED: Tone.ERROR,
    ItemOutcome.NOT_ATTEMPTED: Tone.WARN,
}

_STAGE_TONES = {
    MintStage.REQUESTED: Tone.NEUTRAL,
    MintStage.COMPLETED: Tone.OK,
    MintStage.FAILED: Tone.ERROR,
    MintStage.CANCELLED: Tone.WARN,
}


def outcome_name(outcome: ItemOutcome) -> str:
    """What became of an asset, as a tag says it."""
    match outcome:
        case ItemOutcome.RUNNING:
            return _tr("MINTING")
        case ItemOutcome.MINTED:
            return _tr("MINTED")
        case ItemOutcome.FAILED:
            return _tr("FAILED")
        case ItemOutcome.NOT_ATTEMPTED:
            return _tr("NOT ATTEMPTED")


def outcome_tone(outcome: ItemOutcome) -> Tone:
    """The colour of the tag."""
    return _TONES[outcome]


def counts_text(counts: Mapping[ItemOutcome, int]) -> str:
    """`27 minted · 1 failed · 2 not attempted`: the three ends always, what still runs while something does."""
    parts = [
        _tr("{0} minted").format(number_text(counts.get(ItemOutcome.MINTED, 0))),
        _tr("{0} failed").format(number_text(counts.get(ItemOutcome.FAILED, 0))),
        _tr("{0} not attempted").format(number_text(counts.get(ItemOutcome.NOT_ATTEMPTED, 0))),
    ]
    running = counts.get(ItemOutcome.RUNNING, 0)
    return " · ".join([_tr("{0} on the way").format(number_text(running)), *parts] if running else parts)


def stage_word(stage: MintStage) -> str:
    """Where a transaction is."""
    return {
        MintStage.REQUESTED: _tr("WAITING"),
        MintStage.COMPLETED: _tr("MINTED"),
        MintStage.FAILED: _tr("FAILED"),
        MintStage.CANCELLED: _tr("CANCELLED"),
    }.get(stage) or stage_name(stage)


def stage_tone(stage: MintStage) -> Tone:
    """The colour of that."""
    return _STAGE_TONES.get(stage, Tone.ACCENT)


def reason(code: ErrorCode | None, detail: str) -> str:
    """Why something failed or was left out; nothing where it did not."""
    return "" if code is None else _reason(code, detail, language().current)


@lru_cache(256)
def _reason(code: ErrorCode, detail: str, _spoken: Language) -> str:
    """Kept, for ten thousand assets have a few reasons."""
    return error_line(IpnftError(code, detail))


def reason_of(item: RunItem) -> str:
    """Why an asset of a run has no token by it."""
    if item.code is None and item.outcome is ItemOutcome.NOT_ATTEMPTED:
        return _tr("It was cancelled before it was sent.")
    return reason(item.code, item.detail)


def omission_name(omission: Omission) -> str:
    """What was left out, by its id where the register has no name for it."""
    return omission.name or str(omission.asset_id)


def cancelled_text(result: CancelResult) -> str:
    """What became of the wish to end a run."""
    told = [_tr("{0} cancelled.").format(number_text(result.cancelled))]
    if result.asked:
        told.append(_tr("{0} were sent already: the chain decides.").format(number_text(result.asked)))
    if result.too_late:
        told.append(_tr("{0} had ended.").format(number_text(result.too_late)))
    if result.unreached:
        told.append(_tr("{0} were sent, and the chain cannot be asked now.").format(number_text(result.unreached)))
    return joined(*told)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Batch", text)
