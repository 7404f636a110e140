"""How fast the index reads a chain of ten thousand mints, beside a bare `eth_getLogs` loop over the same blocks.

The figures count only if the index is right: before anything is measured, and after, it must say of every token, role
and term what the contract answers.
"""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.catalogue import Figure, Sizes
from benchmarks.chain_history import History, differences, told_by_index, when_indexed
from benchmarks.child import run_headless, temporary_profile
from benchmarks.figures import median
from benchmarks.gap_rounds import GapRounds, gap_figures
from benchmarks.headless import open_core
from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.domain.chain_events import EventFilter

SCENARIO = "index"
BARE_SPAN_BLOCKS = 16
CHANGED_TOKENS = 60


def measure(sizes: Sizes) -> list[Figure]:
    """Medians of the rounds, each of them the whole chain from an empty index."""
    with temporary_profile() as profile:
        samples = run_headless(SCENARIO, profile, sizes)
    events, rounds = samples["events"], len(samples["index_s"])
    return [
        Figure("index_events_per_s", median([events / taken_s for taken_s in samples["index_s"]]), rounds),
        Figure("index_events_per_s.get_logs", median([events / taken_s for taken_s in samples["bare_s"]]), rounds),
        *gap_figures("index", samples["gaps"]),
    ]


async def index_by_turns(profile: Path, sizes: Sizes) -> dict[str, Any]:
    """Make the history with two reorganisations in it; then rebuild the index and read the bare logs by turns."""
    async with open_core(profile) as core:
        history = await History.of(core)
        try:
            await _make(history, sizes.indexed_mints)
            await when_indexed(core, history.rpc)
            await _require_agreement(core, history)
            index_s: list[float] = []
            bare_s: list[float] = []
            gaps = GapRounds()
            for _ in range(sizes.index_rounds):
                started = time.perf_counter()
                async with gaps.ticked_round():
                    await core.indexing.rebuild()
                    await when_indexed(core, history.rpc)
                index_s.append(time.perf_counter() - started)
                bare_s.append(await _read_bare(core))
            await _require_agreement(core, history)
            events = await core.index.count(EventFilter())
        finally:
            await history.close()
    return {"events": events, "index_s": index_s, "bare_s": bare_s, "gaps": gaps.samples()}


async def _make(history: History, mints: int) -> None:
    await history.mint(mints // 2)
    await history.change(history.minted[:CHANGED_TOKENS])
    for share in (4, 8):
        snapshot = await history.snapshot()
        await history.mint(mints // share)
        await history.change(history.minted[-CHANGED_TOKENS:])
        await history.revert(snapshot)
    await history.mint(mints - len(history.minted))
    await history.change(history.minted[-CHANGED_TOKENS:])


async def _require_agreement(core: Core, history: History) -> None:
    tokens, terms = await told_by_index(core, history)
    wrong = differences(tokens, await history.tokens())
    if wrong or terms != await history.terms():
        raise RuntimeError(f"index and contract differ in {len(wrong)} tokens, or in what holds for all")


async def _read_bare(core: Core) -> float:
    """Seconds of a loop that asks for the logs of some blocks after those of the ones before, and reads their JSON."""
    node, head = await core.environment.node_status(), await core.adapters.chain.head()
    assert node is not None
    started = time.perf_counter()
    async with aiohttp.ClientSession() as session:
        for first in range(0, head.number + 1, BARE_SPAN_BLOCKS):
            last = min(first + BARE_SPAN_BLOCKS - 1, head.number)
            wanted = {"fromBlock": hex(first), "toBlock": hex(last)}
            body = json.dumps({"jsonrpc": "2.0", "id": first, "method": "eth_getLogs", "params": [wanted]})
            async with session.post(node.rpc_url, data=body, headers={"Content-Type": "application/json"}) as response:
                await asyncio.to_thread(json.loads, await response.read())
    return time.perf_counter() - started
