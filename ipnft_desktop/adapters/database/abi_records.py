"""Imported ABIs in a transaction."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, func, or_, select

from ipnft_desktop.adapters.database.members import among_these
from ipnft_desktop.adapters.database.records import Records
from ipnft_desktop.adapters.database.tables import ImportedAbiTable, table
from ipnft_desktop.domain.inspection.contracts import GENERAL, ImportedAbi


class AbiRecords(Records):
    """The part of a transaction that keeps what people imported about contracts of others."""

    def put_abi(self, imported: ImportedAbi) -> None:
        self.remove_abi(imported.address)
        self._insert(
            ImportedAbiTable,
            {
                "address": imported.address,
                "name": imported.name,
                "content": imported.content,
                "imported_by": imported.imported_by,
                "imported_at": imported.imported_at,
            },
        )

    def remove_abi(self, address: str) -> bool:
        return self._change(delete(ImportedAbiTable).where(ImportedAbiTable.address == address)) > 0

    def imported_abis(self, addresses: Collection[str] | None = None) -> tuple[ImportedAbi, ...]:
        by_name = func.lower(ImportedAbiTable.name), ImportedAbiTable.address
        statement = select(*table(ImportedAbiTable).c).order_by(*by_name)
        if addresses is not None:
            is_general = ImportedAbiTable.address.startswith(GENERAL)
            statement = statement.where(or_(is_general, among_these(ImportedAbiTable.address, addresses)))
        rows = self._all(statement)
        return tuple(
            ImportedAbi(row["address"], row["name"], row["content"], row["imported_by"], row["imported_at"])
            for row in rows
        )
