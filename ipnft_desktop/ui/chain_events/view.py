"""The Events tab as a picture of its state; what it should do is decided by the presenter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from ipnft_desktop.domain.chain_events import EventFilter, EventKind, IndexStatus
from ipnft_desktop.services.inspector.event_reading import EventLine, EventLinePage
from ipnft_desktop.ui.chain_events.event_panel import EventPanel
from ipnft_desktop.ui.chain_events.event_table import EventTable
from ipnft_desktop.ui.commands.command import Command, button_command
from ipnft_desktop.ui.inspection.height_field import height_in, take_heights
from ipnft_desktop.ui.inspection.tab import InspectionTab
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Ink, Size, TextSize
from ipnft_desktop.ui.widgets.address_words import LabelOf, no_label
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.chain_words import Names, event_kind_name
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.inputs import Select
from ipnft_desktop.ui.widgets.list_faces import Face
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.question_bar import QuestionBar
from ipnft_desktop.ui.widgets.tab_order import follow
from ipnft_desktop.ui.widgets.text import Text


class EventsTab(InspectionTab):
    """`filter_changed` tells that other events are wanted, `search_changed` carries a text that stands for some."""

    filter_changed = Signal()
    search_changed = Signal(str)
    export_requested = Signal()
    rebuild_requested = Signal()
    rebuild_confirmed = Signal()
    transaction_requested = Signal(str)
    asset_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, whole: bool = True) -> None:
        """Without `whole` the list is left to `build`."""
        super().__init__(
            "events",
            EmptyState(
                Icon.INBOX,
                self.tr("No event yet"),
                self.tr("What contracts tell in their logs stands here as soon as a block has it."),
            ),
            self.tr("Address, token, transaction, name…"),
            parent,
        )
        self._assets: dict[UUID, str] = {}
        self._label_of: LabelOf = no_label
        self._found = EventFilter()
        self._is_busy = False
        self._kinds: Mapping[EventKind, int] = {}
        self.kind = Select(self.tr("Kind of event"))
        self.kind.setFixedWidth(ColumnWidth.XL)
        self.first_block = _height_field(self.tr("From block"))
        self.last_block = _height_field(self.tr("To block"))
        self.export_button = SecondaryButton(self.tr("Export…"), Icon.DOWNLOAD)
        self.rebuild_button = SecondaryButton(self.tr("Rebuild the index…"), Icon.REFRESH)
        self.reach = Text("", TextSize.CAPTION, ink=Ink.MUTED)
        self.question = QuestionBar(self.tr("Rebuild"), self.tr("Leave it"))
        self.show_kinds({})
        self.begin(
            (self.kind, self.first_block, self.last_block),
            (self.export_button, self.rebuild_button),
            self.tr("↑↓ browse · Enter transaction · Ctrl+C copy · Ctrl+E export · Ctrl+F find · F5 reload"),
            (self.reach,),
        )
        self.card.body.insertWidget(0, self.question)
        if whole:
            for _piece in self.build():
                pass

    def build(self) -> Iterator[None]:
        """Make the list and what stands beside it, in pieces."""
        self.table = EventTable(self.names, self.faces)
        self.hold(self.table)
        # The question stands over the list.
        follow(self.rebuild_button, (self.question.decline_button, self.question.confirm_button, self.table))
        yield
        self.panel = EventPanel(self)
        self.sides.addWidget(self.panel)
        self._connect()
        self._add_commands()
        self.show_closed(Face.NO_ENVIRONMENT)

    def names(self) -> Names:
        """What addresses and assets are called."""
        return Names(self._label_of, self._assets)

    def use_labels(self, label_of: LabelOf) -> None:
        """Call addresses by these labels."""
        self._label_of = label_of

    @property
    def wanted(self) -> EventFilter:
        """Which events the person asks to see."""
        kind = self.kind.currentData()  # Qt keeps the text of it
        return replace(
            self._found,
            kinds=frozenset({EventKind(kind)}) if kind else frozenset(),
            first_block=height_in(self.first_block),
            last_block=height_in(self.last_block),
        )

    def narrow(self, found: EventFilter, text: str) -> None:
        """List what a text stands for, which the field then shows."""
        self._found = found
        self.search.blockSignals(True)
        self.search.setText(text)
        self.search.blockSignals(False)
        self.filter_changed.emit()

    def show_kinds(self, kinds: Mapping[EventKind, int]) -> None:
        """The kinds to choose from, each with how many there are."""
        chosen = self.kind.currentData()
        self._kinds = kinds
        self.kind.blockSignals(True)
        self.kind.clear()
        self.kind.addItem(self.tr("All kinds"), None)
        for kind in EventKind:
            if kinds.get(kind) or kind == chosen:
                count = number_text(kinds.get(kind, 0))
                self.kind.addItem(self.tr("{0} ({1})").format(event_kind_name(kind), count), kind)
        self.kind.choose(chosen)
        self.kind.blockSignals(False)

    def show_closed(self, face: Face) -> None:
        """Nothing can be told: what was listed goes."""
        self.table.paged.reset((), is_whole=True)
        self.panel.show_event(None, self.names())
        self.show_kinds({})
        self._assets.clear()
        self.question.hide()
        self.reach.setText("")
        self.show_face(face)
        self._refresh()

    def show_page(self, page: EventLinePage, total: int) -> None:
        """The first page of what is wanted; what is in focus stays so as far as it is among them."""
        self._assets.update(page.assets)
        current = self.table.current
        self.table.paged.reset(page.lines, is_whole=page.next_anchor is None)
        if current is None or not self.table.select(current.event.anchor):
            self.table.setCurrentIndex(self.table.paged.index(0, 0))
        self._show_total(total)

    def show_newer(self, lines: Sequence[EventLine], page: EventLinePage, total: int) -> None:
        """Events that came since, before the first one."""
        self._assets.update(page.assets)
        self.table.paged.put_first(lines)
        self._show_total(total)

    def add_page(self, page: EventLinePage) -> None:
        """The next page."""
        self._assets.update(page.assets)
        self.table.paged.add_page(page.lines, is_whole=page.next_anchor is None)

    def show_reach(self, status: IndexStatus) -> None:
        """How far the index reaches."""
        last = None if status.reach is None else status.reach.last_block
        done = number_text(0 if last is None else last)
        if status.head_block is None:
            told = self.tr("indexed up to block {0}").format(done)
        else:
            told = self.tr("indexed up to block {0} of {1}").format(done, number_text(status.head_block))
        self.reach.setText(told)
        self.reach.set_ink(Ink.WARN if status.fault is not None else Ink.MUTED)

    def show_work(self, what: str, share: float = 0.0) -> None:
        """Show what is under way; nothing once it is done."""
        self._is_busy = bool(what)
        super().show_work(what, share)
        self._refresh()

    def ask_rebuild(self) -> None:
        """Ask before the index is made anew."""
        self.question.ask(
            self.tr("Read every block of the chain again? Events are missing here until it is done; mints go on.")
        )

    def show_all(self) -> None:
        """Take every filter away."""
        for field in (self.kind, self.first_block, self.last_block):
            field.blockSignals(True)
        self.kind.setCurrentIndex(0)
        self.first_block.clear()
        self.last_block.clear()
        for field in (self.kind, self.first_block, self.last_block):
            field.blockSignals(False)
        self.narrow(EventFilter(), "")

    def _show_total(self, total: int) -> None:
        self.count.setText(self.tr("%Ln events", "", total))
        is_narrowed = self.wanted.is_narrowed
        self.show_face(Face.LIST if self.table.paged.rowCount() else Face.NO_MATCH if is_narrowed else Face.EMPTY)
        self._on_current()
        self._refresh()

    def _refresh(self) -> None:
        self.export_button.setEnabled(bool(self.table.paged.rowCount()) and not self._is_busy)
        self.rebuild_button.setEnabled(not self.face.is_closed and not self._is_busy)

    def _connect(self) -> None:
        self.search.search_requested.connect(self.search_changed)
        self.kind.currentIndexChanged.connect(self.filter_changed)
        for field in (self.first_block, self.last_block):
            field.editingFinished.connect(self.filter_changed)
        self.faces.no_match.action_requested.connect(self.show_all)
        self.export_button.clicked.connect(self.export_requested)
        self.rebuild_button.clicked.connect(self.rebuild_requested)
        self.question.confirmed.connect(self.rebuild_confirmed)
        self.table.current_changed.connect(self._on_current)
        self.table.opened.connect(self._on_transaction)
        self.panel.transaction_requested.connect(self._on_transaction)
        self.panel.asset_requested.connect(self._on_asset)

    def _add_commands(self) -> None:
        none = self.tr("There is no event in view.")
        Command(self, "events.show all clear filter", self.tr("Show every event"), self.show_all, "Ctrl+0", icon=Icon.X)
        for name, title, button, icon, keys in (
            ("export csv json", self.tr("Export the events…"), self.export_button, Icon.DOWNLOAD, ("Ctrl+E",)),
            ("rebuild index", self.tr("Rebuild the index of events…"), self.rebuild_button, Icon.REFRESH, ()),
            ("open transaction", self.tr("Open the event's transaction"), self.panel.transaction_button, Icon.LINK, ()),
            ("open asset", self.tr("Open the event's asset"), self.panel.asset_button, Icon.BOX, ()),
            ("raw log", self.tr("Show or hide the raw log"), self.panel.raw_button, Icon.TERMINAL, ()),
        ):
            why_not = lambda: self.closed_reason() or none  # noqa: E731
            button_command(self, f"events.{name}", button, *keys, title=title, icon=icon, why_not=why_not)

    def _on_current(self) -> None:
        self.panel.show_event(self.table.current, self.names())

    def _on_transaction(self) -> None:
        if (line := self.table.current) is not None:
            self.transaction_requested.emit(line.event.tx_hash)

    def _on_asset(self) -> None:
        line = self.table.current
        if line is not None and line.asset_name:
            self.asset_requested.emit(line.asset_id)


def _height_field(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(name)
    field.setAccessibleName(name)
    field.setFixedWidth(Size.FIELD_NARROW - 2 * Size.ICON)
    take_heights(field)
    return field
