"""Deleting assets, bringing them back, and deleting them for good."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from ipnft_desktop.domain.asset_changes import changes_between
from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.audit import FieldChanges
from ipnft_desktop.domain.deleted_assets import DeletedAsset
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.events import AssetCreated, AssetDeleted
from ipnft_desktop.domain.minting import EDITABLE_STATES
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.services.content_removal import ContentRemoval
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.ports import Clock, Database, Transaction
from ipnft_desktop.services.session import Session, require_acts_for

LISTED_MAX = 1_000
"""Deleted assets listed at once, the newest."""


class AssetBin:
    """What is deleted lies here, whole, until it comes back or an administrator deletes it for good."""

    def __init__(
        self, database: Database, removal: ContentRemoval, events: EventHub, clock: Clock, session: Session
    ) -> None:
        self._database = database
        self._removal = removal
        self._events = events
        self._clock = clock
        self._session = session

    @property
    def may_delete_for_good(self) -> bool:
        """Whether who is signed in may do that."""
        return self._session.may(Permission.DELETE_FOR_GOOD)

    async def delete(self, asset_ids: Sequence[UUID]) -> None:
        """Take assets out of the register: all of them or none.

        Raises UserError ASSET_NOT_FOUND, or MINT_INVALID_STATE where a token exists, did exist, or is being made;
        SIGN_IN_REQUIRED or PERMISSION_DENIED.
        """
        user = self._session.require(Permission.EDIT_ASSETS)
        now = self._clock.now()

        def work(tx: Transaction) -> None:
            assets = [_deletable(tx, asset_id) for asset_id in asset_ids]
            require_acts_for(user, _owners(assets))
            for asset in assets:
                tx.delete_asset(asset.asset_id)
                tx.keep_deleted(asset, DeletedAsset(asset.asset_id, asset.name, now, user.name))
                facts, changes = {"name": asset.name}, _changes(asset, None)
                tx.append_audit(user.name, "asset.delete", str(asset.asset_id), facts, now, changes)

        await self._database.write(work)
        for asset_id in asset_ids:
            self._events.publish(AssetDeleted(asset_id))

    async def restore(self, asset_ids: Sequence[UUID]) -> None:
        """Bring deleted assets back as drafts with their ids, fields and files: all of them or none.

        Raises UserError ASSET_NOT_FOUND for one that is not here any more; SIGN_IN_REQUIRED or PERMISSION_DENIED.
        """
        user = self._session.require(Permission.EDIT_ASSETS)
        now = self._clock.now()

        def work(tx: Transaction) -> list[AssetCreated]:
            assets = [_deleted(tx, asset_id) for asset_id in asset_ids]
            require_acts_for(user, _owners(assets))
            tx.forget_deleted(asset_ids)
            for asset in assets:
                tx.insert_asset(asset)
                facts, changes = {"name": asset.name}, _changes(None, asset)
                tx.append_audit(user.name, "asset.restore", str(asset.asset_id), facts, now, changes)
            return [AssetCreated(row) for row in tx.asset_rows(asset_ids)]

        for event in await self._database.write(work):
            self._events.publish(event)

    async def recent(self) -> tuple[DeletedAsset, ...]:
        """The deleted assets, newest first. Raises UserError SIGN_IN_REQUIRED or PERMISSION_DENIED."""
        self._session.require(Permission.EDIT_ASSETS)
        return await self._database.read(lambda tx: tx.deleted_assets(LISTED_MAX))

    async def delete_for_good(self, asset_ids: Sequence[UUID]) -> None:
        """Keep these no longer, nor their files where nothing else names them; the audit log still says what they
        were. One that is not here is left out.

        Raises UserError SIGN_IN_REQUIRED or PERMISSION_DENIED.
        """
        user = self._session.require(Permission.DELETE_FOR_GOOD)
        now = self._clock.now()

        def work(tx: Transaction) -> None:
            for line in tx.deleted_lines(asset_ids):
                files = _deleted(tx, line.asset_id).attachments
                tx.ask_content_removal([file.cid for file in files], now)
                facts = {"name": line.name, "deleted_by": line.deleted_by}
                tx.append_audit(user.name, "asset.delete_for_good", str(line.asset_id), facts, now)
            tx.forget_deleted(asset_ids)

        await self._database.write(work)
        self._removal.wake()


def _deletable(tx: Transaction, asset_id: UUID) -> Asset:
    asset = tx.asset(asset_id)
    if asset is None:
        raise UserError(ErrorCode.ASSET_NOT_FOUND, str(asset_id))
    if asset.state not in EDITABLE_STATES:
        raise UserError(
            ErrorCode.MINT_INVALID_STATE, phrase("{name}: the asset is {state}", name=asset.name, state=asset.state)
        )
    return asset


def _deleted(tx: Transaction, asset_id: UUID) -> Asset:
    asset = tx.deleted_asset(asset_id)
    if asset is None:
        raise UserError(ErrorCode.ASSET_NOT_FOUND, str(asset_id))
    return asset


def _owners(assets: Sequence[Asset]) -> set[UUID]:
    return {asset.enterprise.enterprise_id for asset in assets}


def _changes(old: Asset | None, new: Asset | None) -> FieldChanges:
    return {one.field: (one.old or None, one.new or None) for one in changes_between(old, new)}
