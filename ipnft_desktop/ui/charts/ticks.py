"""Where an axis has its ticks: few, at round values."""

from __future__ import annotations

import math

_ROUND = (1.0, 2.0, 5.0, 10.0)
_LOG_STEPS = (1.0, 2.0, 5.0)
_MINUTE_S, _HOUR_S, _DAY_S = 60, 3_600, 86_400
_TIME_STEPS_S = (
    *(1, 2, 5, 10, 15, 30),
    *(minutes * _MINUTE_S for minutes in (1, 2, 5, 10, 15, 30)),
    *(hours * _HOUR_S for hours in (1, 2, 3, 6, 12)),
    *(days * _DAY_S for days in (1, 2, 7, 14, 28, 91, 182, 364)),
)


def linear_ticks(low: float, high: float, at_most: int) -> tuple[float, list[float]]:
    """Their distance, 1, 2 or 5 times a power of ten, and the ticks from `low` to `high`."""
    least = max(high - low, math.ulp(high)) / max(at_most, 1)
    power = 10.0 ** math.floor(math.log10(least))
    step = next(power * each for each in _ROUND if power * each >= least)
    return step, _multiples(low, high, step)


def log_ticks(low: float, high: float, at_most: int) -> tuple[float, list[float]]:
    """Ticks between two powers of ten, given and told as their exponents: 1, 2 and 5 of each decade where there is
    room, otherwise only as many decades as there is room for."""
    fine = [
        exponent + math.log10(each)
        for exponent in range(math.floor(low), math.ceil(high) + 1)
        for each in _LOG_STEPS
        if low <= exponent + math.log10(each) <= high
    ]
    if len(fine) <= at_most:
        return 1.0, fine
    step = max(1, math.ceil((high - low) / max(at_most, 1)))
    return float(step), _multiples(low, high, step)


def time_ticks(low: float, high: float, at_most: int, offset_s: float) -> tuple[float, list[float]]:
    """Ticks of seconds since 1970 at round times of a zone that is `offset_s` ahead of UTC."""
    least = (high - low) / max(at_most, 1)
    step = next((each for each in _TIME_STEPS_S if each >= least), _TIME_STEPS_S[-1])
    return float(step), [tick - offset_s for tick in _multiples(low + offset_s, high + offset_s, step)]


def _multiples(low: float, high: float, step: float) -> list[float]:
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    # Multiplied and rounded: a sum of steps would tell 0.30000000000000004.
    digits = max(0, 2 - math.floor(math.log10(step)))
    return [round(number * step, digits) for number in range(first, last + 1)]
