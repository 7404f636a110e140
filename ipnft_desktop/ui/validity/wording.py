"""What is said of certificates, wherever they are shown."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.certificates import PastState, StateSource, TimelineEntry, TimelineKind, Validity
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.error_words import joined
from ipnft_desktop.ui.widgets.measures import local_time, number_text
from ipnft_desktop.ui.widgets.plain import shorten


def _tr(text: str, count: int = -1) -> str:
    return QCoreApplication.translate("Certificates", text, "", count)


def validity_word(state: str) -> tuple[str, Tone]:
    """How a certificate stands, in the language of the window; a number that the contract may come to know as it is."""
    return {
        "VALID": (_tr("Valid"), Tone.OK),
        "SUSPENDED": (_tr("Suspended"), Tone.WARN),
        "REVOKED": (_tr("Revoked"), Tone.ERROR),
    }.get(state, (state, Tone.NEUTRAL))


def event_word(entry: TimelineEntry) -> tuple[str, Tone]:
    """What happened, in a word or two."""
    match entry.kind:
        case TimelineKind.MINTED:
            return _tr("Minted"), Tone.ACCENT
        case TimelineKind.TRANSFERRED:
            return _tr("Transferred"), Tone.NEUTRAL
        case TimelineKind.VALIDITY:
            return validity_word(entry.validity)


def event_place(entry: TimelineEntry) -> str:
    """When and where it happened."""
    if entry.block_number is None:
        return _tr("on its way")
    return f"#{number_text(entry.block_number)} · {local_time(entry.at)}"


def event_about(entry: TimelineEntry) -> str:
    """By whom and why, or to whom."""
    if entry.kind is not TimelineKind.VALIDITY:
        return _tr("to {0}").format(shorten(entry.recipient))
    if not entry.is_known:
        return _tr("By {0}, past this register: it has no reason for the hash {1}.").format(
            shorten(entry.signer), shorten(entry.reason_hash)
        )
    return _tr("{0}: {1}").format(entry.by, entry.reason)


def past_sentence(state: PastState) -> str:
    """How a token stood at the end of a block, and how that is known."""
    block = _tr("Block {0}, {1}:").format(number_text(state.block_number), local_time(state.at))
    if not state.exists:
        return joined(block, _tr("there was no such token yet."))
    validity, _ = validity_word(state.validity)
    told = _tr("{0}, held by {1}.").format(validity, shorten(state.owner))
    if state.source is StateSource.CONTRACT:
        return joined(block, told, _tr("So the contract answers for that block."))
    return joined(block, told, _tr("The node keeps no state of that time: it follows from the events."))


def change_title(validity: Validity) -> str:
    """Name of the dialog that asks for a change."""
    return {
        Validity.VALID: _tr("Restore the certificate"),
        Validity.SUSPENDED: _tr("Suspend the certificate"),
        Validity.REVOKED: _tr("Revoke the certificate"),
    }[validity]


def change_action(validity: Validity) -> str:
    """Name of the button that does it."""
    return {Validity.VALID: _tr("Restore"), Validity.SUSPENDED: _tr("Suspend"), Validity.REVOKED: _tr("Revoke")}[
        validity
    ]


def change_sentence(validity: Validity, former: str) -> str:
    """What a change means."""
    match validity:
        case Validity.SUSPENDED:
            return _tr("The token stays where it is and cannot be transferred until the certificate is restored.")
        case Validity.REVOKED:
            return _tr("The certificate counts no more and its token cannot be transferred.")
        case Validity.VALID if former == Validity.REVOKED:
            return _tr("It was revoked. The contract allows it to count again; whoever relied on its end should know.")
        case Validity.VALID:
            return _tr("The certificate counts again, and its token can be transferred.")


def changed_sentence(validity: Validity) -> str:
    """It is done."""
    return {
        Validity.VALID: _tr("The certificate is valid again."),
        Validity.SUSPENDED: _tr("The certificate is suspended."),
        Validity.REVOKED: _tr("The certificate is revoked."),
    }[validity]
