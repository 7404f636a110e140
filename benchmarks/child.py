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
from ipnft_desktop.paths import PROJECT

CACHE = PROJECT / "build" / "bench-cache"
"""For what is too large for a temporary folder, which may be kept in memory; emptied after each use."""
TIMEOUT_S = 150
HEADLESS_TIMEOUT_S = 240
DIALOG_TIMEOUT_S = 600


class MeasurementFailed(Exception):
    """A scenario did not get to its end; the text says what it printed last."""


@contextmanager
def temporary_profile(parent: Path | None = None) -> Generator[Path]:
    """An empty folder for one program's data, removed afterwards; in the system's temporary folder unless told."""
    if parent is not None:
        parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="ipnft-bench-", dir=parent, ignore_cleanup_errors=True) as folder:
        yield Path(folder) / "profile"


def environment() -> dict[str, str]:
    """No settings of this shell, and windows that nobody sees: they must not depend on a desktop."""
    inner = {name: value for name, value in os.environ.items() if not name.startswith("IPNFT_")}
    return inner | {"QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}


def run_scenario(name: str, profile: Path, sizes: Sizes, timeout_s: float = TIMEOUT_S) -> dict[str, Any]:
    """What a scenario of `benchmarks.inside`, with the window, measured on a profile. Raises MeasurementFailed."""
    return _run("benchmarks.inside", name, [str(profile)], sizes, timeout_s)


def run_bare_window(profile: Path, sizes: Sizes) -> dict[str, Any]:
    """What `benchmarks.bare_window` measured. Raises MeasurementFailed."""
    return _run("benchmarks.bare_window", "bare-window", [str(profile)], sizes, TIMEOUT_S)


def run_headless(name: str, profile: Path, sizes: Sizes, timeout_s: float = HEADLESS_TIMEOUT_S) -> dict[str, Any]:
    """What a scenario of `benchmarks.inside_headless` measured on a profile. Raises MeasurementFailed."""
    return _run("benchmarks.inside_headless", name, [str(profile)], sizes, timeout_s)


def run_chart(sizes: Sizes) -> dict[str, Any]:
    """What `benchmarks.inside_chart` measured. Raises MeasurementFailed."""
    return _run("benchmarks.inside_chart", "chart", [], sizes, TIMEOUT_S)


def run_dialog(name: str, sizes: Sizes) -> dict[str, Any]:
    """What `benchmarks.inside_dialogs` measured of one dialog. Raises MeasurementFailed."""
    return _run("benchmarks.inside_dialogs", name, [], sizes, DIALOG_TIMEOUT_S)


def _run(module: str, name: str, arguments: list[str], sizes: Sizes, timeout_s: float) -> dict[str, Any]:
    command = [sys.executable, "-m", module, name, *arguments, json.dumps(dataclasses.asdict(sizes))]
    try:
        ended = subprocess.run(
            command, env=environment(), capture_output=True, encoding="utf-8", timeout=timeout_s, check=False
        )
    except subprocess.TimeoutExpired:
        raise MeasurementFailed(f"{name} was not done after {timeout_s} s") from None
    lines = ended.stdout.splitlines()
    if ended.returncode != 0 or not lines:
        raise MeasurementFailed(f"{name} ended with {ended.returncode}: {ended.stderr.strip()[-2000:]}")
    return json.loads(lines[-1])
