"""Follows a run to its end: one snapshot after each change of one of its jobs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from ipnft_desktop.domain.batch_runs import RunProgress
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.events import DomainEvent, MintAdvanced
from ipnft_desktop.domain.minting import MintProgress
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.ports import Database, Transaction

OnRunProgress = Callable[[RunProgress], None]


class RunFollowing:
    """One listener of one run."""

    def __init__(self, run_id: UUID, database: Database, events: EventHub, on_progress: OnRunProgress) -> None:
        self._run_id = run_id
        self._database = database
        self._events = events
        self._on_progress = on_progress
        self._news: dict[UUID, MintProgress] = {}
        self._is_news = asyncio.Event()
        self._assets: set[UUID] | None = None

    async def to_the_end(self) -> None:
        """Returns once every job of the run has ended, those included that left another one on the way. Raises
        UserError BATCH_EMPTY where the register does not know the run."""
        unsubscribe = self._events.subscribe(self._hear)
        try:
            while (shown := await self._read()).is_open:
                await self._follow(shown)
        finally:
            unsubscribe()

    async def _read(self) -> RunProgress:
        """How the run stands on record, told. What is heard meanwhile comes behind it."""
        heard, self._news = self._news, {}
        shown = await self._database.read(lambda tx: _recorded(tx, self._run_id))
        # Trouble that a job told of is on no record.
        batches = tuple(_with_trouble(batch, heard.get(batch.job_id)) for batch in shown.batches)
        shown = replace(shown, batches=batches, changed=batches)
        self._assets = {asset_id for batch in batches for asset_id in batch.asset_ids}
        self._on_progress(shown)
        return shown

    async def _follow(self, shown: RunProgress) -> None:
        """Tell news until all has ended, or one comes of a job that was not known: it left one of these."""
        known = {batch.job_id: batch for batch in shown.batches}
        while shown.is_open:
            await self._is_news.wait()
            self._is_news.clear()
            if not self._news.keys() <= known.keys():
                return
            news, self._news = self._news, {}
            if news:
                known |= news
                shown = replace(shown, batches=tuple(known.values()), changed=tuple(news.values()))
                self._on_progress(shown)

    def _hear(self, event: DomainEvent) -> None:
        if not isinstance(event, MintAdvanced):
            return
        progress = event.progress
        if self._assets is None or self._assets.issuperset(progress.asset_ids):
            self._news[progress.job_id] = progress
            self._is_news.set()


def _recorded(tx: Transaction, run_id: UUID) -> RunProgress:
    run = tx.run(run_id)
    if run is None:
        raise UserError(ErrorCode.BATCH_EMPTY, "the register does not know this run")
    jobs = [tx.job(batch.job_id) for batch in run.batches]
    return RunProgress(run_id, tuple(MintProgress.of(job) for job in jobs if job is not None), omitted=run.omitted)


def _with_trouble(recorded: MintProgress, heard: MintProgress | None) -> MintProgress:
    if heard is None or heard.error is None or heard.stage is not recorded.stage:
        return recorded
    return replace(recorded, error=heard.error)
