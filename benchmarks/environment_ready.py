"""How long one click takes until everything runs."""

from __future__ import annotations

from typing import Any

from benchmarks.catalogue import Figure, Sizes
from benchmarks.child import run_scenario, temporary_profile
from benchmarks.figures import median
from benchmarks.program import Running
from benchmarks.work import mint_all, new_requests

START = "start"
MINT_SOME = "mint-some"


def measure(sizes: Sizes) -> list[Figure]:
    """Empty profiles, then once more the last of them with its tokens, whose chain is restored on a new node."""
    ready_s: list[float] = []
    for _ in range(sizes.environments - 1):
        with temporary_profile() as profile:
            ready_s.append(run_scenario(START, profile, sizes)["ready_s"])
    with temporary_profile() as profile:
        ready_s.append(run_scenario(MINT_SOME, profile, sizes)["ready_s"])
        restart_s = run_scenario(START, profile, sizes)["ready_s"]
    return [
        Figure("environment_ready_s", median(ready_s), len(ready_s)),
        Figure("environment_ready_s.restart", restart_s, 1),
    ]


async def start(running: Running, _sizes: Sizes) -> dict[str, Any]:
    """Nothing but the start."""
    return {"ready_s": running.ready_s}


async def mint_some(running: Running, sizes: Sizes) -> dict[str, Any]:
    """Leave tokens behind for the next start."""
    await mint_all(running.core, await new_requests(running.core, sizes.restored_tokens))
    return {"ready_s": running.ready_s}
