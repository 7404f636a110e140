"""The register: find, create and edit assets, and the files that belong to them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from uuid6 import uuid7

from ipnft_desktop.domain.asset_changes import changes_between
from ipnft_desktop.domain.assets import (
    Asset,
    AssetDraft,
    AssetPage,
    AssetQuery,
    AssetRow,
    Attachment,
    Enterprise,
    PageAnchor,
    check_draft,
)
from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import ErrorCode, FieldProblem, ProblemKind, UserError, ValidationFailed
from ipnft_desktop.domain.events import AssetChanged, AssetCreated
from ipnft_desktop.domain.minting import EDITABLE_STATES, AssetState
from ipnft_desktop.domain.people import Permission, User
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.services.asset_files import (
    AssetFiles,
    FileToAttach,
    OnFileProgress,
    check_files,
    left_plain,
    no_longer_public,
)
from ipnft_desktop.services.content_removal import ContentRemoval
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.ports import Clock, ContentStore, Database, Transaction
from ipnft_desktop.services.session import Session, require_acts_for

PAGE_SIZE = 200


class RegisterService:
    """What people do with assets: everybody who is signed in reads, UserError SIGN_IN_REQUIRED otherwise; an operator
    edits for the enterprises they act for, else PERMISSION_DENIED. The audit log names who is signed in."""

    def __init__(
        self,
        database: Database,
        content: ContentStore,
        removal: ContentRemoval,
        events: EventHub,
        clock: Clock,
        session: Session,
    ) -> None:
        self._database = database
        self._content = content
        self._files = AssetFiles(content)
        self._removal = removal
        self._events = events
        self._clock = clock
        self._session = session

    async def page(self, query: AssetQuery, after: PageAnchor | None = None, limit: int = PAGE_SIZE) -> AssetPage:
        """Rows that match, in order, from behind `after`."""
        self._session.require_reader()
        return await self._database.read(lambda tx: tx.asset_page(query, after, limit))

    async def count(self, query: AssetQuery) -> int:
        """How many assets match."""
        self._session.require_reader()
        return await self._database.read(lambda tx: tx.count_assets(query))

    async def asset(self, asset_id: UUID) -> Asset:
        """One asset with everything on it; raises UserError ASSET_NOT_FOUND."""
        self._session.require_reader()
        return await self._database.read(lambda tx: _existing(tx, asset_id))

    async def row(self, asset_id: UUID) -> AssetRow:
        """One asset as a line of the list; raises UserError ASSET_NOT_FOUND."""
        self._session.require_reader()
        row = await self._database.read(lambda tx: tx.asset_row(asset_id))
        if row is None:
            raise UserError(ErrorCode.ASSET_NOT_FOUND, str(asset_id))
        return row

    async def enterprises(self) -> tuple[Enterprise, ...]:
        """All enterprises by name."""
        self._session.require_reader()
        return await self._database.read(lambda tx: tx.enterprises())

    async def content_bytes(self, cid: str) -> bytes:
        """Bytes of public content, each block verified against its address."""
        self._session.require_reader()
        return await self._content.read(Cid.parse(cid))

    async def export_content(self, cid: str, target: Path) -> None:
        """Write public content to `target`."""
        self._session.require_reader()
        await self._content.read_to_file(Cid.parse(cid), target)

    async def file_head(self, file: Attachment, most_bytes: int) -> bytes:
        """An attachment's first bytes, decrypted. Raises as `AssetFiles.head`."""
        self._session.require_reader()
        return await self._files.head(file, most_bytes)

    async def export_file(self, file: Attachment, target: Path) -> None:
        """Write an attachment, decrypted, to `target`. Raises as `AssetFiles.export`."""
        self._session.require_reader()
        await self._files.export(file, target)

    async def create_asset(
        self, draft: AssetDraft, files: Sequence[FileToAttach] = (), on_file: OnFileProgress | None = None
    ) -> Asset:
        """Store the files, then the asset, in state DRAFT.

        Raises ValidationFailed naming every field at fault; then nothing was written.
        """
        self._session.require(Permission.EDIT_ASSETS, (draft.enterprise_id,))
        enterprise = await self._enterprise(draft.enterprise_id)
        async with self._removal.saving() as stored:
            asset = await self._prepared(draft, enterprise, files, stored, on_file)
            await self.add_assets((asset,))
        return asset

    async def create_from(
        self,
        original: Asset,
        draft: AssetDraft,
        kept: Sequence[Attachment],
        files: Sequence[FileToAttach] = (),
        on_file: OnFileProgress | None = None,
    ) -> Asset:
        """A new asset with what was typed over `original`, which was deleted or minted meanwhile; the files kept go
        along under ids of their own. Raises ValidationFailed."""
        self._session.require(Permission.EDIT_ASSETS, (draft.enterprise_id,))
        enterprise = await self._enterprise(draft.enterprise_id)
        async with self._removal.saving() as stored:
            prepared = await self._prepared(draft, enterprise, files, stored, on_file)
            taken = await self._files.kept(original.attachments, kept, stored, on_file)
            copies = [replace(file, attachment_id=UUID(int=uuid7().int)) for file in taken]
            asset = replace(prepared, attachments=(*copies, *prepared.attachments))
            await self.add_assets((asset,))
        return asset

    async def prepare_asset(
        self,
        draft: AssetDraft,
        enterprise: Enterprise,
        files: Sequence[FileToAttach],
        on_file: OnFileProgress | None = None,
    ) -> Asset:
        """Check a draft and store its files; the asset itself is not in the register yet. Raises ValidationFailed."""
        self._session.require(Permission.EDIT_ASSETS, (enterprise.enterprise_id,))
        async with self._removal.saving() as stored:
            return await self._prepared(draft, enterprise, files, stored, on_file)

    async def _prepared(
        self,
        draft: AssetDraft,
        enterprise: Enterprise,
        files: Sequence[FileToAttach],
        stored: set[str],
        on_file: OnFileProgress | None,
    ) -> Asset:
        await self._validate(draft, files)
        now = self._clock.now()
        return compose_asset(
            draft,
            enterprise,
            await self._files.store(files, stored, on_file),
            asset_id=UUID(int=uuid7().int),
            state=AssetState.DRAFT,
            version=1,
            created_at=now,
            updated_at=now,
        )

    async def add_assets(self, assets: Sequence[Asset], enterprises: Sequence[Enterprise] = ()) -> None:
        """Put prepared assets, and enterprises not known yet, into the register: all of them or none."""
        user = self._session.require(Permission.EDIT_ASSETS, {asset.enterprise.enterprise_id for asset in assets})
        if enterprises:
            self._session.require(Permission.MANAGE_PEOPLE)

        def work(tx: Transaction) -> list[AssetCreated]:
            for enterprise in enterprises:
                tx.insert_enterprise(enterprise)
            created: list[AssetCreated] = []
            for asset in assets:
                tx.insert_asset(asset)
                tx.append_audit(user.name, "asset.create", str(asset.asset_id), {"name": asset.name}, asset.created_at)
                row = tx.asset_row(asset.asset_id)
                assert row is not None
                created.append(AssetCreated(row))
            return created

        for event in await self._database.write(work):
            self._events.publish(event)

    async def edit_asset(
        self,
        original: Asset,
        draft: AssetDraft,
        kept: Sequence[Attachment],
        files: Sequence[FileToAttach] = (),
        on_file: OnFileProgress | None = None,
    ) -> Asset:
        """Replace an asset's fields and files, made from `original`.

        Raises ValidationFailed, UserError ASSET_CHANGED (someone was faster) or MINT_INVALID_STATE (a token exists or
        is being made; what was minted is never edited).
        """
        user = self._session.require(Permission.EDIT_ASSETS, (original.enterprise.enterprise_id, draft.enterprise_id))
        await self._validate(draft, files)
        async with self._removal.saving() as stored:
            kept = await self._files.kept(original.attachments, kept, stored, on_file)
            now = self._clock.now()
            changed = compose_asset(
                draft,
                await self._enterprise(draft.enterprise_id),
                (*kept, *await self._files.store(files, stored, on_file)),
                asset_id=original.asset_id,
                state=original.state,
                version=original.version + 1,
                created_at=original.created_at,
                updated_at=now,
            )
            event = await self._database.write(lambda tx: self._replace(tx, user, original, changed, now))
        self._events.publish(event)
        self._removal.wake()
        return changed

    def _replace(self, tx: Transaction, user: User, original: Asset, changed: Asset, now: datetime) -> AssetChanged:
        before = _editable(tx, original.asset_id)
        require_acts_for(user, (before.enterprise.enterprise_id,))
        edited = changes_between(before, changed)
        tx.update_asset(changed, expected_version=original.version)
        if withdrawn := no_longer_public(original.attachments, changed.attachments):
            tx.withdraw_publications(withdrawn)
        if plain := left_plain(original.attachments, changed.attachments):
            tx.ask_content_removal(plain, now)
        facts = {"name": changed.name}
        changes = {one.field: (one.old or None, one.new or None) for one in edited}
        tx.append_audit(user.name, "asset.edit", str(changed.asset_id), facts, now, changes)
        row = tx.asset_row(changed.asset_id)
        assert row is not None
        return AssetChanged(row)

    async def _enterprise(self, enterprise_id: UUID) -> Enterprise:
        # Not by the door: who was asked there may have signed out while files were stored.
        known = await self._database.read(lambda tx: tx.enterprises())
        found = {enterprise.enterprise_id: enterprise for enterprise in known}
        if enterprise_id not in found:
            raise ValidationFailed((FieldProblem("enterprise_id", ProblemKind.NOT_A_CHOICE),))
        return found[enterprise_id]

    async def _validate(self, draft: AssetDraft, files: Sequence[FileToAttach]) -> None:
        today = self._clock.now().astimezone().date()  # the calendar day of the place where the person is
        file_problems = await asyncio.to_thread(check_files, files)
        problems = (*check_draft(draft, today), *file_problems)
        if problems:
            raise ValidationFailed(problems)


def compose_asset(
    draft: AssetDraft,
    enterprise: Enterprise,
    attachments: tuple[Attachment, ...],
    *,
    asset_id: UUID,
    state: AssetState,
    version: int,
    created_at: datetime,
    updated_at: datetime,
) -> Asset:
    """The asset that a draft describes, once `check_draft` passed it."""
    return Asset(
        asset_id=asset_id,
        name=draft.name.strip(),
        asset_type=draft.asset_type,
        description=draft.description.strip(),
        creator_name=draft.creator_name.strip(),
        creation_date=date.fromisoformat(draft.creation_date.strip()),
        legal_status=draft.legal_status,
        application_number=draft.application_number.strip(),
        external_url=draft.external_url.strip(),
        enterprise=enterprise,
        licence=draft.licence,
        custom_fields=dict(draft.custom_fields),
        attachments=attachments,
        state=state,
        version=version,
        created_at=created_at,
        updated_at=updated_at,
    )


def _existing(tx: Transaction, asset_id: UUID) -> Asset:
    asset = tx.asset(asset_id)
    if asset is None:
        raise UserError(ErrorCode.ASSET_NOT_FOUND, str(asset_id))
    return asset


def _editable(tx: Transaction, asset_id: UUID) -> Asset:
    asset = _existing(tx, asset_id)
    if asset.state not in EDITABLE_STATES:
        raise UserError(ErrorCode.MINT_INVALID_STATE, phrase("the asset is {state}", state=asset.state))
    return asset
