"""Run it, say how it goes, and print the account."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import secrets
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.child import temporary_profile
from benchmarks.soak.driver import Soak, Unhealed
from benchmarks.soak.tally import Tally

PROGRESS_EVERY_S = 10.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 if every asset was minted exactly once or safely not at all; 1 if not, or if it cannot be told."""
    chosen = _parser().parse_args(arguments)
    seed: int = secrets.randbelow(2**32) if chosen.seed is None else chosen.seed
    print(f"soak: {chosen.minutes:g} minutes, seed {seed}", flush=True)
    facts: dict[str, Any] = {"seed": seed, "machine": machine.describe()}
    with temporary_profile() as profile:
        soak = Soak(profile, seed)
        started = time.monotonic()
        try:
            result = asyncio.run(_watched(soak, chosen.minutes * 60))
        except Unhealed as failure:
            result = None
            print(failure, file=sys.stderr)
        facts |= {"seconds": round(time.monotonic() - started, 1), **_course(soak)}
    if result is not None:
        facts |= dataclasses.asdict(result)
    print(_table(facts))
    if chosen.json:
        chosen.json.parent.mkdir(parents=True, exist_ok=True)
        chosen.json.write_text(json.dumps(facts, indent=2) + "\n", "utf-8")
    return 0 if result is not None and result.is_exact else 1


async def _watched(soak: Soak, seconds: float) -> Tally:
    async def tell() -> None:
        started = time.monotonic()
        while True:
            await asyncio.sleep(PROGRESS_EVERY_S)
            told = "  ".join(f"{name} {value}" for name, value in _course(soak).items() if name != "troubles")
            print(f"{time.monotonic() - started:6.0f} s  {told}", flush=True)

    telling = asyncio.create_task(tell(), name="soak.progress")
    try:
        return await soak.run(seconds)
    finally:
        telling.cancel()


def _course(soak: Soak) -> dict[str, Any]:
    course = soak.course
    return {
        "created": len(course.created),
        "requested": course.requested,
        "cancels": course.cancels,
        "node_kills": course.node_kills,
        "program_kills": course.program_kills,
        "answers_lost": soak.answers_lost,
        "recoveries": len(course.recoveries_s),
        "longest_recovery_s": round(max(course.recoveries_s, default=0.0), 2),
        "troubles": dict(sorted(course.troubles.items())),
    }


def _table(facts: Mapping[str, Any]) -> str:
    shown = {name: value for name, value in facts.items() if name != "machine"}
    width = max(map(len, shown))
    return "\n".join(f"{name:<{width}}  {value}" for name, value in shown.items())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="start.py soak", description="Mints while node and program are killed at random, then counts tokens."
    )
    parser.add_argument("--minutes", type=float, default=10, help="how long faults happen; settling comes on top")
    parser.add_argument("--seed", type=int, help="of the choice of faults; told when left out")
    parser.add_argument("--json", type=Path, help="file for the account as JSON")
    return parser


if __name__ == "__main__":
    # As Ctrl+C does: an exception ends node and worker and removes their profile on its way out.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
