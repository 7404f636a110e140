"""The Activity page as a picture of its state; what it should do is decided by the presenter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.mint_activity import JobCounts, JobGroup, JobPage, JobQuery, JobRow, JobSort
from ipnft_desktop.ui.activity.actions import JobWish, open_title
from ipnft_desktop.ui.activity.commands import ActivityCommands
from ipnft_desktop.ui.activity.detail_panel import JobPanel
from ipnft_desktop.ui.activity.faces import ActivityFaces
from ipnft_desktop.ui.activity.group_bar import GroupBar
from ipnft_desktop.ui.activity.job_table import JobTable
from ipnft_desktop.ui.activity.work_line import WorkLine
from ipnft_desktop.ui.commands.main_menu import add_command
from ipnft_desktop.ui.models.job_model import JobModel
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize
from ipnft_desktop.ui.widgets import job_words as words
from ipnft_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.inputs import SearchField, Select
from ipnft_desktop.ui.widgets.list_card import ListCard
from ipnft_desktop.ui.widgets.list_faces import Face
from ipnft_desktop.ui.widgets.list_page import ListPage
from ipnft_desktop.ui.widgets.menu import Menu
from ipnft_desktop.ui.widgets.question_bar import QuestionBar
from ipnft_desktop.ui.widgets.text import Text

_TICK_MS = 1_000
_WITH_FAILED = frozenset({JobGroup.ALL, JobGroup.FAILED})


class ActivityView(ListPage):
    """Signals say what the person wants. `query_changed` carries a `JobQuery`, `current_changed` a `JobRow` or None,
    `wished` a `JobWish` about the row in focus, `asset_requested` the id of an asset, `chain_requested` the
    hash of a transaction, `cancel_confirmed` the id of a job;
    `shown` tells that the page came into view."""

    shown = Signal()
    register_requested = Signal()
    current_changed = Signal(object)
    wished = Signal(object)
    asset_requested = Signal(object)
    chain_requested = Signal(str)
    cancel_confirmed = Signal(object)
    retry_all_requested = Signal()
    retry_all_confirmed = Signal()
    export_requested = Signal()
    stop_requested = Signal()

    def __init__(
        self, now: Callable[[], datetime] = words.utc_now, parent: QWidget | None = None, *, whole: bool = True
    ) -> None:
        """Without `whole` the other half of the work is left to `complete`."""
        super().__init__(ActivityFaces(), parent)
        self.header.set_title(self.tr("Activity"), self.tr("Every mint and batch"))
        self._now = now
        self._query = JobQuery()
        self._counts: JobCounts | None = None
        self._to_cancel: UUID | None = None
        self.model = JobModel(now, self)
        self.search = SearchField(self.tr("Asset, transaction, recipient…"))
        self.search.setToolTip(
            self.tr("Words of an asset, or what begins a transaction hash, an address or a token id with 0x.")
        )
        self.period = Select(self.tr("Time"))
        self.export_button = SecondaryButton(self.tr("Export…"), Icon.DOWNLOAD)
        self.retry_all_button = PrimaryButton(self.tr("Retry failed"), Icon.ROTATE)
        self.groups = GroupBar()
        self.cancel_question = QuestionBar(self.tr("Cancel the mint"), self.tr("Keep it"))
        self.retry_question = QuestionBar(self.tr("Retry"), self.tr("Leave them"))
        self.work = WorkLine()
        self._count_text = Text("", TextSize.CAPTION, ink=Ink.MUTED)
        self._clock = QTimer(self)
        self._clock.setInterval(_TICK_MS)
        self._clock.timeout.connect(self._on_tick)
        self._fill_periods()
        self._lay_out()
        if whole:
            self.complete()

    def complete(self) -> None:
        """Make the list and what stands beside it."""
        self.table = JobTable(self.model, self.faces)
        self.faces.hold(self.table)
        self.panel = JobPanel(self._now, self)
        self.body.addWidget(self.panel)
        self._connect()
        self.show_no_environment()
        self.commands = ActivityCommands(self)

    @property
    def query(self) -> JobQuery:
        """What the person asks to see."""
        return self._query

    @property
    def count_words(self) -> str:
        """What is said about the length of the list."""
        return self._count_text.text()

    def show_no_environment(self) -> None:
        """Nothing can be listed."""
        self._show_nothing(Face.NO_ENVIRONMENT)

    def show_readable(self) -> None:
        """There are mints to be listed once the page comes into view."""
        if self.face.is_closed:
            self._set_face(Face.LIST)

    def show_signed_out(self) -> None:
        """Nobody may see anything: what was listed, shown, asked or typed goes."""
        self.apply_query(JobQuery())
        for part in (self.error_panel, self.cancel_question, self.retry_question):
            part.hide()
        self._show_nothing(Face.SIGNED_OUT)

    def show_list(self, query: JobQuery, page: JobPage) -> None:
        """Lay out a list; focus and place are kept as far as the row is still there."""
        current, bar = self.table.current_row, self.table.verticalScrollBar()
        is_same = query == self.model.query
        place = bar.value()
        self.model.reset(query, page)
        self.error_panel.clear()
        self.table.show_sorting(query.sort, query.descending)
        at = self.model.position(current.job_id) if current else None
        if self.model.rowCount():
            self.table.choose(at or 0)
        bar.setValue(place if is_same else 0)
        self._refresh_face()

    def show_counts(self, counts: JobCounts) -> None:
        """How many there are of each group."""
        self._counts = counts
        self.groups.show_counts(counts.of)
        self._refresh_footer()

    def show_list_error(self, error: IpnftError) -> None:
        """The list could not be read, or something else could not be done."""
        self.error_panel.show_error(error)

    def ask_cancel(self, row: JobRow) -> None:
        """Ask before a mint is cancelled."""
        self._to_cancel = row.job_id
        parts: list[str] = []
        if row.item_count > 1:
            parts.append(self.tr("One transaction mints %Ln assets; all of them are cancelled.", "", row.item_count))
        else:
            parts.append(self.tr("Cancel the mint of “{0}”?").format(words.subject(row)))
        if not row.is_open:
            parts.append(self.tr("It failed and is not tried again."))
        elif row.tx_hash is None:
            parts.append(self.tr("Nothing was sent yet."))
        else:
            parts.append(
                self.tr(
                    "The chain decides: a cancellation is sent under the same number; "
                    "if the mint is mined first, the token exists."
                )
            )
        self.cancel_question.ask(" ".join(parts))

    def ask_retry_all(self, count: int) -> None:
        """Ask before so many failed mints are tried again."""
        self.retry_question.ask(self.tr("Retry %Ln failed mints? Each of them gets another attempt.", "", count))

    def show_work(self, what: str, share: float = 0.0) -> None:
        """Show what is under way, which can be stopped; nothing once it is done."""
        self.work.show_work(what, share)
        self._refresh_buttons()

    def apply_query(self, query: JobQuery) -> None:
        """List this, and show it in all controls."""
        for control in (self.search, self.period):
            control.blockSignals(True)
        self.search.setText(query.text)
        query = replace(query, since=self._show_period(query.since))
        for control in (self.search, self.period):
            control.blockSignals(False)
        self.groups.choose(query.group)
        self._change_query(query)

    def _show_period(self, since: datetime | None) -> datetime | None:
        """Show since when mints are listed; of a day that no choice begins with nothing is left out."""
        days = [self.period.itemData(at) for at in range(self.period.count())]
        begins = [None if each is None else words.days_back(each, self._now()) for each in days]
        at = begins.index(since) if since in begins else 0
        self.period.setCurrentIndex(at)
        return begins[at]

    def show_all(self) -> None:
        """Take every filter away; the order stays."""
        self.apply_query(JobQuery(sort=self._query.sort, descending=self._query.descending))

    def context_menu(self) -> QMenu | None:
        """What can be done with the row in focus; None without one."""
        row = self.panel.row
        if row is None:
            return None
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for part in self.commands.of_row:
            if not menu.isEmpty():
                menu.addSeparator()
            for command in part:
                add_command(menu, command, open_title(row) if command is self.commands.of_row[0][0] else "")
        return menu

    def showEvent(self, event: QShowEvent) -> None:
        """Elapsed times run while they can be seen."""
        super().showEvent(event)
        self._clock.start()
        self.shown.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody sees them any more."""
        super().hideEvent(event)
        self._clock.stop()

    def _show_nothing(self, face: Face) -> None:
        self.model.reset(self._query, JobPage((), None))
        self._counts = None
        self.groups.show_counts({})
        self.panel.show_row(None)
        self._set_face(face)

    def _fill_periods(self) -> None:
        for name, days in (
            (self.tr("Any time"), None),
            (self.tr("Today"), 0),
            (self.tr("Last 7 days"), 6),
            (self.tr("Last 30 days"), 29),
        ):
            self.period.addItem(name, days)

    def _lay_out(self) -> None:
        for widget in (self.search, self.period, self.export_button, self.retry_all_button):
            self.header.add_action(widget)
        bar = QWidget()
        line = QHBoxLayout(bar)
        line.setContentsMargins(Space.S, Space.S, Space.S, 0)
        line.addWidget(self.groups)
        line.addStretch(1)
        self._card = ListCard(
            self.faces,
            (self.work, self.error_panel, self.cancel_question, self.retry_question),
            (self._count_text,),
            self.tr("↑↓ browse · Enter open · R retry · Del cancel · Ctrl+C copy · Ctrl+F find · F5 reload"),
            bar,
        )
        self.body.addWidget(self._card, 1)

    def _connect(self) -> None:
        self.search.search_requested.connect(self._on_search)
        self.period.currentIndexChanged.connect(self._on_period)
        self.groups.group_chosen.connect(self._on_group)
        self.export_button.clicked.connect(self.export_requested)
        self.retry_all_button.clicked.connect(self.retry_all_requested)
        self.faces.empty.action_requested.connect(self.register_requested)
        self.faces.no_match.action_requested.connect(self.show_all)
        self.work.stop_requested.connect(self.stop_requested)
        self.retry_question.confirmed.connect(self.retry_all_confirmed)
        self.cancel_question.confirmed.connect(self._on_cancel_confirmed)
        for question in (self.cancel_question, self.retry_question):
            question.confirmed.connect(self.table.setFocus)
            question.declined.connect(self.table.setFocus)
        self.table.current_changed.connect(self.current_changed)
        self.table.sort_changed.connect(self._on_sort)
        for source, wish in (
            (self.table.opened, JobWish.OPEN),
            (self.panel.open_requested, JobWish.OPEN),
            (self.panel.retry_requested, JobWish.RETRY),
            (self.panel.cancel_requested, JobWish.CANCEL),
        ):
            source.connect(lambda wish=wish: self.wished.emit(wish))
        self.panel.asset_requested.connect(self.asset_requested)
        self.table.menu_requested.connect(self._on_menu)
        self.panel.menu_requested.connect(self._on_panel_menu)
        self.model.count_changed.connect(self._refresh_face)

    def _set_face(self, face: Face) -> None:
        self.faces.show_face(face)
        for control in (self.search, self.period):
            control.setEnabled(not face.is_closed)
        self._card.show_lines(face.is_listing)
        self.panel.setVisible(face.is_listing)
        self._refresh_footer()

    def _refresh_face(self) -> None:
        if self.model.rowCount():
            self._set_face(Face.LIST)
            if not self.table.selectionModel().hasSelection():
                self.table.choose(max(self.table.currentIndex().row(), 0))
        else:
            self.panel.show_row(None)
            self._set_face(Face.NO_MATCH if self.model.query.is_narrowed else Face.EMPTY)

    def _refresh_footer(self) -> None:
        listed, counts = self.model.rowCount(), self._counts
        total = max(counts.of.get(self._query.group, 0), listed) if counts is not None else None
        if total is None and self.model.is_whole:
            total = listed
        if total is None:
            self._count_text.setText(self.tr("%Ln mints read, more below", "", listed))
        else:
            self._count_text.setText(self.tr("%Ln mints", "", total))
        self._refresh_buttons()

    def _refresh_buttons(self) -> None:
        is_free = not self.work.is_busy
        retryable = self._counts.retryable if self._counts and self._query.group in _WITH_FAILED else 0
        text = self.tr("Retry %Ln failed", "", retryable) if retryable else self.tr("Retry failed")
        self.retry_all_button.setText(text)
        self.retry_all_button.setEnabled(is_free and bool(retryable))
        self.export_button.setEnabled(is_free and bool(self.model.rowCount()))

    def _change_query(self, query: JobQuery) -> None:
        if query != self._query:
            self._query = query
            self.retry_question.hide()
            self.query_changed.emit(query)

    def _on_search(self, text: str) -> None:
        self._change_query(replace(self._query, text=text.strip()))

    def _on_period(self) -> None:
        days = self.period.currentData()
        since = None if days is None else words.days_back(days, self._now())
        self._change_query(replace(self._query, since=since))

    def _on_group(self, group: JobGroup) -> None:
        self._change_query(replace(self._query, group=group))

    def _on_sort(self, sort: JobSort, descending: bool) -> None:
        self._change_query(replace(self._query, sort=sort, descending=descending))

    def _on_tick(self) -> None:
        self.model.tick(*self.table.rows_in_view())
        self.panel.tick()

    def _on_cancel_confirmed(self) -> None:
        job_id, self._to_cancel = self._to_cancel, None
        self.cancel_confirmed.emit(job_id)

    def _on_menu(self, at: QPoint) -> None:
        menu = self.context_menu()
        if menu is not None:
            menu.popup(at)

    def _on_panel_menu(self, at: QPoint) -> None:
        menu = self.context_menu()
        if menu is not None:
            menu.popup(at - QPoint(0, menu.sizeHint().height()))
