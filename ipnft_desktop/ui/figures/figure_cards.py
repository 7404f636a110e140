"""The figures of the register at a glance."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from ipnft_desktop.domain.mint_figures import MintFigures
from ipnft_desktop.domain.mint_gas import BASELINE_SINGLE_GAS
from ipnft_desktop.ui.figures.columns_grid import ColumnsGrid
from ipnft_desktop.ui.figures.period_bar import PeriodBar
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.amounts import eth_text
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.figure import Figure
from ipnft_desktop.ui.widgets.job_words import DASH
from ipnft_desktop.ui.widgets.measures import decimal_text, number_text, percent_text
from ipnft_desktop.ui.widgets.text import Text

_COLUMNS = (6, 3, 2)


class FigureCards(Card):
    """The choice of the time, six figures, and what went wrong while they were read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.period = PeriodBar()
        self.tokens = Figure(self.tr("Tokens"), large=True)
        self.batches = Figure(self.tr("Batches"), large=True)
        self.average = Figure(self.tr("Tokens a batch"), large=True)
        self.own_saving = Figure(self.tr("Gas saved, own single mint"), large=True)
        self.baseline_saving = Figure(self.tr("Gas saved, baseline A"), large=True)
        self.cost = Figure(self.tr("Cost"), large=True)
        self.error_panel = ErrorPanel()
        figures = (self.tokens, self.batches, self.average, self.own_saving, self.baseline_saving, self.cost)
        line = QHBoxLayout()
        line.addWidget(Text(self.tr("Figures of this register"), TextSize.LEAD, Weight.SEMIBOLD))
        line.addStretch(1)
        line.addWidget(self.period)
        self.body.addLayout(line)
        grid = ColumnsGrid(_COLUMNS, Size.FIELD_NARROW + Space.XL, Space.S)
        for figure in figures:
            grid.add(figure)
        self.body.addWidget(grid)
        note = self.tr(
            "What was mined on the present chain, by the time it was signed. A batch mints two tokens or more in one "
            "transaction; what it saved is told beside the single mint that was measured before it, and beside the "
            "single mint of a common contract (baseline A, {0} gas)."
        ).format(number_text(BASELINE_SINGLE_GAS))
        self._without_base = Text("", TextSize.CAPTION, ink=Ink.MUTED, wrap=True)
        self.body.addWidget(Text(note, TextSize.CAPTION, ink=Ink.MUTED, wrap=True))
        self.body.addWidget(self._without_base)
        self.body.addWidget(self.error_panel)
        self.show_figures(MintFigures())

    def show_figures(self, figures: MintFigures) -> None:
        """Those of the time that is chosen."""
        self.tokens.set_value(number_text(figures.tokens), self.tr("minted"))
        self.batches.set_value(
            number_text(figures.batches),
            self.tr("%Ln tokens in them", "", figures.batch_tokens) if figures.batches else "",
        )
        size = figures.average_batch_size
        self.average.set_value(DASH if size is None else decimal_text(size, 1), self.tr("on average"))
        self._show_own(figures)
        self._show_saving(
            self.baseline_saving,
            figures.baseline_saved_gas,
            figures.baseline_saved_percent,
            self.tr("no batch yet"),
        )
        self.cost.set_value(eth_text(figures.fee_wei), self.tr("in %Ln transactions", "", figures.transactions))

    def _show_own(self, figures: MintFigures) -> None:
        missing = self.tr("no single mint measured") if figures.batches else self.tr("no batch yet")
        self._show_saving(self.own_saving, figures.saved_gas, figures.saved_percent, missing)
        left_out = figures.baseless_tokens if figures.saved_gas is not None else 0
        self._without_base.setText(
            self.tr(
                "%Ln tokens are left out of the first saving: no single mint was measured before them.", "", left_out
            )
        )
        self._without_base.setVisible(bool(left_out))

    def _show_saving(self, figure: Figure, gas: int | None, percent: float | None, missing: str) -> None:
        if gas is None or percent is None:
            figure.set_value(DASH, missing)
        else:
            figure.set_value(number_text(gas), percent_text(percent, 1), Ink.OK if gas > 0 else Ink.FG)
