"""A mint's progress in words: four stages with one line of facts each, and four facts with a time each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.minting import STAGE_ORDER, UNSIGNED_STAGES, MintProgress, MintStage
from ipnft_desktop.ui.widgets.measures import number_text, seconds_text
from ipnft_desktop.ui.widgets.plain import shorten
from ipnft_desktop.ui.widgets.stage_list import StageItem, StageState

SHOWN_STAGES = (MintStage.PREPARING, MintStage.SUBMITTING, MintStage.CONFIRMING, MintStage.FINALIZING)
SPEED_UP_AFTER = timedelta(seconds=15)
"""How long an accepted transaction may stay unmined before a higher fee is offered."""


def _tr(text: str, count: int = -1) -> str:
    return QCoreApplication.translate("MintStages", text, "", count)


@dataclass(frozen=True, slots=True)
class TimedFact:
    """One of the four facts; `at` is None while it is not true, or when its time was not seen."""

    title: str
    is_true: bool
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """What the watcher of a dialog has seen beyond the record: when the required depth was reached, and when another
    transaction took the place of an earlier one."""

    confirmed_at: datetime | None = None
    signed: int = 0
    replaced_at: datetime | None = None

    def after(self, progress: MintProgress, now: datetime) -> Watched:
        """The same with news; a block that vanished takes the confirmation back."""
        is_replaced = progress.transactions_signed > max(self.signed, 1)
        return Watched(
            (self.confirmed_at or now) if is_confirmed(progress) else None,
            progress.transactions_signed,
            now if is_replaced else self.replaced_at,
        )


def is_confirmed(progress: MintProgress) -> bool:
    """The block lies as deep as required."""
    return progress.block_number is not None and progress.confirmations >= progress.required_confirmations


def may_cancel(progress: MintProgress) -> bool:
    """Before the signature at once; afterwards once, and only while the chain has mined neither."""
    if progress.stage in UNSIGNED_STAGES:
        return True
    return _is_unmined(progress) and not progress.cancel_requested


def may_speed_up(progress: MintProgress, watched: Watched, now: datetime) -> bool:
    """The node took the newest transaction a while ago, and no block did."""
    accepted_at = progress.times.accepted_at
    if accepted_at is None or progress.cancel_requested or not _is_unmined(progress):
        return False
    return now - max(accepted_at, watched.replaced_at or accepted_at) > SPEED_UP_AFTER


def _is_unmined(progress: MintProgress) -> bool:
    return progress.stage in (MintStage.SUBMITTING, MintStage.CONFIRMING) and progress.block_number is None


def timed_facts(progress: MintProgress, watched: Watched) -> tuple[TimedFact, ...]:
    """Signed, accepted by the node, mined, confirmed: four things that are easily mistaken for one another."""
    times = progress.times
    confirmed = is_confirmed(progress)
    count = _tr("Confirmed {0} of {1}").format(progress.confirmations, progress.required_confirmations)
    mined = _tr("Mined") if progress.block_number is None else _tr("Mined in #{0}").format(progress.block_number)
    return (
        TimedFact(_tr("Signed"), times.signed_at is not None, times.signed_at),
        TimedFact(_tr("Accepted"), times.accepted_at is not None, times.accepted_at),
        TimedFact(mined, progress.block_number is not None, times.mined_at),
        TimedFact(count, confirmed, (watched.confirmed_at or times.completed_at) if confirmed else None),
    )


def stage_items(progress: MintProgress, watched: Watched, now: datetime) -> tuple[StageItem, ...]:
    """The rows of the four stages."""
    times = progress.times
    confirmed_at = watched.confirmed_at
    edges = {
        MintStage.PREPARING: (times.last_attempt_at or times.requested_at, times.signed_at),
        MintStage.SUBMITTING: (times.signed_at, times.accepted_at),
        MintStage.CONFIRMING: (times.accepted_at, confirmed_at),
        MintStage.FINALIZING: (confirmed_at, times.completed_at),
    }
    titles, details = _titles(progress), _details(progress)
    return tuple(
        StageItem(
            stage.value,
            titles[stage],
            details[stage],
            state := _state(stage, progress.stage),
            _duration(state, *edges[stage], now),
        )
        for stage in SHOWN_STAGES
    )


def _state(stage: MintStage, reached: MintStage) -> StageState:
    if reached is MintStage.REQUESTED:
        reached = MintStage.PREPARING
    if reached not in STAGE_ORDER:
        return StageState.WAITING
    ahead = STAGE_ORDER.index(reached) - STAGE_ORDER.index(stage)
    if ahead == 0:
        return StageState.RUNNING
    return StageState.DONE if ahead > 0 else StageState.WAITING


def _duration(state: StageState, start: datetime | None, end: datetime | None, now: datetime) -> str:
    if state is StageState.WAITING or start is None:
        return ""
    if state is StageState.RUNNING:
        return running_seconds((now - start).total_seconds())
    return seconds_text((end - start).total_seconds()) if end else ""


def running_seconds(seconds: float) -> str:
    """A clock that runs shows tenths: more would flicker."""
    return seconds_text(seconds, 1)


def _titles(progress: MintProgress) -> dict[MintStage, str]:
    is_cancelling = progress.cancel_requested and progress.block_number is None
    return {
        MintStage.PREPARING: _tr("Preparing"),
        MintStage.SUBMITTING: _tr("Submitting"),
        MintStage.CONFIRMING: _tr("Cancelling") if is_cancelling else _tr("Confirming"),
        MintStage.FINALIZING: _tr("Finalizing"),
    }


def _details(progress: MintProgress) -> dict[MintStage, str]:
    return {
        MintStage.PREPARING: _preparing(progress),
        MintStage.SUBMITTING: _submitting(progress),
        MintStage.CONFIRMING: _confirming(progress),
        MintStage.FINALIZING: _finalizing(progress),
    }


def _preparing(progress: MintProgress) -> str:
    if progress.stage is MintStage.REQUESTED:
        return _tr("Recorded · waiting for its turn")
    if progress.metadata_cid is None:
        return _tr("Storing the metadata and reading it back")
    stored = _tr("Metadata {0} stored and verified").format(shorten(progress.metadata_cid))
    return f"{stored} · {_tr('simulation passed')}" if progress.times.signed_at else stored


def _submitting(progress: MintProgress) -> str:
    if progress.nonce is None:
        return _tr("Sign, write to the journal, then send")
    signed = _tr("Signed and journalled · nonce {0}").format(progress.nonce)
    if progress.times.accepted_at is None or progress.tx_hash is None:
        return signed
    if progress.transactions_signed > 1:
        return f"{signed} · {_tr('%Ln transactions sent', progress.transactions_signed)}"
    return f"{signed} · {_tr('node accepted {0}').format(shorten(progress.tx_hash))}"


def _confirming(progress: MintProgress) -> str:
    counted = (progress.confirmations, progress.required_confirmations)
    if progress.block_number is None and progress.cancel_requested:
        return _tr("Waiting for the block that holds the mint or its cancellation")
    if progress.block_number is None:
        return _tr("Waiting for a block") if progress.times.accepted_at else _tr("Mined, then confirmed by more blocks")
    return _tr("Mined in block #{0} · confirmations {1} of {2}").format(progress.block_number, *counted)


def _finalizing(progress: MintProgress) -> str:
    if progress.stage is not MintStage.COMPLETED or progress.gas_used is None:
        return _tr("Record token, gas and block")
    return _tr("Token, block and {0} gas recorded").format(number_text(progress.gas_used))
