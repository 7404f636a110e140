"""How long a person looks at nothing after starting the program."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.catalogue import Figure, Sizes
from benchmarks.child import MeasurementFailed, environment, temporary_profile
from benchmarks.figures import median

PAINTED = "window.painted"
TIMEOUT_S = 30
LOOK_EVERY_S = 0.002


def measure(sizes: Sizes) -> list[Figure]:
    """The real program and the barest Qt program by turns, each start in a new process and on an empty profile."""
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(sizes.starts):
        with temporary_profile() as profile:
            command = [sys.executable, "-m", "ipnft_desktop", "--profile", str(profile)]
            ours.append(_ms_to_paint(command, profile / "logs" / "ipnft.log"))
        with temporary_profile() as folder:
            told = folder.with_suffix(".log")
            bare.append(_ms_to_paint([sys.executable, "-m", "benchmarks.bare_qt", str(told)], told))
    return [
        Figure("first_paint_ms", median(ours), len(ours)),
        Figure("first_paint_ms.bare_qt", median(bare), len(bare)),
    ]


def _ms_to_paint(command: Sequence[str], log: Path) -> float:
    """From just before the process is created until its log says that the window is painted, both seen from here."""
    started = time.perf_counter()
    process = subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not _says_painted(log):
            if process.poll() is not None or time.perf_counter() - started > TIMEOUT_S:
                raise MeasurementFailed(f"{command[2]} never painted its window")
            time.sleep(LOOK_EVERY_S)
        return (time.perf_counter() - started) * 1000
    finally:
        _end(process)


def _says_painted(log: Path) -> bool:
    try:
        return PAINTED in log.read_text("utf-8")
    except FileNotFoundError:
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
