"""Even and logarithmic axes."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scales:
    """Which axes are logarithmic: there pyqtgraph has exponents of ten for values."""

    log_x: bool = False
    log_y: bool = False

    def x(self, value: float) -> float:
        """Where a value is on the axis."""
        return math.log10(value) if self.log_x else value

    def y(self, value: float) -> float:
        """The same for the other axis."""
        return math.log10(value) if self.log_y else value

    def x_value(self, place: float) -> float:
        """The value at a place of the axis."""
        return 10.0**place if self.log_x else place

    def y_value(self, place: float) -> float:
        """The same for the other axis."""
        return 10.0**place if self.log_y else place
