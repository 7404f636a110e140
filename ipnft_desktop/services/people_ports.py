"""What the services need for people, enterprises and addresses, as protocols."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from ipnft_desktop.domain.assets import Enterprise
from ipnft_desktop.domain.people import Account, AddressBookEntry, Password, User


class PasswordHasher(Protocol):
    """Turns passwords into what may be kept of them. Costs half a second of a thread, never of the event loop."""

    async def hash(self, password: Password) -> str:
        """A salted hash with its own parameters in it; of the same password each time another one."""
        ...

    async def verify(self, password_hash: str | None, password: Password) -> bool:
        """Whether this is the password. None takes as long as any hash and is no password's."""
        ...


class PeopleTransaction(Protocol):
    """Part of `services.ports.Transaction`."""

    def hold_accounts(self) -> None:
        """From here until the commit no other program changes an account: for decisions that rest on several."""
        ...

    def users(self) -> tuple[User, ...]:
        """All accounts by name, closed ones too."""
        ...

    def user(self, user_id: UUID) -> User | None: ...
    def account(self, name: str) -> Account | None:
        """The account of this name, whatever its case."""
        ...

    def accounts(self) -> tuple[Account, ...]:
        """All accounts by name, with what proves them."""
        ...

    def insert_user(self, user: User, password_hash: str | None) -> None:
        """Raises ValidationFailed (field `name`) where the name is taken."""
        ...

    def update_user(self, user: User) -> None:
        """Everything but the name and the password. Raises UserError RECORD_CHANGED where there is no such account,
        ValidationFailed (field `enterprise_ids`) where there is no such enterprise."""
        ...

    def set_password_hash(self, user_id: UUID, password_hash: str) -> None: ...

    def update_enterprise(self, original: Enterprise, changed: Enterprise, at: datetime) -> None:
        """New name and wallet, in every list at once. Raises UserError RECORD_CHANGED unless it still is `original`,
        MINT_INVALID_STATE for a new name while a mint of the enterprise is under way."""
        ...

    def former_names(self, enterprise_id: UUID) -> tuple[str, ...]:
        """Names the enterprise had before, newest first."""
        ...

    def asset_counts(self) -> Mapping[UUID, int]:
        """How many assets each enterprise has; without those that have none."""
        ...

    def addresses(self) -> tuple[AddressBookEntry, ...]:
        """Entries by label."""
        ...

    def put_addresses(self, entries: Sequence[AddressBookEntry], at: datetime) -> None:
        """Add entries, or replace those of the same address."""
        ...

    def remove_address(self, address: str) -> None: ...
