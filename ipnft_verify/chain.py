"""Asks a node whether the chain still says what a bundle proves, and what changed since. Reads only."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any, cast

from ipnft_verify.broken import MISREAD, Broken
from ipnft_verify.canonical import loaded
from ipnft_verify.content_proof import token_uri
from ipnft_verify.keccak import keccak256
from ipnft_verify.manifest import VALIDITIES, Manifest
from ipnft_verify.pace import step
from ipnft_verify.report import Finding, Part, Verdict
from ipnft_verify.signing import checksummed

TIMEOUT_S = 15.0
MAX_ANSWER_BYTES = 4 * 2**20
_PIECE_BYTES = 65_536
_UNREACHABLE = (urllib.error.URLError, http.client.HTTPException, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class ChainAnswer:
    """The verdict of the chain, and what it has that is newer."""

    findings: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()


class _NoAnswer(Exception):
    """The node did not answer, or with an error."""


def ask_chain(rpc_url: str, manifest: Manifest) -> ChainAnswer:
    """Ask the node at this address. Never raises: a node that does not answer is a verdict, too."""
    try:
        notes = _compare(_Node(rpc_url), manifest)
    except Broken as broken:
        return ChainAnswer((Finding(Part.CHAIN, Verdict.BROKEN, broken.key, broken.values),))
    except (_NoAnswer, *MISREAD) as error:
        reason = str(error) if isinstance(error, _NoAnswer) else "an answer that cannot be read"
        return ChainAnswer((Finding(Part.CHAIN, Verdict.UNANSWERED, "chain_silent", {"reason": reason}),))
    number = str(manifest["mint"]["block_number"])
    return ChainAnswer((Finding(Part.CHAIN, Verdict.HOLDS, "chain_agrees", {"number": number}),), tuple(notes))


def _compare(node: _Node, manifest: Manifest) -> list[Finding]:
    chain, mint, state = manifest["chain"], manifest["mint"], manifest["state"]
    chain_id = int(node.ask("eth_chainId"), 16)
    if chain_id != chain["chain_id"]:
        raise Broken("other_chain_id", found=chain_id, stated=chain["chain_id"])
    for event in (mint, *manifest["history"]):
        if not _is_in_chain(node, event):
            raise Broken("other_block", number=event["block_number"])
    code = node.ask("eth_getCode", chain["contract"], "latest")
    if "0x" + keccak256(bytes.fromhex(code[2:])).hex() != chain["code_hash"]:
        raise Broken("other_code" if code != "0x" else "no_code")
    if "0x" + node.call(chain["contract"], "instanceId()").hex() != chain["instance_id"]:
        raise Broken("other_instance")
    is_in_chain = _is_in_chain(node, state)
    _require_state(node, manifest, is_in_chain=is_in_chain)
    # It was the newest block, which a reorganisation may have taken back without touching the token.
    gone = Finding(Part.CHAIN, Verdict.HOLDS, "state_block_gone", {"number": str(state["block_number"])})
    notes = [] if is_in_chain else [gone]
    return notes + _changes(node, manifest)


def _is_in_chain(node: _Node, told: Mapping[str, Any]) -> bool:
    block = node.ask("eth_getBlockByNumber", hex(told["block_number"]), False)
    return block is not None and block["hash"] == told["block_hash"]


def _require_state(node: _Node, manifest: Manifest, *, is_in_chain: bool) -> None:
    """The stated token, as the chain had it at that height, whoever stated the block. Raises Broken where it is another
    thing, _NoAnswer where the node has forgotten that block's state or does not have it yet."""
    state = manifest["state"]
    try:
        found = _standing(node, manifest, hex(state["block_number"]))
    except _NoAnswer:
        if is_in_chain and state["is_proved"]:
            return  # the hash of that block is the hash of the very state that the bundle proves
        raise
    if found[:2] != (state["owner"], state["validity"]):
        raise Broken("other_state_then", number=state["block_number"], owner=found[0], validity=found[1])
    if found[2] != _uri_then(manifest):
        raise Broken("other_uri_then", number=state["block_number"], uri=found[2])


def _standing(node: _Node, manifest: Manifest, block: str) -> tuple[str, str, str]:
    """Owner, validity and token URI at a block."""
    contract, token_id = manifest["chain"]["contract"], int(manifest["token"]["id"], 16)
    owner = checksummed(node.call(contract, "ownerOf(uint256)", token_id, block=block)[12:32])
    validity = VALIDITIES[int.from_bytes(node.call(contract, "validityOf(uint256)", token_id, block=block), "big")]
    answer = node.call(contract, "tokenURI(uint256)", token_id, block=block)
    return owner, validity, answer[64 : 64 + int.from_bytes(answer[32:64], "big")].decode()


def _uri_then(manifest: Manifest) -> str:
    """The token URI after the last event of the history."""
    amended = [event["value"] for event in manifest["history"] if event["kind"] == "DIRECTORY"]
    if not amended:
        return manifest["token"]["uri"]
    return token_uri(bytes.fromhex(amended[-1][2:]), manifest["asset"]["id"])


def _changes(node: _Node, manifest: Manifest) -> list[Finding]:
    """What is another thing now than it was at the block that the bundle states, with which the chain agrees."""
    then = {**manifest["state"], "uri": _uri_then(manifest)}
    now = dict(zip(("owner", "validity", "uri"), _standing(node, manifest, "latest"), strict=True))
    return [
        Finding(Part.CHAIN, Verdict.HOLDS, f"{name}_now", {"then": then[name], "now": value})
        for name, value in now.items()
        if value != then[name]
    ]


def _whole(response: IO[bytes]) -> bytes:
    """All that a server says, as long as it is quick about it: one that says a byte a second could talk for ever."""
    end_s = time.monotonic() + TIMEOUT_S
    content = bytearray()
    while piece := cast("http.client.HTTPResponse", response).read1(_PIECE_BYTES):
        step()
        content += piece
        if len(content) > MAX_ANSWER_BYTES or time.monotonic() > end_s:
            raise OSError("no end of it")
    return bytes(content)


class _Node:
    """A node behind JSON-RPC over HTTP."""

    def __init__(self, url: str) -> None:
        if not url.startswith(("http://", "https://")):
            raise _NoAnswer("the address must begin with http:// or https://")
        self._url = url

    def ask(self, method: str, *params: Any) -> Any:
        """The result of one request. Raises _NoAnswer; its text never has the address, which may hold a password."""
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        step()
        try:
            request = urllib.request.Request(self._url, body, {"Content-Type": "application/json"})  # noqa: S310
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:  # noqa: S310 - http(s), see above
                answer = loaded(_whole(response))
        except _UNREACHABLE as error:
            raise _NoAnswer(type(error).__name__) from None
        if not isinstance(answer, dict) or "result" not in answer:
            raise _NoAnswer(f"{method} was refused")
        return cast("dict[str, Any]", answer)["result"]

    def call(self, contract: str, function: str, *numbers: int, block: str = "latest") -> bytes:
        """What a function of the contract answers at a block."""
        data = keccak256(function.encode())[:4] + b"".join(number.to_bytes(32, "big") for number in numbers)
        answer = self.ask("eth_call", {"to": contract, "data": "0x" + data.hex()}, block)
        return bytes.fromhex(answer[2:])
