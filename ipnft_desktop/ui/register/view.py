"""The Register page as a picture of its state; what it should do is decided by the presenter."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from ipnft_desktop.domain.assets import AssetPage, AssetQuery, AssetRow, SortKey
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.minting import MINTABLE_STATES, AssetState
from ipnft_desktop.ui.commands.main_menu import add_command
from ipnft_desktop.ui.models.asset_table_model import AssetTableModel
from ipnft_desktop.ui.register.asset_table import AssetTable
from ipnft_desktop.ui.register.commands import RegisterCommands
from ipnft_desktop.ui.register.detail_panel import DetailPanel
from ipnft_desktop.ui.register.faces import RegisterFaces
from ipnft_desktop.ui.register.filter_bar import FilterBar
from ipnft_desktop.ui.register.mint_actions import MintWish
from ipnft_desktop.ui.register.row_menu import row_menu
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, TextSize
from ipnft_desktop.ui.widgets.asset_words import state_name
from ipnft_desktop.ui.widgets.buttons import LinkButton, PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.inputs import SearchField, Select
from ipnft_desktop.ui.widgets.list_card import ListCard
from ipnft_desktop.ui.widgets.list_faces import Face
from ipnft_desktop.ui.widgets.list_page import ListPage
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.menu import Menu
from ipnft_desktop.ui.widgets.question_bar import QuestionBar
from ipnft_desktop.ui.widgets.text import Text

_LOOKED_THROUGH = 1_000
"""Rows of a selection looked at to find out what can be done with it."""


class RegisterView(ListPage):
    """Signals say what the person wants. Asset ids are `UUID`; `query_changed` carries an `AssetQuery`,
    `cancel_mint_confirmed` the id of a job."""

    new_requested = Signal()
    open_requested = Signal(object)
    edit_requested = Signal(object)
    duplicate_requested = Signal(object)
    delete_confirmed = Signal(object)
    deleted_requested = Signal()
    import_requested = Signal()
    export_requested = Signal()
    mint_selection_requested = Signal()
    verify_selection_requested = Signal()
    cancel_mint_requested = Signal(object)
    cancel_mint_confirmed = Signal(object)
    retry_requested = Signal(object)
    reset_requested = Signal(object)
    copy_selection_requested = Signal()
    current_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, whole: bool = True) -> None:
        """Without `whole` the other half of the work is left to `complete`."""
        super().__init__(RegisterFaces(), parent)
        self.header.set_title(self.tr("Register"), self.tr("Intellectual-property assets"))
        self._query = AssetQuery()
        self._to_delete: tuple[UUID, ...] = ()
        self._to_cancel: UUID | None = None
        self._edit_refusal_for: Callable[[Collection[UUID]], str] = lambda _owners: ""
        self.model = AssetTableModel(self)
        self.search = SearchField(self.tr("Search everything…"))
        self.search.setToolTip(
            self.tr("Words of name, number, creator or description; “in quotes” what belongs together.")
        )
        self.state_filter = Select(self.tr("State"))
        self.state_filter.setPlaceholderText(self.tr("Several states"))
        self.filter_bar = FilterBar()
        self.sheets_button = SecondaryButton(self.tr("Import, export"), Icon.FILE_TEXT)
        self.new_button = SecondaryButton(self.tr("New asset"), Icon.PLUS)
        self.mint_button = PrimaryButton(self.tr("Mint NFT"), Icon.STAMP)
        self.question = QuestionBar(self.tr("Delete"), self.tr("Keep"))
        self.cancel_question = QuestionBar(self.tr("Cancel the mint"), self.tr("Keep minting"))
        self.wish_signals = {
            MintWish.CANCEL: self.cancel_mint_requested,
            MintWish.RETRY: self.retry_requested,
            MintWish.RESET: self.reset_requested,
        }
        self.count_text = Text("", TextSize.CAPTION, ink=Ink.MUTED)
        self.deleted_button = LinkButton(self.tr("Recently deleted…"))
        self.columns_button = LinkButton(self.tr("Columns…"))
        self._fill_states()
        self._lay_out()
        if whole:
            self.complete()

    def complete(self) -> None:
        """Make the list and what stands beside it."""
        self.table = AssetTable(self.model, self.faces)
        self.faces.hold(self.table)
        self.panel = DetailPanel(self)
        self.body.addWidget(self.panel)
        self._connect()
        self.show_no_environment()
        self.commands = RegisterCommands(self)

    @property
    def query(self) -> AssetQuery:
        """What the person asks to see."""
        return self._query

    def owners_of_chosen(self) -> frozenset[UUID]:
        """The enterprises of what is selected."""
        return frozenset(row.enterprise_id for row in self.chosen_rows())

    def refuse_edits_by(self, refusal_for: Callable[[Collection[UUID]], str]) -> None:
        """`refusal_for` answers why the person may not edit what belongs to these enterprises, or nothing."""
        self._edit_refusal_for = refusal_for

    def edit_refusal(self, *rows: AssetRow) -> str:
        """Why the person may not edit or delete these, or nothing."""
        return self._edit_refusal_for({row.enterprise_id for row in rows})

    def chosen_rows(self) -> tuple[AssetRow, ...]:
        """What is selected, as far as it is loaded, and of a huge selection its beginning."""
        return self.table.selected_rows(_LOOKED_THROUGH)

    @property
    def can_import(self) -> bool:
        """Whether there is a register to import into, and the person may."""
        return self.sheets_button.isEnabled() and not self.new_button.refusal

    def show_no_environment(self) -> None:
        """Nothing can be listed."""
        self._show_nothing(Face.NO_ENVIRONMENT)

    def show_signed_out(self) -> None:
        """Nobody may see anything: what was listed, shown, asked or typed goes."""
        self.clear_filter()
        self.filter_bar.close_popup()
        self.filter_bar.set_enterprises({})
        self.filter_bar.set_saved(())
        self.error_panel.clear()
        self.question.hide()
        self.cancel_question.hide()
        self._show_nothing(Face.SIGNED_OUT)

    def show_list(self, query: AssetQuery, count: int, first: AssetPage) -> None:
        """Lay out a list; selection and place are kept as far as the rows are still in view."""
        chosen = [row.asset_id for row in self.chosen_rows()]
        current = self.table.current_row()
        bar = self.table.verticalScrollBar()
        place = bar.value() if query == self.model.query else 0
        self.model.reset(query, count, first)
        self.error_panel.clear()
        self.table.show_sorting(query.sort, query.descending)
        self.table.select_assets(chosen, current.asset_id if current else None)
        bar.setValue(place)
        self._refresh_face()
        self._refresh_footer()

    def show_list_error(self, error: IpnftError) -> None:
        """The list could not be read."""
        self.error_panel.show_error(error)
        if self.face is Face.NO_ENVIRONMENT:
            self._set_face(Face.LIST)

    def ask_delete(self, rows: tuple[AssetRow, ...]) -> None:
        """One asset is deleted at once, for that can be undone; several are asked about first."""
        chosen = tuple(row.asset_id for row in rows)
        if len(chosen) == 1:
            self.delete_confirmed.emit(chosen)
        elif chosen:
            self._to_delete = chosen
            self.question.ask(self.tr("Delete %Ln assets? They can be restored.", "", len(chosen)))

    def ask_cancel_mint(self, job_id: UUID, count: int, *, is_signed: bool) -> None:
        """Ask before the mint of this job is cancelled, for it concerns `count` assets, or was signed already."""
        self._to_cancel = job_id
        parts: list[str] = []
        if count > 1:
            parts.append(self.tr("One transaction mints %Ln assets; all of them are cancelled.", "", count))
        if is_signed:
            parts.append(
                self.tr(
                    "The chain decides: a cancellation is sent under the same number; "
                    "if the mint is mined first, the token exists."
                )
            )
        self.cancel_question.ask(" ".join(parts))

    def name_of(self, asset_id: UUID) -> str:
        """What a listed or shown asset is called."""
        shown = self.panel.asset
        if shown is not None and shown.asset_id == asset_id:
            return shown.name
        at = self.model.position(asset_id)
        row = self.model.row_at(at) if at is not None else None
        return row.name if row is not None else str(asset_id)

    def clear_filter(self) -> None:
        """Show everything again, in the same order."""
        self.apply_query(AssetQuery(sort=self._query.sort, descending=self._query.descending))

    def apply_query(self, query: AssetQuery) -> None:
        """List this, and show it in all controls."""
        for control in (self.search, self.state_filter):
            control.blockSignals(True)
        self.search.setText(query.text)
        # A saved filter may hold several states; then the box shows none, and the list is right all the same.
        self.state_filter.choose(query.states)
        for control in (self.search, self.state_filter):
            control.blockSignals(False)
        self.filter_bar.show_query(query)
        self._change_query(query)

    def _show_nothing(self, face: Face) -> None:
        self.model.reset(self._query, 0, AssetPage((), None))
        self.panel.show_asset(None)
        self._set_face(face)

    def _fill_states(self) -> None:
        self.state_filter.addItem(self.tr("All states"), frozenset[AssetState]())
        for state in AssetState:
            self.state_filter.addItem(state_name(state), frozenset({state}))
        self.state_filter.setCurrentIndex(0)  # a box with a placeholder chooses nothing by itself

    def _lay_out(self) -> None:
        for widget in (self.search, self.state_filter, self.sheets_button, self.new_button, self.mint_button):
            self.header.add_action(widget)
        self._card = ListCard(
            self.faces,
            (self.error_panel, self.question, self.cancel_question),
            (self.count_text, self.deleted_button, self.columns_button),
            self.tr("↑↓ browse · Enter open · M mint · R retry · X cancel · Ctrl+F find · Ctrl+N new"),
            self.filter_bar,
        )
        self.body.addWidget(self._card, 1)

    def _connect(self) -> None:
        self.search.search_requested.connect(self._on_search)
        self.state_filter.currentIndexChanged.connect(self._on_state_filter)
        self.sheets_button.clicked.connect(self._on_sheets)
        self.columns_button.clicked.connect(self._on_columns)
        self.filter_bar.query_chosen.connect(self.apply_query)
        self.new_button.clicked.connect(self.new_requested)
        self.mint_button.clicked.connect(self.mint_selection_requested)
        self.faces.empty.action_requested.connect(self.new_requested)
        self.faces.no_match.action_requested.connect(self.clear_filter)
        self.deleted_button.clicked.connect(self.deleted_requested)
        self.question.confirmed.connect(self._on_delete_confirmed)
        self.question.declined.connect(self.table.setFocus)
        self.cancel_question.confirmed.connect(self._on_cancel_confirmed)
        self.cancel_question.declined.connect(self.table.setFocus)
        self.table.opened.connect(self._on_open)
        self.table.menu_requested.connect(self._on_menu)
        self.table.selection_changed.connect(self._refresh_footer)
        self.table.sort_changed.connect(self._on_sort)
        self.table.current_changed.connect(self.current_changed)
        for changed in (self.model.rowsInserted, self.model.rowsRemoved):
            changed.connect(self._refresh_face)
            changed.connect(self._refresh_footer)
        self.model.dataChanged.connect(self._on_data_changed)

    def _set_face(self, face: Face) -> None:
        self.faces.show_face(face)
        for control in (self.search, self.state_filter, self.sheets_button, self.new_button):
            control.setEnabled(not face.is_closed)
        self._card.show_lines(face.is_listing)
        self.panel.setVisible(face.is_listing)
        self._refresh_footer()

    def _refresh_face(self) -> None:
        query = self.model.query
        if self.model.rowCount():
            self._set_face(Face.LIST)
        else:
            self.panel.show_asset(None)
            self._set_face(Face.NO_MATCH if query.is_narrowed else Face.EMPTY)

    def _refresh_footer(self) -> None:
        chosen = self.table.selected_count
        self.count_text.setText(self._count_words())
        self.mint_button.setText(self.tr("Mint NFT") if chosen < 2 else self.tr("Mint %Ln NFTs", "", chosen))
        self._refresh_mint_button()

    def _count_words(self) -> str:
        chosen, total = self.table.selected_count, self.model.rowCount()
        if self.model.is_counting:
            words = self.tr("counting…")
        elif self.model.is_cut:
            words = self.tr("first {0} of more than %Ln matches", "", total).format(number_text(total))
        elif self.model.query.is_narrowed:
            words = self.tr("%Ln matches", "", total)
        else:
            words = self.tr("%Ln assets", "", total)
        return self.tr("{0} · {1} selected").format(words, number_text(chosen)) if chosen else words

    def _refresh_mint_button(self) -> None:
        rows = self.chosen_rows()
        self.mint_button.setEnabled(any(row.state in MINTABLE_STATES for row in rows))

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

    def _on_data_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        if any(start <= last.row() and end >= first.row() for start, end in self.table.selected_spans()):
            self._refresh_mint_button()
        current = self.table.current_row()
        if current is not None and self.panel.asset_id != current.asset_id:
            self.current_changed.emit(current)

    def _on_open(self) -> None:
        row = self.table.current_row()
        if row is not None:
            self.open_requested.emit(row)

    def _on_delete_confirmed(self) -> None:
        chosen, self._to_delete = self._to_delete, ()
        self.table.setFocus()
        self.delete_confirmed.emit(chosen)

    def _on_cancel_confirmed(self) -> None:
        job_id, self._to_cancel = self._to_cancel, None
        self.table.setFocus()
        self.cancel_mint_confirmed.emit(job_id)

    def context_menu(self) -> QMenu | None:
        """What can be done with the row in focus and with the selection; None without a row."""
        row = self.table.current_row()
        return None if row is None else row_menu(self)

    def sheets_menu(self) -> QMenu:
        """What can be done with spreadsheets; goes by itself when it is closed."""
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        add_command(menu, self.commands.importing)
        add_command(menu, self.commands.exporting)
        return menu

    def _on_columns(self) -> None:
        menu = self.table.columns_menu()
        menu.popup(self.columns_button.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def _on_sheets(self) -> None:
        self.sheets_menu().popup(self.sheets_button.mapToGlobal(QPoint(0, self.sheets_button.height())))

    def _on_menu(self, at: QPoint) -> None:
        menu = self.context_menu()
        if menu is not None:
            menu.popup(at)
