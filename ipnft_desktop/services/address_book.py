"""The address book: a name for every address that people meet here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from ipnft_desktop.domain.audit import FieldChanges
from ipnft_desktop.domain.chain import parse_address
from ipnft_desktop.domain.errors import ErrorCode, FieldProblem, ProblemKind, UserError, ValidationFailed
from ipnft_desktop.domain.events import AddressBookChanged
from ipnft_desktop.domain.people import (
    AddressBookEntry,
    KnownAddress,
    Permission,
    check_entry,
)
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.ports import Clock, Database, Transaction
from ipnft_desktop.services.session import Session


class AddressBook:
    """Wallets of the enterprises, which are kept with them, and entries of its own.

    Changing it asks for EDIT_ADDRESSES, the list for somebody who is signed in: UserError PERMISSION_DENIED or
    SIGN_IN_REQUIRED otherwise.
    """

    def __init__(self, database: Database, session: Session, events: EventHub, clock: Clock) -> None:
        self._database = database
        self._session = session
        self._events = events
        self._clock = clock
        self._labels: Mapping[str, str] = {}

    def label_of(self, address: str) -> str | None:
        """The name of a checksummed address as it was last known here; answers at once."""
        return self._labels.get(address)

    @property
    def known(self) -> tuple[str, ...]:
        """Every checksummed address that has a name, as far as it was loaded."""
        return tuple(self._labels)

    async def load(self) -> None:
        """Know the labels: the register was opened, or an enterprise has another wallet. Tells them to everybody."""
        self._know(await self._database.read(_labels))

    async def list(self) -> tuple[KnownAddress, ...]:
        """The wallets of enterprises by their name, then the entries by label."""
        self._session.require_reader()
        return await self._database.read(known_addresses)

    async def add(self, address: str, label: str, note: str = "") -> AddressBookEntry:
        """Raises ValidationFailed (fields `address`, `label`, `note`); an address that has a name is TAKEN."""
        user = self._session.require(Permission.EDIT_ADDRESSES)
        entry = checked_entry(address, label, note)

        def work(tx: Transaction, now: datetime) -> None:
            if any(known.address == entry.address for known in known_addresses(tx)):
                raise ValidationFailed((FieldProblem("address", ProblemKind.TAKEN),))
            tx.put_addresses([entry], now)
            tx.append_audit(user.name, "address.add", entry.address, {"label": entry.label}, now)

        await self._write(work)
        return entry

    async def change(self, original: AddressBookEntry, label: str, note: str) -> AddressBookEntry:
        """Another label or note. Raises ValidationFailed (fields `label`, `note`), UserError RECORD_CHANGED."""
        user = self._session.require(Permission.EDIT_ADDRESSES)
        entry = checked_entry(original.address, label, note)

        def work(tx: Transaction, now: datetime) -> None:
            _require_same(tx, original)
            tx.put_addresses([entry], now)
            facts, changes = {"label": entry.label}, changes_of_entry(original, entry)
            tx.append_audit(user.name, "address.change", entry.address, facts, now, changes)

        if entry != original:
            await self._write(work)
        return entry

    async def remove(self, original: AddressBookEntry) -> None:
        """Raises UserError RECORD_CHANGED."""
        user = self._session.require(Permission.EDIT_ADDRESSES)

        def work(tx: Transaction, now: datetime) -> None:
            _require_same(tx, original)
            tx.remove_address(original.address)
            facts = {"label": original.label, "note": original.note}
            tx.append_audit(user.name, "address.remove", original.address, facts, now)

        await self._write(work)

    async def _write(self, work: Callable[[Transaction, datetime], None]) -> None:
        def work_and_look(tx: Transaction) -> Mapping[str, str]:
            work(tx, self._clock.now())
            return _labels(tx)

        self._know(await self._database.write(work_and_look))

    def _know(self, labels: Mapping[str, str]) -> None:
        self._labels = labels
        self._events.publish(AddressBookChanged(labels))


def known_addresses(tx: Transaction) -> tuple[KnownAddress, ...]:
    """Everything that has a name."""
    wallets = (
        KnownAddress(AddressBookEntry(each.wallet_address, f"{each.name}: {each.wallet_label}"), each)
        for each in tx.enterprises()
    )
    return (*wallets, *(KnownAddress(entry) for entry in tx.addresses()))


def checked_entry(address: str, label: str, note: str) -> AddressBookEntry:
    """The entry that a person described. Raises ValidationFailed (fields `address`, `label`, `note`)."""
    problems = check_entry(address, label, note)
    if problems:
        raise ValidationFailed(problems)
    return AddressBookEntry(parse_address(address), label.strip(), note.strip())


def changes_of_entry(before: AddressBookEntry, after: AddressBookEntry) -> FieldChanges:
    """What is different, for the audit log."""
    both = {"label": (before.label, after.label), "note": (before.note, after.note)}
    return {field: (old or None, new or None) for field, (old, new) in both.items() if old != new}


def _labels(tx: Transaction) -> dict[str, str]:
    """An enterprise's own wallet comes before an entry that somebody made for it earlier."""
    return {known.address: known.entry.label for known in reversed(known_addresses(tx))}


def _require_same(tx: Transaction, original: AddressBookEntry) -> None:
    if original not in tx.addresses():
        raise UserError(ErrorCode.RECORD_CHANGED, original.label)
