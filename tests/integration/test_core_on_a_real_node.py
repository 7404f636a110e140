"""The core over SQLite, local blocks and a real Hardhat node; the node itself is asked what happened."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from ipnft_desktop.bootstrap.core import Core, build_core
from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.chain import SendReply, SendVerdict
from ipnft_desktop.domain.errors import ErrorCode
from ipnft_desktop.domain.minting import MintProgress, MintStage
from ipnft_desktop.services.environment_state import StageKey, StageReport, StageStatus
from ipnft_desktop.settings import Settings
from tests.support import samples
from tests.support.core_factory import request
from tests.support.node_oracle import mints_of, owner_of
from tests.support.signed_in import signed_in

SETTINGS = Settings(demo_data=False)


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    built = signed_in(build_core(tmp_path, SETTINGS))
    await built.environment.start(lambda _: None)
    yield built
    await built.close()


async def add_assets(core: Core, count: int) -> list[Asset]:
    owner = samples.enterprise()
    assets = [samples.asset(owner, name=f"Asset {number}") for number in range(count)]
    await core.register.add_assets(assets, (owner,))
    return assets


async def oracle(core: Core, asset: Asset) -> tuple[int, str]:
    """How many tokens the node says were made, and who owns the asset's."""
    status, ready = await core.environment.node_status(), core.environment.ready
    assert status is not None
    assert ready is not None
    contract = ready.identity.contract_address
    mints = await asyncio.to_thread(mints_of, status.rpc_url, contract, asset.asset_id)
    return len(mints), await asyncio.to_thread(owner_of, status.rpc_url, contract, asset.asset_id)


async def test_one_mint_and_a_batch_are_on_the_chain(core: Core) -> None:
    single, *batch = await add_assets(core, 4)
    first = await core.desk.mint([request(single)])
    second = await core.desk.mint([request(asset) for asset in batch])
    assert (first.stage, second.stage) == (MintStage.COMPLETED, MintStage.COMPLETED)
    for asset in (single, *batch):
        assert await oracle(core, asset) == (1, asset.enterprise.wallet_address.lower())
        facts = await core.verification.verify(asset.asset_id)
        # The sample's attachment exists only as a row; everything the chain and the metadata say must be equal.
        assert all(fact.matches for fact in facts if not fact.subject), facts


async def test_a_node_killed_while_minting_never_makes_a_second_token(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    (asset,) = await add_assets(core, 1)
    told: asyncio.Future[MintProgress] = asyncio.get_running_loop().create_future()
    chain = core.adapters.chain
    send = chain.send_raw

    def listen(progress: MintProgress) -> None:
        if progress.error and not told.done():
            told.set_result(progress)

    async def send_to_a_dying_node(raw: bytes) -> SendReply:
        monkeypatch.undo()
        await send(raw)
        await core.environment.crash_node()
        return SendReply(SendVerdict.UNKNOWN, "connection lost")

    monkeypatch.setattr(chain, "send_raw", send_to_a_dying_node)
    job = await core.desk.request([request(asset)])
    waiting = asyncio.ensure_future(core.desk.outcome(job.job_id, listen))
    error = (await told).error
    assert error is not None
    assert error.code is ErrorCode.NODE_UNREACHABLE
    await core.environment.start(lambda _: None)
    assert (await waiting).stage is MintStage.COMPLETED
    assert (await oracle(core, asset))[0] == 1


async def test_a_chain_that_lost_everything_comes_back_with_the_same_hashes(tmp_path: Path) -> None:
    core = signed_in(build_core(tmp_path, SETTINGS))
    await core.environment.start(lambda _: None)
    assets = await add_assets(core, 5)
    for asset in assets:
        await core.desk.mint([request(asset)])
    head = await core.adapters.chain.head()
    await core.close()

    again = signed_in(build_core(tmp_path, SETTINGS))
    reports: list[StageReport] = []
    await again.environment.start(reports.append)
    assert await again.adapters.chain.head() == head
    for asset in assets:
        assert (await oracle(again, asset))[0] == 1
    (identity,) = [r.detail for r in reports if r.key is StageKey.IDENTITY and r.status is StageStatus.DONE]
    assert "restored" in str(identity)
    await again.close()


async def test_a_taken_port_is_no_obstacle(tmp_path: Path) -> None:
    server = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    core = build_core(tmp_path, Settings(demo_data=False, node_port=port))
    await core.environment.start(lambda _: None)
    status = await core.environment.node_status()
    assert status is not None
    assert not status.rpc_url.endswith(f":{port}")
    await core.close()
    server.close()


PROGRAM = """
import asyncio, sys
from pathlib import Path
from ipnft_desktop.bootstrap.core import build_core
from ipnft_desktop.settings import Settings

async def main():
    core = build_core(Path(sys.argv[1]), Settings(demo_data=False))
    await core.environment.start(lambda _: None)
    print((await core.environment.node_status()).pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_killing_the_program_leaves_no_node_behind(tmp_path: Path) -> None:
    program = subprocess.Popen([sys.executable, "-c", PROGRAM, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert program.stdout is not None
    node = psutil.Process(int(program.stdout.readline()))
    program.kill()
    program.wait()
    program.stdout.close()
    psutil.wait_procs([node], timeout=10)
    assert not node.is_running() or node.status() == psutil.STATUS_ZOMBIE
