"""The benchmarks and the soak measure the program as it is: short runs from the command line to their JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ipnft_desktop.paths import PROJECT


def _run(module: str, file: Path, *arguments: str) -> tuple[str, dict[str, Any]]:
    """What a measuring command printed and wrote."""
    run = subprocess.run(
        [sys.executable, "-m", module, *arguments, "--json", str(file)],
        cwd=PROJECT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout, json.loads(file.read_text())


@pytest.mark.parametrize(
    ("only", "keys"),
    [
        ("environment_ready_s", {"environment_ready_s", "environment_ready_s.restart"}),
        ("throughput_ratio", {"throughput_ratio"}),
        ("restore_tx_per_s", {"restore_tx_per_s"}),
        ("index_events_per_s", {"index_events_per_s", "index_events_per_s.get_logs"}),
        (
            "verify_assets_per_s",
            {"verify_assets_per_s", "verify_assets_per_s.eth_calls", "verify_assets_per_s.cpu_ms"},
        ),
        ("loop_gap_ms.verify.", {"loop_gap_ms.verify.max", "loop_gap_ms.verify.own_cpu.max"}),
        (
            "loop_gap_ms.verify_table.",
            {"loop_gap_ms.verify_table.max", "loop_gap_ms.verify_table.own_cpu.max"},
        ),
        (
            "register.",
            {"register.open_ms", "register.search_ms.p50", "register.search_ms.p99", "register.frame_ms.p99"},
        ),
        ("status_query_ms", {"status_query_ms.p50", "status_query_ms.p99", "status_query_ms.detail.p99"}),
    ],
)
def test_a_short_measurement_is_printed_and_written(tmp_path: Path, only: str, keys: set[str]) -> None:
    printed, written = _run("benchmarks", tmp_path / "figures.json", "--quick", "--only", only)
    assert written["figures"].keys() == keys
    assert all(figure["value"] > 0 for figure in written["figures"].values())
    assert all(key in printed for key in keys)


def test_a_short_soak_kills_and_counts(tmp_path: Path) -> None:
    """Exit code 0 says that nothing was duplicated, lost or left open; the seed brings a kill of each kind."""
    printed, written = _run("benchmarks.soak", tmp_path / "soak.json", "--minutes", "0.2", "--seed", "214")
    assert written["node_kills"] > 0
    assert written["program_kills"] > 0
    assert written["minted"] > 0
    assert written["duplicated"] == written["lost"] == written["still_open"] == 0
    assert "duplicated" in printed
