"""The plan: for whom the ticked assets are minted, in how many transactions, and what that should cost and save."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ipnft_desktop.domain.batch_plan import BatchPlan
from ipnft_desktop.domain.chain import parse_address
from ipnft_desktop.domain.errors import IpnftError, UserError
from ipnft_desktop.domain.mint_gas import BASELINE_SINGLE_GAS
from ipnft_desktop.domain.minting import MAX_BATCH_ITEMS
from ipnft_desktop.ui.charts.view import ChartView
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.address_field import AddressField
from ipnft_desktop.ui.widgets.amounts import eth_text
from ipnft_desktop.ui.widgets.buttons import LinkButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.figure import Figure
from ipnft_desktop.ui.widgets.inputs import Select
from ipnft_desktop.ui.widgets.measures import number_text, percent_text
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text

_LIMITS = (MAX_BATCH_ITEMS, 100, 50, 40, 30, 25, 15, 10)


class PlanCard(Card):
    """`changed` tells that recipients or the size of a transaction are others; `omissions_requested` asks to see what
    is left out."""

    changed = Signal()
    omissions_requested = Signal()
    again_requested = Signal()
    start_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.summary = ElidedLabel("", TextSize.CAPTION, ink=Ink.MUTED)
        self.waiting_button = LinkButton(self.tr("What waits…"))
        self.waiting_button.setToolTip(self.tr("Mints that wait for others to go with them, and the rule for that"))
        self.gas = Figure(self.tr("Expected gas"))
        self.saved = Figure(self.tr("Against single mints"))
        self.saved_of_baseline = Figure(self.tr("Against baseline A"))
        self.saved_of_baseline.setToolTip(
            self.tr("Baseline A is the common way to mint: OpenZeppelin's ERC721URIStorage, one transaction an asset.")
        )
        self._figures, self._told = QWidget(), QWidget()
        self._leaves_room = False
        self._has_plan = False
        self.destination = Select(self.tr("Recipients"))
        self.destination.addItem(self.tr("Each to its own enterprise"), False)
        self.destination.addItem(self.tr("All to one address"), True)
        self.limit = Select(self.tr("Most assets in one transaction"))
        for most in _LIMITS:
            self.limit.addItem(self.tr("At most {0} a transaction").format(most), most)
        self.address = AddressField(self.tr("Address"))
        self.address.hide()
        self.left_out_button = LinkButton()
        self.left_out_button.hide()
        self.tried = ElidedLabel("", TextSize.CAPTION, ink=Ink.MUTED)
        self.error_panel = ErrorPanel()
        self.again_button = self.error_panel.add_button(self.tr("Plan again"))
        self.start_button = self.error_panel.add_button(self.tr("Start the environment"))
        self.chart = ChartView(self.tr("Tick assets, and what their batch saves is shown here."))
        self._lay_out()
        self.destination.currentIndexChanged.connect(self._on_destination)
        self.limit.currentIndexChanged.connect(self.changed)
        self.address.line.textChanged.connect(self._on_typed)
        self.left_out_button.clicked.connect(self.omissions_requested)
        self.again_button.clicked.connect(self.again_requested)
        self.start_button.clicked.connect(self.start_requested)
        self.show_plan(None)

    @property
    def recipient(self) -> str | None:
        """The address typed; None where each asset goes to its own enterprise."""
        return self.address.text if self.destination.currentData() else None

    @property
    def is_recipient_good(self) -> bool:
        """Whether there is something to plan for."""
        if self.recipient is None:
            return True
        try:
            parse_address(self.recipient)
        except UserError:
            return False
        return True

    @property
    def most_items(self) -> int:
        """In one transaction."""
        return self.limit.currentData()

    def choose(self, recipient: str | None, most_items: int) -> None:
        """Show these choices."""
        self.destination.setCurrentIndex(int(recipient is not None))
        self.address.line.setText(recipient or "")
        self.limit.choose(most_items)

    def leave_room(self, is_wanted: bool) -> None:
        """Whether figures that say nothing yet give way to what stands below."""
        self._leaves_room = is_wanted
        self._figures.setVisible(self._has_plan or not is_wanted)

    def show_plan(self, plan: BatchPlan | None, ticked: int = 0) -> None:
        """Show what is planned of so much that is ticked; None while nothing is."""
        self._has_plan = plan is not None
        self.leave_room(self._leaves_room)
        self.error_panel.clear()
        self._show_omissions(0 if plan is None else len(plan.omissions))
        self.show_tried("")
        if plan is None or not plan.transactions:
            for figure in (self.gas, self.saved, self.saved_of_baseline):
                figure.set_value("–")
            self.summary.setText(self._why_nothing(plan, ticked))
            return
        count, each = plan.item_count, self.tr("{0} an asset").format(number_text(plan.gas // plan.item_count))
        self.gas.set_value(number_text(plan.gas), each)
        self._show_saved(self.saved, plan.saved_percent, count, plan.single_gas)
        self._show_saved(self.saved_of_baseline, plan.saved_percent_of_baseline, count, BASELINE_SINGLE_GAS)
        parts = [
            self.tr("%Ln transactions", "", len(plan.transactions)),
            self.tr("%Ln assets", "", count),
            "" if plan.fee_wei is None else eth_text(plan.fee_wei),
        ]
        self.summary.setText(" · ".join(filter(None, parts)))
        measured = self.tr("A single mint took {0} gas, measured on this contract.")
        expected = self.tr("A single mint should take {0} gas; none was measured on this contract yet.")
        told = measured if plan.single_gas_is_measured else expected
        self.saved.setToolTip(told.format(number_text(plan.single_gas)))

    def show_tried(self, words: str) -> None:
        """How far the plan was tried on the chain."""
        self.tried.setText(words)
        self._told.setVisible(bool(words) or not self.left_out_button.isHidden())

    def show_error(self, error: IpnftError, *, can_start: bool) -> None:
        """Say why there is no plan, or why it cannot be minted."""
        self.start_button.setVisible(can_start)
        self.again_button.setVisible(not can_start)
        self.error_panel.show_error(error)

    def set_busy(self, is_busy: bool) -> None:
        """While a run is put on record nothing can be changed."""
        for part in (self.destination, self.limit, self.address):
            part.setEnabled(not is_busy)

    def _why_nothing(self, plan: BatchPlan | None, ticked: int) -> str:
        if plan is not None:
            return self.tr("Nothing of it can be minted")
        if not ticked:
            return self.tr("Nothing is ticked")
        return self.tr("No plan yet") if self.is_recipient_good else self.tr("Type the address in full")

    def _show_saved(self, figure: Figure, percent: float | None, count: int, single_gas: int) -> None:
        if percent is None:
            figure.set_value("–")
            return
        base = f"{number_text(count)} × {number_text(single_gas)}"
        figure.set_value(percent_text(percent, 1), base, Ink.OK if percent > 0 else Ink.FG)

    def _show_omissions(self, count: int) -> None:
        self.left_out_button.setVisible(bool(count))
        self.left_out_button.setText(self.tr("%Ln left out…", "", count))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(Text(self.tr("Plan"), TextSize.LEAD, Weight.SEMIBOLD))
        head.addSpacing(Space.M)
        head.addWidget(self.summary, 1)
        head.addWidget(self.waiting_button)
        figures = QHBoxLayout(self._figures)
        figures.setContentsMargins(0, 0, 0, 0)
        figures.setSpacing(Space.S)
        for figure in (self.gas, self.saved, self.saved_of_baseline):
            figures.addWidget(figure, 1)
        choices = QHBoxLayout()
        choices.setSpacing(Space.S)
        choices.addWidget(self.destination, 1)
        choices.addWidget(self.limit, 1)
        told = QHBoxLayout(self._told)
        told.setContentsMargins(0, 0, 0, 0)
        told.addWidget(self.tried, 1)
        told.addWidget(self.left_out_button)
        self.body.addLayout(head)
        self.body.addWidget(self._figures)
        self.body.addLayout(choices)
        self.body.addWidget(self.address)
        self.body.addWidget(self._told)
        self.body.addWidget(self.error_panel)
        self.body.addWidget(self.chart, 1)

    def _on_destination(self) -> None:
        self.address.setVisible(bool(self.destination.currentData()))
        if not self.address.isHidden():
            self.address.line.setFocus()
        self.changed.emit()

    def _on_typed(self) -> None:
        self.address.recheck()
        self.changed.emit()
