"""One event in full: what it says, where it stands, and its raw log one click away."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ipnft_desktop.domain.inspection.decoding import AbiOrigin, Decoded
from ipnft_desktop.services.inspector.event_reading import EventLine
from ipnft_desktop.ui.chain_events.event_table import kind_tone
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.card import Rule
from ipnft_desktop.ui.widgets.chain_words import Names, event_kind_name, undecoded_text
from ipnft_desktop.ui.widgets.copyable_text import CopyableText
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.key_value_panel import Fact, KeyValuePanel
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.moments import local_time_of, utc_time_of
from ipnft_desktop.ui.widgets.plain import shorten
from ipnft_desktop.ui.widgets.side_panel import SidePanel
from ipnft_desktop.ui.widgets.status_tag import StatusTag
from ipnft_desktop.ui.widgets.text import Text
from ipnft_desktop.ui.widgets.value_facts import value_facts

_SHOWN_HEX = 2_048
"""Of the raw data; all of it is copied."""


class EventPanel(SidePanel):
    """The signals are about the event shown."""

    transaction_requested = Signal()
    asset_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            EmptyState(Icon.INBOX, self.tr("No event selected"), self.tr("Select an event to see all it says.")), parent
        )
        self.setAccessibleName(self.tr("Event"))
        self._line: EventLine | None = None
        self._title = Text("", TextSize.LEAD, Weight.BOLD, wrap=True)
        self._tag = StatusTag()
        self._by = Text("", TextSize.CAPTION, ink=Ink.MUTED, wrap=True)
        self._reason = Text("", TextSize.BODY, ink=Ink.WARN, wrap=True)
        self.arguments = KeyValuePanel()
        self.facts = KeyValuePanel()
        self.raw_button = SecondaryButton(self.tr("Show the raw log"))
        self.raw_button.setCheckable(True)
        self.raw = KeyValuePanel()
        self.data = CopyableText("", self.tr("Data"))
        self._hex = Text("", TextSize.CAPTION, mono=True, wrap=True)
        self._hex.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.transaction_button = SecondaryButton(self.tr("Transaction"), Icon.LINK)
        self.asset_button = SecondaryButton(self.tr("Asset"), Icon.BOX)
        self._lay_out()
        self.show_event(None, Names())

    @property
    def line(self) -> EventLine | None:
        """What is shown."""
        return self._line

    def show_event(self, line: EventLine | None, names: Names) -> None:
        """Show another one; None asks to choose one."""
        is_other = line is None or self._line is None or line.event.anchor != self._line.event.anchor
        self._line = line
        self.show_filled(line is not None)
        if line is None:
            return
        if is_other:
            self.scroll_up()
        with self.changing():
            self._show(line, names)

    def _show(self, line: EventLine, names: Names) -> None:
        event, reading = line.event, line.reading
        is_told = isinstance(reading, Decoded)
        self._title.setText(reading.name if is_told else self.tr("Log that is not decoded"))
        self._tag.set_state(event_kind_name(event.kind), kind_tone(event.kind))
        self._by.setText(self._origin(reading) if is_told else "")
        self._by.setVisible(is_told)
        self._reason.setText("" if is_told else undecoded_text(reading))
        self._reason.setVisible(not is_told)
        self.arguments.set_facts(value_facts(reading.arguments, names) if is_told else ())
        time_s = event.block.timestamp_s
        contract = names.label_of(event.address) or ""
        self.facts.set_facts(
            (
                Fact(self.tr("Block"), number_text(event.block.number), note=shorten(event.block.block_hash)),
                Fact(self.tr("Time"), local_time_of(time_s), note=utc_time_of(time_s)),
                Fact(self.tr("Contract"), shorten(event.address), copy=event.address, lead=contract),
                Fact(self.tr("Transaction"), shorten(event.tx_hash), copy=event.tx_hash),
                Fact(self.tr("Log number"), number_text(event.log_index)),
            )
        )
        self._show_raw(line, is_shown=self.raw_button.isChecked() or not is_told)
        self.asset_button.setEnabled(bool(line.asset_name))

    def _show_raw(self, line: EventLine, *, is_shown: bool) -> None:
        event = line.event
        topics = (f"0x{topic.hex()}" for topic in event.topics)
        facts = (Fact(self.tr("Topic {0}").format(at), shorten(topic, 14, 8), topic) for at, topic in enumerate(topics))
        self.raw.set_facts(tuple(facts) if is_shown else ())
        data = f"0x{event.data.hex()}"
        self.data.set_value(data, self.tr("Copy the data, {0} bytes").format(number_text(len(event.data))))
        self._hex.setText(data if len(data) <= _SHOWN_HEX else f"{data[:_SHOWN_HEX]}…")
        for part in (self.raw, self.data, self._hex):
            part.setVisible(is_shown)

    def _origin(self, reading: Decoded) -> str:
        if reading.origin is AbiOrigin.OURS:
            return self.tr("Read by this register's contract: {0}").format(reading.signature)
        if reading.origin is AbiOrigin.IMPORTED:
            return self.tr("Read by the imported ABI “{0}”: {1}").format(reading.abi_name, reading.signature)
        return self.tr("Read by the standard {0}; the contract may mean something else: {1}").format(
            reading.abi_name, reading.signature
        )

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        head.addWidget(self._title, 1)
        head.addWidget(self._tag, 0, Qt.AlignmentFlag.AlignTop)
        self._tag.set_state("", Tone.NEUTRAL)
        self.fill(
            *(head, self._by, self._reason, self.arguments, Rule(), self.facts, Rule()),
            *(self.raw_button, self.raw, self.data, self._hex),
        )
        self.buttons.addWidget(self.transaction_button, 1)
        self.buttons.addWidget(self.asset_button, 1)
        self.raw_button.toggled.connect(self._on_raw)
        self.transaction_button.clicked.connect(self.transaction_requested)
        self.asset_button.clicked.connect(self.asset_requested)

    def _on_raw(self, is_wanted: bool) -> None:
        self.raw_button.setText(self.tr("Hide the raw log") if is_wanted else self.tr("Show the raw log"))
        if self._line is not None:
            self._show_raw(self._line, is_shown=is_wanted or not isinstance(self._line.reading, Decoded))
