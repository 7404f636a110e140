"""Runs the tab of figures: reads them, and again while mints go on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from ipnft_desktop.domain.batch_runs import BatchRun, RunAnchor
from ipnft_desktop.domain.errors import IpnftError, with_code
from ipnft_desktop.domain.mint_figures import DAY, Dashboard, MintSeries
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.batch_runs import PAGE_SIZE
from ipnft_desktop.services.long_work import LongWork, WorkCancelled
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.charts.export import ChartExport
from ipnft_desktop.ui.charts.library import chart_library
from ipnft_desktop.ui.figures.chart_cards import FILE_NAMES
from ipnft_desktop.ui.figures.period_bar import Period
from ipnft_desktop.ui.figures.view import FiguresTab
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.file_dialogs import ask_where_to_save
from ipnft_desktop.ui.widgets.job_words import utc_now

_READ, _MORE, _EXPORT = (f"figures {part}" for part in ("read", "more", "export"))
_PAUSE_MS = 1_000
"""Least time between two reads while mints go on."""
_REST = 10
"""So many times as long as a read took nothing is read again: a register of a million mints takes longer."""
_KEPT_ROWS = 500
"""As many batches are read again at once, so that the place in the list is kept."""


class Figures(Protocol):
    """What the tab needs of `services.mint_figures.RegisterFigures`."""

    async def dashboard(self) -> Dashboard: ...
    async def series(self, since: datetime | None = None) -> MintSeries: ...


class Runs(Protocol):
    """What the tab needs of `services.batch_runs.BatchRuns`."""

    async def recent(self, after: RunAnchor | None = None, limit: int = PAGE_SIZE) -> tuple[BatchRun, ...]: ...


class Exports(Protocol):
    """What the tab needs of `services.run_export.RunExport`."""

    async def export(self, sheet_format: SheetFormat, target: Path, work: LongWork) -> int: ...


class FiguresPresenter(QObject):
    """`notice` is a short message with its `Tone`. While the tab is out of view nothing is read; what it missed is read
    when it comes into view again."""

    notice = Signal(str, object)

    def __init__(
        self,
        view: FiguresTab,
        figures: Figures,
        runs: Runs,
        exports: Exports,
        events: AppEvents,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__(view)
        self._view = view
        self._figures = figures
        self._runs = runs
        self._exports = exports
        self._now = now
        self._tasks = PageTasks(self._on_unexpected)
        self._has_register = False
        self._is_closed = False
        self._is_wanted = False
        """Somebody asked for it."""
        self._is_stale = False
        """Mints went on since."""
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_PAUSE_MS)
        self._again.timeout.connect(self._read_now)
        self._connect(events)

    @property
    def is_reading(self) -> bool:
        """Whether anything is being read, or is about to be."""
        return self._again.isActive() or any(map(self._tasks.is_running, (_READ, _MORE)))

    @property
    def is_working(self) -> bool:
        """Whether a file is being written."""
        return self._tasks.is_running(_EXPORT)

    def reload(self) -> None:
        """The register is open and somebody is signed in: read anew; what is shown stays until it is here."""
        self._has_register = True
        self._view.show_readable()
        self._read_now()

    def show_signed_out(self) -> None:
        """Nobody is signed in: everything goes at once, and nothing is read until `reload`."""
        self._has_register = False
        self._again.stop()
        self._view.show_signed_out()

    async def close(self) -> None:
        """Cancel what is under way."""
        self._is_closed = True
        self._again.stop()
        await self._tasks.close()

    # --- reading ------------------------------------------------------------------------------------------------

    def _read_now(self) -> None:
        self._is_wanted = True
        if self._is_seen and not self._tasks.is_running(_READ):
            self._again.stop()
            self._run(self._read, _READ)

    async def _read(self) -> None:
        """Until what is shown is what is wanted: another time may be chosen meanwhile."""
        while self._is_wanted and self._is_readable:
            self._is_wanted = self._is_stale = False
            begun = time.perf_counter()
            period = self._view.period
            limit = max(PAGE_SIZE, min(self._view.model.rowCount(), _KEPT_ROWS))
            dashboard = await self._figures.dashboard()
            series = await self._figures.series(self._now() - DAY if period is Period.DAY else None)
            runs = await self._runs.recent(None, limit)
            took_ms = (time.perf_counter() - begun) * 1000
            self._again.setInterval(max(_PAUSE_MS, round(_REST * took_ms)))
            if self._is_readable and period is self._view.period:
                self._view.show_figures(dashboard, series, runs, is_whole=len(runs) < limit)
                await self._draw(series)
        self._read_soon()

    async def _draw(self, series: MintSeries) -> None:
        """Not before charts can be drawn: else all of them would be drawn in the turn in which they can."""
        await _drawable()
        if self._is_readable:
            for _piece in self._view.show_series(series):
                await asyncio.sleep(0)
                if not self._is_readable:
                    return

    async def _read_more(self) -> None:
        model = self._view.model
        last = model.last
        try:
            runs = await self._runs.recent(None if last is None else last.anchor)
        except IpnftError:
            model.give_up()
            raise
        if self._is_readable and model.last is last:
            self._view.add_runs(runs, is_whole=len(runs) < PAGE_SIZE)

    # --- what changes -------------------------------------------------------------------------------------------

    def _on_changed(self) -> None:
        """A mint went on: read soon, however many of them do."""
        self._is_stale = True
        if not self._tasks.is_running(_READ):
            self._read_soon()

    def _read_soon(self) -> None:
        if self._is_stale and self._is_seen and not self._again.isActive():
            self._again.start()

    def _on_shown(self) -> None:
        if self._is_stale or self._is_wanted:
            self._read_now()

    def _on_more(self) -> None:
        if self._is_readable:
            self._run(self._read_more, _MORE)

    # --- the batches as a file ----------------------------------------------------------------------------------

    def _on_export(self) -> None:
        dialog = ask_where_to_save(self._view, "batches.csv", self._begin_export)
        dialog.setNameFilter(";;".join(f"{one.name} (*.{one.value})" for one in SheetFormat))

    def _begin_export(self, target: Path) -> None:
        ending = target.suffix.removeprefix(".").lower()
        if ending not in [one.value for one in SheetFormat]:
            target, ending = target.with_name(f"{target.name}.csv"), SheetFormat.CSV.value
        self._run(lambda: self._export(SheetFormat(ending), target), _EXPORT)

    async def _export(self, sheet_format: SheetFormat, target: Path) -> None:
        self._view.set_exporting(True)
        try:
            count = await self._exports.export(sheet_format, target, LongWork(lambda _share: None))
        except WorkCancelled:
            return
        finally:
            self._view.set_exporting(False)
        self.notice.emit(self.tr("%Ln batches were written to {0}", "", count).format(target.name), Tone.OK)

    # --- inside -------------------------------------------------------------------------------------------------

    @property
    def _is_readable(self) -> bool:
        return self._has_register and not self._is_closed

    @property
    def _is_seen(self) -> bool:
        return self._is_readable and self._view.isVisible()

    def _connect(self, events: AppEvents) -> None:
        self._view.shown.connect(self._on_shown)
        self._view.reload_requested.connect(self._read_now)
        self._view.export_requested.connect(self._on_export)
        self._view.model.more_wanted.connect(self._on_more)
        for changed in (events.mint_advanced, events.run_requested):
            changed.connect(self._on_changed)
        for chart, name in zip(self._view.charts.views, FILE_NAMES, strict=True):
            export = ChartExport(chart, self._tasks, name)
            export.notice.connect(self.notice)
            export.failed.connect(self._view.show_error)

    def _run(self, work: Callable[[], Coroutine[Any, Any, None]], name: str) -> None:
        """Do this, unless nobody is there any more; what it raises is told over the figures."""
        if self._is_closed:
            return

        async def guarded() -> None:
            try:
                await work()
            except IpnftError as error:
                self._tell(error)

        self._tasks.start(guarded(), name)

    def _tell(self, error: IpnftError) -> None:
        if self._is_readable:
            self._view.show_error(error)

    def _on_unexpected(self, error: Exception) -> None:
        self._tell(with_code(error))


async def _drawable() -> None:
    """Wait until the library of the charts is loaded."""
    library, loaded = chart_library(), asyncio.Event()
    connection = library.ready.connect(loaded.set)
    try:
        if not library.is_ready:
            library.load()
            await loaded.wait()
    finally:
        library.ready.disconnect(connection)
