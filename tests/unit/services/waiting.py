"""Waiting for what a mint reports, never for time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from uuid import UUID

from ipnft_desktop.domain.errors import ErrorCode
from ipnft_desktop.domain.events import DomainEvent, MintAdvanced
from ipnft_desktop.domain.minting import MintJob, MintProgress, MintStage
from tests.support.core_factory import MemoryCore

Wanted = Callable[[MintProgress], bool]


async def progress(memory: MemoryCore, job_id: UUID, wanted: Wanted) -> MintProgress:
    """The next report of a job that is as wanted."""
    met: asyncio.Future[MintProgress] = asyncio.get_running_loop().create_future()

    def hear(event: DomainEvent) -> None:
        is_ours = isinstance(event, MintAdvanced) and event.progress.job_id == job_id
        if is_ours and wanted(event.progress) and not met.done():
            met.set_result(event.progress)

    unsubscribe = memory.core.events.subscribe(hear)
    try:
        return await met
    finally:
        unsubscribe()


async def trouble(memory: MemoryCore, job_id: UUID, code: ErrorCode) -> MintProgress:
    """The next report of this trouble."""
    return await progress(memory, job_id, lambda seen: seen.error is not None and seen.error.code is code)


async def at_stage(memory: MemoryCore, job: MintJob, stage: MintStage) -> MintJob:
    """The job as recorded once it is at a stage."""
    recorded = await memory.core.desk.job_of(job.items[0].asset_id)
    assert recorded is not None
    if recorded.stage is not stage:
        await progress(memory, job.job_id, lambda seen: seen.stage is stage)
        recorded = await memory.core.desk.job_of(job.items[0].asset_id)
        assert recorded is not None
    return recorded
