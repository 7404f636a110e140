"""Contracts, accounts and events for tests of the Chain page's tabs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from ipnft_desktop.domain.chain import BlockRef, SendReply, SendVerdict
from ipnft_desktop.domain.chain_events import (
    NOBODY,
    ChainEvent,
    EventAnchor,
    EventKind,
    IndexReach,
    IndexStatus,
)
from ipnft_desktop.domain.chain_view import ChainToken, ContractTerms, RoleHolder
from ipnft_desktop.domain.contract_writes import CallEstimate, ContractCall, ContractWrite
from ipnft_desktop.domain.inspection.contracts import (
    AbiEntry,
    AbiParameter,
    AccountState,
    EntryKind,
    ImportedAbi,
)
from ipnft_desktop.domain.inspection.decoding import AbiOrigin, Decoded, DecodedValue, Undecoded, ValueKind
from ipnft_desktop.domain.inspection.directory import (
    AccountLine,
    AccountList,
    AccountSource,
    ContractDetail,
    ContractKind,
    ContractLine,
    Creation,
    OwnFacts,
    ReadAnswer,
)
from ipnft_desktop.domain.inspection.tracing import FieldChange, SlotChange, StateChange
from ipnft_desktop.domain.minting import MinedFacts
from ipnft_desktop.services.inspector.event_reading import EventLine, EventLinePage
from ipnft_desktop.services.recorded_calls import CallLine

CONTRACT = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
STRANGER = "0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512"
HOLDER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
SIGNER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
ASSET = UUID("019a0000-0000-7000-8000-000000007c31")
MOMENT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LABELS = {CONTRACT: "IPAssetNFT", HOLDER: "Helios: vault", SIGNER: "Signing account"}


def label_of(address: str) -> str | None:
    return LABELS.get(address)


def block(number: int) -> BlockRef:
    return BlockRef(number, f"0x{number:064x}", int(MOMENT.timestamp()) + 12 * number)


def event_line(number: int, log_index: int = 0, kind: EventKind = EventKind.MINTED) -> EventLine:
    """A mint of ours, or a log of a stranger that nobody can read."""
    is_ours = kind is not EventKind.FOREIGN
    event = ChainEvent(
        block(number),
        f"0x{number:062x}{log_index:02x}",
        log_index,
        CONTRACT if is_ours else STRANGER,
        (b"\1" * 32, b"\2" * 32),
        bytes(range(64)),
        kind,
        ASSET.int if is_ours else None,
        NOBODY if is_ours else None,
        HOLDER if is_ours else None,
    )
    values = (
        DecodedValue("from", "address", NOBODY, ValueKind.ADDRESS),
        DecodedValue("to", "address", HOLDER, ValueKind.ADDRESS),
        DecodedValue("id", "uint256", str(ASSET.int), ValueKind.ASSET, asset_id=ASSET),
    )
    reading = Decoded("Transfer", "Transfer(address,address,uint256)", values, AbiOrigin.OURS, "IPAssetNFT")
    if is_ours:
        return EventLine(event, reading, ASSET, "Solar tracker")
    return EventLine(event, Undecoded.UNKNOWN, None, "")


def event_page(*lines: EventLine, is_last: bool = True) -> EventLinePage:
    anchor: EventAnchor | None = None if is_last else lines[-1].event.anchor
    return EventLinePage(tuple(lines), anchor, {ASSET: "Solar tracker"})


STATUS = IndexStatus(IndexReach(0, 152), 152)
STATE = AccountState(CONTRACT, 0, 1, 14_820, "0x" + "c0" * 32)
OURS = ContractLine(STATE, ContractKind.OURS, "IPAssetNFT", Creation("0x" + "ab" * 32, 1, 1_772_443_800, SIGNER))
OTHER = ContractLine(AccountState(STRANGER, 10**18, 1, 612, "0x" + "d1" * 32), ContractKind.OTHER, "", None)
GONE = ContractLine(AccountState("0x" + "Aa" * 20, 0, 1, 0, ""), ContractKind.NO_CODE, "", None)


def function(name: str, *inputs: tuple[str, str], mutability: str = "view", answer: str = "uint256") -> AbiEntry:
    parameters = tuple(AbiParameter(each, kind) for each, kind in inputs)
    outputs = (AbiParameter("", answer),) if mutability == "view" else ()
    return AbiEntry(EntryKind.FUNCTION, name, parameters, outputs, mutability)


BALANCE_OF = function("balanceOf", ("owner", "address"))
PAUSED = function("paused", answer="bool")
PAUSE = function("pause", mutability="nonpayable")
SET_VALIDITY = function(
    "setValidity", ("tokenId", "uint256"), ("validity", "uint8"), ("reasonHash", "bytes32"), mutability="nonpayable"
)
TRANSFER = function("transferOwnership", ("", "address"), mutability="payable")
DETAIL = ContractDetail(
    OURS,
    "Helios IP",
    "HIP",
    (BALANCE_OF, PAUSE, PAUSED, SET_VALIDITY, TRANSFER),
    OwnFacts(
        "0x" + "1d" * 32,
        "0x" + "c0" * 32,
        ContractTerms(SIGNER, False, HOLDER, 500),
        (RoleHolder(SIGNER, 3), RoleHolder(HOLDER, 1)),
        12,
    ),
)
ANSWER = ReadAnswer((DecodedValue("result", "uint256", "4"),), (4).to_bytes(32, "big"), 152)
WORDS = (
    StateChange(
        SlotChange(CONTRACT, 0, 0, 1),
        "_paused",
        (),
        (FieldChange("_paused", DecodedValue("", "bool", "false"), DecodedValue("", "bool", "true")),),
    ),
    StateChange(
        SlotChange(CONTRACT, 7, 0, 5),
        "owner",
        (),
        (
            FieldChange(
                "owner",
                DecodedValue("", "address", NOBODY, ValueKind.ADDRESS),
                DecodedValue("", "address", SIGNER, ValueKind.ADDRESS),
            ),
        ),
    ),
)
CALL = ContractCall(CONTRACT, PAUSE.signature)
ESTIMATE = CallEstimate(51_000, 10**9, 102_000 * 10**9, 31337, bytes.fromhex("8456cb59"))
WRITTEN = ContractWrite(
    3,
    CALL,
    "0x" + "9f" * 32,
    SIGNER,
    7,
    51_000,
    MOMENT,
    "ada",
    "Audit of the keys",
    MinedFacts("0x" + "9f" * 32, 151, "0x" + "0b" * 32, 46_000, 10**9),
    MOMENT,
    succeeded=True,
)
STUCK = ContractWrite(
    9,
    ContractCall(
        CONTRACT,
        "setValidity(uint256,uint8,bytes32)",
        (("tokenId", "123456789012345678901234567890"), ("validity", "1"), ("reasonHash", "0x" + "5e" * 32)),
    ),
    "0x" + "a1" * 32,
    SIGNER,
    152,
    61_000,
    MOMENT,
    "ada",
    "Opposition of a third party",
)
FUNDED = ContractWrite(8, ContractCall(HOLDER, "", (), 10**18), "0x" + "a2" * 32, HOLDER, 3, 21_000, MOMENT, "ada")
CALL_LINES = (
    CallLine(STUCK, SendReply(SendVerdict.ACCEPTED), None),
    CallLine(FUNDED, SendReply(SendVerdict.REFUSED, "max fee per gas less than block base fee"), None),
    CallLine(replace(STUCK, write_id=7, nonce=151, withdrawal="0x" + "b1" * 32), None, None),
    CallLine(
        replace(
            STUCK, write_id=6, nonce=150, withdrawal="0x" + "b2" * 32, replaced_by="0x" + "b2" * 32, is_withdrawn=True
        )
    ),
    CallLine(replace(WRITTEN, write_id=5, nonce=149, succeeded=False, revert="Unauthorized()")),
    CallLine(replace(STUCK, write_id=4, nonce=148, replaced_by="0x" + "b3" * 32)),
    CallLine(WRITTEN),
    CallLine(replace(WRITTEN, write_id=2, on_present_chain=False)),
)
"""One in each state, the newest first."""
ABI = ImportedAbi(STRANGER, "Marketplace", "[]", "ada", MOMENT)
HOLDING = AccountLine(
    AccountState(HOLDER, 9_999_123_456_000_000_000_000, 4, 0, ""),
    frozenset({AccountSource.WALLET, AccountSource.NODE, AccountSource.EVENTS}),
    12,
)
SIGNING = AccountLine(
    AccountState(SIGNER, 5 * 10**18, 152, 0, ""), frozenset({AccountSource.SIGNER, AccountSource.NODE}), 0
)
CONTRACT_ACCOUNT = AccountLine(STATE, frozenset({AccountSource.EVENTS}), 0)
ACCOUNTS = AccountList((HOLDING, SIGNING, CONTRACT_ACCOUNT), is_whole=True)
TOKENS = ((ChainToken(ASSET.int, HOLDER, 12, "0x" + "ab" * 32), "Solar tracker"),)
