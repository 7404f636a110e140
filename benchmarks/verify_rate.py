"""How fast ten thousand NFTs are verified, beside a bare loop that asks the same node the same of the same tokens.

The figures count only if every verdict is sound and has all that can be compared.
"""

from __future__ import annotations

import asyncio
import gc
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import aiohttp

from benchmarks.catalogue import Figure, Sizes
from benchmarks.child import run_headless, temporary_profile
from benchmarks.figures import median
from benchmarks.gap_rounds import GapRounds, gap_figures
from benchmarks.headless import open_core
from benchmarks.work import asset_drafts, mint_run
from ipnft_desktop.adapters.chain.answers import contract_call
from ipnft_desktop.adapters.chain.contract_reader import TOKENS_AT_ONCE
from ipnft_desktop.adapters.chain.ip_asset_contract import IPAssetContract
from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.domain.assets import Asset, AssetQuery, Attachment, token_id_of
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.services.bulk_verification import AssetVerdict
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.services.verified_facts import VerifiedField

SCENARIO = "verify"
TIMEOUT_S = 900
BATCH = 250
_MINTED = AssetQuery(states=frozenset({AssetState.MINTED}))
RUN = 2_500
"""Assets of one run of batches."""
ATTACHED_EVERY = 10
ATTACHED_BYTES = 20_000


def measure(sizes: Sizes) -> list[Figure]:
    """Medians of the rounds, each of them every asset."""
    with temporary_profile() as profile:
        samples = run_headless(SCENARIO, profile, sizes, TIMEOUT_S)
    count, rounds = sizes.verified_assets, len(samples["ours_s"])
    return [
        Figure("verify_assets_per_s", median([count / taken_s for taken_s in samples["ours_s"]]), rounds),
        Figure("verify_assets_per_s.eth_calls", median([count / taken_s for taken_s in samples["bare_s"]]), rounds),
        Figure("verify_assets_per_s.cpu_ms", median([1000 * cpu_s / count for cpu_s in samples["cpu_s"]]), rounds),
        *gap_figures("verify", samples["gaps"]),
    ]


async def verify_by_turns(profile: Path, sizes: Sizes) -> dict[str, Any]:
    """Mint them; then verify all and ask the bare questions by turns."""
    samples: dict[str, list[float]] = {"ours_s": [], "cpu_s": [], "bare_s": []}
    gaps = GapRounds()
    async with open_core(profile) as core:
        asset_ids = await _minted(core, sizes.verified_assets)
        # As the window does: collections need not look at what is loaded, and hold no thread up for it.
        gc.collect()
        gc.freeze()
        for _ in range(sizes.verify_rounds):
            cpu_before, started = time.process_time(), time.perf_counter()
            verdicts = await core.bulk.verify_listed(_MINTED, LongWork())
            samples["ours_s"].append(time.perf_counter() - started)
            samples["cpu_s"].append(time.process_time() - cpu_before)
            _require_sound(verdicts, asset_ids)
            samples["bare_s"].append(await _asked_bare(core, asset_ids))
        # A round of its own: a tick a millisecond takes the interpreter from the threads that are measured.
        async with gaps.ticked_round():
            _require_sound(await core.bulk.verify_listed(_MINTED, LongWork()), asset_ids)
    return {**samples, "gaps": gaps.samples()}


async def _minted(core: Core, count: int) -> list[UUID]:
    """Every tenth has a file of its own."""
    asset_ids: list[UUID] = []
    async for assets in asset_drafts(core, count):
        numbered = enumerate(assets, start=len(asset_ids))
        filled = [await _with_file(core, asset) if not at % ATTACHED_EVERY else asset for at, asset in numbered]
        await core.register.add_assets(filled)
        asset_ids += [asset.asset_id for asset in filled]
    for first in range(0, count, RUN):
        await mint_run(core, asset_ids[first : first + RUN], BATCH)
    return asset_ids


async def _with_file(core: Core, asset: Asset) -> Asset:
    stored = await core.adapters.content.add_bytes(asset.asset_id.bytes * (ATTACHED_BYTES // 16))
    file = Attachment(
        uuid4(), "measured.bin", "application/octet-stream", stored.size_bytes, stored.sha256, stored.cid.text
    )
    return replace(asset, attachments=(file,))


def _require_sound(verdicts: Sequence[AssetVerdict], asset_ids: Sequence[UUID]) -> None:
    wrong = [verdict for verdict in verdicts if not verdict.is_sound]
    with_files = sum(verdict.agrees(VerifiedField.ATTACHMENT) is True for verdict in verdicts)
    if wrong or {verdict.asset_id for verdict in verdicts} != set(asset_ids):
        raise RuntimeError(f"{len(wrong)} of {len(verdicts)} differ: {wrong[:1]}")
    if with_files != -(-len(asset_ids) // ATTACHED_EVERY):
        raise RuntimeError(f"{with_files} files were compared")


async def _asked_bare(core: Core, asset_ids: Sequence[UUID]) -> float:
    """Seconds of a loop that asks the node the same of each token, as many at once, each batch after the answer to the
    one before; the JSON is read, and nothing is kept."""
    node, ready = await core.environment.node_status(), core.environment.ready
    assert node is not None and ready is not None
    contract = await asyncio.to_thread(IPAssetContract.load)
    address = ready.identity.contract_address
    started = time.perf_counter()
    async with aiohttp.ClientSession(headers={"Content-Type": "application/json"}) as session:
        for first in range(0, len(asset_ids), TOKENS_AT_ONCE):
            some = asset_ids[first : first + TOKENS_AT_ONCE]
            calls = [
                contract_call(address, data)
                for asset_id in some
                for data in contract.token_questions(token_id_of(asset_id))
            ]
            body = [
                {"jsonrpc": "2.0", "id": at, "method": method, "params": params}
                for at, (method, params) in enumerate(calls)
            ]
            async with session.post(node.rpc_url, data=json.dumps(body)) as response:
                answers = json.loads(await response.read())
            if any("result" not in answer for answer in answers):
                raise RuntimeError("the node refused a bare question")
    return time.perf_counter() - started
