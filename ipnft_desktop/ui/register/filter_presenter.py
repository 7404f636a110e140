"""Supplies the filter bar with enterprises and saved filters, and runs the dialog of the latter."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from PySide6.QtCore import QObject

from ipnft_desktop.domain.assets import AssetQuery, Enterprise
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.saved_filters import SavedFilter
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.register.deletions import Run
from ipnft_desktop.ui.register.filter_words import narrowings
from ipnft_desktop.ui.register.saved_filters_dialog import SavedFiltersDialog
from ipnft_desktop.ui.widgets.asset_words import state_name
from ipnft_desktop.ui.widgets.measures import listed

if TYPE_CHECKING:
    from ipnft_desktop.ui.batch.view import BatchView
    from ipnft_desktop.ui.register.view import RegisterView

Filters = tuple[SavedFilter, ...]


class FilterKeeper(Protocol):
    """What the page needs of `services.saved_filters.SavedFilters`."""

    async def list(self) -> Filters: ...
    async def save(self, name: str, query: AssetQuery) -> Filters: ...
    async def rename(self, filter_id: UUID, name: str) -> Filters: ...
    async def delete(self, filter_id: UUID) -> Filters: ...


class Owners(Protocol):
    """What the page needs of `services.register.RegisterService` to name enterprises."""

    async def enterprises(self) -> tuple[Enterprise, ...]: ...


class FilterPresenter(QObject):
    """Belongs to one page; `run` does something for as long as that page lives."""

    def __init__(
        self,
        view: RegisterView | BatchView,
        keeper: FilterKeeper,
        owners: Owners,
        events: AppEvents,
        run: Run,
    ) -> None:
        super().__init__(view)
        self._view = view
        self._keeper = keeper
        self._owners = owners
        self._run = run
        self._names: dict[UUID, str] = {}
        self._dialog: SavedFiltersDialog | None = None
        view.filter_bar.manage_requested.connect(self._on_manage)
        events.enterprise_changed.connect(self.refresh)

    @property
    def dialog(self) -> SavedFiltersDialog | None:
        """The dialog that is open."""
        return self._dialog

    def refresh(self) -> None:
        """Somebody begins to work with the register: ask for what can be chosen, and what they saved."""
        self._run(self._refresh, "register filters")

    def close(self) -> None:
        """Close the dialog."""
        if self._dialog is not None:
            self._dialog.reject()

    async def _refresh(self) -> None:
        self._names = {owner.enterprise_id: owner.name for owner in await self._owners.enterprises()}
        self._view.filter_bar.set_enterprises(self._names)
        self._view.filter_bar.set_saved(await self._keeper.list())

    async def _in_dialog(self, work: Callable[[], Coroutine[Any, Any, Filters]]) -> None:
        """Do what the dialog asks for and show what is kept then; what goes wrong is told there."""
        dialog = self._dialog
        try:
            saved = await work()
        except IpnftError as error:
            if dialog is None or dialog is not self._dialog:
                raise
            dialog.show_error(error)
            return
        self._view.filter_bar.set_saved(saved)
        if dialog is not None and dialog is self._dialog:
            dialog.show_saved(saved)

    def _on_manage(self) -> None:
        dialog = SavedFiltersDialog(self._in_words(self._view.query), self._view.window())
        self._dialog = dialog
        dialog.save_requested.connect(self._on_save)
        dialog.rename_requested.connect(self._on_rename)
        dialog.delete_requested.connect(self._on_delete)
        dialog.apply_requested.connect(self._on_apply)
        dialog.finished.connect(self._on_closed)
        self._do(self._keeper.list)
        dialog.open()
        dialog.name.setFocus()

    def _do(self, work: Callable[[], Coroutine[Any, Any, Filters]]) -> None:
        self._run(lambda: self._in_dialog(work), "register saved filters")

    def _in_words(self, query: AssetQuery) -> str:
        parts = [narrowing.words for narrowing in narrowings(query, self._names)]
        if query.states:
            parts.insert(0, self.tr("State: {0}").format(listed(map(state_name, sorted(query.states)))))
        if query.text:
            parts.insert(0, self.tr("Words: {0}").format(query.text))
        return self.tr("Now listed: {0}").format(" · ".join(parts) or self.tr("all assets"))

    def _on_save(self, name: str) -> None:
        query = self._view.query
        self._do(lambda: self._keeper.save(name, query))

    def _on_rename(self, saved: SavedFilter, name: str) -> None:
        self._do(lambda: self._keeper.rename(saved.filter_id, name))

    def _on_delete(self, saved: SavedFilter) -> None:
        self._do(lambda: self._keeper.delete(saved.filter_id))

    def _on_apply(self, saved: SavedFilter) -> None:
        self._view.apply_query(saved.query)
        self.close()

    def _on_closed(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
