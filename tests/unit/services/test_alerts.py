"""Alerts: raised once, cleared when their condition passed, and next to free while mints run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from ipnft_desktop.domain.alerts import Alert, AlertKind
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.events import AlertCleared, AlertRaised, DomainEvent, EnvironmentChanged, MintAdvanced
from ipnft_desktop.domain.minting import MintJob, MintOutcome, MintProgress, MintStage, MintTimes
from ipnft_desktop.program_log import LOG_FILE, close_log, open_log, traced
from ipnft_desktop.services import alerts
from ipnft_desktop.services.alert_rules import AlertedMint, failed_retries, low_success_rate
from ipnft_desktop.services.alerts import AlertService
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.session import session_of_the_program
from tests.support import samples
from tests.support.core_factory import MemoryCore, request
from tests.support.samples import NOW

COMPLETED, FAILED, CANCELLED = MintStage.COMPLETED, MintStage.FAILED, MintStage.CANCELLED


def outcomes(*ended: tuple[MintStage, int]) -> tuple[MintOutcome, ...]:
    """Outcomes, newest first, by stage and attempt."""
    return tuple(MintOutcome(samples.uuid(), stage, attempt, NOW) for stage, attempt in ended)


def counted(succeeded: int, failed: int) -> tuple[MintOutcome, ...]:
    """So many first attempts."""
    return outcomes(*((COMPLETED, 1),) * succeeded, *((FAILED, 1),) * failed)


class MemoryRecord:
    """Database and transaction in one: the part of both that alerts need. Counts what it is asked."""

    def __init__(self) -> None:
        self.jobs: dict[UUID, MintJob] = {}
        self.outcomes: tuple[MintOutcome, ...] = ()
        self.kept: list[Alert] = []
        self.reads = 0
        self.writes = 0
        self.faults = 0
        self.was_asked = asyncio.Event()

    async def read(self, work: Callable[[Any], Any]) -> Any:
        self.reads += 1
        return await self._run(work)

    async def write(self, work: Callable[[Any], Any]) -> Any:
        self.writes += 1
        return await self._run(work)

    async def _run(self, work: Callable[[Any], Any]) -> Any:
        await asyncio.sleep(0)
        try:
            if self.faults:
                self.faults -= 1
                raise EnvironmentFault(ErrorCode.DATABASE_UNAVAILABLE)
            return work(self)
        finally:
            self.was_asked.set()

    def job(self, job_id: UUID) -> MintJob | None:
        return self.jobs.get(job_id)

    def jobs_in(self, stages: frozenset[MintStage]) -> tuple[MintJob, ...]:
        return tuple(job for job in self.jobs.values() if job.stage in stages)

    def asset_row(self, asset_id: UUID) -> Any:
        return None

    def recent_outcomes(self, limit: int) -> tuple[MintOutcome, ...]:
        return self.outcomes[:limit]

    def raise_alert(self, kind: AlertKind, subject: str, facts: Mapping[str, str], at: datetime) -> Alert | None:
        if self._open(kind, subject):
            return None
        self.kept.insert(0, Alert(len(self.kept) + 1, kind, subject, dict(facts), at))
        return self.kept[0]

    def clear_alert(self, kind: AlertKind, subject: str, at: datetime) -> Alert | None:
        found = self._open(kind, subject)
        if found is None:
            return None
        cleared = replace(found, cleared_at=at)
        self.kept[self.kept.index(found)] = cleared
        return cleared

    def alerts(self, limit: int, *, only_open: bool = False) -> tuple[Alert, ...]:
        return tuple(alert for alert in self.kept if not (only_open and alert.cleared_at))[:limit]

    def _open(self, kind: AlertKind, subject: str) -> Alert | None:
        return next((a for a in self.alerts(99, only_open=True) if (a.kind, a.subject) == (kind, subject)), None)


class World:
    """The service with its record, its clock and what it told."""

    def __init__(self) -> None:
        self.hub = EventHub()
        self.record = MemoryRecord()
        self.told: list[DomainEvent] = []
        self.clock_says = NOW
        self.seconds = 1_000.0
        self.service = AlertService(self.record, self.hub, self, session_of_the_program(), lambda: self.seconds)
        self._news = asyncio.Event()
        self.hub.subscribe(self._hear)
        self.service.start()

    def now(self) -> datetime:
        return self.clock_says

    def pass_time(self, seconds: float) -> None:
        self.seconds += seconds
        self.clock_says += timedelta(seconds=seconds)

    def ready(self) -> None:
        self.hub.publish(EnvironmentChanged(is_ready=True))

    def open_mint(self, **changes: Any) -> MintJob:
        """On record only."""
        job = samples.job(samples.asset(samples.enterprise()), stage=MintStage.CONFIRMING, **changes)
        self.record.jobs[job.job_id] = job
        return job

    def tell(self, job: MintJob, stage: MintStage) -> MintJob:
        moved = replace(job, stage=stage)
        self.record.jobs[job.job_id] = moved
        self.hub.publish(MintAdvanced(MintProgress.of(moved)))
        return moved

    def end(self, record: Iterable[MintOutcome]) -> None:
        """A mint ended, and this is the record now."""
        self.record.outcomes = tuple(record)
        self.tell(self.open_mint(), COMPLETED)

    async def hears(self, count: int) -> list[DomainEvent]:
        """The first so many alert events."""
        while len(self.told) < count:
            self._news.clear()
            await self._news.wait()
        return self.told

    async def looks(self) -> None:
        """Until the service has looked twice more: what it had to tell is told."""
        for _ in range(2):
            before = self.record.reads
            self.end(self.record.outcomes)
            while self.record.reads == before:
                self.record.was_asked.clear()
                await self.record.was_asked.wait()

    def _hear(self, event: DomainEvent) -> None:
        if isinstance(event, AlertRaised | AlertCleared):
            self.told.append(event)
            self._news.set()


@pytest.fixture(autouse=True)
def _in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "PAUSE_S", 0.0)
    monkeypatch.setattr(alerts, "CHECK_EVERY_S", 0.005)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World()
    yield made
    await made.service.stop()


# --- the rules ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("succeeded", "failed", "is_low"),
    [
        (0, 19, False),  # too few to say anything
        (19, 1, False),  # exactly 95 %
        (18, 2, True),
        (48, 2, False),
        (47, 3, True),
    ],
)
def test_the_success_rate_is_low_below_95_percent_of_at_least_20(succeeded: int, failed: int, is_low: bool) -> None:
    expected = {"succeeded": str(succeeded), "ended": str(succeeded + failed)} if is_low else None
    assert low_success_rate(counted(succeeded, failed)) == expected


@pytest.mark.parametrize(
    ("ended", "failed"),
    [
        (((FAILED, 2), (FAILED, 2), (FAILED, 2)), 3),
        (((FAILED, 3), (FAILED, 2)), 3),  # three attempts of two mints
        (((FAILED, 2), (COMPLETED, 1), (FAILED, 1), (FAILED, 2), (FAILED, 2)), 3),  # first attempts do not count
        (((FAILED, 2), (FAILED, 2)), None),
        (((FAILED, 2), (COMPLETED, 2), (FAILED, 3), (FAILED, 3)), None),  # a retry helped in between
        (((FAILED, 1),) * 9, None),
    ],
)
def test_retries_are_counted_back_to_the_last_that_helped(
    ended: tuple[tuple[MintStage, int], ...], failed: int | None
) -> None:
    assert failed_retries(outcomes(*ended)) == ({"failed": str(failed)} if failed else None)


# --- all mints together ---------------------------------------------------------------------------------------------


async def test_a_low_rate_is_raised_once_and_cleared_once(world: World) -> None:
    world.end(counted(17, 3))
    await world.hears(1)
    await world.looks()
    world.end(counted(20, 0))
    raised, cleared = await world.hears(2)
    await world.looks()
    assert world.told == [raised, cleared]
    assert isinstance(raised, AlertRaised)
    assert isinstance(cleared, AlertCleared)
    assert (raised.alert.kind, raised.alert.subject) == (AlertKind.SUCCESS_RATE_LOW, "")
    assert (raised.alert.facts["succeeded"], raised.alert.facts["ended"]) == ("17", "20")
    assert cleared.alert == replace(raised.alert, cleared_at=NOW)


async def test_failed_retries_name_the_latest_failure(world: World) -> None:
    failed = world.open_mint()
    newest = MintOutcome(failed.job_id, FAILED, 3, NOW)
    world.end((newest, *outcomes((COMPLETED, 1), (FAILED, 2))))
    (raised,) = await world.hears(1)
    assert isinstance(raised, AlertRaised)
    assert raised.alert.kind is AlertKind.RETRIES_FAILED
    mint = AlertedMint.of(raised.alert)
    assert mint == AlertedMint(failed.job_id, failed.items[0].asset_id, str(failed.items[0].asset_id), 1)


async def test_a_condition_of_the_last_run_is_cleared_once_the_environment_is_ready(world: World) -> None:
    world.record.raise_alert(AlertKind.SUCCESS_RATE_LOW, "", {}, NOW)
    world.ready()
    (cleared,) = await world.hears(1)
    assert isinstance(cleared, AlertCleared)


@pytest.mark.parametrize("is_loaded", [False, True])
async def test_a_lost_look_is_made_up_for(world: World, is_loaded: bool) -> None:
    if is_loaded:
        await world.looks()
    world.record.faults = 2
    world.end(counted(0, 30))
    (raised,) = await world.hears(1)
    assert isinstance(raised, AlertRaised)


# --- age ------------------------------------------------------------------------------------------------------------


async def test_a_mint_open_for_ten_minutes_is_raised_and_cleared_when_it_ends(world: World) -> None:
    job = world.tell(world.open_mint(), MintStage.PREPARING)
    world.pass_time(600)
    await world.looks()
    assert world.told == []
    world.pass_time(1)
    (raised,) = await world.hears(1)
    assert isinstance(raised, AlertRaised)
    assert (raised.alert.kind, raised.alert.subject) == (AlertKind.MINT_TOO_OLD, str(job.job_id))
    assert AlertedMint.of(raised.alert) is not None
    world.tell(job, COMPLETED)
    cleared = (await world.hears(2))[1]
    assert isinstance(cleared, AlertCleared)
    await world.looks()
    assert len(world.told) == 2


async def test_a_clock_that_jumps_raises_nothing_and_hides_nothing(world: World) -> None:
    world.tell(world.open_mint(), MintStage.CONFIRMING)
    world.clock_says += timedelta(days=365)
    await world.looks()
    assert world.told == []
    world.clock_says -= timedelta(days=2 * 365)
    world.seconds += 601
    assert len(await world.hears(1)) == 1


async def test_a_mint_left_open_by_the_last_run_keeps_its_age(world: World) -> None:
    world.open_mint(times=MintTimes(requested_at=NOW - timedelta(minutes=9)))
    world.ready()
    await world.looks()
    assert world.told == []
    world.pass_time(61)
    assert len(await world.hears(1)) == 1


async def test_a_retry_begins_to_age_anew(world: World) -> None:
    long_ago = NOW - timedelta(hours=1)
    world.open_mint(attempt=2, times=MintTimes(requested_at=long_ago, last_attempt_at=NOW))
    world.ready()
    await world.looks()
    assert world.told == []


async def test_an_alert_whose_mint_ended_elsewhere_is_cleared(world: World) -> None:
    job = world.tell(world.open_mint(), MintStage.CONFIRMING)
    world.pass_time(601)
    await world.hears(1)
    del world.record.jobs[job.job_id]  # as a new chain does, without a word about each mint
    world.ready()
    assert isinstance((await world.hears(2))[1], AlertCleared)


@pytest.mark.parametrize("is_noticed", [False, True])
async def test_an_alert_of_another_program_is_not_told_again_but_cleared(world: World, is_noticed: bool) -> None:
    await world.looks()
    job = world.tell(world.open_mint(), MintStage.CONFIRMING)
    world.record.raise_alert(AlertKind.MINT_TOO_OLD, str(job.job_id), {}, NOW)
    world.pass_time(601)
    if is_noticed:
        await world.looks()
    assert world.told == []
    world.tell(job, CANCELLED)
    (cleared,) = await world.hears(1)
    assert isinstance(cleared, AlertCleared)


async def test_many_old_mints_are_written_in_several_short_writes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alerts, "RAISED_AT_ONCE", 10)
    for _ in range(25):
        world.tell(world.open_mint(), MintStage.CONFIRMING)
    world.pass_time(601)
    world.ready()
    await world.hears(25)
    assert len({event.alert.subject for event in world.told if isinstance(event, AlertRaised)}) == 25


# --- cost and life --------------------------------------------------------------------------------------------------


async def test_running_mints_ask_the_database_nothing(world: World) -> None:
    await world.looks()
    before = world.record.reads, world.record.writes
    job = world.open_mint()
    for _ in range(1_000):
        world.tell(job, MintStage.CONFIRMING)
    await world.looks()
    assert (world.record.reads - before[0], world.record.writes - before[1]) == (2, 0)


async def test_a_burst_of_ended_mints_is_one_look(world: World) -> None:
    await world.looks()
    before = world.record.reads
    for _ in range(1_000):
        world.end(counted(17, 3))
    await world.hears(1)
    assert world.record.reads - before <= 2


async def test_stopped_it_is_silent_and_leaves_no_task(world: World) -> None:
    world.end(counted(20, 0))
    await world.service.stop()
    await world.service.stop()
    asked = world.record.reads
    world.end(counted(0, 20))
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert world.record.reads == asked


async def test_its_lines_do_not_carry_the_id_of_the_mint_that_set_it_to_work(world: World, tmp_path: Path) -> None:
    open_log(tmp_path)
    world.record.faults = 1
    with traced(samples.uuid()):
        world.end(counted(0, 20))
    await world.hears(1)
    close_log()
    lines = (tmp_path / LOG_FILE).read_text("utf-8").splitlines()
    assert [line.partition(" ipnft ")[2] for line in lines] == [
        "alerts.unavailable code=DATABASE_UNAVAILABLE",
        "alert.raised kind=SUCCESS_RATE_LOW",
    ]


async def test_open_alerts_come_before_those_that_passed(world: World) -> None:
    world.record.raise_alert(AlertKind.SUCCESS_RATE_LOW, "", {}, NOW)
    world.record.raise_alert(AlertKind.RETRIES_FAILED, "", {}, NOW)
    world.record.clear_alert(AlertKind.RETRIES_FAILED, "", NOW)
    assert [alert.kind for alert in await world.service.recent()] == [
        AlertKind.SUCCESS_RATE_LOW,
        AlertKind.RETRIES_FAILED,
    ]
    assert [alert.kind for alert in await world.service.open_alerts()] == [AlertKind.SUCCESS_RATE_LOW]


async def test_over_the_real_record_failing_retries_are_raised_and_one_that_helps_clears_them(
    memory: MemoryCore,
) -> None:
    core = memory.core
    service = AlertService(core.adapters.database, core.events, core.adapters.clock, core.session)
    told: asyncio.Queue[DomainEvent] = asyncio.Queue()
    core.events.subscribe(
        lambda event: told.put_nowait(event) if isinstance(event, AlertRaised | AlertCleared) else None
    )
    service.start()
    first, second = await memory.add_assets(2)
    memory.chain.balance_wei, funds = 0, memory.chain.balance_wei
    for asset in (first, second):
        assert (await core.desk.mint([request(asset)])).stage is FAILED
    for asset in (first, first, second):
        await core.desk.outcome((await core.desk.retry(asset.asset_id)).job_id)
    raised = await told.get()
    assert isinstance(raised, AlertRaised)
    assert raised.alert.kind is AlertKind.RETRIES_FAILED
    mint = AlertedMint.of(raised.alert)
    assert mint is not None
    assert (mint.asset_id, mint.asset_name, mint.asset_count) == (second.asset_id, second.name, 1)
    assert await service.open_alerts() == (raised.alert,)
    memory.chain.balance_wei = funds
    await core.desk.outcome((await core.desk.retry(second.asset_id)).job_id)
    cleared = await told.get()
    assert isinstance(cleared, AlertCleared)
    assert (cleared.alert.alert_id, await service.open_alerts()) == (raised.alert.alert_id, ())
    await service.stop()


def test_facts_of_no_mint_are_no_mint() -> None:
    assert AlertedMint.of(Alert(1, AlertKind.SUCCESS_RATE_LOW, "", {"job": "?"}, NOW)) is None
