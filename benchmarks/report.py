"""The result as a table for people and as a document for machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks import gas_report
from benchmarks.catalogue import KEYS, Figure
from benchmarks.gas_keys import GAS_KEYS

_HEADINGS = ("key", "value", "unit", "aim", "limit", "n", "")


def table(figures: Sequence[Figure], machine: Mapping[str, Any]) -> str:
    """One line a key, then the gas report if it is complete, and last what the machine was."""
    gas = {figure.key: figure.value for figure in figures if figure.key in GAS_KEYS}
    if gas.keys() < GAS_KEYS.keys():
        return "\n\n".join((_lines(figures), _machine_line(machine)))
    # Of the gas report only what has an aim or a limit gets a line: the tables below hold the rest.
    figures = [figure for figure in figures if figure.key not in gas or _is_held_against_something(figure)]
    return "\n\n".join((_lines(figures), gas_report.tables(gas), _machine_line(machine)))


def _lines(figures: Sequence[Figure]) -> str:
    rows = [_HEADINGS, *map(_row, figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    lines = [
        "  ".join(
            cell.rjust(width) if column in (1, 3, 4, 5) else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join([*lines, "", *_meanings(figures)])


def _meanings(figures: Sequence[Figure]) -> list[str]:
    """What the figures say; many that say the same of different things are explained once."""
    told: dict[str, list[str]] = {}
    for figure in figures:
        told.setdefault(KEYS[figure.key].meaning, []).append(figure.key)
    further = {meaning: f" and {len(keys) - 1} more" if keys[1:] else "" for meaning, keys in told.items()}
    return [f"{keys[0]}{further[meaning]}: {meaning}" for meaning, keys in told.items()]


def document(figures: Sequence[Figure], machine: Mapping[str, Any]) -> dict[str, Any]:
    """Every figure under its key, with what it is held against."""
    return {
        "machine": dict(machine),
        "figures": {
            figure.key: {
                "value": round(figure.value, 3),
                "unit": KEYS[figure.key].unit,
                "n": figure.n,
                "aim": KEYS[figure.key].aim,
                "limit": KEYS[figure.key].limit,
                "meets_aim": figure.within(KEYS[figure.key].aim),
                "within_limit": figure.within(KEYS[figure.key].limit),
                "meaning": KEYS[figure.key].meaning,
            }
            for figure in figures
        },
    }


def _row(figure: Figure) -> tuple[str, ...]:
    key = KEYS[figure.key]
    return (
        figure.key,
        _value(figure.value),
        key.unit,
        _bound(key.aim),
        _bound(key.limit),
        str(figure.n),
        _verdict(figure),
    )


def _value(value: float) -> str:
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _bound(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _verdict(figure: Figure) -> str:
    key = KEYS[figure.key]
    if figure.within(key.limit) is False:
        return "beyond its limit"
    meets_aim = figure.within(key.aim)
    return "" if meets_aim is None else "meets its aim" if meets_aim else "misses its aim"


def _is_held_against_something(figure: Figure) -> bool:
    key = KEYS[figure.key]
    return key.aim is not None or key.limit is not None


def _machine_line(machine: Mapping[str, Any]) -> str:
    return (
        f"machine: {machine['system']}, {machine['processors']} processors, Python {machine['python']}, "
        f"Qt {machine['qt']}, load average before {machine['load_average']}"
    )
