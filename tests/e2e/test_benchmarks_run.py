"""The benchmarks measure the program as it is: one of them, made short, from the command line to its JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from ipnft_desktop.paths import PROJECT


def test_a_short_measurement_is_printed_and_written(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    command = [sys.executable, "-m", "benchmarks", "--quick", "--only", "environment_ready_s", "--json", str(file)]
    run = subprocess.run(
        command, cwd=PROJECT, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "environment_ready_s" in run.stdout
    assert "environment_ready_s" in json.dumps(json.loads(file.read_text()))
