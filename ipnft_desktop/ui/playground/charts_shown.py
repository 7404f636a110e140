"""Exhibits: charts."""

from __future__ import annotations

import math

from PySide6.QtWidgets import QWidget

from ipnft_desktop.ui.charts.chart import Axis, Chart, Level, Mark, Series, Span
from ipnft_desktop.ui.charts.library import chart_library
from ipnft_desktop.ui.charts.view import ChartView
from ipnft_desktop.ui.playground import samples
from ipnft_desktop.ui.playground.exhibit import Exhibit, Forced, State
from ipnft_desktop.ui.theme.tokens import DialogWidth, Size
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.measures import figure_text, percent_text

_ODD = (samples.LONG, "与基线合约比较", samples.HOSTILE)
_EPOCH_S = 1_767_225_600
_SIZES = (1, 5, 10, 15, 20, 25, 30, 40, 50, 100)
_BASELINE = (63.9, 85.2, 87.6, 88.4, 88.8, 89.0, 89.2, 89.3, 89.5, 89.7)
_OWN = (0.5, 55.9, 62.9, 65.2, 66.5, 67.2, 67.6, 68.2, 68.6, 69.3)
_PUBLISHED = ((5, 61.0), (10, 74.0), (15, 71.0), (25, 77.0), (30, 78.39), (50, 78.0))


def savings(names: tuple[str, str, str] = ("Baseline", "Our own single", "Published")) -> Chart:
    """What a batch saves, by its size."""
    return Chart(
        "What a batch saves",
        Axis("Batch size", is_log=True),
        Axis("Saving", "%", percent_text, has_zero=True),
        (
            Series.of(names[0], zip(_SIZES, _BASELINE, strict=True)),
            Series.of(names[1], zip(_SIZES, _OWN, strict=True)),
            Series.of(names[2], _PUBLISHED, Mark.DASHED_LINE),
        ),
        (Span(20, 30, "Recommended 20 to 30"),),
    )


def exhibits() -> tuple[Exhibit, ...]:
    """In the order of the rail."""
    # The pictures are to show charts, and not that these are being prepared.
    chart_library().load_now()
    return (
        Exhibit(
            "chart",
            "Chart",
            (
                State("normal", lambda: _shown(savings())),
                State("focus", _focused, Forced.FOCUS),
                State("a point is read", _read),
                State("a series hidden", _hidden),
                State("bars, a floor", lambda: _shown(_gas())),
                State("points over time", lambda: _shown(_over_time())),
                State("as a table", _table),
                State("empty", lambda: _shown(Chart("Queue", Axis("Time"), Axis("Waiting")))),
                State("disabled", lambda: _shown(savings()), Forced.DISABLED),
                State(
                    "long, Chinese, hostile", lambda: _shown(savings((samples.LONG, "与基线合约比较", samples.HOSTILE)))
                ),
            ),
            width_px=DialogWidth.XL,
        ),
    )


def _shown(chart: Chart) -> QWidget:
    return _on_card(_view(chart))


def _view(chart: Chart) -> ChartView:
    view = ChartView("Run the experiment to see what a batch saves.")
    view.set_chart(chart)
    view.setFixedHeight(2 * Size.PICTURE)
    return view


def _on_card(view: ChartView) -> QWidget:
    card = Card()
    card.body.addWidget(view)
    return card


def _focused() -> QWidget:
    view = _view(savings())
    card = _on_card(view)
    card.setFocusProxy(view.build())
    return card


def _read() -> QWidget:
    view = _view(savings())
    view.build().point(len(_SIZES) // 2)
    return _on_card(view)


def _hidden() -> QWidget:
    view = _view(savings())
    view.legend.entries[1].setChecked(False)
    return _on_card(view)


def _table() -> QWidget:
    view = _view(savings())
    view.build()
    view.table_button.click()
    return _on_card(view)


def _gas() -> Chart:
    return Chart(
        "Gas a token",
        Axis("Batch size"),
        Axis("Gas a token", "gas", figure_text),
        (
            Series.of("Ours", ((size, 24_675 + 57_200 / size) for size in _SIZES[1:7]), Mark.BARS),
            Series.of("ERC721A", ((size, 47_300 + 82_200 / size) for size in _SIZES[1:7]), Mark.BARS),
        ),
        levels=(Level(24_231, "Floor"),),
    )


def _over_time() -> Chart:
    moments = range(_EPOCH_S, _EPOCH_S + 7_200, 60)
    return Chart(
        "Gas price",
        Axis("Time", is_time=True),
        Axis("Gas price", "gwei", figure_text),
        (Series.of("Price", ((at, 1 + 0.2 * math.sin(at / 900)) for at in moments), Mark.POINTS),),
    )
