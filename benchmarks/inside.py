"""A child process of the benchmark: the real window and its environment, one scenario, its samples as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtWidgets import QApplication

from benchmarks import (
    batch_gaps,
    concurrent_mints,
    environment_ready,
    large_register,
    mint_latency,
    verify_table,
    window_actions,
)
from benchmarks.catalogue import Sizes
from benchmarks.program import Scenario, open_program
from ipnft_desktop.bootstrap.event_loop import run_on_qt

SCENARIOS: Mapping[str, Scenario] = {
    environment_ready.START: environment_ready.start,
    environment_ready.MINT_SOME: environment_ready.mint_some,
    mint_latency.SCENARIO: mint_latency.mint_one_by_one,
    concurrent_mints.SCENARIO: concurrent_mints.mint_at_once,
    batch_gaps.SCENARIO: batch_gaps.mint_runs,
    large_register.TEMPLATES: large_register.make_templates,
    large_register.FIND: large_register.find,
    verify_table.SCENARIO: verify_table.show_often,
    window_actions.SCENARIO: window_actions.do_all,
}


async def _run(app: QApplication, name: str, profile: Path, sizes: Sizes) -> int:
    async with open_program(app, profile) as running:
        samples = await SCENARIOS[name](running, sizes)
    print(json.dumps(samples))
    return 0


if __name__ == "__main__":
    _, scenario, folder, sizes_json = sys.argv
    sys.exit(run_on_qt(lambda app: _run(app, scenario, Path(folder), Sizes(**json.loads(sizes_json)))))
