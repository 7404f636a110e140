"""Work for a running core: assets made for the purpose, and their mints."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from ipnft_desktop.domain.assets import Asset, AssetDraft, AssetType, LegalStatus
from ipnft_desktop.domain.batch_runs import ItemOutcome
from ipnft_desktop.domain.minting import MintStage
from ipnft_desktop.services.mint_desk import MintRequest

if TYPE_CHECKING:
    from ipnft_desktop.bootstrap.core import Core

MINTS_TIMEOUT_S = 90
ASSETS_AT_ONCE = 50


async def new_requests(core: Core, count: int) -> list[MintRequest]:
    """Requests for assets made for the purpose, put into the register first."""
    requests: list[MintRequest] = []
    async for assets in asset_drafts(core, count):
        await core.register.add_assets(assets)
        requests += [MintRequest(asset.asset_id, asset.enterprise.wallet_address) for asset in assets]
    return requests


async def asset_drafts(core: Core, count: int) -> AsyncGenerator[list[Asset]]:
    """So many assets of the first enterprise, some at a time, to be put into the register."""
    enterprise = (await core.register.enterprises())[0]
    for first in range(0, count, ASSETS_AT_ONCE):
        yield [
            await core.register.prepare_asset(_draft(number, enterprise.enterprise_id), enterprise, ())
            for number in range(first, min(first + ASSETS_AT_ONCE, count))
        ]


async def mint_all(core: Core, requests: Sequence[MintRequest]) -> None:
    """Ask for all of them at once, one transaction each, and wait for the last. Raises unless all are minted."""
    async with asyncio.timeout(MINTS_TIMEOUT_S):
        await asyncio.gather(*(mint(core, request) for request in requests))


async def mint_run(core: Core, asset_ids: Sequence[UUID], most_items: int) -> None:
    """Mint them as one run, at most so many in a transaction, and wait for the last. Raises unless all are minted."""
    async with asyncio.timeout(MINTS_TIMEOUT_S):
        plan = await core.planner.plan(asset_ids, most_items=most_items)
        run = await core.runs.commit(plan)
        ended = await core.runs.outcome(run.run_id)
    if ended.counts[ItemOutcome.MINTED] != len(asset_ids):
        raise RuntimeError(f"a run ended with {dict(ended.counts)}")


async def mint(core: Core, request: MintRequest) -> None:
    """Request one mint and wait until it is recorded as MINTED. Raises RuntimeError for any other end."""
    job = await core.desk.mint([request])
    if job.stage is not MintStage.COMPLETED:
        raise RuntimeError(f"a mint ended {job.stage}: {job.failure}")


def _draft(number: int, enterprise_id: UUID) -> AssetDraft:
    return AssetDraft(
        name=f"Measured asset {number}",
        asset_type=AssetType.PATENT,
        description="An invented asset that exists while speed is measured. " * 4,
        creator_name="Nobody",
        creation_date="2020-01-31",
        legal_status=LegalStatus.PENDING,
        enterprise_id=enterprise_id,
        application_number=f"BENCH-{number}",
    )
