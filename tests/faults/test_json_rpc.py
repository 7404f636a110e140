"""Rows 12 to 29: what the network and the node may answer. A proxy on loopback does it to a real node."""

from __future__ import annotations

import asyncio

import pytest

from ipnft_desktop.domain.chain import SendReply
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError
from ipnft_desktop.domain.minting import MintStage
from ipnft_desktop.services.mint_desk import MintRequest
from tests.faults.ends import blocked, failed_safely, minted_once, pending, same_bytes_again, signed_once
from tests.faults.world import OpenWorld, World, with_settings
from tests.support.chain_fixtures import OTHER_RECIPIENT, RECIPIENT
from tests.support.fault_proxy import (
    EVERY,
    Fault,
    Garble,
    Hide,
    Hold,
    Interject,
    LoseAnswer,
    LoseRequest,
    Refuse,
    Rewrite,
    Status,
    TakeThenRefuse,
    Truncate,
)
from tests.support.mock_receivers import runtime_code

SEND = "eth_sendRawTransaction"
RECEIPT = "eth_getTransactionReceipt"
SEARCH = "eth_blockNumber"
"""Begins each search for the transaction that used a nonce."""
LOOKS = 3
"""So often a fault that lasts is met before it ends."""


async def test_12_request_lost(world: World) -> None:
    (asset,) = await world.add()
    incident = world.proxy.script(SEND, LoseRequest())
    watch = await world.request(asset)
    await incident.happened()
    job = await minted_once(world, asset, watch)
    signed_once(job)
    same_bytes_again(world, job)


async def test_13_response_lost_after_the_node_accepted(world: World) -> None:
    (asset,) = await world.add()
    incident = world.proxy.script(SEND, LoseAnswer())
    watch = await world.request(asset)
    await incident.happened()
    assert await world.tokens(asset) == 1
    job = await minted_once(world, asset, watch)
    signed_once(job)
    same_bytes_again(world, job)


async def test_14_a_retry_of_the_client_itself_would_mask_success_so_it_makes_none(world: World) -> None:
    (asset,) = await world.add()
    world.proxy.script(SEND, LoseAnswer())
    before = world.proxy.count(SEND)
    chain = world.core.adapters.chain
    waiting = asyncio.Event()
    send = chain.send_raw

    async def send_and_count(raw: bytes) -> SendReply:
        reply = await send(raw)
        waiting.set()
        return reply

    chain.send_raw = send_and_count  # type: ignore[method-assign]
    watch = await world.request(asset)
    await waiting.wait()
    assert world.proxy.count(SEND) == before + 1
    # What comes next is the answer that a repeated success would get.
    world.proxy.script(SEND, Refuse("nonce too low"), times=LOOKS)
    signed_once(await minted_once(world, asset, watch))


@pytest.mark.parametrize("status", [500, 502, 429])
async def test_15_http_error_after_accept(world: World, status: int) -> None:
    (asset,) = await world.add()
    incident = world.proxy.script(SEND, Status(status))
    watch = await world.request(asset)
    await incident.happened()
    assert await world.tokens(asset) == 1
    signed_once(await minted_once(world, asset, watch))


async def test_15_timeout_after_accept(open_world: OpenWorld) -> None:
    async with open_world(with_settings(rpc_timeout_s=0.4)) as world:
        (asset,) = await world.add()
        hold = Hold()
        incident = world.proxy.script(SEND, hold)
        watch = await world.request(asset)
        await incident.happened()
        signed_once(await minted_once(world, asset, watch))
        hold.release()


@pytest.mark.parametrize("fault", [Garble(), Truncate()], ids=["garbled", "truncated"])
async def test_16_garbled_or_truncated_json(world: World, fault: Fault) -> None:
    (asset,) = await world.add()
    incident = world.proxy.script(EVERY, fault, times=float("inf"))
    watch = await world.request(asset)
    await incident.happened(LOOKS)
    assert world.proxy.count(SEND) == 1, "only the deployment was sent: before B nothing may be"
    await pending(world, asset, watch)
    world.proxy.heal()
    signed_once(await minted_once(world, asset, watch))


@pytest.mark.parametrize("fault", [Garble(), Truncate()], ids=["garbled", "truncated"])
async def test_16_garbled_or_truncated_json_after_b(world: World, fault: Fault) -> None:
    (asset,) = await world.add()
    incident = world.proxy.script(SEND, fault)
    lasting = world.proxy.script(RECEIPT, fault, times=float("inf"))
    watch = await world.request(asset)
    await incident.happened()
    await lasting.happened(LOOKS)
    signed_once(await pending(world, asset, watch))
    world.proxy.heal()
    job = await minted_once(world, asset, watch)
    signed_once(job)
    same_bytes_again(world, job)


async def test_17_already_known(world: World) -> None:
    (asset,) = await world.add()
    incident = world.proxy.script(SEND, TakeThenRefuse("already known"))
    watch = await world.request(asset)
    await incident.happened()
    signed_once(await minted_once(world, asset, watch))


async def test_18_nonce_too_low_by_our_own_transaction(world: World) -> None:
    (asset,) = await world.add()
    incident = world.proxy.script(SEND, TakeThenRefuse("nonce too low"))
    watch = await world.request(asset)
    await incident.happened()
    signed_once(await minted_once(world, asset, watch))


async def test_19_nonce_too_low_by_a_foreign_transaction(open_world: OpenWorld) -> None:
    async with open_world(with_settings(confirmations=3, stage_pace_ms=5_000)) as world:
        (asset,) = await world.add()
        incident = world.proxy.script(SEND, Interject(lambda _call: world.foreign_transaction()))
        watch = await world.request(asset)
        await incident.happened()
        # Not deep enough to be a proof, however often it is looked at.
        await world.proxy.called(SEARCH, world.proxy.count(SEARCH) + LOOKS)
        await pending(world, asset, watch)
        async with world.blocks_coming():
            failed = await failed_safely(world, asset, watch, ErrorCode.NONCE_CONFLICT)
        assert failed.failure is not None
        assert not failed.failure.gas_spent


@pytest.mark.parametrize("words", ["Nonce too high. Expected nonce to be 1 but got 9."])
async def test_20_nonce_too_high(world: World, words: str) -> None:
    await refused_for_a_while(world, words)


async def test_21_replacement_underpriced(world: World) -> None:
    await refused_for_a_while(world, "replacement transaction underpriced")


async def refused_for_a_while(world: World, words: str) -> None:
    (asset,) = await world.add()
    incident = world.proxy.script(SEND, Refuse(words), times=float("inf"))
    watch = await world.request(asset)
    told = await watch.until(lambda progress: progress.error)
    assert told.error is not None
    assert told.error.code is ErrorCode.TX_REJECTED
    await incident.happened(LOOKS)
    signed_once(await pending(world, asset, watch))
    world.proxy.heal()
    job = await minted_once(world, asset, watch)
    signed_once(job)
    same_bytes_again(world, job)


async def test_22_fee_above_the_cap(open_world: OpenWorld) -> None:
    async with open_world(with_settings(max_fee_eth=0.0001)) as world:
        (asset,) = await world.add()
        watch = await world.request(asset)
        told = await watch.until(lambda progress: progress.error)
        assert told.error is not None
        assert told.error.code is ErrorCode.FEE_CAP_EXCEEDED
        assert int(told.error.facts["needed_wei"]) > int(told.error.facts["cap_wei"])
        job = await pending(world, asset, watch)
        assert not job.transactions
        await world.core.desk.allow_fee(job.job_id, int(told.error.facts["needed_wei"]) * 2)
        await minted_once(world, asset, watch)


async def test_23_no_funds_before_b(world: World) -> None:
    (asset,) = await world.add()
    await set_balance(world, 0)
    nonce = await world.nonce()
    watch = await world.request(asset)
    failed = await failed_safely(world, asset, watch, ErrorCode.INSUFFICIENT_FUNDS, lambda: set_balance(world, 10**22))
    assert not failed.transactions
    assert await world.nonce() == nonce + 1


async def test_24_no_funds_after_b(world: World) -> None:
    (asset,) = await world.add()
    incident = world.proxy.script(SEND, Interject(lambda _call: set_balance(world, 1)), times=float("inf"))
    watch = await world.request(asset)
    await incident.happened(LOOKS)
    signed_once(await pending(world, asset, watch))
    incident.end()
    await set_balance(world, 10**22)
    job = await minted_once(world, asset, watch)
    signed_once(job)
    same_bytes_again(world, job)


async def test_25_simulation_reverts(world: World) -> None:
    (asset,) = await world.add()
    incident = world.proxy.script("eth_estimateGas", Refuse("execution reverted", code=3, data="0x5d1eee9a"))
    nonce = await world.nonce()
    watch = await world.request(asset)
    await incident.happened()
    failed = await failed_safely(world, asset, watch, ErrorCode.TX_REVERTED)
    assert not failed.transactions
    assert failed.failure is not None
    assert not failed.failure.gas_spent
    assert await world.nonce() == nonce + 1


async def test_26_the_node_says_error_but_mined_the_revert(world: World) -> None:
    (asset,) = await world.add()

    async def refuse_from_now(_call: object) -> None:
        await world.ask("hardhat_setCode", OTHER_RECIPIENT, runtime_code("RefusingReceiver"))

    incident = world.proxy.script(SEND, Interject(refuse_from_now))
    nonce = await world.nonce()
    watch = await world.request(asset, OTHER_RECIPIENT)
    await incident.happened()

    async def accept_again() -> None:
        assert await world.nonce() == nonce + 1, "the revert was mined"
        await world.ask("hardhat_setCode", OTHER_RECIPIENT, "0x")

    failed = await failed_safely(world, asset, watch, ErrorCode.TX_REVERTED, accept_again)
    assert failed.failure is not None
    assert "RecipientRefused" in failed.failure.detail
    assert failed.failure.gas_spent


async def test_27_status_1_but_no_event_of_ours(world: World) -> None:
    (asset,) = await world.add()
    world.proxy.script(RECEIPT, Rewrite(lambda receipt: receipt and {**receipt, "logs": []}), times=float("inf"))
    watch = await world.request(asset)
    await blocked(world, asset, ErrorCode.CHAIN_MISMATCH)
    job = await pending(world, asset, watch)
    assert job.stage is MintStage.CONFIRMING
    # Somebody's gateway was at fault; once it is put right, the next start finds the token.
    world.proxy.heal()
    await world.start()
    await minted_once(world, asset, watch)


async def test_28_receipt_missing_but_the_nonce_advanced(world: World) -> None:
    (asset,) = await world.add()
    hidden = world.proxy.script(RECEIPT, Hide(), times=float("inf"))
    watch = await world.request(asset)
    await hidden.happened(2 * LOOKS)
    assert await world.tokens(asset) == 1
    signed_once(await pending(world, asset, watch))
    world.proxy.heal()
    job = await minted_once(world, asset, watch)
    signed_once(job)
    same_bytes_again(world, job)


async def test_29_wrong_chain_id(world: World) -> None:
    (asset,) = await world.add()
    await world.core.environment.stop()
    world.proxy.script("eth_chainId", Rewrite(lambda _id: "0x1"), times=float("inf"))
    sent, jobs = world.proxy.count(SEND), world.rows("mint_jobs")
    with pytest.raises(IpnftError) as caught:
        await world.start()
    assert caught.value.code is ErrorCode.CHAIN_MISMATCH
    with pytest.raises(EnvironmentFault):
        await world.core.desk.request([MintRequest(asset.asset_id, RECIPIENT)])
    assert (world.proxy.count(SEND), world.rows("mint_jobs")) == (sent, jobs)
    assert await world.state(asset) == "DRAFT"


async def set_balance(world: World, wei: int) -> None:
    await world.ask("hardhat_setBalance", world.core.adapters.signer.address, hex(wei))
