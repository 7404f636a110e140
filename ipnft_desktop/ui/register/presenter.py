"""Runs the Register page: lists, loads, shows, and hands the wishes on to the services."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from ipnft_desktop.domain.assets import AssetPage, AssetQuery, AssetRow
from ipnft_desktop.domain.errors import IpnftError, with_code
from ipnft_desktop.domain.events import AssetChanged, AssetCreated, AssetDeleted, MintAdvanced
from ipnft_desktop.domain.minting import (
    BUSY_STATES,
    EDITABLE_STATES,
    MAX_BATCH_ITEMS,
    MINTABLE_STATES,
    AssetState,
)
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.pictures import PictureStore
from ipnft_desktop.ui.register.asset_form import AssetForm
from ipnft_desktop.ui.register.deleted_dialog import DeletedDialog
from ipnft_desktop.ui.register.deletions import Bin, DeletionPresenter
from ipnft_desktop.ui.register.files_presenter import AssetFilesPresenter, FileRegister
from ipnft_desktop.ui.register.filter_presenter import FilterKeeper, FilterPresenter
from ipnft_desktop.ui.register.form_presenter import AssetFormPresenter, FormRegister
from ipnft_desktop.ui.register.list_loader import AssetLister, ListLoader
from ipnft_desktop.ui.register.mint_control import MintControl, MintControlPresenter
from ipnft_desktop.ui.register.row_text import tab_separated
from ipnft_desktop.ui.register.view import RegisterView
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone

_DETAIL = "register detail"
_COPIED_ROWS = 2_000


class Register(FormRegister, AssetLister, FileRegister, Protocol):
    """What the page needs of `services.register.RegisterService`."""


class RegisterPresenter(QObject):
    """What other pages do is asked for by signals: `mint_requested` with a tuple of `AssetRow`, `watch_requested` and
    `open_card_requested` with an asset id; `notice` is a short message with its `Tone`,
    `undo_offered` one with what takes it back; `metadata_requested` carries a tuple of ids of assets whose metadata
    shall be shown."""

    mint_requested = Signal(object)
    watch_requested = Signal(object)
    open_card_requested = Signal(object)
    notice = Signal(str, object)
    undo_offered = Signal(str, object)
    metadata_requested = Signal(object)

    def __init__(
        self,
        view: RegisterView,
        register: Register,
        desk: MintControl,
        deleted: Bin,
        filters: FilterKeeper,
        events: AppEvents,
        pictures: PictureStore,
    ) -> None:
        super().__init__(view)
        self._view = view
        self._register = register
        self._tasks = PageTasks(self._on_unexpected)
        self._form = AssetFormPresenter(view, register)
        self._list = ListLoader(view.model, register, lambda: view.query, self._tasks, self)
        self._mints = MintControlPresenter(view, desk, self._run)
        self._files = AssetFilesPresenter(view, register, self._form, self._run)
        self._deletions = DeletionPresenter(view, deleted, self._run)
        self._filters = FilterPresenter(view, filters, register, events, self._run)
        self._detail_turn = 0
        self._wanted_first: UUID | None = None
        self._has_environment = False
        self._is_signed_out = False
        self._is_closed = False
        view.panel.use_pictures(pictures)
        self._connect_view()
        self._connect_panel()
        self._connect_events(events)

    @property
    def deleted_dialog(self) -> DeletedDialog | None:
        """The dialog of deleted assets that is open."""
        return self._deletions.dialog

    @property
    def files(self) -> AssetFilesPresenter:
        """What is done with files."""
        return self._files

    @property
    def form(self) -> AssetForm | None:
        """The asset form that is open."""
        return self._form.form

    def activate(self) -> None:
        """The page comes into view with a running environment."""
        if self._is_signed_out:
            return
        if not self._list.is_listed:
            self.reload()
        self._view.table.setFocus()

    def reload(self) -> None:
        """The environment is up and somebody is signed in: ask for the list again; what is shown stays until the answer
        is here."""
        self._has_environment = True
        self._is_signed_out = False
        self._list.reload()
        self._filters.refresh()

    def show_first(self, asset_id: UUID) -> None:
        """Select this asset in the next list instead of its first, or show it beside the list if it is further down."""
        self._wanted_first = asset_id

    def show_asset(self, asset_id: UUID) -> None:
        """Select this asset, or show it beside the list if its row is not here."""
        if not self._list.is_listed:
            self.show_first(asset_id)
        elif not self._view.table.select_asset(asset_id):
            self._show(asset_id)

    def show_signed_out(self) -> None:
        """Nobody is signed in: everything of the register goes at once, and nothing is asked for until `reload`."""
        self._is_signed_out = True
        self._detail_turn += 1
        self._list.stop()
        self._form.stop_opening()
        self._view.show_signed_out()

    async def close(self) -> None:
        """Cancel what is under way."""
        self._is_closed = True
        self._list.stop()
        await self._form.close()
        await self._files.close()
        self._deletions.close()
        self._filters.close()
        await self._tasks.close()

    async def _show_asset(self, asset_id: UUID, turn: int) -> None:
        asset = await self._register.asset(asset_id)
        if turn == self._detail_turn:
            self._view.panel.show_asset(asset)

    async def _edit(self, asset_id: UUID) -> None:
        asset = await self._register.asset(asset_id)
        if not self._is_signed_out:
            self._form.edit(asset)

    async def _duplicate(self, asset_id: UUID) -> None:
        asset = await self._register.asset(asset_id)
        if not self._is_signed_out:
            self._form.duplicate(asset)

    async def _with_selection(self, most: int, use: Callable[[tuple[AssetRow, ...]], None]) -> None:
        """Hand over the rows selected, loading first those that are not here."""
        table, model = self._view.table, self._view.model
        too_many = self.tr("Select at most %Ln assets for this.", "", most)
        while table.selected_count <= most:
            loaded = model.want_rows(table.selected_spans())
            if loaded is None:
                break
            if loaded:
                use(table.selected_rows(most))
                return
            await self._list.load_pages()
        self.notice.emit(too_many, Tone.WARN)

    def _mint(self, rows: tuple[AssetRow, ...]) -> None:
        mintable = tuple(row for row in rows if row.state in MINTABLE_STATES)
        if mintable:
            self.mint_requested.emit(mintable)
        elif len(rows) == 1 and rows[0].state in BUSY_STATES:
            self.watch_requested.emit(rows[0].asset_id)
        elif rows:
            self.notice.emit(self.tr("Nothing selected here can be minted."), Tone.WARN)

    def _copy(self, rows: tuple[AssetRow, ...]) -> None:
        if rows:
            QGuiApplication.clipboard().setText(tab_separated(rows))
            self.notice.emit(self.tr("%Ln rows copied", "", len(rows)), Tone.OK)

    def _connect_view(self) -> None:
        view = self._view
        view.query_changed.connect(self._on_query_changed)
        view.reload_requested.connect(self._on_reload_requested)
        self._list.laid_out.connect(self._on_laid_out)
        self._list.failed.connect(view.show_list_error)
        view.current_changed.connect(self._on_current_changed)
        view.new_requested.connect(self._form.create)
        view.open_requested.connect(self._on_open)
        view.edit_requested.connect(self._doing(self._edit))
        view.duplicate_requested.connect(self._doing(self._duplicate))
        view.mint_selection_requested.connect(self._on_mint_selection)
        view.copy_selection_requested.connect(self._on_copy_selection)
        self._form.saved.connect(self._on_saved)
        self._form.notice.connect(self.notice)
        self._mints.watch_requested.connect(self.watch_requested)
        self._mints.notice.connect(self.notice)
        self._deletions.notice.connect(self.notice)
        self._files.notice.connect(self.notice)
        self._deletions.undo_offered.connect(self.undo_offered)

    def _connect_panel(self) -> None:
        panel = self._view.panel
        panel.mint_requested.connect(self._on_mint_shown)
        panel.watch_requested.connect(self.watch_requested)
        panel.open_card_requested.connect(self.open_card_requested)
        panel.edit_requested.connect(self._view.edit_requested)
        panel.duplicate_requested.connect(self._view.duplicate_requested)
        panel.delete_requested.connect(self._on_delete_shown)
        panel.metadata_requested.connect(self._on_metadata_requested)

    def _connect_events(self, events: AppEvents) -> None:
        events.asset_created.connect(self._on_created)
        events.assets_imported.connect(self._on_reload_requested)
        events.enterprise_changed.connect(self._on_reload_requested)
        events.asset_changed.connect(self._on_changed)
        events.asset_deleted.connect(self._on_deleted)
        events.session_changed.connect(self._deletions.forget)
        events.mint_advanced.connect(self._on_mint_advanced)

    def _doing(self, work: Callable[[Any], Coroutine[Any, Any, None]]) -> Callable[[Any], None]:
        """The slot that does this with what a signal carries."""
        return lambda wanted: self._run(lambda: work(wanted), work.__name__)

    def _run(self, work: Callable[[], Coroutine[Any, Any, None]], name: str) -> None:
        """Do what was asked for; a failure is told where the list is, as long as somebody is there to read it. A closed
        page does nothing any more, nor does one without a person."""
        if self._is_closed or self._is_signed_out:
            return

        async def guarded() -> None:
            try:
                await work()
            except IpnftError as error:
                if not self._is_signed_out:
                    self._view.show_list_error(error)

        self._tasks.start(guarded(), name)

    @property
    def _is_readable(self) -> bool:
        # Before the environment is up the page offers to start it; an error must not take the place of that.
        return self._has_environment and not self._is_closed and not self._is_signed_out

    def _on_reload_requested(self) -> None:
        if self._is_readable:
            self.reload()

    def _on_query_changed(self) -> None:
        # Only the list: what can be filtered by does not change with what is typed.
        if self._is_readable:
            self._list.reload()

    def _on_mint_selection(self) -> None:
        self._run(lambda: self._with_selection(MAX_BATCH_ITEMS, self._mint), "register mint")

    def _on_copy_selection(self) -> None:
        self._run(lambda: self._with_selection(_COPIED_ROWS, self._copy), "register copy")

    def _on_laid_out(self, query: AssetQuery, count: int, first: AssetPage) -> None:
        is_other = query != self._view.model.query
        self._view.show_list(query, count, first)
        wanted, self._wanted_first = self._wanted_first, None
        if wanted is not None and not self._view.table.select_asset(wanted):
            self._show(wanted)
            return
        # A table that has the focus makes its first row the current one, but selects nothing: a key would do nothing.
        is_wanted = is_other or self._view.panel.asset is None
        if is_wanted and not self._view.table.selected_count and first.rows:
            self._view.table.select_asset((self._view.table.current_row() or first.rows[0]).asset_id)

    def _on_current_changed(self, row: AssetRow | None) -> None:
        if row is not None:
            self._show(row.asset_id)

    def _show(self, asset_id: UUID) -> None:
        self._detail_turn += 1
        turn = self._detail_turn
        self._run(lambda: self._show_asset(asset_id, turn), _DETAIL)

    def _on_open(self, row: AssetRow) -> None:
        refusal = self._view.edit_refusal(row)
        if row.state in EDITABLE_STATES and refusal:
            self.notice.emit(refusal, Tone.WARN)
        elif row.state in EDITABLE_STATES:
            self._view.edit_requested.emit(row.asset_id)
        elif row.state is AssetState.MINTED:
            self.open_card_requested.emit(row.asset_id)
        else:
            self.watch_requested.emit(row.asset_id)

    def _on_metadata_requested(self, asset_id: UUID) -> None:
        self.metadata_requested.emit((asset_id,))

    def _on_mint_shown(self, asset_id: UUID) -> None:
        row = self._row_of(asset_id)
        if row is not None:
            self._mint((row,))

    def _on_delete_shown(self, asset_id: UUID) -> None:
        row = self._row_of(asset_id)
        if row is not None:
            self._view.ask_delete((row,))

    def _row_of(self, asset_id: UUID) -> AssetRow | None:
        at = self._view.model.position(asset_id)
        return self._view.model.row_at(at) if at is not None else None

    def _on_saved(self, asset_id: UUID) -> None:
        if not self._view.table.select_asset(asset_id):
            self._show(asset_id)
        self._view.table.setFocus()

    def _on_created(self, event: AssetCreated) -> None:
        if self._list.is_listed:
            self._view.model.apply_created(event.row)

    def _on_changed(self, event: AssetChanged) -> None:
        row, shown = event.row, self._view.panel.asset
        if self._list.is_listed:
            self._view.model.apply_changed(row)
        # While a mint runs its progress says everything; the whole asset is read when something else changed.
        if shown is None or shown.asset_id != row.asset_id:
            return
        if row.state not in BUSY_STATES or row.state is not shown.state:
            self._show(row.asset_id)

    def _on_deleted(self, event: AssetDeleted) -> None:
        if self._list.is_listed:
            self._view.model.apply_deleted(event.asset_id)
        if self._view.panel.asset_id == event.asset_id:
            self._view.panel.show_asset(None)
            self._on_current_changed(self._view.table.current_row())

    def _on_mint_advanced(self, event: MintAdvanced) -> None:
        self._view.model.apply_progress(event.progress)
        self._view.panel.show_progress(event.progress)

    def _on_unexpected(self, error: Exception) -> None:
        self._view.show_list_error(with_code(error))
