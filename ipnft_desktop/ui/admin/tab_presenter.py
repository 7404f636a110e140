"""What the presenters of the tabs share: the list is read when the tab is shown, one dialog at a time, errors told."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject

from ipnft_desktop.domain.errors import IpnftError, with_code
from ipnft_desktop.ui.admin.record_tab import RecordTab
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.form_dialog import FormDialog, carry_out
from ipnft_desktop.ui.widgets.toast import ToastStack

R = TypeVar("R")
_LIST = "list"
_WORK = "work"
Work = Callable[[], Coroutine[Any, Any, object]]


class TabPresenter(QObject, Generic[R]):
    """Drives one `RecordTab`; `toasts` tells what was done, and offers to undo it."""

    def __init__(self, tab: RecordTab[R], toasts: ToastStack) -> None:
        super().__init__(tab)
        self.tab = tab
        self.toasts = toasts
        self._dialog: FormDialog | None = None
        self._is_stale = False
        self._turn = 0
        self._wanted: Hashable | None = None
        self._tasks = PageTasks(self._on_unexpected)
        tab.reload_requested.connect(self.activate)

    @property
    def dialog(self) -> FormDialog | None:
        """The dialog that is open."""
        return self._dialog

    @property
    def is_reading(self) -> bool:
        """Whether the list is being read."""
        return self._tasks.is_running(_LIST)

    def activate(self) -> None:
        """The tab comes into view: read the list."""
        self._is_stale = True
        if not self._tasks.is_running(_LIST):
            self._tasks.start(self._list(), _LIST)

    async def close(self) -> None:
        """Cancel what is under way and close the dialog."""
        await self._tasks.close()
        if self._dialog is not None:
            self._dialog.leave()

    async def read(self) -> tuple[R, ...]:
        """What the tab lists."""
        raise NotImplementedError

    def run(self, work: Work) -> None:
        """Do something at once; a failure is told under the table."""
        self._tasks.start(self._guarded(work), _WORK)

    def open(self, dialog: FormDialog, work: Work, check: Callable[[], bool] = lambda: True) -> None:
        """Open a form; `work` is done when it is submitted and `check` agrees, and it closes when that succeeds."""

        def on_submitted() -> None:
            if check():
                self._tasks.start(self._submitted(dialog, work), _WORK)

        self._dialog = dialog
        dialog.submitted.connect(on_submitted)
        dialog.finished.connect(self._on_finished)
        dialog.open()

    def tell_done(self, text: str, undo: Callable[[], object] | None = None) -> None:
        """Say what was done, with the button that undoes it."""
        self.toasts.show_toast(text, Tone.OK, self.tr("Undo") if undo else "", undo)

    def want(self, key: Hashable) -> None:
        """Bring the record with this key into focus once the list is read again."""
        self._wanted = key

    async def _submitted(self, dialog: FormDialog, work: Work) -> None:
        await carry_out(dialog, work)
        await self._read()  # refused or not: somebody else may have changed the record

    async def _guarded(self, work: Work) -> None:
        refusal: IpnftError | None = None
        try:
            await work()
        except IpnftError as error:
            refusal = error
        await self._read()
        if refusal is not None:
            self.tab.show_error(refusal)

    async def _list(self) -> None:
        while self._is_stale:  # something may change while it is read
            self._is_stale = False
            await self._read()

    async def _read(self) -> None:
        """Show the answer, unless another one was asked for meanwhile: an earlier answer does not know what is new."""
        self._turn = turn = self._turn + 1
        try:
            records = await self.read()
        except IpnftError as error:
            if turn == self._turn:
                self.tab.show_error(error)
            return
        if turn != self._turn:
            return
        self.tab.show_records(records)
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.tab.table.select(wanted)

    def _on_finished(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
        self.tab.table.setFocus()

    def _on_unexpected(self, error: Exception) -> None:
        self.tab.show_error(with_code(error))
