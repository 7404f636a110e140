"""What running blocks and running transactions have in common: a list by height, one of its lines in full, files."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, Protocol, TypeVar

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.ui.inspection.file_export import FileExport
from ipnft_desktop.ui.inspection.reader import MORE, InspectionPresenter
from ipnft_desktop.ui.inspector.lists import ChainListTab
from ipnft_desktop.ui.models.paged_model import PagedModel
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.list_faces import Face
from ipnft_desktop.ui.widgets.record_table import RecordTable

_DETAIL = "chain line in full"

L = TypeVar("L")
L_contra = TypeVar("L_contra", contravariant=True)


class FullPanel(Protocol[L_contra]):
    """Shows one line in full."""

    def show_line(self, line: L_contra | None) -> None: ...
    def show_error(self, error: IpnftError) -> None: ...


class ChainListPresenter(InspectionPresenter, Generic[L]):
    """Reads what is in focus in full, whichever that is by then, and writes one file at a time."""

    def __init__(
        self,
        tab: ChainListTab,
        table: RecordTable[L],
        paged: PagedModel[L],
        panel: FullPanel[L],
    ) -> None:
        """`panel` shows the line of `table` that is in focus."""
        super().__init__(tab)
        self._list_tab = tab
        self._lines = table
        self._paged = paged
        self._full = panel
        self._file = FileExport(tab)
        self._height: int | None = None
        """That the person asks for."""
        self._shown_height: int | None = None
        self._shown_line: L | None = None
        """Which stands there in full, with everything that belongs to it."""
        tab.height_changed.connect(self._on_height)
        paged.more_wanted.connect(self._on_more)
        tab.current_changed.connect(self._on_current)

    def forget(self) -> None:
        """Show nothing of what was read, and stop what is being written."""
        self._height = self._shown_height = self._shown_line = None
        self._file.stop()
        self._list_tab.show_closed(Face.NO_ENVIRONMENT)

    def show_block(self, number: int) -> None:
        """List by this height."""
        self._list_tab.show_height(number)
        self._on_height(number)

    async def read_line(self, line: L) -> bool:
        """Read what belongs to a line and show it while `is_current`; False where the chain has it no more. Errors are
        told beside it."""
        raise NotImplementedError

    async def read_more(self) -> None:
        """The next page."""
        raise NotImplementedError

    def is_current(self, line: L) -> bool:
        """Whether this very line, at this place, is in focus still."""
        return self._may_read and self._lines.current == line

    def newer(self, lines: Sequence[L]) -> int | None:
        """How many of the newest lines come before what is shown; None where that is not its beginning any more."""
        first = self._paged.record_at(0)
        if first is None or first not in lines:
            return None
        newer = lines.index(first)
        shown = self._paged.records[: len(lines) - newer]
        return newer if tuple(lines[newer:]) == tuple(shown) else None

    async def write_file(
        self, told: str, write: Callable[[LongWork], Awaitable[int]], done: Callable[[int], str]
    ) -> None:
        """Write a file and say so by `done`, unless one is being written already."""
        if self._file.is_busy:
            self.notice.emit(self.tr("One file is being written already. Wait for it, or stop it."), Tone.WARN)
            return
        count = await self._file.write(told, write)
        if count is not None and self._may_read:
            self.notice.emit(done(count), Tone.OK)

    async def _show_detail(self) -> None:
        while self._may_read and (line := self._lines.current) is not None:
            try:
                is_there = await self.read_line(line)
            except IpnftError as error:
                if self.is_current(line):
                    self._full.show_error(error)
                    return
            else:
                if self.is_current(line):
                    self._shown_line = line if is_there else None
                    return

    async def _read_more(self) -> None:
        try:
            await self.read_more()
        except IpnftError:
            self._paged.give_up()
            raise

    def _on_height(self, height: int | None) -> None:
        if height != self._height:
            self._height = height
            self.read_now()

    def _on_current(self) -> None:
        line = self._lines.current
        self._full.show_line(line)
        if line is None or line != self._shown_line:
            self._shown_line = None
            self.read_in_full()

    def read_in_full(self) -> None:
        """Read what belongs to the line in focus, also where that failed before."""
        if self._may_read and not self._tasks.is_running(_DETAIL):
            self.run(self._show_detail, _DETAIL)

    def _on_more(self) -> None:
        if self._may_read and not self._tasks.is_running(MORE):
            self.run(self._read_more, MORE)
