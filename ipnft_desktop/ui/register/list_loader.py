"""Keeps the table supplied: lays the list out, loads the pages in view, and asks again when it fell out of step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from ipnft_desktop.domain.assets import AssetPage, AssetQuery, PageAnchor
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.ui.models.asset_pages import PAGE_ROWS
from ipnft_desktop.ui.models.asset_table_model import NOT_COUNTED, AssetTableModel
from ipnft_desktop.ui.tasks import PageTasks

_PAGES = "asset pages"
_LAY_OUT = "asset list"
_COUNT = "asset count"
_RELOAD_PAUSE_MS = 300
"""Changes that need a new layout of the list are gathered for so long."""


class AssetLister(Protocol):
    """The part of `services.register.RegisterService` that lists."""

    async def page(self, query: AssetQuery, after: PageAnchor | None = None, limit: int = PAGE_ROWS) -> AssetPage: ...
    async def count(self, query: AssetQuery) -> int: ...


class ListLoader(QObject):
    """`laid_out` carries query, number of rows and first page; `failed` the `IpnftError` instead.

    The first rows of a list come before their number, which takes time: then `laid_out` tells `NOT_COUNTED` first.
    """

    laid_out = Signal(object, int, object)
    failed = Signal(object)

    def __init__(
        self,
        model: AssetTableModel,
        register: AssetLister,
        query: Callable[[], AssetQuery],
        tasks: PageTasks,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._register = register
        self._query = query
        self._tasks = tasks
        self._turn = 0
        self._is_asking = False
        self._is_counting = False
        self._to_count: tuple[int, AssetQuery, AssetPage] | None = None
        self._listed: AssetQuery | None = None
        self._is_wanted = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_RELOAD_PAUSE_MS)
        self._pause.timeout.connect(self.reload)
        model.page_wanted.connect(self._on_page_wanted)
        model.reload_wanted.connect(self._on_reload_wanted)

    @property
    def is_listed(self) -> bool:
        """Whether the model shows a list that is kept up to date."""
        return self._listed is not None

    def reload(self) -> None:
        """Ask for the list again; what is shown stays until the answer is here."""
        self._pause.stop()
        self._is_wanted = True
        self._turn += 1
        # One question at a time: of all that were typed meanwhile only the last is asked.
        if not self._is_asking:
            self._tasks.start(self._ask_latest(), _LAY_OUT)

    def stop(self) -> None:
        """Ask for nothing any more until `reload`; answers on the way are dropped."""
        self._pause.stop()
        self._turn += 1
        self._listed = None
        self._is_wanted = False
        self._to_count = None

    async def load_pages(self) -> None:
        """Load what the model wants until it has it."""
        while (request := self._model.next_request()) is not None:
            try:
                answer = await self._register.page(request.query, request.after, request.limit)
            except IpnftError as error:
                if self._is_wanted:
                    self.failed.emit(error)
                return
            self._model.accept(request, answer)

    async def _ask_latest(self) -> None:
        self._is_asking = True
        try:
            turn = -1
            while self._is_wanted and turn != self._turn:
                turn = self._turn
                await self._lay_out(turn)
        finally:
            self._is_asking = False

    async def _lay_out(self, turn: int) -> None:
        query = self._query()
        try:
            first = await self._register.page(query, None, PAGE_ROWS)
        except IpnftError as error:
            self._fail(turn, error)
            return
        if turn != self._turn:
            return
        if first.next_anchor is None:
            self._tell(query, len(first.rows), first)
            return
        if query != self._listed:
            self._tell(query, NOT_COUNTED, first)
        self._to_count = (turn, query, first)
        if not self._is_counting:
            self._tasks.start(self._count_latest(), _COUNT)

    async def _count_latest(self) -> None:
        """Beside the pages, so that what is typed next does not wait for the number of what was typed before."""
        self._is_counting = True
        try:
            while self._to_count is not None:
                (turn, query, first), self._to_count = self._to_count, None
                try:
                    count = await self._register.count(query)
                except IpnftError as error:
                    self._fail(turn, error)
                    continue
                if turn == self._turn:
                    self._tell(query, count, first)
        finally:
            self._is_counting = False

    def _fail(self, turn: int, error: IpnftError) -> None:
        if turn == self._turn:
            self.failed.emit(error)

    def _tell(self, query: AssetQuery, count: int, first: AssetPage) -> None:
        self._listed = query
        self.laid_out.emit(query, count, first)

    def _on_page_wanted(self) -> None:
        if self.is_listed and not self._tasks.is_running(_PAGES):
            self._tasks.start(self.load_pages(), _PAGES)

    def _on_reload_wanted(self) -> None:
        if self.is_listed and not self._pause.isActive():
            self._pause.start()
