"""Batches and runs under the faults that meet single mints too: each item's end is named, none is doubled or lost.

Kills of the program with a run under way are in `test_sigkill.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.batch_runs import BatchRun, ItemOutcome
from ipnft_desktop.domain.errors import ErrorCode
from ipnft_desktop.domain.minting import MintStage
from tests.faults.ends import blocked
from tests.faults.test_content import OTHER_RECIPIENT
from tests.faults.world import Genesis, World
from tests.support import samples
from tests.support.fault_proxy import Interject, LoseAnswer, LoseRequest
from tests.support.mock_receivers import runtime_code

SEND = "eth_sendRawTransaction"


async def commit(world: World, assets: Sequence[Asset], most_items: int) -> BatchRun:
    plan = await world.core.planner.plan([asset.asset_id for asset in assets], most_items=most_items)
    return await world.core.runs.commit(plan)


async def minted_once(world: World, assets: Sequence[Asset]) -> None:
    assert [await world.tokens(asset) for asset in assets] == [1] * len(assets)
    states = world.states_in_sqlite()
    assert {states[asset.asset_id] for asset in assets} == {"MINTED"}


async def ended(world: World, run: BatchRun) -> Mapping[ItemOutcome, int]:
    counts = (await world.core.runs.outcome(run.run_id)).counts
    return {outcome: count for outcome, count in counts.items() if count}


async def test_13_response_lost_after_the_node_accepted_a_batch(world: World) -> None:
    assets = await world.add(6)
    incident = world.proxy.script(SEND, LoseAnswer())
    run = await commit(world, assets, 3)
    await incident.happened()
    assert await ended(world, run) == {ItemOutcome.MINTED: 6}
    await minted_once(world, assets)


async def test_12_request_of_a_batch_lost(world: World) -> None:
    assets = await world.add(6)
    incident = world.proxy.script(SEND, LoseRequest())
    run = await commit(world, assets, 3)
    await incident.happened()
    assert await ended(world, run) == {ItemOutcome.MINTED: 6}
    await minted_once(world, assets)


async def test_30_node_gone_between_two_transactions_and_back(world: World) -> None:
    assets = await world.add(6)

    async def vanish(_call: object) -> None:
        await world.proxy.refuse_connections()

    incident = world.proxy.script(SEND, Interject(vanish))
    run = await commit(world, assets, 3)
    second = world.listen(await world.job(assets[3]))
    await incident.happened()
    await second.until(lambda progress: progress.error and progress.error.code is ErrorCode.NODE_UNREACHABLE)
    await world.proxy.accept_connections()
    assert await ended(world, run) == {ItemOutcome.MINTED: 6}
    await minted_once(world, assets)


async def test_31_node_restarted_empty_between_two_transactions(world: World, genesis: Genesis) -> None:
    """The first one is minted, the second signed: the chain is restored, and both are there once."""
    assets = await world.add(4)
    first = await commit(world, assets[:2], 2)
    assert await ended(world, first) == {ItemOutcome.MINTED: 2}
    incident = world.proxy.script(SEND, LoseRequest(), times=float("inf"))
    second = await commit(world, assets[2:], 2)
    await incident.happened()
    genesis.go_back()
    world.proxy.heal()
    await blocked(world, assets[0], ErrorCode.CHAIN_RESET)
    await world.start()
    assert await ended(world, second) == {ItemOutcome.MINTED: 2}
    await minted_once(world, assets)


async def test_39_a_run_is_cancelled_in_its_middle(world: World) -> None:
    """One transaction is mined, one signed and waiting for a block."""
    assets = await world.add(4)
    assert await ended(world, await commit(world, assets[:2], 2)) == {ItemOutcome.MINTED: 2}
    await world.ask("evm_setAutomine", False)
    run = await commit(world, assets[2:], 2)
    job = await world.job(assets[2])
    await world.listen(job).until(lambda progress: progress.stage is MintStage.CONFIRMING)
    assert (await world.core.runs.cancel_rest(run.run_id)).asked == 2
    await world.ask("evm_mine")
    assert await ended(world, run) == {ItemOutcome.NOT_ATTEMPTED: 2}
    assert [await world.tokens(asset) for asset in assets] == [1, 1, 0, 0]
    await world.ask("evm_setAutomine", True)


async def test_63_one_recipient_of_thirty_refuses(world: World) -> None:
    """Left out with its reason, before anything is sent and even where nobody tried before; the rest is minted. The gas
    that was predicted is that of the receipt."""
    await world.ask("hardhat_setCode", OTHER_RECIPIENT, runtime_code("RefusingReceiver"))
    good = await world.add(29)
    refusing = samples.enterprise(name="Refusing", wallet_address=OTHER_RECIPIENT)
    bad = samples.asset(refusing, name="Refused")
    await world.core.register.add_assets([bad], (refusing,))
    world.assets.append(bad)
    plan = await world.core.planner.plan([asset.asset_id for asset in (*good[:12], bad, *good[12:])])
    simulated = await world.core.planner.simulate(plan)
    assert [(left.name, left.code) for left in simulated.omissions] == [("Refused", ErrorCode.RECIPIENT_REFUSED)]
    assert (simulated.item_count, len(simulated.transactions)) == (29, 1)

    run = await world.core.runs.commit(plan)  # as it was planned, before anybody tried
    assert await ended(world, run) == {ItemOutcome.MINTED: 29, ItemOutcome.FAILED: 1}
    await minted_once(world, good)
    assert await world.tokens(bad) == 0
    (failed,) = [item for item in await world.core.runs.items(run.run_id) if item.outcome is ItemOutcome.FAILED]
    assert (failed.name, failed.code) == ("Refused", ErrorCode.RECIPIENT_REFUSED)
    assert len(world.proxy.raw_sent()) == 2, "the deployment and one mint"

    more = await world.add(30)
    predicted = await world.core.planner.plan([asset.asset_id for asset in more])
    counted = await world.core.runs.commit(predicted)
    assert await ended(world, counted) == {ItemOutcome.MINTED: 30}
    used = (await world.core.runs.run(counted.run_id)).gas_used
    assert abs(used - predicted.gas) < predicted.gas * 0.005
