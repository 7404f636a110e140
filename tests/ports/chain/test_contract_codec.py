"""ABIs of strangers, and what contracts say: read where it can be, refused where it should be, never a crash."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from eth_abi import grammar
from eth_abi.abi import encode
from eth_hash.auto import keccak
from hypothesis import given
from hypothesis import strategies as st

from ipnft_desktop.adapters.chain.inspection.contract_codec import AbiCodec
from ipnft_desktop.domain.errors import ProblemKind, ValidationFailed
from ipnft_desktop.domain.inspection.contracts import AbiEntry
from ipnft_desktop.domain.inspection.decoding import AbiOrigin, Decoded, Undecoded, ValueKind
from ipnft_desktop.domain.inspection.transactions import RawLog
from tests.support.chain_fixtures import OTHER_RECIPIENT, RECIPIENT

CODEC = AbiCodec()
STANDARDS = CODEC.standard_abis()
OURS = (CODEC.own_abi(), *STANDARDS)
TRANSFER = "0x" + keccak(b"Transfer(address,address,uint256)").hex()


def function(*inputs: Any, name: str = "act", outputs: tuple[Any, ...] = ()) -> dict[str, Any]:
    return {"type": "function", "name": name, "inputs": list(inputs), "outputs": list(outputs)}


def parameter(told: str, name: str = "", **more: Any) -> dict[str, Any]:
    return {"name": name, "type": told, **more}


def entry_of(*inputs: Any, outputs: tuple[Any, ...] = ()) -> AbiEntry:
    abi, _ = CODEC.read_abi("Act", json.dumps([function(*inputs, outputs=outputs)]))
    return abi.entries[0]


def topic(address: str) -> str:
    return f"0x{int(address, 16):064x}"


# --- ABIs as people bring them --------------------------------------------------------------------------------------


def test_an_abi_alone_and_an_artifact_are_the_same() -> None:
    abi = [function(parameter("uint256", "amount")), {"type": "fallback"}, {"type": "constructor", "inputs": []}]
    alone = CODEC.read_abi("Act", json.dumps(abi))
    artifact = CODEC.read_abi("Act", json.dumps({"contractName": "Act", "abi": abi, "bytecode": "0x" + "00" * 9}))
    assert alone == artifact
    assert [entry.signature for entry in alone[0].entries] == ["act(uint256)", "()"]
    assert CODEC.read_abi("Act", alone[1])[0] == alone[0]


def test_a_struct_has_the_types_of_its_members() -> None:
    price = parameter("tuple[]", "prices", components=[parameter("uint", "wei"), parameter("address", "payer")])
    assert entry_of(price).signature == "act((uint256,address)[])"


@pytest.mark.parametrize(
    ("content", "kind", "limit"),
    [
        ('[\n  {"type": }]', ProblemKind.NOT_JSON, "2:12"),
        ("", ProblemKind.NOT_JSON, "1:1"),
        ("[" * 100_000, ProblemKind.NOT_JSON, "1:1"),
        ("{}", ProblemKind.NO_ABI_INSIDE, ""),
        ('{"abi": {}}', ProblemKind.NO_ABI_INSIDE, ""),
        ("[]", ProblemKind.NO_ABI_INSIDE, ""),
        ('"text"', ProblemKind.NO_ABI_INSIDE, ""),
        (json.dumps([{"type": "fallback"}] * 5_001), ProblemKind.NO_ABI_INSIDE, ""),
        ("[1]", ProblemKind.ABI_ENTRY_WRONG, "1"),
        (json.dumps([function(), {"type": "function"}]), ProblemKind.ABI_ENTRY_WRONG, "2"),
        (json.dumps([{"type": "modifier", "name": "x"}]), ProblemKind.ABI_ENTRY_WRONG, "1"),
        (json.dumps([function(name="<b>act</b>")]), ProblemKind.ABI_ENTRY_WRONG, "1"),
        (json.dumps([function(parameter("uint257"))]), ProblemKind.ABI_ENTRY_WRONG, "1"),
        (json.dumps([function(parameter("uint256[0][]"))]), ProblemKind.ABI_ENTRY_WRONG, "1"),
        (json.dumps([function(parameter("tuple", components=[]))]), ProblemKind.ABI_ENTRY_WRONG, "1"),
        (json.dumps([function(parameter("tuple"))]), ProblemKind.ABI_ENTRY_WRONG, "1"),
        (json.dumps([function(parameter("uint256" + "[]" * 9))]), ProblemKind.ABI_ENTRY_WRONG, "1"),
        (json.dumps([{**function(), "stateMutability": "always"}]), ProblemKind.ABI_ENTRY_WRONG, "1"),
    ],
)
def test_what_is_no_abi_is_refused_with_its_mistake(content: str, kind: ProblemKind, limit: str) -> None:
    with pytest.raises(ValidationFailed) as caught:
        CODEC.read_abi("Act", content)
    (problem,) = caught.value.problems
    assert (problem.field, problem.kind, problem.limit) == ("content", kind, limit)


# --- what contracts say ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("topics", "data", "abi_name", "last"),
    [
        (3, encode(["uint256"], [5]), "ERC-20", "amount"),
        (4, b"", "ERC-721", "tokenId"),
    ],
)
def test_one_topic_of_two_standards_is_told_by_what_is_indexed(
    topics: int, data: bytes, abi_name: str, last: str
) -> None:
    all_topics = (TRANSFER, topic(RECIPIENT), topic(OTHER_RECIPIENT), f"0x{5:064x}")
    (reading,) = CODEC.logs([RawLog(0, RECIPIENT, all_topics[:topics], data)], {})
    assert isinstance(reading.event, Decoded)
    assert (reading.event.abi_name, reading.event.origin) == (abi_name, AbiOrigin.STANDARD)
    assert [(value.name, value.text) for value in reading.event.arguments][1:] == [("to", OTHER_RECIPIENT), (last, "5")]


def test_of_ours_more_is_known_than_of_others() -> None:
    log = RawLog(0, RECIPIENT, (TRANSFER, topic(RECIPIENT), topic(OTHER_RECIPIENT), f"0x{5:064x}"), b"")
    for abis, kind in ((OURS, ValueKind.ASSET), (STANDARDS, ValueKind.PLAIN)):
        (reading,) = CODEC.logs([log], {RECIPIENT: abis})
        assert isinstance(reading.event, Decoded)
        assert reading.event.arguments[2].kind is kind


@pytest.mark.parametrize(
    ("topics", "data", "why"),
    [
        ((), b"", Undecoded.NOTHING),
        (("0x" + "ab" * 32,), b"", Undecoded.UNKNOWN),
        ((TRANSFER,), b"", Undecoded.MALFORMED),
        ((TRANSFER, topic(RECIPIENT), topic(RECIPIENT)), b"\1", Undecoded.MALFORMED),
        ((TRANSFER, "0x" + "ff" * 32, topic(RECIPIENT)), encode(["uint256"], [1]), Undecoded.MALFORMED),
    ],
)
def test_an_event_that_does_not_decode_says_why(topics: tuple[str, ...], data: bytes, why: Undecoded) -> None:
    (reading,) = CODEC.logs([RawLog(0, RECIPIENT, topics, data)], {})
    assert reading.event is why


def test_an_indexed_text_is_its_hash() -> None:
    event = {"type": "event", "name": "Said", "inputs": [parameter("string", "what", indexed=True)]}
    abi, _ = CODEC.read_abi("Speaker", json.dumps([event]))
    hashed = "0x" + keccak(b"hello").hex()
    log = RawLog(0, RECIPIENT, ("0x" + keccak(b"Said(string)").hex(), hashed), b"")
    (reading,) = CODEC.logs([log], {RECIPIENT: (abi,)})
    assert isinstance(reading.event, Decoded)
    assert reading.event.arguments[0].text == hashed


def test_reasons_of_every_contract_are_known() -> None:
    reason = CODEC.error(bytes.fromhex("08c379a0") + encode(["string"], ["too late"]), ())
    assert isinstance(reason, Decoded)
    assert (reason.name, reason.arguments[0].text) == ("Error", "too late")
    assert CODEC.error(b"", OURS) is Undecoded.NOTHING
    assert CODEC.error(b"\1\2", OURS) is Undecoded.UNKNOWN
    assert CODEC.error(bytes.fromhex("08c379a0"), OURS) is Undecoded.MALFORMED


def test_a_list_of_endlessly_many_is_malformed() -> None:
    entry = entry_of(outputs=(parameter("uint256[]"),))
    assert CODEC.answer(entry, encode(["uint256", "uint256"], [32, 2**255])) is Undecoded.MALFORMED


def word(number: int) -> bytes:
    return number.to_bytes(32, "big")


def pointing_again_and_again(dimensions: int, count: int) -> bytes:
    """Lists in lists, where all items of one are the same bytes."""
    level = word(count) + word(32 * count) * count
    return word(32) + level * (dimensions - 1) + word(count) + word(7) * count


@pytest.mark.parametrize(
    ("solidity_type", "data"),
    [
        ("uint256" + "[]" * 4, pointing_again_and_again(4, 40)),
        ("uint256" + "[]" * 8, pointing_again_and_again(8, 8)),
        ("bytes[]", word(32) + word(2000) + word(32 * 2000) * 2000 + word(100_000) + bytes(100_000)),
        ("string[2][]", word(32) + word(2) + word(64) * 2 + word(64) * 2 + word(3) + b"abc".ljust(32, b"\0")),
        ("uint256[9999999999999999999999]", b""),
        ("string[9999999999999999999999]", word(32)),
    ],
)
def test_data_that_point_at_the_same_bytes_twice_are_malformed(solidity_type: str, data: bytes) -> None:
    """They took minutes or all the memory: few bytes can mean endlessly many values."""
    entry = entry_of(parameter(solidity_type), outputs=(parameter(solidity_type),))
    began = time.process_time()
    assert CODEC.answer(entry, data) is Undecoded.MALFORMED
    assert time.process_time() - began < 1


def test_words_in_many_structs_are_not_read_for_minutes() -> None:
    """eth_abi reads them twice for each struct that they stand in."""
    told = parameter("uint256", "amount")
    for _ in range(15):
        told = parameter("tuple", "inner", components=[told])
    entry = entry_of(outputs=({**told, "type": "tuple[]"},))
    began = time.process_time()
    assert CODEC.answer(entry, word(32) + word(2000) + word(1) * 2000) is Undecoded.MALFORMED
    assert time.process_time() - began < 1
    assert isinstance(CODEC.answer(entry, word(32) + word(1) + word(1)), tuple)


_TYPES = st.recursive(
    st.sampled_from(["uint256", "uint8", "address", "bool", "bytes4", "bytes32", "string", "bytes"]),
    lambda inner: st.one_of(
        inner.map(lambda told: f"{told}[]"),
        inner.map(lambda told: f"{told}[2]"),
        st.lists(inner, min_size=1, max_size=3).map(lambda members: f"({','.join(members)})"),
    ),
    max_leaves=5,
)


@given(data=st.data(), types=st.lists(_TYPES, min_size=1, max_size=3))
def test_all_that_an_encoder_writes_is_read(data: st.DataObject, types: list[str]) -> None:
    counts = st.integers(0, 3)
    values = [some_value(grammar.parse(each), lambda: data.draw(counts)) for each in types]
    entry = entry_of(outputs=tuple(map(struct_parameter, types)))
    assert isinstance(CODEC.answer(entry, encode(types, values)), tuple)


def some_value(parsed: Any, count: Callable[[], int]) -> Any:
    """Of a type; `count` says how long what has no size is."""
    if parsed.arrlist:
        size = parsed.arrlist[-1]
        return [some_value(parsed.item_type, count) for _ in range(size[0] if size else count())]
    if isinstance(parsed, grammar.TupleType):
        members: Any = parsed.components
        return tuple(some_value(each, count) for each in members)
    plain: dict[str, Any] = {"uint": 7, "address": RECIPIENT, "bool": True, "string": "é" * 20 * count()}
    return plain[parsed.base] if parsed.base in plain else b"\1" * (parsed.sub or 17 * count())


def struct_parameter(solidity_type: str) -> dict[str, Any]:
    """A type as eth_abi writes it, as an ABI writes it."""
    parsed: Any = grammar.parse(solidity_type)
    if not isinstance(parsed, grammar.TupleType):
        return parameter(solidity_type)
    dimensions = "".join(f"[{each[0] if each else ''}]" for each in parsed.arrlist or ())
    members: Any = parsed.components
    return parameter(f"tuple{dimensions}", components=[struct_parameter(each.to_type_str()) for each in members])


@given(data=st.binary(max_size=400), selector=st.sampled_from(["8addc3d2", "3167780a", "23b872dd", "b88d4fde"]))
def test_no_call_data_make_it_fail(data: bytes, selector: str) -> None:
    reading = CODEC.call(bytes.fromhex(selector) + data, OURS)
    assert isinstance(reading.call, Decoded) or reading.call is Undecoded.MALFORMED


# --- what people type -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "text", "value"),
    [
        ("uint256", "1_000", 1000),
        ("uint256", "0xff", 255),
        ("uint256", "00000000-0000-0000-0000-000000000005", 5),
        ("int8", "-5", -5),
        ("bool", " True ", True),
        ("bytes", "0x", b""),
        ("bytes16", "00000000-0000-0000-0000-000000000005", b"\0" * 15 + b"\5"),
        ("address", RECIPIENT.lower(), RECIPIENT.lower()),
        ("address", "0x" + "0" * 40, "0x" + "0" * 40),
        ("string", " as it is ", " as it is "),
        ("uint256[]", '[1, "0x2"]', [1, 2]),
        ("bool[2]", "[true, false]", [True, False]),
    ],
)
def test_what_a_person_types_is_encoded(told: str, text: str, value: object) -> None:
    entry = entry_of(parameter(told))
    assert CODEC.encode(entry, [text])[4:] == encode([told], [value])


def test_a_struct_is_typed_as_a_list_or_by_names() -> None:
    members = [parameter("uint256", "amount"), parameter("string[]", "notes")]
    entry = entry_of(parameter("tuple", "order", components=members))
    wanted = encode(["(uint256,string[])"], [(5, ["a"])])
    for text in ('[5, ["a"]]', '{"notes": ["a"], "amount": "5"}'):
        assert CODEC.encode(entry, [text])[4:] == wanted


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ("uint8", "256"),
        ("uint256", "-1"),
        ("uint256", "1.5"),
        ("uint256", ""),
        ("bool", "perhaps"),
        ("bytes4", "0x1234"),
        ("bytes4", "12345678"),
        ("bytes", "0x123"),
        ("address", RECIPIENT[:-1]),
        ("address", RECIPIENT.replace("C", "c", 1)),
        ("uint256[]", "1, 2"),
        ("uint256[2]", "[1]"),
        ("uint256[]", "{}"),
        ("string", "\ud800"),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(told: str, text: str) -> None:
    entry = entry_of(parameter("bool"), parameter(told))
    with pytest.raises(ValidationFailed) as caught:
        CODEC.encode(entry, ["true", text])
    assert [problem.field for problem in caught.value.problems] == ["argument.1"]


@pytest.mark.parametrize("text", ['{"amount": 5}', '{"amount": 5, "Note": "a"}', "[5]", '{"amount": 5, "note": null}'])
def test_a_struct_without_a_member_is_refused_beside_its_field(text: str) -> None:
    members = [parameter("uint256", "amount"), parameter("string", "note")]
    with pytest.raises(ValidationFailed) as caught:
        CODEC.encode(entry_of(parameter("tuple", "order", components=members)), [text])
    assert [problem.field for problem in caught.value.problems] == ["argument.0"]
