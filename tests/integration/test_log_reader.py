"""Logs as nodes tell them: those of our contract after its ABI, those that do not decode, those that are refused."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from eth_abi.abi import encode
from eth_hash.auto import keccak
from eth_utils.address import to_checksum_address

from ipnft_desktop.adapters.chain.event_codec import EventCodec
from ipnft_desktop.adapters.chain.ip_asset_contract import ARTIFACT
from ipnft_desktop.adapters.chain.json_rpc import Json, JsonRpc, RpcCall, RpcError
from ipnft_desktop.adapters.chain.log_reader import BLOCKS_AT_ONCE, LogReader
from ipnft_desktop.domain.chain import BlockRef
from ipnft_desktop.domain.chain_events import NOBODY, ChainEvent, EventKind
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode

OURS = to_checksum_address("0x" + "c1" * 20)
STRANGE = to_checksum_address("0x" + "d1" * 20)
ANNA, BERT = (to_checksum_address("0x" + pair * 20) for pair in ("a1", "b2"))
ABI: list[dict[str, Any]] = json.loads(ARTIFACT.read_text("utf-8"))["abi"]
EVENTS = {entry["name"]: entry for entry in ABI if entry["type"] == "event"}
DIGEST = b"\x0d" * 32
SAMPLES = {"address": ANNA, "uint256": 7, "uint96": 7, "uint8": 2, "bool": True, "bytes32": DIGEST}


@pytest.fixture(scope="module")
def codec() -> EventCodec:
    return EventCodec(ABI)


def log(name: str, address: str = OURS, **given: Any) -> ChainEvent:
    """As a node tells an event of our ABI, with these values or samples."""
    inputs = EVENTS[name]["inputs"]
    values = [(entry, given.get(entry["name"], SAMPLES[entry["type"]])) for entry in inputs]
    topics = [keccak(f"{name}({','.join(entry['type'] for entry in inputs)})".encode())]
    topics += [encode([entry["type"]], [value]) for entry, value in values if entry["indexed"]]
    plain = [(entry["type"], value) for entry, value in values if not entry["indexed"]]
    data = encode([each[0] for each in plain], [each[1] for each in plain])
    block = BlockRef(1, "0x01", 5)
    return ChainEvent(block, "0x02", 0, address, tuple(topics), data, EventKind.FOREIGN)


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_of_the_contract_is_known(codec: EventCodec, name: str) -> None:
    event = codec.read(log(name), OURS)
    assert event.kind not in (EventKind.FOREIGN, EventKind.UNREADABLE)
    assert codec.read(log(name), None).kind is EventKind.FOREIGN


@pytest.mark.parametrize(
    ("name", "given", "kind", "kept"),
    [
        ("Transfer", {"from": NOBODY, "to": BERT, "id": 9}, EventKind.MINTED, (9, NOBODY, BERT, None, None)),
        ("Transfer", {"from": ANNA, "to": BERT, "id": 2**255}, EventKind.TRANSFERRED, (2**255, ANNA, BERT, None, None)),
        ("ValidityChanged", {"tokenId": 9}, EventKind.VALIDITY_CHANGED, (9, None, None, 2, DIGEST)),
        (
            "DirectoryAmended",
            {"tokenId": 9, "previousDigest": b"\1" * 32},
            EventKind.DIRECTORY_AMENDED,
            (9, None, None, None, DIGEST),
        ),
        ("TokenRoyaltyChanged", {"tokenId": 9}, EventKind.TOKEN_ROYALTY_CHANGED, (9, None, ANNA, 7, None)),
        ("RolesUpdated", {"user": BERT, "roles": 3}, EventKind.ROLES_UPDATED, (None, None, BERT, 3, None)),
        ("ApprovalForAll", {"operator": BERT}, EventKind.OPERATOR_APPROVED, (None, ANNA, BERT, 1, None)),
        ("Paused", {}, EventKind.PAUSED, (None, ANNA, None, None, None)),
    ],
)
def test_what_an_event_says(
    codec: EventCodec, name: str, given: dict[str, Any], kind: EventKind, kept: tuple[object, ...]
) -> None:
    event = codec.read(log(name, **given), OURS)
    assert event.kind is kind
    assert (event.token_id, event.sender, event.recipient, event.number, event.digest) == kept


@pytest.mark.parametrize(
    "change",
    [
        {"topics": ()},
        {"topics": (b"\x55" * 32,)},
        {"data": b"\1"},
        {"data": b"\0" * 64},
        {"topics": (*log("ValidityChanged").topics[:2], (3).to_bytes(32, "big"))},
        {"topics": log("ValidityChanged").topics[:2]},
    ],
)
def test_a_log_that_does_not_decode_stays_as_it_came(codec: EventCodec, change: dict[str, Any]) -> None:
    raw = replace(log("ValidityChanged"), **change)
    event = codec.read(raw, OURS)
    assert event == replace(raw, kind=EventKind.UNREADABLE)


def test_an_address_with_something_before_it_is_none(codec: EventCodec) -> None:
    raw = log("Transfer")
    dirty = replace(raw, topics=(raw.topics[0], b"\1" + raw.topics[1][1:], *raw.topics[2:]))
    assert codec.read(dirty, OURS).kind is EventKind.UNREADABLE
    strange = replace(dirty, address=STRANGE)
    assert codec.read(strange, OURS) == strange


def test_transfers_of_other_contracts_name_their_parties(codec: EventCodec) -> None:
    of_nft = log("Transfer", STRANGE, to=BERT)
    of_money = replace(of_nft, topics=of_nft.topics[:3], data=of_nft.topics[3])
    for raw in (of_nft, of_money):
        event = codec.read(raw, OURS)
        assert (event.kind, event.sender, event.recipient, event.token_id) == (EventKind.FOREIGN, ANNA, BERT, None)


def test_the_directory_of_a_mint_is_in_its_call(codec: EventCodec) -> None:
    def call(signature: str, types: Sequence[str], values: Sequence[Any]) -> bytes:
        return keccak(signature.encode())[:4] + encode(types, values)

    asset = b"\7" * 16
    one = call("mintAsset(address,bytes16,bytes32)", ["address", "bytes16", "bytes32"], [ANNA, asset, DIGEST])
    same = call("batchMint(address,bytes16[],bytes32)", ["address", "bytes16[]", "bytes32"], [ANNA, [asset], DIGEST])
    each = call(
        "batchMintTo(address[],bytes16[],bytes32)", ["address[]", "bytes16[]", "bytes32"], [[ANNA], [asset], DIGEST]
    )
    own = call("mintAssetWithURI(address,bytes16,string)", ["address", "bytes16", "string"], [ANNA, asset, "x"])
    assert [codec.directory_of_mint(OURS, data, OURS) for data in (one, same, each)] == [DIGEST] * 3
    assert codec.directory_of_mint(OURS, own, OURS) == bytes(32)
    for stranger in (b"", b"\1\2\3\4" + one[4:], one[:60]):
        assert codec.directory_of_mint(OURS, stranger, OURS) is None


class ScriptedNode(JsonRpc):
    """A chain of a hundred blocks with one log each; refuses more than `most` blocks at once, and `tampers` with what
    it answers."""

    def __init__(self, most: int = 1_000, tampers: Any = lambda answer: answer) -> None:
        super().__init__()
        self.most = most
        self.tampers = tampers
        self.asked: list[tuple[int, int]] = []

    async def batch(self, calls: Sequence[RpcCall]) -> list[Json | RpcError]:
        assert {method for method, _ in calls} <= {"eth_getBlockByNumber"}
        return [_block(int(str(params[0]), 16)) for _, params in calls]

    async def pieces(self, method: str, *params: Json) -> AsyncGenerator[bytes]:
        wanted: Any = params[0]
        first, last = int(wanted["fromBlock"], 16), int(wanted["toBlock"], 16)
        self.asked.append((first, last))
        answer: Any = {"jsonrpc": "2.0", "id": 1}
        if last - first + 1 > self.most:
            answer["error"] = {"code": -32005, "message": "query returned more than 10000 results"}
        else:
            answer["result"] = [_log(number) for number in range(first, last + 1)]
        content = self.tampers(json.dumps(answer).encode())
        for begin in range(0, len(content), 100):
            yield content[begin : begin + 100]


def _block(number: int) -> Json:
    if number >= 100:
        return None
    hash_of, parent = f"0x{number + 1:064x}", f"0x{number:064x}"
    return {"number": hex(number), "hash": hash_of, "parentHash": parent, "timestamp": "0x5"}


def _log(number: int) -> Json:
    return {
        "address": STRANGE.lower(),
        "topics": [],
        "data": "0x01",
        "blockNumber": hex(number),
        "blockHash": f"0x{number + 1:064x}",
        "transactionHash": "0x02",
        "logIndex": "0x0",
    }


@pytest.mark.parametrize(("most", "told"), [(1_000, 64), (32, 32), (20, 16), (1, 1)])
async def test_a_range_that_is_refused_is_halved(codec: EventCodec, most: int, told: int) -> None:
    node = ScriptedNode(most)
    found = await LogReader(node).slice_from(10, 73, codec, OURS)
    assert [each.block.number for each in found.blocks] == list(range(10, 10 + told))
    assert [event.block.number for event in found.events] == list(range(10, 10 + told))
    assert node.asked[-1] == (10, 9 + told)


async def test_blocks_that_name_no_parent_follow_the_one_before_them(
    codec: EventCodec, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Hardhat makes those that are mined many at once; the others still have to name theirs."""
    whole = _block

    def without_parent(number: int) -> Json:
        block: Any = whole(number)
        return {**block, "parentHash": "0x" + "0" * 64} if 15 <= number < 30 else block

    monkeypatch.setitem(globals(), "_block", without_parent)
    for first in (10, 15, 20):
        piece = await LogReader(ScriptedNode()).slice_from(first, 35, codec, OURS)
        assert [each.parent_hash for each in piece.blocks] == [f"0x{number:064x}" for number in range(first, 36)]


async def test_a_node_that_refuses_a_single_block_is_not_asked_for_ever(codec: EventCodec) -> None:
    with pytest.raises(RpcError, match="10000 results"):
        await LogReader(ScriptedNode(0)).slice_from(10, 20, codec, OURS)


async def test_no_more_blocks_are_asked_for_than_are_read_at_once(codec: EventCodec) -> None:
    node = ScriptedNode()
    with pytest.raises(EnvironmentFault):  # the chain is shorter
        await LogReader(node).slice_from(0, 10_000, codec, OURS)
    assert node.asked == []
    assert BLOCKS_AT_ONCE < 10_000


@pytest.mark.parametrize(
    "tampers",
    [
        lambda answer: answer[:-1_000],
        lambda answer: answer[: answer.index(b"}, {") + 1],
        lambda answer: answer.replace(b'"result": [', b'"result": {', 1),
        lambda answer: answer.replace(b'"blockHash": "0x', b'"blockHash": "0y', 1),
        lambda answer: answer.replace(b'"topics": []', b'"topics": 5', 1),
        lambda answer: answer.replace(b'"logIndex": "0x0"', b'"logIndex": null', 1),
        lambda answer: answer.replace(b'"result": [', b'"result": [5, ', 1),
        lambda _answer: b"",
        lambda _answer: b"<html>",
        lambda _answer: b'{"jsonrpc": "2.0", "id": 1, "result": null}',
    ],
)
async def test_an_answer_that_is_cut_short_or_no_answer_loses_no_log_silently(codec: EventCodec, tampers: Any) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        await LogReader(ScriptedNode(tampers=tampers)).slice_from(10, 20, codec, OURS)
    assert caught.value.code is ErrorCode.NODE_UNREACHABLE
