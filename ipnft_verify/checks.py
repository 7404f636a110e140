"""One check a part, in the order of `Part`; each says what it found, or raises Broken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ipnft_verify import chain_proof
from ipnft_verify.audit_rows import check_rows
from ipnft_verify.broken import MISREAD, Broken
from ipnft_verify.canonical import parsed
from ipnft_verify.chain_proof import Header, Mined, Receipt, Transaction, moment
from ipnft_verify.container import Container
from ipnft_verify.content_proof import Archive, cid_text, directory_cid, file_cid, token_uri
from ipnft_verify.history import check_history
from ipnft_verify.keccak import keccak256
from ipnft_verify.manifest import (
    AUDIT,
    CODE,
    DIRECTORY,
    HEADER,
    LICENCE,
    MANIFEST,
    METADATA,
    PROOFS,
    PROOFS_BYTES,
    RECEIPT_PROOF,
    SIGNATURE,
    STATE_PROOF,
    TRANSACTION_PROOF,
    Manifest,
    is_proof,
    most_bytes_of,
)
from ipnft_verify.metadata_facts import MetadataFacts
from ipnft_verify.proof_text import is_proof_text
from ipnft_verify.published_accounts import PUBLISHED_ACCOUNTS
from ipnft_verify.report import Part, Verdict
from ipnft_verify.signing import SIGNATURE_BYTES, Statement, recovered, signature_file
from ipnft_verify.state_proof import TokenState, token_state

_MOST_ISSUER_CHARS = 80


@dataclass(frozen=True, slots=True)
class Found:
    """What a check says of its part."""

    key: str
    values: dict[str, object] = field(default_factory=dict[str, object])
    verdict: Verdict = Verdict.HOLDS


class Checks:
    """The checks over one bundle. What several of them need is read once, and raises wherever it is asked for."""

    def __init__(self, container: Container, signer: str | None) -> None:
        """`signer` is the account that must have signed; None for the sender of the mint."""
        self._container = container
        self._expected_signer = signer

    def in_order(self) -> list[tuple[Part, Callable[[], Found]]]:
        """Every part but the container, which is open by now."""
        return [
            (Part.MANIFEST, self._manifest),
            (Part.SIGNATURE, self._signature),
            (Part.BLOCK, self._block),
            (Part.TRANSACTION, self._transaction),
            (Part.RECEIPT, self._receipt),
            (Part.EVENT, self._event),
            (Part.CODE, self._code),
            (Part.DIRECTORY, self._directory),
            (Part.METADATA, self._metadata),
            (Part.ATTACHMENTS, self._attachments),
            (Part.LICENCE, self._licence),
            (Part.FACTS, self._facts),
            (Part.STATE, self._state),
            (Part.AUDIT, self._audit),
            (Part.PROOF, self._proof),
        ]

    @cached_property
    def manifest(self) -> Manifest:
        """Everything that is stated."""
        if self._container.is_damaged(MANIFEST):
            raise Broken("changed", name=MANIFEST)
        return Manifest.read(self._container.read(MANIFEST, most_bytes_of(MANIFEST)))

    @cached_property
    def mint(self) -> Mined:
        """The mint as the chain has it."""
        return Mined(self._header, self._mint_transaction, *self._mint_receipt)

    @property
    def signer(self) -> str:
        """Who signed, of a bundle whose signature was found to hold."""
        return parsed(self._container.read(SIGNATURE, most_bytes_of(SIGNATURE)))["signer"]

    # --- parts --------------------------------------------------------------------------------------------------

    def _manifest(self) -> Found:
        names = list(self._container.entries)
        if MANIFEST not in names:
            raise Broken("no_manifest")
        proofs_bytes = sum(entry.size_bytes for name, entry in self._container.entries.items() if is_proof(name))
        if proofs_bytes > PROOFS_BYTES:
            raise Broken("too_large", name="chain/")
        manifest = self.manifest
        stated = {file["name"]: file["size_bytes"] for file in manifest["files"]}
        sizes = {name: self._container.entries[name].size_bytes for name in names[2:]}
        if not names == manifest.names == manifest.expected_names() or stated != sizes:
            raise Broken("other_files")
        token, asset = manifest["token"], manifest["asset"]
        if int(token["id"], 16) != int(asset["id"].replace("-", ""), 16):
            raise Broken("other_token")
        return self._issued({"files": len(names)})

    def _issued(self, values: dict[str, object]) -> Found:
        """When and by what it was issued is only what whoever signed says; that it cannot be so is told."""
        manifest = self.manifest
        issued_at: str = manifest["issued_at"]
        values |= {"issued_at": issued_at, "issued_by": manifest["issued_by"][:_MOST_ISSUER_CHARS]}
        if issued_at < manifest["mint"]["block_time"]:
            return Found("issued_before_mint", values, Verdict.STATED)
        if issued_at < manifest["state"]["block_time"]:
            return Found("issued_before_state", values, Verdict.STATED)
        return Found("manifest_holds", values)

    def _signature(self) -> Found:
        manifest = self.manifest
        if self._container.is_damaged(SIGNATURE):
            raise Broken("changed", name=SIGNATURE)
        content = self._container.read(SIGNATURE, most_bytes_of(SIGNATURE))
        told = parsed(content)
        signature = bytes.fromhex(told["signature"][2:])
        if len(signature) != SIGNATURE_BYTES or signature_file(manifest, told["signer"], signature) != content:
            raise Broken("signature_of_other")
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:64], "big")
        signer = recovered(Statement.about(manifest).digest(), r, s, signature[64] - 27)
        if signer != told["signer"]:
            raise Broken("signature_wrong", signer=told["signer"])
        self._require_signer(signer)
        if signer in PUBLISHED_ACCOUNTS:
            return Found("signed_by_published", {"signer": signer}, Verdict.UNTIED)
        sender = self._sender()
        if signer != sender:
            return Found("signed_by_named", {"signer": signer, "sender": sender})
        return Found("signed_by_sender", {"signer": signer})

    def _block(self) -> Found:
        header = self._header
        if "0x" + header.block_hash.hex() != self.manifest["mint"]["block_hash"]:
            raise Broken("block_hash")
        return Found("block_holds", {"number": header.number, "hash": "0x" + header.block_hash.hex()})

    def _transaction(self) -> Found:
        found, told = self._mint_transaction, self.manifest["mint"]
        if "0x" + found.tx_hash.hex() != told["transaction_hash"]:
            raise Broken("transaction_other")
        if found.to != self._contract:
            raise Broken("transaction_elsewhere")
        if found.chain_id != self.manifest["chain"]["chain_id"]:
            raise Broken("transaction_of_other_chain", found=found.chain_id, stated=self.manifest["chain"]["chain_id"])
        return Found("transaction_holds", {"hash": told["transaction_hash"], "sender": found.sender})

    def _receipt(self) -> Found:
        receipt, gas_used = self._mint_receipt
        if not receipt.succeeded:
            raise Broken("transaction_failed")
        return Found("receipt_holds", {"gas_used": gas_used})

    def _event(self) -> Found:
        told, token = self.manifest["mint"], self.manifest["token"]
        asset_id = self._asset_id
        log = self.mint.receipt.logs[int(told["log_index"])]
        topics = [
            chain_proof.TRANSFER,
            bytes(32),
            bytes(12) + bytes.fromhex(told["recipient"][2:]),
            bytes(16) + asset_id,
        ]
        if log.address != self._contract or list(log.topics) != topics or log.data:
            raise Broken("no_mint_event")
        call = chain_proof.mint_in(self.mint.transaction.data, asset_id)
        if call.recipient != told["recipient"]:
            raise Broken("other_recipient")
        if cid_text(directory_cid(call.directory_digest)) != token["directory_cid"]:
            raise Broken("other_directory")
        return Found("event_holds", {"recipient": told["recipient"], "token": token["id"]})

    def _code(self) -> Found:
        chain = self.manifest["chain"]
        code = self._entry(CODE)
        if "0x" + keccak256(code).hex() != chain["code_hash"]:
            raise Broken("code_hash")
        if b"\x7f" + bytes.fromhex(chain["instance_id"][2:]) not in code:  # PUSH32, as the compiler puts an immutable
            raise Broken("instance_id")
        if not self.manifest["state"]["is_proved"]:
            return Found("code_stated", {"hash": chain["code_hash"]}, Verdict.STATED)
        if self._token_state.code_hash != keccak256(code):
            raise Broken("code_elsewhere")
        return Found("code_holds", {"hash": chain["code_hash"], "number": self.manifest["state"]["block_number"]})

    def _directory(self) -> Found:
        found = self._metadata_file
        if cid_text(found[0]) != self.manifest["token"]["metadata_cid"]:
            raise Broken("other_metadata_cid")
        uri = token_uri(self._directory_digest, self.manifest["asset"]["id"])
        if uri != self.manifest["token"]["uri"]:
            raise Broken("other_uri", uri=uri)
        return Found("directory_holds", {"uri": uri})

    def _metadata(self) -> Found:
        _, content = self._metadata_file
        if content != self._entry(METADATA):
            raise Broken("other_metadata")
        return Found("metadata_holds", {"cid": self.manifest["token"]["metadata_cid"]})

    def _attachments(self) -> Found:
        named, withheld = self._metadata_facts.attachments, self._metadata_facts.withheld
        if self.manifest["attachments"] != named or self.manifest["withheld"] != withheld:
            raise Broken("other_attachments")
        for file in named:
            entry = file["entry"]
            self._require_unchanged(entry)
            size_bytes = self._container.entries[entry].size_bytes
            if size_bytes != file["size_bytes"] or self._container.sha256(entry) != file["sha256"]:
                raise Broken("other_attachment", name=file["file_name"])
            if cid_text(file_cid(self._container.pieces(entry))) != file["cid"]:
                raise Broken("other_attachment_cid", name=file["file_name"])
        return Found("attachments_hold", {"count": len(named), "withheld": len(withheld)})

    def _licence(self) -> Found:
        facts = self._metadata_facts
        if self._entry(LICENCE) != facts.licence_file() or self.manifest["licence"] != facts.licence:
            raise Broken("other_licence")
        return Found("licence_holds")

    def _facts(self) -> Found:
        mint, told = self.mint, self.manifest["mint"]
        proved: dict[str, Any] = {
            "block_number": mint.header.number,
            "block_time": moment(mint.header.timestamp_s),
            "sender": mint.transaction.sender,
            "gas_used": mint.gas_used,
            "gas_price_wei": str(mint.transaction.price_wei(mint.header.base_fee_wei)),
        }
        for name, value in proved.items():
            if told[name] != value:
                raise Broken("other_fact", name=name, stated=told[name], proved=value)
        for name, value in self._metadata_facts.asset.items():
            if self.manifest["asset"][name] != value:
                raise Broken("other_fact", name=name, stated=self.manifest["asset"][name], proved=value)
        return Found("facts_hold", {"time": told["block_time"], "gas_used": told["gas_used"]})

    def _state(self) -> Found:
        manifest, state = self.manifest, self.manifest["state"]
        if state["block_number"] < manifest["mint"]["block_number"]:
            raise Broken("other_state_block")
        digest_now = check_history(manifest, self._entry, self._directory_digest)
        values = {name: state[name] for name in ("owner", "validity", "block_number", "block_hash")}
        values["events"] = len(manifest["history"])
        if not state["is_proved"]:
            return Found("state_stated", values, Verdict.STATED)
        found = self._token_state
        header = found.header
        at = ("0x" + header.block_hash.hex(), header.number, moment(header.timestamp_s))
        if at != (state["block_hash"], state["block_number"], state["block_time"]):
            raise Broken("other_state_block")
        if (found.owner, found.validity) != (state["owner"], state["validity"]):
            raise Broken("other_state", owner=found.owner, validity=found.validity)
        if found.directory_key != int.from_bytes(digest_now, "big") % 2**80:
            raise Broken("other_directory_now")
        # Whoever invents a header invents its state: until a chain was asked, the block is only what is stated.
        return Found("state_proved", values, Verdict.STATED)

    def _audit(self) -> Found:
        manifest = self.manifest
        rows = check_rows(self._entry(AUDIT), manifest["asset"]["id"], manifest["mint"]["transaction_hash"])
        if rows != manifest["audit_rows"]:
            raise Broken("audit_order")
        return Found("audit_stated", {"rows": rows}, Verdict.STATED)

    def _proof(self) -> Found:
        for language, name in PROOFS.items():
            if not is_proof_text(self._entry(name), self.manifest, language):
                raise Broken("other_proof", name=name)
        return Found("proof_holds")

    # --- what several need ----------------------------------------------------------------------------------------

    @cached_property
    def _header(self) -> Header:
        return Header.read(self._entry(HEADER))

    @cached_property
    def _mint_transaction(self) -> Transaction:
        index = self.manifest["mint"]["transaction_index"]
        return chain_proof.transaction_in(self._header, index, self._entry(TRANSACTION_PROOF))

    @cached_property
    def _mint_receipt(self) -> tuple[Receipt, int]:
        index = self.manifest["mint"]["transaction_index"]
        return chain_proof.receipt_in(self._header, index, self._entry(RECEIPT_PROOF))

    @cached_property
    def _token_state(self) -> TokenState:
        token_id = int(self.manifest["token"]["id"], 16)
        return token_state(self._entry(STATE_PROOF), self._contract, token_id)

    @cached_property
    def _archive(self) -> Archive:
        return Archive(self._entry(DIRECTORY), directory_cid(self._directory_digest))

    @cached_property
    def _metadata_file(self) -> tuple[bytes, bytes]:
        return self._archive.file(self._file_name, self._container.entries[METADATA].size_bytes)

    @cached_property
    def _metadata_facts(self) -> MetadataFacts:
        return MetadataFacts(self._entry(METADATA))

    @property
    def _directory_digest(self) -> bytes:
        return chain_proof.mint_in(self.mint.transaction.data, self._asset_id).directory_digest

    @property
    def _asset_id(self) -> bytes:
        return bytes.fromhex(self.manifest["token"]["id"][2:])

    @property
    def _contract(self) -> bytes:
        return bytes.fromhex(self.manifest["chain"]["contract"][2:])

    @property
    def _file_name(self) -> str:
        return f"{self.manifest['asset']['id']}.json"

    def _require_signer(self, signer: str) -> None:
        """Raise Broken unless it is the one that was named, or without a name the sender of the mint."""
        named = self._expected_signer
        if named is not None and signer.lower() != named.lower():
            raise Broken("signer_not_named", signer=signer, named=named)
        sender = self._sender()
        if named is None and signer != sender:
            raise Broken("signer_not_sender", signer=signer, sender=sender)

    def _sender(self) -> str:
        """Who sent the mint. Where its proof is broken, which its own part tells: who is said to have sent it."""
        try:
            return self._mint_transaction.sender
        except (Broken, *MISREAD):
            return self.manifest["mint"]["sender"]

    def _entry(self, name: str) -> bytes:
        """An entry's bytes, which are those that the manifest names. Raises Broken."""
        self._require_unchanged(name)
        return self._container.read(name, most_bytes_of(name))

    def _require_unchanged(self, name: str) -> None:
        stated = next(file["sha256"] for file in self.manifest["files"] if file["name"] == name)
        if self._container.sha256(name) != stated or self._container.is_damaged(name):
            raise Broken("changed", name=name)
