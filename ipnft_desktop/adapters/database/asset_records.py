"""Assets, their files and their enterprises: writing them, and reading one whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, delete, select, update

from ipnft_desktop.adapters.database import search_index
from ipnft_desktop.adapters.database.members import among
from ipnft_desktop.adapters.database.mint_records import MintRecords
from ipnft_desktop.adapters.database.search_index import Entry, searched_text
from ipnft_desktop.adapters.database.tables import (
    AssetTable,
    AttachmentTable,
    DeletedAssetTable,
    EnterpriseTable,
    MintIntentTable,
    MintJobTable,
    TokenTable,
    ValidityChangeTable,
    WalletTable,
    table,
)
from ipnft_desktop.domain.assets import Asset, Attachment, Enterprise, LicenceTerms
from ipnft_desktop.domain.errors import Defect, ErrorCode, UserError
from ipnft_desktop.domain.minting import EDITABLE_STATES, AssetState
from ipnft_desktop.domain.phrases import phrase

_ENTERPRISE = (
    EnterpriseTable.enterprise_id,
    EnterpriseTable.name.label("enterprise_name"),
    WalletTable.address.label("wallet_address"),
    WalletTable.label.label("wallet_label"),
)
_ASSETS = (
    select(*table(AssetTable).c, *_ENTERPRISE[1:])
    .join(EnterpriseTable, EnterpriseTable.enterprise_id == AssetTable.enterprise_id)
    .join(WalletTable, WalletTable.enterprise_id == AssetTable.enterprise_id)
    .where(among(AssetTable.asset_id, "of_assets"))
)
_ATTACHMENTS = (
    select(*table(AttachmentTable).c)
    .where(among(AttachmentTable.asset_id, "of_assets"))
    .order_by(AttachmentTable.asset_id, AttachmentTable.position)
)
_TAKEN = tuple(
    select(kept.asset_id).where(among(kept.asset_id, "of_assets")) for kept in (AssetTable, DeletedAssetTable)
)


class AssetRecords(MintRecords):
    """The part of a transaction that deals with whole assets."""

    def insert_enterprise(self, enterprise: Enterprise) -> None:
        enterprise_id = enterprise.enterprise_id
        self._insert(
            EnterpriseTable,
            {"enterprise_id": enterprise_id, "name": enterprise.name, "name_key": enterprise.name.casefold()},
        )
        self._insert(
            WalletTable,
            {
                "enterprise_id": enterprise_id,
                "address": enterprise.wallet_address,
                "label": enterprise.wallet_label,
            },
        )

    def enterprises(self) -> tuple[Enterprise, ...]:
        rows = self._all(
            select(*_ENTERPRISE)
            .join(WalletTable, WalletTable.enterprise_id == EnterpriseTable.enterprise_id)
            .order_by(EnterpriseTable.name_key, EnterpriseTable.enterprise_id)
        )
        return tuple(_enterprise(row) for row in rows)

    def insert_asset(self, asset: Asset) -> None:
        self.insert_assets((asset,))

    def insert_assets(self, assets: Sequence[Asset]) -> None:
        for asset in assets:
            if asset.state is not AssetState.DRAFT:
                raise Defect(f"an asset enters the register as a draft, not as {asset.state}")
        rows: list[dict[str, Any]] = [
            {
                "asset_id": asset.asset_id,
                "state": asset.state,
                "version": asset.version,
                "created_at": asset.created_at,
                "search_id": None,
                **_fields(asset),
            }
            for asset in assets
        ]
        if rows and self._has_search_index:
            first = search_index.next_search_id(self._connection)
            entries = [Entry(number, row["search_text"]) for number, row in enumerate(rows, start=first)]
            search_index.enter(self._connection, *entries)
            for row, entry in zip(rows, entries, strict=True):
                row["search_id"] = entry.search_id
        self._insert(AssetTable, *rows)
        self._insert_attachments(assets)

    def taken_asset_ids(self, asset_ids: Sequence[UUID]) -> frozenset[UUID]:
        of_assets = {"of_assets": list(asset_ids)}
        return frozenset(row["asset_id"] for statement in _TAKEN for row in self._all(statement, of_assets))

    def update_asset(self, asset: Asset, expected_version: int) -> None:
        """Raises UserError ASSET_NOT_FOUND, ASSET_CHANGED, or MINT_INVALID_STATE where a token may exist."""
        if not self._replace_asset(asset, expected_version, EDITABLE_STATES):
            self._explain_refused_update(asset.asset_id)

    def correct_asset(self, asset: Asset, expected_version: int) -> None:
        """Raises UserError ASSET_CHANGED."""
        if not self._replace_asset(asset, expected_version, (AssetState.MINTED,)):
            raise UserError(ErrorCode.ASSET_CHANGED, str(asset.asset_id))

    def _replace_asset(self, asset: Asset, expected_version: int, states: Collection[AssetState]) -> bool:
        """Whether it stood in one of these states, and at this version."""
        fields = _fields(asset)
        former = self._entry_of(asset.asset_id)
        changed = self._change(
            update(AssetTable)
            .where(
                AssetTable.asset_id == asset.asset_id,
                AssetTable.version == expected_version,
                AssetTable.state.in_(states),
            )
            .values(version=expected_version + 1, **fields)
        )
        if not changed:
            return False
        if former is not None and former.search_text != fields["search_text"]:
            search_index.leave(self._connection, former)
            search_index.enter(self._connection, replace(former, search_text=fields["search_text"]))
        self._change(delete(AttachmentTable).where(AttachmentTable.asset_id == asset.asset_id))
        self._insert_attachments((asset,))
        return True

    def delete_asset(self, asset_id: UUID) -> None:
        """Removes closed mints of it too. Raises UserError ASSET_NOT_FOUND, or MINT_INVALID_STATE where a token may
        exist or did exist on a former chain, or a change of its certificate is on record."""
        self._require_editable(asset_id)
        intents = select(MintIntentTable.intent_id).where(MintIntentTable.asset_id == asset_id)
        if self._value(select(TokenTable.token_id).where(TokenTable.intent_id.in_(intents)).limit(1)) is not None:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "it had a token on a former chain; that record is kept")
        changed = select(ValidityChangeTable.write_id).where(ValidityChangeTable.asset_id == asset_id).limit(1)
        if self._value(changed) is not None:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "its certificate was changed; that record is kept")
        jobs = self._all(select(MintIntentTable.job_id).where(MintIntentTable.asset_id == asset_id))
        self._change(delete(MintIntentTable).where(MintIntentTable.asset_id == asset_id))
        self._change(
            delete(MintJobTable).where(
                MintJobTable.job_id.in_([row["job_id"] for row in jobs]),
                MintJobTable.job_id.not_in(select(MintIntentTable.job_id)),
            )
        )
        former = self._entry_of(asset_id)
        self._change(delete(AssetTable).where(AssetTable.asset_id == asset_id))
        if former is not None:
            search_index.leave(self._connection, former)

    def asset(self, asset_id: UUID) -> Asset | None:
        found = self.whole_assets((asset_id,))
        return found[0] if found else None

    def whole_assets(self, asset_ids: Sequence[UUID]) -> tuple[Asset, ...]:
        found = {asset.asset_id: asset for asset in self.assets(asset_ids)}
        mints = self._mint_records_of(asset_ids)
        return tuple(replace(found[each], mint=mints.get(each)) for each in dict.fromkeys(asset_ids) if each in found)

    def assets(self, asset_ids: Sequence[UUID]) -> tuple[Asset, ...]:
        of_assets = {"of_assets": list(asset_ids)}
        files: defaultdict[UUID, list[Attachment]] = defaultdict(list)
        for row in self._all(_ATTACHMENTS, of_assets):
            files[row["asset_id"]].append(_attachment(row))
        return tuple(_asset(row, tuple(files[row["asset_id"]])) for row in self._all(_ASSETS, of_assets))

    @property
    def _has_search_index(self) -> bool:
        """PostgreSQL keeps its own."""
        return self._connection.dialect.name == "sqlite"

    def _entry_of(self, asset_id: UUID) -> Entry | None:
        return search_index.entry_of(self._connection, asset_id) if self._has_search_index else None

    def _insert_attachments(self, assets: Sequence[Asset]) -> None:
        rows = [
            {
                "attachment_id": attachment.attachment_id,
                "asset_id": asset.asset_id,
                "position": position,
                "file_name": attachment.file_name,
                "media_type": attachment.media_type,
                "size_bytes": attachment.size_bytes,
                "sha256": attachment.sha256,
                "cid": attachment.cid,
                "confidential": attachment.confidential,
                "sealed_key": attachment.sealed_key,
                "is_image": attachment.is_image,
                "agreement": attachment.agreement,
            }
            for asset in assets
            for position, attachment in enumerate(asset.attachments)
        ]
        self._insert(AttachmentTable, *rows)

    def _require_editable(self, asset_id: UUID) -> None:
        state: AssetState | None = self._value(select(AssetTable.state).where(AssetTable.asset_id == asset_id))
        if state is None:
            raise UserError(ErrorCode.ASSET_NOT_FOUND, str(asset_id))
        if state not in EDITABLE_STATES:
            raise UserError(ErrorCode.MINT_INVALID_STATE, phrase("the asset is {state}", state=state))

    def _explain_refused_update(self, asset_id: UUID) -> None:
        self._require_editable(asset_id)
        raise UserError(ErrorCode.ASSET_CHANGED, str(asset_id))


def _fields(asset: Asset) -> dict[str, Any]:
    """What an edit replaces."""
    licence = asset.licence
    return {
        "asset_type": asset.asset_type,
        "legal_status": asset.legal_status,
        "name": asset.name,
        "name_key": asset.name.casefold(),
        "enterprise_id": asset.enterprise.enterprise_id,
        "enterprise_key": asset.enterprise.name.casefold(),
        "application_number": asset.application_number,
        "creator_name": asset.creator_name,
        "creation_date": asset.creation_date,
        "updated_at": asset.updated_at,
        "transferable": licence.transferable,
        "commercial_use": licence.commercial_use,
        "derivatives": licence.derivatives,
        "attribution": licence.attribution,
        "revenue_share_bp": licence.revenue_share_bp,
        "licence_expires_on": licence.expires_on,
        "external_url": asset.external_url or None,
        "application_key": asset.application_number.casefold(),
        "creator_key": asset.creator_name.casefold(),
        "search_text": searched_text(asset.name, asset.application_number, asset.creator_name, asset.description),
        "description": asset.description,
        "custom_fields": dict(asset.custom_fields),
    }


def _enterprise(row: RowMapping) -> Enterprise:
    return Enterprise(row["enterprise_id"], row["enterprise_name"], row["wallet_address"], row["wallet_label"])


def _asset(row: RowMapping, attachments: tuple[Attachment, ...]) -> Asset:
    return Asset(
        asset_id=row["asset_id"],
        name=row["name"],
        asset_type=row["asset_type"],
        description=row["description"],
        creator_name=row["creator_name"],
        creation_date=row["creation_date"],
        legal_status=row["legal_status"],
        application_number=row["application_number"],
        enterprise=_enterprise(row),
        licence=LicenceTerms(
            transferable=row["transferable"],
            commercial_use=row["commercial_use"],
            derivatives=row["derivatives"],
            attribution=row["attribution"],
            revenue_share_bp=row["revenue_share_bp"],
            expires_on=row["licence_expires_on"],
        ),
        custom_fields=row["custom_fields"],
        attachments=attachments,
        state=row["state"],
        version=row["version"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        mint=None,
        external_url=row["external_url"] or "",
    )


def _attachment(row: RowMapping) -> Attachment:
    return Attachment(
        attachment_id=row["attachment_id"],
        file_name=row["file_name"],
        media_type=row["media_type"],
        size_bytes=row["size_bytes"],
        sha256=row["sha256"],
        cid=row["cid"],
        confidential=row["confidential"],
        sealed_key=row["sealed_key"],
        is_image=row["is_image"],
        agreement=row["agreement"],
    )
