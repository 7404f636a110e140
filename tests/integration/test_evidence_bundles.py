"""Evidence of a real node's token: it holds, and whatever is changed in it does not."""

from __future__ import annotations

import asyncio
import hashlib
import json
import zipfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from socketserver import StreamRequestHandler, TCPServer
from threading import Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ipnft_verify.canonical import canonical, parsed
from ipnft_verify.container import Container, Entry, directory_of, local_head
from ipnft_verify.manifest import MANIFEST, PROOFS, SIGNATURE, Manifest
from ipnft_verify.report import Part, Verdict
from ipnft_verify.signing import Statement, signature_file
from tests.support.chain_fixtures import OTHER_RECIPIENT, RECIPIENT, node_in_thread
from tests.support.evidence_forging import FORGER, forged, judged, quick_hashes, signed_anew
from tests.support.evidence_world import (
    CONFIDENTIAL_NAME,
    EvidenceWorld,
    entries_of,
    evidence_world,
    packed,
    pass_on,
    regions,
)

SAMPLED = 2_000
CENTRAL_HEAD_BYTES = 46
"""In front of a name in the list of a zip archive (APPNOTE 6.3.9, section 4.3.12)."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EvidenceWorld]:
    with evidence_world(tmp_path_factory.mktemp("evidence")) as built:
        yield built


@pytest.fixture(scope="module", autouse=True)
def _same_hash_once() -> Iterator[None]:
    with quick_hashes():
        yield


@contextmanager
def answering(answer: bytes) -> Generator[str]:
    """The address of a server that says this to whatever it is asked."""

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            self.request.recv(65_536)
            self.wfile.write(answer)

    with TCPServer(("127.0.0.1", 0), Handler) as server:
        serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            serving.join()


def broken_part(bundle: bytes, **told: str) -> Part | None:
    report = judged(bundle, **told)
    assert not report.is_valid
    assert report.first_broken is not None
    return report.first_broken.part


# --- it holds ----------------------------------------------------------------------------------------------------


def test_every_part_holds_and_its_past_is_proved(world: EvidenceWorld) -> None:
    report = judged(world.bundle)
    assert report.holds
    assert [finding.part for finding in report.findings] == [part for part in Part if part is not Part.CHAIN]
    assert {one.part for one in report.findings if one.verdict is Verdict.STATED} == {Part.STATE, Part.AUDIT}
    # The node's first account signs, whose key everybody has: that is said, and is no proof.
    assert {one.part for one in report.findings if one.verdict is Verdict.UNTIED} == {Part.SIGNATURE}
    assert report.is_demonstration
    assert not report.is_valid
    assert not judged(world.bundle, signer=world.signer).is_valid
    manifest = parsed(entries_of(world.bundle)[MANIFEST])
    assert [event["kind"] for event in manifest["history"]] == ["VALIDITY", "VALIDITY", "TRANSFER"]
    assert manifest["state"]["owner"] == OTHER_RECIPIENT
    assert manifest["mint"]["recipient"] == RECIPIENT
    assert manifest["mint"]["sender"] == world.signer


def test_a_confidential_file_is_there_by_its_hash_only(world: EvidenceWorld) -> None:
    entries = entries_of(world.bundle)
    manifest = parsed(entries[MANIFEST])
    assert [file["file_name"] for file in manifest["attachments"]] == ["specification v1.PDF", "licence agreement.txt"]
    assert [file["entry"] for file in manifest["attachments"]] == ["attachments/001.PDF", "attachments/002.txt"]
    assert len(manifest["withheld"]) == 1
    assert b"never told" not in world.bundle
    assert CONFIDENTIAL_NAME.encode() not in world.bundle


def test_the_pages_say_what_happened_and_no_name_becomes_markup(world: EvidenceWorld) -> None:
    entries = entries_of(world.bundle)
    page = entries["PROOF.en.md"].decode()
    passed_at = parsed(entries[MANIFEST])["history"][2]["block_time"]
    assert "| Name | Radio \\*No. 0\\* \\| 电台 |" in page
    assert f"3. {passed_at}: passed to {OTHER_RECIPIENT}" in page
    assert "暂停" in entries["PROOF.zh.md"].decode()


def test_the_chain_agrees_and_tells_what_changed_since(world: EvidenceWorld) -> None:
    report = judged(world.bundle, rpc_url=world.rpc_url)
    assert report.holds
    assert not report.notes
    asyncio.run(pass_on(world.rpc_url, world.asset_id, world.contract, OTHER_RECIPIENT, RECIPIENT))
    later = judged(world.bundle, rpc_url=world.rpc_url)
    assert later.holds
    assert [(note.key, note.values["now"]) for note in later.notes] == [("owner_now", RECIPIENT)]


def test_another_chain_says_so_and_a_silent_one_proves_nothing(world: EvidenceWorld, tmp_path: Path) -> None:
    with node_in_thread(tmp_path / "other") as other:
        report = judged(world.bundle, rpc_url=other.rpc_url)
    assert report.first_broken is not None
    assert (report.first_broken.part, report.first_broken.key) == (Part.CHAIN, "other_block")
    silent = judged(world.bundle, rpc_url=other.rpc_url)
    assert silent.is_unanswered
    assert not silent.holds


def test_what_the_register_only_states_is_asked_of_the_chain_as_it_was_then(world: EvidenceWorld) -> None:
    """Without the proof of the state a forger may leave the history out; the chain has not forgotten."""
    entries = entries_of(world.bundle)
    stated = parsed(entries[MANIFEST])
    kept = {name: data for name, data in entries.items() if not name.startswith(("chain/history", "chain/state"))}
    first = {"owner": stated["mint"]["recipient"], "validity": "VALID", "is_proved": False}
    bundle = signed_anew(kept, stated | {"history": [], "state": stated["state"] | first})
    assert judged(bundle, signer=FORGER.address).is_valid  # it is the word of whom the person trusts
    asked = judged(bundle, signer=FORGER.address, rpc_url=world.rpc_url)
    assert asked.first_broken is not None
    assert (asked.first_broken.part, asked.first_broken.key) == (Part.CHAIN, "other_state_then")


@pytest.mark.parametrize(
    "answer", [b"", b"no answer of a server\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"]
)
def test_a_server_that_speaks_something_else_proves_nothing(world: EvidenceWorld, answer: bytes) -> None:
    with answering(answer) as url:
        report = judged(world.bundle, rpc_url=url)
    assert report.is_unanswered
    assert not report.holds


# --- whatever is changed does not --------------------------------------------------------------------------------


def test_every_flipped_byte_is_caught_and_the_part_is_named(world: EvidenceWorld) -> None:
    part_at = regions(world.bundle)
    size = len(world.bundle)
    structure = {place for place in range(size) if part_at(place) is Part.CONTAINER}
    sampled = {place * size // SAMPLED for place in range(SAMPLED)}
    wrong = [place for place in sorted(structure | sampled) if not _is_caught(world.bundle, place, part_at(place))]
    assert not wrong
    assert len(structure) > 1000


def _is_caught(bundle: bytes, place: int, part: Part) -> bool:
    flipped = bytearray(bundle)
    flipped[place] ^= 1 << place % 8
    report = judged(bytes(flipped))
    return not report.holds and report.first_broken is not None and report.first_broken.part is part


def test_a_bundle_that_is_cut_off_or_longer_is_none(world: EvidenceWorld) -> None:
    size = len(world.bundle)
    for length in [*range(60), *range(0, size, size // 200), *range(size - 60, size)]:
        assert broken_part(world.bundle[:length]) is Part.CONTAINER
    for more in (b"\0", b"PK\5\6", bytes(22), world.bundle):
        assert broken_part(world.bundle + more) is Part.CONTAINER
        assert broken_part(more + world.bundle) is Part.CONTAINER


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_mutation_is_valid_or_a_crash(world: EvidenceWorld, data: st.DataObject) -> None:
    bundle = bytearray(world.bundle)
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(0, len(bundle) - 1))
        end = start + data.draw(st.integers(0, 40))
        bundle[start:end] = data.draw(st.binary(max_size=60))
    if bytes(bundle) != world.bundle:
        assert not judged(bytes(bundle)).holds


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_mutation_of_an_entry_is_valid_though_all_is_signed_anew(world: EvidenceWorld, data: st.DataObject) -> None:
    """A forger who signs what they changed comes past the hashes: here nothing of what is read can be relied on."""
    entries = entries_of(world.bundle)
    own = (MANIFEST, SIGNATURE, *PROOFS.values())
    name = data.draw(st.sampled_from([name for name in entries if name not in own]))
    content = bytearray(entries[name])
    start = data.draw(st.integers(0, max(0, len(content) - 1)))
    content[start : start + data.draw(st.integers(0, 20))] = data.draw(st.binary(min_size=1, max_size=20))
    if bytes(content) == entries[name]:
        return
    bundle = forged(world.bundle, {name: bytes(content)})
    assert not judged(bundle).holds
    # Only the extract of the audit log is nothing but the word of whoever signed.
    if name != "audit.json":
        assert not judged(bundle, signer=FORGER.address).is_valid


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_other_fact_holds_though_all_is_signed_anew(world: EvidenceWorld, data: st.DataObject) -> None:
    stated = parsed(entries_of(world.bundle)[MANIFEST])
    group = data.draw(st.sampled_from(["asset", "chain", "token", "mint", "state", "licence"]))
    name = data.draw(st.sampled_from(sorted(stated[group])))
    value = stated[group][name]
    other = data.draw(_another(value))
    if other == value:
        return
    try:
        bundle = forged(world.bundle, None, **{group: stated[group] | {name: other}})
    except ValueError:
        return  # such a manifest cannot even be written
    assert not judged(bundle, signer=FORGER.address).is_valid


def _another(value: object) -> st.SearchStrategy[object]:
    if isinstance(value, bool):
        return st.just(not value)
    if isinstance(value, int):
        return st.integers(0, 2**40)
    assert isinstance(value, str)
    digits = [place for place, char in enumerate(value) if char in "0123456789abcdef"]
    swapped = st.sampled_from(digits or [0]).flatmap(
        lambda place: st.sampled_from("0123456789abcdef").map(lambda digit: value[:place] + digit + value[place + 1 :])
    )
    return swapped | st.sampled_from(["", "VALID", "SUSPENDED", "REVOKED", RECIPIENT, value + " "])


def test_a_forger_is_not_the_sender_of_the_mint(world: EvidenceWorld) -> None:
    bundle = forged(world.bundle)
    report = judged(bundle)
    assert report.first_broken is not None
    assert (report.first_broken.part, report.first_broken.key) == (Part.SIGNATURE, "signer_not_sender")
    assert judged(bundle, signer=FORGER.address).is_valid  # nothing is changed in it: the person said whom to trust
    stated = parsed(entries_of(world.bundle)[MANIFEST])
    claimed = forged(world.bundle, None, mint=stated["mint"] | {"sender": FORGER.address})
    assert broken_part(claimed) is Part.SIGNATURE
    assert broken_part(world.bundle, signer=FORGER.address) is Part.SIGNATURE


def test_a_check_sum_that_was_changed_wherever_it_stands_is_caught(world: EvidenceWorld) -> None:
    made = bytearray(world.bundle)
    entry = Container(BytesIO(world.bundle)).entries["metadata.json"]
    listed = world.bundle.rindex(b"metadata.json") - CENTRAL_HEAD_BYTES
    for place in (entry.offset + 14, listed + 16):
        made[place] ^= 1
    assert broken_part(bytes(made)) is Part.METADATA


@pytest.mark.parametrize(
    "facts",
    [
        {"issued_at": "2026-99-99T99:99:99Z"},
        {"issued_at": "２０２６-11-23T02:07:46Z"},
        {"chain": {"chain_id": 1}},
        {"state": {"block_number": 0}},
    ],
)
def test_facts_that_cannot_be_do_not_hold_whoever_signs(world: EvidenceWorld, facts: dict[str, Any]) -> None:
    stated = parsed(entries_of(world.bundle)[MANIFEST])
    changed = {name: stated[name] | value if isinstance(value, dict) else value for name, value in facts.items()}
    try:
        bundle = forged(world.bundle, None, **changed)
    except ValueError:
        return  # such a manifest is none
    assert not judged(bundle, signer=FORGER.address).holds


def test_a_page_that_says_something_else_is_caught(world: EvidenceWorld) -> None:
    entries = entries_of(world.bundle)
    page = entries["PROOF.zh.md"].replace(OTHER_RECIPIENT.encode(), RECIPIENT.encode())
    stated = parsed(entries[MANIFEST])
    for file in stated["files"]:
        if file["name"] == "PROOF.zh.md":
            file["sha256"] = hashlib.sha256(page).hexdigest()
    manifest = Manifest.of(stated)
    signature = FORGER.sign_digest(Statement.about(manifest).digest())
    signature = signature[:64] + bytes([27 + signature[64]])
    made = entries | {MANIFEST: manifest.data, "PROOF.zh.md": page}
    bundle = packed(made | {SIGNATURE: signature_file(manifest, FORGER.address, signature)})
    assert broken_part(bundle, signer=FORGER.address) is Part.PROOF


def test_events_may_not_be_left_out_or_told_in_another_order(world: EvidenceWorld) -> None:
    entries = entries_of(world.bundle)
    stated = parsed(entries[MANIFEST])
    without_last = {name: data for name, data in entries.items() if name != "chain/history/0003.rlp"}
    bundle = signed_anew(without_last, stated | {"history": stated["history"][:-1]})
    assert broken_part(bundle, signer=FORGER.address) is Part.STATE
    first, second = (entries[f"chain/history/000{number}.rlp"] for number in (1, 2))
    swapped = entries | {"chain/history/0001.rlp": second, "chain/history/0002.rlp": first}
    history = stated["history"]
    bundle = signed_anew(swapped, stated | {"history": [history[1], history[0], history[2]]})
    assert broken_part(bundle, signer=FORGER.address) is Part.STATE


def test_a_signature_in_its_second_form_is_refused(world: EvidenceWorld) -> None:
    entries = entries_of(world.bundle)
    told = json.loads(entries[SIGNATURE])
    raw = bytes.fromhex(told["signature"][2:])
    order = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141
    other = raw[:32] + (order - int.from_bytes(raw[32:64], "big")).to_bytes(32, "big") + bytes([55 - raw[64]])
    told["signature"] = "0x" + other.hex()
    assert broken_part(packed(entries | {SIGNATURE: canonical(told)})) is Part.SIGNATURE


# --- archives made to hurt ---------------------------------------------------------------------------------------


def test_an_archive_made_to_hurt_is_none(world: EvidenceWorld, tmp_path: Path) -> None:
    entries = entries_of(world.bundle)
    for compression, names in ((zipfile.ZIP_DEFLATED, entries), (zipfile.ZIP_STORED, {**entries, "../up.txt": b"x"})):
        file = tmp_path / "other.zip"
        with zipfile.ZipFile(file, "w", compression) as archive:
            for name, data in names.items():
                archive.writestr(name, data)
        assert broken_part(file.read_bytes()) is Part.CONTAINER
    for name in ("../up.txt", "/etc/passwd", "a//b", "a/../b", "a\\b", "C:x", ".hidden", "manifest.json/"):
        assert broken_part(packed({name: b"x"})) is Part.CONTAINER
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, bytes(50_000_000))
    assert broken_part(bomb.read_bytes()) is Part.CONTAINER
    assert broken_part(packed({})) is Part.MANIFEST
    assert broken_part(packed({**entries, "more.txt": b""})) is Part.MANIFEST
    assert broken_part(packed(dict(reversed(entries.items())))) is Part.MANIFEST
    for deep in (b"[" * 200_000, b'{"":' * 200_000, b'"' + b'\\"' * 500_000, b'"\\' * 500_000):
        assert broken_part(packed({**entries, MANIFEST: deep})) is Part.MANIFEST
        assert not judged(forged(world.bundle, {"metadata.json": deep})).is_valid
        assert broken_part(forged(world.bundle, {"metadata.json": deep}), signer=FORGER.address) is Part.METADATA
    assert broken_part(packed({**entries, MANIFEST: b'{"a":1,"a":1}'})) is Part.MANIFEST


def test_overlapping_entries_are_none(world: EvidenceWorld) -> None:
    data = b"once"
    head = local_head("a", len(data), 0)
    listed = directory_of([Entry("a", len(data), 0, 0), Entry("a", len(data), 0, 0)])
    assert broken_part(head + data + listed) is Part.CONTAINER
