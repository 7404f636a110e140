"""The charts of the register's mints over time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.mint_figures import GasStep, MintSeries
from ipnft_desktop.ui.charts.chart import Axis, Chart, Mark, Series
from ipnft_desktop.ui.widgets.measures import figure_text, number_text, percent_text

_WEI_PER_GWEI = 10**9
_WEI_PER_ETH = 10**18
_MOST_BARS = 48


def charts_of(series: MintSeries) -> tuple[Chart, ...]:
    """Always the same six, in the order of the page."""
    return (
        _gas_chart(series, _tr("Gas a transaction"), _tr("gas"), lambda step: step.transaction_gas),
        _gas_chart(series, _tr("Gas a token"), _tr("gas"), lambda step: step.gas_per_token),
        _gas_chart(series, _tr("Gas price"), "gwei", lambda step: _scaled(step.gas_price_wei, _WEI_PER_GWEI)),
        _gas_chart(series, _tr("Fee a transaction"), "ETH", lambda step: step.transaction_fee_wei / _WEI_PER_ETH),
        _ends(series),
        _queue(series),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("FigureCharts", text)


def _scaled(value: float | None, unit: int) -> float | None:
    return None if value is None else value / unit


def _time(step_s: int) -> Axis:
    return Axis(_tr("Time"), _step_words(step_s), is_time=True)


def _step_words(step_s: int) -> str:
    for unit_s, words in (
        (86_400, _tr("steps of {0} d")),
        (3_600, _tr("steps of {0} h")),
        (60, _tr("steps of {0} min")),
    ):
        if step_s >= unit_s:
            return words.format(number_text(step_s // unit_s))
    return _tr("steps of {0} s").format(number_text(step_s))


def _gas_chart(series: MintSeries, title: str, unit: str, value: Callable[[GasStep], float | None]) -> Chart:
    """A dot for each step in which something was mined."""
    points = [(step.at.timestamp(), found) for step in series.gas if (found := value(step)) is not None]
    axis = Axis(_tr("Average"), unit, figure_text, has_zero=True)
    return Chart(title, _time(series.gas_step_s), axis, (Series.of(title, points, Mark.POINTS),) if points else ())


def _ends(series: MintSeries) -> Chart:
    """Bars of even steps from the first moment to the last, and the share of success in the title."""
    title = _tr("Minted and failed")
    minted, failed = (sum(getattr(step, kind) for step in series.ended) for kind in ("minted", "failed"))
    axis = Axis(_tr("Mints"), "", _whole, has_zero=True)
    width_s = series.step_s * max(1, -(-len(series.queue) // _MOST_BARS))
    if not minted + failed:
        return Chart(title, _time(width_s), axis)
    share = percent_text(100 * minted / (minted + failed), 1)
    return Chart(
        _tr("{0}: {1} minted").format(title, share),
        _time(width_s),
        axis,
        tuple(
            Series.of(name, _bars(series, width_s, counts), Mark.BARS)
            for name, counts in (
                (_tr("Minted"), [(step.at, step.minted) for step in series.ended]),
                (_tr("Failed"), [(step.at, step.failed) for step in series.ended]),
            )
        ),
    )


def _bars(series: MintSeries, width_s: int, counts: Iterable[tuple[datetime, int]]) -> list[tuple[float, float]]:
    """Sums of so many seconds each, none left out; a bar stands in the middle of its time."""
    sums = defaultdict[int, int](int)
    for at, count in counts:
        sums[int(at.timestamp()) // width_s] += count
    moments = [step.at for step in series.queue] or [at for at, _ in counts]
    first, last = (int(at.timestamp()) // width_s for at in (moments[0], moments[-1]))
    first, last = min(first, *sums), max(last, *sums)
    return [((number + 0.5) * width_s, float(sums[number])) for number in range(first, last + 1)]


def _queue(series: MintSeries) -> Chart:
    """The most mints open at once, step by step."""
    title = _tr("Queue")
    axis = Axis(_tr("Open mints"), "", _whole, has_zero=True)
    if not any(step.open_mints for step in series.queue):
        return Chart(title, _time(series.step_s), axis)
    points = [(step.at.timestamp(), float(step.open_mints)) for step in series.queue]
    return Chart(title, _time(series.step_s), axis, (Series.of(_tr("Open at once, at most"), points),))


def _whole(value: float) -> str:
    return number_text(round(value)) if value == round(value) else figure_text(value)
