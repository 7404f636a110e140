"""The Batch page as a picture of its state; what it should do is decided by the presenters."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.assets import AssetPage, AssetQuery, SortKey
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.minting import MINTABLE_STATES, AssetState
from ipnft_desktop.ui.batch.commands import BatchCommands
from ipnft_desktop.ui.batch.faces import BatchFaces
from ipnft_desktop.ui.batch.plan_card import PlanCard
from ipnft_desktop.ui.batch.run_card import RunCard
from ipnft_desktop.ui.batch.tick_table import TickTable
from ipnft_desktop.ui.batch.waiting_card import WaitingCard
from ipnft_desktop.ui.models.ticked_assets import TickedAssets
from ipnft_desktop.ui.models.ticks import Ticks
from ipnft_desktop.ui.register.filter_bar import FilterBar
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import DialogWidth, Ink, Size, Space, TextSize
from ipnft_desktop.ui.widgets.asset_words import state_name
from ipnft_desktop.ui.widgets.buttons import LinkButton, PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.inputs import SearchField, Select
from ipnft_desktop.ui.widgets.list_card import ListCard
from ipnft_desktop.ui.widgets.list_faces import Face
from ipnft_desktop.ui.widgets.list_page import ListPage
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.text import Text

EVERYTHING_MINTABLE = AssetQuery(states=MINTABLE_STATES)
"""What the page lists at first."""
_LIST_SHARE, _SIDE_SHARE = 3, 2


class BatchView(ListPage):
    """Signals say what the person wants; `query_changed` carries an `AssetQuery`."""

    shown = Signal()
    register_requested = Signal()
    tick_all_requested = Signal()
    mint_requested = Signal()
    runs_requested = Signal(QPoint)
    copy_requested = Signal()
    toggle_requested = Signal()

    def __init__(self, parent: QWidget | None = None, *, whole: bool = True) -> None:
        """Without `whole` the other half of the work is left to `complete`."""
        super().__init__(BatchFaces(), parent)
        self.header.set_title(self.tr("Batch"), self.tr("Many assets in one transaction"))
        self._query = EVERYTHING_MINTABLE
        self._is_minting = False
        self._mintable = 0
        self._has_result = False
        self.ticks = Ticks(self)
        self.model = TickedAssets(self.ticks, self)
        self.search = SearchField(self.tr("Search everything…"))
        self.state_filter = Select(self.tr("State"))
        self.state_filter.setPlaceholderText(self.tr("Several states"))
        self.filter_bar = FilterBar()
        self.tick_all_button = LinkButton(self.tr("Tick all"))
        self.untick_button = LinkButton(self.tr("Untick all"))
        self.runs_button = SecondaryButton(self.tr("Earlier batches"), Icon.CLOCK)
        self.mint_button = PrimaryButton(self.tr("Mint"), Icon.STAMP)
        self.count_text = Text("", TextSize.CAPTION, ink=Ink.MUTED)
        self._fill_states()
        self._lay_out()
        if whole:
            self.complete()

    def complete(self) -> None:
        """Make the list and what stands beside it."""
        self.table = TickTable(self.model, self.faces)
        self.faces.hold(self.table)
        self.side_ground = QWidget()
        self.side_ground.setMinimumWidth(DialogWidth.S)
        self.side = QVBoxLayout(self.side_ground)
        self.side.setContentsMargins(0, 0, 0, 0)
        self.side.setSpacing(Space.L)
        self.body.addWidget(self.side_ground, _SIDE_SHARE)
        self.plan = PlanCard(self.side_ground)
        self.result = RunCard(self.side_ground)
        self.side.addWidget(self.plan, 1)
        self.side.addWidget(self.result, 1)
        self.result.hide()
        self.waiting: WaitingCard | None = None
        self._connect()
        self.show_no_environment()
        self.commands = BatchCommands(self)

    @property
    def query(self) -> AssetQuery:
        """What the person asks to see."""
        return self._query

    def refuse_ticks(self, reason: str) -> None:
        """Say why the person may not mint at all; empty ends that."""
        self.model.may_tick = not reason
        for button in (self.mint_button, self.tick_all_button):
            button.refuse(reason)
        if reason:
            self.ticks.clear()
        self.table.viewport().update()

    def show_no_environment(self) -> None:
        """Nothing can be listed."""
        self._show_nothing(Face.NO_ENVIRONMENT)

    def show_signed_out(self) -> None:
        """Nobody may see anything: what was listed, ticked, planned or typed goes."""
        self.apply_query(EVERYTHING_MINTABLE)
        self.filter_bar.close_popup()
        self.filter_bar.set_enterprises({})
        self.filter_bar.set_saved(())
        self.error_panel.clear()
        self.plan.choose(None, self.plan.limit.itemData(0))
        self._show_nothing(Face.SIGNED_OUT)

    def show_list(self, query: AssetQuery, count: int, first: AssetPage) -> None:
        """Lay out a list; place and focus are kept as far as the rows are still in view."""
        current, bar = self.table.current_row(), self.table.verticalScrollBar()
        place = bar.value() if query == self.model.query else 0
        self.model.reset(query, count, first)
        self.error_panel.clear()
        self.table.show_sorting(query.sort, query.descending)
        self.table.select_assets([], current.asset_id if current else None)
        bar.setValue(place)
        self.refresh_face()

    def show_list_error(self, error: IpnftError) -> None:
        """The list could not be read, or something else could not be done."""
        self.error_panel.show_error(error)
        if self.face is Face.NO_ENVIRONMENT:
            self._set_face(Face.LIST)

    def show_result(self, is_shown: bool) -> None:
        """Whether there is a batch whose result is to be seen."""
        self._has_result = is_shown
        self.result.setVisible(is_shown)
        if self.waiting is not None:
            self.waiting.hide()
        self._make_room()

    def show_minting(self, is_minting: bool) -> None:
        """While a batch is put on record nothing else is begun."""
        self._is_minting = is_minting
        self.plan.set_busy(is_minting)
        self.refresh_footer()
        self.show_mintable(self._mintable)

    def hold_waiting(self, card: WaitingCard) -> None:
        """Have this card ready to show what waits for others."""
        self.waiting = card
        card.hide()
        self.side.insertWidget(1, card, 1)
        self.plan.waiting_button.clicked.connect(self._on_waiting)

    def show_mintable(self, count: int) -> None:
        """How many the plan would mint."""
        self._mintable = count
        text = self.tr("Mint %Ln assets", "", count) if count else self.tr("Mint")
        self.mint_button.setText(text)
        self.mint_button.setEnabled(bool(count) and not self._is_minting)

    def apply_query(self, query: AssetQuery) -> None:
        """List this, and show it in all controls."""
        for control in (self.search, self.state_filter):
            control.blockSignals(True)
        self.search.setText(query.text)
        self.state_filter.choose(query.states)
        for control in (self.search, self.state_filter):
            control.blockSignals(False)
        self.filter_bar.show_query(query)
        self._change_query(query)

    def clear_filter(self) -> None:
        """List everything that can be minted again, in the same order."""
        self.apply_query(replace(EVERYTHING_MINTABLE, sort=self._query.sort, descending=self._query.descending))

    def refresh_face(self) -> None:
        """The list became longer or shorter."""
        if self.model.rowCount():
            self._set_face(Face.LIST)
        else:
            at_first = replace(EVERYTHING_MINTABLE, sort=self._query.sort, descending=self._query.descending)
            self._set_face(Face.EMPTY if self.model.query == at_first else Face.NO_MATCH)

    def refresh_footer(self) -> None:
        """What is listed and what is ticked changed."""
        total, ticked = self.model.rowCount(), len(self.ticks)
        if self.model.is_counting:
            listed = self.tr("counting…")
        elif self.model.is_cut:
            listed = self.tr("first {0} of more than %Ln matches", "", total).format(number_text(total))
        else:
            listed = self.tr("%Ln assets", "", total)
        self.count_text.setText(self.tr("{0} · {1} ticked").format(listed, number_text(ticked)))
        self.untick_button.setEnabled(bool(ticked) and not self._is_minting)
        self.tick_all_button.setEnabled(bool(total) and not self._is_minting)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the height of the side."""
        super().resizeEvent(event)
        self._make_room()

    def showEvent(self, event: QShowEvent) -> None:
        """The page came into view."""
        super().showEvent(event)
        self.shown.emit()

    def _make_room(self) -> None:
        if not hasattr(self, "result"):
            return  # half of the page is still to come
        is_more = not self.result.isHidden() or (self.waiting is not None and not self.waiting.isHidden())
        half = (self.height() - Size.HEADER - Space.L * 2) // 2
        self.plan.chart.setVisible(not is_more or half >= Size.CHART_CARD)
        self.plan.setMaximumHeight(half if is_more else Size.NO_LIMIT)
        self.side.setStretch(0, int(not self.plan.chart.isHidden()))
        self.plan.leave_room(is_more)

    def _on_waiting(self) -> None:
        """Show what waits in place of a result, or that again."""
        if self.waiting is not None:
            is_wanted = self.waiting.isHidden()
            self.waiting.setVisible(is_wanted)
            self.result.setVisible(not is_wanted and self._has_result)
            self._make_room()

    def _show_nothing(self, face: Face) -> None:
        self.model.reset(self._query, 0, AssetPage((), None))
        self.ticks.clear()
        self.plan.show_plan(None)
        self.show_mintable(0)
        self.show_result(False)
        self._set_face(face)

    def _fill_states(self) -> None:
        self.state_filter.addItem(self.tr("All that can be minted"), MINTABLE_STATES)
        for state in AssetState:
            if state in MINTABLE_STATES:
                self.state_filter.addItem(state_name(state), frozenset({state}))
        self.state_filter.addItem(self.tr("All states"), frozenset[AssetState]())
        self.state_filter.setCurrentIndex(0)

    def _lay_out(self) -> None:
        for widget in (self.search, self.state_filter, self.runs_button, self.mint_button):
            self.header.add_action(widget)
        bar = QWidget()
        line = QHBoxLayout(bar)
        line.setContentsMargins(0, 0, Space.M, 0)
        line.addWidget(self.filter_bar, 1)
        line.addWidget(self.tick_all_button)
        line.addWidget(self.untick_button)
        self._card = ListCard(
            self.faces,
            (self.error_panel,),
            (self.count_text,),
            self.tr("↑↓ browse · Space tick · M mint · Ctrl+F find · F5 reload"),
            bar,
        )
        self.body.addWidget(self._card, _LIST_SHARE)

    def _connect(self) -> None:
        self.search.search_requested.connect(self._on_search)
        self.state_filter.currentIndexChanged.connect(self._on_state_filter)
        self.filter_bar.query_chosen.connect(self.apply_query)
        self.tick_all_button.clicked.connect(self.tick_all_requested)
        self.untick_button.clicked.connect(self.ticks.clear)
        self.runs_button.clicked.connect(self._on_runs)
        self.mint_button.clicked.connect(self.mint_requested)
        self.faces.empty.action_requested.connect(self.register_requested)
        self.faces.no_match.action_requested.connect(self.clear_filter)
        self.table.sort_changed.connect(self._on_sort)
        self.table.opened.connect(self.toggle_requested)
        self.ticks.changed.connect(self.refresh_footer)
        for changed in (self.model.rowsInserted, self.model.rowsRemoved):
            changed.connect(self.refresh_face)

    def _set_face(self, face: Face) -> None:
        self.faces.show_face(face)
        for control in (self.search, self.state_filter, self.runs_button):
            control.setEnabled(not face.is_closed)
        self._card.show_lines(face.is_listing)
        self.side_ground.setVisible(not face.is_closed)
        self.refresh_footer()

    def _change_query(self, query: AssetQuery) -> None:
        if query != self._query:
            self._query = query
            self.filter_bar.show_query(query)
            self.query_changed.emit(query)

    def _on_search(self, text: str) -> None:
        self._change_query(replace(self._query, text=text.strip()))

    def _on_state_filter(self) -> None:
        self._change_query(replace(self._query, states=self.state_filter.currentData() or frozenset()))

    def _on_sort(self, sort: SortKey, descending: bool) -> None:
        self._change_query(replace(self._query, sort=sort, descending=descending))

    def _on_runs(self) -> None:
        self.runs_requested.emit(self.runs_button.mapToGlobal(QPoint(0, self.runs_button.height())))
