"""Makes checkpoints of the open workspace, and puts it back to one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from ipnft_desktop.domain.errors import ErrorCode, IpnftError, UserError, with_code
from ipnft_desktop.domain.restore_preview import RestorePreview
from ipnft_desktop.domain.workspaces import Checkpoint
from ipnft_desktop.services.long_work import LongWork, WorkCancelled
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.form_dialog import carry_out
from ipnft_desktop.ui.workspaces.name_form import NameForm
from ipnft_desktop.ui.workspaces.return_dialog import ReturnDialog
from ipnft_desktop.ui.workspaces.words import checkpoint_name

_LIST = "list checkpoints"
_WORK = "checkpoint"
_RETURN = "return to a checkpoint"
_REFUSED_AT_ONCE = frozenset({ErrorCode.PERMISSION_DENIED, ErrorCode.SIGN_IN_REQUIRED, ErrorCode.KEPT_BY_OTHERS})
"""Of a return: nothing was stopped by then."""


class CheckpointDesk(Protocol):
    """What is needed of `services.checkpoints.Checkpoints`."""

    @property
    def are_possible(self) -> bool: ...

    async def list(self) -> Sequence[Checkpoint]: ...
    async def make(self, name: str, work: LongWork) -> Checkpoint: ...
    async def rename(self, checkpoint: Checkpoint, name: str) -> None: ...
    async def delete(self, checkpoint: Checkpoint) -> None: ...
    async def preview(self, checkpoint: Checkpoint) -> RestorePreview: ...
    async def return_to(self, checkpoint: Checkpoint, work: LongWork) -> None: ...


class CheckpointsPresenter(QObject):
    """`listed` carries the checkpoints there are, `refused` an `IpnftError` that no dialog of its own tells, `notice`
    a short message with its `Tone`."""

    listed = Signal(object)
    refused = Signal(object)
    notice = Signal(str, object)

    def __init__(
        self,
        window: QWidget,
        checkpoints: CheckpointDesk,
        on_turned: Callable[[], object],
        *,
        stays_signed_in: bool = False,
    ) -> None:
        """`on_turned` is called when everything is to be started again; `stays_signed_in` as of `ReturnDialog`."""
        super().__init__(window)
        self._window = window
        self._checkpoints = checkpoints
        self._on_turned = on_turned
        self._stays_signed_in = stays_signed_in
        self._is_stale = False
        self._form: NameForm | None = None
        self._dialog: ReturnDialog | None = None
        self._work: LongWork | None = None
        self._tasks = PageTasks(self._on_unexpected)

    @property
    def form(self) -> NameForm | None:
        """The form that is open."""
        return self._form

    @property
    def dialog(self) -> ReturnDialog | None:
        """The question that is open."""
        return self._dialog

    @property
    def is_working(self) -> bool:
        """Whether something is under way that must not be given up."""
        return self._tasks.is_running(_WORK) or self._tasks.is_running(_RETURN)

    def reload(self) -> None:
        """Tell `listed` anew; nobody who is not signed in is told anything."""
        self._is_stale = True
        if not self._tasks.is_running(_LIST):
            self._tasks.start(self._list(), _LIST)

    def ask_to_make(self) -> None:
        """Ask what the new one shall be called; Enter takes the name that is suggested."""
        if self._form is not None or self._dialog is not None:
            return
        form = self._open_form(
            NameForm(
                self.tr("Checkpoint now"),
                self.tr("Keeps register, chain and content as they are at this moment. Everything goes on meanwhile."),
                self.tr("Keep"),
                self.tr("Checkpoint {0}").format(f"{datetime.now().astimezone():%Y-%m-%d %H:%M}"),
                parent=self._window,
            )
        )
        form.submitted.connect(lambda: self._tasks.start(self._make(form), _WORK))

    def ask_to_rename(self, checkpoint: Checkpoint) -> None:
        """Ask for another name."""
        if self._form is not None:
            return
        form = self._open_form(
            NameForm(
                self.tr("Rename the checkpoint"),
                self.tr("What it holds stays as it is."),
                self.tr("Rename"),
                checkpoint_name(checkpoint),
                parent=self._window,
            )
        )
        form.submitted.connect(lambda: self._tasks.start(self._rename(form, checkpoint), _WORK))

    def delete(self, checkpoint: Checkpoint) -> None:
        """Remove one for good; the question was asked."""
        self._tasks.start(self._delete(checkpoint), _WORK)

    def ask_to_return(self, checkpoint: Checkpoint) -> None:
        """Say what a return would undo, and ask whether it is meant."""
        if self._dialog is not None or self._form is not None:
            return
        dialog = self._dialog = ReturnDialog(checkpoint, self._window, stays_signed_in=self._stays_signed_in)
        dialog.confirmed.connect(lambda: self._tasks.start(self._return(dialog, checkpoint), _RETURN))
        dialog.stop_requested.connect(self._stop_return)
        dialog.finished.connect(self._on_dialog_closed)
        dialog.open()
        self._tasks.start(self._preview(dialog, checkpoint), "preview of a return")

    async def close(self) -> None:
        """End what is under way; a copy is given up, a return that is decided is waited for."""
        self._stop_return()
        if self._form is not None:
            self._form.stop()
        await self._tasks.close()
        for dialog in (self._form, self._dialog):
            if dialog is not None:
                dialog.done(QDialog.DialogCode.Rejected)

    async def _list(self) -> None:
        while self._is_stale:  # one may be made while the others are listed
            self._is_stale = False
            try:
                self.listed.emit(await self._checkpoints.list())
            except UserError:  # nobody is signed in
                self.listed.emit(())

    async def _make(self, form: NameForm) -> None:
        made = await form.copy(lambda work: self._checkpoints.make(form.name.text(), work))
        if made is not None:
            self.notice.emit(self.tr("Checkpoint “{0}” kept").format(made.name), Tone.OK)
            self.reload()

    async def _rename(self, form: NameForm, checkpoint: Checkpoint) -> None:
        if await carry_out(form, lambda: self._checkpoints.rename(checkpoint, form.name.text())):
            self.reload()

    async def _delete(self, checkpoint: Checkpoint) -> None:
        try:
            await self._checkpoints.delete(checkpoint)
        except IpnftError as error:
            self.refused.emit(error)
        self.reload()

    async def _preview(self, dialog: ReturnDialog, checkpoint: Checkpoint) -> None:
        try:
            preview = await self._checkpoints.preview(checkpoint)
        except IpnftError as error:
            if dialog is self._dialog:
                dialog.show_no_preview(error)
            return
        if dialog is self._dialog:
            dialog.show_preview(preview)

    async def _return(self, dialog: ReturnDialog, checkpoint: Checkpoint) -> None:
        work = self._work = LongWork(dialog.progress.show_share)
        try:
            await self._checkpoints.return_to(checkpoint, work)
        except WorkCancelled:
            dialog.show_choice()
        except IpnftError as error:
            dialog.show_error(error)
            if error.code in _REFUSED_AT_ONCE:
                return
        except Exception:
            self._start_again()
            raise
        else:
            dialog.accept()
            told = self.tr("The workspace is back at “{0}”; starting again.").format(checkpoint_name(checkpoint))
            self.notice.emit(told, Tone.OK)
        self._start_again()

    def _start_again(self) -> None:
        self._on_turned()
        self.reload()

    def _open_form(self, form: NameForm) -> NameForm:
        self._form = form
        form.finished.connect(self._on_form_closed)
        form.open()
        return form

    def _stop_return(self) -> None:
        if self._work is not None:
            self._work.cancel()

    def _on_form_closed(self) -> None:
        form, self._form = self._form, None
        if form is not None:
            form.deleteLater()

    def _on_dialog_closed(self) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.deleteLater()

    def _on_unexpected(self, error: Exception) -> None:
        defect = with_code(error)
        if self._dialog is not None:
            self._dialog.show_error(defect)
        elif self._form is not None:
            self._form.show_refusal(defect)
        else:
            self.refused.emit(defect)
