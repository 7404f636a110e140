"""Six charts on cards, in two columns or in one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.mint_figures import MintSeries
from ipnft_desktop.ui.charts.chart import Chart
from ipnft_desktop.ui.charts.view import ChartView
from ipnft_desktop.ui.figures.charts import charts_of
from ipnft_desktop.ui.figures.columns_grid import ColumnsGrid
from ipnft_desktop.ui.theme.tokens import DialogWidth, Size, Space
from ipnft_desktop.ui.widgets.card import Card

FILE_NAMES = ("gas-a-transaction", "gas-a-token", "gas-price", "fee-a-transaction", "minted-and-failed", "queue")
"""What is proposed when a chart is saved."""


class ChartCards(ColumnsGrid):
    """A chart that somebody zoomed into stays as it is until they want all of it again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty until `build`, then hidden until there is something to show."""
        super().__init__((2, 1), DialogWidth.S, Space.S, parent)
        self.views: list[ChartView] = []
        self._cards: list[Card] = []
        self._waiting: dict[ChartView, Chart] = {}

    def build(self) -> Iterator[None]:
        """Make them, one a step."""
        for sentence, chart in zip(self._empty_sentences(), charts_of(MintSeries(1, 1)), strict=True):
            card = Card(self)
            card.hide()
            self.add(card)
            view = ChartView(sentence, card)
            card.body.addWidget(view)
            view.setFixedHeight(2 * Size.PICTURE)
            view.set_chart(chart)
            view.reset_button.clicked.connect(partial(self._show_waiting, view))
            self.views.append(view)
            self._cards.append(card)
            yield

    def show_series(self, series: MintSeries) -> Iterator[None]:
        """In small pieces, for each chart takes part of a frame, and most of one when it is first seen."""
        for card, view, chart in zip(self._cards, self.views, charts_of(series), strict=True):
            if card.isHidden():
                card.show()
                yield
            if view.reset_button.isEnabled() and not chart.is_empty:
                self._waiting[view] = chart
            else:
                self._show(view, chart)
                yield

    def clear(self) -> None:
        """Show nothing, at once."""
        for view, chart in zip(self.views, charts_of(MintSeries(1, 1)), strict=True):
            self._show(view, chart)

    def _show(self, view: ChartView, chart: Chart) -> None:
        self._waiting.pop(view, None)
        if view.chart != chart:
            view.set_chart(chart)

    def _show_waiting(self, view: ChartView) -> None:
        chart = self._waiting.get(view)
        if chart is not None:
            self._show(view, chart)

    def _empty_sentences(self) -> tuple[str, ...]:
        mined = self.tr("What mined transactions took stands here, by the time they were signed.")
        return (
            mined,
            mined,
            mined,
            mined,
            self.tr("How many mints succeeded and failed stands here, by the time they ended."),
            self.tr("How many mints were open at once stands here."),
        )
