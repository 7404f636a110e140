"""Evidence that outlives the program: one file about an asset's token, which anybody can check without us.

What it holds and what it proves is told in `docs/evidence.md`; `ipnft_verify` reads it. Nothing is handed out that was
not judged by that very verifier. The register signs it, and its audit log says so before anybody can have the file.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from ipnft_desktop.domain.assets import Asset, token_id_of
from ipnft_desktop.domain.audit import AuditEntry, AuditQuery
from ipnft_desktop.domain.chain import ChainIdentity
from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.evidence import EvidenceBundle, EvidenceOrigin, EvidenceOutcome, evidence_file_name
from ipnft_desktop.domain.minting import AssetState, MintRecord
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.services.chain_identity import IdentityCheck
from ipnft_desktop.services.chain_ports import Signer
from ipnft_desktop.services.evidence_facts import Gathered, manifest_of, small_entries
from ipnft_desktop.services.evidence_ports import BundleDraft, BundleFiles, ChainProofs
from ipnft_desktop.services.long_work import LongWork, OnShare
from ipnft_desktop.services.ports import Clock, ContentStore, Database, Transaction
from ipnft_desktop.services.session import Session
from ipnft_verify.broken import MISREAD, Broken
from ipnft_verify.manifest import DIRECTORY, SIGNATURE, Manifest
from ipnft_verify.metadata_facts import MetadataFacts
from ipnft_verify.report import SIGNER_NOT_SENDER, Report
from ipnft_verify.signing import Statement, signature_file
from ipnft_verify.verify import verify_file

_AUDIT_ROWS_A_STEP = 500
_SIGNED = "evidence.signed"
_GATHERED_SHARE = 0.4
"""Of the progress; the rest is writing the file and judging it."""


@dataclass(frozen=True, slots=True)
class _Subject:
    asset: Asset
    record: MintRecord
    identity: ChainIdentity


class EvidenceService:
    """Makes bundles and judges them."""

    def __init__(
        self,
        database: Database,
        content: ContentStore,
        proofs: ChainProofs,
        files: BundleFiles,
        signer: Signer,
        identity: IdentityCheck,
        clock: Clock,
        session: Session,
        program: str,
    ) -> None:
        """`program` is what the bundles say they were issued by."""
        self._database = database
        self._content = content
        self._proofs = proofs
        self._files = files
        self._signer = signer
        self._identity = identity
        self._clock = clock
        self._session = session
        self._program = program

    async def export(self, asset_id: UUID, target: Path, on_share: OnShare | None = None) -> EvidenceBundle:
        """Write the evidence of one minted asset to a file, which appears whole or not at all, and under another name
        where `target` is there already; `on_share` hears how much is done, 0 to 1. Cancelling leaves no file.

        Raises UserError SIGN_IN_REQUIRED, PERMISSION_DENIED, ASSET_NOT_FOUND, MINT_INVALID_STATE, KEYSTORE_LOCKED or
        VALIDATION_FAILED (field "target"); EnvironmentFault NODE_UNREACHABLE, CHAIN_MISMATCH, CHAIN_RESET,
        EVIDENCE_NOT_PROVED, CONTENT_STORE_UNAVAILABLE, CONTENT_MISMATCH or DISK_FULL.
        """
        self._session.require(Permission.ISSUE_EVIDENCE)
        subject = await self._subject(asset_id)
        work = LongWork(on_share)
        draft = await work.run(lambda: self._files.begin(target))
        try:
            return await self._export(subject, draft, work)
        finally:
            await asyncio.to_thread(draft.close)

    async def export_many(
        self, asset_ids: Collection[UUID], folder: Path, on_outcome: Callable[[EvidenceOutcome], None] | None = None
    ) -> tuple[EvidenceOutcome, ...]:
        """The same for several assets, one file each in a folder; what fails keeps none of the others from it, and
        `on_outcome` hears each as it ends. Cancelling keeps the files that are finished.

        Raises UserError SIGN_IN_REQUIRED or PERMISSION_DENIED.
        """
        self._session.require(Permission.ISSUE_EVIDENCE)
        outcomes: list[EvidenceOutcome] = []
        rows = {row.asset_id: row for row in await self._database.read(lambda tx: tx.asset_rows(tuple(asset_ids)))}
        for asset_id in asset_ids:
            name = rows[asset_id].name if asset_id in rows else ""
            try:
                bundle = await self.export(asset_id, folder / evidence_file_name(name, asset_id))
                outcome = EvidenceOutcome(asset_id, bundle)
            except IpnftError as error:
                outcome = EvidenceOutcome(asset_id, error=error)
            outcomes.append(outcome)
            if on_outcome is not None:
                on_outcome(outcome)
        return tuple(outcomes)

    async def verify(
        self, file: Path, *, rpc_url: str | None = None, signer: str | None = None, on_share: OnShare | None = None
    ) -> Report:
        """Judge a bundle of any register, and with `rpc_url` ask that node's chain too; the report says what does not
        hold. `on_share` hears how much is done, 0 to 1; cancelling ends it at once, for a bundle may be made to take
        long. Needs nobody's leave. Raises UserError EVIDENCE_UNREADABLE where the file cannot be read."""
        work = LongWork(on_share)
        try:
            return await work.run(lambda: verify_file(file, rpc_url=rpc_url, signer=signer, on_share=work.report))
        except OSError as error:
            raise UserError(
                ErrorCode.EVIDENCE_UNREADABLE,
                phrase("{name} cannot be read: {reason}", name=file.name, reason=error.strerror or error),
            ) from error

    async def origin(self, report: Report) -> EvidenceOrigin | None:
        """Whether contract and signer of a bundle are those of this register; None where the report names neither.
        Raises UserError SIGN_IN_REQUIRED."""
        self._session.require_reader()
        broken, subject = report.first_broken, report.subject or {}
        is_other_signer = broken is not None and broken.key == SIGNER_NOT_SENDER
        signer = broken.values["signer"] if broken is not None and is_other_signer else subject.get("signer")
        if signer is None:
            return None
        query = AuditQuery(action=_SIGNED, text=signer)
        page = await self._database.read(lambda tx: tx.audit_page(query, None, 1))
        has_signed = any(entry.line.facts.get("signer") == signer for entry in page.entries)
        bound = await self._database.read(lambda tx: tx.chain_identity())
        contract = None
        if bound is not None and subject:
            ours = (str(bound.chain_id), bound.contract_address, bound.instance_id)
            contract = ours == (subject["chain_id"], subject["contract"], subject["instance_id"])
        return EvidenceOrigin(signer, contract, has_signed or signer == self._signer.address)

    # --- making one -----------------------------------------------------------------------------------------------

    async def _subject(self, asset_id: UUID) -> _Subject:
        asset = await self._database.read(lambda tx: tx.asset(asset_id))
        if asset is None:
            raise UserError(ErrorCode.ASSET_NOT_FOUND, str(asset_id))
        record = asset.mint
        if asset.state is not AssetState.MINTED or record is None or record.mined is None:
            raise UserError(ErrorCode.MINT_INVALID_STATE, phrase("this asset has no token"))
        identity = await self._identity.require_same()
        if (record.chain_id, record.contract_address) != (identity.chain_id, identity.contract_address):
            raise EnvironmentFault(ErrorCode.CHAIN_MISMATCH, phrase("the token is on another chain"))
        return _Subject(asset, record, identity)

    async def _export(self, subject: _Subject, draft: BundleDraft, work: LongWork) -> EvidenceBundle:
        gathered = await self._gather(subject, draft, work)
        try:
            manifest = await work.run(lambda: self._write_entries(gathered, draft, work))
        except Broken as broken:
            raise _not_proved(broken.key) from broken
        except MISREAD as error:
            raise _not_proved(str(error)) from error
        signature = await self._sign(subject.asset.asset_id, manifest)
        signer = self._signer.address
        await work.run(lambda: draft.write(SIGNATURE, signature_file(manifest, signer, signature)))

        def report(share: float) -> None:
            work.report(_GATHERED_SHARE + (1 - _GATHERED_SHARE) * share)

        file, size_bytes, sha256 = await work.run(
            lambda: draft.finish(manifest.names, lambda file: _judge(file, signer, report), report)
        )
        return EvidenceBundle(
            subject.asset.asset_id,
            file,
            size_bytes,
            sha256,
            signer,
            is_signer_sender=manifest["mint"]["sender"] == signer,
            is_state_proved=manifest["state"]["is_proved"],
        )

    async def _gather(self, subject: _Subject, draft: BundleDraft, work: LongWork) -> Gathered:
        """Everything that goes in, from chain, content store and audit log."""
        asset, record, identity = subject.asset, subject.record, subject.identity
        assert record.tx_hash is not None
        assert record.directory_cid is not None
        assert record.metadata_cid is not None
        contract, token_id = identity.contract_address, token_id_of(asset.asset_id)
        (mint,) = await self._proofs.mined([record.tx_hash])
        token = await self._proofs.token_now(contract, token_id)
        happened = await self._proofs.events(contract, token_id, mint.block_number, token.block_number)
        history = await self._proofs.mined(happened)
        code = await self._proofs.code(contract)
        work.report(_GATHERED_SHARE / 4)
        metadata = await self._content.read(Cid.parse(record.metadata_cid))
        await self._content.export_car([Cid.parse(record.directory_cid)], draft.path(DIRECTORY))
        for file in MetadataFacts(metadata).attachments:
            await self._content.read_to_file(Cid.parse(file["cid"]), draft.path(file["entry"]))
        work.report(_GATHERED_SHARE / 2)
        rows = await self._audit_rows(str(asset.asset_id))
        return Gathered(
            asset.asset_id,
            record,
            identity,
            mint,
            history,
            token,
            code,
            metadata,
            rows,
            self._clock.now(),
            self._program,
        )

    async def _audit_rows(self, subject: str) -> tuple[AuditEntry, ...]:
        """The rows of an asset, oldest first."""

        def work(tx: Transaction) -> list[AuditEntry]:
            found: list[AuditEntry] = []
            before: int | None = None
            while True:
                page = tx.audit_page(AuditQuery(subject=subject), before, _AUDIT_ROWS_A_STEP)
                found += page.entries
                if page.is_last:
                    return found
                before = page.entries[-1].audit_id

        return tuple(reversed(await self._database.read(work)))

    def _write_entries(self, gathered: Gathered, draft: BundleDraft, work: LongWork) -> Manifest:
        """Write every small entry and the manifest that names them all; runs aside from the event loop."""

        def digest(name: str) -> tuple[int, str]:
            work.report(_GATHERED_SHARE * 0.75)
            return draft.digest(name)

        entries = small_entries(gathered)
        for name, data in entries.items():
            draft.write(name, data)
        manifest, pages = manifest_of(gathered, digest)
        for name, data in pages.items():
            draft.write(name, data)
        return manifest

    async def _sign(self, asset_id: UUID, manifest: Manifest) -> bytes:
        """Sign, once the log says that it is done. Raises UserError KEYSTORE_LOCKED."""
        statement = Statement.about(manifest)
        signature = await asyncio.to_thread(self._signer.sign_evidence, statement)
        facts = {"manifest_sha256": statement.manifest_sha256, "signer": self._signer.address}
        actor, now = self._session.actor, self._clock.now()
        await self._database.write(lambda tx: tx.append_audit(actor, _SIGNED, str(asset_id), facts, now))
        return signature


def _judge(file: Path, signer: str, report: Callable[[float], None]) -> None:
    """Raise EVIDENCE_NOT_PROVED unless the verifier finds the file valid."""
    found = verify_file(file, signer=signer, on_share=lambda share: report(0.5 + 0.45 * share))
    if not found.holds:
        broken = found.first_broken
        raise _not_proved(f"{broken.part}: {broken.key}" if broken else "not every part was judged")


def _not_proved(why: str) -> EnvironmentFault:
    return EnvironmentFault(ErrorCode.EVIDENCE_NOT_PROVED, phrase("the finished bundle would not hold: {why}", why=why))
