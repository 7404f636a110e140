"""A real chain laid open: what a mint did down to its slots, refusals, long transactions, and strangers' contracts."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from uuid import UUID

import pytest

from ipnft_desktop.adapters.chain.ip_asset_contract import IPAssetContract
from ipnft_desktop.domain.chain import MintCall
from ipnft_desktop.domain.errors import ErrorCode, ProblemKind, ValidationFailed
from ipnft_desktop.domain.gas_breakdown import GasPart
from ipnft_desktop.domain.inspection.comparison import MOST_BLOCKS, MOST_TRANSACTIONS
from ipnft_desktop.domain.inspection.decoding import AbiOrigin, Decoded, Undecoded, ValueKind
from ipnft_desktop.domain.inspection.finding import FoundKind
from ipnft_desktop.domain.inspection.tracing import StateChange, Untold
from ipnft_desktop.domain.minting import MAX_BATCH_ITEMS
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.long_work import LongWork
from tests.support.chain_fixtures import OTHER_RECIPIENT, RECIPIENT, mint_call
from tests.support.inspected_program import Program, minted
from tests.support.mock_receivers import runtime_code

CODEC = IPAssetContract.load()
PLAIN_ADDRESS = "0x00000000000000000000000000000000000Face1"
LOGGER = "6000355b801560155760006000a0600190036003565b00"
"""Emits as many events without a topic as the first word of its call data says."""
KEEPER = "6000356000555f355f5260205ff3"
"""Keeps the first word of its call data in slot 0, and answers it."""
FAILING_CREATION = "0x60016000556001600155fe"


def fields(change: StateChange) -> dict[str, tuple[str, str]]:
    return {field.name: (field.before.text, field.after.text) for field in change.fields if field.is_changed}


# --- a mint ---------------------------------------------------------------------------------------------------------


async def test_a_mint_is_followed_to_its_slots(program: Program) -> None:
    asset, tx_hash = await minted(program)
    detail, trace = await program.look(tx_hash)
    call = detail.call.call
    assert isinstance(call, Decoded)
    assert (call.name, call.origin, detail.transaction.line.method) == ("mintAsset", AbiOrigin.OURS, "mintAsset")
    to, asset_id, directory = call.arguments
    assert (to.name, to.text, to.kind) == ("to", RECIPIENT, ValueKind.ADDRESS)
    assert (asset_id.asset_id, detail.assets) == (asset.asset_id, {asset.asset_id: asset.name})
    recorded = await program.core.register.asset(asset.asset_id)
    assert recorded.mint is not None
    assert directory.cid == recorded.mint.directory_cid
    (event,) = detail.logs
    assert isinstance(event.event, Decoded)
    assert [value.name for value in event.event.arguments] == ["from", "to", "id"]
    assert event.event.arguments[2].asset_id == asset.asset_id

    changes = await program.changes(tx_hash)
    digest = "0x" + directory.text[-20:]
    assert fields(changes[f"ownerOf[{asset.asset_id}]"]) == {
        "owner": ("0x" + "0" * 40, RECIPIENT),
        "directoryKey": ("0x" + "0" * 20, digest),
    }
    assert fields(changes[f"balanceOf[{RECIPIENT}]"]) == {"balance": ("0", "1")}
    assert fields(changes[f"_directories[{digest}]"])["digest"][1] == directory.text
    assert len(changes) == 3
    assert not isinstance(trace.calls, Untold)
    assert [(line.depth, line.frame.kind, line.has_failed) for line in trace.calls] == [(0, "CALL", False)]
    assert {part for part, gas in trace.gas.parts.items() if gas > 0} == {
        *(GasPart.BASE, GasPart.CALLDATA, GasPart.STORAGE, GasPart.LOGS, GasPart.CODE, GasPart.EXECUTION)
    }
    sender = next(change for change in trace.accounts if change.address == program.core.adapters.signer.address)
    assert sender.nonce is not None
    assert sender.nonce[1] == sender.nonce[0] + 1


async def test_every_word_of_the_largest_batch_has_its_name(program: Program) -> None:
    call = mint_call(*[RECIPIENT] * MAX_BATCH_ITEMS)
    detail, _ = await program.look(tx_hash := await program.send(CODEC.mint(call)))
    assert isinstance(detail.call.call, Decoded)
    (ids,) = [value for value in detail.call.call.arguments if value.name == "assetIds"]
    assert [item.asset_id for item in ids.items] == list(call.asset_ids)
    changes = await program.changes(tx_hash)
    assert "" not in changes
    assert {f"ownerOf[{asset_id}]" for asset_id in call.asset_ids} < changes.keys()
    assert len(changes) == MAX_BATCH_ITEMS + 2


async def test_the_other_variables_have_their_names_too(program: Program) -> None:
    asset_id, admin = UUID(int=7 << 64), program.core.adapters.signer.address
    call = MintCall((asset_id,), (admin,), b"\7" * 32)
    await program.send(CODEC.mint(call))
    token = asset_id.int
    for data, variable, changed in (
        (CODEC.call("setValidity", token, 1, b"\1" * 32), f"ownerOf[{asset_id}]", {"validity": ("0", "1")}),
        (CODEC.call("setValidity", token, 0, b"\1" * 32), f"ownerOf[{asset_id}]", {"validity": ("1", "0")}),
        (CODEC.call("approve", RECIPIENT, token), f"getApproved[{asset_id}]", {"account": (_ZERO, RECIPIENT)}),
        (CODEC.call("pause"), "_paused", {"_paused": ("false", "true")}),
        (CODEC.call("unpause"), "_paused", {"_paused": ("true", "false")}),
        (CODEC.call("grantRoles", RECIPIENT, 2), f"rolesOf[{RECIPIENT}]", {"roles": ("0", "2")}),
        (
            CODEC.call("setApprovalForAll", OTHER_RECIPIENT, True),
            f"isApprovedForAll[{admin}][{OTHER_RECIPIENT}]",
            {"isApproved": ("false", "true")},
        ),
        (
            CODEC.call("setTokenRoyalty", token, RECIPIENT, 250),
            f"royaltyInfo[{asset_id}]",
            {"receiver": (_ZERO, RECIPIENT), "royaltyBps": ("0", "250")},
        ),
        (CODEC.call("setDefaultRoyalty", admin, 300), "royaltyInfo", {"royaltyBps": ("500", "300")}),
    ):
        changes = await program.changes(await program.send(data))
        assert [*changes] == [variable]
        assert fields(changes[variable]) == changed


_ZERO = "0x" + "0" * 40


async def test_a_text_of_several_words_is_known_to_the_end(program: Program) -> None:
    asset_id = UUID(int=9 << 64)
    data = CODEC.call("mintAssetWithURI", RECIPIENT, asset_id.bytes, "ipfs://" + "a" * 200)
    _, trace = await program.look(await program.send(data))
    assert not isinstance(trace.state, Untold)
    of_text = [change for change in trace.state if change.variable == "_ownURIs"]
    assert len(of_text) == 7  # 31 bytes beside the length, 176 in words of their own
    assert {change.keys[0].asset_id for change in of_text} == {asset_id}
    assert all(change.variable for change in trace.state)


# --- refusals -------------------------------------------------------------------------------------------------------


async def test_a_refusal_inside_is_told_where_it_began(program: Program) -> None:
    await program.ask("hardhat_setCode", PLAIN_ADDRESS, runtime_code("RefusingReceiver"))
    detail, trace = await program.look(await program.send(CODEC.mint(mint_call(PLAIN_ADDRESS))))
    assert not detail.transaction.line.succeeded
    assert not isinstance(trace.calls, Untold)
    outer, inner = trace.calls
    assert (outer.depth, outer.has_failed, outer.is_cause) == (0, True, False)
    assert (inner.depth, inner.has_failed, inner.is_cause) == (1, True, True)
    assert isinstance(outer.revert, Decoded)
    assert outer.revert.name == "RecipientRefused"
    assert isinstance(inner.call, Decoded)
    assert (inner.call.name, inner.call.origin) == ("onERC721Received", AbiOrigin.STANDARD)
    assert trace.state == ()


@pytest.mark.parametrize(
    ("data", "to", "gas"),
    [
        (CODEC.mint(mint_call(RECIPIENT)), "", 24_000),
        (CODEC.mint(mint_call(RECIPIENT, digest=bytes(32))), "", 200_000),
        (FAILING_CREATION, None, 200_000),
        ("0x5f5ffd", None, 100_000),
        ("0x600160005560206000f3", None, 100_000),
        ("0x", RECIPIENT, 30_000),
        ("0x" + "00" * 4_000 + "01" * 400, RECIPIENT, 200_000),
    ],
    ids=["out of gas", "refused", "creation fails", "creation reverts", "creation", "plain", "least price"],
)
async def test_the_parts_of_the_gas_are_all_of_it(
    program: Program, data: bytes | str, to: str | None, gas: int
) -> None:
    """`look` asserts it."""
    await program.look(await program.send(data, to, gas=hex(gas)))


# --- what is long ---------------------------------------------------------------------------------------------------


async def test_ten_thousand_events_and_a_megabyte_of_call_data(program: Program) -> None:
    logger = await program.place(LOGGER, "0x" + "10" * 20)
    detail, _ = await program.look(await program.send("0x" + f"{10_000:064x}", logger))
    assert len(detail.logs) == 10_000
    assert {reading.event for reading in detail.logs} == {Undecoded.NOTHING}
    long, _ = await program.look(await program.send("0x12345678" + "00" * 1_000_000, OTHER_RECIPIENT))
    assert len(long.transaction.input) == 1_000_004
    assert long.call.call is Undecoded.NO_CODE


# --- strangers ------------------------------------------------------------------------------------------------------


async def test_a_strangers_contract_is_read_by_what_was_imported(program: Program) -> None:
    keeper = await program.place(KEEPER, "0x" + "20" * 20)
    abi = [{"type": "function", "name": "keep", "inputs": [{"name": "flag", "type": "bool"}], "outputs": []}]
    codec, checksummed = program.core.adapters.codec, keeper
    content = codec.read_abi("Keeper", json.dumps(abi))[0]
    data = codec.encode(content.entries[0], ["true"])
    tx_hash = await program.send(data, keeper)
    detail, trace = await program.look(tx_hash)
    assert detail.call.call is Undecoded.UNKNOWN
    assert not isinstance(trace.state, Untold)
    assert [(change.variable, change.fields) for change in trace.state] == [("", ())]

    kept = await program.core.abis.import_abi(checksummed, "Keeper", json.dumps({"abi": abi, "bytecode": "0x"}))
    assert json.loads(kept.content) == abi
    detail, _ = await program.look(tx_hash)
    assert isinstance(detail.call.call, Decoded)
    assert (detail.call.call.name, detail.call.call.abi_name) == ("keep", "Keeper")
    assert detail.call.call.origin is AbiOrigin.IMPORTED
    assert detail.call.call.arguments[0].text == "true"
    assert detail.transaction.line.method == "keep"

    await program.place("", keeper)  # its code is gone; what was imported for it still reads what it did
    detail, _ = await program.look(tx_hash)
    assert isinstance(detail.call.call, Decoded)
    await program.core.abis.remove(keeper)
    detail, _ = await program.look(tx_hash)
    assert detail.call.call is Undecoded.NO_CODE


# --- two blocks -----------------------------------------------------------------------------------------------------


async def test_two_blocks_are_compared_by_what_all_between_changed(program: Program) -> None:
    inspector = program.core.inspector
    before = await inspector.head()
    mints = [mint_call(RECIPIENT) for _ in range(3)]
    for call in mints:
        await program.send(CODEC.mint(call))
    await program.send(CODEC.call("pause"))
    await program.send(CODEC.call("unpause"))
    found = await inspector.compare(before + 5, before)
    assert (found.before.line.number, found.after.line.number) == (before, before + 5)
    assert (found.transaction_count, len(found.transactions), found.is_whole) == (5, 5, True)
    assert {"hash", "number", "stateRoot"} <= {change.name for change in found.header}
    assert not isinstance(found.state, Untold)
    names = [change.variable for change in found.state]
    assert sorted(names) == ["_directories"] * 3 + ["balanceOf"] + ["ownerOf"] * 3  # paused is as before
    balance = next(change for change in found.state if change.variable == "balanceOf")
    assert int(balance.fields[0].after.text) - int(balance.fields[0].before.text) == 3

    same = await inspector.compare(before, before)
    assert (same.header, same.state, same.accounts) == ((), (), ())


async def test_what_is_too_far_apart_is_said(program: Program) -> None:
    inspector = program.core.inspector
    head = await inspector.head()
    with pytest.raises(ValidationFailed) as caught:
        await inspector.compare(head, head + 1)
    assert caught.value.problems[0].kind is ProblemKind.OUT_OF_RANGE
    await program.ask("hardhat_mine", hex(MOST_BLOCKS))
    with pytest.raises(ValidationFailed) as caught:
        await inspector.compare(head - 1, head + MOST_BLOCKS)
    assert caught.value.problems[0].limit == f"0 - {head - 1 + MOST_BLOCKS:,}", "heights, not a distance"
    begin = await inspector.head()
    for _ in range(MOST_TRANSACTIONS + 2):
        await program.send("0x", RECIPIENT)
    found = await inspector.compare(begin, begin + MOST_TRANSACTIONS + 2)
    assert (len(found.transactions), found.transaction_count) == (MOST_TRANSACTIONS, MOST_TRANSACTIONS + 2)
    assert not found.is_whole


# --- search and files -----------------------------------------------------------------------------------------------


async def test_a_text_is_found_whatever_it_stands_for(program: Program) -> None:
    asset, tx_hash = await minted(program)
    await program.core.address_book.add(OTHER_RECIPIENT, "Helios vault 库房")
    find = program.core.chain_search.find
    detail = await program.core.inspector.transaction(tx_hash)
    assert detail is not None
    height = detail.transaction.line.place.block_number

    async def kinds(text: str) -> list[FoundKind]:
        return [found.kind for found in await find(text)]

    assert await kinds(f" {height:,} ") == await kinds(f"#{height}") == [FoundKind.BLOCK]
    assert await kinds(detail.transaction.block_hash.upper().replace("X", "x")) == [FoundKind.BLOCK]
    (by_hash,) = await find(tx_hash)
    assert (by_hash.kind, by_hash.tx_hash, by_hash.block_number) == (FoundKind.TRANSACTION, tx_hash, height)
    for text in (str(asset.asset_id), str(asset.asset_id.int), hex(asset.asset_id.int), f"0x{asset.asset_id.int:064x}"):
        (token,) = await find(text)
        assert (token.kind, token.tx_hash, token.title) == (FoundKind.TOKEN, tx_hash, asset.name)
    for text in (OTHER_RECIPIENT, OTHER_RECIPIENT.lower(), "0x" + OTHER_RECIPIENT[2:].upper(), "vault helios"):
        (address,) = await find(text)
        assert (address.kind, address.address, address.title) == (
            FoundKind.ADDRESS,
            OTHER_RECIPIENT,
            "Helios vault 库房",
        )
    assert (await find(_ZERO))[0].address == _ZERO
    assert [found.asset_id for found in await find(asset.name)] == [asset.asset_id]
    with pytest.raises(ValidationFailed) as caught:
        await find(OTHER_RECIPIENT.replace("C", "c", 1))
    assert caught.value.problems[0].field == "search"
    for text in ("", "   ", "999999999", "0x" + "ab" * 32, "0xabc", "no such thing", str(UUID(int=1))):
        assert await find(text) == ()


async def test_lists_and_a_transaction_go_into_files(program: Program, tmp_path: Path) -> None:
    asset, tx_hash = await minted(program)
    exports, inspector = program.core.chain_exports, program.core.inspector
    shares: list[float] = []
    count = await exports.blocks(None, SheetFormat.CSV, tmp_path / "blocks.csv", LongWork(shares.append))
    head = await inspector.head()
    assert count == head + 1
    with (tmp_path / "blocks.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["height"]) for row in rows] == list(range(head, -1, -1))
    count = await exports.transactions(None, SheetFormat.JSON, tmp_path / "all.json", LongWork())
    of_all = json.loads((tmp_path / "all.json").read_text("utf-8"))
    assert count == len(of_all)
    of_mint = next(row for row in of_all if row["hash"] == tx_hash)
    assert of_mint["method"] == "mintAsset"
    assert await exports.transactions(int(of_mint["block"]), SheetFormat.CSV, tmp_path / "one.csv", LongWork()) == 1

    detail, trace = await program.look(tx_hash)
    await exports.transaction(detail, trace, SheetFormat.JSON, tmp_path / "mint.json", LongWork())
    told = {(row["part"], row["name"]): row["value"] for row in json.loads((tmp_path / "mint.json").read_text("utf-8"))}
    assert told["call", "data"] == "0x" + detail.transaction.input.hex()
    assert told["call", "assetId"] == f"0x{asset.asset_id.hex} ({asset.asset_id})"
    assert any(name.startswith("ownerOf[") and value == RECIPIENT for (_, name), value in told.items())
    gas = [int(value) for (part, _), value in told.items() if part == "gas"]
    assert sum(gas) == int(told["transaction", "gas_used"])


async def test_a_node_that_went_away_is_said_to_be(program: Program) -> None:
    await program.core.adapters.chain.disconnect()
    with pytest.raises(Exception, match=ErrorCode.NODE_UNREACHABLE):
        await program.core.inspector.blocks()
