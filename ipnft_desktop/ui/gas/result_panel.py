"""A result, or several side by side: key figures, charts, where the gas went, every measurement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QToolButton, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import ErrorCode, IpnftError
from ipnft_desktop.domain.gas_laboratory import LaboratoryResult, RunEnding
from ipnft_desktop.ui.charts.view import ChartView
from ipnft_desktop.ui.gas import curves, words
from ipnft_desktop.ui.gas.key_figures import KeyFigures
from ipnft_desktop.ui.gas.measurement_table import MeasurementTable, lines_of
from ipnft_desktop.ui.gas.parts_view import PartsView
from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.error_words import error_advice, error_detail, error_sentence, joined
from ipnft_desktop.ui.widgets.measures import listed, local_time, number_text, seconds_text
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text


class Part(IntEnum):
    """What is shown of a result."""

    SAVINGS = 0
    GAS = 1
    PARTS = 2
    TABLE = 3


class ResultPanel(QStackedWidget):
    """`run_requested` asks for the first experiment, `export_requested` for a file of every measurement."""

    run_requested = Signal()
    export_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """The work is left to `pieces`."""
        super().__init__(parent)
        self._result: LaboratoryResult | None = None
        self._compared: tuple[LaboratoryResult, ...] = ()
        self._stale: set[Part] = set()

    def pieces(self) -> Iterator[None]:
        """Make it, piece by piece."""
        self._add_nothing()
        column = self._add_shown()
        self.figures = KeyFigures(column.parentWidget())
        column.addWidget(self.figures)
        card = Card(column.parentWidget())
        column.addWidget(card, 1)
        self._add_head(card)
        yield
        savings = QWidget(self._parts)
        self._parts.addWidget(savings)
        box = QVBoxLayout(savings)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.S)
        self.savings = ChartView(self.tr("Our contract's batches were not measured in this result."), savings)
        self._published = Text(curves.published_note(), TextSize.CAPTION, ink=Ink.MUTED, wrap=True)
        box.addWidget(self.savings, 1)
        box.addWidget(self._published)
        yield
        self.gas = ChartView(self.tr("No batch was measured in this result."), self._parts)
        self._parts.addWidget(self.gas)
        yield
        self.parts = PartsView(self._parts)
        self._parts.addWidget(self.parts)
        yield
        self.table = MeasurementTable(self._parts)
        self._parts.addWidget(self.table)
        self.empty.action_requested.connect(self.run_requested)
        self.export_button.clicked.connect(self.export_requested)
        self.bar.currentChanged.connect(self._on_part)

    @property
    def part(self) -> Part:
        """What is shown of it."""
        return Part(self.bar.currentIndex())

    def show_part_of_result(self, part: Part) -> None:
        """Show another."""
        self.bar.setCurrentIndex(part)

    @property
    def result(self) -> LaboratoryResult | None:
        """The result in focus."""
        return self._result

    def show_results(self, result: LaboratoryResult | None, compared: Sequence[LaboratoryResult]) -> None:
        """Show this one, its charts beside those of the others where there are any; None where nothing is kept."""
        self._result, self._compared = result, tuple(compared)
        self.setCurrentIndex(0 if result is None else 1)
        self._stale = set(Part)
        self._show_ending(result)
        self.figures.show_result(result)
        self._facts.setText(_facts(result) if result else "")
        self.export_button.setEnabled(result is not None)
        self._refresh()

    def show_error(self, error: IpnftError) -> None:
        """What could not be done with it."""
        self.error_panel.show_error(error)

    def _show_ending(self, result: LaboratoryResult | None) -> None:
        self.error_panel.clear()
        if result is not None and result.ending is RunEnding.FAILED and result.failure is not None:
            self._show_failure(IpnftError(result.failure, result.failure_detail))
        told: list[str] = []
        if result is not None and result.ending is not RunEnding.COMPLETE:
            done = number_text(len(result.deployments) + len(result.measurements))
            told.append(self.tr("{0} of {1} steps were measured.").format(done, number_text(result.experiment.steps)))
        self._key.setText(curves.compared_names(self._compared))
        self._key.setVisible(bool(self._compared))
        self.figures.setVisible(not self.error_panel.code)
        if self._compared:
            differing = listed(map(words.contract_name, curves.differing_code(self._compared)))
            if differing:
                told.append(self.tr("Of other code, so not the same contract: {0}.").format(differing))
        self.note.setText(joined(*told))
        self.note.setVisible(bool(told))

    def _show_failure(self, error: IpnftError) -> None:
        """Its node is not that of the register: the catalogue's advice leads elsewhere."""
        advice = error_advice(error)
        if error.code is ErrorCode.NODE_UNREACHABLE:
            advice = (self.tr("Run the experiment again; the log on the Environment page may tell why."),)
        self.error_panel.show_message(error.code, error_sentence(error), error_detail(error), advice)

    def _refresh(self) -> None:
        """Fill the part that is in view."""
        part, result = self.part, self._result
        if part not in self._stale:
            return
        self._stale.discard(part)
        shown = self._compared or ((result,) if result else ())
        match part:
            case Part.SAVINGS:
                self.savings.set_chart(curves.savings_chart(shown))
                self._published.setVisible(len(shown) == 1 and not self.savings.chart.is_empty)
            case Part.GAS:
                self.gas.set_chart(curves.gas_chart(shown))
            case Part.PARTS:
                self.parts.show_result(result)
            case Part.TABLE:
                self.table.show_records(lines_of(result) if result else ())

    def _on_part(self, at: int) -> None:
        self._parts.setCurrentIndex(at)
        self._refresh()

    def _add_nothing(self) -> None:
        nothing = Card(self)
        self.addWidget(nothing)
        self.empty = EmptyState(
            Icon.FLASK,
            self.tr("Nothing was measured yet"),
            self.tr(
                "The laboratory mints with this register's contract and with two others, each batch size for real, and "
                "shows what a token costs, what a batch saves and where the gas went."
            ),
            self.tr("Run"),
        )
        self.empty.button.setProperty("kind", "secondary")  # the form beside it has the primary one
        nothing.body.addWidget(self.empty)

    def _add_shown(self) -> QVBoxLayout:
        shown = QWidget(self)
        self.addWidget(shown)
        column = QVBoxLayout(shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        return column

    def _add_head(self, card: Card) -> None:
        self.bar = QTabBar(card)
        self.export_button = SecondaryButton(self.tr("Export…"), Icon.DOWNLOAD)
        self.error_panel = ErrorPanel(card)
        self.note = Text("", TextSize.CAPTION, Weight.MEDIUM, Ink.WARN, wrap=True)
        self._key = Text("", TextSize.CAPTION, Weight.MEDIUM, wrap=True)
        self._facts = ElidedLabel("", TextSize.CAPTION, ink=Ink.MUTED)
        self._parts = QStackedWidget(card)
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        head.addWidget(self.bar, 1, Qt.AlignmentFlag.AlignLeft)
        head.addWidget(self.export_button)
        self._set_up_bar()
        card.body.addLayout(head)
        for part in (self.error_panel, self._key, self.note):
            card.body.addWidget(part)
        card.body.addWidget(self._parts, 1)
        card.body.addWidget(self._facts)

    def _set_up_bar(self) -> None:
        self.bar.setAccessibleName(self.tr("What is shown of the result"))
        self.bar.setFont(text_font(TextSize.BODY, Weight.SEMIBOLD))
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for title in (
            self.tr("Savings"),
            self.tr("Gas per token"),
            self.tr("Where the gas went"),
            self.tr("Measurements"),
        ):
            self.bar.addTab(title)
        for scroller in self.bar.findChildren(QToolButton):
            scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # for the mouse; Left and Right bring every tab into view


def _facts(result: LaboratoryResult) -> str:
    experiment = result.experiment
    took = (result.ended_at - result.started_at).total_seconds()
    return "  ·  ".join(
        (
            local_time(result.started_at),
            words.recipients_text(experiment.recipients),
            words.fees_text(experiment.gas_price_wei),
            *((result.versions,) if result.versions else ()),
            seconds_text(took, 1),
        )
    )
