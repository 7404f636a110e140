"""Hashes, encodings, tries, identifiers: against implementations of others."""

from __future__ import annotations

import ast
import random
import re
import string
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest
import rlp as other_rlp
from Crypto.Hash import keccak
from eth_utils.address import to_checksum_address
from hypothesis import given, settings
from hypothesis import strategies as st

from ipnft_desktop.adapters.chain.merkle_trie import trie_of
from ipnft_desktop.adapters.content.dag import directory_addresses
from ipnft_desktop.domain.canonical_json import canonical_json
from ipnft_desktop.paths import PROJECT
from ipnft_verify import proof_words, words
from ipnft_verify.broken import Broken
from ipnft_verify.canonical import canonical, parsed
from ipnft_verify.content_proof import Archive, cid_text, file_cid
from ipnft_verify.keccak import keccak256
from ipnft_verify.manifest import attachment_entry
from ipnft_verify.report import Part, Verdict
from ipnft_verify.rlp import decode, encode
from ipnft_verify.signing import checksummed
from ipnft_verify.trie import TrieProof

NESTED = st.recursive(st.binary(max_size=70), lambda items: st.lists(items, max_size=20), max_leaves=60)
SOURCES = sorted((PROJECT / "ipnft_verify").glob("*.py"))


@pytest.mark.parametrize("size", [0, 1, 7, 8, 31, 32, 134, 135, 136, 137, 271, 272, 273, 1000])
def test_keccak_is_that_of_pycryptodome(size: int) -> None:
    data = random.Random(size).randbytes(size)
    assert keccak256(data) == keccak.new(digest_bits=256, data=data).digest()


@settings(deadline=None)
@given(NESTED)
def test_rlp_is_that_of_pyrlp(item: object) -> None:
    encoded = encode(item)  # type: ignore[arg-type]
    assert encoded == other_rlp.encode(item)
    assert decode(encoded) == item


@settings(deadline=None)
@given(st.binary(max_size=80))
def test_only_the_shortest_form_is_read(data: bytes) -> None:
    try:
        item = decode(data)
    except ValueError:
        return
    assert encode(item) == data


@settings(deadline=None)
@given(st.binary(min_size=20, max_size=20))
def test_addresses_are_written_as_eth_utils_does(address: bytes) -> None:
    assert checksummed(address) == to_checksum_address(address)


VALUES = st.lists(st.binary(min_size=1, max_size=80), min_size=1, max_size=300)


@settings(deadline=None)
@given(VALUES, st.data())
def test_a_trie_proves_what_is_in_it_and_nothing_else(values: list[bytes], data: st.DataObject) -> None:
    wanted = data.draw(st.integers(0, len(values) - 1))
    built = trie_of(values, [wanted])
    proof = TrieProof(built.root, built.proof)
    assert proof.value(encode(wanted)) == values[wanted]
    assert proof.unused == 0
    absent = len(values) + data.draw(st.integers(0, 1000))
    with suppress(ValueError):  # the nodes that would prove its absence are not there
        assert TrieProof(built.root, built.proof).value(encode(absent)) is None
    other = trie_of([*values, b"one more"], [wanted])
    assert other.root != built.root
    assert TrieProof(built.root, [*built.proof, *other.proof]).value(encode(wanted)) == values[wanted]


def test_a_node_more_or_less_is_noticed() -> None:
    built = trie_of([bytes([number]) * 40 for number in range(50)], [7])
    assert TrieProof(built.root, [*built.proof, b"\xc0"]).unused
    for left_out in range(len(built.proof)):
        rest = [node for number, node in enumerate(built.proof) if number != left_out]
        with pytest.raises(ValueError, match="missing"):
            TrieProof(built.root, rest).value(encode(7))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), JSON, max_size=5))
def test_canonical_json_is_that_of_the_register(value: dict[str, object]) -> None:
    try:
        expected = canonical_json(value)  # type: ignore[arg-type]
    except (ValueError, UnicodeEncodeError):
        return
    assert canonical(value) == expected
    assert parsed(expected) == value


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "1",
        '{"a": 1}',
        '{"b":1,"a":1}',
        '{"a":1.0}',
        '{"a":1e3}',
        '{"a":NaN}',
        '{"a":1,"a":1}',
        '{"a":"\\u0041"}',
        "",
    ],
)
def test_json_in_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parsed(text.encode())


@pytest.mark.parametrize("size", [0, 1, 262_143, 262_144, 262_145, 262_144 * 174, 262_144 * 174 + 1])
def test_a_file_has_the_identifier_that_the_content_store_gives(size: int) -> None:
    data = random.Random(size).randbytes(size)
    _, stored = directory_addresses({"file": data})
    chunks = (data[start : start + 262_144] for start in range(0, size, 262_144))
    assert cid_text(file_cid(chunks)) == stored["file"].cid.text


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("a.pdf", "attachments/001.pdf"),
        ("../../etc/passwd", "attachments/001"),
        ("a.b.PDF", "attachments/001.PDF"),
        ("名称.文件", "attachments/001"),
        ("a.verylongsuffix", "attachments/001"),
        ("CON", "attachments/001"),
        ("a./x", "attachments/001"),
    ],
)
def test_entries_never_bear_a_name_from_outside(name: str, entry: str) -> None:
    assert attachment_entry(0, name) == entry


# --- the package itself ------------------------------------------------------------------------------------------


def test_the_verifier_imports_nothing_but_the_standard_library_and_coincurve() -> None:
    allowed = sys.stdlib_module_names | {"ipnft_verify", "coincurve"}
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0
                names = [node.module or ""]
            assert {name.partition(".")[0] for name in names} <= allowed, source.name


def test_every_sentence_is_there_in_both_languages_with_the_same_values() -> None:
    assert set(words.PARTS) == set(Part)
    assert set(words.VERDICTS) == set(Verdict)
    assert proof_words.WORDS["en"].keys() == proof_words.WORDS["zh"].keys()
    for english, chinese in words.SENTENCES.values():
        assert _fields(english) == _fields(chinese)
        assert re.search("[一-鿿]", chinese)


def test_every_reason_has_its_sentence() -> None:
    used = {key for source in SOURCES for key in _keys(source)}
    unused = words.SENTENCES.keys() - used
    assert used <= words.SENTENCES.keys()
    assert unused <= {
        "valid",
        "not_valid",
        "not_known",
        "demonstration",
        "remember",
        "remember_account",
        "remember_rpc",
        "certificate_now",
        "certificate_then",
        "subject",
        "owner_now",
        "validity_now",
        "uri_now",
    }


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _keys(source: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            place = {"Broken": 0, "Found": 0, "Finding": 2}.get(node.func.id)
            if place is not None and len(node.args) > place:
                found |= {one.value for one in ast.walk(node.args[place]) if isinstance(one, ast.Constant)} - {"0x"}
    return {key for key in found if isinstance(key, str) and not key.startswith("_")}


def _block(*links: tuple[str, bytes], kind: int = 2, data: bytes = b"") -> tuple[bytes, bytes]:
    """A dag-pb block with its identifier."""

    def field(key: int, content: bytes) -> bytes:
        assert len(content) < 128
        return bytes((key, len(content))) + content

    named = [field(0x12, field(0x0A, cid) + field(0x12, name.encode()) + b"\x18\x00") for name, cid in links]
    block = b"".join(named) + field(0x0A, bytes((8, kind)) + (field(0x12, data) if data else b""))
    return bytes((1, 0x70, 0x12, 0x20)) + sha256(block).digest(), block


def _archive(root: bytes, blocks: list[tuple[bytes, bytes]]) -> Archive:
    body = b"\xa2\x65roots\x81\xd8\x2a\x58\x25\x00" + root + b"\x67version\x01"
    parts = [bytes((len(body),)) + body]
    for cid, block in blocks:
        length = len(cid) + len(block)
        parts.append(bytes((length & 127 | 128, length >> 7)) + cid + block)
    return Archive(b"".join(parts), root)


@pytest.mark.parametrize("content", [b"x", b""])
def test_blocks_that_name_one_another_again_and_again_end_soon(content: bytes) -> None:
    """Forty levels, each with the one below it twice: a file of 2^40 pieces in three kilobytes."""
    blocks = [_block(data=content)]
    for _ in range(40):
        blocks.append(_block(("", blocks[-1][0]), ("", blocks[-1][0])))
    blocks.append(_block(("a.json", blocks[-1][0]), kind=1))
    archive = _archive(blocks[-1][0], list(reversed(blocks)))
    with pytest.raises(Broken, match="too_large"):
        archive.file("a.json", 1000)


def test_a_directory_with_a_name_twice_is_none() -> None:
    first, second = _block(data=b"1"), _block(data=b"2")
    root = _block(("a.json", first[0]), ("a.json", second[0]), kind=1)
    with pytest.raises(Broken, match="name_twice"):
        _archive(root[0], [root, first, second]).file("a.json", 1000)
