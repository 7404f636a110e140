"""Rows 30 to 40: what a chain may do. All of it happens on a real node, behind the program's back."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable

import pytest

from ipnft_desktop.adapters.chain.local_signer import LocalSigner
from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.chain import LOCAL_CHAIN_ID
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.minting import MintProgress, MintStage, TransactionPurpose
from tests.faults.ends import blocked, failed_safely, minted_once, pending, same_bytes_again, signed_once
from tests.faults.world import FOREIGN_FEES, Genesis, OpenWorld, Watch, World, with_settings
from tests.support.fault_proxy import Call, Interject, LoseRequest

SEND = "eth_sendRawTransaction"
OWNER_OF = "0x6352211e"
SEARCH = "eth_blockNumber"
"""Begins each search for the transaction that used a nonce."""
LOOKS = 3
SLOW_PACE = {"confirmations": 3, "stage_pace_ms": 5_000}
"""Confirmations come only when the test mines them."""


on_both_nodes = pytest.mark.parametrize("genesis", ["hardhat", "anvil"], indirect=True)
"""What holds there is no habit of one of them. Restoring a chain is asked of our own node alone."""


@on_both_nodes
async def test_30_node_gone_in_mid_mint_and_back_with_the_same_chain(world: World) -> None:
    (asset,) = await world.add()

    async def vanish(_call: object) -> None:
        await world.proxy.refuse_connections()

    incident = world.proxy.script(SEND, Interject(vanish))
    watch = await world.request(asset)
    await incident.happened()
    await watch.until(lambda progress: progress.error and progress.error.code is ErrorCode.NODE_UNREACHABLE)
    signed_once(await pending(world, asset, watch))
    await world.proxy.accept_connections()
    job = await minted_once(world, asset, watch)
    signed_once(job)
    same_bytes_again(world, job)


async def test_31_node_restarted_empty(world: World, genesis: Genesis) -> None:
    minted, asset = await world.add(2)
    await minted_once(world, minted, await world.request(minted))
    identity = await world.core.adapters.database.read(lambda tx: tx.chain_identity())
    head = await world.ask("eth_getBlockByNumber", "latest", False)
    incident = world.proxy.script(SEND, LoseRequest(), times=float("inf"))
    watch = await world.request(asset)
    await incident.happened()
    genesis.go_back()
    world.proxy.heal()
    await blocked(world, minted, ErrorCode.CHAIN_RESET)
    await pending(world, asset, watch)
    await world.start()
    job = await minted_once(world, asset, watch)
    signed_once(job)
    assert await world.tokens(minted) == 1
    assert await world.ask("eth_getBlockByHash", head["hash"], False) == head
    assert await world.core.adapters.database.read(lambda tx: tx.chain_identity()) == identity


async def test_31_node_restarted_empty_while_nothing_is_minted(world: World, genesis: Genesis) -> None:
    (minted,) = await world.add()
    await minted_once(world, minted, await world.request(minted))
    genesis.go_back()
    await world.ask("evm_mine")
    await blocked(world, minted, ErrorCode.CHAIN_RESET)
    await bring_back(world, minted, genesis)


async def test_32_node_replaced_by_another_chain_of_the_same_id(world: World, genesis: Genesis) -> None:
    minted, asset = await world.add(2)
    await minted_once(world, minted, await world.request(minted))
    genesis.go_back()
    for _ in range(3):
        await world.foreign_transaction()
    await blocked(world, asset, ErrorCode.CHAIN_RESET)
    head, sent = await world.ask("eth_blockNumber"), len(world.proxy.raw_sent())
    with pytest.raises(EnvironmentFault) as caught:
        await world.start()
    assert caught.value.code in (ErrorCode.CHAIN_MISMATCH, ErrorCode.CHAIN_RESET)
    assert await world.ask("eth_blockNumber") == head
    assert len(world.proxy.raw_sent()) == sent
    assert await world.state(minted) == "MINTED"
    await bring_back(world, minted, genesis)


async def test_33_same_address_redeployed_by_someone_else(world: World, genesis: Genesis) -> None:
    minted, asset = await world.add(2)
    await minted_once(world, minted, await world.request(minted))
    identity = await world.core.adapters.database.read(lambda tx: tx.chain_identity())
    assert identity is not None
    genesis.go_back()
    signer = LocalSigner(lambda: True)
    data = await world.core.adapters.chain.deployment_data(secrets.token_bytes(32), signer.address, signer.address)
    raw, _ = signer.sign_deployment(LOCAL_CHAIN_ID, 0, data, 6_000_000, FOREIGN_FEES)
    await world.ask("eth_sendRawTransaction", "0x" + raw.hex())
    assert await world.ask("eth_getCode", identity.contract_address, "latest") != "0x"
    await blocked(world, asset, ErrorCode.CHAIN_MISMATCH)
    head, sent = await world.ask("eth_blockNumber"), len(world.proxy.raw_sent())
    with pytest.raises(EnvironmentFault) as caught:
        await world.start()
    assert caught.value.code is ErrorCode.CHAIN_MISMATCH
    assert await world.ask("eth_blockNumber") == head
    assert len(world.proxy.raw_sent()) == sent, "nothing is replayed onto somebody else's chain"
    await bring_back(world, minted, genesis)


async def bring_back(world: World, minted: Asset, genesis: Genesis) -> None:
    """The right node again: what was minted is there."""
    genesis.go_back()
    await world.start()
    assert await world.tokens(minted) == 1


@on_both_nodes
async def test_34_reorganisation_before_depth(open_world: OpenWorld) -> None:
    async with open_world(with_settings(**SLOW_PACE)) as world:
        (asset,) = await world.add()
        mark = await world.ask("evm_snapshot")
        watch = await world.request(asset)
        await watch.until(confirmed(1))
        first = await world.job(asset)
        await world.ask("evm_revert", mark)
        await world.ask("evm_mine")
        await watch.until(unmined())
        await mine_until_ended(world, watch)
        job = await minted_once(world, asset, watch)
        signed_once(job)
        assert job.transactions == first.transactions
        assert job.mined != first.mined


@on_both_nodes
async def test_34_reorganisation_between_receipt_and_owner(open_world: OpenWorld) -> None:
    """The receipt is deep enough and says success; when the owner is asked for, the block is gone."""
    async with open_world() as world:
        (asset,) = await world.add()
        mark = await world.ask("evm_snapshot")

        async def replace_the_block(call: Call) -> None:
            if call["params"][0]["data"].startswith(OWNER_OF):
                asked.end()
                await world.ask("evm_revert", mark)
                await world.ask("evm_mine")
                await world.ask("evm_mine")

        asked = world.proxy.script("eth_call", Interject(replace_the_block), times=float("inf"))
        watch = await world.request(asset)
        job = await minted_once(world, asset, watch)
        signed_once(job)
        assert asked.times_left == 0, "the owner was never asked for"
        assert not world.frozen, "it is a reorganisation, not another chain"


@on_both_nodes
async def test_35_reorganisation_after_minted(world: World) -> None:
    (asset,) = await world.add()
    mark = await world.ask("evm_snapshot")
    minted = await minted_once(world, asset, await world.request(asset))
    unseen = world.proxy.script(SEND, LoseRequest(), times=float("inf"))
    await world.ask("evm_revert", mark)
    await world.ask("evm_mine")
    await world.ask("evm_mine")
    await unseen.happened()
    reopened = await world.job(asset)
    assert reopened.stage is MintStage.CONFIRMING
    assert reopened.mined is None
    assert await world.state(asset) == "MINTING"
    assert await world.tokens(asset) == 0
    watch = world.listen(reopened)
    world.proxy.heal()
    job = await minted_once(world, asset, watch)
    assert job.transactions == minted.transactions
    same_bytes_again(world, job)


@on_both_nodes
async def test_36_a_foreign_transaction_takes_the_nonce_in_the_reorganisation(open_world: OpenWorld) -> None:
    async with open_world(with_settings(**SLOW_PACE)) as world:
        (asset,) = await world.add()
        mark = await world.ask("evm_snapshot")
        watch = await world.request(asset)
        await watch.until(confirmed(1))
        world.proxy.script(SEND, LoseRequest(), times=float("inf"))
        await world.ask("evm_revert", mark)
        await world.foreign_transaction()
        await watch.until(unmined())
        world.proxy.heal()
        # Not deep enough to be a proof, however often it is looked at.
        await world.proxy.called(SEARCH, world.proxy.count(SEARCH) + LOOKS)
        await pending(world, asset, watch)
        async with world.blocks_coming():
            await failed_safely(world, asset, watch, ErrorCode.NONCE_CONFLICT)


@on_both_nodes
async def test_36_the_nonce_of_a_foreign_transaction_that_vanished_is_filled(open_world: OpenWorld) -> None:
    """Ours came behind it: without something under that nonce the chain would wait for ever."""
    async with open_world(with_settings(**SLOW_PACE)) as world:
        (asset,) = await world.add()
        mark = await world.ask("evm_snapshot")
        gap, foreign = await world.nonce(), await world.foreign_transaction()
        watch = await world.request(asset)
        await watch.until(confirmed(1))
        await world.ask("evm_revert", mark)
        await world.ask("evm_mine")
        await watch.until(unmined())
        async with world.blocks_coming():
            job = await minted_once(world, asset, watch)
        signed_once(job)
        assert job.transactions[0].nonce == gap + 1
        assert await world.ask("eth_getTransactionByHash", foreign) is None
        fill = await world.sent_with(gap)
        assert fill["to"] == fill["from"]
        assert (fill["value"], fill["input"]) == ("0x0", "0x")


@on_both_nodes
async def test_37_transaction_dropped_from_the_pool(world: World) -> None:
    (asset,) = await world.add()
    await world.ask("evm_setAutomine", False)
    watch = await world.request(asset)
    await watch.until(lambda progress: progress.times.accepted_at)
    tx_hash = (await pending(world, asset, watch)).transactions[0].tx_hash
    sent = len(world.proxy.raw_sent())
    assert await world.ask("hardhat_dropTransaction", tx_hash)
    await world.proxy.called(SEND, sent + 1)
    await mine_until_ended(world, watch)
    job = await minted_once(world, asset, watch)
    signed_once(job)
    same_bytes_again(world, job)


@on_both_nodes
async def test_38_old_attempt_beats_its_fee_bump(world: World) -> None:
    (asset,) = await world.add()
    await world.ask("evm_setAutomine", False)
    watch = await world.request(asset)
    await watch.until(lambda progress: progress.times.accepted_at)
    job_id = (await pending(world, asset, watch)).job_id
    world.proxy.script(SEND, LoseRequest(), times=float("inf"))
    bumped = await world.core.desk.speed_up(job_id)
    old, new = bumped.transactions
    assert (old.nonce, old.purpose) == (new.nonce, new.purpose)
    assert new.max_fee_per_gas_wei > old.max_fee_per_gas_wei
    await mine_until_ended(world, watch)
    job = await minted_once(world, asset, watch)
    assert job.mined is not None
    assert job.mined.tx_hash == old.tx_hash


@on_both_nodes
async def test_38_the_fee_bump_replaces_the_old_attempt(world: World) -> None:
    (asset,) = await world.add()
    await world.ask("evm_setAutomine", False)
    watch = await world.request(asset)
    await watch.until(lambda progress: progress.times.accepted_at)
    job_id = (await pending(world, asset, watch)).job_id
    bumped = await world.core.desk.speed_up(job_id)
    await mine_until_ended(world, watch)
    job = await minted_once(world, asset, watch)
    assert job.mined is not None
    assert job.mined.tx_hash == bumped.transactions[1].tx_hash


@on_both_nodes
async def test_39_cancel_wins(world: World) -> None:
    (asset,) = await world.add()
    await world.ask("evm_setAutomine", False)
    watch = await world.request(asset)
    await watch.until(lambda progress: progress.times.accepted_at)
    cancelling = await world.core.desk.cancel((await pending(world, asset, watch)).job_id)
    assert cancelling.cancel_requested
    assert cancelling.is_open, "only the chain can say that there is no token"
    assert await world.state(asset) == "MINTING"
    await mine_until_ended(world, watch)
    job = await watch.ended()
    assert job.stage is MintStage.CANCELLED
    assert job.transaction is not None
    assert job.transaction.purpose is TransactionPurpose.CANCEL
    assert await world.tokens(asset) == 0
    assert await world.state(asset) == "MINT_CANCELLED"
    await world.ask("evm_setAutomine", True)
    await minted_once(world, asset, await world.request(asset))


@on_both_nodes
async def test_40_cancel_loses(world: World) -> None:
    (asset,) = await world.add()
    await world.ask("evm_setAutomine", False)
    watch = await world.request(asset)
    await watch.until(lambda progress: progress.times.accepted_at)
    job_id = (await pending(world, asset, watch)).job_id
    world.proxy.script(SEND, LoseRequest(), times=float("inf"))
    cancelling = await world.core.desk.cancel(job_id)
    assert cancelling.cancel_requested
    await mine_until_ended(world, watch)
    job = await minted_once(world, asset, watch)
    assert job.transaction is not None
    assert job.transaction.purpose is TransactionPurpose.MINT


def confirmed(times: int) -> Callable[[MintProgress], bool]:
    """Progress that shows so many confirmations."""
    return lambda progress: progress.confirmations >= times


def unmined() -> Callable[[MintProgress], bool]:
    """Progress that shows no block any more, though an earlier one did."""
    blocks: list[int | None] = []

    def is_unmined(progress: MintProgress) -> bool:
        blocks.append(progress.block_number)
        return progress.block_number is None and any(blocks)

    return is_unmined


async def mine_until_ended(world: World, watch: Watch) -> None:
    """Blocks come one by one, each once the program has looked again, until the mint ends."""
    while watch.is_open:
        looks = world.proxy.count("eth_getTransactionReceipt")
        await world.ask("evm_mine")
        looked = asyncio.ensure_future(world.proxy.called("eth_getTransactionReceipt", looks + 2))
        await asyncio.wait((looked, watch.outcome), return_when=asyncio.FIRST_COMPLETED)
        looked.cancel()
        await asyncio.gather(looked, return_exceptions=True)
