"""Signing in and out, and accounts, over a real register; what wrong passwords lead to stands in tests/faults."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ipnft_desktop.domain.errors import ErrorCode, ProblemKind, UserError, ValidationFailed
from ipnft_desktop.domain.people import MAX_FAILED_SIGN_INS, Role, User
from tests.support import samples
from tests.support.office import PASSWORD, WRONG, Office, open_office


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as opened:
        yield opened


@pytest.fixture
async def admin(office: Office) -> User:
    """The first administrator, signed in."""
    return await office.first_admin()


@contextmanager
def refused(code: ErrorCode) -> Iterator[None]:
    with pytest.raises(UserError) as caught:
        yield
    assert caught.value.code is code


# --- the first account ----------------------------------------------------------------------------------------------


async def test_the_first_administrator_is_made_once_and_is_signed_in(office: Office) -> None:
    assert await office.people.needs_first_admin()
    made = await office.people.create_first_admin(" Ada ", "Ada Lovelace", PASSWORD)
    assert (made.name, made.role, office.session.user) == ("Ada", Role.ADMIN, made)
    assert office.told == [made]
    assert not await office.people.needs_first_admin()
    with refused(ErrorCode.PERMISSION_DENIED):
        await office.another_program().create_first_admin("Eve", "Eve", PASSWORD)
    assert [user.name for user in await office.users()] == ["Ada"]
    assert [line[:2] for line in office.audit()] == [("Ada", "user.create"), ("Ada", "user.sign_in")]


async def test_two_programs_at_once_make_one_first_administrator(office: Office) -> None:
    made = await asyncio.gather(
        office.people.create_first_admin("Ada", "Ada", PASSWORD),
        office.another_program().create_first_admin("Eve", "Eve", PASSWORD),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in made) == ["User", "UserError"]
    assert len(await office.users()) == 1


@pytest.mark.parametrize(
    ("name", "display_name", "password", "field", "kind"),
    [
        ("", "Ada", PASSWORD, "name", ProblemKind.REQUIRED),
        ("x" * 101, "Ada", PASSWORD, "name", ProblemKind.TOO_LONG),
        ("Ada\u202e", "Ada", PASSWORD, "name", ProblemKind.HIDDEN_CHARACTERS),
        ("A\nda", "Ada", PASSWORD, "name", ProblemKind.HIDDEN_CHARACTERS),
        ("Program", "Ada", PASSWORD, "name", ProblemKind.TAKEN),
        ("Ada", " ", PASSWORD, "display_name", ProblemKind.REQUIRED),
        ("Ada", "Ada", "123456789", "password", ProblemKind.TOO_SHORT),
        ("Ada", "Ada", "x" * 1001, "password", ProblemKind.TOO_LONG),
        ("Ada Lovelace", "Ada", "ADA LOVELACE", "password", ProblemKind.LIKE_THE_NAME),
    ],
)
async def test_what_may_not_be_chosen(
    office: Office, name: str, display_name: str, password: str, field: str, kind: ProblemKind
) -> None:
    with pytest.raises(ValidationFailed) as caught:
        await office.people.create_first_admin(name, display_name, password)
    assert [(problem.field, problem.kind) for problem in caught.value.problems] == [(field, kind)]
    assert await office.users() == ()


# --- signing in -----------------------------------------------------------------------------------------------------


async def test_signing_in_and_out(office: Office, admin: User) -> None:
    await office.people.sign_out()
    assert office.session.user is None
    office.clock.moment = samples.at(60)
    signed_in = await office.people.sign_in(" ada", PASSWORD)
    assert office.session.user == signed_in == await office.user("Ada")
    assert signed_in.last_sign_in_at == samples.at(60)
    assert office.told == [admin, None, signed_in]
    assert [line[1] for line in office.audit()][-2:] == ["user.sign_out", "user.sign_in"]


async def test_an_unknown_name_costs_and_says_the_same_as_a_wrong_password(office: Office, admin: User) -> None:
    await office.people.sign_out()
    said: list[tuple[object, ...]] = []
    for name, password in (("Ada", WRONG), ("Nobody", WRONG)):
        with pytest.raises(UserError) as caught:
            await office.people.sign_in(name, password)
        said.append((caught.value.code, caught.value.detail, dict(caught.value.facts)))
    assert said[0] == said[1]
    assert said[0][0] is ErrorCode.SIGN_IN_REFUSED
    assert len(office.passwords.asked) == 2, "a password was computed for either"
    assert office.session.user is None
    assert office.audit()[-1][:2] == ("program", "user.sign_in_refused")
    assert "Nobody" not in str(office.audit()), "what was typed for a name may be a password"


async def test_a_closed_account_is_as_good_as_none(office: Office, admin: User) -> None:
    otto = await office.operator()
    closed = await office.people.change_user(otto, "Otto", Role.OPERATOR, (), is_active=False)
    for _ in range(MAX_FAILED_SIGN_INS + 1):
        with refused(ErrorCode.SIGN_IN_REFUSED):
            await office.people.sign_in("Otto", PASSWORD)
    await office.people.change_user(closed, "Otto", Role.OPERATOR, (), is_active=True)
    assert (await office.people.sign_in("Otto", PASSWORD)).name == "Otto"


async def test_changing_ones_own_password(office: Office, admin: User) -> None:
    with pytest.raises(UserError) as caught:
        await office.people.change_password(WRONG, "another horse battery")
    assert (caught.value.code, caught.value.field) == (ErrorCode.SIGN_IN_REFUSED, "old")
    with pytest.raises(ValidationFailed):
        await office.people.change_password(PASSWORD, "short")
    await office.people.change_password(PASSWORD, "another horse battery")
    await office.people.sign_out()
    with refused(ErrorCode.SIGN_IN_REQUIRED):
        await office.people.change_password("another horse battery", PASSWORD)
    with refused(ErrorCode.SIGN_IN_REFUSED):
        await office.people.sign_in("Ada", PASSWORD)
    await office.people.sign_in("Ada", "another horse battery")


# --- what an administrator does -------------------------------------------------------------------------------------


async def test_an_account_through_its_life(office: Office, admin: User) -> None:
    otto = await office.operator()
    with pytest.raises(ValidationFailed) as caught:
        await office.operator("OTTO")
    assert caught.value.field == "name"
    changed = await office.people.change_user(otto, "Otto Hahn", Role.VIEWER, (), is_active=True)
    assert changed == await office.user("otto")
    await office.people.change_user(otto, "Otto Hahn", Role.VIEWER, (), is_active=True)  # nothing new
    for _ in range(MAX_FAILED_SIGN_INS):
        with pytest.raises(UserError):
            await office.people.sign_in("Otto", WRONG)
    assert (await office.people.unlock(otto.user_id)).locked_until is None
    await office.people.set_password(otto.user_id, "yet another password")
    assert (await office.another_program().sign_in("Otto", "yet another password")).display_name == "Otto Hahn"
    lines = [line for line in office.audit() if line[0] == "Ada"][2:]
    assert [line[1] for line in lines] == ["user.create", "user.change", "user.unlock", "user.set_password"]
    assert lines[1][3] == {"display_name": ["Otto", "Otto Hahn"], "role": ["OPERATOR", "VIEWER"]}
    assert "password" not in str([line[2:] for line in lines])


async def test_what_another_administrator_changed_meanwhile_is_not_undone(office: Office, admin: User) -> None:
    shown = await office.operator()
    with pytest.raises(UserError):
        await office.people.sign_in("Otto", WRONG)  # counted in the account, and nobody's change
    theirs = await office.people.change_user(shown, "Otto", Role.VIEWER, (), is_active=True)
    assert theirs.failed_sign_ins == 1
    with refused(ErrorCode.RECORD_CHANGED):
        await office.people.change_user(shown, "Otto Hahn", Role.OPERATOR, (), is_active=True)
    assert await office.user("Otto") == theirs
    ours = await office.people.change_user(theirs, "Otto Hahn", theirs.role, (), is_active=True)
    assert (ours.display_name, ours.role) == ("Otto Hahn", Role.VIEWER)


async def test_the_session_follows_its_account(office: Office, admin: User) -> None:
    await office.people.create_user("Bea", "Bea", Role.ADMIN, (), PASSWORD)
    changed = await office.people.change_user(admin, "Countess", Role.ADMIN, (), is_active=True)
    assert office.session.user == changed
    await office.people.change_user(changed, "Countess", Role.ADMIN, (), is_active=False)
    assert office.session.user is None


@pytest.mark.parametrize("change", [{"role": Role.OPERATOR}, {"is_active": False}])
async def test_the_last_administrator_stays(office: Office, admin: User, change: dict[str, Any]) -> None:
    bea = await office.people.create_user("Bea", "Bea", Role.ADMIN, (), PASSWORD)
    closed = await office.people.change_user(bea, "Bea", Role.ADMIN, (), is_active=False)
    settings: dict[str, Any] = {"role": Role.ADMIN, "is_active": True, **change}
    with refused(ErrorCode.LAST_ADMIN):
        await office.people.change_user(admin, "Ada", enterprise_ids=(), **settings)
    assert await office.user("Ada") == admin == office.session.user
    await office.people.change_user(closed, "Bea", Role.ADMIN, (), is_active=True)
    await office.people.change_user(admin, "Ada", enterprise_ids=(), **settings)


async def test_unknown_accounts_are_refused(office: Office, admin: User) -> None:
    unknown = samples.uuid()
    for asked in (
        office.people.change_user(samples.user(), "Eve", Role.VIEWER, (), is_active=True),
        office.people.set_password(unknown, PASSWORD),
        office.people.unlock(unknown),
    ):
        with refused(ErrorCode.RECORD_CHANGED):
            await asked


# --- the demonstration user -----------------------------------------------------------------------------------------


async def test_the_demonstration_user_signs_in_by_itself_on_a_demonstration_register_only(office: Office) -> None:
    await office.people.welcome()
    assert (office.session.user, await office.users()) == (None, ())
    for _ in range(2):  # the first start and the next one
        demo = office.another_program(is_demonstration=True)
        await demo.welcome()
        assert demo._session.actor == "demo"
        assert not await demo.needs_first_admin()
        assert await demo.offers_demo()
        (user,) = await demo.users()
        assert (user.role, user.is_demo) == (Role.ADMIN, True)
        with refused(ErrorCode.PERMISSION_DENIED):
            await demo.set_password(user.user_id, PASSWORD)
    # The same register under settings of which it is no demonstration.
    await office.people.welcome()
    assert not await office.people.offers_demo()
    with refused(ErrorCode.SIGN_IN_REFUSED):
        await office.people.sign_in_demo()
    with refused(ErrorCode.SIGN_IN_REFUSED):
        await office.people.sign_in("demo", "")
    assert await office.people.needs_first_admin()
    await office.people.create_first_admin("Ada", "Ada", PASSWORD)


async def test_the_demonstration_user_waits_to_be_asked_once_somebody_has_a_password(office: Office) -> None:
    first = office.another_program(is_demonstration=True)
    await first.welcome()
    await first.create_user("Bea", "Bea", Role.VIEWER, (), PASSWORD)
    second = office.another_program(is_demonstration=True)
    await second.welcome()
    assert second._session.user is None
    assert (await second.sign_in_demo()).is_demo
    with refused(ErrorCode.LAST_ADMIN):
        await second.change_user(await second.sign_in_demo(), "demo", Role.ADMIN, (), is_active=False)
    await second.create_user("Ada", "Ada", Role.ADMIN, (), PASSWORD)
    demo = await second.sign_in_demo()
    await second.change_user(demo, "demo", Role.ADMIN, (), is_active=False)
    assert not await second.offers_demo()
    with refused(ErrorCode.SIGN_IN_REFUSED):
        await second.sign_in_demo()


async def test_who_signed_out_is_not_signed_in_again_by_a_restart_of_the_environment(office: Office) -> None:
    demo = office.another_program(is_demonstration=True)
    await demo.welcome()
    await demo.sign_out()
    await demo.welcome()
    assert demo._session.user is None


# --- another state of the register ----------------------------------------------------------------------------------


async def test_who_said_so_before_stays_signed_in_over_a_return_to_another_state(office: Office, admin: User) -> None:
    await office.people.stay_signed_in()
    await office.people.welcome()  # the register is opened again, with the same account in it
    assert office.session.user == await office.user("Ada")
    assert office.told == [admin], "nobody was asked"


async def test_who_has_another_password_there_or_no_account_is_asked_anew(office: Office, admin: User) -> None:
    otto = await office.operator()
    await office.people.stay_signed_in()
    await office.another_program().sign_in("Otto", PASSWORD)
    await office.people.set_password(admin.user_id, "another horse battery")
    await office.people.welcome()
    assert office.session.user is None

    office.session.begin(samples.user())  # of whom this register knows nothing
    await office.people.stay_signed_in()
    await office.people.welcome()
    assert office.session.user is None

    await office.people.sign_in("Otto", PASSWORD)
    await office.people.stay_signed_in()
    other = office.another_program()
    await other.sign_in("Ada", "another horse battery")
    await other.change_user(await office.user("Otto"), otto.display_name, otto.role, (), is_active=False)
    await office.people.welcome()
    assert office.session.user is None


async def test_who_signs_out_meanwhile_stays_out(office: Office, admin: User) -> None:
    await office.people.stay_signed_in()
    await office.people.sign_out()
    await office.people.welcome()
    assert office.session.user is None
