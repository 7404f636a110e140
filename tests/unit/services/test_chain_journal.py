"""Blocks that several want at once are journalled together, and nobody suffers for what another wanted."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from ipnft_desktop.domain.errors import EnvironmentFault
from ipnft_desktop.services.chain_journal import ChainJournal
from tests.support.core_factory import MemoryCore


async def test_a_block_that_vanished_takes_no_other_along(memory: MemoryCore) -> None:
    parts = memory.core.adapters
    journal = ChainJournal(parts.database, parts.chain, parts.controls)
    await memory.chain.mine()
    head = await memory.chain.head()
    vanished = replace(head, number=head.number + 5, block_hash="0x" + "ab" * 32)

    there, gone = await asyncio.gather(
        journal.record_up_to(head), journal.record_up_to(vanished), return_exceptions=True
    )

    assert there is None
    assert isinstance(gone, EnvironmentFault)
    assert (await parts.database.read(lambda tx: tx.last_recorded_block())) == head


async def test_what_vanished_is_not_wanted_for_ever(memory: MemoryCore) -> None:
    parts = memory.core.adapters
    journal = ChainJournal(parts.database, parts.chain, parts.controls)
    head = await memory.chain.head()
    with pytest.raises(EnvironmentFault):
        await journal.record_up_to(replace(head, number=head.number + 5, block_hash="0x" + "ab" * 32))
    await memory.chain.mine()
    newest = await memory.chain.head()
    await journal.record_up_to(newest)
    assert (await parts.database.read(lambda tx: tx.last_recorded_block())) == newest
