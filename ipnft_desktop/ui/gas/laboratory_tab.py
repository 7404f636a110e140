"""The laboratory: an experiment and the results that are kept at the left, what was found at the right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.gas_laboratory import Contract, LaboratoryResult
from ipnft_desktop.ui.gas.commands import LaboratoryCommands
from ipnft_desktop.ui.gas.experiment_form import ExperimentForm, Filled
from ipnft_desktop.ui.gas.result_list import HEIGHT, ResultList
from ipnft_desktop.ui.gas.result_panel import Part, ResultPanel
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import IconButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.measures import local_time
from ipnft_desktop.ui.widgets.question_bar import QuestionBar
from ipnft_desktop.ui.widgets.scrolling_column import ScrollingColumn
from ipnft_desktop.ui.widgets.tab_order import follow
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text


@dataclass(frozen=True, slots=True)
class LaboratoryPlace:
    """Where a person was in the laboratory."""

    filled: Filled
    result_id: str
    ticked: frozenset[str]
    part: Part
    contract: Contract | None
    size: int


class LaboratoryTab(QWidget):
    """`reload_requested` asks for the results, when it comes into view and whenever the person wishes;
    `delete_confirmed` carries a result."""

    reload_requested = Signal()
    delete_confirmed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Most of the work is left to `pieces`."""
        super().__init__(parent)
        self.list = ResultList()
        self.delete_button = IconButton(Icon.TRASH, self.tr("Delete the result in focus…"))
        self.question = QuestionBar(self.tr("Delete"), self.tr("Keep it"))
        self._count = Text("", TextSize.CAPTION, ink=Ink.MUTED)
        self._to_delete: LaboratoryResult | None = None
        self._wanted: LaboratoryPlace | None = None

    def pieces(self) -> Iterator[None]:
        """Make form and panel, piece by piece and each in its place: what is put elsewhere is dressed once more."""
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.M)
        self._left = ScrollingColumn(self)
        self._left.setFixedWidth(Size.SIDE_PANEL)
        self._left.column.setSpacing(Space.M)
        line.addWidget(self._left)
        self.form = ExperimentForm(self._left.widget())
        self._left.column.addWidget(self.form)
        yield
        self._add_results()
        yield
        self.panel = ResultPanel(self)
        line.addWidget(self.panel, 1)
        yield from self.panel.pieces()
        yield
        self._connect()
        self.commands = LaboratoryCommands(self)
        yield
        self.show_results(())

    @property
    def place(self) -> LaboratoryPlace:
        """Where the person is."""
        current, (contract, size) = self.list.current, self.panel.parts.choice
        result_id = current.result_id if current else ""
        return LaboratoryPlace(self.form.filled, result_id, self.list.kept.ticked, self.panel.part, contract, size)

    def go_to(self, place: LaboratoryPlace) -> None:
        """Bring the person back there; to the results now, or once they are listed."""
        self.form.fill(place.filled)
        self.panel.show_part_of_result(place.part)
        self._wanted = place
        self.show_results(self.list.kept.results)

    def show_results(self, results: Sequence[LaboratoryResult], wanted: str = "") -> None:
        """List these; the one of the id `wanted` comes into focus."""
        place = self._wanted
        if place is not None and results:
            self._wanted = None
            self.list.show_results(results, wanted or place.result_id, place.ticked)
            self.panel.parts.choose(place.contract, place.size)
        else:
            self.list.show_results(results, wanted)
        self._count.setText(self.tr("%Ln kept", "", len(results)) if results else "")
        self._results_card.setVisible(bool(results))
        self.delete_button.setEnabled(bool(results))

    def show_error(self, error: IpnftError) -> None:
        """Say beside the form what could not be done."""
        self.form.error_panel.show_error(error)

    def ask_delete(self) -> None:
        """Ask before the result in focus goes."""
        self._to_delete = self.list.current
        if self._to_delete is not None:
            moment = local_time(self._to_delete.started_at)
            self.question.ask(self.tr("Delete the result of {0}? Nothing brings it back.").format(moment))

    def showEvent(self, event: QShowEvent) -> None:
        """What comes into view is read anew."""
        super().showEvent(event)
        self.reload_requested.emit()

    def _add_results(self) -> None:
        self._results_card = Card(self._left.widget(), flush=True)
        head = QHBoxLayout()
        head.setContentsMargins(Space.L, Space.S, Space.S, Space.S)
        head.setSpacing(Space.S)
        head.addWidget(Text(self.tr("Results"), TextSize.LEAD, Weight.SEMIBOLD))
        head.addWidget(self._count, 1)
        head.addWidget(self.delete_button)
        below = QVBoxLayout()
        below.setContentsMargins(Space.S, 0, Space.S, Space.S)
        below.addWidget(self.question)
        hint = ElidedLabel(self.tr("Space ticks · what is ticked is compared"), TextSize.CAPTION, ink=Ink.MUTED)
        hint.setContentsMargins(Space.S, Space.XS, Space.S, 0)
        below.addWidget(hint)
        self.list.setMinimumHeight(2 * HEIGHT)
        self._results_card.body.addLayout(head)
        self._results_card.body.addWidget(self.list, 1)
        self._results_card.body.addLayout(below)
        self._left.column.addWidget(self._results_card, 1)
        self._left.column.addStretch()
        follow(self.delete_button, (self.list,))

    def _connect(self) -> None:
        self.list.changed.connect(self._on_changed)
        self.panel.run_requested.connect(self.form.run)
        self.delete_button.clicked.connect(self.ask_delete)
        self.question.confirmed.connect(self._on_confirmed)
        for answered in (self.question.confirmed, self.question.declined):
            answered.connect(self.list.setFocus)

    def _on_changed(self) -> None:
        self.panel.show_results(self.list.current, self.list.compared)
        if self._to_delete is not self.list.current:
            self.question.hide()

    def _on_confirmed(self) -> None:
        result, self._to_delete = self._to_delete, None
        if result is not None:
            self.delete_confirmed.emit(result)
