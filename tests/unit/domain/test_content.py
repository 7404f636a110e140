from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipnft_desktop.domain.content import Cid, Codec

EMPTY_FILE = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"
EMPTY_DIRECTORY = "bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354"
HELLO_WORLD = "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e"

cids = st.builds(Cid, st.sampled_from(Codec), st.binary(min_size=32, max_size=32))


@pytest.mark.parametrize(
    ("codec", "block", "text"),
    [
        (Codec.RAW, b"", EMPTY_FILE),
        (Codec.RAW, b"hello world", HELLO_WORLD),
        (Codec.DAG_PB, b"\x0a\x02\x08\x01", EMPTY_DIRECTORY),
    ],
)
def test_a_block_has_the_identifier_every_implementation_gives_it(codec: Codec, block: bytes, text: str) -> None:
    cid = Cid.of_block(codec, block)
    assert cid.text == str(cid) == text
    assert Cid.parse(text) == cid


@given(cids)
def test_text_and_bytes_lead_back_to_the_same_identifier(cid: Cid) -> None:
    assert Cid.parse(cid.text) == cid
    assert Cid.from_bytes(cid.bytes) == cid
    assert len(cid.bytes) == 36
    assert len(cid.text) == 59


@given(cids, st.integers(0, 58), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_another_text_is_another_identifier_or_none(cid: Cid, position: int, character: str) -> None:
    text = cid.text[:position] + character + cid.text[position + 1 :]
    try:
        parsed = Cid.parse(text)
    except ValueError:
        assert text != cid.text
    else:
        assert (parsed == cid) == (text == cid.text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "b",
        "QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn",
        HELLO_WORLD.upper(),
        "B" + HELLO_WORLD[1:].upper(),
        "z" + HELLO_WORLD[1:],
        HELLO_WORLD[:-1],
        HELLO_WORLD + "a",
        HELLO_WORLD[:-1] + "f",
        HELLO_WORLD[:-1] + "=",
        HELLO_WORLD[:-1] + "1",
        HELLO_WORLD[:-1] + "中",
        f"ipfs://{HELLO_WORLD}",
        f" {HELLO_WORLD}",
    ],
)
def test_only_the_canonical_text_is_read(text: str) -> None:
    with pytest.raises(ValueError, match="CID"):
        Cid.parse(text)


@pytest.mark.parametrize("head", ["00551220", "01711220", "01551320", "0155121f", "02551220"])
def test_other_versions_codecs_and_hash_functions_are_refused(head: str) -> None:
    with pytest.raises(ValueError, match=r"CID|Codec"):
        Cid.from_bytes(bytes.fromhex(head) + bytes(32))


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_digest_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Cid(Codec.RAW, bytes(size))


def test_a_codec_given_as_number_becomes_the_codec_or_is_refused() -> None:
    assert Cid(0x70, bytes(32)).codec is Codec.DAG_PB  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="Codec"):
        Cid(0x71, bytes(32))  # type: ignore[arg-type]


def test_an_identifier_cannot_be_changed_and_can_be_a_key() -> None:
    cid = Cid.parse(HELLO_WORLD)
    with pytest.raises(dataclasses.FrozenInstanceError):
        cid.digest = bytes(32)  # type: ignore[misc]
    assert {cid: 1}[Cid.parse(HELLO_WORLD)] == 1
