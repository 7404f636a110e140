"""Rows 34 and 35 at the moments that no real node can be made to hit: between two steps of the program's own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ipnft_desktop.domain.chain import BlockRef, RecordedBlock
from ipnft_desktop.domain.minting import MintJob, MintStage
from ipnft_desktop.services.chain_journal import ChainJournal
from ipnft_desktop.services.mint_desk import MintDesk
from tests.support.core_factory import MemoryCore, request

PATIENCE_S = 10


@pytest.fixture
async def memory(tmp_path: Path, impatient: None) -> AsyncIterator[MemoryCore]:
    """A core over doubles whose environment is up."""
    started = await MemoryCore(tmp_path).start()
    yield started
    await started.core.close()


async def minted_in_the_end(memory: MemoryCore) -> None:
    """What the register says minted is on the chain, in the very block that it names."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not await _agree(memory):
                pass
    except TimeoutError:
        (job,) = await _jobs(memory)
        tokens = [memory.chain.mints_of(item.asset_id) for item in job.items]
        pytest.fail(f"the register says {job.stage} in {job.mined}, the chain has {tokens} tokens")


async def _jobs(memory: MemoryCore) -> tuple[MintJob, ...]:
    return await memory.core.adapters.database.read(lambda tx: tx.jobs_in(frozenset(MintStage)))


async def _agree(memory: MemoryCore) -> bool:
    for job in await _jobs(memory):
        if job.stage is not MintStage.COMPLETED or job.mined is None:
            return False
        block = await memory.chain.block_at(job.mined.block_number)
        tokens = [memory.chain.mints_of(item.asset_id) for item in job.items]
        if block is None or block.block_hash != job.mined.block_hash or set(tokens) != {1}:
            return False
    return True


async def test_34_the_end_is_recorded_while_a_reorganisation_is_settled(
    memory: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D and E are written behind the look at ended mints, and before the journal drops their block."""
    looked, journalled, written = asyncio.Event(), asyncio.Event(), asyncio.Event()
    record_up_to, look_again_above = ChainJournal.record_up_to, MintDesk.look_again_above

    async def hold_before_d(self: ChainJournal, block: BlockRef) -> None:
        await record_up_to(self, block)
        task = asyncio.current_task()
        if task and task.get_name().startswith("mint.") and not journalled.is_set():
            journalled.set()
            await looked.wait()

    async def hold_before_drop(self: MintDesk, number: int) -> int:
        reopened = await look_again_above(self, number)
        looked.set()
        await written.wait()
        return reopened

    monkeypatch.setattr(ChainJournal, "record_up_to", hold_before_d)
    monkeypatch.setattr(MintDesk, "look_again_above", hold_before_drop)
    (asset,) = await memory.add_assets()
    job = await memory.core.desk.request([request(asset)])
    async with asyncio.timeout(PATIENCE_S):
        await journalled.wait()
        memory.chain.reorganise(1, keep_transactions=False)
        await memory.chain.mine(2)
        await looked.wait()
        # As far as the program gets with the mint before the journal drops the block; it may well wait for that.
        outcome = asyncio.ensure_future(memory.core.desk.outcome(job.job_id))
        await asyncio.wait([outcome], timeout=0.2)
        outcome.cancel()
        written.set()
    await minted_in_the_end(memory)


async def test_34_a_block_is_journalled_behind_the_look_for_replaced_ones(
    memory: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was read before it was replaced, and is written when the settling has found nothing to settle."""
    read, settled = asyncio.Event(), asyncio.Event()
    read_blocks, common_block = ChainJournal.read, ChainJournal.common_block

    async def hold_after_reading(self: ChainJournal, first: int, last: int) -> list[RecordedBlock]:
        blocks = await read_blocks(self, first, last)
        if not read.is_set():
            read.set()
            await settled.wait()
        return blocks

    async def look_for_it(self: ChainJournal) -> int | None:
        common = await common_block(self)
        settled.set()
        return common

    monkeypatch.setattr(ChainJournal, "read", hold_after_reading)
    monkeypatch.setattr(ChainJournal, "common_block", look_for_it)
    (asset,) = await memory.add_assets()
    await memory.core.desk.request([request(asset)])
    async with asyncio.timeout(PATIENCE_S):
        await read.wait()
        memory.chain.reorganise(1, keep_transactions=False)
        await memory.chain.mine(2)
        await settled.wait()
    await minted_in_the_end(memory)
