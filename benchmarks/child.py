"""Runs one scenario in a process of its own, so that nothing of one measurement weighs on the next."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.catalogue import Sizes

TIMEOUT_S = 150


class MeasurementFailed(Exception):
    """A scenario did not get to its end; the text says what it printed last."""


@contextmanager
def temporary_profile() -> Generator[Path]:
    """An empty folder for one program's data, removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="ipnft-bench-", ignore_cleanup_errors=True) as folder:
        yield Path(folder) / "profile"


def environment() -> dict[str, str]:
    """No settings of this shell, and windows that nobody sees: they must not depend on a desktop."""
    inner = {name: value for name, value in os.environ.items() if not name.startswith("IPNFT_")}
    return inner | {"QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}


def run_scenario(name: str, profile: Path, sizes: Sizes) -> dict[str, Any]:
    """What a scenario of `benchmarks.inside` measured on a profile. Raises MeasurementFailed."""
    command = [sys.executable, "-m", "benchmarks.inside", name, str(profile), json.dumps(dataclasses.asdict(sizes))]
    try:
        ended = subprocess.run(
            command, env=environment(), capture_output=True, encoding="utf-8", timeout=TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise MeasurementFailed(f"{name} was not done after {TIMEOUT_S} s") from None
    lines = ended.stdout.splitlines()
    if ended.returncode != 0 or not lines:
        raise MeasurementFailed(f"{name} ended with {ended.returncode}: {ended.stderr.strip()[-2000:]}")
    return json.loads(lines[-1])
