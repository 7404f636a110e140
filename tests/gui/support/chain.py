"""A small chain for tests of the window: a mint, a batch, a refusal and a stranger's log."""

from __future__ import annotations

from uuid import UUID

from ipnft_desktop.domain.content import Cid, Codec
from ipnft_desktop.domain.gas_breakdown import GasPart
from ipnft_desktop.domain.inspection.blocks import Block, BlockLine
from ipnft_desktop.domain.inspection.comparison import BlockDifference, HeaderChange
from ipnft_desktop.domain.inspection.decoding import (
    AbiOrigin,
    CallReading,
    Decoded,
    DecodedValue,
    LogReading,
    Undecoded,
    ValueKind,
)
from ipnft_desktop.domain.inspection.tracing import (
    AccountChange,
    CallFrame,
    CallLine,
    FieldChange,
    GasStory,
    Missing,
    SlotChange,
    StateChange,
    TransactionDetail,
    TransactionTrace,
    Untold,
)
from ipnft_desktop.domain.inspection.transactions import RawLog, RawTransaction, TransactionLine, TransactionPlace

T0_S = 1_767_225_600
SENDER, CONTRACT = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", "0x5FbDB2315678afecb367f032d93F642f64180aa3"
HOLDER, STRANGER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8", "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"
NOBODY = "0x" + "0" * 40
ASSET_ID = UUID("019a7c31-0000-7000-8000-000000000001")
DIGEST = bytes(range(32))
LABELS = {SENDER: "Signing account", CONTRACT: "IPAssetNFT", HOLDER: "Helios: 库房"}
ASSETS = {ASSET_ID: "Perovskite tandem cell process"}


def block_line(number: int, transactions: int = 1) -> BlockLine:
    return BlockLine(
        number,
        f"0x{number:064x}",
        f"0x{number - 1:064x}",
        T0_S + 3 * number,
        transactions,
        432_198 if transactions else 0,
        30_000_000,
        10**9,
    )


def block(number: int, transactions: int = 1) -> Block:
    line = block_line(number, transactions)
    header = {"number": hex(number), "hash": line.block_hash, "stateRoot": f"0x{'5a' * 32}", "gasLimit": "0x1c9c380"}
    return Block(line, header, tuple(tx_hash(number, at) for at in range(transactions)))


def tx_hash(number: int, at: int = 0) -> str:
    return f"0xab{number:030x}{at:030x}cd"


def transaction_line(number: int, at: int = 0, *, succeeded: bool = True, method: str = "mintAsset") -> TransactionLine:
    return TransactionLine(
        tx_hash=tx_hash(number, at),
        place=TransactionPlace(number, at),
        timestamp_s=T0_S + 3 * number,
        succeeded=succeeded,
        sender=SENDER,
        to=CONTRACT,
        created=None,
        nonce=number,
        value_wei=0,
        selector="0x8addc3d2",
        method=method,
        gas_used=76_324,
        gas_price_wei=1_500_000_000,
    )


def address(name: str, value: str) -> DecodedValue:
    return DecodedValue(name, "address", value, ValueKind.ADDRESS)


def asset(name: str) -> DecodedValue:
    return DecodedValue(name, "bytes16", f"0x{ASSET_ID.hex}", ValueKind.ASSET, asset_id=ASSET_ID)


def directory(name: str, text: str = "") -> DecodedValue:
    cid = Cid(Codec.DAG_PB, DIGEST).text
    return DecodedValue(name, "bytes32", text or f"0x{DIGEST.hex()}", ValueKind.DIRECTORY, cid=cid)


def plain(name: str, text: str, solidity_type: str = "uint256") -> DecodedValue:
    return DecodedValue(name, solidity_type, text)


MINT_CALL = Decoded(
    "mintAsset",
    "mintAsset(address,bytes16,bytes32)",
    (address("to", HOLDER), asset("assetId"), directory("directoryDigest")),
    AbiOrigin.OURS,
    "IPAssetNFT",
)
TRANSFER = Decoded(
    "Transfer",
    "Transfer(address,address,uint256)",
    (address("from", NOBODY), address("to", HOLDER), asset("id")),
    AbiOrigin.OURS,
    "IPAssetNFT",
)
REFUSED = Decoded("DuplicateAsset", "DuplicateAsset(bytes16)", (asset("assetId"),), AbiOrigin.OURS, "IPAssetNFT")


def detail(line: TransactionLine | None = None) -> TransactionDetail:
    """A mint; without events where it failed."""
    line = line or transaction_line(151)
    data = bytes.fromhex("8addc3d2") + bytes(96)
    logs = (
        LogReading(RawLog(0, CONTRACT, (f"0x{'dd' * 32}", f"0x{'00' * 32}"), b""), TRANSFER),
        LogReading(RawLog(1, STRANGER, (f"0x{'ee' * 32}",), b"\1\2"), Undecoded.UNKNOWN),
    )
    fields = {"blockHash": f"0x{line.place.block_number:064x}", "type": "0x2", "gas": "0x1d4c0"}
    raw = RawTransaction(
        line,
        fields["blockHash"],
        data,
        tuple(each.log for each in logs) if line.succeeded else (),
        120_000,
        2,
        0,
        fields,
    )
    return TransactionDetail(raw, CallReading(data, MINT_CALL), logs if line.succeeded else (), ASSETS)


def frame(*, error: str = "") -> CallFrame:
    return CallFrame("CALL", SENDER, CONTRACT, 0, 98_000, 55_324, b"\1" * 36, b"", error)


PARTS = {
    GasPart.BASE: 21_000,
    GasPart.CALLDATA: 1_284,
    GasPart.STORAGE: 47_100,
    GasPart.LOGS: 2_631,
    GasPart.CODE: 2_600,
    GasPart.EXECUTION: 1_709,
    GasPart.CALLDATA_FLOOR: 0,
    GasPart.REFUND: 0,
}
OWNER_WORD = StateChange(
    SlotChange(CONTRACT, 0x9D41 << 200, 0, int(HOLDER, 16)),
    "ownerOf",
    (asset("id"),),
    (
        FieldChange("owner", address("owner", NOBODY), address("owner", HOLDER)),
        FieldChange("directoryKey", plain("directoryKey", f"0x{0:020x}"), directory("directoryKey", f"0x{31:020x}")),
        FieldChange("validity", plain("validity", "0"), plain("validity", "0")),
    ),
)
BALANCE_WORD = StateChange(
    SlotChange(CONTRACT, 0x2B07 << 200, 3, 4),
    "balanceOf",
    (address("account", HOLDER),),
    (FieldChange("balance", plain("balance", "3"), plain("balance", "4")),),
)
UNKNOWN_WORD = StateChange(SlotChange(STRANGER, 7, 0, 1), "", (), ())


def trace() -> TransactionTrace:
    return TransactionTrace(
        (CallLine(0, frame(), MINT_CALL, None, False),),
        GasStory(76_324, PARTS),
        (OWNER_WORD, BALANCE_WORD, UNKNOWN_WORD),
        (AccountChange(SENDER, (10**22, 10**22 - 114_486_000_000_000), (150, 151)),),
    )


def failed_trace() -> TransactionTrace:
    outer, inner = frame(error="execution reverted"), frame(error="execution reverted")
    return TransactionTrace(
        (CallLine(0, outer, MINT_CALL, REFUSED, False), CallLine(1, inner, Undecoded.UNKNOWN, REFUSED, True)),
        GasStory(76_324, PARTS),
        (),
        (),
    )


def untold_trace() -> TransactionTrace:
    untold = Untold(Missing.NO_TRACE, "the method debug_traceTransaction does not exist")
    parts = {GasPart.BASE: 21_000, GasPart.CALLDATA: 1_284}
    return TransactionTrace(untold, GasStory(76_324, parts, 54_040, untold), untold, ())


def difference() -> BlockDifference:
    return BlockDifference(
        block(150),
        block(151, 2),
        (HeaderChange("number", "0x96", "0x97"), HeaderChange("stateRoot", f"0x{'4a' * 32}", f"0x{'5a' * 32}")),
        (transaction_line(151), transaction_line(151, 1)),
        2,
        (BALANCE_WORD,),
        (),
    )
