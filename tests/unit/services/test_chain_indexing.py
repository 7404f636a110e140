"""Following the chain into its index: resumed, taken back, behind mints, and through everything that can be away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from ipnft_desktop.domain.assets import token_id_of
from ipnft_desktop.domain.chain_events import ChainSlice, EventFilter, EventKind, IndexStatus
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.domain.events import EnvironmentChanged, IndexAdvanced
from ipnft_desktop.services import chain_indexing
from ipnft_desktop.services.chain_indexing import ChainIndexing
from tests.support.core_factory import MemoryCore, mint_behind_its_back, request, when_indexed

WAIT_S = 10


@pytest.fixture
async def memory(tmp_path: Path) -> AsyncIterator[MemoryCore]:
    opened = await MemoryCore(tmp_path).start()
    yield opened
    await opened.core.close()


def told(memory: MemoryCore) -> asyncio.Queue[IndexStatus]:
    """Each state of the index from now on."""
    heard: asyncio.Queue[IndexStatus] = asyncio.Queue()
    memory.core.events.subscribe(
        lambda event: heard.put_nowait(event.status) if isinstance(event, IndexAdvanced) else None
    )
    return heard


async def until(heard: asyncio.Queue[IndexStatus], wanted: Any) -> IndexStatus:
    async with asyncio.timeout(WAIT_S):
        while not wanted(status := await heard.get()):
            pass
    return status


async def minted_in_index(memory: MemoryCore) -> list[int | None]:
    wanted = EventFilter(kinds=frozenset({EventKind.MINTED}), descending=False)
    return [event.token_id for event in (await memory.core.index.events(wanted)).events]


async def test_a_mint_is_in_the_index_as_soon_as_its_block_is_told(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    job = await memory.core.desk.mint([request(asset)])
    await when_indexed(memory.core)
    token = (await memory.core.index.tokens([token_id_of(asset.asset_id)]))[token_id_of(asset.asset_id)]
    assert job.mined is not None
    assert (token.owner, token.minted_block) == (asset.enterprise.wallet_address, job.mined.block_number)
    assert (await memory.core.index.status()).is_complete


async def test_a_start_goes_on_where_the_last_one_ended(memory: MemoryCore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is read twice, and what happened in between is not missed."""
    assets = await memory.add_assets(2)
    await memory.core.desk.mint([request(assets[0])])
    await when_indexed(memory.core)
    await memory.core.environment.stop()
    reach = (await memory.core.index.status()).reach
    assert reach is not None
    mint_behind = memory.chain
    asked: list[int] = []
    slice_from = mint_behind.slice_from

    async def watched(first: int, last: int) -> ChainSlice:
        asked.append(first)
        return await slice_from(first, last)

    monkeypatch.setattr(memory.chain, "slice_from", watched)
    later = await memory.again()
    await when_indexed(later.core)
    assert asked == [], "a chain that did not grow is not read again"
    mint_behind_its_back(later, assets[1])
    await when_indexed(later.core)
    assert min(asked) == reach.next_block
    assert await minted_in_index(later) == [token_id_of(asset.asset_id) for asset in assets]
    await later.core.close()


async def test_what_a_reorganisation_took_away_is_taken_back(memory: MemoryCore) -> None:
    assets = await memory.add_assets(3)
    for asset in assets:
        mint_behind_its_back(memory, asset)
    await when_indexed(memory.core)
    heard = told(memory)
    memory.chain.reorganise(2, keep_transactions=False)
    await until(heard, lambda status: status.is_complete and status.reach.last_block == status.head_block)
    assert await minted_in_index(memory) == [token_id_of(assets[0].asset_id)]
    mint_behind_its_back(memory, assets[2])
    await until(heard, lambda status: status.is_complete)
    assert await minted_in_index(memory) == [token_id_of(assets[0].asset_id), token_id_of(assets[2].asset_id)]
    assert set(await memory.core.index.tokens([token_id_of(asset.asset_id) for asset in assets])) == {
        token_id_of(assets[0].asset_id),
        token_id_of(assets[2].asset_id),
    }


async def test_a_node_that_lost_its_chain_takes_nothing_from_the_index(memory: MemoryCore) -> None:
    """It looks like a very deep reorganisation; the chain will be restored."""
    (asset,) = await memory.add_assets()
    mint_behind_its_back(memory, asset)
    await when_indexed(memory.core)
    before = await memory.core.index.status()
    memory.chain.reset()
    heard = told(memory)
    status = await until(heard, lambda status: status.fault is not None or status.head_block is None)
    assert status.fault is None or status.fault.code is ErrorCode.CHAIN_RESET  # or all writing was frozen before
    assert (await memory.core.index.status()).reach == before.reach
    assert await minted_in_index(memory) == [token_id_of(asset.asset_id)]


async def test_what_is_away_is_told_and_waited_for(memory: MemoryCore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain_indexing, "FIRST_RETRY_S", 0.01)
    await when_indexed(memory.core)
    assets, heard = await memory.add_assets(1), told(memory)
    slice_from, refusals = memory.chain.slice_from, [EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "busy")] * 2

    async def refusing(first: int, last: int) -> ChainSlice:
        if refusals:
            raise refusals.pop()
        return await slice_from(first, last)

    monkeypatch.setattr(memory.chain, "slice_from", refusing)
    mint_behind_its_back(memory, assets[0])
    status = await until(heard, lambda status: status.fault is not None)
    assert status.fault.code is ErrorCode.NODE_UNREACHABLE
    assert status.missing_blocks == 1
    await until(heard, lambda status: status.is_complete and status.fault is None)
    assert len(await minted_in_index(memory)) == 1


async def test_a_node_that_tells_few_blocks_at_once_is_asked_more_often(memory: MemoryCore) -> None:
    memory.chain.most_blocks_told = 1
    assets = await memory.add_assets(5)
    await memory.core.environment.stop()
    await memory.core.environment.start()
    for asset in assets:
        mint_behind_its_back(memory, asset)
    await memory.core.indexing.rebuild()
    await when_indexed(memory.core)
    assert len(await minted_in_index(memory)) == 5


async def test_pieces_are_as_long_as_a_commit_should_be(memory: MemoryCore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain_indexing, "EVENTS_PER_COMMIT", 3)
    lengths: list[int] = []
    slice_from = memory.chain.slice_from

    async def watched(first: int, last: int) -> ChainSlice:
        piece = await slice_from(first, last)
        lengths.append(len(piece.blocks))
        return piece

    monkeypatch.setattr(memory.chain, "slice_from", watched)
    for asset in await memory.add_assets(20):
        mint_behind_its_back(memory, asset)
    await when_indexed(memory.core)
    lengths.clear()
    await memory.core.indexing.rebuild()
    await when_indexed(memory.core)
    assert sum(lengths) == 22
    assert max(lengths[3:]) <= 3, "once it is known how full the blocks are"


async def test_a_rebuild_begins_where_it_is_told_to(memory: MemoryCore) -> None:
    assets = await memory.add_assets(3)
    for asset in assets:
        mint_behind_its_back(memory, asset)
    await when_indexed(memory.core)
    head = (await memory.chain.head()).number
    await memory.core.indexing.rebuild(head)
    await when_indexed(memory.core)
    reach = (await memory.core.index.status()).reach
    assert reach is not None
    assert (reach.first_block, reach.last_block) == (head, head)
    assert await minted_in_index(memory) == [token_id_of(assets[2].asset_id)]
    with pytest.raises(UserError) as caught:
        await memory.core.indexing.rebuild(-1)
    assert (caught.value.code, caught.value.field) == (ErrorCode.VALIDATION_FAILED, "first_block")


async def test_a_register_without_a_chain_cannot_be_indexed(tmp_path: Path) -> None:
    memory = MemoryCore(tmp_path)
    await memory.core.adapters.database.open()
    with pytest.raises(UserError) as caught:
        await memory.core.indexing.rebuild()
    assert caught.value.code is ErrorCode.MINT_INVALID_STATE
    assert (await memory.core.index.status()) == IndexStatus()
    await memory.core.close()


async def test_it_waits_behind_mints(memory: MemoryCore, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a mint is worked on there is a pause between two pieces; then there is none."""
    monkeypatch.setattr(chain_indexing, "EVENTS_PER_COMMIT", 1)
    for asset in await memory.add_assets(3):
        mint_behind_its_back(memory, asset)
    await when_indexed(memory.core)
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def noted(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(0)

    monkeypatch.setattr(chain_indexing.asyncio, "sleep", noted)
    for is_minting in (True, False):
        monkeypatch.setattr(memory.core.indexing, "_is_minting", lambda is_minting=is_minting: is_minting)
        pauses.clear()
        await memory.core.indexing.rebuild()
        await when_indexed(memory.core)
        expected = chain_indexing.BEHIND_MINTS_S if is_minting else 0
        assert pauses.count(expected) >= 3
        # Others sleep beside it, so only its own pause is looked for.
        assert is_minting or chain_indexing.BEHIND_MINTS_S not in pauses


async def test_two_programs_on_one_register_take_each_block_in_once(
    memory: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    core = memory.core
    other = ChainIndexing(
        core.adapters.database,
        memory.chain,
        core.indexing._identity,  # pyright: ignore[reportPrivateUsage]
        core.events,
        core.adapters.clock,
        core.session,
        first_block_of=lambda _identity: 0,
        is_ours=True,
    )
    taken: list[bool] = []
    write = core.adapters.database.write

    async def counted(work: Any) -> Any:
        outcome = await write(work)
        if isinstance(outcome, bool):
            taken.append(outcome)
        return outcome

    monkeypatch.setattr(core.adapters.database, "write", counted)
    other.start()
    core.events.publish(EnvironmentChanged(is_ready=True))
    assets = await memory.add_assets(10)
    for asset in assets:
        mint_behind_its_back(memory, asset)
        await asyncio.sleep(0)
    await when_indexed(core)
    await other.stop()
    assert await minted_in_index(memory) == [token_id_of(asset.asset_id) for asset in assets]
    assert False in taken, "both tried the same piece at least once"
