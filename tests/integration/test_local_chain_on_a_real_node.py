"""The controls of a chain of our own on a real node: whatever was done, a node that starts anew has the same hashes."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ipnft_desktop.bootstrap.core import Core, build_core
from ipnft_desktop.domain.certificates import Validity
from ipnft_desktop.domain.contract_writes import WriteState
from ipnft_desktop.domain.events import BlockArrived, CertificateChanged, DomainEvent
from ipnft_desktop.domain.local_chain import Mining, MiningMode
from ipnft_desktop.settings import Settings
from tests.support.chain_fixtures import OTHER_RECIPIENT
from tests.support.core_factory import request
from tests.support.node_oracle import ask, mints_of
from tests.support.real_core import add_assets
from tests.support.signed_in import signed_in

SETTINGS = Settings(demo_data=False)
PATIENCE_S = 20
ETHER_WEI = 10**18


async def test_all_that_was_done_comes_back_after_a_restart_of_the_node(tmp_path: Path) -> None:
    core = signed_in(build_core(tmp_path, SETTINGS))
    await core.environment.start(lambda _: None)
    chain = core.local_chain
    kept, undone = await add_assets(core, 2)
    await core.desk.mint([request(kept)])

    await chain.mine(3)
    await _blocks_by_the_clock(core)
    ahead = datetime.fromtimestamp((await core.adapters.chain.head()).timestamp_s, UTC) + timedelta(days=30)
    await chain.set_next_time(ahead)
    assert (await chain.fund(OTHER_RECIPIENT, ETHER_WEI)).state is WriteState.DONE
    assert (await core.adapters.chain.head()).timestamp_s == int(ahead.timestamp())
    snapshot = await chain.snapshot("Before")
    await core.desk.mint([request(undone)])
    changed = await core.certificates.change(kept.asset_id, Validity.SUSPENDED, "Because.", "VALID")
    await _gone_back(core, snapshot.snapshot_id)
    job = await core.desk.job_of(undone.asset_id)
    assert job is not None
    assert (await core.desk.outcome(job.job_id) if job.is_open else job).stage == "COMPLETED"

    hashes, url = await _hashes(core)
    await core.adapters.node.kill()
    await core.environment.stop()
    await core.environment.start(lambda _: None)
    again, url = await _hashes(core)
    assert again == hashes
    ready = core.environment.ready
    assert ready is not None
    for asset in (kept, undone):
        assert len(await asyncio.to_thread(mints_of, url, ready.identity.contract_address, asset.asset_id)) == 1
    standing = await core.certificates.standing(kept.asset_id)
    assert (standing.register, standing.chain) == (Validity.SUSPENDED, "SUSPENDED")
    assert (await core.writes.write(changed.write.write_id)).tx_hash == changed.write.tx_hash
    assert (await chain.state()).snapshots == ()
    await core.close()


async def _blocks_by_the_clock(core: Core) -> None:
    arrived = asyncio.Event()
    start = (await core.adapters.chain.head()).number

    def hear(event: DomainEvent) -> None:
        if isinstance(event, BlockArrived) and event.block.number >= start + 2:
            arrived.set()

    end = core.events.subscribe(hear)
    await core.local_chain.set_mining(Mining(MiningMode.INTERVAL, 1))
    async with asyncio.timeout(PATIENCE_S):
        await arrived.wait()
    end()
    await core.local_chain.set_mining(Mining())


async def _gone_back(core: Core, snapshot_id: int) -> None:
    again = asyncio.Event()

    def hear(event: DomainEvent) -> None:
        if isinstance(event, CertificateChanged) and event.write.state is WriteState.DONE:
            again.set()

    end = core.events.subscribe(hear)
    undone = await core.local_chain.revert(snapshot_id)
    assert (undone.blocks, undone.mints, undone.calls) == (2, 1, 1)
    async with asyncio.timeout(PATIENCE_S):
        await again.wait()
    end()


async def _hashes(core: Core) -> tuple[list[str], str]:
    """Of all blocks, as the node itself tells them."""
    status = await core.environment.node_status()
    assert status is not None

    def read() -> list[str]:
        head = int(ask(status.rpc_url, "eth_blockNumber"), 16)
        blocks: list[dict[str, Any]] = [
            ask(status.rpc_url, "eth_getBlockByNumber", hex(number), False) for number in range(head + 1)
        ]
        return [block["hash"] for block in blocks]

    return await asyncio.to_thread(read), status.rpc_url
