"""Asks where a file of the chain shall be, and writes it with progress and a way to stop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.long_work import LongWork, WorkCancelled
from ipnft_desktop.ui.inspector.lists import ChainListTab
from ipnft_desktop.ui.widgets.file_dialogs import ask_where_to_save


class FileExport:
    """One file of a tab at a time."""

    def __init__(self, tab: ChainListTab) -> None:
        self._tab = tab
        self._work: LongWork | None = None
        tab.stop_requested.connect(self._on_stop)

    def ask(self, name: str, begin: Callable[[SheetFormat, Path], object]) -> None:
        """Ask for a place; `begin` gets the format that the file's name ends with."""

        def chosen(target: Path) -> None:
            ending = target.suffix.removeprefix(".").lower()
            if ending not in [one.value for one in SheetFormat]:
                target, ending = target.with_name(f"{target.name}.csv"), SheetFormat.CSV.value
            begin(SheetFormat(ending), target)

        dialog = ask_where_to_save(self._tab, name, chosen)
        dialog.setNameFilter(";;".join(f"{one.name} (*.{one.value})" for one in SheetFormat))

    async def write(self, told: str, write: Callable[[LongWork], Awaitable[int]]) -> int | None:
        """How many lines were written; None where somebody stopped it."""
        self._tab.show_work(told)
        work = self._work = LongWork(lambda share: self._tab.show_work(told, share))
        try:
            return await write(work)
        except WorkCancelled:
            return None
        finally:
            self._work = None
            self._tab.show_work("")

    def _on_stop(self) -> None:
        if self._work is not None:
            self._work.cancel()
