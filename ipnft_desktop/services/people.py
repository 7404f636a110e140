"""People and their accounts: signing in and out, and what an administrator does with accounts."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from uuid6 import uuid7

from ipnft_desktop.domain.audit import FieldChanges
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, FieldProblem, UserError, ValidationFailed
from ipnft_desktop.domain.people import (
    LABEL_MAX_CHARS,
    LOCKED_FOR,
    MAX_FAILED_SIGN_INS,
    Account,
    Password,
    Permission,
    Role,
    User,
    check_line,
    check_password,
    check_user_name,
)
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.services.people_ports import PasswordHasher
from ipnft_desktop.services.ports import Clock, Database, Transaction
from ipnft_desktop.services.session import PROGRAM, Session

FOLLOW_EVERY_S = 5.0
DEMO_NAME = "demo"
DEMO_DISPLAY_NAME = "Demonstration"


class PeopleService:
    """Signs people in and keeps their accounts. Every change is in the audit log, a password never.

    The demonstration user exists on a local demonstration register only, see docs/decisions/0026. Passwords are
    hashed in a thread, half a second each.
    """

    def __init__(
        self, database: Database, session: Session, clock: Clock, passwords: PasswordHasher, *, is_demonstration: bool
    ) -> None:
        self._database = database
        self._session = session
        self._clock = clock
        self._passwords = passwords
        self._is_demonstration = is_demonstration
        self._has_signed_out = False
        self._following: asyncio.Task[None] | None = None
        self._staying: Account | None = None

    # --- signing in and out -----------------------------------------------------------------------------------

    async def welcome(self) -> None:
        """The register was opened: on a demonstration register its user is made where there is no account yet, and
        signs in by itself as long as nobody else has a password and nobody has signed out. On a shared one what other
        programs change on the account that is signed in is noticed from now on."""
        if self._database.is_shared and self._following is None:
            self._following = asyncio.create_task(self._follow(), name="people.follow")
        staying, self._staying = self._staying, None
        if staying is not None:
            await self._look_up(staying)
        if not self._is_demonstration:
            return
        user = await self._database.write(self._make_demo_user)
        if user is not None and self._session.user is None and not self._has_signed_out:
            await self.sign_in_demo()

    async def stay_signed_in(self) -> None:
        """Another state of this register is about to be opened. Whoever is signed in stays so where that state knows
        the account, open and with the same password: what they proved holds there too; otherwise the session ends when
        it is opened. Raises UserError SIGN_IN_REQUIRED, EnvironmentFault DATABASE_UNAVAILABLE."""
        user = self._session.require_reader()
        account = await self._database.read(lambda tx: tx.account(user.name))
        self._staying = account or Account(user, None)

    async def stop(self) -> None:
        """Notice nothing any more."""
        following, self._following = self._following, None
        if following is not None:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)

    async def needs_first_admin(self) -> bool:
        """Whether no administrator can sign in, so that the first one is still to be made."""
        return not _administrators(await self._database.read(lambda tx: tx.accounts()), self._is_demonstration)

    async def offers_demo(self) -> bool:
        """Whether the demonstration user may sign in here: a question for whoever is not signed in yet."""
        demo = await self._database.read(_demo_user)
        return demo is not None and demo.is_active and self._is_demonstration

    async def create_first_admin(self, name: str, display_name: str, password: str) -> User:
        """Make the account that administers a new register, and sign it in.

        Raises ValidationFailed (fields `name`, `display_name`, `password`), PERMISSION_DENIED once there is one.
        """
        chosen = Password(password)
        del password  # no local of a frame that an exception passes through
        user = self._new_user(name, display_name, Role.ADMIN, ())
        _refuse(*check_user_name(name), *_check_person(user), *check_password(chosen, name))
        password_hash = await self._passwords.hash(chosen)

        def work(tx: Transaction) -> None:
            tx.hold_accounts()
            if _administrators(tx.accounts(), self._is_demonstration):
                raise UserError(ErrorCode.PERMISSION_DENIED, "this register has an administrator")
            tx.insert_user(user, password_hash)
            tx.append_audit(user.name, "user.create", str(user.user_id), _facts(user), user.created_at)

        await self._database.write(work)
        return await self._let_in(user.user_id)

    async def sign_in(self, name: str, password: str) -> User:
        """Begin a session. Raises UserError SIGN_IN_REFUSED, alike for an unknown name and a wrong password and after
        the same time, or SIGN_IN_LOCKED (fact `until`, ISO 8601) for a while after five wrong passwords in a row."""
        typed = Password(password)
        del password  # no local of a frame that an exception passes through
        return await self._let_in((await self._prove(name, typed)).user_id)

    async def sign_in_demo(self) -> User:
        """Begin a session of the demonstration user. Raises UserError SIGN_IN_REFUSED on any other register, and where
        an administrator closed that account."""
        demo = await self._database.read(_demo_user)
        if demo is None or not self._is_demonstration:
            raise UserError(ErrorCode.SIGN_IN_REFUSED, "there is no demonstration user here")
        return await self._let_in(demo.user_id)

    async def sign_out(self) -> None:
        """End the session; what was begun goes on."""
        user = self._session.user
        if user is None:
            return
        self._session.end()
        self._has_signed_out = True
        self._staying = None
        with suppress(EnvironmentFault):  # a register that cannot be written keeps nobody signed in
            await self._note(user.name, "user.sign_out", user, {})

    async def change_password(self, old: str, new: str) -> None:
        """The person who is signed in chooses another password.

        Raises SIGN_IN_REFUSED (field `old`) or SIGN_IN_LOCKED as `sign_in` does, ValidationFailed (field `password`),
        PERMISSION_DENIED for the demonstration user, who has none.
        """
        typed, chosen = Password(old), Password(new)
        del old, new  # no local of a frame that an exception passes through
        user = self._session.require_reader()
        if user.is_demo:
            raise UserError(ErrorCode.PERMISSION_DENIED, "the demonstration user has no password")
        _refuse(*check_password(chosen, user.name))
        await self._prove(user.name, typed, field="old")
        await self._replace_password(user.user_id, chosen, by=user)

    # --- what an administrator does ---------------------------------------------------------------------------

    async def users(self) -> tuple[User, ...]:
        """All accounts by name, closed ones too. Raises UserError SIGN_IN_REQUIRED."""
        self._session.require_reader()
        return await self._database.read(lambda tx: tx.users())

    async def create_user(
        self, name: str, display_name: str, role: Role, enterprise_ids: Collection[UUID], password: str
    ) -> User:
        """Raises ValidationFailed (fields `name`, `display_name`, `password`, `enterprise_ids`), PERMISSION_DENIED."""
        chosen = Password(password)
        del password  # no local of a frame that an exception passes through
        admin = self._session.require(Permission.MANAGE_PEOPLE)
        user = self._new_user(name, display_name, role, enterprise_ids)
        _refuse(*check_user_name(name), *_check_person(user), *check_password(chosen, name))
        password_hash = await self._passwords.hash(chosen)

        def work(tx: Transaction) -> None:
            tx.insert_user(user, password_hash)
            tx.append_audit(admin.name, "user.create", str(user.user_id), _facts(user), user.created_at)

        await self._database.write(work)
        return user

    async def change_user(
        self, original: User, display_name: str, role: Role, enterprise_ids: Collection[UUID], is_active: bool
    ) -> User:
        """Everything about an account but its name and password; a closed one can be opened again. `original` is the
        account as it was shown.

        Raises ValidationFailed (fields `display_name`, `enterprise_ids`), PERMISSION_DENIED, RECORD_CHANGED for an
        unknown account and for one that somebody changed since, LAST_ADMIN where nobody who can sign in would be left
        to administer the register.
        """
        admin = self._session.require(Permission.MANAGE_PEOPLE)

        def change(user: User) -> User:
            changed = replace(
                user,
                display_name=display_name.strip(),
                role=role,
                enterprise_ids=frozenset(enterprise_ids),
                is_active=is_active,
            )
            _refuse(*_check_person(changed))
            return changed

        def work(tx: Transaction) -> User:
            tx.hold_accounts()
            before = _existing(tx, original.user_id)
            changed = change(before)
            if changed != before:
                if _settings(before) != _settings(original):
                    raise UserError(ErrorCode.RECORD_CHANGED, before.name)
                tx.update_user(changed)
                if not _administrators(tx.accounts(), self._is_demonstration):
                    raise UserError(ErrorCode.LAST_ADMIN, before.name)
                facts, now = {"name": changed.name}, self._clock.now()
                tx.append_audit(admin.name, "user.change", str(changed.user_id), facts, now, _changes(before, changed))
            return changed

        changed = await self._database.write(work)
        self._session.take_over(changed)
        return changed

    async def set_password(self, user_id: UUID, new: str) -> None:
        """Give a person who forgot theirs another password; it also unlocks the account.

        Raises ValidationFailed (field `password`), PERMISSION_DENIED, RECORD_CHANGED for an unknown account.
        """
        chosen = Password(new)
        del new  # no local of a frame that an exception passes through
        admin = self._session.require(Permission.MANAGE_PEOPLE)
        user = await self._database.read(lambda tx: _existing(tx, user_id))
        if user.is_demo:
            raise UserError(ErrorCode.PERMISSION_DENIED, "the demonstration user has no password")
        _refuse(*check_password(chosen, user.name))
        await self._replace_password(user_id, chosen, by=admin)

    async def unlock(self, user_id: UUID) -> User:
        """Let a person try again at once. Raises PERMISSION_DENIED, RECORD_CHANGED for an unknown account."""
        admin = self._session.require(Permission.MANAGE_PEOPLE)

        def work(tx: Transaction) -> User:
            tx.hold_accounts()
            unlocked = replace(_existing(tx, user_id), failed_sign_ins=0, locked_until=None)
            tx.update_user(unlocked)
            tx.append_audit(admin.name, "user.unlock", str(user_id), {"name": unlocked.name}, self._clock.now())
            return unlocked

        changed = await self._database.write(work)
        self._session.take_over(changed)
        return changed

    # --- inside -----------------------------------------------------------------------------------------------

    async def _look_up(self, staying: Account) -> None:
        if self._session.user is None or self._session.user.user_id != staying.user.user_id:
            return  # signed out meanwhile, or somebody else by now
        found = await self._database.read(lambda tx: tx.account(staying.user.name))
        if (
            found is not None
            and found.user.user_id == staying.user.user_id
            and found.password_hash == staying.password_hash
        ):
            self._session.take_over(found.user)  # which ends it where the account was closed
        else:
            self._session.end()

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(FOLLOW_EVERY_S)
            user = self._session.user
            with suppress(EnvironmentFault):  # the register is away for a moment
                if user and (now := await self._database.read(lambda tx, of=user.user_id: tx.user(of))):
                    self._session.take_over(now)

    def _new_user(self, name: str, display_name: str, role: Role, enterprise_ids: Collection[UUID]) -> User:
        return User(
            user_id=UUID(int=uuid7().int),
            name=name.strip(),
            display_name=display_name.strip(),
            role=role,
            created_at=self._clock.now(),
            enterprise_ids=frozenset(enterprise_ids),
        )

    def _make_demo_user(self, tx: Transaction) -> User | None:
        """The demonstration user, if they sign in by themselves."""
        tx.hold_accounts()
        accounts = tx.accounts()
        if not accounts:
            demo = replace(self._new_user(DEMO_NAME, DEMO_DISPLAY_NAME, Role.ADMIN, ()), is_demo=True)
            tx.insert_user(demo, None)
            tx.append_audit(PROGRAM, "user.create", str(demo.user_id), _facts(demo), demo.created_at)
            return demo
        if any(account.password_hash and account.user.is_active for account in accounts):
            return None
        return next((account.user for account in accounts if account.user.is_demo and account.user.is_active), None)

    async def _prove(self, name: str, typed: Password, field: str | None = None) -> User:
        """The person whose name and password these are. A try counts before it is looked at, so that many at once are
        no more than five."""
        account = await self._database.write(lambda tx: self._count_try(tx, name))
        if await self._passwords.verify(account.password_hash if account else None, typed) and account:
            return account.user
        refused = UserError(ErrorCode.SIGN_IN_REFUSED, field=field)
        if account is None:
            await self._database.write(
                lambda tx: tx.append_audit(PROGRAM, "user.sign_in_refused", "no such account", {}, self._clock.now())
            )
            raise refused
        user = account.user
        if user.locked_until is None:
            await self._note(PROGRAM, "user.sign_in_refused", user, {"failed_sign_ins": str(user.failed_sign_ins)})
            raise refused
        await self._note(PROGRAM, "user.locked", user, {"until": user.locked_until.isoformat()})
        raise _locked(user.locked_until)

    def _count_try(self, tx: Transaction, name: str) -> Account | None:
        """The account as it stands if the password is wrong; None if no password opens it."""
        tx.hold_accounts()
        account = tx.account(name)
        if account is None or account.password_hash is None or not account.user.is_active:
            return None
        user, now = account.user, self._clock.now()
        if user.locked_until is not None and now < user.locked_until:
            raise _locked(user.locked_until)
        tries = 1 if user.locked_until else user.failed_sign_ins + 1
        locked_until = now + LOCKED_FOR if tries >= MAX_FAILED_SIGN_INS else None
        counted = replace(user, failed_sign_ins=tries, locked_until=locked_until)
        tx.update_user(counted)
        return replace(account, user=counted)

    async def _let_in(self, user_id: UUID) -> User:
        now = self._clock.now()

        def work(tx: Transaction) -> User:
            tx.hold_accounts()
            user = _existing(tx, user_id)
            if not user.is_active:
                raise UserError(ErrorCode.SIGN_IN_REFUSED)
            user = replace(user, failed_sign_ins=0, locked_until=None, last_sign_in_at=now)
            tx.update_user(user)
            tx.append_audit(user.name, "user.sign_in", str(user_id), {"name": user.name}, now)
            return user

        user = await self._database.write(work)
        self._session.begin(user)
        return user

    async def _replace_password(self, user_id: UUID, chosen: Password, *, by: User) -> None:
        password_hash = await self._passwords.hash(chosen)

        def work(tx: Transaction) -> User:
            tx.hold_accounts()
            user = replace(_existing(tx, user_id), failed_sign_ins=0, locked_until=None)
            tx.update_user(user)
            tx.set_password_hash(user_id, password_hash)
            tx.append_audit(by.name, "user.set_password", str(user_id), {"name": user.name}, self._clock.now())
            return user

        self._session.take_over(await self._database.write(work))

    async def _note(self, actor: str, action: str, user: User, facts: Mapping[str, str]) -> None:
        told = {"name": user.name, **facts}
        await self._database.write(
            lambda tx: tx.append_audit(actor, action, str(user.user_id), told, self._clock.now())
        )


def _administrators(accounts: Collection[Account], is_demonstration: bool) -> list[User]:
    """Those who can sign in."""
    return [
        account.user
        for account in accounts
        if account.user.role is Role.ADMIN
        and account.user.is_active
        and (account.password_hash or (account.user.is_demo and is_demonstration))
    ]


def _demo_user(tx: Transaction) -> User | None:
    return next((user for user in tx.users() if user.is_demo), None)


def _existing(tx: Transaction, user_id: UUID) -> User:
    user = tx.user(user_id)
    if user is None:
        raise UserError(ErrorCode.RECORD_CHANGED, "there is no such account")
    return user


def _locked(until: datetime) -> UserError:
    return UserError(
        ErrorCode.SIGN_IN_LOCKED,
        phrase("until {until} UTC", until=f"{until:%Y-%m-%d %H:%M:%S}"),
        until=until.isoformat(),
    )


def _check_person(user: User) -> tuple[FieldProblem, ...]:
    return check_line("display_name", user.display_name, LABEL_MAX_CHARS)


def _refuse(*problems: FieldProblem) -> None:
    if problems:
        raise ValidationFailed(problems)


def _facts(user: User) -> dict[str, str]:
    return {"name": user.name, "display_name": user.display_name, "role": user.role}


def _changes(before: User, after: User) -> FieldChanges:
    old, new = _settings(before), _settings(after)
    return {field: (old[field], new[field]) for field in old if old[field] != new[field]}


def _settings(user: User) -> dict[str, str]:
    """What an administrator sets, as the audit log shows it."""
    return {
        "display_name": user.display_name,
        "role": user.role,
        "enterprise_ids": ", ".join(sorted(str(each) for each in user.enterprise_ids)),
        "is_active": "yes" if user.is_active else "no",
    }
