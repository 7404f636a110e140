"""Repairs of the record of a minted asset: it takes back what chain and content prove. Only the register changes, so
each of these can be taken back while the program runs and nobody changed the same since."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from uuid6 import uuid7

from ipnft_desktop.domain.asset_changes import changes_between, contents_of, differences
from ipnft_desktop.domain.assets import Asset, Attachment, check_draft, token_id_of
from ipnft_desktop.domain.audit import FieldChanges
from ipnft_desktop.domain.chain_events import ChainEvent, EventKind
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError, ValidationFailed
from ipnft_desktop.domain.events import AssetChanged
from ipnft_desktop.domain.minted_fields import NamedEnterprise, asset_as_minted, names_file
from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.domain.reconciliation import Finding, Repair
from ipnft_desktop.services.asset_files import no_longer_public
from ipnft_desktop.services.chain_ports import Chain
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.minted_metadata import MintedMetadata, StoredMetadata
from ipnft_desktop.services.ports import Clock, ContentStore, Database, Transaction
from ipnft_desktop.services.repair_parts import RepairLog, RepairPreview, RepairWish, asset_of
from ipnft_desktop.services.repairs_of_content import file_of
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.verification import stored_content
from ipnft_desktop.services.verified_facts import Stored

REPAIRS = (Repair.TAKE_URI, Repair.TAKE_FIELDS, Repair.TAKE_HASH)

Write = Callable[[Transaction, datetime], FieldChanges]
"""Changes the record, and tells from and to of what it changed."""


@dataclass(frozen=True, slots=True)
class _Correction:
    """A change of the record, and the way back."""

    preview: RepairPreview
    write: Write
    back: Write
    """Raises UserError where it was changed since."""


class RecordRepairs:
    """Implements `RepairFamily`. What stood before is kept for as long as the program runs, and stands in the audit
    log for good."""

    def __init__(
        self,
        database: Database,
        chain: Chain,
        content: ContentStore,
        metadata: MintedMetadata,
        log: RepairLog,
        events: EventHub,
        clock: Clock,
        session: Session,
    ) -> None:
        self._database = database
        self._chain = chain
        self._content = content
        self._metadata = metadata
        self._log = log
        self._events = events
        self._clock = clock
        self._session = session
        self._ways_back: dict[tuple[str, ...], Write] = {}

    async def preview(self, finding: Finding, repair: Repair) -> RepairPreview:
        """Raises EnvironmentFault CONTENT_NOT_FOUND where the minted metadata has to be restored first,
        CONTENT_MISMATCH where it does not tell what is wanted, NODE_UNREACHABLE; UserError MINT_INVALID_STATE."""
        return (await self._correction(finding, repair)).preview

    async def carry_out(self, finding: Finding, repair: Repair, wish: RepairWish) -> None:
        """Raises as `preview`, and UserError ASSET_CHANGED."""
        correction, actor, now = await self._correction(finding, repair), self._session.actor, self._clock.now()

        def work(tx: Transaction) -> AssetChanged:
            self._log.repaired(tx, actor, finding, repair, correction.write(tx, now))
            return _changed(tx, asset_of(finding))

        self._events.publish(await self._database.write(work))
        self._ways_back[finding.key] = correction.back

    async def undo(self, finding: Finding, repair: Repair) -> None:
        """Raises UserError MINT_INVALID_STATE where what stood before is not kept any more, ASSET_CHANGED or
        RECORD_CHANGED where somebody changed it since."""
        back, actor, now = self._ways_back.get(finding.key), self._session.actor, self._clock.now()
        if back is None:
            raise UserError(
                ErrorCode.MINT_INVALID_STATE, "what stood there before is not at hand any more; the audit log tells it"
            )

        def work(tx: Transaction) -> AssetChanged:
            self._log.undone(tx, actor, finding, repair, back(tx, now))
            return _changed(tx, asset_of(finding))

        self._events.publish(await self._database.write(work))
        self._ways_back.pop(finding.key, None)

    async def _correction(self, finding: Finding, repair: Repair) -> _Correction:
        match repair:
            case Repair.TAKE_URI:
                return await self._of_uri(finding)
            case Repair.TAKE_HASH:
                return await self._of_hash(finding)
            case _:
                return await self._of_fields(finding)

    # --- the metadata address -----------------------------------------------------------------------------------

    async def _of_uri(self, finding: Finding) -> _Correction:
        asset_id = asset_of(finding)
        asset = await self._asset(asset_id)
        if asset.mint is None:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "no mint of this asset is on record")
        address = await self._metadata.address(asset_id)
        stored = await self._metadata.stored(address)
        before = (asset.mint.token_uri, asset.mint.metadata_cid)
        # Metadata that is not here yet has no address of its own on record: the next comparison tells that it lacks.
        after = (address.uri, stored.cid if stored else None)

        def to(new: tuple[str | None, str | None], old: tuple[str | None, str | None]) -> Write:
            def write(tx: Transaction, _now: datetime) -> FieldChanges:
                found = tx.asset(asset_id)
                record = found.mint if found else None
                if record is None or (record.token_uri, record.metadata_cid) != old:
                    raise UserError(ErrorCode.RECORD_CHANGED, str(asset_id))
                tx.correct_metadata(asset_id, *new)
                return _differing({"token_uri": (old[0], new[0]), "metadata_cid": (old[1], new[1])})

            return write

        told = await self._amendment(asset_id, address.directory.digest if address.directory else None)
        preview = _preview(finding, before[0] or "", address.uri, told)
        return _Correction(preview, to(after, before), to(before, after))

    async def _amendment(self, asset_id: UUID, digest: bytes | None) -> Phrase:
        """The transaction that moved the token to its directory, as the index of the chain tells it."""
        head = await self._chain.head()
        events, reach = await self._database.read(
            lambda tx: (tx.events_of_token(token_id_of(asset_id)), tx.index_reach())
        )
        amended = [event for event in events if event.kind is EventKind.DIRECTORY_AMENDED]
        if amended and amended[-1].digest == digest:
            return await self._told(amended[-1])
        if reach is None or reach.next_block <= head.number:
            return phrase("The index of the chain lacks the newest blocks, so what amended it cannot be told yet.")
        return phrase("No event amended it, so the record was changed. The contract's address is the one that counts.")

    async def _told(self, event: ChainEvent) -> Phrase:
        is_ours = await self._database.read(lambda tx: tx.raw_transaction(event.tx_hash)) is not None
        if is_ours:
            return phrase(
                "Amended by transaction {tx_hash} in block {block}, which was sent from this register.",
                tx_hash=event.tx_hash,
                block=event.block.number,
            )
        mined = await self._chain.mined_data(event.tx_hash)
        return phrase(
            "Amended by transaction {tx_hash} in block {block}, in the name of the contract's owner; {signer} sent it.",
            tx_hash=event.tx_hash,
            block=event.block.number,
            signer=mined.signer if mined else "–",
        )

    # --- the hash of a file -------------------------------------------------------------------------------------

    async def _of_hash(self, finding: Finding) -> _Correction:
        asset_id = asset_of(finding)
        file = file_of(finding, await self._asset(asset_id))
        minted = await self._minted(asset_id)
        if not names_file(minted.content, file.cid):
            raise EnvironmentFault(ErrorCode.CONTENT_MISMATCH, phrase("the minted metadata names another file"))
        stored = await stored_content(self._content, file.cid, Stored.of)
        after = stored.sha256
        if after is None:
            raise EnvironmentFault(stored.fault or ErrorCode.CONTENT_NOT_FOUND, file.cid)

        def to(new: bytes, old: bytes) -> Write:
            def write(tx: Transaction, _now: datetime) -> FieldChanges:
                asset = tx.asset(asset_id)
                present = (
                    [each for each in asset.attachments if each.attachment_id == file.attachment_id] if asset else []
                )
                if not present or (present[0].sha256, present[0].cid) != (old, file.cid):
                    raise UserError(ErrorCode.RECORD_CHANGED, file.file_name)
                tx.correct_file_hash(file.attachment_id, new)
                return {f"attachments.{file.attachment_id}": (f"sha256 {old.hex()}", f"sha256 {new.hex()}")}

            return write

        told = phrase("The minted metadata names this file; its hash is taken from its bytes.")
        preview = _preview(finding, file.sha256.hex(), after.hex(), told)
        return _Correction(preview, to(after, file.sha256), to(file.sha256, after))

    # --- the fields ---------------------------------------------------------------------------------------------

    async def _of_fields(self, finding: Finding) -> _Correction:
        asset_id = asset_of(finding)
        before = await self._asset(asset_id)
        minted = await self._minted(asset_id)
        enterprises = await self._database.read(_named_enterprises)
        after = await asyncio.to_thread(asset_as_minted, before, minted.content, enterprises, _new_id)
        if after is None:
            raise EnvironmentFault(
                ErrorCode.CONTENT_MISMATCH, phrase("the minted metadata does not tell all that the asset needs")
            )
        if problems := check_draft(contents_of(after).draft, self._clock.now().astimezone().date()):
            raise ValidationFailed(problems)
        present, now = contents_of(before), before.mint.metadata_cid if before.mint else None
        fields = differences(present, present, contents_of(after))
        if not fields and now == minted.cid:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "nothing differs any more")
        preview = replace(
            _preview(finding, now or "", minted.cid, phrase("Its fields give the minted metadata again.")),
            fields=fields,
            enterprises={each.enterprise.enterprise_id: each.enterprise.name for each in enterprises},
        )
        taken = replace(after, version=before.version + bool(fields))
        restored = replace(before, version=taken.version + bool(fields))
        return _Correction(preview, _edit(before, taken, now, minted.cid), _edit(taken, restored, minted.cid, now))

    # --- what they read -----------------------------------------------------------------------------------------

    async def _asset(self, asset_id: UUID) -> Asset:
        asset = await self._database.read(lambda tx: tx.asset(asset_id))
        if asset is None:
            raise UserError(ErrorCode.ASSET_NOT_FOUND, str(asset_id))
        return asset

    async def _minted(self, asset_id: UUID) -> StoredMetadata:
        """By the directory that the contract names: an address on record could be anybody's."""
        address = await self._metadata.address(asset_id)
        stored = await self._metadata.stored(address)
        if stored is None:
            raise EnvironmentFault(
                ErrorCode.CONTENT_NOT_FOUND,
                phrase("{uri} is not in the content store; restore it first", uri=address.uri),
            )
        return stored


def _preview(finding: Finding, before: str, after: str, told: Phrase) -> RepairPreview:
    return RepairPreview(finding, finding.repair, before, after, is_undoable=True, told=told)


def _edit(old: Asset, new: Asset, old_cid: str | None, new_cid: str | None) -> Write:
    """Fields, and the address of the metadata that they are compared with, as far as they differ."""

    def write(tx: Transaction, now: datetime) -> FieldChanges:
        changes = _field_changes(old, new)
        if changes:
            tx.correct_asset(replace(new, updated_at=now), expected_version=old.version)
        if withdrawn := no_longer_public(old.attachments, new.attachments):
            tx.withdraw_publications(withdrawn)
        if old_cid == new_cid:
            return changes
        found = tx.asset(old.asset_id)
        record = found.mint if found else None
        if record is None or record.metadata_cid != old_cid:
            raise UserError(ErrorCode.RECORD_CHANGED, str(old.asset_id))
        tx.correct_metadata(old.asset_id, record.token_uri, new_cid)
        return {**changes, "metadata_cid": (old_cid, new_cid)}

    return write


def _field_changes(old: Asset, new: Asset) -> FieldChanges:
    """As an edit tells them; and of a file also what an edit never changes, such as its address."""
    told = {one.field: (one.old or None, one.new or None) for one in changes_between(old, new)}
    before = contents_of(old)
    for one in differences(before, before, contents_of(new)):
        told.setdefault(one.field, (_file_text(one.theirs), _file_text(one.mine)))
    return told


def _file_text(file: object) -> str | None:
    if not isinstance(file, Attachment):
        return None
    return f"{file.file_name}, {file.media_type}, {file.size_bytes} bytes, {file.cid}"


def _changed(tx: Transaction, asset_id: UUID) -> AssetChanged:
    row = tx.asset_row(asset_id)
    assert row is not None
    return AssetChanged(row)


def _named_enterprises(tx: Transaction) -> list[NamedEnterprise]:
    return [NamedEnterprise(each, tx.former_names(each.enterprise_id)) for each in tx.enterprises()]


def _differing(changes: FieldChanges) -> FieldChanges:
    return {field: (old, new) for field, (old, new) in changes.items() if old != new}


def _new_id() -> UUID:
    return UUID(int=uuid7().int)
