"""What somebody who signs whatever they like cannot make a chain say."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread
from typing import Any

import pytest
from eth_hash.auto import keccak

from ipnft_verify import chain
from ipnft_verify.canonical import parsed
from ipnft_verify.checks import moment
from ipnft_verify.keccak import keccak256
from ipnft_verify.manifest import MANIFEST, STATE_PROOF
from ipnft_verify.report import Part, Report, Verdict
from ipnft_verify.rlp import as_bytes, as_list, decode, encode
from ipnft_verify.words import remembered, told
from tests.support.evidence_forging import FORGER, judged, quick_hashes, signed_anew
from tests.support.evidence_world import EvidenceWorld, entries_of, evidence_world, pass_on
from tests.support.node_oracle import ask


@dataclass(frozen=True)
class Revoked:
    """A bundle from before its token was revoked, and the block of the chain that is newest since."""

    world: EvidenceWorld
    newest: int

    @property
    def entries(self) -> dict[str, bytes]:
        return entries_of(self.world.bundle)

    @property
    def stated(self) -> dict[str, Any]:
        return parsed(self.entries[MANIFEST])

    def asked(self, bundle: bytes) -> Report:
        """Judged as whoever trusts the forger would, with the chain asked."""
        return judged(bundle, signer=FORGER.address, rpc_url=self.world.rpc_url)

    def unproved(self, *, drop: str = STATE_PROOF, history: list[Any] | None = None, **state: object) -> bytes:
        """Without the proof of the state, which is only stated then."""
        entries = {name: data for name, data in self.entries.items() if not name.startswith((STATE_PROOF, drop))}
        told = self.stated | ({} if history is None else {"history": history})
        return signed_anew(entries, told | {"state": told["state"] | {"is_proved": False} | state})


@pytest.fixture(scope="module")
def revoked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Revoked]:
    with quick_hashes(), evidence_world(tmp_path_factory.mktemp("evidence")) as world:
        set_validity(world, 2)
        for _ in range(3):
            ask(world.rpc_url, "evm_mine")
        yield Revoked(world, int(ask(world.rpc_url, "eth_blockNumber"), 16))


def set_validity(world: EvidenceWorld, validity: int) -> None:
    token = f"{world.asset_id.int:064x}"
    reason = hashlib.sha256(b"why").hexdigest()
    data = "0x" + keccak(b"setValidity(uint256,uint8,bytes32)")[:4].hex() + token + f"{validity:064x}" + reason
    ask(world.rpc_url, "eth_sendTransaction", {"from": world.signer, "to": world.contract, "data": data})


def end(report: Report) -> tuple[Part, str] | None:
    return None if report.first_broken is None else (report.first_broken.part, report.first_broken.key)


def finding(report: Report, part: Part) -> Any:
    return next(one for one in report.findings if one.part is part)


def test_an_invented_block_behind_the_revocation_does_not_hide_it(revoked: Revoked) -> None:
    true_hash = ask(revoked.world.rpc_url, "eth_getBlockByNumber", hex(revoked.newest), False)["hash"]
    for block_hash in ("0x" + "ab" * 32, true_hash):
        report = revoked.asked(revoked.unproved(block_number=revoked.newest, block_hash=block_hash))
        assert end(report) == (Part.CHAIN, "other_state_then")
        assert not report.holds


def test_an_invented_header_above_a_real_proof_of_the_state_does_not_hide_it(revoked: Revoked) -> None:
    head, of_account, of_token = as_list(decode(revoked.entries[STATE_PROOF]))
    fields = as_list(decode(as_bytes(head)))
    fields[8] = bytes([revoked.newest])
    header = encode(fields)
    state = {
        "block_number": revoked.newest,
        "block_hash": "0x" + keccak256(header).hex(),
        "block_time": moment(int.from_bytes(as_bytes(fields[11]), "big")),
    }
    bundle = signed_anew(
        {**revoked.entries, STATE_PROOF: encode([header, of_account, of_token])},
        revoked.stated | {"state": revoked.stated["state"] | state},
    )
    assert end(revoked.asked(bundle)) == (Part.CHAIN, "other_state_then")
    offline = judged(bundle, signer=FORGER.address)
    assert finding(offline, Part.STATE).verdict is Verdict.STATED
    assert state["block_hash"] in told(finding(offline, Part.STATE), "en")


def test_a_history_that_was_left_out_is_found_under_an_invented_hash(revoked: Revoked) -> None:
    first = {"owner": revoked.stated["mint"]["recipient"], "validity": "VALID", "block_hash": "0x" + "cd" * 32}
    bundle = revoked.unproved(drop="chain/history", history=[], **first)
    assert end(revoked.asked(bundle)) == (Part.CHAIN, "other_state_then")


def test_a_block_that_the_chain_does_not_have_yet_is_not_known(revoked: Revoked) -> None:
    report = revoked.asked(revoked.unproved(block_number=revoked.newest + 1000, block_hash="0x" + "ab" * 32))
    assert report.is_unanswered
    assert not report.holds
    assert finding(report, Part.STATE).verdict is Verdict.STATED


def test_what_the_chain_agrees_with_is_a_fact_and_only_then(revoked: Revoked) -> None:
    offline = judged(revoked.world.bundle)
    assert finding(offline, Part.STATE).verdict is Verdict.STATED
    asked = judged(revoked.world.bundle, rpc_url=revoked.world.rpc_url)
    assert asked.holds
    assert finding(asked, Part.STATE).verdict is Verdict.HOLDS
    assert [(note.key, note.values["now"]) for note in asked.notes] == [("validity_now", "REVOKED")]
    state = revoked.stated["state"]
    for language in ("en", "zh"):
        text = remembered(offline, language)
        assert str(state["block_number"]) in text
        assert state["block_hash"] in text


def test_what_was_so_before_is_not_said_to_have_changed_since(revoked: Revoked) -> None:
    """The stated block was taken back, and what the chain has in its place agrees: nothing changed since then but what
    happened behind it."""
    report = revoked.asked(revoked.unproved(block_hash="0x" + "ab" * 32))
    assert report.holds
    assert {note.key for note in report.notes} == {"state_block_gone", "validity_now"}


def test_a_node_that_has_forgotten_the_block_answers_nothing(revoked: Revoked, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a block that stands in the chain the proof is enough; of any other the node must remember."""
    call = chain._Node.call

    def forgetful(node: Any, contract: str, function: str, *numbers: int, block: str = "latest") -> bytes:
        if block != "latest":
            raise chain._NoAnswer("missing trie node")
        return call(node, contract, function, *numbers, block=block)

    monkeypatch.setattr(chain._Node, "call", forgetful)
    assert revoked.asked(revoked.unproved()).is_unanswered
    assert judged(revoked.world.bundle, rpc_url=revoked.world.rpc_url).holds


def test_a_transfer_since_is_told(revoked: Revoked) -> None:
    set_validity(revoked.world, 0)
    world, owner = revoked.world, revoked.stated["state"]["owner"]
    asyncio.run(pass_on(world.rpc_url, world.asset_id, world.contract, owner, revoked.stated["mint"]["recipient"]))
    report = judged(world.bundle, rpc_url=world.rpc_url)
    assert report.holds
    assert [note.key for note in report.notes] == ["owner_now"]


def test_a_server_that_never_comes_to_an_end_is_left(revoked: Revoked, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte comes in time, and the answer never does."""
    monkeypatch.setattr(chain, "TIMEOUT_S", 0.3)

    class Endless(StreamRequestHandler):
        def handle(self) -> None:
            self.request.recv(65_536)
            with suppress(OSError):
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
                while not left.wait(0.01):
                    self.wfile.write(b" ")

    left = Event()
    with ThreadingTCPServer(("127.0.0.1", 0), Endless) as server:
        serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        try:
            report = judged(revoked.world.bundle, rpc_url=f"http://127.0.0.1:{server.server_address[1]}")
        finally:
            left.set()
            server.shutdown()
            serving.join()
    assert report.is_unanswered
    assert not report.holds
