"""The committed figures of the gas report: a change of the contract's price has to show in the commit that makes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

FILE = Path(__file__).with_suffix(".json")
TOLERANCE = 0.005
"""Share of a recorded figure by which a new one may differ."""
RECORD_COMMAND = "python3 start.py bench --gas --record"


def read(file: Path = FILE) -> dict[str, float]:
    """What is recorded, by key."""
    return json.loads(file.read_text("utf-8"))


def write(figures: Mapping[str, float], file: Path = FILE) -> None:
    """Record them anew."""
    rounded = {key: round(value, 1) for key, value in sorted(figures.items())}
    file.write_text(json.dumps(rounded, indent=2) + "\n", "utf-8")


def differences(figures: Mapping[str, float], recorded: Mapping[str, float]) -> list[str]:
    """A sentence for each figure that is not what was recorded, or that only one side has."""
    found: list[str] = []
    for key in sorted(figures.keys() | recorded.keys()):
        now, before = figures.get(key), recorded.get(key)
        if now is None:
            found.append(f"{key} is recorded as {before:,.1f} and was not measured")
        elif before is None:
            found.append(f"{key} is {now:,.1f} and not recorded")
        elif abs(now - before) > TOLERANCE * abs(before):
            found.append(f"{key} is {now:,.1f}, recorded as {before:,.1f} ({100 * (now / before - 1):+.2f} %)")
    return found
