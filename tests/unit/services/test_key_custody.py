"""The key is open only as long as somebody signs with it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from ipnft_desktop.domain.errors import ErrorCode, ProblemKind, UserError, ValidationFailed
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.key_custody import KeyCustody, check_new_password
from ipnft_desktop.services.session import Session, session_of_the_program
from tests.support import samples

PASSWORD = "a right password"
IDLE_S = 900.0


class MemoryKey:
    """Opens with one password; signs when told."""

    def __init__(self) -> None:
        self.is_locked = True
        self.sign: Callable[[], None] = lambda: None

    async def unlock(self, password: str) -> None:
        if password != PASSWORD:
            raise UserError(ErrorCode.KEYSTORE_WRONG_PASSWORD)
        await asyncio.sleep(0)  # a turn of the loop, for the second that it takes
        self.is_locked = False

    def lock(self) -> None:
        self.is_locked = True

    def hear_signatures(self, listener: Callable[[], None]) -> None:
        self.sign = listener


@dataclass
class SetFor:
    """An alarm that has been set."""

    at_s: float
    ring: Callable[[], None]
    is_cancelled: bool = False

    def cancel(self) -> None:
        self.is_cancelled = True


@dataclass
class HeldTime:
    """A clock with alarms, both of which go only when told."""

    now_s: float = 100.0
    alarms: list[SetFor] = field(default_factory=list[SetFor])

    def set_alarm(self, seconds: float, ring: Callable[[], None]) -> SetFor:
        self.alarms.append(SetFor(self.now_s + seconds, ring))
        return self.alarms[-1]

    def waiting(self) -> list[SetFor]:
        return [alarm for alarm in self.alarms if not alarm.is_cancelled]

    def pass_until(self, moment_s: float) -> None:
        while due := [alarm for alarm in self.waiting() if alarm.at_s <= moment_s]:
            self.now_s = due[0].at_s
            self.alarms.remove(due[0])
            due[0].ring()
        self.now_s = moment_s


@dataclass
class Held:
    """A custody with all it stands on."""

    key: MemoryKey
    time: HeldTime
    custody: KeyCustody
    told: list[bool]


@pytest.fixture
def held() -> Held:
    key, held_time = MemoryKey(), HeldTime()
    custody = KeyCustody(
        key, IDLE_S, session_of_the_program(), now_s=lambda: held_time.now_s, set_alarm=held_time.set_alarm
    )
    told: list[bool] = []
    custody.subscribe(told.append)
    return Held(key, held_time, custody, told)


async def test_the_key_locks_when_its_person_signs_out() -> None:
    key, events, ada = MemoryKey(), EventHub(), samples.user()
    session = Session(events)
    custody = KeyCustody(key, IDLE_S, session)
    events.subscribe(custody.hear)
    for leave in (session.end, lambda: session.begin(samples.user())):
        session.begin(ada)
        await custody.unlock(PASSWORD)
        session.take_over(replace(ada, display_name="Countess"))
        assert not custody.is_locked, "an account that is changed is the same person"
        leave()
        assert custody.is_locked

    session.begin(ada)
    unlocking = asyncio.ensure_future(custody.unlock(PASSWORD))
    await asyncio.sleep(0)
    session.end()
    await unlocking
    assert custody.is_locked, "signed out while it was being opened"


async def test_an_idle_key_locks_itself(held: Held) -> None:
    await held.custody.unlock(PASSWORD)
    held.time.pass_until(999.9)
    assert (held.custody.is_locked, held.told) == (False, [False])
    held.time.pass_until(1000.0)
    assert (held.custody.is_locked, held.told) == (True, [False, True])
    assert held.time.waiting() == []


async def test_each_signature_begins_the_time_anew(held: Held) -> None:
    await held.custody.unlock(PASSWORD)
    for moment_s in (800.0, 1000.0, 1700.0):
        held.time.pass_until(moment_s)
        held.key.sign()
    held.time.pass_until(2599.9)
    assert not held.custody.is_locked
    held.time.pass_until(2600.0)
    assert (held.custody.is_locked, held.told) == (True, [False, True])


async def test_a_second_unlock_begins_the_time_anew(held: Held) -> None:
    await held.custody.unlock(PASSWORD)
    held.time.pass_until(500.0)
    await held.custody.unlock(PASSWORD)
    assert len(held.time.waiting()) == 1
    held.time.pass_until(1399.9)
    assert not held.custody.is_locked


async def test_a_signature_in_another_thread_counts(held: Held) -> None:
    await held.custody.unlock(PASSWORD)
    held.time.pass_until(800.0)
    signing = threading.Thread(target=held.key.sign)
    signing.start()
    signing.join()
    held.time.pass_until(1500.0)
    assert not held.custody.is_locked


async def test_locking_by_hand_is_at_once_and_told_once(held: Held) -> None:
    await held.custody.unlock(PASSWORD)
    held.custody.lock()
    held.custody.lock()
    assert (held.key.is_locked, held.told, held.time.waiting()) == (True, [False, True], [])


async def test_a_wrong_password_changes_nothing(held: Held) -> None:
    with pytest.raises(UserError) as caught:
        await held.custody.unlock("wrong")
    assert caught.value.code is ErrorCode.KEYSTORE_WRONG_PASSWORD
    assert (held.custody.is_locked, held.told, held.time.alarms) == (True, [], [])


async def test_who_does_not_listen_any_more_hears_nothing(held: Held) -> None:
    told: list[bool] = []
    held.custody.subscribe(told.append)()
    await held.custody.unlock(PASSWORD)
    assert (told, held.told) == ([], [False])


async def test_the_event_loop_is_the_clock_of_the_program() -> None:
    custody = KeyCustody(MemoryKey(), 0.001, session_of_the_program())
    locked = asyncio.Event()
    custody.subscribe(lambda is_locked: locked.set() if is_locked else None)
    await custody.unlock(PASSWORD)
    await locked.wait()
    assert custody.is_locked


@pytest.mark.parametrize(
    ("password", "repeated", "problems"),
    [
        ("twelve chars", "twelve chars", []),
        ("十二个汉字也是一个好密码", "十二个汉字也是一个好密码", []),
        ("eleven char", "eleven char", [("password", ProblemKind.TOO_SHORT)]),
        ("twelve chars", "twelve charS", [("repeated", ProblemKind.NOT_THE_SAME)]),
        ("", "x", [("password", ProblemKind.TOO_SHORT), ("repeated", ProblemKind.NOT_THE_SAME)]),
    ],
)
def test_a_new_password_is_long_and_typed_twice(
    password: str, repeated: str, problems: list[tuple[str, ProblemKind]]
) -> None:
    found: list[tuple[str, ProblemKind]] = []
    try:
        check_new_password(password, repeated)
    except ValidationFailed as error:
        found = [(problem.field, problem.kind) for problem in error.problems]
        assert password not in str(error) or not password
    assert found == problems
