"""When the keeper makes backups, and that a failing one harms nobody."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable
from uuid import uuid4

import pytest

from ipnft_desktop.domain.errors import Defect, EnvironmentFault, ErrorCode
from ipnft_desktop.domain.events import AssetDeleted, BackupMade, DomainEvent, EnvironmentChanged
from ipnft_desktop.domain.restore_preview import RestorePreview
from ipnft_desktop.services.backup_keeper import BackupFile, BackupKeeper, BackupReason
from ipnft_desktop.services.event_hub import EventHub
from tests.support import samples

READY = EnvironmentChanged(is_ready=True)
WRITTEN = AssetDeleted(uuid4())
LONG_S = 1000.0


class MemoryBackups:
    """Backups that are only counted. `hold` keeps the next one from ending."""

    def __init__(self) -> None:
        self.made: list[BackupReason] = []
        self.changed = True
        self.error: Exception | None = None
        self.closed = 0
        self.free = threading.Event()
        self.free.set()
        self.entered = threading.Event()
        self.in_progress = 0
        self.most_at_once = 0
        self.main_thread = threading.get_ident()
        self.tried = threading.Semaphore(0)

    def has_changes(self) -> bool:
        assert threading.get_ident() != self.main_thread
        return self.changed

    def make(self, reason: BackupReason) -> BackupFile:
        assert threading.get_ident() != self.main_thread
        self.in_progress += 1
        self.most_at_once = max(self.most_at_once, self.in_progress)
        self.entered.set()
        try:
            assert self.free.wait(5)
            if self.error:
                raise self.error
            self.made.append(reason)
            self.changed = False
            return BackupFile(f"{len(self.made)}.db", 1, samples.at(len(self.made)), "0002", reason)
        finally:
            self.in_progress -= 1
            self.tried.release()

    def list(self) -> tuple[BackupFile, ...]:
        return tuple(
            BackupFile(f"{number}.db", 1, samples.at(number), "0002", reason)
            for number, reason in reversed(list(enumerate(self.made, 1)))
        )

    def preview(self, name: str) -> RestorePreview:
        raise NotImplementedError

    def restore(self, name: str) -> None:
        raise NotImplementedError

    def close(self) -> None:
        self.closed += 1

    def hold(self) -> None:
        self.free.clear()
        self.entered.clear()

    async def next_try(self) -> None:
        """Wait until a backup ended, well or not."""
        assert await asyncio.to_thread(self.tried.acquire, timeout=5)


class Keeping:
    """A keeper that was started, and what it works on."""

    def __init__(self, interval_s: float = LONG_S) -> None:
        self.events = EventHub()
        self.backups = MemoryBackups()
        self.keeper = BackupKeeper(self.backups, self.events, interval_s)
        self.keeper.start()


@pytest.fixture
async def keep() -> AsyncIterator[Callable[..., Keeping]]:
    started: list[Keeping] = []

    def begin(interval_s: float = LONG_S) -> Keeping:
        started.append(Keeping(interval_s))
        return started[-1]

    yield begin
    for each in started:
        each.backups.free.set()
        await each.keeper.stop()


async def test_a_backup_is_made_once_the_environment_is_ready(keep: Callable[..., Keeping]) -> None:
    keeping = keep()
    keeping.events.publish(EnvironmentChanged(is_ready=False))
    keeping.events.publish(READY)
    await keeping.backups.next_try()
    assert keeping.backups.made == [BackupReason.AUTOMATIC]


async def test_each_backup_is_announced(keep: Callable[..., Keeping]) -> None:
    keeping = keep()
    heard: list[DomainEvent] = []
    keeping.events.subscribe(heard.append)
    made = await keeping.keeper.back_up_now()
    assert heard == [BackupMade(made.name)]


async def test_later_ones_are_made_when_something_was_written(keep: Callable[..., Keeping]) -> None:
    keeping = keep(interval_s=0.001)
    keeping.events.publish(READY)
    await keeping.backups.next_try()
    assert not keeping.backups.tried.acquire(blocking=False)
    keeping.backups.changed = True
    await keeping.backups.next_try()
    assert keeping.backups.made == [BackupReason.AUTOMATIC] * 2


async def test_a_register_nobody_opened_is_left_alone(keep: Callable[..., Keeping]) -> None:
    """Another program may hold it."""
    keeping = keep(interval_s=0)
    keeping.events.publish(EnvironmentChanged(is_ready=False))
    for _ in range(50):
        await asyncio.sleep(0)
    await keeping.keeper.stop()
    assert keeping.backups.made == []


@pytest.mark.parametrize("event", [READY, WRITTEN])
async def test_the_last_backup_is_made_at_the_end(keep: Callable[..., Keeping], event: DomainEvent) -> None:
    """Also of a register that was used while the node would not start."""
    keeping = keep()
    keeping.events.publish(event)
    await keeping.keeper.stop()
    assert keeping.backups.made == [BackupReason.AUTOMATIC]
    assert keeping.backups.closed == 1


async def test_at_the_end_nothing_is_made_without_changes(keep: Callable[..., Keeping]) -> None:
    keeping = keep()
    keeping.events.publish(READY)
    await keeping.backups.next_try()
    await keeping.keeper.stop()
    await keeping.keeper.stop()
    assert keeping.backups.made == [BackupReason.AUTOMATIC]
    assert keeping.backups.closed == 1
    assert keeping.events._listeners == []


async def test_the_end_waits_for_the_backup_under_way(keep: Callable[..., Keeping]) -> None:
    keeping = keep()
    keeping.backups.hold()
    keeping.events.publish(READY)
    assert await asyncio.to_thread(keeping.backups.entered.wait, 5)
    stopping = asyncio.create_task(keeping.keeper.stop())
    for _ in range(5):
        await asyncio.sleep(0)
    assert not stopping.done()
    assert keeping.backups.closed == 0
    keeping.backups.free.set()
    await stopping
    assert keeping.backups.made == [BackupReason.AUTOMATIC]
    assert keeping.backups.closed == 1


async def test_a_backup_by_hand_waits_for_another_and_tells_its_name(keep: Callable[..., Keeping]) -> None:
    keeping = keep()
    keeping.backups.hold()
    keeping.events.publish(READY)
    assert await asyncio.to_thread(keeping.backups.entered.wait, 5)
    by_hand = asyncio.create_task(keeping.keeper.back_up_now())
    await asyncio.sleep(0)
    keeping.backups.free.set()
    made = await by_hand
    assert (made.name, made.reason) == ("2.db", BackupReason.BY_HAND)
    assert keeping.backups.most_at_once == 1
    assert [backup.name for backup in await keeping.keeper.list()] == ["2.db", "1.db"]


async def test_a_failing_backup_is_told_and_the_next_is_made(
    keep: Callable[..., Keeping], caplog: pytest.LogCaptureFixture
) -> None:
    keeping = keep(interval_s=0.001)
    full = EnvironmentFault(ErrorCode.DISK_FULL, "no room")
    keeping.backups.error = full
    with caplog.at_level(logging.WARNING, "ipnft"):
        keeping.events.publish(READY)
        await keeping.backups.next_try()
        await keeping.backups.next_try()
    assert keeping.keeper.last_error is full
    assert "DISK_FULL" in caplog.text
    keeping.backups.error = None
    while not keeping.backups.made:
        await keeping.backups.next_try()
    await keeping.keeper.stop()
    assert keeping.keeper.last_error is None


async def test_a_defect_does_not_end_the_keeping(keep: Callable[..., Keeping]) -> None:
    keeping = keep()
    keeping.backups.error = ZeroDivisionError("oops")
    with pytest.raises(Defect, match="oops"):
        await keeping.keeper.back_up_now()
    await keeping.backups.next_try()
    assert isinstance(keeping.keeper.last_error, Defect)
    keeping.backups.error = None
    keeping.events.publish(READY)
    await keeping.backups.next_try()
    assert keeping.backups.made == [BackupReason.AUTOMATIC]
