"""Whether a dialog that was closed is gone: memory after many times of opening it, against that after a few."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from benchmarks.catalogue import Figure, Sizes
from benchmarks.child import run_dialog
from benchmarks.dialog_keys import DIALOGS


def measure(sizes: Sizes) -> list[Figure]:
    """Each dialog in a process of its own. Raises MeasurementFailed, also where a closed dialog is still there."""
    # Beside each other: memory, unlike time, does not depend on how busy the machine is.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(partial(_growth, sizes), DIALOGS))


def _growth(sizes: Sizes, name: str) -> Figure:
    samples = run_dialog(name, sizes)
    growth = 100 * (samples["rss_bytes_after"] / samples["rss_bytes_before"] - 1)
    return Figure(f"memory.dialog.{name}.growth_percent", growth, samples["times"])
