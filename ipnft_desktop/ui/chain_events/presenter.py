"""Runs the Events tab: pages of the index, what a text stands for, export, rebuild."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from ipnft_desktop.domain.chain_events import EventAnchor, EventFilter, EventKind, IndexStatus
from ipnft_desktop.domain.inspection.finding import Found, FoundKind
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.inspector.event_reading import EVENTS_PAGE, EventLinePage
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.chain_events.view import EventsTab
from ipnft_desktop.ui.inspection.file_export import FileExport
from ipnft_desktop.ui.inspection.reader import MORE, WORK, InspectionPresenter
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.list_faces import Face

_FILE_NAME = "events.csv"
_SEARCH = "event search"


class Events(Protocol):
    """What the tab needs of `services.inspector.event_reading.EventReading`."""

    async def status(self) -> IndexStatus: ...
    async def kinds(self) -> Mapping[EventKind, int]: ...
    async def count(self, wanted: EventFilter) -> int: ...
    async def page(
        self, wanted: EventFilter, after: EventAnchor | None = None, limit: int = EVENTS_PAGE
    ) -> EventLinePage: ...


class Search(Protocol):
    """What the tab needs of `services.inspector.chain_search.ChainSearch`."""

    async def find(self, text: str) -> tuple[Found, ...]: ...


class Exports(Protocol):
    """What the tab needs of `services.inspector.event_export.EventExport`."""

    async def export(self, wanted: EventFilter, sheet_format: SheetFormat, target: Path, work: LongWork) -> int: ...


class Index(Protocol):
    """What the tab needs of `services.chain_indexing.ChainIndexing`."""

    async def rebuild(self) -> None: ...


class EventsPresenter(InspectionPresenter):
    """Events that come are put before the first one while the list begins there; what is in focus stays."""

    def __init__(
        self,
        view: EventsTab,
        events: Events,
        search: Search,
        exports: Exports,
        index: Index,
        access: Access,
        app_events: AppEvents,
    ) -> None:
        super().__init__(view)
        self._view = view
        self._events = events
        self._search = search
        self._exports = exports
        self._index = index
        self._shown: EventFilter | None = None
        self._file = FileExport(view)
        access.guard(view.rebuild_button, Permission.MANAGE_CHAIN, view.rebuild_button.refuse)
        view.filter_changed.connect(self._on_filter)
        view.search_changed.connect(self._on_search)
        view.table.paged.more_wanted.connect(self._on_more)
        view.export_requested.connect(self._on_export)
        view.rebuild_requested.connect(view.ask_rebuild)
        view.rebuild_confirmed.connect(self._on_rebuild)
        app_events.index_advanced.connect(self.changed)

    def show_found(self, found: Found) -> None:
        """List what somebody searched for on the page."""
        self._view.narrow(_filter_of(found), found.title)

    def forget(self) -> None:
        """Show nothing of what was read."""
        self._shown = None
        self._file.stop()
        self._view.show_closed(Face.NO_ENVIRONMENT)

    async def read(self) -> None:
        """The newest page; what came since is put on top where only the chain went on."""
        wanted = self._view.wanted
        page = await self._events.page(wanted)
        total = await self._events.count(wanted)
        kinds = await self._events.kinds()
        status = await self._events.status()
        if not self._may_read or wanted != self._view.wanted:
            return
        self._view.show_kinds(kinds)
        self._view.show_reach(status)
        newer = self._newer(page) if wanted == self._shown else None
        if newer is None:
            self._view.show_page(page, total)
        else:
            self._view.show_newer(page.lines[:newer], page, total)
        self._shown = wanted

    def _newer(self, page: EventLinePage) -> int | None:
        """How many of the page come before what is shown; None where that is not its beginning any more."""
        model = self._view.table.paged
        first = model.record_at(0)
        if first is None or first not in page.lines:
            return None
        newer = page.lines.index(first)
        shown = tuple(model.records[: len(page.lines) - newer])
        return newer if page.lines[newer:] == shown else None

    async def _read_more(self) -> None:
        model, wanted = self._view.table.paged, self._shown
        last = model.last
        if wanted is None or last is None:
            return
        try:
            page = await self._events.page(wanted, last.event.anchor)
        except Exception:
            model.give_up()
            raise
        if self._may_read and wanted == self._shown and model.last is last:
            self._view.add_page(page)

    async def _find(self, text: str) -> None:
        found = await self._search.find(text) if text.strip() else ()
        if text != self._view.search.text() or not self._may_read:
            return
        if text.strip() and not found:
            self._view.narrow(EventFilter(tx_hash=_NOTHING), text)
        else:
            self._view.narrow(_filter_of(found[0]) if found else EventFilter(), text)

    async def _export(self, sheet_format: SheetFormat, target: Path) -> None:
        if self._file.is_busy:
            return  # its button rests meanwhile
        told, wanted = self.tr("Writing the events"), self._view.wanted
        count = await self._file.write(told, lambda work: self._exports.export(wanted, sheet_format, target, work))
        if count is not None and self._may_read:
            self.notice.emit(self.tr("%Ln events were written to {0}", "", count).format(target.name), Tone.OK)

    async def _rebuild(self) -> None:
        await self._index.rebuild()
        self.notice.emit(self.tr("The index is being made anew."), Tone.OK)

    def _on_filter(self) -> None:
        self.read_now()

    def _on_search(self, text: str) -> None:
        if self._may_read:
            self.run(lambda: self._find(text), _SEARCH)

    def _on_more(self) -> None:
        if self._may_read:
            self.run(self._read_more, MORE)

    def _on_export(self) -> None:
        self._file.ask(_FILE_NAME, self.write)

    def write(self, sheet_format: SheetFormat, target: Path) -> None:
        """Write the file that was chosen."""
        self.run(lambda: self._export(sheet_format, target), WORK)

    def _on_rebuild(self) -> None:
        self.run(self._rebuild, WORK)


_NOTHING = "0x"
"""No transaction has this hash: what stands for nothing lists nothing."""


def _filter_of(found: Found) -> EventFilter:
    match found.kind:
        case FoundKind.BLOCK:
            return EventFilter(first_block=found.block_number, last_block=found.block_number)
        case FoundKind.TRANSACTION:
            return EventFilter(tx_hash=found.tx_hash)
        case FoundKind.ADDRESS:
            return EventFilter(address=found.address)
        case FoundKind.TOKEN:
            return EventFilter(token_id=found.asset_id.int if found.asset_id else None)
