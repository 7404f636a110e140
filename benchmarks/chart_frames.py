"""How long a frame of a chart takes that has a hundred thousand points."""

from __future__ import annotations

from benchmarks.catalogue import Figure, Sizes
from benchmarks.child import run_chart
from benchmarks.figures import percentile


def measure(sizes: Sizes) -> list[Figure]:
    """In a window that nobody sees, in a process of its own. Raises MeasurementFailed."""
    frame_ms = run_chart(sizes)["frame_ms"]
    return [Figure("chart_frame_ms.100k", percentile(frame_ms, 0.99), len(frame_ms))]
