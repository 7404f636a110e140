"""The few statistics used here."""

from __future__ import annotations

import math
from collections.abc import Sequence


def percentile(samples: Sequence[float], share: float) -> float:
    """Smallest sample that at least `share` (0 to 1) of all samples do not exceed (nearest rank).

    Raises ValueError without samples or for a share outside 0 to 1.
    """
    if not samples or not 0 <= share <= 1:
        raise ValueError("a percentile needs samples and a share from 0 to 1")
    rank = max(1, math.ceil(share * len(samples)))
    return sorted(samples)[rank - 1]


def median(samples: Sequence[float]) -> float:
    """Middle sample; the mean of the two middle ones for an even number."""
    return (percentile(samples, 0.5) + percentile(samples, math.nextafter(0.5, 1))) / 2
