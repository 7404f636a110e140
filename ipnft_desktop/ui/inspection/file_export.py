"""Asks where a file of the chain shall be, and writes it with progress and a way to stop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.long_work import LongWork, WorkCancelled
from ipnft_desktop.ui.inspection.tab import InspectionTab
from ipnft_desktop.ui.widgets.file_dialogs import ask_where_to_save


class FileExport:
    """One file of a tab at a time: a second one is refused until the first is written or stopped."""

    def __init__(self, tab: InspectionTab) -> None:
        self._tab = tab
        self._work: LongWork | None = None
        tab.stop_requested.connect(self.stop)

    @property
    def is_busy(self) -> bool:
        """Whether a file is being written."""
        return self._work is not None

    def ask(self, name: str, begin: Callable[[SheetFormat, Path], object]) -> None:
        """Ask for a place; `begin` gets the format that the file's name ends with."""
        dialog = ask_where_to_save(self._tab, name, lambda target: begin(*format_of(target)))
        dialog.setNameFilter(";;".join(f"{one.name} (*.{one.value})" for one in SheetFormat))

    async def write(self, told: str, write: Callable[[LongWork], Awaitable[int]]) -> int | None:
        """How many lines were written; None where somebody stopped it. Not while another one is written."""
        assert self._work is None
        work = self._work = LongWork(lambda share: self._show(work, told, share))
        self._tab.show_work(told)
        try:
            return await write(work)
        except WorkCancelled:
            return None
        finally:
            self._work = None
            self._tab.show_work("")

    def stop(self) -> None:
        """End what is being written; nothing of it is left."""
        if self._work is not None:
            self._work.cancel()

    def _show(self, work: LongWork, told: str, share: float) -> None:
        if work is self._work:  # what a thread reported last may be heard after the end
            self._tab.show_work(told, share)


def format_of(target: Path) -> tuple[SheetFormat, Path]:
    """What the name of a file ends with; CSV is put behind another one."""
    ending = target.suffix.removeprefix(".").lower()
    if ending in [one.value for one in SheetFormat]:
        return SheetFormat(ending), target
    return SheetFormat.CSV, target.with_name(f"{target.name}.{SheetFormat.CSV.value}")
