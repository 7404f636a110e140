"""What batches save by their size, as a chart: expected of our contract, published by others, and the batch at hand."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.batch_plan import BatchPlan
from ipnft_desktop.domain.batch_runs import BatchRun
from ipnft_desktop.domain.gas_savings import PUBLISHED_BEST, PUBLISHED_SAVINGS, recommended_range
from ipnft_desktop.domain.mint_gas import BASELINE_SINGLE_GAS, SINGLE_MINT_GAS, mint_gas, saved_percent
from ipnft_desktop.ui.charts.chart import Axis, Chart, Mark, Series, Span
from ipnft_desktop.ui.widgets.measures import decimal_text, figure_text, number_text

_SIZES = (1, 2, 3, 5, 10, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200, 256)
_HOLDER = "somebody who holds tokens"


def efficiency_chart(plan: BatchPlan | None, run: BatchRun | None) -> Chart:
    """The curves for batches to one existing holder, against single mints to one: like beside like. Of the plan and the
    run what each saves against the single mint on record, at the mean size of its transactions."""
    expected = {size: mint_gas([_HOLDER] * size, {_HOLDER}) for size in _SIZES if size > 1}
    series = [
        Series.of(_tr("Against own single mints"), _curve(expected, SINGLE_MINT_GAS)),
        Series.of(_tr("Against baseline A"), _curve(expected, BASELINE_SINGLE_GAS)),
        Series.of(_tr("Published by others"), sorted(_published().items()), Mark.DASHED_LINE),
    ]
    if plan is not None and plan.saved_percent is not None:
        mean = plan.item_count / len(plan.transactions)
        series.append(Series.of(_tr("This plan"), [(mean, plan.saved_percent)], Mark.POINTS))
    if run is not None and run.saved_percent is not None:
        minted = [batch.item_count for batch in run.batches if batch.saved_gas is not None]
        mean = sum(minted) / len(minted)
        series.append(Series.of(_tr("This batch, as measured"), [(mean, run.saved_percent)], Mark.POINTS))
    found = recommended_range(expected, SINGLE_MINT_GAS)
    recommended = ()
    if found is not None:
        words = _tr("{0} or more").format(number_text(found.first))
        recommended = (Span(found.first, found.last, words),)
    return Chart(
        _tr("What a batch saves"),
        Axis(_tr("Assets in one transaction"), text=_size_text, is_log=True),
        Axis(_tr("Saved"), "%", lambda percent: figure_text(round(percent, 1)), has_zero=True),
        tuple(series),
        recommended,
    )


def _size_text(size: float) -> str:
    return number_text(round(size)) if size == round(size) else decimal_text(size, 1)


def _curve(gas_by_size: dict[int, int], single_gas: int) -> Iterable[tuple[float, float]]:
    for size, gas in gas_by_size.items():
        saved = saved_percent(gas, single_gas * size)
        if saved is not None:
            yield size, saved


def _published() -> dict[float, float]:
    ends: dict[float, float] = {}
    for each in (*PUBLISHED_SAVINGS, PUBLISHED_BEST):
        ends |= {each.first_size: each.low_percent, each.last_size: each.high_percent}
    return ends


def _tr(text: str) -> str:
    return QCoreApplication.translate("BatchEfficiency", text)
