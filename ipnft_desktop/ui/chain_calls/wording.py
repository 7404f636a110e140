"""What is said about one recorded call."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.chain import SendVerdict
from ipnft_desktop.domain.contract_writes import CallOrder, ContractWrite, WithdrawalObstacle, WriteState
from ipnft_desktop.services.recorded_calls import CallLine
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.call_words import call_state, call_title
from ipnft_desktop.ui.widgets.measures import number_text

_IS_SENT = frozenset({SendVerdict.ACCEPTED, SendVerdict.ALREADY_KNOWN})


def state_of(line: CallLine) -> tuple[str, Tone]:
    """How it stands; of what waits, whether the node has it."""
    write = line.write
    if write.state is not WriteState.WAITING or write.withdrawal:
        return call_state(write)
    if line.reply is None or line.reply.verdict not in _IS_SENT:
        return _tr("Recorded"), Tone.WARN
    return _tr("Sent"), Tone.ACCENT


def state_name(state: WriteState) -> str:
    """A group of calls, as one is chosen."""
    return {
        WriteState.WAITING: _tr("Waiting for a block"),
        WriteState.DONE: _tr("Done"),
        WriteState.REVERTED: _tr("Refused in their block"),
        WriteState.REPLACED: _tr("Taken back or replaced"),
        WriteState.VANISHED: _tr("Of an earlier chain"),
    }[state]


def order_name(order: CallOrder) -> str:
    """What a list is ordered by."""
    return {
        CallOrder.NEWEST: _tr("Newest first"),
        CallOrder.OLDEST: _tr("Oldest first"),
        CallOrder.FUNCTION: _tr("By function"),
        CallOrder.PERSON: _tr("By person"),
        CallOrder.NONCE: _tr("By nonce, highest first"),
    }[order]


def note_on(line: CallLine) -> tuple[str, bool]:
    """What a person should know of a call, and whether it is a warning; nothing where its facts tell all."""
    write = line.write
    match write.state:
        case WriteState.REVERTED:
            return _tr("Its block refused it: {0}").format(write.revert or _tr("no reason was given")), True
        case WriteState.REPLACED if write.is_withdrawn:
            return _tr(
                "It was taken back: a transaction that sends nothing has its nonce. It can never be mined."
            ), False
        case WriteState.REPLACED:
            return _tr("Another transaction of the account has its nonce. It can never be mined."), True
        case WriteState.VANISHED:
            return _tr("It was made on a chain that this register gave up."), False
        case WriteState.DONE:
            return "", False
        case WriteState.WAITING:
            return _waiting(line)


def why_not(line: CallLine | None) -> str:
    """Why a call cannot be taken back, or nothing."""
    if line is None:
        return _tr("There is no call in view.")
    match line.obstacle:
        case None:
            return ""
        case WithdrawalObstacle.ENDED:
            return _tr("This call waits no more.")
        case WithdrawalObstacle.STRANGER:
            return _tr("Another account signed this call: it is taken back where that account signs.")
        case WithdrawalObstacle.CLOSED:
            return _tr("Nothing is sent before the environment is ready.")


def question(write: ContractWrite) -> str:
    """What taking it back means, before it is done."""
    told = _tr(
        "Take “{0}” back? A transaction that sends nothing is recorded and sent under its nonce {1}, and offers at "
        "least 13 % more. The chain mines one of the two and charges its gas: if the call is quicker, it is done all "
        "the same. Then what waits behind this nonce goes on."
    )
    return told.format(call_title(write.call), number_text(write.nonce))


def outcome(write: ContractWrite) -> tuple[str, Tone]:
    """What became of a call that was taken back."""
    name = call_title(write.call)
    match write.state:
        case WriteState.REPLACED if write.is_withdrawn:
            return _tr("“{0}” is taken back").format(name), Tone.OK
        case WriteState.DONE:
            return _tr("The chain was quicker: “{0}” is done").format(name), Tone.WARN
        case WriteState.WAITING:
            return _tr("“{0}” is being taken back; no block shows it yet").format(name), Tone.ACCENT
        case _:
            return _tr("“{0}”: {1}").format(name, call_state(write)[0]), Tone.WARN


def _waiting(line: CallLine) -> tuple[str, bool]:
    stranger = why_not(line) if line.obstacle is WithdrawalObstacle.STRANGER else ""
    if stranger:
        return stranger, True
    reply = line.reply
    is_refused = reply is not None and reply.verdict is SendVerdict.REFUSED
    if reply is not None and is_refused:
        return _tr("Recorded, and refused by the node, which is asked again: {0}").format(reply.message), True
    if line.write.withdrawal:
        return _tr("It is being taken back: what takes its place is sent until a block has one of the two."), False
    if reply is None:
        return _tr("Recorded; it is sent as soon as the node can be reached."), False
    if reply.verdict is SendVerdict.UNKNOWN:
        return _tr("Recorded; the node has not confirmed it, and it is sent again."), False
    return _tr("The node has it, and no block shows it yet. Whatever has a later nonce waits with it."), False


def _tr(text: str) -> str:
    return QCoreApplication.translate("ChainCalls", text)
