"""The program without its window, in a process of its own: starts, mints or only recovers, tells in JSON lines, ends.

python -m tests.support.headless_program mint --profile P --rpc-url U --account 3 --kill-at after-B
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from ipnft_desktop.bootstrap.adapters import Adapters, build_adapters
from ipnft_desktop.bootstrap.core import Core, build_core
from ipnft_desktop.domain.assets import AssetQuery
from ipnft_desktop.domain.contract_writes import ContractCall, WriteState
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.services.mint_desk import MintRequest
from tests.support.kill_points import KILL_POINTS, WRITE_KILL_POINTS, FatalChain, FatalContent, FatalDatabase
from tests.support.real_core import NO_DEMO, add_assets, core_on
from tests.support.signed_in import signed_in

ALL_POINTS = {**KILL_POINTS, **WRITE_KILL_POINTS}
RUN_ITEMS = 4
ROYALTY_BP = "321"
REFUSED = 3
"""Exit code of a start that was refused."""


def tell(event: str, **facts: Any) -> None:
    """One line for whoever started this."""
    sys.stdout.write(json.dumps({"event": event, **facts}) + "\n")
    sys.stdout.flush()


def fatal(parts: Adapters, point: str | None) -> Adapters:
    """The adapters, deadly at this point."""
    if point is None:
        return parts
    where = ALL_POINTS[point]
    return replace(
        parts,
        database=FatalDatabase(parts.database, where),
        chain=FatalChain(parts.chain, where),
        content=FatalContent(parts.content, where),
    )


async def settle(core: Core) -> None:
    """Wait for the end of every mint, then tell each asset."""
    page = await core.register.page(AssetQuery())
    for row in page.rows:
        job = await core.desk.job_of(row.asset_id)
        if job is not None:
            job = await core.desk.outcome(job.job_id)
        state = (await core.register.asset(row.asset_id)).state
        tell("asset", asset_id=str(row.asset_id), state=state, stage=job.stage if job else None)


async def request_run(core: Core) -> None:
    """A batch and a single mint at one wish."""
    asset_ids = [asset.asset_id for asset in await add_assets(core, RUN_ITEMS)]
    plan = await core.planner.plan(asset_ids, most_items=RUN_ITEMS - 1)
    tell("requesting", asset_ids=list(map(str, asset_ids)))
    await core.runs.commit(plan)


async def request_write(core: Core) -> None:
    """A call that changes the contract."""
    ready = core.environment.ready
    assert ready is not None
    target = ready.identity.contract_address
    tell("requesting", asset_ids=[], contract=target)
    values = (("receiver", core.adapters.signer.address), ("royaltyBps", ROYALTY_BP))
    await core.writes.send(ContractCall(target, "setDefaultRoyalty(address,uint96)", values), "Because.")


async def settle_writes(core: Core) -> None:
    """Wait for what became of every call, then tell each."""
    news = asyncio.Event()
    core.events.subscribe(lambda _event: news.set())
    for write in await core.writes.writes():
        while (write := await core.writes.write(write.write_id)).state is WriteState.WAITING:
            news.clear()
            await news.wait()
        tell("write", state=write.state, tx_hash=write.tx_hash)


def build(options: argparse.Namespace) -> Core:
    """A core on the node named, or on one of its own."""
    if options.rpc_url:
        return core_on(
            options.rpc_url,
            options.profile,
            account=options.account,
            change=lambda parts: fatal(parts, options.kill_at),
        )
    own_port = replace(NO_DEMO, node_port=options.node_port)
    parts = fatal(build_adapters(options.profile, own_port), options.kill_at)
    return signed_in(build_core(options.profile, own_port, parts))


async def run(options: argparse.Namespace) -> int:
    """Start, work, close."""
    core = build(options)
    try:
        try:
            await core.environment.start(lambda _report: None)
        except IpnftError as error:
            tell("refused", code=error.code, detail=error.detail)
            return REFUSED
        node = await core.environment.node_status()
        tell("started", rpc_url=node and node.rpc_url, node_pid=node and node.pid)
        if options.work == "mint":
            (asset,) = await add_assets(core)
            tell("requesting", asset_ids=[str(asset.asset_id)])
            await core.desk.request([MintRequest(asset.asset_id, asset.enterprise.wallet_address)])
        if options.work == "mint-run":
            await request_run(core)
        if options.work == "write":
            await request_write(core)
        await settle_writes(core)
        await settle(core)
        if options.stay:
            await asyncio.to_thread(sys.stdin.read)
    finally:
        await core.close()
    return 0


def main() -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", choices=["mint", "mint-run", "write", "recover"])
    parser.add_argument("--profile", type=Path, required=True)
    parser.add_argument("--rpc-url", help="a node that runs; without it the program starts its own")
    parser.add_argument("--node-port", type=int, default=NO_DEMO.node_port)
    parser.add_argument("--stay", action="store_true", help="go on until standard input closes")
    parser.add_argument("--account", type=int, default=0)
    parser.add_argument("--kill-at", choices=ALL_POINTS)
    return asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
