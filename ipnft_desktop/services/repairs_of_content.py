"""Repairs of the content store: what it lost is made anew, fetched or given again, and its address proves it."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from uuid import UUID

from ipnft_desktop.domain.assets import Asset, Attachment
from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import (
    EnvironmentFault,
    ErrorCode,
    FieldProblem,
    ProblemKind,
    UserError,
    ValidationFailed,
)
from ipnft_desktop.domain.metadata import SCHEMA_VERSIONS, build_metadata, metadata_file_name
from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.domain.reconciliation import Finding, Repair
from ipnft_desktop.services.content_sources import ContentRecovery
from ipnft_desktop.services.minted_metadata import MintedMetadata, TokenAddress
from ipnft_desktop.services.ports import ContentStore, Database, Transaction
from ipnft_desktop.services.repair_parts import RepairLog, RepairPreview, RepairWish, asset_of
from ipnft_desktop.services.session import Session

REPAIRS = (Repair.RESTORE_METADATA, Repair.RESTORE_FILE)


@dataclass(frozen=True, slots=True)
class _Made:
    """Metadata as the register gives it."""

    cid: Cid
    content: bytes
    directory: dict[str, bytes]
    """All files of its directory; none where not all of them can be told."""


class ContentRepairs:
    """Implements `RepairFamily`."""

    def __init__(
        self,
        database: Database,
        content: ContentStore,
        metadata: MintedMetadata,
        recovery: ContentRecovery,
        log: RepairLog,
        session: Session,
    ) -> None:
        self._database = database
        self._content = content
        self._metadata = metadata
        self._recovery = recovery
        self._log = log
        self._session = session

    async def preview(self, finding: Finding, repair: Repair) -> RepairPreview:
        """Raises EnvironmentFault CONTENT_NOT_FOUND where nobody has the metadata, NODE_UNREACHABLE; UserError
        MINT_INVALID_STATE where file or token are gone from the record."""
        if repair is Repair.RESTORE_FILE:
            return await self._preview_file(finding)
        after, told = await self._metadata_to_come(asset_of(finding))
        return RepairPreview(finding, repair, "", after, is_undoable=False, told=told)

    async def carry_out(self, finding: Finding, repair: Repair, wish: RepairWish) -> None:
        """Raises as `preview`, and CONTENT_NOT_FOUND for a file too; ValidationFailed (field "file") for another file
        than the one on record, UserError ATTACHMENT_INVALID."""
        if repair is Repair.RESTORE_METADATA:
            await self._restore_metadata(finding)
        elif wish.file is None:
            cid = _address_of(await self._file(finding))
            await self._log.note(finding, repair)
            await self._recovery.fill(cid)
        else:
            await self._take_file(finding, wish)

    async def undo(self, finding: Finding, repair: Repair) -> None:
        """Never asked for."""
        raise UserError(ErrorCode.MINT_INVALID_STATE, "its address proves it; there is nothing to take back")

    # --- files --------------------------------------------------------------------------------------------------

    async def _preview_file(self, finding: Finding) -> RepairPreview:
        file = await self._file(finding)
        where = await self._who_has(_address_of(file))
        told = phrase("It comes from {where}.", where=where) if where else phrase("Nobody who can be asked has it.")
        return RepairPreview(
            finding,
            Repair.RESTORE_FILE,
            "",
            file.cid,
            is_undoable=False,
            told=told,
            takes_file=True,
            needs_file=where is None,
        )

    async def _file(self, finding: Finding) -> Attachment:
        asset_id = asset_of(finding)
        asset = await self._database.read(lambda tx: tx.asset(asset_id))
        return file_of(finding, asset)

    async def _take_file(self, finding: Finding, wish: RepairWish) -> None:
        file = await self._file(finding)
        assert wish.file is not None
        try:
            await self._content.add_file(wish.file, expected=_address_of(file))
        except EnvironmentFault as fault:
            if fault.code is not ErrorCode.CONTENT_MISMATCH:
                raise
            problem = FieldProblem("file", ProblemKind.ANOTHER_FILE, wish.file.name)
            raise ValidationFailed((problem,)) from fault
        actor = self._session.actor
        await self._database.write(
            lambda tx: self._log.repaired(tx, actor, finding, Repair.RESTORE_FILE, source="a file that was chosen")
        )

    async def _who_has(self, root: Cid) -> Phrase | None:
        """Who has the first block that is lacking there."""
        lacking = await self._content.lacking(root)
        return await self._recovery.find(root if root in lacking or not lacking else min(lacking, key=str))

    # --- metadata -----------------------------------------------------------------------------------------------

    async def _metadata_to_come(self, asset_id: UUID) -> tuple[str, Phrase]:
        """Its address, and where it comes from."""
        address = await self._metadata.address(asset_id)
        if stored := await self._metadata.stored(address):
            return stored.cid, phrase("The content store has it; the address on record is set right.")
        if made := await self._from_register(asset_id):
            return made.cid.text, phrase("It is made anew from the register.")
        recorded = await self._recorded_cid(asset_id)
        for root in (recorded, address.directory):
            if root is not None and (where := await self._who_has(root)):
                return recorded.text if recorded else address.uri, phrase("It comes from {where}.", where=where)
        raise EnvironmentFault(
            ErrorCode.CONTENT_NOT_FOUND, phrase("the asset's fields do not give the metadata that was minted")
        )

    async def _restore_metadata(self, finding: Finding) -> None:
        asset_id = asset_of(finding)
        address = await self._metadata.address(asset_id)
        if await self._metadata.stored(address) is None:
            await self._log.note(finding, Repair.RESTORE_METADATA)
            if made := await self._from_register(asset_id):
                await self._store(made)
            else:
                await self._fetch(await self._recorded_cid(asset_id), address)
        await self._set_address(finding, address)

    async def _store(self, made: _Made) -> None:
        """Damaged blocks go first, or the sound ones would count as stored already."""
        await self._content.remove_blocks([made.cid])
        await self._content.add_bytes(made.content)
        if made.directory:
            await self._content.add_directories([made.directory])

    async def _fetch(self, recorded: Cid | None, address: TokenAddress) -> None:
        """The metadata by its address on record or, where nobody has that, by the token's directory; and then of the
        directory what somebody has."""
        is_there = False
        if recorded is not None:
            with contextlib.suppress(EnvironmentFault):
                await self._recovery.fill(recorded)
                is_there = True
        if address.directory is None and not is_there:
            raise EnvironmentFault(ErrorCode.CONTENT_NOT_FOUND, address.uri)
        try:
            if address.directory is not None:
                await self._recovery.fill(address.directory)
        except EnvironmentFault:
            if not is_there and await self._metadata.stored(address) is None:
                raise

    async def _set_address(self, finding: Finding, address: TokenAddress) -> None:
        """On record, where the directory that the contract names tells another one."""
        asset_id, actor = asset_of(finding), self._session.actor
        stored = await self._metadata.stored(address)
        if stored is None:
            return

        def work(tx: Transaction) -> None:
            asset = tx.asset(asset_id)
            record = asset.mint if asset else None
            if record is None or record.metadata_cid == stored.cid:
                return
            tx.correct_metadata(asset_id, record.token_uri, stored.cid)
            changes = {"metadata_cid": (record.metadata_cid, stored.cid)}
            self._log.repaired(tx, actor, finding, Repair.RESTORE_METADATA, changes)

        await self._database.write(work)

    async def _recorded_cid(self, asset_id: UUID) -> Cid | None:
        asset = await self._database.read(lambda tx: tx.asset(asset_id))
        cid = asset.mint.metadata_cid if asset and asset.mint else None
        try:
            return Cid.parse(cid) if cid else None
        except ValueError:
            return None  # somebody wrote it there

    async def _from_register(self, asset_id: UUID) -> _Made | None:
        """None where the asset changed since, so that its fields give other bytes."""

        def read(tx: Transaction) -> tuple[list[tuple[Asset, tuple[str, ...]]], str | None]:
            job = tx.latest_job_of(asset_id)
            found = [tx.asset(item.asset_id) for item in job.items] if job else []
            assets = [asset for asset in found if asset is not None]
            named = [(asset, tx.former_names(asset.enterprise.enterprise_id)) for asset in assets]
            return named, job.directory_cid if job else None

        named, directory_cid = await self._database.read(read)
        files: dict[str, bytes] = {}
        own: tuple[Cid, bytes] | None = None
        for asset, former in named:
            made = await self._minted_bytes(asset, former)
            if made is not None:
                files[metadata_file_name(asset)] = made[1]
                own = made if asset.asset_id == asset_id else own
        if own is None:
            return None
        root, _ = await self._content.directory_addresses(files)
        return _Made(*own, files if root.text == directory_cid else {})

    async def _minted_bytes(self, asset: Asset, former: Sequence[str]) -> tuple[Cid, bytes] | None:
        """The metadata in the shape and under the name that give the minted address; None where none does."""
        wanted = asset.mint.metadata_cid if asset.mint else None
        owner = asset.enterprise
        for version, name in product(SCHEMA_VERSIONS, (owner.name, *former)):
            content = build_metadata(replace(asset, enterprise=replace(owner, name=name)), version)
            _, stored = await self._content.directory_addresses({metadata_file_name(asset): content})
            cid = stored[metadata_file_name(asset)].cid
            if cid.text == wanted:
                return cid, content
        return None


def _address_of(file: Attachment) -> Cid:
    try:
        return Cid.parse(file.cid)
    except ValueError:
        raise UserError(
            ErrorCode.MINT_INVALID_STATE, "the address on record is none; take the asset's fields back first"
        ) from None


def file_of(finding: Finding, asset: Asset | None) -> Attachment:
    """The public file on record that a finding is about. Raises UserError MINT_INVALID_STATE where it is gone."""
    for file in asset.attachments if asset else ():
        if file.file_name == finding.subject and file.sha256.hex() == finding.register and not file.confidential:
            return file
    raise UserError(ErrorCode.MINT_INVALID_STATE, "this file is not on record any more")
