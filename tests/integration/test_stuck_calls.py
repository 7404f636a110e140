"""A call that no block takes, on a real node: mints wait behind it, it is taken back, and the chain is asked."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from ipnft_desktop.bootstrap.core import Core, build_core
from ipnft_desktop.domain.alerts import AlertKind
from ipnft_desktop.domain.chain import SendVerdict
from ipnft_desktop.domain.contract_writes import ContractCall, ContractWrite, WithdrawalObstacle, WriteState
from ipnft_desktop.domain.events import AlertCleared, AlertRaised
from ipnft_desktop.domain.local_chain import Mining, MiningMode
from ipnft_desktop.services.recorded_calls import CallFilter
from ipnft_desktop.settings import Settings
from tests.support.chain_fixtures import OTHER_RECIPIENT
from tests.support.core_factory import request
from tests.support.memory_calls import SET_ROYALTY
from tests.support.node_oracle import ask, mints_of
from tests.support.real_core import add_assets
from tests.support.signed_in import signed_in

SETTINGS = Settings(demo_data=False)
PATIENCE_S = 30
ALERT_EVENTS = (AlertRaised, AlertCleared)


async def test_a_call_that_waits_is_taken_back_and_the_mint_behind_it_goes_on(tmp_path: Path) -> None:
    core = signed_in(build_core(tmp_path, SETTINGS))
    await core.environment.start(lambda _: None)
    ready = core.environment.ready
    assert ready is not None
    url, contract = await _url(core), ready.identity.contract_address
    (asset,) = await add_assets(core, 1)
    await core.local_chain.set_mining(Mining(MiningMode.ON_DEMAND))

    arguments = (("receiver", OTHER_RECIPIENT), ("royaltyBps", "250"))
    write_id = await core.writes.begin(ContractCall(contract, SET_ROYALTY, arguments), "Agreed.", "ada")
    (line,) = (await core.calls.page(CallFilter("agreed"))).lines
    assert (line.write.state, line.obstacle) == (WriteState.WAITING, None)
    assert line.reply is not None
    assert line.reply.verdict is SendVerdict.ACCEPTED
    assert await _mined(url, line.write.tx_hash) is None
    assert await _nonce(url, line.write.signer, "pending") == line.write.nonce + 1
    minting = asyncio.create_task(core.desk.mint([request(asset)]))

    taking_back = asyncio.create_task(core.writes.withdraw(write_id))
    fill = await _fill_of(core, write_id)
    await core.local_chain.mine(1)
    withdrawn = await taking_back
    assert (withdrawn.state, withdrawn.is_withdrawn) == (WriteState.REPLACED, True)
    assert withdrawn.replaced_by == fill
    assert (await core.calls.call(write_id)).obstacle is WithdrawalObstacle.ENDED

    await _mine_until(core, minting)
    assert (await minting).stage == "COMPLETED"
    assert len(await asyncio.to_thread(mints_of, url, contract, asset.asset_id)) == 1
    receipt = await _mined(url, fill)
    assert (receipt["status"], receipt["to"]) == ("0x1", receipt["from"]), "it sends nothing, to ourselves"
    assert await _mined(url, line.write.tx_hash) is None, "the call itself never happened"
    block = await asyncio.to_thread(ask, url, "eth_getBlockByNumber", "latest", True)
    assert int(block["number"], 16) >= int(receipt["blockNumber"], 16)
    await core.close()


async def test_blocks_that_are_too_dear_raise_the_alert_and_taking_back_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ipnft_desktop.services.call_alerts.STUCK_AFTER_S", 0.0)
    core = signed_in(build_core(tmp_path, SETTINGS))
    await core.environment.start(lambda _: None)
    ready = core.environment.ready
    assert ready is not None
    url = await _url(core)
    await core.local_chain.set_mining(Mining(MiningMode.ON_DEMAND))
    heard: asyncio.Queue[AlertRaised | AlertCleared] = asyncio.Queue()
    core.events.subscribe(lambda event: heard.put_nowait(event) if isinstance(event, ALERT_EVENTS) else None)
    arguments = (("receiver", OTHER_RECIPIENT), ("royaltyBps", "250"))
    call = ContractCall(ready.identity.contract_address, SET_ROYALTY, arguments)
    write_id = await core.writes.begin(call, "", "ada")
    await asyncio.to_thread(ask, url, "hardhat_setNextBlockBaseFeePerGas", hex(500 * 10**9))
    raised = asyncio.create_task(heard.get())
    await _mine_until(core, raised)
    told = (await raised).alert
    assert (told.kind, told.subject, told.cleared_at) == (AlertKind.CALL_STUCK, str(write_id), None)
    write = await core.writes.write(write_id)
    assert write.state is WriteState.WAITING
    assert await _mined(url, write.tx_hash) is None, "the blocks that came are too dear for it"

    taking_back = asyncio.create_task(core.writes.withdraw(write_id))
    fill = await _fill_of(core, write_id)
    cleared = asyncio.create_task(heard.get())
    await _mine_until(core, cleared)
    assert (await cleared).alert.cleared_at is not None
    assert (await taking_back).replaced_by == fill
    assert (await _mined(url, fill))["status"] == "0x1"
    assert await core.alerts.open_alerts() == ()
    await core.close()


async def test_a_call_that_is_mined_meanwhile_is_done_and_nothing_is_taken_back(tmp_path: Path) -> None:
    core = signed_in(build_core(tmp_path, SETTINGS))
    await core.environment.start(lambda _: None)
    ready = core.environment.ready
    assert ready is not None
    await core.local_chain.set_mining(Mining(MiningMode.ON_DEMAND))
    arguments = (("receiver", OTHER_RECIPIENT), ("royaltyBps", "300"))
    call = ContractCall(ready.identity.contract_address, SET_ROYALTY, arguments)
    write_id = await core.writes.begin(call, "", "ada")
    await core.local_chain.mine(1)
    done = await core.writes.outcome(write_id)
    assert done.state is WriteState.DONE
    line = await core.calls.call(write_id)
    assert (line.obstacle, line.write.withdrawal) == (WithdrawalObstacle.ENDED, None)
    receipt = await _mined(await _url(core), done.tx_hash)
    assert receipt["status"] == "0x1"
    await core.close()


async def _url(core: Core) -> str:
    status = await core.environment.node_status()
    assert status is not None
    return status.rpc_url


async def _fill_of(core: Core, write_id: int) -> str:
    """Hash of what takes a call back, once it is on record."""
    heard: asyncio.Queue[ContractWrite] = asyncio.Queue()
    end = core.events.subscribe(lambda event: heard.put_nowait(getattr(event, "write", None)))
    try:
        async with asyncio.timeout(PATIENCE_S):
            write = await core.writes.write(write_id)
            while write is None or write.withdrawal is None:
                write = await heard.get()
    finally:
        end()
    return write.withdrawal


async def _mine_until(core: Core, ended: asyncio.Task[Any]) -> None:
    """The node mines by hand: block after block, until it is over."""
    async with asyncio.timeout(PATIENCE_S):
        while not ended.done():
            await core.local_chain.mine(1)


async def _mined(url: str, tx_hash: str) -> Any:
    return await asyncio.to_thread(ask, url, "eth_getTransactionReceipt", tx_hash)


async def _nonce(url: str, address: str, at: str) -> int:
    return int(await asyncio.to_thread(ask, url, "eth_getTransactionCount", address, at), 16)
