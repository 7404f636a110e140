"""The ends of design 6, as every fault test asserts them. Tokens are counted by asking the node, past the program:

M1  minted, exactly one token            P  pending, and goes on by itself
F0  failed, no token, a retry works      R  rejected, nothing written
B   writing blocked and explained, reading goes on
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.errors import ErrorCode, IpnftError
from ipnft_desktop.domain.minting import BUSY_STATES, MintJob, MintStage, TransactionPurpose
from ipnft_desktop.services.mint_desk import MintRequest
from tests.support.node_oracle import NOBODY, TRANSFER, ask

if TYPE_CHECKING:
    from tests.faults.world import Watch, World


def tokens_of(rpc_url: str, asset_id: UUID) -> list[dict[str, Any]]:
    """Mint events of an asset in any contract whatever: a second deployment would hide no second token."""
    token = f"0x{asset_id.int:064x}"
    found = {"fromBlock": "0x0", "toBlock": "latest", "topics": [TRANSFER, NOBODY, None, token]}
    events: list[dict[str, Any]] = ask(rpc_url, "eth_getLogs", found)
    return events


async def minted_once(world: World, asset: Asset, watch: Watch) -> MintJob:
    """M1."""
    try:
        job = await watch.ended()
    except TimeoutError:
        pytest.fail(f"not ended: {watch.seen[-1:]}, frozen: {world.frozen}")
    assert job.stage is MintStage.COMPLETED, job.failure
    assert await world.tokens(asset) == 1
    assert world.states_in_sqlite()[asset.asset_id] == "MINTED"
    assert (await world.job(asset)).stage is MintStage.COMPLETED
    return job


async def pending(world: World, asset: Asset, watch: Watch) -> MintJob:
    """P, as far as it has come: open, not called a failure, not minted."""
    assert watch.is_open
    job = await world.job(asset)
    assert job.is_open
    assert job.failure is None
    assert world.states_in_sqlite()[asset.asset_id] in BUSY_STATES
    return job


async def failed_safely(
    world: World, asset: Asset, watch: Watch, code: ErrorCode, heal: Callable[[], Awaitable[object]] | None = None
) -> MintJob:
    """F0: told, proven, without a token; and once the cause is gone a retry makes exactly one. Returns the failure."""
    failed = await watch.ended()
    assert failed.stage is MintStage.FAILED
    assert failed.failure is not None
    assert failed.failure.code is code, failed.failure
    assert await world.tokens(asset) == 0
    assert world.states_in_sqlite()[asset.asset_id] == "MINT_FAILED"
    if heal:
        await heal()
    again = await world.core.desk.retry(asset.asset_id)
    assert again.job_id == failed.job_id
    await minted_once(world, asset, world.listen(again))
    return failed


async def blocked(world: World, asset: Asset, code: ErrorCode) -> None:
    """B: it is told why, nothing more is sent or recorded, and the register can be read."""
    frozen = await world.until_frozen()
    assert frozen.error.code is code
    assert frozen.error.entry.solutions_en
    sent, jobs = len(world.proxy.raw_sent()), world.rows("mint_jobs")
    with pytest.raises(IpnftError):
        await world.core.desk.request([MintRequest(asset.asset_id, asset.enterprise.wallet_address)])
    assert world.rows("mint_jobs") == jobs
    assert len(world.proxy.raw_sent()) == sent
    assert (await world.core.register.row(asset.asset_id)).asset_id == asset.asset_id


def signed_once(job: MintJob) -> None:
    """One mint was signed, whatever happened to it on the way."""
    assert [tx.purpose for tx in job.transactions] == [TransactionPurpose.MINT]


def same_bytes_again(world: World, job: MintJob) -> None:
    """All that was ever handed over for the job are its recorded bytes."""
    assert job.transaction is not None
    mints = [raw for raw in world.proxy.raw_sent() if raw == "0x" + job.transaction.raw.hex()]
    deployment = 1
    assert len(set(world.proxy.raw_sent())) == len(set(mints)) + deployment
