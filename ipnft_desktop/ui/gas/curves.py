"""The charts of the laboratory: what a batch saves, and what a token costs, by the size of the batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.domain.gas_laboratory import (
    ComparedCurve,
    Contract,
    LaboratoryResult,
    Measurement,
    Recipients,
    compare,
)
from ipnft_desktop.domain.gas_savings import PUBLISHED_BEST, PUBLISHED_SAVINGS, floor_gas
from ipnft_desktop.ui.charts.chart import Axis, Chart, Mark, Series, Span
from ipnft_desktop.ui.gas import words
from ipnft_desktop.ui.widgets.measures import labelled_text, number_text, percent_text


def savings_chart(results: Sequence[LaboratoryResult]) -> Chart:
    """What a token of a batch saves: ours against both bases, for each result; of a single result also ERC721A, the
    published figures and the recommended sizes."""
    series: list[Series] = []
    if len(results) == 1:
        (result,) = results
        series.extend(_saved(result, _tr("Ours against its single mint"), _tr("Ours against A's single mint")))
        if Contract.ERC721A in result.experiment.contracts:
            others = result.curve(Contract.ERC721A)
            series.append(_against_baseline(result, others, _tr("ERC721A against A's single mint")))
        series = [each for each in series if each.xs]
        if series:
            series.extend(_published())
    else:
        for number, result in enumerate(results, 1):
            own, baseline = _tr("#{0} against its single mint"), _tr("#{0} against A's single mint")
            saved = _saved(result, own.format(number), baseline.format(number))
            series.extend(replace(each, mark=_mark(number)) for each in saved)
        series = [each for each in series if each.xs]
    return Chart(
        _tr("What a token saves in a batch"),
        Axis(_tr("Tokens at once"), is_log=True, text=_count),
        Axis(_tr("Saving"), "%", _percent, has_zero=True),
        tuple(series),
        _recommended(results[0]) if len(results) == 1 and series else (),
    )


def gas_chart(results: Sequence[LaboratoryResult]) -> Chart:
    """Gas per token of each contract; of a single result also the floor, which holds for one existing holder."""
    curves = compare(results).curves
    numbers = {result.result_id: number for number, result in enumerate(results, 1)}
    series = [
        Series.of(_curve_name(curve, numbers), sorted(curve.gas_per_token.items()), _mark(numbers[curve.result_id]))
        for curve in curves
        if curve.gas_per_token
    ]
    if series and len(results) == 1 and results[0].experiment.recipients is Recipients.ONE_HOLDER:
        sizes = sorted({size for curve in curves for size in curve.gas_per_token})
        floor = ((size, floor_gas(size)) for size in sizes)
        series.append(Series.of(_tr("Floor for one existing holder"), floor, Mark.DASHED_LINE))
    return Chart(
        _tr("Gas per token in a batch"),
        Axis(_tr("Tokens at once"), is_log=True, text=_count),
        Axis(_tr("Gas per token"), _tr("gas"), _gas, is_log=True),
        tuple(series),
    )


def compared_names(results: Sequence[LaboratoryResult]) -> str:
    """Which number each result has where several are set side by side."""
    return "  ·  ".join(
        labelled_text(f"#{number}", words.result_name(result)) for number, result in enumerate(results, 1)
    )


def differing_code(results: Sequence[LaboratoryResult]) -> tuple[Contract, ...]:
    """The contracts that were not the same in all results."""
    hashes: dict[Contract, set[str]] = {}
    for result in results:
        for deployment in result.deployments:
            hashes.setdefault(deployment.contract, set()).add(deployment.code_hash)
    return tuple(contract for contract in Contract if len(hashes.get(contract, ())) > 1)


def published_note() -> str:
    """What the published figures are of."""
    return _tr(
        "Published: savings of ERC-20 batches, {0} at best for {1}. No base is named with them: they seem to set a "
        "single mint to a new holder beside batches to existing ones, which shows more than the batch saves. Ours set "
        "like beside like."
    ).format(percent_text(PUBLISHED_BEST.high_percent), words.tokens_text(PUBLISHED_BEST.first_size))


def _saved(result: LaboratoryResult, own_name: str, baseline_name: str) -> tuple[Series, Series]:
    found = [(each, result.savings(each)) for each in result.curve(Contract.OURS)]
    own = ((each.size, saved.own_single_percent) for each, saved in found if saved)
    return Series.of(own_name, own), _against_baseline(result, result.curve(Contract.OURS), baseline_name)


def _against_baseline(result: LaboratoryResult, curve: Sequence[Measurement], name: str) -> Series:
    found = ((each.size, result.savings(each)) for each in curve)
    return Series.of(name, ((size, saved.baseline_single_percent) for size, saved in found if saved))


def _published() -> tuple[Series, Series]:
    """The two ends of what is published; the best of all is the upper end where it is."""
    low: list[tuple[float, float]] = []
    high: list[tuple[float, float]] = []
    for each in PUBLISHED_SAVINGS:
        sizes = (each.first_size, each.last_size)
        best = PUBLISHED_BEST
        low.extend((size, each.low_percent) for size in sizes)
        high.extend((size, best.high_percent if size == best.first_size else each.high_percent) for size in sizes)
    return (
        Series.of(_tr("Published, low"), low, Mark.DASHED_LINE),
        Series.of(_tr("Published, high"), high, Mark.DASHED_LINE),
    )


def _recommended(result: LaboratoryResult) -> tuple[Span, ...]:
    found = result.recommended
    if found is None:
        return ()
    told = _tr("Recommended: {0} to {1}").format(number_text(found.first), number_text(found.last))
    return (Span(found.first, found.last, told),)


def _curve_name(curve: ComparedCurve, numbers: dict[str, int]) -> str:
    name = words.contract_name(curve.contract)
    return name if len(numbers) == 1 else f"#{numbers[curve.result_id]} {name}"


def _mark(number: int) -> Mark:
    """Every other result is dashed: there are fewer colours than curves."""
    return Mark.LINE if number % 2 else Mark.DASHED_LINE


def _percent(value: float) -> str:
    return percent_text(round(value, 1))


def _gas(value: float) -> str:
    return number_text(round(value))


def _count(value: float) -> str:
    return number_text(round(value))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Gas", text)
