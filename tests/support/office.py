"""A register with its people, and nothing else of the program: passwords are hashed at once, the clock stands still."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from ipnft_desktop.bootstrap.adapters import DATABASE_FILE
from ipnft_desktop.domain.events import SessionChanged
from ipnft_desktop.domain.people import Role, User
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.people import PeopleService
from ipnft_desktop.services.session import Session
from tests.support import samples
from tests.support.database_factory import fresh_database
from tests.support.memory_passwords import MemoryPasswords

PASSWORD = "correct horse battery"
WRONG = "wrong horse battery"


class MovingClock:
    def __init__(self) -> None:
        self.moment = samples.NOW

    def now(self) -> datetime:
        return self.moment


@dataclass
class Office:
    """People and their register."""

    database: SqlDatabase
    file: Path
    session: Session
    clock: MovingClock
    passwords: MemoryPasswords
    people: PeopleService
    told: list[User | None]

    def another_program(self, *, is_demonstration: bool = False) -> PeopleService:
        """On the same register, with a session of its own, which nobody sees."""
        session = Session(EventHub())
        return PeopleService(self.database, session, self.clock, self.passwords, is_demonstration=is_demonstration)

    def audit(self) -> list[tuple[str, str, dict[str, Any], dict[str, Any] | None]]:
        """Actor, action, facts and changes of every line, past the program."""
        with closing(sqlite3.connect(self.file)) as connection:
            rows = connection.execute("SELECT actor, action, facts, changes FROM audit_log ORDER BY audit_id")
            return [(row[0], row[1], json.loads(row[2]), json.loads(row[3] or "null")) for row in rows]

    async def users(self) -> tuple[User, ...]:
        """All accounts, past the program."""
        return await self.database.read(lambda tx: tx.users())

    async def user(self, name: str) -> User:
        account = await self.database.read(lambda tx: tx.account(name))
        assert account is not None
        return account.user

    async def first_admin(self) -> User:
        """Ada, signed in."""
        return await self.people.create_first_admin("Ada", "Ada Lovelace", PASSWORD)

    async def operator(self, name: str = "Otto") -> User:
        """An account that an administrator who is signed in makes."""
        return await self.people.create_user(name, name, Role.OPERATOR, (), PASSWORD)


@asynccontextmanager
async def open_office(folder: Path) -> AsyncIterator[Office]:
    """A new register in the folder, without an account."""
    database = await fresh_database(folder)
    events, clock, passwords = EventHub(), MovingClock(), MemoryPasswords()
    told: list[User | None] = []
    events.subscribe(lambda event: told.append(event.user) if isinstance(event, SessionChanged) else None)
    session = Session(events)
    people = PeopleService(database, session, clock, passwords, is_demonstration=False)
    yield Office(database, folder / DATABASE_FILE, session, clock, passwords, people, told)
    await database.close()
