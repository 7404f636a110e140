"""Content that the register names, and content that may go, in a transaction."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, false, select, union

from ipnft_desktop.adapters.database.records import Records
from ipnft_desktop.adapters.database.tables import (
    AttachmentTable,
    ChainInstanceTable,
    ContentRemovalTable,
    DeletedAssetTable,
    MintIntentTable,
    PublicationTable,
    TokenTable,
    ValidityChangeTable,
)

_AT_ONCE: Final = 500
"""CIDs asked for in one statement, far below the limit of either database."""
_CID: Final = re.compile(r"\bb[a-z2-7]{58}\b")
_DAG_PB_PREFIX: Final = "bafybei"
"""How the CID of a file of several blocks begins; that of one block begins with bafkrei."""

_NAMED = union(
    select(AttachmentTable.cid.label("cid")).where(AttachmentTable.cid.in_(bindparam("cids", expanding=True))),
    select(MintIntentTable.metadata_cid).where(MintIntentTable.metadata_cid.in_(bindparam("cids", expanding=True))),
    select(PublicationTable.cid).where(PublicationTable.cid.in_(bindparam("cids", expanding=True))),
    select(ValidityChangeTable.cid).where(ValidityChangeTable.cid.in_(bindparam("cids", expanding=True))),
)


class ContentRecords(Records):
    """The part of a transaction that deals with the content store."""

    def ask_content_removal(self, cids: Collection[str], at: datetime) -> None:
        known = set(self.contents_to_remove())
        self._insert(
            ContentRemovalTable, *[{"cid": cid, "requested_at": at} for cid in sorted(set(cids)) if cid not in known]
        )

    def contents_to_remove(self) -> tuple[str, ...]:
        rows = self._all(
            select(ContentRemovalTable.cid).order_by(ContentRemovalTable.requested_at, ContentRemovalTable.cid)
        )
        return tuple(row["cid"] for row in rows)

    def end_content_removal(self, cid: str) -> None:
        self._change(delete(ContentRemovalTable).where(ContentRemovalTable.cid == cid))

    def contents_named(self, cids: Collection[str]) -> frozenset[str]:
        asked, found = list(cids), set[str]()
        for start in range(0, len(asked), _AT_ONCE):
            found.update(row["cid"] for row in self._all(_NAMED, {"cids": asked[start : start + _AT_ONCE]}))
        return frozenset(found)

    def large_contents(self, after: str, limit: int) -> Sequence[str]:
        column = AttachmentTable.cid
        rows = self._all(
            select(column)
            .where(
                column > max(after, _DAG_PB_PREFIX),
                column.startswith(_DAG_PB_PREFIX),
                AttachmentTable.sealed_key.is_(None),
            )
            .distinct()
            .order_by(column)
            .limit(limit)
        )
        return [row["cid"] for row in rows]

    def contents_of_deleted_assets(self) -> frozenset[str]:
        rows = self._all(select(DeletedAssetTable.snapshot))
        return frozenset(cid for row in rows for cid in _CID.findall(json.dumps(row["snapshot"])))

    def metadata_of_former_tokens(self) -> tuple[str, ...]:
        rows = self._all(
            select(MintIntentTable.metadata_cid)
            .join(TokenTable, TokenTable.intent_id == MintIntentTable.intent_id)
            .join(ChainInstanceTable, ChainInstanceTable.chain_instance_id == TokenTable.chain_instance_id)
            .where(ChainInstanceTable.is_active == false(), MintIntentTable.metadata_cid.is_not(None))
        )
        return tuple(row["metadata_cid"] for row in rows)
