"""Enterprises: who owns assets, where their tokens go, and who acts for them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from uuid6 import uuid7

from ipnft_desktop.domain.assets import Enterprise
from ipnft_desktop.domain.audit import FieldChanges
from ipnft_desktop.domain.chain import parse_address
from ipnft_desktop.domain.errors import ErrorCode, FieldProblem, ProblemKind, UserError, ValidationFailed
from ipnft_desktop.domain.events import EnterpriseChanged
from ipnft_desktop.domain.people import (
    ENTERPRISE_NAME_MAX_CHARS,
    LABEL_MAX_CHARS,
    EnterpriseStanding,
    Permission,
    User,
    check_address,
    check_line,
)
from ipnft_desktop.services.address_book import AddressBook
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.ports import Clock, Database, Transaction
from ipnft_desktop.services.session import Session


class EnterpriseService:
    """What an administrator does with enterprises: UserError PERMISSION_DENIED or SIGN_IN_REQUIRED for others."""

    def __init__(
        self, database: Database, session: Session, events: EventHub, clock: Clock, addresses: AddressBook
    ) -> None:
        self._database = database
        self._session = session
        self._events = events
        self._clock = clock
        self._addresses = addresses

    async def list(self) -> tuple[EnterpriseStanding, ...]:
        """All enterprises by name, with what depends on them, for everybody who is signed in."""
        self._session.require_reader()

        def work(tx: Transaction) -> tuple[EnterpriseStanding, ...]:
            counts, users = tx.asset_counts(), tx.users()
            return tuple(
                EnterpriseStanding(
                    enterprise,
                    counts.get(enterprise.enterprise_id, 0),
                    tuple(user for user in users if enterprise.enterprise_id in user.enterprise_ids),
                )
                for enterprise in tx.enterprises()
            )

        return await self._database.read(work)

    async def create(self, name: str, wallet_address: str, wallet_label: str) -> Enterprise:
        """A new one, without assets and members. Raises ValidationFailed (fields `name`, `wallet_address`,
        `wallet_label`)."""
        admin = self._session.require(Permission.MANAGE_PEOPLE)
        enterprise = _checked(UUID(int=uuid7().int), name, wallet_address, wallet_label)

        def work(tx: Transaction) -> None:
            _refuse_taken(tx, enterprise)
            tx.insert_enterprise(enterprise)
            facts = _values(enterprise)
            tx.append_audit(admin.name, "enterprise.create", str(enterprise.enterprise_id), facts, self._clock.now())

        await self._database.write(work)
        await self._tell(enterprise)
        return enterprise

    async def change(self, original: Enterprise, name: str, wallet_address: str, wallet_label: str) -> Enterprise:
        """Another name, another wallet for the tokens to come, or both, made from `original`.

        What was minted keeps the name and the recipient it was minted with. Raises ValidationFailed as `create`,
        UserError RECORD_CHANGED (someone was faster), MINT_INVALID_STATE for a new name while a mint of the enterprise
        is under way.
        """
        admin = self._session.require(Permission.MANAGE_PEOPLE)
        changed = _checked(original.enterprise_id, name, wallet_address, wallet_label)
        if changed == original:
            return original

        def work(tx: Transaction) -> None:
            now = self._clock.now()
            _refuse_taken(tx, changed)
            tx.update_enterprise(original, changed, now)
            tx.append_audit(
                admin.name,
                "enterprise.change",
                str(changed.enterprise_id),
                {"name": changed.name},
                now,
                _changes(original, changed),
            )

        await self._database.write(work)
        await self._tell(changed)
        return changed

    async def change_members(
        self, enterprise_id: UUID, *, added: Collection[UUID] = (), removed: Collection[UUID] = ()
    ) -> None:
        """Let people act for the enterprise, or no longer; others' changes at the same time stay.

        Raises UserError RECORD_CHANGED for an unknown account, ValidationFailed for an unknown enterprise.
        """
        admin = self._session.require(Permission.MANAGE_PEOPLE)

        def work(tx: Transaction) -> list[User]:
            tx.hold_accounts()
            now = self._clock.now()
            changed: list[User] = []
            for user_id in {*added, *removed}:
                user = tx.user(user_id)
                if user is None:
                    raise UserError(ErrorCode.RECORD_CHANGED, "there is no such account")
                others = user.enterprise_ids - {enterprise_id}
                acts_for = others | {enterprise_id} if user_id in added else others
                if acts_for == user.enterprise_ids:
                    continue
                changed.append(replace(user, enterprise_ids=acts_for))
                tx.update_user(changed[-1])
                action = "enterprise.add_member" if user_id in added else "enterprise.remove_member"
                tx.append_audit(admin.name, action, str(enterprise_id), {"member": user.name}, now)
            return changed

        for user in await self._database.write(work):
            self._session.take_over(user)

    async def _tell(self, enterprise: Enterprise) -> None:
        self._events.publish(EnterpriseChanged(enterprise))
        await self._addresses.load()


def _checked(enterprise_id: UUID, name: str, wallet_address: str, wallet_label: str) -> Enterprise:
    problems = (
        *check_line("name", name, ENTERPRISE_NAME_MAX_CHARS),
        *check_address("wallet_address", wallet_address),
        *check_line("wallet_label", wallet_label, LABEL_MAX_CHARS),
    )
    if problems:
        raise ValidationFailed(problems)
    return Enterprise(enterprise_id, name.strip(), parse_address(wallet_address), wallet_label.strip())


def _refuse_taken(tx: Transaction, enterprise: Enterprise) -> None:
    for known in tx.enterprises():
        if known.enterprise_id != enterprise.enterprise_id and known.name.casefold() == enterprise.name.casefold():
            raise ValidationFailed((FieldProblem("name", ProblemKind.TAKEN),))


def _values(enterprise: Enterprise) -> dict[str, str]:
    return {
        "name": enterprise.name,
        "wallet_address": enterprise.wallet_address,
        "wallet_label": enterprise.wallet_label,
    }


def _changes(before: Enterprise, after: Enterprise) -> FieldChanges:
    old, new = _values(before), _values(after)
    return {field: (old[field], new[field]) for field in old if old[field] != new[field]}
