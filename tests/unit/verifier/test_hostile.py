"""Bundles made to hurt, and bundles whose certificate is in force no more: none is taken for what it is not."""

from __future__ import annotations

import hashlib
import io
import json
import random
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from ipnft_verify.__main__ import DEMONSTRATION, HOLDS, HOLDS_NOT, NOT_IN_FORCE, main
from ipnft_verify.broken import Broken
from ipnft_verify.canonical import loaded, parsed
from ipnft_verify.checks import Checks
from ipnft_verify.container import Container
from ipnft_verify.keccak import keccak256
from ipnft_verify.manifest import HEADER, MANIFEST, RECEIPT_PROOF, SIGNATURE, STATE_PROOF, TRANSACTION_PROOF, Manifest
from ipnft_verify.proof_text import is_proof_text, proof_text
from ipnft_verify.report import Part, Report, Verdict
from ipnft_verify.rlp import as_bytes, as_list, decode, encode
from ipnft_verify.verify import verify
from ipnft_verify.words import conclusion, standing, subject, told
from tests.support.evidence_forging import FORGER, forged, quick_hashes, signed_anew
from tests.support.evidence_world import entries_of, packed

BUNDLE = (Path(__file__).parents[2] / "support" / "evidence" / "format-1.evidence.zip").read_bytes()
ENTRIES = entries_of(BUNDLE)
STATED = parsed(ENTRIES[MANIFEST])


class _StoppedError(Exception):
    """The person who waited closed the window."""


def judged(bundle: bytes, signer: str | None = FORGER.address) -> Report:
    return verify(io.BytesIO(bundle), signer=signer)


def with_header(fields: list[Any]) -> bytes:
    header = encode(fields)
    mint = STATED["mint"] | {"block_hash": "0x" + keccak256(header).hex(), "sender": FORGER.address}
    return forged(BUNDLE, {HEADER: header}, mint=mint)


def with_validity(validity: str) -> bytes:
    """A bundle that holds, of a token whose validity only its register states."""
    entries = {name: data for name, data in ENTRIES.items() if name != STATE_PROOF and "history" not in name}
    state = STATED["state"] | {"is_proved": False, "validity": validity, "owner": STATED["mint"]["recipient"]}
    return signed_anew(entries, STATED | {"state": state, "history": []})


# --- a certificate that is in force no more ------------------------------------------------------------------------


def test_evidence_that_holds_is_never_called_valid(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    report = judged(BUNDLE, None)
    assert report.validity == STATED["state"]["validity"]
    assert "VALID" not in conclusion(report, "en")
    assert "有效" not in conclusion(report, "zh")
    about = subject(report, "en")
    assert about is not None
    assert STATED["asset"]["name"] in about
    assert STATED["state"]["owner"] in about
    assert standing(judged(BUNDLE), "en") is None  # signed by somebody else: nothing of it is repeated
    file = tmp_path / "changed.zip"
    file.write_bytes(BUNDLE[:-1])
    assert main([str(file)]) == HOLDS_NOT
    assert "evidence" in capsys.readouterr().out.lower()


def test_a_revoked_certificate_has_a_headline_and_an_exit_code_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The state's own proof is that of the world in `test_evidence_forgeries`; here what is told of it."""
    file = tmp_path / "bundle.zip"
    file.write_bytes(BUNDLE)
    assert main([str(file), "--language", "en"]) == HOLDS
    report = judged(BUNDLE, None)
    assert report.subject is not None
    for validity, english, chinese in (("SUSPENDED", "SUSPENDED", "暂停"), ("REVOKED", "REVOKED", "吊销")):
        gone = Report(report.findings, (), {**report.subject, "validity": validity})
        assert gone.holds
        assert english in (standing(gone, "en") or "")
        assert chinese in (standing(gone, "zh") or "")
    capsys.readouterr()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ipnft_verify.__main__.verify_file", lambda *_a, **_k: gone)
        assert main([str(file), "--json"]) == NOT_IN_FORCE
        printed = json.loads(capsys.readouterr().out)
        assert (printed["holds"], printed["certificate"]) == (True, "REVOKED")
        assert printed["certificate_is_current"] is False
        assert "valid" not in printed
    assert DEMONSTRATION not in (HOLDS, NOT_IN_FORCE)


# --- numbers and mutations -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", [8, 10, 11, 15])
@pytest.mark.parametrize("size", [33, 2500, 3400])
def test_a_header_with_a_number_beyond_all_reason_is_no_header(field: int, size: int) -> None:
    fields = list(as_list(decode(ENTRIES[HEADER])))
    fields[field] = b"\xff" * size
    for signer in (None, FORGER.address):
        report = judged(with_header(fields), signer)
        assert not report.holds
        assert report.first_broken is not None


def test_no_mutated_part_makes_the_verifier_raise() -> None:
    """Hundreds of them, each signed anew so that it is read at all; the seed is fixed."""
    chance = random.Random(20261123)
    proofs = (HEADER, TRANSACTION_PROOF, RECEIPT_PROOF, STATE_PROOF, "chain/history/0001.rlp", "content/directory.car")
    with quick_hashes():
        for number in range(400):
            name = proofs[number % len(proofs)] if number % 3 else chance.choice(sorted(ENTRIES))
            bundle = mutated(name, chance)
            for signer in (None, FORGER.address):
                report = judged(bundle, signer)
                assert report.holds or report.first_broken is not None, (number, name)


def mutated(name: str, chance: random.Random) -> bytes:
    """The bundle with other bytes in an entry."""
    content = bytearray(ENTRIES[name])
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(content))
        some = chance.randbytes(chance.randint(0, 8))
        evil = chance.choice((some, b"\xff" * 40, b"\xc0" * 9, b"\xb9\xff\xff", b"\x80", b"[" * 50))
        content[at : at + chance.randint(0, 8)] = evil
    if name in (MANIFEST, SIGNATURE) or name.startswith("PROOF"):
        return packed({**ENTRIES, name: bytes(content)})
    facts: dict[str, Any] = {}
    if name == HEADER:
        block_hash = "0x" + keccak256(bytes(content)).hex()
        facts = {"mint": STATED["mint"] | {"block_hash": block_hash, "sender": FORGER.address}}
    return forged(BUNDLE, {name: bytes(content)}, **facts)


# --- made to take long ---------------------------------------------------------------------------------------------


def test_a_manifest_of_nothing_but_brackets_costs_nothing() -> None:
    for evil in (b'{"a":[' + b"[]," * 5_500_000 + b"[]]}", b'{"a":[' + b"[]," * 340_000 + b"[]]}"):
        bundle = packed({MANIFEST: evil, SIGNATURE: b"{}"})
        tracemalloc.start()
        try:
            report = judged(bundle)
            most_bytes = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert report.first_broken is not None
        assert report.first_broken.part is Part.MANIFEST
        assert most_bytes < 16 * 2**20


def test_more_proofs_than_a_bundle_may_have_are_refused_before_any_is_read() -> None:
    parts = {f"chain/history/{number:04d}.rlp": bytes(2 * 2**20) for number in range(1, 6)}
    report = judged(packed({**ENTRIES, **parts}))
    assert report.first_broken is not None
    assert (report.first_broken.part, report.first_broken.key) == (Part.MANIFEST, "too_large")


def costly() -> bytes:
    """A bundle whose receipt has two mebibytes, which take ten seconds to hash."""
    receipt = b"\x02" + encode([b"\x01", 50_000, bytes(256), [[bytes(20), list[Any](), bytes(1_900_000)]]])
    node = encode([b"\x20\x80", receipt])
    fields = list(as_list(decode(ENTRIES[HEADER])))
    fields[5] = hashlib.sha256(node).digest()
    header = encode(fields)
    mint = STATED["mint"] | {"block_hash": "0x" + keccak256(header).hex()}
    transaction = {HEADER: header, RECEIPT_PROOF: encode([node])}
    return forged(BUNDLE, transaction, mint=mint)


def test_what_takes_long_can_be_ended_in_the_middle_of_a_hash() -> None:
    seen: list[float] = []

    def watch(share: float) -> None:
        seen.append(share)
        # The receipt is the fourth of the parts: what comes then comes from within its hash.
        if share > 0.5 and seen.count(share) > 20:
            raise _StoppedError

    began_s = time.perf_counter()
    with pytest.raises(_StoppedError):
        verify(io.BytesIO(costly()), signer=FORGER.address, on_share=watch)
    assert time.perf_counter() - began_s < 5
    assert seen == sorted(seen)


def test_progress_goes_from_the_beginning_to_the_end() -> None:
    seen: list[float] = []
    assert verify(io.BytesIO(BUNDLE), on_share=seen.append).holds
    assert seen == sorted(seen)
    assert seen[-1] == 1


def test_lists_in_lists_and_too_many_of_them_are_refused_before_they_are_built() -> None:
    for evil in (b"\xc0" * 300_000, b"\xc0" * 1_000_000):
        length = len(evil).to_bytes(4, "big").lstrip(b"\0")
        with pytest.raises(ValueError, match="lists"):
            decode(bytes([0xF7 + len(length)]) + length + evil)
    with pytest.raises(ValueError, match="twice"):
        loaded(b'{"name":"Shown to others","name":"Shown by the verifier"}')


# --- metadata ------------------------------------------------------------------------------------------------------


def test_metadata_that_says_a_name_twice_is_none() -> None:
    data = ENTRIES["metadata.json"].replace(b'"name":', b'"name":"Shown to others","name":', 1)
    report = judged(forged(BUNDLE, {"metadata.json": data}))
    assert report.first_broken is not None
    assert report.first_broken.part in (Part.DIRECTORY, Part.METADATA)


def test_a_bundle_that_only_states_is_told_so() -> None:
    report = judged(with_validity("VALID"))
    assert {one.part for one in report.findings if one.verdict is Verdict.STATED} >= {Part.CODE}


def test_bytes_of_a_list_are_not_taken_for_a_number() -> None:
    assert as_bytes(b"\1") == b"\1"
    with pytest.raises(ValueError, match="list"):
        as_bytes([])


@pytest.mark.parametrize(
    ("issued_at", "key"), [("1999-01-01T00:00:00Z", "issued_before_mint"), ("9999-12-31T23:59:59Z", "manifest_holds")]
)
def test_when_and_by_whom_it_was_issued_is_only_stated(issued_at: str, key: str) -> None:
    report = judged(forged(BUNDLE, None, issued_at=issued_at, issued_by="State Patent Office"))
    found = next(one for one in report.findings if one.part is Part.MANIFEST)
    assert found.key == key
    text = told(found, "en")
    assert "“State Patent Office”" in text
    assert ("As stated" in text) is (key == "manifest_holds")
    assert (found.verdict is Verdict.STATED) is (key != "manifest_holds")


def test_a_time_of_issue_before_the_block_of_the_state_is_told() -> None:
    state = STATED["state"] | {"is_proved": False, "block_time": "2090-01-01T00:00:00Z"}
    entries = {name: data for name, data in ENTRIES.items() if name != STATE_PROOF}
    report = judged(signed_anew(entries, STATED | {"state": state}))
    assert next(one.key for one in report.findings if one.part is Part.MANIFEST) == "issued_before_state"


def test_the_size_of_a_file_is_that_of_the_file() -> None:
    """Metadata that names another size than the file has: made with a directory of its own and judged part by part."""
    checks = Checks(Container(io.BytesIO(BUNDLE)), None)
    checks._container.digest(lambda _done: None)
    facts = checks._metadata_facts
    first = facts._ip["attachments"][0]
    first["size_bytes"] += 1
    checks.manifest.facts["attachments"] = facts.attachments
    with pytest.raises(Broken) as caught:
        checks._attachments()
    assert caught.value.key == "other_attachment"


def test_pages_in_the_words_of_before_hold_for_ever() -> None:
    """Bundles that were handed out say 撤销 where pages of now say 吊销; a page in other words is none."""
    state = STATED["state"] | {"is_proved": False, "validity": "REVOKED"}
    manifest = Manifest.of(STATED | {"state": state})
    page = proof_text(manifest, "zh")
    assert "吊销" in page.decode()
    before = page.replace("吊销".encode(), "撤销".encode())
    assert is_proof_text(page, manifest, "zh")
    assert is_proof_text(before, manifest, "zh")
    assert not is_proof_text(page.replace("吊销".encode(), "有效".encode()), manifest, "zh")
