"""One transaction in full: what it is, where its gas went, and what it did; its raw data one click away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.inspection.decoding import AbiOrigin, Decoded, LogReading
from ipnft_desktop.domain.inspection.tracing import GasStory, Missing, TransactionDetail, TransactionTrace, Untold
from ipnft_desktop.domain.inspection.transactions import TransactionLine
from ipnft_desktop.services.inspector.words import assets_in
from ipnft_desktop.ui.inspection.parts import Parts
from ipnft_desktop.ui.inspector.gas_bar import GasBar
from ipnft_desktop.ui.inspector.raw_part import RawPart, Subject, raw_text
from ipnft_desktop.ui.inspector.trace_tables import CallTable, EventTable, StateTable, revert_text, state_rows
from ipnft_desktop.ui.inspector.transaction_table import method_text, outcome_tag
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.address_words import LabelOf, no_label
from ipnft_desktop.ui.widgets.amounts import eth_text, gwei_text
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.chain_words import Names, reading_text
from ipnft_desktop.ui.widgets.copyable_text import CopyableText
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.key_value_panel import Fact, KeyValuePanel
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.moments import local_time_of, utc_time_of
from ipnft_desktop.ui.widgets.plain import plain_tooltip, shorten
from ipnft_desktop.ui.widgets.status_tag import StatusTag
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text

_EVENTS_IN_HEAD = 2


class TransactionPanel(QWidget):
    """The signals are about the transaction shown; `asset_requested` carries the id of one of its assets."""

    export_requested = Signal()
    asset_requested = Signal(object)
    retry_requested = Signal()

    def __init__(self, parent: QWidget | None = None, *, whole: bool = True) -> None:
        """Without `whole` the rest is left to `build`."""
        super().__init__(parent)
        self._line: TransactionLine | None = None
        self._detail: TransactionDetail | None = None
        self._trace: TransactionTrace | None = None
        self._label_of: LabelOf = no_label
        self._subject: Subject = None
        """What the raw view begins with: always of the transaction shown."""
        self._is_writing = False
        self.setAccessibleName(self.tr("Transaction"))
        self._faces = QStackedWidget(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._faces)
        if whole:
            for _piece in self.build():
                pass

    def build(self) -> Iterator[None]:
        """Make what shows it, in pieces."""
        nothing = Card(self._faces)
        nothing.body.addWidget(
            EmptyState(
                Icon.LINK,
                self.tr("No transaction selected"),
                self.tr("Select one to see all about it."),
                parent=nothing,
            )
        )
        self._full = QWidget(self._faces)
        self._faces.addWidget(nothing)
        self._faces.addWidget(self._full)
        column = QVBoxLayout(self._full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        column.addWidget(self._make_facts())
        yield
        column.addWidget(self._make_gas())
        yield
        column.addWidget(self._make_parts(), 1)
        self._connect()
        self.show_line(None)

    @property
    def line(self) -> TransactionLine | None:
        """What is shown."""
        return self._line

    @property
    def detail(self) -> TransactionDetail | None:
        """All that was read of it, once it is here."""
        return self._detail

    @property
    def trace(self) -> TransactionTrace | None:
        """What it did inside, once it is here."""
        return self._trace

    def names(self) -> Names:
        """What addresses and assets are called."""
        return Names(self._label_of, self._detail.assets if self._detail else {})

    def use_labels(self, label_of: LabelOf) -> None:
        """Call addresses by these labels."""
        self._label_of = label_of

    def show_line(self, line: TransactionLine | None) -> None:
        """Show a transaction as the list tells it, or that none is selected; the rest follows."""
        is_same = line is not None and line == self._line
        self._line = line
        self._faces.setCurrentIndex(int(line is not None))
        if not is_same:
            self._detail = self._trace = self._subject = None
            self.error_panel.clear()
            self._gone.hide()
        self._refresh()

    def show_detail(self, detail: TransactionDetail) -> None:
        """The rest of the transaction shown. What was told of it at another place, or before it was read anew, goes."""
        self._line, self._detail = detail.transaction.line, detail
        self._trace = self._subject = None
        self._gone.hide()
        self._faces.setCurrentIndex(1)
        self.error_panel.clear()
        self._refresh()

    def show_trace(self, trace: TransactionTrace) -> None:
        """What it did inside."""
        self._trace = trace
        if not isinstance(self._subject, LogReading):
            self._subject = None
        self._refresh()

    def show_gone(self) -> None:
        """The chain has it no more, and what was read of it goes."""
        self._detail = self._trace = self._subject = None
        self._gone.show()
        self._refresh()

    def set_writing(self, is_writing: bool) -> None:
        """While a file is written there is no other one."""
        self._is_writing = is_writing
        self.export_button.setEnabled(self._detail is not None and not is_writing)

    def show_error(self, error: IpnftError) -> None:
        """It could not be read; what is here stays."""
        self.error_panel.show_error(error)

    # --- what is shown --------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        line = self._line
        self._refresh_parts()
        self.export_button.setEnabled(self._detail is not None and not self._is_writing)
        self.asset_button.setEnabled(bool(self._known_assets()))
        if line is None:
            return
        names = self.names()
        self._hash.set_value(line.tx_hash, shorten(line.tx_hash, 10, 8))
        self._tag.set_state(*outcome_tag(line))
        self._subtitle.setText(
            self.tr("block {0} · no. {1} · {2}").format(
                number_text(line.place.block_number), number_text(line.place.index), local_time_of(line.timestamp_s)
            )
        )
        self._subtitle.setToolTip(plain_tooltip(utc_time_of(line.timestamp_s)))
        to = line.to or line.created or ""
        to_name = self.tr("To") if line.to else self.tr("Created")
        sender = _address(self.tr("From"), line.sender, names)
        if self._detail is not None and not self._detail.transaction.is_signed:
            sender = replace(sender, note=self.tr("signed nothing: impersonated"))
        self.parties.set_facts((sender, _address(to_name, to, names)))
        self._costs.set_facts(
            (
                Fact(self.tr("Fee"), eth_text(line.fee_wei), note=gwei_text(line.gas_price_wei)),
                Fact(
                    self.tr("Value"),
                    eth_text(line.value_wei),
                    note=self.tr("nonce {0}").format(number_text(line.nonce)),
                ),
            )
        )
        self._show_call(line, names)
        self._show_told(names)
        self._show_gas(line)

    def _show_call(self, line: TransactionLine, names: Names) -> None:
        call = self._detail.call.call if self._detail else None
        self._call.setText(method_text(line) if call is None else reading_text(call, names))
        origin = call.origin if isinstance(call, Decoded) else None
        if isinstance(call, Decoded) and origin is AbiOrigin.STANDARD:
            note = self.tr("Read by the standard {0}; the contract may mean something else.").format(call.abi_name)
        elif isinstance(call, Decoded) and origin is AbiOrigin.IMPORTED:
            note = self.tr("Read by the imported ABI “{0}”.").format(call.abi_name)
        else:
            note = ""
        self._note.setText(note)
        self._note.setVisible(bool(note))
        reason = ""
        if self._trace and not isinstance(self._trace.calls, Untold):
            reason = revert_text(self._trace.calls[0], names)
        self._reason.setText(self.tr("Failed: {0}").format(reason) if reason else "")
        self._reason.setVisible(bool(reason))

    def _show_told(self, names: Names) -> None:
        """The first events at a glance; all of them have a part of their own."""
        logs = self._detail.logs if self._detail else ()
        lines = [reading_text(each.event, names) for each in logs if isinstance(each.event, Decoded)][:_EVENTS_IN_HEAD]
        left = len(logs) - len(lines)
        if lines and left:
            lines.append(self.tr("and %Ln more events", "", left))
        self._told.setText("\n".join(lines))
        self._told.setVisible(bool(lines))

    def _show_gas(self, line: TransactionLine) -> None:
        story: GasStory | None = self._trace.gas if self._trace else None
        self._gas_total.setText(number_text(line.gas_used))
        self.gas_bar.show_story(story)
        untold = story.untold if story else None
        self._gas_note.setText(_untold_text(untold) if untold else "")
        self._gas_note.setVisible(untold is not None)

    def _refresh_parts(self) -> None:
        names, trace = self.names(), self._trace
        state = trace.state if trace else ()
        rows = () if isinstance(state, Untold) else state_rows(state, trace.accounts if trace else (), names)
        self.state.show_records(rows)
        logs = self._detail.logs if self._detail else ()
        if logs is not self._shown_logs:
            self._shown_logs = logs
            self.events.show_records(logs)
        calls = trace.calls if trace else ()
        self.calls.show_records(() if isinstance(calls, Untold) else tuple(enumerate(calls)))
        untold = next((each for each in (state, calls) if isinstance(each, Untold)), None)
        self._untold.setText(_untold_text(untold) if untold else "")
        self._untold.setVisible(untold is not None)
        for part, title, count in (
            (self.state, self.tr("State changes"), len(rows)),
            (self.events, self.tr("Events"), len(logs)),
            (self.calls, self.tr("Calls"), self.calls.records.count),
        ):
            told = self.tr("{0} ({1})").format(title, number_text(count)) if count else title
            self.parts.bar.setTabText(self.parts.ground.indexOf(part), told)
        if self.parts.current is self.raw:
            self._show_raw()

    def _show_raw(self) -> None:
        self.raw.show_raw(raw_text(self._detail, self._subject) if self._detail else "")

    def _known_assets(self) -> tuple[UUID, ...]:
        """Those of the register that the call speaks of, or its events."""
        detail = self._detail
        if detail is None:
            return ()
        spoken = assets_in(detail.call.call, *(reading.event for reading in detail.logs[:1]))
        return tuple(asset_id for asset_id in detail.assets if asset_id in spoken)

    # --- making it ------------------------------------------------------------------------------------------------

    def _make_facts(self) -> Card:
        card = Card(self._full)
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        self._hash = CopyableText("", self.tr("Transaction hash"), size=TextSize.LEAD, parent=card)
        self._tag = StatusTag("", Tone.NEUTRAL, card)
        self._subtitle = ElidedLabel("", TextSize.CAPTION, ink=Ink.MUTED, parent=card)
        self.asset_button = SecondaryButton(self.tr("Asset"), Icon.BOX, parent=card)
        self.export_button = SecondaryButton(self.tr("Export…"), Icon.DOWNLOAD, parent=card)
        head.addWidget(self._hash)
        head.addWidget(self._tag)
        head.addWidget(self._subtitle, 1)
        head.addWidget(self.asset_button)
        head.addWidget(self.export_button)
        self.parties, self._costs = KeyValuePanel(card), KeyValuePanel(card)
        facts = QHBoxLayout()
        facts.setSpacing(Space.L)
        facts.addWidget(self.parties, 1)
        facts.addWidget(self._costs, 1)
        self._call = Text("", TextSize.CAPTION, mono=True, wrap=True, parent=card)
        self._call.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._told = Text("", TextSize.CAPTION, ink=Ink.MUTED, mono=True, wrap=True, parent=card)
        self._told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._note = Text("", TextSize.CAPTION, ink=Ink.MUTED, wrap=True, parent=card)
        self._reason = Text("", TextSize.CAPTION, Weight.MEDIUM, Ink.ERROR, wrap=True, parent=card)
        self._gone = Text(
            self.tr("The chain has this transaction no more: the block that held it was replaced."),
            TextSize.BODY,
            ink=Ink.WARN,
            wrap=True,
            parent=card,
        )
        self._gone.hide()
        self.error_panel = ErrorPanel(card)
        self.retry_button = self.error_panel.add_button(self.tr("Try again"))
        card.body.addLayout(head)
        card.body.addLayout(facts)
        for part in (self._call, self._told, self._note, self._reason, self._gone, self.error_panel):
            card.body.addWidget(part)
        return card

    def _make_gas(self) -> Card:
        card = Card(self._full)
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        self._gas_total = Text("", TextSize.BODY, ink=Ink.MUTED, parent=card)
        head.addWidget(Text(self.tr("Where the gas went"), TextSize.BODY, Weight.SEMIBOLD, parent=card))
        head.addWidget(self._gas_total, 1)
        self.gas_bar = GasBar(card)
        self._gas_note = Text("", TextSize.CAPTION, ink=Ink.MUTED, wrap=True, parent=card)
        card.body.addLayout(head)
        card.body.addWidget(self.gas_bar)
        card.body.addWidget(self._gas_note)
        return card

    def _make_parts(self) -> Card:
        card = Card(self._full, flush=True)
        self._shown_logs: tuple[object, ...] | None = None
        self.parts = Parts(self.tr("What the transaction did"), card)
        self.state = StateTable(self.parts.ground)
        self.events = EventTable(self.names, self.parts.ground)
        self.calls = CallTable(self.names, self.parts.ground)
        self.raw = RawPart(self.parts.ground)
        for part in (self.state, self.events, self.calls, self.raw):
            self.parts.add(self.tr("Raw") if part is self.raw else "", part)
        self._untold = Text("", TextSize.CAPTION, ink=Ink.WARN, wrap=True, parent=card)
        self._untold.setContentsMargins(Space.M, 0, Space.M, Space.S)
        card.body.addWidget(self.parts, 1)
        card.body.addWidget(self._untold)
        return card

    def _connect(self) -> None:
        self.export_button.clicked.connect(self.export_requested)
        self.retry_button.clicked.connect(self.retry_requested)
        self.asset_button.clicked.connect(self._on_asset)
        self.parts.chosen.connect(self._on_part)
        for table in (self.state, self.events, self.calls):
            table.current_changed.connect(self._remember_focus)

    def _on_asset(self) -> None:
        if known := self._known_assets():
            self.asset_requested.emit(known[0])

    def _on_part(self, part: QWidget) -> None:
        """The raw view tells of what was in focus in the part that was in view before."""
        if part is self.raw:
            self._show_raw()
        else:
            self._remember_focus()

    def _remember_focus(self) -> None:
        part = self.parts.current
        if part is self.state:
            self._subject = self.state.current
        elif part is self.events:
            self._subject = self.events.current
        elif part is self.calls:
            self._subject = self.calls.current[1] if self.calls.current else None


def _address(key: str, address: str, names: Names) -> Fact:
    return Fact(key, shorten(address), copy=address, lead=names.label_of(address) or "") if address else Fact(key, "")


def _untold_text(untold: Untold) -> str:
    match untold.missing:
        case Missing.NO_TRACE:
            told = _tr("The node does not tell what a transaction did inside: {0}")
        case Missing.TOO_LONG:
            told = _tr("What the node tells of the inside is too long to be read: {0}")
        case Missing.OTHER_RULES:
            told = _tr("This chain counts gas by other rules: {0}")
    return told.format(untold.told)


def _tr(text: str) -> str:
    return QCoreApplication.translate("ChainPage", text)
