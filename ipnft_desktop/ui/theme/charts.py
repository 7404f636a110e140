"""The colours of charts, from the one token table."""

from __future__ import annotations

from dataclasses import dataclass

from ipnft_desktop.ui.theme.tokens import Tokens


@dataclass(frozen=True, slots=True)
class ChartInks:
    """What a chart is drawn in, as `#rrggbb`."""

    ground: str
    grid: str
    axis: str
    text: str
    series: tuple[str, ...]

    def of_series(self, number: int) -> str:
        """The colour of a series, counted from 0; after the last the first comes again."""
        return self.series[number % len(self.series)]


def chart_inks(tokens: Tokens) -> ChartInks:
    """The colours of a chart that lies on a card."""
    return ChartInks(tokens.surface, tokens.line, tokens.control_line, tokens.muted, tokens.series)
