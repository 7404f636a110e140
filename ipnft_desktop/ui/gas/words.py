"""How the laboratory's things are called."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.gas_breakdown import GasPart
from ipnft_desktop.domain.gas_laboratory import Contract, LaboratoryResult, Recipients, RunEnding
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.amounts import gwei_text
from ipnft_desktop.ui.widgets.measures import listed, local_time, number_text


def contract_name(contract: Contract) -> str:
    """As short as a column needs it."""
    match contract:
        case Contract.OURS:
            return _tr("Ours")
        case Contract.BASELINE_A:
            return _tr("Baseline A")
        case Contract.ERC721A:
            return "ERC721A"


def contract_meaning(contract: Contract) -> str:
    """What it is, in one sentence."""
    match contract:
        case Contract.OURS:
            return _tr("The contract of this register.")
        case Contract.BASELINE_A:
            return _tr("The common textbook contract: OpenZeppelin, asset ids and one address a token as text.")
        case Contract.ERC721A:
            return _tr("The same duties on ERC721A, with counted token ids and one directory a call.")


def recipients_text(recipients: Recipients) -> str:
    """Who gets the tokens."""
    match recipients:
        case Recipients.ONE_HOLDER:
            return _tr("One existing holder")
        case Recipients.ONE_NEW_HOLDER:
            return _tr("One new holder")
        case Recipients.EXISTING_HOLDERS:
            return _tr("Distinct existing holders")
        case Recipients.NEW_HOLDERS:
            return _tr("Distinct new holders")


def ending_tag(ending: RunEnding) -> tuple[str, Tone]:
    """A word and its tone."""
    match ending:
        case RunEnding.COMPLETE:
            return _tr("COMPLETE"), Tone.OK
        case RunEnding.CANCELLED:
            return _tr("CANCELLED"), Tone.NEUTRAL
        case RunEnding.FAILED:
            return _tr("FAILED"), Tone.ERROR


def part_name(part: GasPart) -> str:
    """What gas is paid for."""
    return {
        GasPart.BASE: _tr("Base"),
        GasPart.CALLDATA: _tr("Call data"),
        GasPart.STORAGE: _tr("Storage"),
        GasPart.LOGS: _tr("Logs"),
        GasPart.CODE: _tr("Code"),
        GasPart.EXECUTION: _tr("Execution"),
        GasPart.CALLDATA_FLOOR: _tr("Least price of call data"),
        GasPart.REFUND: _tr("Refund"),
    }[part]


def part_meaning(part: GasPart) -> str:
    """The same in a sentence."""
    return {
        GasPart.BASE: _tr("Being a transaction: 21,000."),
        GasPart.CALLDATA: _tr("What the call carries: 4 gas a zero byte, 16 any other."),
        GasPart.STORAGE: _tr("Reading and writing the contract's slots."),
        GasPart.LOGS: _tr("The events that tell of the tokens."),
        GasPart.CODE: _tr("Creating a contract, and looking at the code of another."),
        GasPart.EXECUTION: _tr("All other steps: arithmetic, memory, hashes, calls."),
        GasPart.CALLDATA_FLOOR: _tr("Added where call data would cost less than its least price (EIP-7623)."),
        GasPart.REFUND: _tr("Given back for emptied slots (EIP-3529)."),
    }[part]


def sizes_text(sizes: tuple[int, ...]) -> str:
    """`10 sizes, 1 to 100`."""
    if len(sizes) == 1:
        return QCoreApplication.translate("Gas", "%Ln tokens", "", sizes[0])
    told = QCoreApplication.translate("Gas", "%Ln sizes, {0} to {1}", "", len(sizes))
    return told.format(number_text(sizes[0]), number_text(sizes[-1]))


def tokens_text(size: int) -> str:
    """`30 tokens`."""
    return QCoreApplication.translate("Gas", "%Ln tokens", "", size)


def fees_text(gas_price_wei: int) -> str:
    """What fees are told at."""
    return _tr("Fees at {0}").format(gwei_text(gas_price_wei))


def starting_text() -> str:
    """Before the first measurement."""
    return _tr("Starting a node…")


def measuring_text(contract: Contract, size: int | None) -> str:
    """What is measured now."""
    name = contract_name(contract)
    if size is None:
        return _tr("{0}: deployment and single mints").format(name)
    return QCoreApplication.translate("Gas", "{0}: %Ln tokens at once", "", size).format(name)


def result_name(result: LaboratoryResult) -> str:
    """What tells a result from others, in a few words."""
    return listed([local_time(result.started_at), recipients_text(result.experiment.recipients)])


def _tr(text: str) -> str:
    return QCoreApplication.translate("Gas", text)
