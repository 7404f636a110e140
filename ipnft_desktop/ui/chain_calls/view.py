"""The Calls tab as a picture of its state; what it should do is decided by the presenter."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.contract_writes import CallOrder, WriteState
from ipnft_desktop.services.recorded_calls import CallFilter, CallLine, CallPage
from ipnft_desktop.ui.chain_calls.panel import CallPanel
from ipnft_desktop.ui.chain_calls.table import CallTable, key_of
from ipnft_desktop.ui.chain_calls.wording import order_name, question, state_name, why_not
from ipnft_desktop.ui.commands.command import Command, button_command
from ipnft_desktop.ui.inspection.tab import InspectionTab
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import ColumnWidth
from ipnft_desktop.ui.widgets.address_words import LabelOf, no_label
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.inputs import Select
from ipnft_desktop.ui.widgets.list_faces import Face
from ipnft_desktop.ui.widgets.question_bar import QuestionBar
from ipnft_desktop.ui.widgets.tab_order import follow


class CallsTab(InspectionTab):
    """`filter_changed` tells that other calls are wanted; `withdraw_confirmed` carries the number of the call to take
    back, `transaction_requested` a hash."""

    filter_changed = Signal()
    export_requested = Signal()
    withdraw_confirmed = Signal(int)
    transaction_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, whole: bool = True) -> None:
        """Without `whole` the list is left to `build`."""
        super().__init__(
            "calls",
            EmptyState(
                Icon.TERMINAL,
                self.tr("No call yet"),
                self.tr(
                    "Functions called on the Contracts tab, changes of certificates and accounts that were paid "
                    "stand here, each with its reason and what became of it."
                ),
            ),
            self.tr("Function, contract, person, reason, nonce…"),
            parent,
        )
        self._label_of: LabelOf = no_label
        self._asked: int | None = None
        self._is_busy = False
        self.state = Select(self.tr("State of the call"))
        self.state.addItem(self.tr("All calls"), None)
        for state in WriteState:
            self.state.addItem(state_name(state), state)
        self.order = Select(self.tr("Order"))
        for order in CallOrder:
            self.order.addItem(order_name(order), order)
        for select in (self.state, self.order):
            select.setFixedWidth(ColumnWidth.XL)
        self.export_button = SecondaryButton(self.tr("Export…"), Icon.DOWNLOAD)
        self.question = QuestionBar(self.tr("Take back"), self.tr("Let it wait"))
        self.begin(
            (self.state, self.order),
            (self.export_button,),
            self.tr("↑↓ browse · Enter show on chain · Ctrl+C copy · Ctrl+E export · Ctrl+F find · F5 reload"),
        )
        self.card.body.insertWidget(0, self.question)
        if whole:
            for _piece in self.build():
                pass

    def build(self) -> Iterator[None]:
        """Make the list and what stands beside it, in pieces."""
        self.table = CallTable(self.label_of, self.faces)
        self.hold(self.table)
        # The question stands over the list.
        follow(self.export_button, (self.question.decline_button, self.question.confirm_button, self.table))
        yield
        self.panel = CallPanel(self)
        self.sides.addWidget(self.panel)
        self._connect()
        self._add_commands()
        self.show_closed(Face.NO_ENVIRONMENT)

    def label_of(self, address: str) -> str | None:
        """What an address is called just now."""
        return self._label_of(address)

    def use_labels(self, label_of: LabelOf) -> None:
        """Call addresses by these labels."""
        self._label_of = label_of

    @property
    def wanted(self) -> CallFilter:
        """Which calls the person asks to see."""
        state = self.state.currentData()  # Qt keeps the text of it
        states = frozenset({WriteState(state)}) if state else frozenset[WriteState]()
        return CallFilter(self.search.text(), states, CallOrder(self.order.currentData()))

    def narrow(self, text: str = "") -> None:
        """List the calls of every state in which this text is found."""
        for field in (self.search, self.state):
            field.blockSignals(True)
        self.search.setText(text)
        self.state.setCurrentIndex(0)
        for field in (self.search, self.state):
            field.blockSignals(False)
        self.filter_changed.emit()

    def show_all(self) -> None:
        """Take every filter away."""
        self.narrow()

    def show_closed(self, face: Face) -> None:
        """Nothing can be told: what was listed goes."""
        self.table.paged.reset((), is_whole=True)
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        self.question.hide()
        self.show_face(face)
        self._refresh()

    def show_page(self, page: CallPage, total: int, *, is_same_list: bool) -> None:
        """The first lines of what is wanted. What came since is put on top where the list is the same, and what is in
        focus stays so as far as it is still there."""
        paged, lines = self.table.paged, page.lines
        newer = self._newer(lines) if is_same_list else None
        if newer is None:
            current = self.table.current
            paged.reset(lines, is_whole=page.is_last)
            if current is None or not self.table.select(key_of(current)):
                self.table.setCurrentIndex(paged.index(0, 0))
        else:
            paged.renew(lines)
            paged.put_first(lines[:newer])
        self.count.setText(self.tr("%Ln calls", "", total))
        self._show_lines()

    def add_page(self, page: CallPage) -> None:
        """The next page."""
        self.table.paged.add_page(page.lines, is_whole=page.is_last)

    def show_work(self, what: str, share: float = 0.0) -> None:
        """Show what is under way; nothing once it is done."""
        self._is_busy = bool(what)
        self.work.show_work(what, share)
        self._refresh()

    def set_withdrawing(self, is_withdrawing: bool) -> None:
        """While a call is being taken back, which nobody can stop."""
        self._is_busy = is_withdrawing
        self._refresh()

    def ask_withdraw(self) -> None:
        """Say what taking the call in view back means, and ask."""
        if (line := self.panel.line) is not None and line.obstacle is None:
            self._asked = line.write.write_id
            self.question.ask(question(line.write))

    def _newer(self, lines: tuple[CallLine, ...]) -> int | None:
        """How many were put before the list as it is shown; None where it is another one."""
        shown = [key_of(line) for line in self.table.paged.records]
        keys = [key_of(line) for line in lines]
        if not shown or shown[0] not in keys:
            return None
        newer = keys.index(shown[0])
        return newer if keys[newer:] == shown[: len(keys) - newer] else None

    def _show_lines(self) -> None:
        is_narrowed = self.wanted.is_narrowed
        self.show_face(Face.LIST if self.table.paged.rowCount() else Face.NO_MATCH if is_narrowed else Face.EMPTY)
        asked = [line for line in self.table.paged.records if line.write.write_id == self._asked]
        if asked and asked[0].obstacle is not None:
            self.question.hide()  # it ended meanwhile
        self._refresh()

    def _refresh(self) -> None:
        self.export_button.setEnabled(bool(self.table.paged.rowCount()) and not self._is_busy)
        self.panel.show_call(self.table.current, self.label_of, is_busy=self._is_busy)

    def _connect(self) -> None:
        self.search.search_requested.connect(self.filter_changed)
        for select in (self.state, self.order):
            select.currentIndexChanged.connect(self.filter_changed)
        self.faces.no_match.action_requested.connect(self.show_all)
        self.export_button.clicked.connect(self.export_requested)
        self.question.confirmed.connect(self._on_confirmed)
        self.table.current_changed.connect(self._refresh)
        self.table.opened.connect(self._on_transaction)
        self.panel.transaction_requested.connect(self._on_transaction)
        self.panel.withdraw_requested.connect(self.ask_withdraw)

    def _add_commands(self) -> None:
        def no_list() -> str:
            return self.closed_reason() or self.tr("There is no call in view.")

        def not_on_chain() -> str:
            if self.closed_reason() or self.panel.line is None:
                return no_list()
            return self.tr("The chain has nothing of this call yet.")

        def not_back() -> str:
            return self.closed_reason() or why_not(self.panel.line)

        Command(self, "calls.show all clear filter", self.tr("Show every call"), self.show_all, "Ctrl+0", icon=Icon.X)
        export, on_chain, back = self.export_button, self.panel.transaction_button, self.panel.withdraw_button
        for name, title, button, icon, keys, reason in (
            ("export csv json", self.tr("Export the calls…"), export, Icon.DOWNLOAD, ("Ctrl+E",), no_list),
            ("show on chain transaction", self.tr("Show the call on chain"), on_chain, Icon.LINK, (), not_on_chain),
            ("take back withdraw cancel stuck", self.tr("Take the call back…"), back, Icon.X, (), not_back),
        ):
            button_command(self, f"calls.{name}", button, *keys, title=title, icon=icon, why_not=reason)

    def _on_confirmed(self) -> None:
        if self._asked is not None:
            self.withdraw_confirmed.emit(self._asked)

    def _on_transaction(self) -> None:
        if tx_hash := self.panel.shown_transaction:
            self.transaction_requested.emit(tx_hash)
