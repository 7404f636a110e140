"""What a chain tells, in the words of the window: kinds of events, decoded values, and why something is raw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.chain_events import NOBODY, EventKind
from ipnft_desktop.domain.inspection.decoding import Decoded, DecodedValue, Undecoded, ValueKind
from ipnft_desktop.domain.inspection.directory import AccountSource, ContractKind
from ipnft_desktop.ui.widgets.address_words import LabelOf, no_label
from ipnft_desktop.ui.widgets.measures import listed
from ipnft_desktop.ui.widgets.plain import shorten

_LONG_CHARS = 24
"""A word of more is shortened where there is little room."""
_ITEMS = 4
"""So many items of a list are told in one line."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("ChainWords", text)


@dataclass(frozen=True, slots=True)
class Names:
    """What addresses and assets are called."""

    label_of: LabelOf = no_label
    assets: Mapping[UUID, str] = field(default_factory=dict[UUID, str])


def event_kind_name(kind: EventKind) -> str:
    """What an event says."""
    return {
        EventKind.MINTED: _tr("Minted"),
        EventKind.TRANSFERRED: _tr("Transferred"),
        EventKind.APPROVED: _tr("Approved"),
        EventKind.OPERATOR_APPROVED: _tr("Operator approved"),
        EventKind.VALIDITY_CHANGED: _tr("Validity changed"),
        EventKind.DIRECTORY_AMENDED: _tr("Directory amended"),
        EventKind.METADATA_UPDATED: _tr("Metadata updated"),
        EventKind.TOKEN_ROYALTY_CHANGED: _tr("Royalty of a token"),
        EventKind.DEFAULT_ROYALTY_CHANGED: _tr("Default royalty"),
        EventKind.PAUSED: _tr("Paused"),
        EventKind.UNPAUSED: _tr("Unpaused"),
        EventKind.ROLES_UPDATED: _tr("Roles updated"),
        EventKind.OWNERSHIP_TRANSFERRED: _tr("Ownership transferred"),
        EventKind.HANDOVER_REQUESTED: _tr("Handover requested"),
        EventKind.HANDOVER_CANCELLED: _tr("Handover cancelled"),
        EventKind.UNREADABLE: _tr("Unreadable"),
        EventKind.FOREIGN: _tr("Other contract"),
    }[kind]


def contract_kind_name(kind: ContractKind) -> str:
    """What a contract is."""
    return {
        ContractKind.OURS: _tr("This register"),
        ContractKind.ERC_721: "ERC-721",
        ContractKind.ERC_1155: "ERC-1155",
        ContractKind.ERC_20: "ERC-20",
        ContractKind.OTHER: _tr("Contract"),
        ContractKind.NO_CODE: _tr("No code"),
    }[kind]


def source_name(source: AccountSource) -> str:
    """Why an account is known."""
    return {
        AccountSource.WALLET: _tr("Enterprise"),
        AccountSource.NAMED: _tr("Address book"),
        AccountSource.SIGNER: _tr("Signs here"),
        AccountSource.NODE: _tr("Node's account"),
        AccountSource.EVENTS: _tr("In events"),
        AccountSource.SOUGHT: _tr("Searched for"),
    }[source]


def undecoded_text(reason: Undecoded) -> str:
    """Why something is shown raw only, in one sentence."""
    return {
        Undecoded.NOTHING: _tr("There is nothing to decode."),
        Undecoded.NO_CODE: _tr("No contract is at this address, any more or yet."),
        Undecoded.UNKNOWN: _tr("No ABI at hand knows it. Import the ABI of the contract to read it."),
        Undecoded.MALFORMED: _tr("An ABI knows it by name, but the data do not fit."),
        Undecoded.CREATION: _tr("This is the code of a new contract."),
    }[reason]


def value_text(value: DecodedValue, names: Names, *, is_short: bool = True) -> str:
    """A value: assets by name or id, addresses by label, lists item by item; in full where it is not to be short."""
    if value.kind is ValueKind.LIST:
        return _list_text(value, names, is_short)
    if value.kind is ValueKind.ASSET and value.asset_id is not None:
        return names.assets.get(value.asset_id) or str(value.asset_id)
    if value.kind is ValueKind.VALIDITY:
        return _validity_text(value.text)
    if value.kind is ValueKind.ADDRESS:
        return _address_text(value.text, names.label_of, is_short)
    text = value.cid or value.text
    return shorten(text, 8, 6) if is_short and len(text) > _LONG_CHARS and " " not in text else text


def decoded_text(decoded: Decoded, names: Names) -> str:
    """`Transfer(from: nobody, to: Helios vault, id: Vase)`."""
    arguments = (
        f"{value.name}: {value_text(value, names)}" if value.name else value_text(value, names)
        for value in decoded.arguments
    )
    return f"{decoded.name}({listed(arguments)})"


def reading_text(reading: Decoded | Undecoded, names: Names) -> str:
    """The same, or why it is raw."""
    return decoded_text(reading, names) if isinstance(reading, Decoded) else undecoded_text(reading)


def _list_text(value: DecodedValue, names: Names, is_short: bool) -> str:
    shown = value.items[:_ITEMS] if is_short else value.items
    is_array = value.solidity_type.endswith("]")
    words: list[str] = []
    for item in shown:
        text = value_text(item, names, is_short=is_short)
        words.append(f"{item.name}: {text}" if item.name and not is_array else text)
    rest = value.count - len(shown)
    if rest > 0:
        words.append(_tr("{0} more").format(rest))
    return f"[{listed(words)}]"


def _address_text(address: str, label_of: LabelOf, is_short: bool) -> str:
    if address == NOBODY:
        return _tr("nobody")
    short = shorten(address) if is_short else address
    label = label_of(address)
    return (label if is_short else f"{label} {short}") if label else short


def _validity_text(number: str) -> str:
    return {"0": _tr("valid"), "1": _tr("suspended"), "2": _tr("revoked")}.get(number, number)
