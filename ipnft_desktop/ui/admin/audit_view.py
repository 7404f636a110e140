"""The tab of the audit log: filters over a table, one row in full beside it, and whether all of it is proved."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ipnft_desktop.domain.audit import AuditEntry, AuditQuery
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.ui.admin.audit_detail import AuditDetail
from ipnft_desktop.ui.commands.command import Command, button_command
from ipnft_desktop.ui.commands.jump import Jump
from ipnft_desktop.ui.models.audit_model import AuditColumn, AuditModel
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Ink, Size, Space, TextSize, Tone
from ipnft_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.inputs import SearchField, Select
from ipnft_desktop.ui.widgets.list_card import ListCard
from ipnft_desktop.ui.widgets.progress_bar import ProgressBar
from ipnft_desktop.ui.widgets.status_tag import StatusTag
from ipnft_desktop.ui.widgets.tab_order import follow
from ipnft_desktop.ui.widgets.table import style_table
from ipnft_desktop.ui.widgets.text import Text

_WIDTHS = {
    AuditColumn.ROW: ColumnWidth.S,
    AuditColumn.TIME: ColumnWidth.XL,
    AuditColumn.ACTOR: ColumnWidth.M,
    AuditColumn.ACTION: ColumnWidth.XL,
    AuditColumn.SUBJECT: ColumnWidth.L,
}
_SEARCH_WIDTH, _FILTER_WIDTHS = Size.FIELD_NARROW, (ColumnWidth.M, ColumnWidth.L)
"""Narrowest, and of the filters also widest: in the smallest window the fields give way, for the buttons cannot."""


class AuditView(QWidget):
    """`query_changed` when a filter changed or the list shall be read anew; the others when a button was pressed."""

    query_changed = Signal()
    verify_requested = Signal()
    cancel_requested = Signal()
    anchors_requested = Signal()
    export_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme().dress(self)
        self.model = AuditModel(self)
        self.table = QTableView()
        self.detail = AuditDetail()
        self.search = SearchField(self.tr("Person, action, id, value…"))
        self.search.setMinimumWidth(_SEARCH_WIDTH)
        self.kind = Select(self.tr("Kind of action"))
        self.actor = self._filter(self.tr("Who"))
        self.since = self._filter(self.tr("From YYYY-MM-DD"))
        self.until = self._filter(self.tr("To YYYY-MM-DD"))
        self.export_button = SecondaryButton(self.tr("Export…"), Icon.DOWNLOAD)
        self.anchors_button = SecondaryButton(self.tr("Anchors…"), Icon.LINK)
        self.verify_button = PrimaryButton(self.tr("Verify"), Icon.BADGE_CHECK)
        self.cancel_button = SecondaryButton(self.tr("Stop"))
        self.progress = ProgressBar(self.tr("Progress"))
        self.error_panel = ErrorPanel()
        self.empty = EmptyState(
            Icon.SHIELD,
            self.tr("Nothing matches"),
            self.tr("Everything that is done here leaves a row. Look for less, or for another time."),
            self.tr("Show all"),
        )
        self._tag = StatusTag()
        self._told = Text("", TextSize.BODY, wrap=True)
        self._sentence = ""
        self._count = Text("", TextSize.CAPTION, ink=Ink.MUTED)
        self._faces = QStackedWidget()
        self._set_up_actions()
        self._set_up_table()
        self._lay_out()
        self._connect()
        self._add_commands()
        self.show_state(self.tr("NOT VERIFIED YET"), Tone.NEUTRAL, self.tr("New rows are verified at every start."))
        self.show_work("")

    @property
    def state(self) -> tuple[str, str]:
        """What is said about the proof: in a word, and in a sentence."""
        return self._tag.text, self._told.text()

    @property
    def is_sound(self) -> bool:
        """Whether the last verification found nothing wrong."""
        return self._tag.tone is Tone.OK

    @property
    def current(self) -> AuditEntry | None:
        """The row in focus."""
        return self.model.entry_at(self.table.currentIndex().row())

    def query(self) -> AuditQuery | None:
        """What the filters say; None while a date is none, which its field then shows."""
        since, until = self._day(self.since), self._day(self.until)
        if (since is None and self.since.text().strip()) or (until is None and self.until.text().strip()):
            return None
        return AuditQuery(
            actor=self.actor.text().strip(),
            action=self.kind.currentData(),
            text=self.search.text().strip(),
            since=since,
            until=until and until + timedelta(days=1),
        )

    def refresh(self) -> None:
        """Rows came or went: show the table or why there is none."""
        count = self.model.rowCount()
        self._faces.setCurrentIndex(0 if count else 1)
        whole, part = self.tr("%Ln rows", "", count), self.tr("%Ln rows read, more below", "", count)
        self._count.setText(whole if self.model.is_whole else part)
        if count and not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.model.index(0, 0))
        self.detail.show_entry(self.current)

    def show_row(self, audit_id: int) -> bool:
        """Bring a row into focus; False while it was not read."""
        row = self.model.row_of(audit_id)
        if row is not None:
            self.table.setCurrentIndex(self.model.index(row, 0))
        return row is not None

    def show_state(self, word: str, tone: Tone, sentence: str) -> None:
        """Say how the log stands."""
        self._tag.set_state(word, tone)
        self._sentence = sentence
        self._told.setText(sentence)

    def show_work(self, what: str, percent: int = 0) -> None:
        """Show what is under way, which can be stopped; nothing once it is done."""
        is_busy = bool(what)
        for button in (self.verify_button, self.export_button):
            button.setEnabled(not is_busy)
        self.cancel_button.setVisible(is_busy)
        self.progress.setVisible(is_busy)
        self.progress.setValue(percent)
        self._told.setText(what or self._sentence)

    def show_error(self, error: IpnftError | None) -> None:
        """Say what could not be done; None once something was."""
        if error is None:
            self.error_panel.clear()
        else:
            self.error_panel.show_error(error)

    def show_all(self) -> None:
        """Take every filter away."""
        for field in (self.search, self.actor, self.since, self.until):
            field.clear()
        self.kind.setCurrentIndex(0)
        self._on_filtered()

    def showEvent(self, event: QShowEvent) -> None:
        """What comes into view is read anew."""
        super().showEvent(event)
        self.query_changed.emit()

    def _filter(self, name: str) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(name)
        field.setAccessibleName(name)
        field.setClearButtonEnabled(True)
        narrowest, widest = _FILTER_WIDTHS
        field.setMinimumWidth(narrowest)
        field.setMaximumWidth(widest)
        return field

    def _day(self, field: QLineEdit) -> datetime | None:
        """The first moment of a day in this computer's zone; None for nothing, and for what is no day."""
        text = field.text().strip()
        try:
            day = datetime.combine(date.fromisoformat(text), time.min).astimezone() if text else None
        except ValueError:
            day = None
        field.setProperty("invalid", bool(text) and day is None)
        field.setToolTip(self.tr("Write the date as YYYY-MM-DD.") if text and day is None else "")
        field.style().unpolish(field)
        field.style().polish(field)
        return day

    def _set_up_actions(self) -> None:
        for word, name in (
            ("", self.tr("All actions")),
            ("asset", self.tr("Assets")),
            ("mint", self.tr("Mints")),
            ("user", self.tr("People")),
            ("enterprise", self.tr("Enterprises")),
            ("address", self.tr("Addresses")),
            ("chain", self.tr("Chain")),
            ("register", self.tr("Register")),
            ("audit", self.tr("Audit log")),
        ):
            self.kind.addItem(name, word)

    def _set_up_table(self) -> None:
        style_table(self.table)
        self.table.setModel(self.model)
        self.table.setAccessibleName(self.tr("Audit log"))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        for column, width in _WIDTHS.items():
            self.table.setColumnWidth(column, width)
        self.table.horizontalHeader().setSectionResizeMode(AuditColumn.WHAT, QHeaderView.ResizeMode.Stretch)

    def _lay_out(self) -> None:
        filters = QHBoxLayout()
        filters.setSpacing(Space.S)
        filters.addWidget(self.search, 2)
        filters.addWidget(self.kind)
        for field in (self.actor, self.since, self.until):
            filters.addWidget(field, 1)
        filters.addStretch()
        for button in (self.export_button, self.anchors_button, self.verify_button):
            filters.addWidget(button)
        state = QHBoxLayout()
        state.setSpacing(Space.M)
        state.addWidget(self._tag)
        state.addWidget(self._told, 1)
        state.addWidget(self.cancel_button)
        head = Card(padding=Space.M)
        head.body.addLayout(state)
        head.body.addWidget(self.progress)
        self._faces.addWidget(self.empty)
        listed = ListCard(self._faces, (), (self._count,), self.tr("Ctrl+F find · Ctrl+C copy · F5 reload"))
        sides = QHBoxLayout()
        sides.setSpacing(Space.M)
        sides.addWidget(listed, 1)
        sides.addWidget(self.detail)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.M)
        box.addLayout(filters)
        box.addWidget(head)
        box.addWidget(self.error_panel)
        box.addLayout(sides, 1)
        self._faces.insertWidget(0, self.table)  # last: a table is dressed anew with all that is put around it
        follow(self._faces, (self.table,))

    def _connect(self) -> None:
        self.search.search_requested.connect(self._on_filtered)
        self.kind.currentIndexChanged.connect(self._on_filtered)
        for field in (self.actor, self.since, self.until):
            field.editingFinished.connect(self._on_filtered)
        self.export_button.clicked.connect(self.export_requested)
        self.anchors_button.clicked.connect(self.anchors_requested)
        self.verify_button.clicked.connect(self.verify_requested)
        self.cancel_button.clicked.connect(self.cancel_requested)
        self.empty.action_requested.connect(self.show_all)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)

    def _add_commands(self) -> None:
        find, reload, back = self.tr("Search the audit log"), self.tr("Reload the list"), self.tr("Back to the list")
        copy, busy = self.tr("Copy the row in focus"), self.tr("Other work is under way.")
        Command(self, "audit.find search", find, self._on_find, QKeySequence.StandardKey.Find, icon=Icon.SEARCH)
        Command(self, "audit.reload refresh", reload, self.query_changed.emit, "F5", icon=Icon.REFRESH)
        Command(self, "audit.show all clear filter", self.tr("Show every row"), self.show_all, "Ctrl+0", icon=Icon.X)
        Command(self.search, "audit.to list", back, self.table.setFocus, Qt.Key.Key_Escape, is_key_only=True)
        Command(self.table, "audit.copy row", copy, self._on_copy, QKeySequence.StandardKey.Copy)
        for name, title, button, icon in (
            ("export", self.tr("Export the audit log…"), self.export_button, Icon.DOWNLOAD),
            ("anchors", self.tr("Anchors of the audit log…"), self.anchors_button, Icon.LINK),
            ("verify", self.tr("Verify the audit log"), self.verify_button, Icon.BADGE_CHECK),
            ("stop", self.tr("Stop the verification or the export"), self.cancel_button, Icon.SQUARE),
        ):
            button_command(self, f"audit.{name}", button, title=title, icon=icon, why_not=lambda: busy)
        Jump(self, self._offer_search, self._search_for)

    def _offer_search(self, text: str) -> str:
        return self.tr("Search the audit log for “{0}”").format(text)

    def _search_for(self, text: str) -> None:
        self.search.setText(text)

    def _on_find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _on_filtered(self, *_: object) -> None:
        if self.query() is not None:
            self.query_changed.emit()

    def _on_row(self, current: QModelIndex, _before: QModelIndex) -> None:
        self.detail.show_entry(self.model.entry_at(current.row()))

    def _on_copy(self) -> None:
        entry = self.current
        if entry is not None:
            QGuiApplication.clipboard().setText(entry.line.canonical().decode())
