"""The controls of a chain of our own: mine, mine by the clock, set the time, fund an account, snapshot and go back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import IpnftError, ValidationFailed
from ipnft_desktop.domain.local_chain import ChainSnapshot, LocalChainState, Mining, MiningMode, RevertPreview
from ipnft_desktop.ui.local_chain.commands import add_local_chain_commands
from ipnft_desktop.ui.local_chain.wording import mining_text, revert_question, snapshot_text
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.amounts import eth_text
from ipnft_desktop.ui.widgets.buttons import LinkButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.check_box import CheckBox
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.error_words import error_detail
from ipnft_desktop.ui.widgets.inputs import FormField, Select
from ipnft_desktop.ui.widgets.key_value_panel import Fact, KeyValuePanel
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.phrases import say_problem
from ipnft_desktop.ui.widgets.plain import shorten
from ipnft_desktop.ui.widgets.progress_bar import ProgressBar
from ipnft_desktop.ui.widgets.question_bar import QuestionBar
from ipnft_desktop.ui.widgets.tab_order import follow
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

TIME_FORMAT = "%Y-%m-%d %H:%M:%S"
DEFAULT_INTERVAL_S = "5"


class _SnapshotRow(QWidget):
    """One snapshot, with the button that goes back to it."""

    def __init__(self, snapshot: ChainSnapshot, parent: QWidget) -> None:
        super().__init__(parent)
        self.revert_button = LinkButton(self.tr("Go back…"))
        self.revert_button.setAccessibleName(self.tr("Go back to {0}").format(snapshot.name))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(ElidedLabel(snapshot.name, TextSize.CAPTION, Weight.MEDIUM))
        words.addWidget(ElidedLabel(snapshot_text(snapshot), TextSize.CAPTION, ink=Ink.MUTED))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.S)
        line.addLayout(words, 1)
        line.addWidget(self.revert_button)


class LocalChainCard(Card):
    """`mine_requested` carries a number as typed, `mining_requested` a mode and an interval as typed, `time_requested`
    a time as typed, `impersonation_requested` whether to allow it, `fund_requested` address and amount as typed,
    `snapshot_requested` a name; `revert_wanted` and `revert_confirmed` the number of a snapshot."""

    mine_requested = Signal(str)
    stop_requested = Signal()
    mining_requested = Signal(object, str)
    time_requested = Signal(str)
    impersonation_requested = Signal(bool)
    fund_requested = Signal(str, str)
    snapshot_requested = Signal(str)
    revert_wanted = Signal(int)
    revert_confirmed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asked = 0
        self._refusal = ""
        self._rows: list[_SnapshotRow] = []
        self._snapshots: tuple[ChainSnapshot, ...] = ()
        self._absent = Text(self.tr("The chain is not there yet."), TextSize.CAPTION, ink=Ink.MUTED)
        self.facts = KeyValuePanel()
        self.error_panel = ErrorPanel()
        self._controls = QWidget()
        self.blocks_field = QLineEdit("1")
        self.mine_button = SecondaryButton(self.tr("Mine blocks"))
        self.progress = ProgressBar(self.tr("Blocks mined"))
        self.stop_button = LinkButton(self.tr("Cancel the rest"))
        self.mode_select = Select(self.tr("When blocks come"))
        for mode in MiningMode:
            self.mode_select.addItem(mining_text(Mining(mode)), mode)
        self.interval_field = QLineEdit(DEFAULT_INTERVAL_S)
        self.mining_button = SecondaryButton(self.tr("Apply"))
        self.time_field = QLineEdit()
        self.time_button = SecondaryButton(self.tr("Set time"))
        self.address_field = QLineEdit()
        self.amount_field = QLineEdit("1")
        self.fund_button = SecondaryButton(self.tr("Fund"))
        self.name_field = QLineEdit()
        self.snapshot_button = SecondaryButton(self.tr("Take snapshot"))
        self.impersonation_box = CheckBox(self.tr("Calls from accounts that sign nothing (impersonation)"))
        self._list = QVBoxLayout()
        self.question = QuestionBar(self.tr("Go back"), self.tr("Keep the chain"))
        self.fields: Mapping[str, FormField] = self._lay_out()
        self._connect()
        # Made now, so that Tab has a place for what is copied.
        self.facts.set_facts((Fact(self.tr("Block"), ""), Fact(self.tr("Mining"), ""), self._pays("-", "")))
        self.show_state(None)
        add_local_chain_commands(self)

    @property
    def asked(self) -> int:
        """Number of the snapshot that the question is about."""
        return self._asked

    @property
    def revert_buttons(self) -> tuple[LinkButton, ...]:
        """Of the snapshots shown, newest first."""
        return tuple(row.revert_button for row in self._rows)

    @property
    def action_buttons(self) -> tuple[SecondaryButton, ...]:
        """Those that do something to the chain."""
        return self.mine_button, self.mining_button, self.time_button, self.fund_button, self.snapshot_button

    @property
    def is_there(self) -> bool:
        """Whether there is a chain to control."""
        return self._controls.isVisibleTo(self)

    def refuse(self, reason: str) -> None:
        """Who may not control the chain is told why."""
        self._refusal = reason
        for button in (*self.action_buttons, *self.revert_buttons):
            button.refuse(reason)
        self.impersonation_box.setEnabled(not reason)
        self.impersonation_box.setToolTip(reason)

    def show_state(self, state: LocalChainState | None) -> None:
        """Show how the chain stands, or that there is none."""
        self._absent.setVisible(state is None)
        self.facts.setVisible(state is not None)
        self._controls.setVisible(state is not None)
        self._show_snapshots(() if state is None else state.snapshots)
        if state is None:
            self.question.hide()
            return
        at = f"{datetime.fromtimestamp(state.head.timestamp_s, UTC):{TIME_FORMAT}}"
        self.facts.set_facts(
            (
                Fact(
                    self.tr("Block"),
                    f"#{number_text(state.head.number)}",
                    note=self.tr("{0} UTC").format(at),
                ),
                Fact(self.tr("Mining"), mining_text(state.mining)),
                self._pays(state.bank, eth_text(state.bank_wei)),
            )
        )
        self.time_field.setPlaceholderText(at)
        self.impersonation_box.setChecked(state.impersonates)

    def show_mining(self, done: int | None, total: int = 1) -> None:
        """So many blocks of so many are mined; None where none are under way."""
        self.progress.setVisible(done is not None)
        self.stop_button.setVisible(done is not None)
        self.mine_button.setEnabled(done is None)
        if done is not None:
            self.progress.setValue(100 * done // max(1, total))

    def ask_revert(self, preview: RevertPreview) -> None:
        """Say what going back undoes, and ask."""
        self._asked = preview.snapshot.snapshot_id
        self.question.ask(revert_question(preview))

    def show_refusal(self, error: IpnftError, field: str = "") -> None:
        """Say why it was not done, beside the field where it belongs to one."""
        self.clear_errors()
        problems = {each.field: say_problem(each) for each in getattr(error, "problems", ())}
        if isinstance(error, ValidationFailed) and problems.keys() <= self.fields.keys():
            for name, said in problems.items():
                self.fields[name].set_error(said)
        elif field in self.fields:
            self.fields[field].set_error(error_detail(error))
        else:
            self.error_panel.show_error(error)

    def clear_errors(self) -> None:
        """Nothing is wrong any more."""
        self.error_panel.clear()
        for field in self.fields.values():
            field.set_error("")

    def _pays(self, bank: str, amount: str) -> Fact:
        return Fact(self.tr("Pays"), shorten(bank), copy=bank, note=amount)

    def _show_snapshots(self, snapshots: Sequence[ChainSnapshot]) -> None:
        if tuple(snapshots) == self._snapshots:
            return
        self._snapshots = tuple(snapshots)
        self.question.hide()
        for row in self._rows:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [_SnapshotRow(snapshot, self._controls) for snapshot in reversed(self._snapshots)]
        for row, snapshot in zip(self._rows, reversed(self._snapshots), strict=True):
            row.revert_button.refuse(self._refusal)
            row.revert_button.clicked.connect(
                lambda _checked=False, number=snapshot.snapshot_id: self.revert_wanted.emit(number)
            )
            self._list.addWidget(row)
        follow(self.snapshot_button, self.revert_buttons)

    def _lay_out(self) -> Mapping[str, FormField]:
        for narrow in (self.blocks_field, self.interval_field, self.amount_field):
            narrow.setFixedWidth(Size.FIELD // 3)
        fields = {
            "blocks": FormField(self.tr("Blocks"), self.blocks_field),
            "mode": FormField(self.tr("When blocks come"), self.mode_select),
            "interval_s": FormField(self.tr("Seconds"), self.interval_field),
            "at": FormField(self.tr("Time of the next block (UTC), never back"), self.time_field),
            "address": FormField(self.tr("Account"), self.address_field),
            "amount": FormField(self.tr("ETH"), self.amount_field),
            "name": FormField(self.tr("Snapshot"), self.name_field),
        }
        self.name_field.setPlaceholderText(self.tr("Name"))
        self._list.setSpacing(Space.S)
        column = QVBoxLayout(self._controls)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        column.addLayout(_line(self.mine_button, fields["blocks"]))
        column.addWidget(self.progress)
        column.addWidget(self.stop_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(_line(self.mining_button, fields["mode"], fields["interval_s"]))
        column.addLayout(_line(self.time_button, fields["at"]))
        column.addLayout(_line(self.fund_button, fields["address"], fields["amount"]))
        column.addLayout(_line(self.snapshot_button, fields["name"]))
        column.addLayout(self._list)
        column.addWidget(self.question)
        column.addWidget(self.impersonation_box)
        told = self.tr(
            "With impersonation, a call of a contract may be sent as any account. Such calls are recorded, marked in "
            "the audit log, and restored with the chain. It is switched off, and snapshots, how the node mines and a "
            "time that no block carries yet are lost, when the node ends."
        )
        column.addWidget(Text(told, TextSize.CAPTION, ink=Ink.MUTED, wrap=True))
        self.body.addWidget(Text(self.tr("Local chain"), TextSize.BODY, Weight.SEMIBOLD))
        for part in (self._absent, self.facts, self.error_panel, self._controls):
            self.body.addWidget(part)
        self.show_mining(None)
        self._show_interval()
        return fields

    def _connect(self) -> None:
        self.mine_button.clicked.connect(lambda: self.mine_requested.emit(self.blocks_field.text()))
        self.stop_button.clicked.connect(self.stop_requested)
        self.mode_select.currentIndexChanged.connect(self._show_interval)
        self.mining_button.clicked.connect(
            lambda: self.mining_requested.emit(self.mode_select.currentData(), self.interval_field.text())
        )
        self.time_button.clicked.connect(lambda: self.time_requested.emit(self.time_field.text()))
        self.fund_button.clicked.connect(
            lambda: self.fund_requested.emit(self.address_field.text(), self.amount_field.text())
        )
        self.impersonation_box.clicked.connect(self.impersonation_requested)
        self.snapshot_button.clicked.connect(lambda: self.snapshot_requested.emit(self.name_field.text()))
        self.question.confirmed.connect(lambda: self.revert_confirmed.emit(self._asked))
        for editor, button in (
            (self.blocks_field, self.mine_button),
            (self.interval_field, self.mining_button),
            (self.time_field, self.time_button),
            (self.amount_field, self.fund_button),
            (self.name_field, self.snapshot_button),
        ):
            editor.returnPressed.connect(button.click)

    def _show_interval(self) -> None:
        self.interval_field.setEnabled(self.mode_select.currentData() == MiningMode.INTERVAL)


def _line(button: SecondaryButton, *fields: FormField) -> QHBoxLayout:
    """Fields with the button that uses them; the last fields are as narrow as they are."""
    line = QHBoxLayout()
    line.setSpacing(Space.S)
    for at, field in enumerate(fields):
        line.addWidget(field, 0 if at else 1)
    side = QVBoxLayout()
    side.addSpacing(fields[0].editor_top)
    side.addWidget(button)
    side.addStretch(1)
    line.addLayout(side)
    return line
