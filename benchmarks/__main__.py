"""Measure, print the table, write the document."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import gas_snapshot, machine, report
from benchmarks.catalogue import FULL, QUICK, Figure, Sizes
from benchmarks.child import MeasurementFailed
from benchmarks.gas_keys import is_measured
from benchmarks.subjects import Subject, wanted


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 once everything wanted was measured, whatever the figures say; 1 if a measurement failed."""
    chosen = _chosen(arguments)
    subjects = wanted(chosen.only)
    if not subjects:
        print(f"No key starts with '{chosen.only}'.", file=sys.stderr)
        return 2
    facts = machine.describe()
    started = time.perf_counter()
    figures, failures = _measure(subjects, QUICK if chosen.quick else FULL)
    figures = [figure for figure in figures if figure.key.startswith(chosen.only)]
    facts["seconds"] = round(time.perf_counter() - started, 1)
    facts["quick"] = chosen.quick
    print(report.table(figures, facts))
    if chosen.gas and not failures:
        print(_against_snapshot(figures, record=chosen.record))
    if chosen.json:
        chosen.json.parent.mkdir(parents=True, exist_ok=True)
        chosen.json.write_text(json.dumps(report.document(figures, facts), indent=2) + "\n", "utf-8")
    return 1 if failures else 0


def _measure(subjects: Sequence[Subject], sizes: Sizes) -> tuple[list[Figure], int]:
    figures: list[Figure] = []
    failures = 0
    for subject in subjects:
        print(f"measuring {', '.join(subject.families)} ...", file=sys.stderr, flush=True)
        try:
            figures += subject.measure(sizes)
        except MeasurementFailed as failure:
            failures += 1
            print(failure, file=sys.stderr)
    return figures, failures


def _against_snapshot(figures: Sequence[Figure], *, record: bool) -> str:
    measured = {figure.key: figure.value for figure in figures if is_measured(figure.key)}
    if record:
        gas_snapshot.write(measured)
        return f"recorded in {gas_snapshot.FILE}"
    changes = gas_snapshot.differences(measured, gas_snapshot.read())
    return "\n".join(changes) or f"every figure is within {gas_snapshot.TOLERANCE:.1%} of the committed snapshot"


def _chosen(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if (chosen.gas and chosen.only) or (chosen.record and not chosen.gas):
        parser.error("--gas measures all of gas.*, without --only; --record belongs to --gas")
    if chosen.gas:
        chosen.only = "gas."
    return chosen


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="start.py bench", description="Measures speed and memory of the program, and the contracts' gas."
    )
    parser.add_argument("--json", type=Path, help="file for the figures as JSON")
    parser.add_argument("--only", default="", metavar="KEYPREFIX", help="only keys that start so, such as mint_ms")
    parser.add_argument("--gas", action="store_true", help="only the contracts' gas, beside the committed snapshot")
    parser.add_argument("--record", action="store_true", help="with --gas: write the snapshot anew")
    parser.add_argument("--quick", action="store_true", help="a few samples each: does it run, not how fast")
    return parser


if __name__ == "__main__":
    # As Ctrl+C does: an exception ends the programs under measurement and removes their profiles on its way out.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
