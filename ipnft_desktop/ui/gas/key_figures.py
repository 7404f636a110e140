"""The figures of a result that are asked for first."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from ipnft_desktop.domain.gas_laboratory import Contract, LaboratoryResult, Measurement, Recipients
from ipnft_desktop.domain.gas_savings import PUBLISHED_BEST, floor_gas
from ipnft_desktop.ui.gas import words
from ipnft_desktop.ui.theme.tokens import Space
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.figure import Figure
from ipnft_desktop.ui.widgets.measures import labelled_text, number_text, percent_text

_NONE = "–"


class KeyFigures(Card):
    """Of our contract, at the size of the best published figure where that was measured, else at the largest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=Space.S)
        self.own = Figure(self.tr("Saved in a batch"), large=True)
        self.baseline = Figure(self.tr("Saved in a batch"), large=True)
        self.gas = Figure(self.tr("Gas per token"), large=True)
        self.recommended = Figure(self.tr("Recommended batch"), large=True)
        line = QHBoxLayout()
        line.setSpacing(Space.S)
        for figure in (self.own, self.baseline, self.gas, self.recommended):
            line.addWidget(figure, 1)
        self.body.addLayout(line)

    def show_result(self, result: LaboratoryResult | None) -> None:
        """Another one."""
        measured = _chosen(result) if result else None
        saved = result.savings(measured) if result and measured else None
        at = self.tr("at {0}").format(words.tokens_text(measured.size)) if measured else ""
        for figure, percent, base in (
            (self.own, saved and saved.own_single_percent, self.tr("at {0}, of our single mint")),
            (self.baseline, saved and saved.baseline_single_percent, self.tr("at {0}, of A's single mint")),
        ):
            told = base.format(number_text(measured.size)) if measured else ""
            figure.set_value(percent_text(percent, 1) if percent is not None else _NONE, told)
        self.gas.set_value(
            number_text(round(measured.gas_per_token)) if measured else _NONE, self._beside(measured, at)
        )
        found = result.recommended if result else None
        if found is None:
            self.recommended.set_value(_NONE)
        else:
            sizes = self.tr("{0} to {1}").format(number_text(found.first), number_text(found.last))
            self.recommended.set_value(sizes, self.tr("one more adds < 0.5 %"))

    def _beside(self, measured: Measurement | None, at: str) -> str:
        if measured is None or measured.recipients is not Recipients.ONE_HOLDER:
            return at
        return labelled_text(self.tr("floor"), number_text(round(floor_gas(measured.size))))


def _chosen(result: LaboratoryResult) -> Measurement | None:
    curve = result.curve(Contract.OURS)
    usual = next((each for each in curve if each.size == PUBLISHED_BEST.first_size), None)
    return usual or (curve[-1] if curve else None)
