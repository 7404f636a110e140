"""From what was gathered about a token to the facts and files of its evidence. Blocks: not for the event loop."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from ipnft_desktop.domain.assets import token_id_of
from ipnft_desktop.domain.audit import AuditEntry
from ipnft_desktop.domain.chain import ChainIdentity
from ipnft_desktop.domain.minting import MintRecord
from ipnft_desktop.services.evidence_ports import MinedProof, TokenNow
from ipnft_verify.audit_rows import TOLD, audit_file, row_sha256
from ipnft_verify.chain_proof import Mined, Receipt, mined_in, moment
from ipnft_verify.history import event_of, history_file
from ipnft_verify.manifest import (
    AUDIT,
    CODE,
    FORMAT,
    HEADER,
    LICENCE,
    MANIFEST,
    METADATA,
    PROOFS,
    RECEIPT_PROOF,
    STATE_PROOF,
    TRANSACTION_PROOF,
    Manifest,
    history_entry,
)
from ipnft_verify.metadata_facts import MetadataFacts
from ipnft_verify.proof_text import proof_text


@dataclass(frozen=True, slots=True)
class Gathered:
    """What chain, content store and register said about one token."""

    asset_id: UUID
    record: MintRecord
    identity: ChainIdentity
    mint: MinedProof
    happened: tuple[MinedProof, ...]
    """Transactions that did something to the token, the mint among them."""
    token: TokenNow
    code: bytes
    metadata: bytes
    audit: tuple[AuditEntry, ...]
    issued_at: datetime
    program: str


def small_entries(gathered: Gathered) -> dict[str, bytes]:
    """Every entry that fits into memory, but for the manifest, the signature and the pages for people."""
    entries = {
        METADATA: gathered.metadata,
        LICENCE: MetadataFacts(gathered.metadata).licence_file(),
        HEADER: gathered.mint.header,
        TRANSACTION_PROOF: gathered.mint.transaction_proof,
        RECEIPT_PROOF: gathered.mint.receipt_proof,
        CODE: gathered.code,
        AUDIT: audit_file(str(gathered.asset_id), [_row(entry) for entry in gathered.audit]),
    }
    if gathered.token.proof is not None:
        entries[STATE_PROOF] = gathered.token.proof
    for number, (proof, _) in enumerate(_events(gathered)):
        entries[history_entry(number)] = history_file(proof.header, proof.transaction_proof, proof.receipt_proof)
    return entries


def manifest_of(gathered: Gathered, digest: Callable[[str], tuple[int, str]]) -> tuple[Manifest, Mapping[str, bytes]]:
    """The manifest, and the entries that are made of it: itself, and the pages for people. `digest` tells size and
    SHA-256 of an entry. Raises ValueError where the facts are not such as a bundle can state."""
    facts = _facts(gathered)
    # The pages tell nothing of the list of files, so they can be made before it.
    bare = Manifest.of({**facts, "files": []})
    pages = {name: proof_text(bare, language) for language, name in PROOFS.items()}
    names = [name for name in bare.expected_names() if name not in (MANIFEST, *PROOFS.values())][1:]
    files = [_file(name, *_digest(data)) for name, data in pages.items()]
    files += [_file(name, *digest(name)) for name in names]
    manifest = Manifest.of({**facts, "files": files})
    return manifest, {**pages, MANIFEST: manifest.data}


def _facts(gathered: Gathered) -> dict[str, Any]:
    told, record, identity = MetadataFacts(gathered.metadata), gathered.record, gathered.identity
    token, mint = gathered.token, gathered.mint
    state = {
        "block_number": token.block_number,
        "block_hash": token.block_hash,
        "block_time": moment(token.timestamp_s),
        "owner": token.owner,
        "validity": token.validity,
        "is_proved": token.proof is not None,
    }
    return {
        "format": FORMAT,
        "issued_at": gathered.issued_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "issued_by": gathered.program,
        "asset": told.asset,
        "chain": {
            "chain_id": identity.chain_id,
            "contract": identity.contract_address,
            "instance_id": identity.instance_id,
            "code_hash": identity.code_hash,
        },
        "token": {
            "id": f"0x{token_id_of(gathered.asset_id):032x}",
            "uri": record.token_uri,
            "directory_cid": record.directory_cid,
            "metadata_cid": record.metadata_cid,
        },
        "mint": _mint(gathered, _read(mint)),
        "state": state,
        "history": [event for _, event in _events(gathered)],
        "licence": told.licence,
        "withheld": told.withheld,
        "attachments": told.attachments,
        "audit_rows": len(gathered.audit),
    }


def _mint(gathered: Gathered, mined: Mined) -> dict[str, Any]:
    return {
        **_place(gathered.mint),
        "log_index": _mint_log(gathered, mined.receipt),
        "sender": mined.transaction.sender,
        "recipient": gathered.record.recipient,
        "gas_used": mined.gas_used,
        "gas_price_wei": str(mined.transaction.price_wei(mined.header.base_fee_wei)),
    }


def _events(gathered: Gathered) -> list[tuple[MinedProof, dict[str, Any]]]:
    """What happened to the token after its mint, each with the proof of its transaction."""
    token_id = token_id_of(gathered.asset_id).to_bytes(32, "big")
    contract = bytes.fromhex(gathered.identity.contract_address[2:])
    found: list[tuple[MinedProof, dict[str, Any]]] = []
    for proof in gathered.happened:
        receipt = _read(proof).receipt
        first = _mint_log(gathered, receipt) + 1 if proof.tx_hash == gathered.mint.tx_hash else 0
        for index, log in enumerate(receipt.logs[first:], first):
            event = event_of(log, token_id) if log.address == contract else None
            if event is not None:
                found.append((proof, {**event, **_place(proof), "log_index": index}))
    return found


def _mint_log(gathered: Gathered, receipt: Receipt) -> int:
    """Place of the event that made the token. Raises ValueError where there is none."""
    token_id = token_id_of(gathered.asset_id).to_bytes(32, "big")
    for index, log in enumerate(receipt.logs):
        event = event_of(log, token_id)
        if event is not None and event["kind"] == "TRANSFER" and not any(log.topics[1]):
            return index
    raise ValueError("no event made the token in its transaction")


def _read(proof: MinedProof) -> Mined:
    return mined_in(proof.header, proof.transaction_index, proof.transaction_proof, proof.receipt_proof)


def _place(proof: MinedProof) -> dict[str, Any]:
    return {
        "transaction_hash": proof.tx_hash,
        "transaction_index": proof.transaction_index,
        "block_number": proof.block_number,
        "block_hash": proof.block_hash,
        "block_time": moment(proof.timestamp_s),
    }


def _row(entry: AuditEntry) -> dict[str, Any]:
    """A row as the extract has it: what a mint did is told, of anything else only the hash."""
    line = entry.line
    at = line.at.astimezone(UTC).isoformat(timespec="microseconds")
    changes = {name: list(values) for name, values in line.changes.items()}
    return {
        "row": entry.audit_id,
        "at": at,
        "actor": line.actor,
        "action": line.action,
        "facts": dict(line.facts) if line.action in TOLD else {},
        "sha256": row_sha256(at, line.actor, line.action, line.subject, line.facts, changes),
        "key": entry.key_id or "",
        "seal": entry.mac.hex() if entry.mac else "",
    }


def _file(name: str, size_bytes: int, sha256: str) -> dict[str, Any]:
    return {"name": name, "size_bytes": size_bytes, "sha256": sha256}


def _digest(data: bytes) -> tuple[int, str]:
    return len(data), hashlib.sha256(data).hexdigest()
