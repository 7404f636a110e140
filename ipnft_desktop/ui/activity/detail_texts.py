"""What the panel beside the list says of one mint, as plain facts."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.mint_activity import JobDetail, JobGroup, JobItem, JobRow, JobTransaction
from ipnft_desktop.domain.minting import MAX_ATTEMPTS, MintStage, TransactionPurpose
from ipnft_desktop.ui.mint.lines import MintLine
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets import job_words as words
from ipnft_desktop.ui.widgets.address_words import LabelOf
from ipnft_desktop.ui.widgets.amounts import eth_text, gwei_text
from ipnft_desktop.ui.widgets.asset_words import short_token, state_name, state_tone, token_text
from ipnft_desktop.ui.widgets.error_words import recorded_line
from ipnft_desktop.ui.widgets.key_value_panel import Fact
from ipnft_desktop.ui.widgets.measures import local_time, number_text, utc_time
from ipnft_desktop.ui.widgets.plain import shorten


def _tr(text: str, count: int = -1) -> str:
    return QCoreApplication.translate("JobDetail", text, "", count)


def subtitle(row: JobRow, detail: JobDetail | None) -> str:
    """Whose it is, and how many travel together."""
    owners = sorted({item.enterprise_name for item in detail.items}) if detail else []
    owner = owners[0] if len(owners) == 1 else _tr("%Ln enterprises", len(owners)) if owners else ""
    size = _tr("One transaction · %Ln assets", row.item_count) if row.item_count > 1 else ""
    return " · ".join(part for part in (size, owner) if part)


def error_of(row: JobRow) -> IpnftError | None:
    """Why it stands as failed, with whether that cost gas; or what holds it up."""
    if row.failure is not None and row.is_in(JobGroup.FAILED):
        gas = _tr("Gas was spent") if row.failure.gas_spent else _tr("No gas spent")
        tried = _tr("Attempt {0} of {1}").format(max(row.attempt, 1), MAX_ATTEMPTS)
        return IpnftError(
            row.failure.code, " · ".join(part for part in (recorded_line(row.failure.detail), gas, tried) if part)
        )
    return None if row.trouble is None else IpnftError(row.trouble)


def next_step(row: JobRow) -> str:
    """What the person, or the program, does next."""
    if row.is_open:
        return _tr("None: it goes on by itself") if row.trouble is None else _tr("It goes on once that has passed")
    if row.stage is MintStage.COMPLETED:
        return _tr("None: it is done")
    if not row.is_current:
        return _tr("None: its assets went on without it")
    if row.may_retry:
        return _tr("Retry: the chain is asked first")
    if row.stage is MintStage.CANCELLED:
        return _tr("Mint it again from the register")
    if row.attempt >= MAX_ATTEMPTS:
        return _tr("An administrator resets it")
    return _tr("Correct it, then mint again")


def facts(row: JobRow, detail: JobDetail | None, label_of: LabelOf) -> tuple[Fact, ...]:
    """The transaction and its cost as far as there is one, who gets the token, who asked."""
    found: list[Fact] = []
    if row.tx_hash is not None:
        found += [
            Fact(_tr("Transaction"), shorten(row.tx_hash), copy=row.tx_hash),
            Fact(_tr("Nonce"), str(row.nonce)),
        ]
    if row.block_number is not None:
        found.append(Fact(_tr("Block"), f"#{number_text(row.block_number)}"))
    if row.gas_used is not None:
        each = _tr("· {0} a token").format(number_text(row.gas_used // row.item_count)) if row.item_count > 1 else ""
        found += [Fact(_tr("Gas used"), words.gas(row), note=each), Fact(_tr("Fee"), words.fee(row))]
    found.append(Fact(_tr("Recipient"), shorten(row.recipient), copy=row.recipient, lead=label_of(row.recipient) or ""))
    if detail is not None and detail.job.directory_cid is not None:
        cid = detail.job.directory_cid
        found.append(Fact(_tr("Metadata CID"), shorten(cid), copy=cid))
    return (
        *found,
        Fact(_tr("Attempt"), _tr("{0} of {1}").format(max(row.attempt, 1), MAX_ATTEMPTS)),
        Fact(_tr("Asked by"), words.asked_by(row)),
        Fact(_tr("Next step"), next_step(row)),
        Fact(_tr("Job"), shorten(str(row.job_id)), copy=str(row.job_id)),
    )


def timeline(detail: JobDetail) -> tuple[Fact, ...]:
    """When each step became true, those of former attempts too; the time that is copied is UTC."""
    times = detail.row.times
    has_several = any(tx.attempt > 1 for tx in detail.transactions)
    found = [(_tr("Requested"), times.requested_at)]
    found += [(_transaction_name(tx, has_several=has_several), tx.signed_at) for tx in detail.transactions]
    for name, at in (
        (_tr("Accepted by node"), times.accepted_at),
        (_tr("Mined"), times.mined_at),
        (_ended(detail.row.stage), times.completed_at),
    ):
        if at is not None:
            found.append((name, at))
    found.sort(key=lambda step: step[1])
    return tuple(Fact(name, local_time(at), copy=utc_time(at)) for name, at in found)


def transactions(detail: JobDetail) -> tuple[Fact, ...]:
    """The signed transactions, to be copied; none where the facts name the only one already."""
    if len(detail.transactions) < 2:
        return ()
    return tuple(
        Fact(_transaction_name(tx, has_several=True), shorten(tx.tx_hash), copy=tx.tx_hash, note=_cost(tx))
        for tx in detail.transactions
    )


def item_lines(detail: JobDetail) -> tuple[MintLine, ...]:
    """The assets of a batch with what has become of each."""
    return tuple(_line(item) for item in detail.items)


def _line(item: JobItem) -> MintLine:
    token = "" if item.token_id is None else token_text(item.token_id)
    tag, tone = (
        (state_name(item.state), state_tone(item.state)) if item.is_current else (words.superseded(), Tone.NEUTRAL)
    )
    return MintLine(item.asset_id, item.name, short_token(item.token_id), token, tag, tone)


def _ended(stage: MintStage) -> str:
    if stage is MintStage.COMPLETED:
        return _tr("Minted")
    return _tr("Cancelled") if stage is MintStage.CANCELLED else _tr("Failed")


def _transaction_name(tx: JobTransaction, *, has_several: bool) -> str:
    name = _tr("Cancellation signed") if tx.purpose is TransactionPurpose.CANCEL else _tr("Signed")
    return _tr("{0}, attempt {1}").format(name, tx.attempt) if has_several else name


def _cost(tx: JobTransaction) -> str:
    if tx.gas_used is None or tx.gas_price_wei is None:
        return gwei_text(tx.max_fee_per_gas_wei)
    return _tr("mined · {0}").format(eth_text(tx.gas_used * tx.gas_price_wei))
