"""Plans over a register: what is read for them, what is left out, and what the chain says when it is asked."""

from __future__ import annotations

import pytest

from ipnft_desktop.domain.assets import AssetQuery, SortKey
from ipnft_desktop.domain.batch_plan import MAX_PLANNED_ITEMS
from ipnft_desktop.domain.errors import ErrorCode, UserError, ValidationFailed
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.domain.people import Role
from tests.support import samples
from tests.support.core_factory import MemoryCore, mint_behind_its_back, request

BAD = "0x000000000000000000000000000000000000dEaD"


async def test_a_plan_for_ids_and_for_a_list(memory: MemoryCore) -> None:
    assets = await memory.add_assets(5)
    plan = await memory.core.planner.plan([asset.asset_id for asset in assets])
    (transaction,) = plan.transactions
    assert [item.asset_id for item in transaction.items] == [asset.asset_id for asset in assets]
    assert {item.recipient for item in transaction.items} == {assets[0].enterprise.wallet_address}
    assert plan.omissions == ()
    assert plan.fee_wei == plan.gas * (await memory.chain.fees()).gas_price_wei

    await memory.core.desk.mint([request(assets[2])])
    drafts = AssetQuery(states=frozenset({AssetState.DRAFT}), sort=SortKey.NAME, descending=False)
    plan = await memory.core.planner.plan(drafts, samples.SIGNER)
    assert [item.name for item in plan.transactions[0].items] == ["Asset 0", "Asset 1", "Asset 3", "Asset 4"]
    assert {item.recipient for item in plan.transactions[0].items} == {samples.SIGNER}
    assert plan.single_gas == await memory.core.desk.latest_single_mint_gas()
    assert plan.single_gas_is_measured
    everything = await memory.core.planner.plan(AssetQuery())
    assert [(left.name, left.code) for left in everything.omissions] == [("Asset 2", ErrorCode.MINT_INVALID_STATE)]


async def test_nothing_selected_and_too_much(memory: MemoryCore) -> None:
    for nothing in ([], AssetQuery(text="there is no such asset")):
        with pytest.raises(UserError) as refused:
            await memory.core.planner.plan(nothing)
        assert refused.value.code is ErrorCode.BATCH_EMPTY
    with pytest.raises(ValidationFailed):
        await memory.core.planner.plan([samples.uuid()] * (MAX_PLANNED_ITEMS + 1))
    with pytest.raises(UserError) as refused:
        await memory.core.planner.plan([samples.uuid()], "0x12")
    assert refused.value.code is ErrorCode.RECIPIENT_INVALID


async def test_where_nothing_can_be_minted_the_plan_says_why(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    await memory.core.desk.mint([request(asset)])
    plan = await memory.core.planner.plan([asset.asset_id, samples.uuid()])
    assert plan.transactions == ()
    assert [left.code for left in plan.omissions] == [ErrorCode.MINT_INVALID_STATE, ErrorCode.ASSET_NOT_FOUND]
    with pytest.raises(UserError) as refused:
        await memory.core.runs.commit(plan)
    assert refused.value.code is ErrorCode.BATCH_EMPTY


async def test_an_operator_plans_for_their_own_enterprises(memory: MemoryCore) -> None:
    (mine,) = await memory.add_assets()
    other = samples.enterprise(name="Borealis")
    foreign = samples.asset(other)
    await memory.core.register.add_assets([foreign], (other,))
    memory.core.session.begin(samples.user(Role.OPERATOR, mine.enterprise))
    plan = await memory.core.planner.plan([foreign.asset_id, mine.asset_id])
    assert [item.asset_id for item in plan.transactions[0].items] == [mine.asset_id]
    assert [(left.asset_id, left.code) for left in plan.omissions] == [(foreign.asset_id, ErrorCode.PERMISSION_DENIED)]


async def test_without_a_node_there_is_a_plan_without_a_fee(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    memory.chain.unreachable = True
    plan = await memory.core.planner.plan([asset.asset_id])
    assert (plan.item_count, plan.fee_wei) == (1, None)
    memory.chain.unreachable = False


async def test_what_the_chain_refuses_is_left_out_before_anything_is_recorded(memory: MemoryCore) -> None:
    bad = samples.enterprise(wallet_address=BAD)
    refusing = [samples.asset(bad, name=f"Refused {n}") for n in range(2)]
    good = await memory.add_assets(5)
    await memory.core.register.add_assets(refusing, (bad,))
    memory.chain.refusing_recipients = {BAD}
    mixed = [good[0], refusing[0], *good[1:], refusing[1]]
    tried: list[int] = []
    plan = await memory.core.planner.plan([asset.asset_id for asset in mixed], most_items=4)
    simulated = await memory.core.planner.simulate(plan, lambda done: tried.append(done) is None)
    assert tried == [1, 2]
    assert {(left.name, left.code) for left in simulated.omissions} == {
        ("Refused 0", ErrorCode.RECIPIENT_REFUSED),
        ("Refused 1", ErrorCode.RECIPIENT_REFUSED),
    }
    assert [[item.name for item in t.items] for t in simulated.transactions] == [
        ["Asset 0", "Asset 1", "Asset 2", "Asset 3"],
        ["Asset 4"],
    ]
    assert simulated.transactions[0].gas == 50_000 + 25_000 * 4, "as the node estimates"
    assert len(memory.chain.sent) == 1, "the deployment"
    stopped = await memory.core.planner.simulate(plan, lambda _done: False)
    assert (stopped.omissions, stopped.item_count) == ((), 7)


async def test_a_token_that_exists_is_no_reason_to_leave_anything_out(memory: MemoryCore) -> None:
    assets = await memory.add_assets(3)
    mint_behind_its_back(memory, assets[1])
    plan = await memory.core.planner.plan([asset.asset_id for asset in assets])
    assert (await memory.core.planner.simulate(plan)).item_count == 3
