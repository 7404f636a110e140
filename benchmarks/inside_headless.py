"""A child process of the benchmark without a window: one scenario on the real core, its samples as JSON."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks import (
    batches,
    checkpoints,
    import_rows,
    index_rate,
    plan_batch,
    register_size,
    restore,
    throughput,
    verify_rate,
)
from benchmarks.catalogue import Sizes

SCENARIOS: Mapping[str, Callable[[Path, Sizes], Awaitable[dict[str, Any]]]] = {
    throughput.SCENARIO: throughput.mint_by_turns,
    batches.SCENARIO: batches.mint_by_turns,
    restore.SCENARIO: restore.crash_and_restore,
    checkpoints.SCENARIO: checkpoints.save_and_restore,
    index_rate.SCENARIO: index_rate.index_by_turns,
    verify_rate.SCENARIO: verify_rate.verify_by_turns,
    import_rows.SCENARIO: import_rows.import_once,
    plan_batch.SCENARIO: plan_batch.plan_often,
    register_size.SCENARIO: register_size.compare,
}


async def _run(name: str, profile: Path, sizes: Sizes) -> None:
    print(json.dumps(await SCENARIOS[name](profile, sizes)))


if __name__ == "__main__":
    _, scenario, folder, sizes_json = sys.argv
    asyncio.run(_run(scenario, Path(folder), Sizes(**json.loads(sizes_json))))
