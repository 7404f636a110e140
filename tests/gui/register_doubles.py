"""A register in memory for tests of the window: keyset pages as the database answers them, errors on demand."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from ipnft_desktop.domain.assets import (
    Asset,
    AssetDraft,
    AssetPage,
    AssetQuery,
    AssetRow,
    AssetType,
    Attachment,
    Enterprise,
    LegalStatus,
    LicenceTerms,
    PageAnchor,
    SortKey,
)
from ipnft_desktop.domain.deleted_assets import DeletedAsset
from ipnft_desktop.domain.errors import ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.events import AssetChanged, AssetCreated, AssetDeleted
from ipnft_desktop.domain.minting import AssetState, MintJob, MintStage
from ipnft_desktop.services.asset_files import FileToAttach, OnFileProgress
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.ui.models.asset_pages import PAGE_ROWS

EPOCH = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
ENTERPRISES = (
    Enterprise(UUID(int=1), "Helios Labs", "0x70997970C51812dc3A010C7d01b50e0d17dc79C8", "Helios vault"),
    Enterprise(UUID(int=2), "深芯科技", "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC", "深芯钱包"),
)
_SORTED_BY = {
    SortKey.NAME: lambda row: row.name.casefold(),
    SortKey.ASSET_TYPE: lambda row: row.asset_type.value,
    SortKey.ENTERPRISE: lambda row: row.enterprise_name,
    SortKey.STATE: lambda row: row.state.value,
    SortKey.CREATED: lambda row: row.created_at.isoformat(),
}


def row(number: int, **changes: object) -> AssetRow:
    """A draft; a higher number is newer."""
    plain = AssetRow(
        asset_id=UUID(int=0x019A << 112 | number),
        name=f"Asset {number:06d}",
        asset_type=AssetType.PATENT,
        enterprise_id=ENTERPRISES[0].enterprise_id,
        enterprise_name=ENTERPRISES[0].name,
        application_number=f"US {number}",
        state=AssetState.DRAFT,
        stage=None,
        confirmations=0,
        required_confirmations=0,
        token_id=None,
        revenue_share_bp=0,
        image_cid=None,
        created_at=EPOCH + timedelta(seconds=number),
        legal_status=LegalStatus.REGISTERED,
        creator_name="Ada Lovelace",
        creation_date=date(1941, 6, 10),
        updated_at=EPOCH + timedelta(seconds=number),
    )
    return replace(plain, **changes)


def asset_of(row: AssetRow, **changes: object) -> Asset:
    """The whole asset behind a row."""
    plain = Asset(
        asset_id=row.asset_id,
        name=row.name,
        asset_type=row.asset_type,
        description="A short description.",
        creator_name="Ada Lovelace",
        creation_date=date(1941, 6, 10),
        legal_status=LegalStatus.REGISTERED,
        application_number=row.application_number,
        enterprise=next((known for known in ENTERPRISES if known.name == row.enterprise_name), ENTERPRISES[0]),
        licence=LicenceTerms(),
        custom_fields={},
        attachments=(),
        state=row.state,
        version=1,
        created_at=row.created_at,
        updated_at=row.created_at,
    )
    return replace(plain, **changes)


class MemoryRegister:
    """Answers like `RegisterService`; `gate` holds answers back, `failure` is raised by the next call."""

    def __init__(self, rows: Sequence[AssetRow] = (), hub: EventHub | None = None) -> None:
        self.rows = {row.asset_id: row for row in rows}
        self.assets: dict[UUID, Asset] = {}
        self.bin: dict[UUID, AssetRow] = {}
        self.may_delete_for_good = True
        self.hub = hub or EventHub()
        self.gate = asyncio.Event()
        self.gate.set()
        self.failure: IpnftError | None = None
        self.pages_asked: list[tuple[AssetQuery, int]] = []
        self.exported: list[tuple[str, Path]] = []
        self.contents: dict[str, bytes] = {}
        self.stored: list[tuple[AssetDraft, tuple[FileToAttach, ...], tuple[Attachment, ...]]] = []

    async def page(self, query: AssetQuery, after: PageAnchor | None = None, limit: int = PAGE_ROWS) -> AssetPage:
        await self._answer()
        self.pages_asked.append((query, limit))
        found = self._found(query)
        keys = {row.asset_id: (_SORTED_BY[query.sort](row), row.asset_id) for row in found}
        if after is not None:
            here = (after.value, after.asset_id)
            found = [
                row for row in found if (keys[row.asset_id] < here) == query.descending and keys[row.asset_id] != here
            ]
        rows = found[:limit]
        anchor = PageAnchor(*keys[rows[-1].asset_id]) if len(found) > limit else None
        return AssetPage(tuple(rows), anchor)

    async def count(self, query: AssetQuery) -> int:
        await self._answer()
        return len(self._found(query))

    async def asset(self, asset_id: UUID) -> Asset:
        await self._answer()
        if asset_id not in self.rows:
            raise UserError(ErrorCode.ASSET_NOT_FOUND)
        return self.assets.setdefault(asset_id, asset_of(self.rows[asset_id]))

    async def enterprises(self) -> tuple[Enterprise, ...]:
        """With ids of their own, equal and not the same, as a database gives them."""
        await self._answer()
        return tuple(replace(one, enterprise_id=UUID(int=one.enterprise_id.int)) for one in ENTERPRISES)

    async def content_bytes(self, cid: str) -> bytes:
        await self._answer()
        return b""

    async def file_head(self, file: Attachment, most_bytes: int) -> bytes:
        await self._answer()
        return self.contents.get(file.cid, b"")[:most_bytes]

    async def export_file(self, file: Attachment, target: Path) -> None:
        await self._answer()
        self.exported.append((file.cid, target))

    async def create_asset(
        self, draft: AssetDraft, files: Sequence[FileToAttach] = (), on_file: OnFileProgress | None = None
    ) -> Asset:
        for file in files:
            assert on_file is not None
            on_file(file.path, file.path.stat().st_size // 2)
        await self._answer()
        new = row(1_000_000 + len(self.stored), name=draft.name, asset_type=draft.asset_type)
        self.stored.append((draft, tuple(files), ()))
        self.put(new)
        self.hub.publish(AssetCreated(new))
        return self.assets[new.asset_id]

    async def create_from(
        self,
        original: Asset,
        draft: AssetDraft,
        kept: Sequence[Attachment],
        files: Sequence[FileToAttach] = (),
        on_file: OnFileProgress | None = None,
    ) -> Asset:
        created = await self.create_asset(draft, files, on_file)
        self.stored[-1] = (draft, tuple(files), tuple(kept))
        return created

    async def edit_asset(
        self,
        original: Asset,
        draft: AssetDraft,
        kept: Sequence[Attachment],
        files: Sequence[FileToAttach] = (),
        on_file: OnFileProgress | None = None,
    ) -> Asset:
        await self._answer()
        if original.asset_id not in self.rows:
            raise UserError(ErrorCode.ASSET_NOT_FOUND)
        if self.assets.get(original.asset_id, original).version != original.version:
            raise UserError(ErrorCode.ASSET_CHANGED)
        self.stored.append((draft, tuple(files), tuple(kept)))
        changed = replace(self.rows[original.asset_id], name=draft.name)
        self.put(changed)
        self.hub.publish(AssetChanged(changed))
        return self.assets[original.asset_id]

    async def delete(self, asset_ids: Sequence[UUID]) -> None:
        await self._answer()
        for asset_id in asset_ids:
            self.bin[asset_id] = self.rows.pop(asset_id)
            self.hub.publish(AssetDeleted(asset_id))

    async def restore(self, asset_ids: Sequence[UUID]) -> None:
        await self._answer()
        for asset_id in asset_ids:
            self.put(self.bin.pop(asset_id))
            self.hub.publish(AssetCreated(self.rows[asset_id]))

    async def recent(self) -> tuple[DeletedAsset, ...]:
        await self._answer()
        return tuple(DeletedAsset(row.asset_id, row.name, EPOCH, "ada") for row in self.bin.values())

    async def delete_for_good(self, asset_ids: Sequence[UUID]) -> None:
        await self._answer()
        for asset_id in asset_ids:
            del self.bin[asset_id]

    def put(self, row: AssetRow, **changes: object) -> None:
        """Write a row and its asset without telling anyone."""
        self.rows[row.asset_id] = row
        self.assets[row.asset_id] = asset_of(row, **changes)

    async def _answer(self) -> None:
        await self.gate.wait()
        await asyncio.sleep(0)
        failure, self.failure = self.failure, None
        if failure is not None:
            raise failure

    def _found(self, query: AssetQuery) -> list[AssetRow]:
        sorted_by = _SORTED_BY[query.sort]
        found = [
            row
            for row in self.rows.values()
            if query.text.casefold() in f"{row.name}\n{row.application_number}".casefold()
            and (not query.states or row.state in query.states)
        ]
        return sorted(found, key=lambda row: (sorted_by(row), row.asset_id), reverse=query.descending)


class RecordingDesk:
    """Notes what was asked for; `job` is the latest of every asset, and a signed one stays open when cancelled."""

    def __init__(self) -> None:
        self.retried: list[UUID] = []
        self.cancelled: list[UUID] = []
        self.resets: list[tuple[UUID, str]] = []
        self.job: MintJob | None = None
        self.failure: IpnftError | None = None

    async def retry(self, asset_id: UUID) -> MintJob | None:
        self._answer()
        self.retried.append(asset_id)
        return None

    async def cancel(self, job_id: UUID) -> MintJob:
        self._answer()
        self.cancelled.append(job_id)
        assert self.job is not None
        return self.job if self.job.transactions else replace(self.job, stage=MintStage.CANCELLED)

    async def reset(self, asset_id: UUID, reason: str) -> None:
        self._answer()
        self.resets.append((asset_id, reason))

    async def job_of(self, asset_id: UUID) -> MintJob | None:
        return self.job

    def _answer(self) -> None:
        if self.failure is not None:
            raise self.failure
