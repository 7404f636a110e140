"""Accounts, enterprises and addresses, on both databases."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text

from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from ipnft_desktop.bootstrap.adapters import SystemClock
from ipnft_desktop.domain.assets import AssetQuery, SortKey
from ipnft_desktop.domain.errors import ErrorCode, ProblemKind, UserError, ValidationFailed
from ipnft_desktop.domain.events import SessionChanged
from ipnft_desktop.domain.people import AddressBookEntry, Role, User
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.people import PeopleService
from ipnft_desktop.services.ports import Transaction
from ipnft_desktop.services.session import Session
from tests.ports.database.conftest import OpenDatabase
from tests.support import samples
from tests.support.memory_passwords import MemoryPasswords
from tests.support.register_under_test import RegisterUnderTest


@contextmanager
def refused(code: ErrorCode) -> Iterator[None]:
    with pytest.raises(UserError) as caught:
        yield
    assert caught.value.code is code


async def add(database: SqlDatabase, *users: User) -> None:
    await database.write(lambda tx: [tx.insert_user(user, "a hash") for user in users])


async def stored(database: SqlDatabase, user_id: UUID) -> User | None:
    return await database.read(lambda tx: tx.user(user_id))


async def test_an_account_comes_back_whole_and_by_any_spelling_of_its_name(register: RegisterUnderTest) -> None:
    user = samples.user(
        Role.OPERATOR,
        register.owner,
        name="Émile",
        failed_sign_ins=3,
        locked_until=samples.at(900),
        last_sign_in_at=samples.at(5),
    )
    await add(register.database, user)
    assert await stored(register.database, user.user_id) == user
    for spelling in ("Émile", " éMILE", "E\u0301mile"):
        account = await register.database.read(lambda tx, spelling=spelling: tx.account(spelling))
        assert account is not None
        assert (account.user, account.password_hash) == (user, "a hash")
        with pytest.raises(ValidationFailed) as caught:
            await add(register.database, samples.user(name=spelling))
        assert (caught.value.field, caught.value.problems[0].kind) == ("name", ProblemKind.TAKEN)
    assert await register.database.read(lambda tx: tx.account("Emile")) is None


async def test_changes_of_an_account(register: RegisterUnderTest) -> None:
    database, other = register.database, samples.enterprise(name="Borealis")
    await database.write(lambda tx: tx.insert_enterprise(other))
    user, bystander = samples.user(Role.OPERATOR, register.owner), samples.user(Role.VIEWER, register.owner)
    await add(database, user, bystander)
    changed = replace(
        user,
        display_name="Émile Zola",
        role=Role.VIEWER,
        is_active=False,
        enterprise_ids=frozenset({other.enterprise_id}),
    )
    await database.write(lambda tx: tx.update_user(changed))
    await database.write(lambda tx: tx.set_password_hash(user.user_id, "another"))
    accounts = await database.read(lambda tx: tx.accounts())
    assert [(each.user, each.password_hash) for each in accounts] == sorted(
        [(changed, "another"), (bystander, "a hash")], key=lambda pair: pair[0].name
    )
    with pytest.raises(ValidationFailed) as caught:
        unknown = replace(changed, enterprise_ids=frozenset({samples.uuid()}))
        await database.write(lambda tx: tx.update_user(unknown))
    assert caught.value.field == "enterprise_ids"
    with refused(ErrorCode.RECORD_CHANGED):
        await database.write(lambda tx: tx.update_user(samples.user()))


async def test_a_new_name_of_an_enterprise_is_in_every_list_at_once(register: RegisterUnderTest) -> None:
    database, other = register.database, samples.enterprise(name="Borealis")
    await database.write(lambda tx: tx.insert_enterprise(other))
    (first,) = await register.add(enterprise=other)
    (second,) = await register.add()
    by_enterprise = AssetQuery(sort=SortKey.ENTERPRISE, descending=False)
    assert [row.asset_id for row in (await register.page(by_enterprise)).rows] == [second.asset_id, first.asset_id]

    renamed = replace(register.owner, name="Zenith", wallet_address=samples.SIGNER, wallet_label="Vault")
    await database.write(lambda tx: tx.update_enterprise(register.owner, renamed, samples.at(1)))

    rows = (await register.page(by_enterprise)).rows
    assert [(row.asset_id, row.enterprise_name) for row in rows] == [
        (first.asset_id, "Borealis"),
        (second.asset_id, "Zenith"),
    ]
    assert (await register.asset(second.asset_id)).enterprise == renamed
    again = replace(renamed, name="Zenit")
    await database.write(lambda tx: tx.update_enterprise(renamed, again, samples.at(2)))
    names = await database.read(lambda tx: tx.former_names(renamed.enterprise_id))
    assert names == ("Zenith", register.owner.name)
    assert await database.read(lambda tx: tx.former_names(other.enterprise_id)) == ()


@pytest.mark.parametrize("field", ["name", "wallet_address", "wallet_label"])
async def test_an_enterprise_that_was_changed_meanwhile_is_left_alone(register: RegisterUnderTest, field: str) -> None:
    seen_before = replace(register.owner, **{field: samples.SIGNER})
    with refused(ErrorCode.RECORD_CHANGED):
        await register.database.write(
            lambda tx: tx.update_enterprise(seen_before, replace(seen_before, wallet_label="New"), samples.NOW)
        )
    assert await register.database.read(lambda tx: tx.enterprises()) == (register.owner,)


async def test_no_new_name_while_a_mint_is_under_way(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    await register.request(asset)
    with refused(ErrorCode.MINT_INVALID_STATE):
        renamed = replace(register.owner, name="Zenith")
        await register.database.write(lambda tx: tx.update_enterprise(register.owner, renamed, samples.NOW))
    moved = replace(register.owner, wallet_label="Vault")
    await register.database.write(lambda tx: tx.update_enterprise(register.owner, moved, samples.NOW))
    assert (await register.asset(asset.asset_id)).enterprise == moved


async def test_assets_of_enterprises(register: RegisterUnderTest) -> None:
    other, empty = samples.enterprise(name="Borealis"), samples.enterprise(name="Empty")
    await register.database.write(lambda tx: [tx.insert_enterprise(each) for each in (other, empty)])
    (foreign,) = await register.add(enterprise=other)
    own = await register.add(2)
    counts = await register.database.read(lambda tx: tx.asset_counts())
    assert counts == {register.owner.enterprise_id: 2, other.enterprise_id: 1}
    ids = [asset.asset_id for asset in own]
    assert await register.database.read(lambda tx: tx.enterprises_of(ids)) == {register.owner.enterprise_id}
    found = await register.database.read(lambda tx: tx.enterprises_of([*ids, foreign.asset_id, samples.uuid()]))
    assert found == {register.owner.enterprise_id, other.enterprise_id}


async def test_addresses_are_added_replaced_and_removed(database: SqlDatabase) -> None:
    first = AddressBookEntry(samples.RECIPIENT, "notary", "opens on Mondays")
    second = AddressBookEntry(samples.SIGNER, "Archive")
    await database.write(lambda tx: tx.put_addresses([first, second], samples.NOW))
    assert await database.read(lambda tx: tx.addresses()) == (second, first)
    changed = replace(first, label="A notary", note="")
    await database.write(lambda tx: tx.put_addresses([changed], samples.at(1)))
    await database.write(lambda tx: tx.remove_address(second.address))
    assert await database.read(lambda tx: tx.addresses()) == (changed,)


async def test_two_programs_at_once_leave_an_administrator(postgresql_url: str, open_database: OpenDatabase) -> None:
    """Each demotes the other, the second while the first has not committed yet: it has to wait, and is refused."""
    ada, bea = samples.user(name="Ada"), samples.user(name="Bea")
    first, second = await open_database(postgresql_url), await open_database(postgresql_url)
    await add(first, ada, bea)
    session = Session(EventHub())
    session.begin(bea)
    people = PeopleService(second, session, SystemClock(), MemoryPasswords(), is_demonstration=False)
    is_held, may_commit = threading.Event(), threading.Event()

    def demote_bea(tx: Transaction) -> None:
        tx.hold_accounts()
        tx.update_user(replace(bea, role=Role.VIEWER))
        is_held.set()
        may_commit.wait(10)

    demoting_bea = asyncio.ensure_future(first.write(demote_bea))
    await asyncio.to_thread(is_held.wait, 10)
    demoting_ada = asyncio.ensure_future(people.change_user(ada, "Ada", Role.VIEWER, (), is_active=True))
    while not demoting_ada.done() and not await asyncio.to_thread(somebody_waits, postgresql_url):
        pass
    may_commit.set()
    await demoting_bea
    with refused(ErrorCode.LAST_ADMIN):
        await demoting_ada


def somebody_waits(url: str) -> bool:
    """For a lock of the server's."""
    engine = create_engine(url)
    with engine.connect() as connection:
        count = connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one()
    engine.dispose()
    return bool(count)


async def test_what_another_program_changes_reaches_the_session(
    postgresql_url: str, open_database: OpenDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ipnft_desktop.services.people.FOLLOW_EVERY_S", 0.01)
    user, events = samples.user(), EventHub()
    database, session = await open_database(postgresql_url), Session(events)
    await add(database, user)
    session.begin(user)
    told: asyncio.Queue[User | None] = asyncio.Queue()
    events.subscribe(lambda event: told.put_nowait(event.user) if isinstance(event, SessionChanged) else None)
    people = PeopleService(database, session, SystemClock(), MemoryPasswords(), is_demonstration=False)
    await people.welcome()
    demoted = replace(user, role=Role.VIEWER)
    await database.write(lambda tx: tx.update_user(demoted))
    assert await asyncio.wait_for(told.get(), 10) == demoted
    await database.write(lambda tx: tx.update_user(replace(demoted, is_active=False)))
    assert await asyncio.wait_for(told.get(), 10) is None
    await people.stop()
