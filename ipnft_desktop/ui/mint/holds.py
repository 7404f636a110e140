"""What holds a running mint up, said honestly: whether anything was sent, whether it goes on by itself, what helps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.errors import ErrorCode, IpnftError
from ipnft_desktop.domain.minting import UNSIGNED_STAGES, MintProgress
from ipnft_desktop.services.minting import FREEZING_CODES
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.amounts import eth_text
from ipnft_desktop.ui.widgets.error_words import error_advice, error_detail, error_sentence, joined

_WEI_PER_MICRO_ETH = 10**12
_HAS_ADVICE = frozenset(
    {
        ErrorCode.DISK_FULL,
        ErrorCode.DATABASE_UNAVAILABLE,
        ErrorCode.CONTENT_STORE_UNAVAILABLE,
        ErrorCode.KEYSTORE_LOCKED,
        ErrorCode.CONFIRMATION_TIMEOUT,
    }
)
"""Codes whose advice is true before the signature and after it."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("MintHold", text)


class Remedy(StrEnum):
    """What a person can do about it from the dialog."""

    NOTHING = "nothing"
    RETRY = "retry"
    UNLOCK = "unlock"
    PAY = "pay"


@dataclass(frozen=True, slots=True)
class Hold:
    """One thing that holds a mint up. `fee_wei` is what PAY would allow."""

    code: str
    sentence: str
    detail: str
    advice: tuple[str, ...]
    tone: Tone
    remedy: Remedy
    fee_wei: int = 0


def hold_of(error: IpnftError, progress: MintProgress) -> Hold:
    """What the trouble of a running mint means where it stands."""
    sentence = _waiting(error, progress)
    if sentence is None:
        return refusal_of(error)
    detail = _fees(error) or error_detail(error)
    if error.code is not ErrorCode.CONFIRMATION_TIMEOUT:  # its sentence says all that the catalogue would
        detail = joined(error_sentence(error), detail)
    advice = error_advice(error) if error.code in _HAS_ADVICE else ()
    fee_wei = _fee_to_allow(error)
    return Hold(error.code, sentence, detail, advice, Tone.WARN, _remedy(error, fee_wei), fee_wei)


def refusal_of(error: IpnftError) -> Hold:
    """Why something asked for was not done, or what does not pass by itself: the catalogue says it."""
    fee_wei = _fee_to_allow(error)
    return Hold(
        error.code,
        error_sentence(error),
        _fees(error) or error_detail(error),
        error_advice(error),
        Tone.ERROR,
        _remedy(error, fee_wei),
        fee_wei,
    )


def _waiting(error: IpnftError, progress: MintProgress) -> str | None:
    """The sentence for what passes by itself; None for what does not."""
    if error.code in FREEZING_CODES:
        return None
    if progress.stage in UNSIGNED_STAGES:
        reason = _unsigned_reasons().get(error.code)
        return joined(reason, _tr("Nothing was sent; it goes on by itself.")) if reason else None
    match error.code:
        case ErrorCode.CONFIRMATION_TIMEOUT:
            return _tr("Not confirmed for 10 minutes; still being watched.")
        case ErrorCode.DATABASE_UNAVAILABLE | ErrorCode.DISK_FULL:
            return _tr("Signed; what the chain says is recorded as soon as the register can be written.")
        case ErrorCode.NODE_UNREACHABLE | ErrorCode.TX_REJECTED if progress.block_number is None:
            return _tr("Signed; being sent again with the same bytes.")
        case ErrorCode.NODE_UNREACHABLE:
            return _tr("Mined; the confirmations are counted on as soon as the node answers.")
        case _:
            return None


def _unsigned_reasons() -> dict[ErrorCode, str]:
    return {
        ErrorCode.NODE_UNREACHABLE: _tr("Waiting for the node."),
        ErrorCode.CONTENT_STORE_UNAVAILABLE: _tr("Waiting for the content store."),
        ErrorCode.DATABASE_UNAVAILABLE: _tr("Waiting for the register's database."),
        ErrorCode.DISK_FULL: _tr("Waiting for free disk space."),
        ErrorCode.FEE_CAP_EXCEEDED: _tr("Waiting for lower prices."),
        ErrorCode.CONTRACT_PAUSED: _tr("Waiting until the contract is resumed."),
        ErrorCode.KEYSTORE_LOCKED: _tr("Waiting for the signing key to be unlocked."),
        ErrorCode.SIGNER_BUSY: _tr("Waiting for the signing account."),
        ErrorCode.NONCE_CONFLICT: _tr("Waiting for a free number of the signing account."),
    }


def _remedy(error: IpnftError, fee_wei: int) -> Remedy:
    if error.code is ErrorCode.KEYSTORE_LOCKED:
        return Remedy.UNLOCK
    if error.code is ErrorCode.LEASE_LOST or error.code in FREEZING_CODES:
        return Remedy.NOTHING
    return Remedy.PAY if fee_wei else Remedy.RETRY


def _fee_to_allow(error: IpnftError) -> int:
    """The needed fee rounded up to what amounts are shown in, so that exactly what is read is allowed."""
    needed_wei = error.facts.get("needed_wei", "") if error.code is ErrorCode.FEE_CAP_EXCEEDED else ""
    return -(-int(needed_wei) // _WEI_PER_MICRO_ETH) * _WEI_PER_MICRO_ETH if needed_wei.isdecimal() else 0


def _fees(error: IpnftError) -> str:
    needed_wei, cap_wei = error.facts.get("needed_wei", ""), error.facts.get("cap_wei", "")
    if not (needed_wei.isdecimal() and cap_wei.isdecimal()):
        return ""
    return _tr("Needed now: {0}; your cap: {1}.").format(eth_text(int(needed_wei)), eth_text(int(cap_wei)))
