"""What happened to a token after its mint: each event proved in its own block, all of them ending in the present."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ipnft_verify import chain_proof
from ipnft_verify.broken import Broken
from ipnft_verify.chain_proof import Log, mined_in, moment
from ipnft_verify.manifest import VALIDITIES, Manifest, history_entry
from ipnft_verify.rlp import as_bytes, as_list, decode, encode
from ipnft_verify.signing import checksummed


def check_history(manifest: Manifest, entry: Callable[[str], bytes], minted_digest: bytes) -> bytes:
    """Prove every event; returns the digest of the metadata directory after the last of them.

    Raises Broken where one is not in its block, or where they do not lead from the mint to the stated owner and
    validity.
    """
    mint, state = manifest["mint"], manifest["state"]
    owner, validity, digest = mint["recipient"], VALIDITIES[0], minted_digest
    place = _place(mint)
    for number, event in enumerate(manifest["history"]):
        if _place(event) <= place or event["block_number"] > state["block_number"]:
            raise Broken("history_order", number=number + 1)
        place = _place(event)
        _prove(manifest, event, entry(history_entry(number)), number + 1)
        if event["kind"] == "TRANSFER":
            if event["detail"] != owner:
                raise Broken("history_order", number=number + 1)
            owner = event["value"]
        elif event["kind"] == "VALIDITY":
            validity = event["value"]
        else:
            if event["detail"] != "0x" + digest.hex():
                raise Broken("history_order", number=number + 1)
            digest = bytes.fromhex(event["value"][2:])
    if (owner, validity) != (state["owner"], state["validity"]):
        raise Broken("history_end", owner=owner, validity=validity)
    return digest


def event_of(log: Log, token_id: bytes) -> dict[str, str] | None:
    """Kind, value and detail of an event of this token; None for every other log."""
    first, rest = log.topics[0] if log.topics else b"", log.topics[1:]
    if first == chain_proof.TRANSFER and len(rest) == 3 and rest[2] == token_id:
        return {"kind": "TRANSFER", "value": checksummed(rest[1][12:]), "detail": checksummed(rest[0][12:])}
    if first == chain_proof.VALIDITY_CHANGED and len(rest) == 2 and rest[0] == token_id and len(log.data) == 32:
        validity = VALIDITIES[int.from_bytes(rest[1], "big")]
        return {"kind": "VALIDITY", "value": validity, "detail": "0x" + log.data.hex()}
    if first == chain_proof.DIRECTORY_AMENDED and rest == (token_id,) and len(log.data) == 64:
        return {"kind": "DIRECTORY", "value": "0x" + log.data[32:].hex(), "detail": "0x" + log.data[:32].hex()}
    return None


def history_file(header: bytes, transaction_proof: bytes, receipt_proof: bytes) -> bytes:
    """The proof of an event as a file."""
    return encode([header, transaction_proof, receipt_proof])


def _prove(manifest: Manifest, event: dict[str, Any], proof: bytes, number: int) -> None:
    header, of_transaction, of_receipt = map(as_bytes, as_list(decode(proof)))
    mined = mined_in(header, event["transaction_index"], of_transaction, of_receipt)
    told = (event["block_hash"], event["block_number"], event["block_time"], event["transaction_hash"])
    proved = (
        "0x" + mined.header.block_hash.hex(),
        mined.header.number,
        moment(mined.header.timestamp_s),
        "0x" + mined.transaction.tx_hash.hex(),
    )
    log = mined.receipt.logs[int(event["log_index"])]
    token_id = int(manifest["token"]["id"], 16).to_bytes(32, "big")
    found = event_of(log, token_id)
    chain = manifest["chain"]
    is_ours = log.address == bytes.fromhex(chain["contract"][2:])
    is_ours = is_ours and mined.transaction.chain_id in (chain["chain_id"], None)
    stated = {name: event[name] for name in ("kind", "value", "detail")}
    if told != proved or not is_ours or found != stated or not mined.receipt.succeeded:
        raise Broken("history_event", number=number)


def _place(event: dict[str, Any]) -> tuple[int, int, int]:
    return event["block_number"], event["transaction_index"], event["log_index"]
