"""The console command where no window can come up."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ipnft_desktop.paths import PROJECT

DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def ipnft(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    command = [sys.executable, "-m", "ipnft_desktop", *arguments]
    return subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=60)


def test_version_needs_no_display() -> None:
    assert ipnft("--version").stdout.startswith("IPNFT Desktop ")


def test_gas_is_measured_without_a_display_or_a_profile(tmp_path: Path) -> None:
    file = tmp_path / "gas.csv"
    run = ipnft("gas", "--sizes", "2", "--recipients", "distinct", "--gas-price", "2.5", "--csv", str(file))
    assert (run.returncode, run.stderr) == (0, "")
    assert "Gas per token, N tokens at once to distinct existing holders" in run.stdout
    assert "Published for ERC-20 batches: 61 to 74 % for 5 to 10" in run.stdout
    with file.open(encoding="utf-8-sig", newline="") as opened:
        assert {row["gas price in wei"] for row in csv.DictReader(opened)} == {"2500000000"}


def test_a_size_that_no_batch_has_is_refused() -> None:
    run = ipnft("gas", "--sizes", "257")
    assert (run.returncode, run.stderr) == (1, "VALIDATION_FAILED: sizes: Must be from 1 to 256.\n")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a display")
def test_without_a_display_the_window_is_refused_in_one_sentence() -> None:
    run = ipnft()
    assert run.returncode == 2
    assert run.stderr.startswith("There is no display.")
    assert "Traceback" not in run.stderr
