"""One account in full: what the chain holds of it, its tokens, and what it had a part in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ipnft_desktop.domain.inspection.directory import AccountLine
from ipnft_desktop.ui.accounts.account_table import sources_text
from ipnft_desktop.ui.accounts.held_table import HeldTable
from ipnft_desktop.ui.chain_events.event_table import EventTable
from ipnft_desktop.ui.inspection.parts import Parts
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.address_words import LabelOf
from ipnft_desktop.ui.widgets.amounts import eth_text
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.chain_words import Names
from ipnft_desktop.ui.widgets.copyable_text import CopyableText
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.key_value_panel import Fact, KeyValuePanel
from ipnft_desktop.ui.widgets.measures import number_text, size_text
from ipnft_desktop.ui.widgets.plain import shorten
from ipnft_desktop.ui.widgets.qr_code import QrCode
from ipnft_desktop.ui.widgets.status_tag import StatusTag
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text


class AccountPanel(Card):
    """The signals are about the account shown."""

    label_requested = Signal()
    fund_requested = Signal()
    contract_requested = Signal()

    def __init__(self, names: Callable[[], Names], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Account"))
        self._names = names
        self._line: AccountLine | None = None
        self._title = ElidedLabel("", TextSize.LEAD, Weight.BOLD)
        self._tag = StatusTag()
        self._address = CopyableText("", self.tr("Address of the account"))
        self.label_button = SecondaryButton(self.tr("Label…"), Icon.PENCIL)
        self.fund_button = SecondaryButton(self.tr("Fund…"), Icon.COINS)
        self.contract_button = SecondaryButton(self.tr("Open as a contract"), Icon.BOX)
        self._faces = QStackedWidget()
        self.body.addWidget(self._faces)
        self._faces.addWidget(
            EmptyState(Icon.USER, self.tr("No account selected"), self.tr("Select an account to see what it holds."))
        )
        self._full = QWidget(self._faces)
        self._lay_out()
        self.label_button.clicked.connect(self.label_requested)
        self.fund_button.clicked.connect(self.fund_requested)
        self.contract_button.clicked.connect(self.contract_requested)

    def build(self) -> Iterator[None]:
        """Make the parts, in pieces."""
        self.parts = Parts(self.tr("Parts of an account"), self._full)
        self._box.addWidget(self.parts, 1)
        ground = self.parts.ground
        self._overview = QWidget(ground)
        self.facts = KeyValuePanel()
        self.qr = QrCode(self.tr("Address as a QR code"))
        sides = QHBoxLayout(self._overview)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.addWidget(self.facts, 1, Qt.AlignmentFlag.AlignTop)
        sides.addWidget(self.qr, 0, Qt.AlignmentFlag.AlignTop)
        self.parts.add(self.tr("Overview"), self._overview)
        yield
        self.tokens = HeldTable(ground)
        self.no_tokens = self._add_list(self.tr("Tokens"), self.tokens, self.tr("It holds no token of this register."))
        yield
        self.history = EventTable(self._names, ground, command="history")
        self.no_history = self._add_list(self.tr("History"), self.history, self.tr("No event names it."))

    @property
    def line(self) -> AccountLine | None:
        """The account that is shown."""
        return self._line

    @property
    def shown_address(self) -> str:
        """Of what is shown; empty while nothing is."""
        return "" if self._line is None else self._line.address

    def show_line(self, line: AccountLine | None, label_of: LabelOf) -> None:
        """Another account, or the same as it is now; None asks to choose one."""
        is_other = line is None or self._line is None or line.address != self._line.address
        self._line = line
        self._faces.setCurrentIndex(int(line is not None))
        if line is None:
            self.forget_lists()
            return
        self._title.setText(label_of(line.address) or shorten(line.address))
        kind = self.tr("Contract") if line.is_contract else self.tr("Account")
        self._tag.set_state(kind, Tone.ACCENT if line.is_contract else Tone.NEUTRAL)
        self._address.set_value(line.address)
        self.contract_button.setVisible(line.is_contract)
        self.facts.set_facts(self._facts(line, label_of))
        self.qr.show_text(line.address)
        if is_other:
            self.forget_lists()

    def forget_lists(self) -> None:
        """Tokens and history of another account do not stay."""
        for table in (self.tokens, self.history):
            table.paged.reset((), is_whole=True)

    def refresh_empty(self) -> None:
        """Say so where there is no token, or no event."""
        for table, sentence in ((self.tokens, self.no_tokens), (self.history, self.no_history)):
            has_lines = bool(table.paged.rowCount())
            table.setVisible(has_lines)
            sentence.setVisible(not has_lines)

    def _facts(self, line: AccountLine, label_of: LabelOf) -> tuple[Fact, ...]:
        state = line.state
        facts = [
            Fact(self.tr("Label"), label_of(line.address) or self.tr("none")),
            Fact(self.tr("Address"), shorten(line.address), copy=line.address),
            Fact(self.tr("Known as"), sources_text(line)),
            Fact(
                self.tr("Balance"), eth_text(state.balance_wei), copy=str(state.balance_wei), note=self.tr("copies wei")
            ),
            Fact(self.tr("Nonce"), number_text(state.nonce)),
            Fact(self.tr("Tokens"), number_text(line.token_count), note=self.tr("of this register")),
        ]
        if line.is_contract:
            facts.append(Fact(self.tr("Code"), size_text(state.code_bytes)))
            facts.append(Fact(self.tr("Code hash"), shorten(state.code_hash, 10, 8), copy=state.code_hash))
        return tuple(facts)

    def _add_list(self, title: str, table: QWidget, nothing: str) -> Text:
        part = QWidget(self.parts.ground)
        box = QVBoxLayout(part)
        box.setContentsMargins(0, 0, 0, 0)
        sentence = Text(nothing, TextSize.BODY, ink=Ink.MUTED, wrap=True)
        sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box.addWidget(table, 1)
        box.addWidget(sentence, 1)
        self.parts.add(title, part)
        return sentence

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        head.addWidget(self._title, 1)
        head.addWidget(self._tag)
        head.addWidget(self._address)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        for button in (self.label_button, self.fund_button, self.contract_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._box = QVBoxLayout(self._full)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(Space.S)
        self._box.addLayout(head)
        self._box.addLayout(buttons)
        self._faces.addWidget(self._full)
