"""What an asset's latest mint tried, what became of it, and what comes next."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.minting import BUSY_STATES, MAX_ATTEMPTS, AssetState, MintFailure, MintRecord
from ipnft_desktop.ui.widgets.amounts import eth_text
from ipnft_desktop.ui.widgets.error_words import recorded_line
from ipnft_desktop.ui.widgets.key_value_panel import Fact
from ipnft_desktop.ui.widgets.measures import local_time, number_text, utc_time


def _tr(text: str) -> str:
    return QCoreApplication.translate("MintHistory", text)


def failure_of(asset: Asset) -> MintFailure | None:
    """Why the latest mint failed, while the asset stands as failed."""
    return asset.mint.failure if asset.mint and asset.state is AssetState.MINT_FAILED else None


def failure_error(failure: MintFailure, attempt: int) -> IpnftError:
    """The recorded failure as an error that can be shown, with whether it cost gas."""
    gas = _tr("Gas was spent") if failure.gas_spent else _tr("No gas spent")
    tried = _tr("Attempt {0} of {1}").format(attempt, MAX_ATTEMPTS)
    return IpnftError(failure.code, " · ".join(part for part in (recorded_line(failure.detail), gas, tried) if part))


def may_retry(asset: Asset) -> bool:
    """Whether the desk would take a retry."""
    failure = failure_of(asset)
    return (
        failure is not None and failure.safe_to_retry and asset.mint is not None and asset.mint.attempt < MAX_ATTEMPTS
    )


def history_facts(asset: Asset) -> tuple[Fact, ...]:
    """The lines of a mint that is under way, failed, was cancelled or took more than one attempt; else none."""
    mint = asset.mint
    if mint is None or (asset.state is AssetState.MINTED and mint.attempt <= 1):
        return ()
    facts = [Fact(_tr("Attempts"), _tr("{0} of {1}").format(max(mint.attempt, 1), MAX_ATTEMPTS))]
    if mint.times.last_attempt_at is not None:
        at = mint.times.last_attempt_at
        facts.append(Fact(_tr("Last attempt"), local_time(at), copy=utc_time(at)))
    if mint.failure is not None:
        facts.append(Fact(_tr("Failure"), mint.failure.code, copy=f"{mint.failure.code} {mint.failure.detail}".strip()))
    if asset.state is not AssetState.MINTED:
        facts.append(Fact(_tr("Gas spent"), _gas_spent(mint)))
        if mint.failure is not None:
            facts.append(Fact(_tr("Safe to retry"), _tr("Yes") if mint.failure.safe_to_retry else _tr("No")))
        facts.append(Fact(_tr("Next step"), next_step(asset)))
    return tuple(facts)


def next_step(asset: Asset) -> str:
    """What the person, or the program, does next."""
    if asset.state in BUSY_STATES:
        return _tr("None: it goes on by itself")
    if asset.state is AssetState.MINT_FAILED:
        if may_retry(asset):
            return _tr("Retry: the chain is asked first")
        is_used_up = asset.mint is not None and asset.mint.attempt >= MAX_ATTEMPTS
        return _tr("An administrator resets it") if is_used_up else _tr("Correct it, then mint again")
    return _tr("Mint it again") if asset.state is AssetState.MINT_CANCELLED else _tr("Mint it")


def _gas_spent(mint: MintRecord) -> str:
    if mint.mined is not None:
        return _tr("Yes · {0} gas, {1}").format(number_text(mint.mined.gas_used), eth_text(mint.mined.fee_wei))
    return _tr("Yes") if mint.failure is not None and mint.failure.gas_spent else _tr("No")
