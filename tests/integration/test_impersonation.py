"""Calls of accounts that sign nothing, on a real node: off at first, recorded before they are sent, restored."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from ipnft_desktop.bootstrap.core import Core, build_core
from ipnft_desktop.domain.assets import token_id_of
from ipnft_desktop.domain.audit import AuditQuery
from ipnft_desktop.domain.chain import ChainIdentity
from ipnft_desktop.domain.contract_writes import ContractCall, ContractWrite, WriteState
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.events import ContractWriteChanged, DomainEvent
from ipnft_desktop.domain.local_chain import Mining, MiningMode
from ipnft_desktop.services.mint_desk import MintRequest
from ipnft_desktop.settings import Settings
from tests.support.chain_fixtures import OTHER_RECIPIENT, RECIPIENT
from tests.support.core_factory import request
from tests.support.node_oracle import ask
from tests.support.real_core import add_assets
from tests.support.signed_in import signed_in

TRANSFER = "transferFrom(address,address,uint256)"
STRANGER = "0x00000000000000000000000000000000DeaDBeef"
PATIENCE_S = 20
ETHER_WEI = 10**18


async def started(profile: Path) -> Core:
    core = signed_in(build_core(profile, Settings(demo_data=False)))
    await core.environment.start(lambda _: None)
    return core


def identity(core: Core) -> ChainIdentity:
    ready = core.environment.ready
    assert ready is not None
    return ready.identity


async def transfer(core: Core) -> ContractCall:
    """A token handed on, which only its holder may do."""
    (asset,) = await add_assets(core)
    await core.desk.mint([MintRequest(asset.asset_id, RECIPIENT)])
    arguments = (("from", RECIPIENT), ("to", OTHER_RECIPIENT), ("id", str(token_id_of(asset.asset_id))))
    return ContractCall(identity(core).contract_address, TRANSFER, arguments)


async def blocks(core: Core) -> list[dict[str, Any]]:
    """All blocks with their transactions, as the node itself tells them."""
    status = await core.environment.node_status()
    assert status is not None

    def read() -> list[dict[str, Any]]:
        head = int(ask(status.rpc_url, "eth_blockNumber"), 16)
        return [ask(status.rpc_url, "eth_getBlockByNumber", hex(number), True) for number in range(head + 1)]

    return await asyncio.to_thread(read)


async def node_began_anew(core: Core) -> None:
    await core.adapters.node.kill()
    await core.environment.stop()
    await core.environment.start(lambda _: None)


async def until_done(core: Core, write_id: int) -> ContractWrite:
    done = asyncio.Event()

    def hear(event: DomainEvent) -> None:
        if isinstance(event, ContractWriteChanged) and event.write.state is WriteState.DONE:
            done.set()

    end = core.events.subscribe(hear)
    if (await core.writes.write(write_id)).state is not WriteState.DONE:
        async with asyncio.timeout(PATIENCE_S):
            await done.wait()
    end()
    return await core.writes.write(write_id)


async def test_a_call_of_another_account_is_refused_until_it_is_switched_on_and_again_after_the_node_ended(
    tmp_path: Path,
) -> None:
    core = await started(tmp_path)
    call = await transfer(core)
    assert not (await core.local_chain.state()).impersonates
    before = len(await blocks(core))
    with pytest.raises(UserError) as refused:
        await core.writes.send(call, sender=RECIPIENT)
    assert refused.value.code is ErrorCode.IMPERSONATION_OFF
    assert (await core.writes.writes(), len(await blocks(core))) == ((), before)

    await core.local_chain.set_impersonation(allowed=True)
    assert (await core.local_chain.state()).impersonates
    assert (await core.writes.send(call, sender=RECIPIENT)).state is WriteState.DONE
    await node_began_anew(core)
    assert not (await core.local_chain.state()).impersonates
    await core.close()


async def test_a_chain_with_calls_that_nobody_signed_comes_back_to_the_same_hashes(tmp_path: Path) -> None:
    core = await started(tmp_path)
    call = await transfer(core)
    await core.local_chain.set_impersonation(allowed=True)
    await core.local_chain.fund(STRANGER, ETHER_WEI)
    moved = await core.writes.send(call, "For the demonstration.", sender=RECIPIENT)
    assert (moved.state, moved.signer) == (WriteState.DONE, RECIPIENT)
    await _sent_by_another_tool(core)
    expected = await blocks(core)
    kinds = [transaction["type"] for block in expected for transaction in block["transactions"]]
    assert {"0x0", "0x1", "0x2"} <= set(kinds)

    shown = await core.inspector.transaction(moved.tx_hash)
    assert shown is not None
    assert not shown.transaction.is_signed
    signed = await core.inspector.transaction(expected[1]["transactions"][0]["hash"])
    assert signed is not None
    assert signed.transaction.is_signed

    await node_began_anew(core)
    assert [block["hash"] for block in await blocks(core)] == [block["hash"] for block in expected]
    token_id = int(str(call.arguments[2][1]))
    token = (await core.adapters.chain.tokens([token_id]))[token_id]
    assert token is not None
    assert token.owner == OTHER_RECIPIENT
    assert await core.writes.write(moved.write_id) == moved
    page = await core.audit.page(AuditQuery())
    lines = [entry.line for entry in page.entries if entry.line.action == "contract.write"]
    told = [line.facts for line in lines if "impersonated" in line.facts]
    assert [facts["impersonated"] for facts in told] == [RECIPIENT]
    await core.close()


async def test_a_call_that_waited_when_the_node_ended_is_sent_again_though_it_is_switched_off(tmp_path: Path) -> None:
    core = await started(tmp_path)
    call = await transfer(core)
    await core.local_chain.set_impersonation(allowed=True)
    await core.local_chain.set_mining(Mining(MiningMode.ON_DEMAND))
    account = core.writes._accounts.to_send_from(RECIPIENT)
    write_id = await core.writes.begin(call, "", "demo", sender=account)
    waiting = await core.writes.write(write_id)
    assert waiting.state is WriteState.WAITING

    await node_began_anew(core)
    done = await until_done(core, write_id)
    assert done.tx_hash == waiting.tx_hash
    sent = [tx["hash"] for block in await blocks(core) for tx in block["transactions"]]
    assert sent.count(done.tx_hash) == 1
    await core.close()


async def _sent_by_another_tool(core: Core) -> None:
    """Of the kinds that this program does not make, in blocks that its journal keeps all the same."""
    status = await core.environment.node_status()
    assert status is not None

    def send() -> None:
        ask(status.rpc_url, "hardhat_impersonateAccount", STRANGER)
        plain = {"from": STRANGER, "to": OTHER_RECIPIENT, "value": "0x1", "gas": "0x7530", "gasPrice": hex(4 * 10**9)}
        ask(status.rpc_url, "eth_sendTransaction", plain)
        access = [{"address": identity(core).contract_address, "storageKeys": ["0x" + "00" * 32]}]
        ask(status.rpc_url, "eth_sendTransaction", plain | {"gas": "0xf4240", "accessList": access, "data": "0x01"})

    await asyncio.to_thread(send)
    await add_and_mint(core)


async def add_and_mint(core: Core) -> None:
    """A mint ends only behind blocks that are journalled."""
    (asset,) = await add_assets(core)
    await core.desk.mint([request(asset)])
