"""The record of what was published, in a transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping, bindparam, delete, exists, func, not_, or_, select, text, true, union, update

from ipnft_desktop.adapters.database.column_types import UtcDateTime
from ipnft_desktop.adapters.database.members import among
from ipnft_desktop.adapters.database.records import Records
from ipnft_desktop.adapters.database.tables import (
    AssetTable,
    AttachmentTable,
    MintIntentTable,
    MintJobTable,
    PublicationTable,
    table,
)
from ipnft_desktop.domain.minting import AssetState, MintStage
from ipnft_desktop.domain.publications import Publication, PublicationCounts, PublicRoot, RootKind

_IS_MINTED = AssetTable.state == AssetState.MINTED
_DIRECTORIES = (
    select(MintIntentTable.asset_id, MintJobTable.directory_cid.label("cid"))
    .join(MintJobTable, MintJobTable.job_id == MintIntentTable.job_id)
    .join(AssetTable, AssetTable.asset_id == MintIntentTable.asset_id)
    .where(
        MintIntentTable.is_current == true(),
        MintJobTable.stage == MintStage.COMPLETED,
        MintJobTable.directory_cid.is_not(None),
        _IS_MINTED,
    )
)
_FILES = (
    select(AttachmentTable.asset_id, AttachmentTable.cid, AttachmentTable.file_name, AttachmentTable.is_image)
    .join(AssetTable, AssetTable.asset_id == AttachmentTable.asset_id)
    .where(not_(AttachmentTable.confidential), _IS_MINTED)
    .order_by(AttachmentTable.asset_id, AttachmentTable.is_image.desc(), AttachmentTable.position)
)
_IS_WANTED = among(AssetTable.asset_id, "of_assets")
_DIRECTORIES_OF = _DIRECTORIES.where(_IS_WANTED)
_FILES_OF = _FILES.where(_IS_WANTED)
_ALL_ROOTS = union(
    _DIRECTORIES.with_only_columns(MintJobTable.directory_cid.label("cid")),
    _FILES.with_only_columns(AttachmentTable.cid).order_by(None),
).subquery()
_MINTED = select(AssetTable.asset_id).where(_IS_MINTED).order_by(AssetTable.asset_id).limit(bindparam("limit"))
_MINTED_BEHIND = _MINTED.where(AssetTable.asset_id > bindparam("after"))

_REQUEST = text(
    """
    INSERT INTO publications (cid, requested_at, published_at, checked_at, is_missing, failure)
    VALUES (:cid, :at, NULL, NULL, :never, NULL)
    ON CONFLICT (cid) DO UPDATE SET requested_at = :at, published_at = NULL, is_missing = :never, failure = NULL
    WHERE publications.is_missing
    """
).bindparams(bindparam("at", type_=UtcDateTime))
_ALL = select(*table(PublicationTable).c)
_SOME = _ALL.where(among(PublicationTable.cid, "of_cids"))
_IS_WAITING = PublicationTable.published_at.is_(None)
_IS_A_FILE = exists().where(AttachmentTable.cid == PublicationTable.cid)
_IS_A_PUBLIC_FILE = exists().where(
    AttachmentTable.cid == PublicationTable.cid,
    not_(AttachmentTable.confidential),
    AssetTable.asset_id == AttachmentTable.asset_id,
    _IS_MINTED,
)
_WAITING = (
    _ALL.where(_IS_WAITING, or_(not_(_IS_A_FILE), _IS_A_PUBLIC_FILE))
    .order_by(PublicationTable.requested_at, PublicationTable.cid)
    .limit(bindparam("limit"))
)
_WITHDRAW = delete(table(PublicationTable)).where(
    among(PublicationTable.cid, "of_cids"), _IS_WAITING, not_(_IS_A_PUBLIC_FILE)
)
_CHECKABLE = (
    select(PublicationTable.cid)
    .where(not_(_IS_WAITING), PublicationTable.cid > bindparam("after"))
    .order_by(PublicationTable.cid)
    .limit(bindparam("limit"))
)
_OF_CID = PublicationTable.cid == bindparam("of_cid")
_PUBLISHED = (
    update(table(PublicationTable))
    .where(_OF_CID)
    .values(published_at=bindparam("at"), checked_at=bindparam("at"), is_missing=False, failure=None)
)
_FAILED = update(table(PublicationTable)).where(_OF_CID, _IS_WAITING).values(failure=bindparam("why"))
_CHECKED = (
    update(table(PublicationTable))
    .where(_OF_CID, not_(_IS_WAITING))
    .values(checked_at=bindparam("at"), is_missing=bindparam("lacks"))
)
_COUNTS = select(
    func.count().filter(_IS_WAITING),
    func.count().filter(not_(or_(_IS_WAITING, PublicationTable.is_missing))),
    func.count().filter(PublicationTable.is_missing),
)
_LOCAL = select(func.count()).select_from(_ALL_ROOTS).where(~exists().where(PublicationTable.cid == _ALL_ROOTS.c.cid))


class PublicationRecords(Records):
    """The part of a transaction that deals with what was handed to an IPFS node of the network."""

    def public_roots(self, asset_ids: Collection[UUID]) -> dict[UUID, tuple[PublicRoot, ...]]:
        wanted = {"of_assets": list(asset_ids)}
        found: defaultdict[UUID, dict[str, tuple[RootKind, str]]] = defaultdict(dict)
        for row in self._all(_DIRECTORIES_OF, wanted):
            found[row["asset_id"]].setdefault(row["cid"], (RootKind.METADATA, ""))
        for row in self._all(_FILES_OF, wanted):
            kind = RootKind.IMAGE if row["is_image"] else RootKind.ATTACHMENT
            found[row["asset_id"]].setdefault(row["cid"], (kind, row["file_name"]))
        cids = list({cid for roots in found.values() for cid in roots})
        known = {row["cid"]: _publication(row) for row in self._all(_SOME, {"of_cids": cids})}
        return {
            asset_id: tuple(PublicRoot(cid, kind, name, known.get(cid)) for cid, (kind, name) in roots.items())
            for asset_id, roots in found.items()
        }

    def minted_asset_ids(self, after: UUID | None, limit: int) -> tuple[UUID, ...]:
        rows = self._all(_MINTED if after is None else _MINTED_BEHIND, {"after": after, "limit": limit})
        return tuple(row["asset_id"] for row in rows)

    def request_publications(self, cids: Collection[str], at: datetime) -> int:
        rows = [{"cid": cid, "at": at, "never": False} for cid in cids]
        return sum(self._change(_REQUEST, row) for row in rows)

    def publication(self, cid: str) -> Publication | None:
        row = self._first(_SOME, {"of_cids": [cid]})
        return None if row is None else _publication(row)

    def waiting_publications(self, limit: int) -> tuple[Publication, ...]:
        return tuple(_publication(row) for row in self._all(_WAITING, {"limit": limit}))

    def withdraw_publications(self, cids: Collection[str]) -> None:
        self._change(_WITHDRAW, {"of_cids": list(cids)})

    def checkable_publications(self, after: str, limit: int) -> tuple[str, ...]:
        return tuple(row["cid"] for row in self._all(_CHECKABLE, {"after": after, "limit": limit}))

    def record_published(self, cid: str, at: datetime) -> None:
        self._change(_PUBLISHED, {"of_cid": cid, "at": at})

    def record_publication_failure(self, cid: str, failure: str) -> None:
        self._change(_FAILED, {"of_cid": cid, "why": failure})

    def record_checked(self, cids: Collection[str], missing: Collection[str], at: datetime) -> None:
        if cids:
            self._change_each(_CHECKED, [{"of_cid": cid, "at": at, "lacks": cid in missing} for cid in cids])

    def publication_counts(self) -> PublicationCounts:
        waiting, published, missing = self._connection.execute(_COUNTS).one()
        return PublicationCounts(self._value(_LOCAL), waiting, published, missing)


def _publication(row: RowMapping) -> Publication:
    return Publication(**row)
