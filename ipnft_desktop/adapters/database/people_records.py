"""People, enterprises and addresses in a transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, delete, func, select, update

from ipnft_desktop.adapters.database.members import among, among_these
from ipnft_desktop.adapters.database.records import Records
from ipnft_desktop.adapters.database.tables import (
    AddressTable,
    AssetTable,
    EnterpriseTable,
    FormerNameTable,
    MembershipTable,
    UserTable,
    WalletTable,
    table,
)
from ipnft_desktop.domain.assets import Enterprise
from ipnft_desktop.domain.errors import ErrorCode, FieldProblem, ProblemKind, UserError, ValidationFailed
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.domain.people import Account, AddressBookEntry, User, name_key

_USERS = select(*table(UserTable).c)
_BY_NAME = _USERS.order_by(UserTable.name_key)
_MEMBERSHIPS = select(*table(MembershipTable).c)
_IN_A_MINT = (AssetState.MINT_PENDING, AssetState.MINTING)
_ENTERPRISES_OF = select(AssetTable.enterprise_id).where(among(AssetTable.asset_id, "of_assets")).distinct()


class PeopleRecords(Records):
    """The part of a transaction that deals with people."""

    # --- accounts ---------------------------------------------------------------------------------------------

    def hold_accounts(self) -> None:
        # SQLite has one writer anyway.
        if self._connection.dialect.name == "postgresql":
            self._connection.exec_driver_sql("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE")

    def users(self) -> tuple[User, ...]:
        return tuple(account.user for account in self.accounts())

    def accounts(self) -> tuple[Account, ...]:
        memberships: defaultdict[UUID, set[UUID]] = defaultdict(set)
        for row in self._all(_MEMBERSHIPS):
            memberships[row["user_id"]].add(row["enterprise_id"])
        return tuple(_account(row, memberships[row["user_id"]]) for row in self._all(_BY_NAME))

    def user(self, user_id: UUID) -> User | None:
        found = self._account_of(self._first(_USERS.where(UserTable.user_id == user_id)))
        return found.user if found else None

    def account(self, name: str) -> Account | None:
        return self._account_of(self._first(_USERS.where(UserTable.name_key == name_key(name))))

    def insert_user(self, user: User, password_hash: str | None) -> None:
        taken = self._value(select(UserTable.user_id).where(UserTable.name_key == name_key(user.name)))
        if taken is not None:
            raise ValidationFailed((FieldProblem("name", ProblemKind.TAKEN),))
        self._insert(
            UserTable,
            {
                "user_id": user.user_id,
                "name": user.name,
                "name_key": name_key(user.name),
                "password_hash": password_hash,
                "is_demo": user.is_demo,
                "created_at": user.created_at,
                **_changeable(user),
            },
        )
        self._join(user)

    def update_user(self, user: User) -> None:
        if not self._change(update(UserTable).where(UserTable.user_id == user.user_id).values(**_changeable(user))):
            raise UserError(ErrorCode.RECORD_CHANGED, "there is no such account")
        self._change(delete(MembershipTable).where(MembershipTable.user_id == user.user_id))
        self._join(user)

    def set_password_hash(self, user_id: UUID, password_hash: str) -> None:
        self._change(update(UserTable).where(UserTable.user_id == user_id).values(password_hash=password_hash))

    def _join(self, user: User) -> None:
        known = self._all(
            select(EnterpriseTable.enterprise_id).where(among_these(EnterpriseTable.enterprise_id, user.enterprise_ids))
        )
        if len(known) < len(user.enterprise_ids):
            raise ValidationFailed((FieldProblem("enterprise_ids", ProblemKind.NOT_A_CHOICE),))
        rows = [{"user_id": user.user_id, "enterprise_id": each} for each in sorted(user.enterprise_ids)]
        self._insert(MembershipTable, *rows)

    def _account_of(self, row: RowMapping | None) -> Account | None:
        if row is None:
            return None
        joined = self._all(_MEMBERSHIPS.where(MembershipTable.user_id == row["user_id"]))
        return _account(row, {membership["enterprise_id"] for membership in joined})

    # --- enterprises ------------------------------------------------------------------------------------------

    def enterprises_of(self, asset_ids: Collection[UUID]) -> frozenset[UUID]:
        rows = self._all(_ENTERPRISES_OF, {"of_assets": list(asset_ids)})
        return frozenset(row["enterprise_id"] for row in rows)

    def update_enterprise(self, original: Enterprise, changed: Enterprise, at: datetime) -> None:
        of_it = EnterpriseTable.enterprise_id == original.enterprise_id
        wallet_of_it = WalletTable.enterprise_id == original.enterprise_id
        if original.name != changed.name:
            self._require_no_mint_of(original)
            self._insert(FormerNameTable, {"enterprise_id": original.enterprise_id, "name": original.name, "until": at})
        named = self._change(
            update(EnterpriseTable)
            .where(of_it, EnterpriseTable.name == original.name)
            .values(name=changed.name, name_key=changed.name.casefold())
        )
        labelled = self._change(
            update(WalletTable)
            .where(
                wallet_of_it,
                WalletTable.address == original.wallet_address,
                WalletTable.label == original.wallet_label,
            )
            .values(address=changed.wallet_address, label=changed.wallet_label)
        )
        if not named or not labelled:
            raise UserError(ErrorCode.RECORD_CHANGED, original.name)

    def former_names(self, enterprise_id: UUID) -> tuple[str, ...]:
        rows = self._all(
            select(FormerNameTable.name)
            .where(FormerNameTable.enterprise_id == enterprise_id)
            .order_by(FormerNameTable.until.desc())
        )
        return tuple(row["name"] for row in rows)

    def asset_counts(self) -> Mapping[UUID, int]:
        counts = select(AssetTable.enterprise_id, func.count().label("count")).group_by(AssetTable.enterprise_id)
        return {row["enterprise_id"]: row["count"] for row in self._all(counts)}

    def _require_no_mint_of(self, enterprise: Enterprise) -> None:
        """What a mint publishes is frozen with the enterprise's name in it; a resumed one builds it again."""
        in_a_mint = (
            select(AssetTable.asset_id)
            .where(AssetTable.enterprise_id == enterprise.enterprise_id, AssetTable.state.in_(_IN_A_MINT))
            .limit(1)
        )
        if self._value(in_a_mint) is not None:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "a mint of this enterprise is under way; its name is in it")

    # --- addresses --------------------------------------------------------------------------------------------

    def addresses(self) -> tuple[AddressBookEntry, ...]:
        rows = self._all(
            select(AddressTable.address, AddressTable.label, AddressTable.note).order_by(
                func.lower(AddressTable.label), AddressTable.address
            )
        )
        return tuple(AddressBookEntry(row["address"], row["label"], row["note"]) for row in rows)

    def put_addresses(self, entries: Sequence[AddressBookEntry], at: datetime) -> None:
        for entry in entries:
            self.remove_address(entry.address)
        rows = [{"address": e.address, "label": e.label, "note": e.note, "updated_at": at} for e in entries]
        self._insert(AddressTable, *rows)

    def remove_address(self, address: str) -> None:
        self._change(delete(AddressTable).where(AddressTable.address == address))


def _changeable(user: User) -> dict[str, Any]:
    return {
        "display_name": user.display_name,
        "role": user.role,
        "is_active": user.is_active,
        "last_sign_in_at": user.last_sign_in_at,
        "failed_sign_ins": user.failed_sign_ins,
        "locked_until": user.locked_until,
    }


def _account(row: RowMapping, enterprise_ids: set[UUID]) -> Account:
    user = User(
        user_id=row["user_id"],
        name=row["name"],
        display_name=row["display_name"],
        role=row["role"],
        created_at=row["created_at"],
        enterprise_ids=frozenset(enterprise_ids),
        is_active=row["is_active"],
        is_demo=row["is_demo"],
        failed_sign_ins=row["failed_sign_ins"],
        locked_until=row["locked_until"],
        last_sign_in_at=row["last_sign_in_at"],
    )
    return Account(user, row["password_hash"])
