"""What the mint dialog says about subjects and outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.assets import AssetRow, token_id_of
from ipnft_desktop.domain.batch_gathering import GatheredMint
from ipnft_desktop.domain.errors import ErrorCode, IpnftError
from ipnft_desktop.domain.minting import MAX_ATTEMPTS, AssetState, MintJob, MintStage
from ipnft_desktop.ui.mint.lines import MintLine
from ipnft_desktop.ui.mint.outcome_panels import LeftOutLine
from ipnft_desktop.ui.mint.subjects import LeftOut, MintSubject
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.address_words import LabelOf, labelled, no_label
from ipnft_desktop.ui.widgets.amounts import eth_text
from ipnft_desktop.ui.widgets.asset_words import short_token, state_name, token_text, type_name
from ipnft_desktop.ui.widgets.error_words import error_detail, error_line, error_sentence
from ipnft_desktop.ui.widgets.key_value_panel import Fact
from ipnft_desktop.ui.widgets.measures import (
    labelled_text,
    listed,
    local_clock,
    number_text,
    percent_text,
    seconds_text,
)
from ipnft_desktop.ui.widgets.plain import shorten


def _tr(text: str, count: int = -1) -> str:
    return QCoreApplication.translate("MintDialog", text, "", count)


def row_line(row: AssetRow) -> str:
    """Kind and owner of an asset, before more is known."""
    return f"{type_name(row.asset_type)} · {row.enterprise_name}"


def subject_line(subject: MintSubject, recipient: str, label_of: LabelOf = no_label) -> str:
    """Kind, owner and, once it is a valid address, the recipient by label and short form."""
    line = f"{type_name(subject.asset_type)} · {subject.enterprise_name}"
    if not recipient:
        return line
    return f"{line} → {labelled(recipient, subject.label_of(recipient) or label_of(recipient) or '')}"


def batch_line(subjects: Sequence[MintSubject]) -> str:
    """How many assets travel together, and whose they are."""
    names = sorted({subject.enterprise_name for subject in subjects})
    owners = names[0] if len(names) == 1 else _tr("%Ln enterprises", len(names))
    return f"{_tr('One transaction · %Ln assets', len(subjects))} · {owners}"


def subject_lines(subjects: Sequence[MintSubject]) -> tuple[MintLine, ...]:
    """The assets before the mint, with the wallets of their enterprises."""
    return tuple(
        MintLine(
            subject.asset_id,
            subject.name,
            shorten(subject.wallet_address),
            f"{subject.wallet_label} {subject.wallet_address}",
            type_name(subject.asset_type),
        )
        for subject in subjects
    )


def whose(subjects: Sequence[MintSubject], address: str, label_of: LabelOf = no_label) -> str:
    """What stands under a valid recipient."""
    owner = next((subject for subject in subjects if subject.wallet_address == address), None)
    if owner is not None:
        return _tr("{0} · wallet of {1}").format(owner.wallet_label, owner.enterprise_name)
    stranger = _tr("Not a wallet of the enterprise · check it twice, a token cannot be called back")
    label = label_of(address)
    return f"{label} · {stranger}" if label else stranger


def beside_field(error: IpnftError) -> str:
    """An input error in one line."""
    sentence, detail = error_sentence(error), error_detail(error)
    return _tr("{0}: {1}.").format(sentence.rstrip(".。"), detail) if detail else sentence


def waits_already(waiting: Sequence[GatheredMint], subjects: int, goes_at: datetime | None) -> str:
    """That some of the subjects wait for company, and until when if that is known; nothing where none does."""
    if not waiting:
        return ""
    if subjects > 1:
        return _tr("%Ln of these wait for others already.", len(waiting))
    since, by = local_clock(waiting[0].asked_at), waiting[0].asked_by
    if goes_at is None:
        return _tr("It waits for others since {0}, asked for by {1}.").format(since, by)
    return _tr("It waits for others since {0}, asked for by {1}, and goes at {2} at the latest.").format(
        since, by, local_clock(goes_at)
    )


def waits_now(count: int, others: int, longest_wait: timedelta | None) -> str:
    """That mints wait from now on, with how many others, and how long; None while nothing can be sent."""
    if longest_wait is None:
        return _tr("%Ln assets wait, and go once the environment is started.", count)
    wait = seconds_text(longest_wait.total_seconds(), 0)
    if count > 1:
        return _tr("%Ln assets wait for others, and go in {0} at the latest.", count).format(wait)
    if others:
        return _tr("It waits with %Ln others, and goes in {0} at the latest.", others).format(wait)
    return _tr("It waits for others, and goes in {0} at the latest.").format(wait)


def success_headline(job: MintJob) -> str:
    """What was achieved; after a cancellation that came too late, that too."""
    if job.cancel_requested and len(job.items) == 1:
        return _tr("The mint was faster: the token exists")
    if job.cancel_requested:
        return _tr("The mint was faster: %Ln tokens exist", len(job.items))
    if len(job.items) == 1:
        return _tr("Minted")
    return _tr("%Ln tokens minted in one transaction", len(job.items))


def took(job: MintJob) -> str:
    """Time from the request (or the last attempt) to the end."""
    start, end = job.times.last_attempt_at or job.times.requested_at, job.times.completed_at
    return _tr("took {0}").format(seconds_text((end - start).total_seconds())) if end else ""


def success_facts(
    job: MintJob,
    subjects: Sequence[MintSubject],
    single_gas: int | None,
    saved: float | None,
    label_of: LabelOf = no_label,
) -> tuple[Fact, ...]:
    """The facts of the transaction, and of the token if it is one."""
    facts: list[Fact] = []
    if len(job.items) == 1:
        item = job.items[0]
        token = token_id_of(item.asset_id)
        facts.append(Fact(_tr("Token id"), short_token(token), copy=token_text(token)))
        label = subjects[0].label_of(item.recipient) or label_of(item.recipient) or ""
        facts.append(Fact(_tr("Owner"), shorten(item.recipient), copy=item.recipient, lead=label))
    facts.extend(_transaction_facts(job))
    if job.mined is not None:
        facts.append(Fact(_tr("Block"), f"#{job.mined.block_number}", copy=job.mined.block_hash))
        facts.append(Fact(_tr("Gas used"), _gas(job.mined.gas_used, len(job.items))))
        if saved is not None and single_gas is not None:
            against = _tr("against single mints of {0} gas").format(number_text(single_gas))
            facts.append(Fact(_tr("Saved"), percent_text(saved, 1), note=against))
        facts.append(Fact(_tr("Fee"), eth_text(job.mined.fee_wei)))
    if job.directory_cid is not None:
        facts.append(Fact(_tr("Metadata CID"), shorten(job.directory_cid), copy=job.directory_cid))
    return tuple(facts)


def _gas(gas_used: int, tokens: int) -> str:
    if tokens == 1:
        return number_text(gas_used)
    return _tr("{0} · {1} a token").format(number_text(gas_used), number_text(gas_used // tokens))


def token_lines(job: MintJob, subjects: Sequence[MintSubject]) -> tuple[MintLine, ...]:
    """Every token of the transaction."""
    names = {subject.asset_id: subject.name for subject in subjects}
    return tuple(
        MintLine(
            item.asset_id,
            names.get(item.asset_id, str(item.asset_id)),
            short_token(token_id_of(item.asset_id)),
            token_text(token_id_of(item.asset_id)),
            state_name(AssetState.MINTED),
            Tone.OK,
        )
        for item in job.items
    )


def failure_headline(job: MintJob) -> str:
    """No token exists: after a failure, or because somebody cancelled."""
    if job.stage is MintStage.CANCELLED:
        return _tr("Cancelled · no token exists") if len(job.items) == 1 else _tr("Cancelled · no tokens exist")
    return _tr("Not minted · no token exists")


def failure_error(job: MintJob) -> IpnftError | None:
    """The recorded failure as an error of the catalogue."""
    return IpnftError(job.failure.code, job.failure.detail) if job.failure else None


def left_out_lines(left_out: Sequence[LeftOut]) -> tuple[LeftOutLine, ...]:
    """Why the batch went on without each of these, or where it is now."""
    lines: list[LeftOutLine] = []
    for one in left_out:
        error = failure_error(one.job) if one.job else None
        why = error_line(error) if error else _tr("it goes in a transaction of its own")
        lines.append(LeftOutLine(error.code if error else "", labelled_text(one.subject.name, why)))
    return tuple(lines)


def failure_facts(job: MintJob, left_out: Sequence[LeftOut] = ()) -> tuple[Fact, ...]:
    """Gas spent? Safe to retry? And what else is known."""
    yes, no = _tr("Yes"), _tr("No")
    facts = [Fact(_tr("Gas spent"), yes if job.failure and job.failure.gas_spent else no)]
    if job.mined is not None:
        spent = _tr("Yes · {0} gas, {1}").format(number_text(job.mined.gas_used), eth_text(job.mined.fee_wei))
        facts = [Fact(_tr("Gas spent"), spent)]
    if job.failure is not None:
        facts.append(Fact(_tr("Safe to retry"), yes if job.failure.safe_to_retry else no))
    if left_out:
        names = listed(one.subject.name for one in left_out)
        facts.append(Fact(_tr("Left out before"), number_text(len(left_out)), note=names))
    facts.append(Fact(_tr("Attempt"), f"{max(job.attempt, 1)} / {MAX_ATTEMPTS}"))
    facts.extend(_transaction_facts(job))
    return tuple(facts)


def _transaction_facts(job: MintJob) -> tuple[Fact, ...]:
    """The transaction that counts, and how many were signed where it is more than one."""
    tx_hash = job.mined.tx_hash if job.mined else job.transaction.tx_hash if job.transaction else ""
    if not tx_hash:
        return ()
    is_cancellation = job.stage is MintStage.CANCELLED and job.cancel_requested
    name = _tr("Cancellation") if is_cancellation else _tr("Transaction")
    note = ""
    if len(job.transactions) > 1:
        note = _tr("one of {0} signed under number {1}").format(len(job.transactions), job.transactions[0].nonce)
    return (Fact(name, shorten(tx_hash), copy=tx_hash, note=note),)


def may_retry(job: MintJob) -> bool:
    """The same request may be tried once more."""
    return job.failure is not None and job.failure.safe_to_retry and job.attempt < MAX_ATTEMPTS


def needs_reset(job: MintJob) -> bool:
    """The attempts are used up: only an administrator can go on from here."""
    return job.stage is MintStage.FAILED and (
        job.attempt >= MAX_ATTEMPTS or (job.failure is not None and job.failure.code is ErrorCode.RETRY_LIMIT)
    )


def failure_hint(job: MintJob) -> str:
    """What the buttons are for."""
    if job.stage is MintStage.CANCELLED:
        if job.cancel_requested:
            return _tr("The chain mined the cancellation in place of the mint")
        return _tr("Given up; it is not tried again") if job.transactions else _tr("Nothing was sent")
    if needs_reset(job):
        return _tr("%Ln attempts failed; an administrator goes on", MAX_ATTEMPTS)
    return _tr("Recorded; nothing is lost") if may_retry(job) else _tr("Correct the cause first")
