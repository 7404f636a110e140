"""What is to be measured: the form of an experiment, how far it is, and what was wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from ipnft_desktop.domain.errors import FieldProblem, ProblemKind
from ipnft_desktop.domain.gas_laboratory import (
    BATCH_MAX_SIZE,
    DEFAULT_SIZES,
    GAS_PRICE_MAX_WEI,
    Contract,
    Experiment,
    Recipients,
)
from ipnft_desktop.services.gas_laboratory import LaboratoryState
from ipnft_desktop.ui.gas import sizes, words
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import LinkButton, PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.check_box import CheckBox
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.inputs import FormField, Select
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.phrases import say_problem
from ipnft_desktop.ui.widgets.plain import plain_tooltip
from ipnft_desktop.ui.widgets.progress_panel import ProgressPanel
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text

_WEI_PER_GWEI = 10**9
_POWERS_OF_TWO = (1, 2, 4, 8, 16, 32, 64, 128, 256)
_EVERY_FIFTH = (1, *range(5, 51, 5))


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the form, right or wrong."""

    contracts: tuple[Contract, ...]
    sizes: str
    is_distinct: bool
    is_new: bool
    gas_price: str


class ExperimentForm(Card):
    """`run_requested` carries an `Experiment` that is right; `cancel_requested` asks to end the one under way."""

    run_requested = Signal(object)
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes = {contract: CheckBox(words.contract_name(contract)) for contract in Contract}
        self.sizes = QLineEdit()
        self.presets = tuple(
            (LinkButton(name), chosen)
            for name, chosen in (
                (self.tr("Usual"), DEFAULT_SIZES),
                (self.tr("Every fifth"), _EVERY_FIFTH),
                (self.tr("Powers of two"), _POWERS_OF_TWO),
            )
        )
        self.recipients = Select(self.tr("Recipients"))
        self.holders = Select(self.tr("They have"))
        self.gas_price = QLineEdit()
        self.run_button = PrimaryButton(self.tr("Run"), Icon.PLAY)
        self.progress = ProgressPanel()
        self.cancel_button = SecondaryButton(self.tr("Cancel"))
        self.error_panel = ErrorPanel()
        self._state: LaboratoryState | None = None
        self._fields = self._make_fields()
        self._lay_out()
        self._connect()
        default = Experiment()
        price = default.gas_price_wei // _WEI_PER_GWEI
        self.fill(Filled(default.contracts, sizes.written(default.sizes), False, False, str(price)))
        self.show_state(None)

    @property
    def filled(self) -> Filled:
        """What stands in it."""
        contracts = tuple(contract for contract, box in self.boxes.items() if box.isChecked())
        distinct, new = bool(self.recipients.currentData()), bool(self.holders.currentData())
        return Filled(contracts, self.sizes.text(), distinct, new, self.gas_price.text())

    def fill(self, filled: Filled) -> None:
        """Write this into it."""
        for contract, box in self.boxes.items():
            box.setChecked(contract in filled.contracts)
        self.sizes.setText(filled.sizes)
        self.recipients.choose(filled.is_distinct)
        self.holders.choose(filled.is_new)
        self.gas_price.setText(filled.gas_price)

    def experiment(self) -> Experiment | None:
        """What it asks for; None where something is wrong, which is then said beside it."""
        filled = self.filled
        chosen, price_wei = sizes.read(filled.sizes), self._price_wei()
        problems = [each for each in (chosen, price_wei) if isinstance(each, FieldProblem)]
        if not filled.contracts:
            problems.append(FieldProblem("contracts", ProblemKind.REQUIRED))
        self.show_problems(problems)
        if isinstance(chosen, FieldProblem) or isinstance(price_wei, FieldProblem) or problems:
            return None
        recipients = Recipients.of(distinct=filled.is_distinct, new=filled.is_new)
        return Experiment(filled.contracts, chosen, recipients, price_wei)

    def show_problems(self, problems: Iterable[FieldProblem]) -> None:
        """Say what is wrong beside each field, and nothing beside the others."""
        told = {problem.field: say_problem(problem) for problem in problems}
        for name, field in self._fields.items():
            field.set_error(told.get(name, ""))

    def show_state(self, state: LaboratoryState | None) -> None:
        """Show how far the experiment under way is, or that another can be run."""
        is_running = state is not None
        if is_running != (self._state is not None) or state is None:
            had_focus = self.run_button.hasFocus() or self.cancel_button.hasFocus()
            for part in (*self.boxes.values(), *self._fields.values(), *(button for button, _ in self.presets)):
                part.setEnabled(not is_running)
            self.run_button.setVisible(not is_running)
            self.progress.setVisible(is_running)
            self.cancel_button.setVisible(is_running)
            self.cancel_button.setEnabled(True)
            if had_focus:
                (self.cancel_button if is_running else self.run_button).setFocus()
        self._state = state
        if state is not None:
            self.progress.begin(_told(state))
            self.progress.show_share(state.done / state.total)

    @property
    def is_running(self) -> bool:
        """Whether an experiment is under way."""
        return self._state is not None

    def run(self) -> None:
        """Ask for the experiment, if it is right."""
        experiment = self.experiment()
        if experiment is not None:
            self.error_panel.clear()
            self.run_requested.emit(experiment)

    def cancel(self) -> None:
        """Ask to end the one under way; once is enough."""
        if self.is_running and self.cancel_button.isEnabled():
            self.cancel_button.setEnabled(False)
            self.progress.begin(self.tr("Ending the node…"))
            self.cancel_requested.emit()

    def _price_wei(self) -> int | FieldProblem:
        text = self.gas_price.text().strip().replace(QLocale().groupSeparator(), "")
        try:
            wei = Decimal(text) * _WEI_PER_GWEI
            is_whole = wei == wei.to_integral_value()
        except InvalidOperation:
            return FieldProblem("gas_price_wei", ProblemKind.NOT_A_NUMBER)
        if not is_whole or not 1 <= wei <= GAS_PRICE_MAX_WEI:
            most = number_text(GAS_PRICE_MAX_WEI // _WEI_PER_GWEI)
            return FieldProblem("gas_price_wei", ProblemKind.OUT_OF_RANGE, f"0.000000001 - {most}")
        return int(wei)

    def _make_fields(self) -> dict[str, FormField]:
        boxes = QWidget()
        line = QHBoxLayout(boxes)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.L)
        for contract, box in self.boxes.items():
            box.setToolTip(plain_tooltip(words.contract_meaning(contract)))
            line.addWidget(box)
        line.addStretch(1)
        self.sizes.setToolTip(plain_tooltip(self.tr("5, 10 … 30 goes on in the same step up to 30.")))
        for name, is_distinct in ((self.tr("One for all"), False), (self.tr("One for each token"), True)):
            self.recipients.addItem(name, is_distinct)
        for name, is_new in ((self.tr("Tokens already"), False), (self.tr("No token yet"), True)):
            self.holders.addItem(name, is_new)
        return {
            "contracts": FormField(self.tr("Contracts side by side"), boxes),
            "sizes": FormField(self.tr("Batch sizes, 1 to {0}").format(number_text(BATCH_MAX_SIZE)), self.sizes),
            "recipients": FormField(self.tr("Recipients"), self.recipients),
            "holders": FormField(self.tr("They have"), self.holders),
            "gas_price_wei": FormField(self.tr("Gas price in gwei"), self.gas_price),
        }

    def _lay_out(self) -> None:
        fields = self._fields
        presets = QHBoxLayout()
        presets.setSpacing(Space.M)
        for button, _ in self.presets:
            presets.addWidget(button)
        presets.addStretch(1)
        whom = QHBoxLayout()
        whom.setSpacing(Space.S)
        whom.addWidget(fields["recipients"], 1)
        whom.addWidget(fields["holders"], 1)
        self.body.addWidget(Text(self.tr("Experiment"), TextSize.LEAD, Weight.SEMIBOLD))
        self.body.addWidget(fields["contracts"])
        self.body.addWidget(fields["sizes"])
        self.body.addLayout(presets)
        self.body.addLayout(whom)
        last = QHBoxLayout()
        last.setSpacing(Space.S)
        last.addWidget(fields["gas_price_wei"], 1)
        for button in (self.run_button, self.cancel_button):
            last.addWidget(button, 1, Qt.AlignmentFlag.AlignBottom)
        self.body.addLayout(last)
        for part in (self.progress, self.error_panel):
            self.body.addWidget(part)
        told = self.tr("On a chain of its own, never the register's")
        self.body.addWidget(ElidedLabel(told, TextSize.CAPTION, ink=Ink.MUTED))

    def _connect(self) -> None:
        for button, chosen in self.presets:
            button.clicked.connect(lambda _=False, chosen=chosen: self.sizes.setText(sizes.written(chosen)))
        self.sizes.textChanged.connect(self._on_sizes)
        self.gas_price.textChanged.connect(self._fields["gas_price_wei"].recheck)
        for box in self.boxes.values():
            box.toggled.connect(self._fields["contracts"].recheck)
        for editor in (self.sizes, self.gas_price):
            editor.returnPressed.connect(self.run_button.click)
        self.run_button.clicked.connect(self.run)
        self.cancel_button.clicked.connect(self.cancel)

    def _on_sizes(self, text: str) -> None:
        """What is wrong is said while it is written; that there is nothing yet, only when it is to be run."""
        found = sizes.read(text)
        is_wrong = isinstance(found, FieldProblem) and found.kind is not ProblemKind.REQUIRED
        self._fields["sizes"].set_error(say_problem(found) if isinstance(found, FieldProblem) and is_wrong else "")


def _told(state: LaboratoryState) -> str:
    """What is measured now."""
    if state.contract is None:
        return words.starting_text()
    return words.measuring_text(state.contract, state.size)
