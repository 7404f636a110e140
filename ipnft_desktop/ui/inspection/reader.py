"""What the presenters of the tabs share: the chain is read while it can be and the tab is in view, errors are told."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from ipnft_desktop.domain.errors import IpnftError, with_code
from ipnft_desktop.ui.inspection.tab import InspectionTab
from ipnft_desktop.ui.inspection.turns import IsNewest, Turns
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.widgets.list_faces import Face

READ, MORE, WORK = "inspection read", "inspection more", "inspection work"
_PAUSE_MS = 500
"""Least time between two reads while blocks come."""


class InspectionPresenter(QObject):
    """`notice` is a short message with its `Tone`. Out of view nothing is read; what was missed is read when the tab
    comes into view again."""

    notice = Signal(str, object)

    def __init__(self, tab: InspectionTab) -> None:
        super().__init__(tab)
        self._tab = tab
        self._is_readable = False
        self._is_wanted = False
        """Somebody asked for it."""
        self._is_stale = True
        """The chain went on since."""
        self._is_closed = False
        self._tasks = PageTasks(self._on_unexpected)
        self._turns = Turns()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.read_now)
        tab.shown.connect(self._on_shown)
        tab.reload_requested.connect(self.read_now)

    @property
    def is_reading(self) -> bool:
        """Whether anything is being read, or is about to be."""
        return self._pause.isActive() or any(map(self._tasks.is_running, (READ, MORE)))

    @property
    def is_working(self) -> bool:
        """Whether something is under way that closing would cut short."""
        return self._tasks.is_running(WORK)

    def reload(self) -> None:
        """The register is open and somebody is signed in: read anew; what is shown stays until it is here."""
        self._is_readable = True
        if self._tab.face.is_closed:
            self._tab.show_face(Face.LIST)
        self.read_now()

    def show_closed(self, face: Face) -> None:
        """There is no environment, or nobody is signed in: everything goes at once, nothing is read until `reload`."""
        self._is_readable = False
        self._pause.stop()
        self._turns.end_all()
        self.forget()
        self._tab.show_face(face)

    def forget(self) -> None:
        """Show nothing of what was read."""
        raise NotImplementedError

    async def read(self) -> None:
        """Read what the tab shows, and show it. Errors are told under the list."""
        raise NotImplementedError

    def changed(self) -> None:
        """The chain went on: read soon, however many blocks come."""
        self._is_stale = True
        self._read_soon()

    def read_now(self) -> None:
        """Somebody wishes it; out of view it waits."""
        self._is_wanted = True
        if self._is_seen and not self._tasks.is_running(READ):
            self._pause.stop()
            self._tasks.start(self._read_on(), READ)

    def run(self, work: Callable[[], Coroutine[Any, Any, object]], name: str) -> None:
        """Do something as a task of this tab."""
        if not self._is_closed:
            self._tasks.start(self._guarded(work), name)

    def ask(self, question: Callable[[IsNewest], Coroutine[Any, Any, object]], name: str) -> None:
        """Ask something anew: whatever was asked by this name before is of no interest any more, be it an answer or an
        error. The question shows its answer only while it is the newest."""
        if not self._is_closed:
            is_newest = self._turns.begin(name)
            self._tasks.start(self._guarded(lambda: question(is_newest), is_newest), name)

    async def close(self) -> None:
        """Cancel what is under way."""
        self._is_closed = True
        self._pause.stop()
        await self._tasks.close()

    @property
    def _may_read(self) -> bool:
        return self._is_readable and not self._is_closed

    @property
    def _is_seen(self) -> bool:
        return self._may_read and self._tab.isVisible()

    async def _read_on(self) -> None:
        """Until what is shown is what is wanted: that may change while it is read."""
        while self._is_wanted and self._may_read:
            self._is_wanted = self._is_stale = False
            try:
                await self.read()
            except IpnftError as error:
                if self._may_read:
                    self._tab.show_error(error)
                return
            if self._may_read:
                self._tab.error_panel.clear()
        self._read_soon()

    def _read_soon(self) -> None:
        if self._is_stale and self._is_seen and not self._tasks.is_running(READ) and not self._pause.isActive():
            self._pause.start()

    async def _guarded(
        self, work: Callable[[], Coroutine[Any, Any, object]], is_newest: IsNewest = lambda: True
    ) -> None:
        try:
            await work()
        except IpnftError as error:
            if self._may_read and is_newest():
                self._tab.show_error(error)

    def _on_shown(self) -> None:
        if self._is_stale or self._is_wanted:
            self.read_now()

    def _on_unexpected(self, error: Exception) -> None:
        self._tab.show_error(with_code(error))
