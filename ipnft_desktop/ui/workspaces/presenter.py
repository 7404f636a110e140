"""Drives the button and the dialog of workspaces; the window itself opens another one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QWidget

from ipnft_desktop.domain.errors import ErrorCode, IpnftError, UserError, with_code
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.domain.workspaces import Checkpoint, Workspace, WorkspaceMeasure
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.error_words import error_line, error_sentence
from ipnft_desktop.ui.widgets.form_dialog import carry_out
from ipnft_desktop.ui.widgets.measures import size_text
from ipnft_desktop.ui.workspaces.checkpoints_presenter import CheckpointsPresenter
from ipnft_desktop.ui.workspaces.commands import WorkspaceCommands
from ipnft_desktop.ui.workspaces.dialog import WorkspacesDialog
from ipnft_desktop.ui.workspaces.name_form import NameForm
from ipnft_desktop.ui.workspaces.words import assets_text, checkpoint_name, tokens_text, workspace_name
from ipnft_desktop.ui.workspaces.workspace_button import WorkspaceButton

_LIST = "list workspaces"
_WORK = "workspace"
_MEASURE = "measure a workspace"


class WorkspaceDesk(Protocol):
    """What is needed of `services.workspaces.Workspaces`."""

    @property
    def open_id(self) -> str: ...
    @property
    def can_have_others(self) -> bool: ...
    @property
    def can_duplicate(self) -> bool: ...

    async def list(self) -> Sequence[Workspace]: ...
    async def folder(self, workspace_id: str) -> Path: ...
    async def measure(self, workspace_id: str) -> WorkspaceMeasure: ...
    async def create(self, name: str, *, with_demo_data: bool) -> Workspace: ...
    async def duplicate(self, workspace: Workspace, name: str, work: LongWork) -> Workspace: ...
    async def rename(self, workspace: Workspace, name: str) -> None: ...
    async def set_aside(self, workspace: Workspace) -> str: ...
    async def bring_back(self, aside: str) -> None: ...
    async def remove_for_good(self, aside: str) -> None: ...


class WorkspacesPresenter(QObject):
    """`open_requested` carries the `Workspace` to be opened; `opened_named` the open one, whenever its name is told;
    `undo_offered` a text, what takes it back, and what is to be done once that is no longer offered; `notice` a short
    message with its `Tone`."""

    open_requested = Signal(object)
    opened_named = Signal(object)
    undo_offered = Signal(str, object, object)
    notice = Signal(str, object)

    def __init__(
        self,
        window: QWidget,
        button: WorkspaceButton,
        workspaces: WorkspaceDesk,
        checkpoints: CheckpointsPresenter,
        access: Access,
        *,
        has_checkpoints: bool,
    ) -> None:
        """`has_checkpoints` is whether register and chain are ours to put back."""
        super().__init__(window)
        self._window = window
        self._button = button
        self._workspaces = workspaces
        self._checkpoints = checkpoints
        self._access = access
        self._has_checkpoints = has_checkpoints
        self._known: tuple[Workspace, ...] = ()
        self._kept: tuple[Checkpoint, ...] = ()
        self._dialog: WorkspacesDialog | None = None
        self._form: NameForm | None = None
        self._tasks = PageTasks(self._on_unexpected)
        self._new_refusal = self._checkpoint_refusal = ""
        self._commands = WorkspaceCommands(window)
        button.use_commands(
            self._commands.add_new(self.ask_to_create, lambda: self._new_refusal),
            self._commands.add_manage(self.manage),
            self._commands.add_checkpoint(checkpoints.ask_to_make, lambda: self._checkpoint_refusal),
        )
        self._commands.add_return(lambda: checkpoints.ask_to_return(self._kept[0]), self._why_no_return)
        button.open_requested.connect(self.open_requested)
        button.return_requested.connect(checkpoints.ask_to_return)
        checkpoints.listed.connect(self._on_checkpoints)
        checkpoints.refused.connect(self._show_error)
        access.guard(self, Permission.MANAGE_WORKSPACES, self._refuse)

    @property
    def dialog(self) -> WorkspacesDialog | None:
        """The dialog that is open."""
        return self._dialog

    @property
    def form(self) -> NameForm | None:
        """The form that is open."""
        return self._form

    @property
    def is_working(self) -> bool:
        """Whether something is under way that must not be given up."""
        return self._tasks.is_running(_WORK)

    def reload(self) -> None:
        """Show what there is now."""
        if not self._tasks.is_running(_LIST):
            self._tasks.start(self._list(), _LIST)
        self._checkpoints.reload()

    def manage(self) -> None:
        """Open the dialog, or bring it to the front."""
        if self._dialog is not None:
            self._dialog.raise_()
            self._dialog.activateWindow()
            return
        dialog = self._dialog = WorkspacesDialog(self._window)
        dialog.new_requested.connect(self.ask_to_create)
        dialog.workspace_shown.connect(self._on_shown)
        dialog.detail.open_requested.connect(lambda: self._with_shown(self._open))
        dialog.detail.duplicate_requested.connect(lambda: self._with_shown(self._ask_to_duplicate))
        dialog.detail.rename_requested.connect(lambda: self._with_shown(self._ask_to_rename))
        dialog.detail.reveal_requested.connect(lambda: self._with_shown(self._reveal))
        dialog.detail.delete_requested.connect(lambda: self._with_shown(self._ask_to_delete))
        dialog.delete_confirmed.connect(lambda: self._with_shown(self._delete))
        panel = dialog.checkpoints
        panel.make_requested.connect(self._checkpoints.ask_to_make)
        panel.return_requested.connect(self._checkpoints.ask_to_return)
        panel.rename_requested.connect(self._checkpoints.ask_to_rename)
        panel.delete_requested.connect(self._ask_to_delete_checkpoint)
        dialog.checkpoint_delete_confirmed.connect(self._on_delete_checkpoint)
        dialog.finished.connect(self._on_dialog_closed)
        self._refuse(self._access.refusal(Permission.MANAGE_WORKSPACES))
        dialog.show_workspaces(self._known, self._workspaces.open_id)
        panel.show_checkpoints(self._kept)
        dialog.open()
        self.reload()

    def ask_to_create(self) -> None:
        """Ask for the name of a new one."""
        form = self._open_form(
            NameForm(
                self.tr("New workspace"),
                self.tr("An empty register with a chain and contents of its own. What is open now stays as it is."),
                self.tr("Create and open"),
                choice=self.tr("Fill it with the demonstration assets"),
                parent=self._window,
            )
        )
        if form is not None:
            form.submitted.connect(lambda: self._create_and_open(form))

    async def close(self) -> None:
        """End what is under way; a copy is given up."""
        self._commands.close()
        if self._form is not None:
            self._form.stop()
        await self._tasks.close()
        for dialog in (self._form, self._dialog):
            if dialog is not None:
                dialog.done(QDialog.DialogCode.Rejected)

    def _refuse(self, reason: str) -> None:
        """Tell the buttons, as far as there are any, what the person may not do, or what cannot be done here."""
        others_keep = error_sentence(UserError(ErrorCode.KEPT_BY_OTHERS))
        others = "" if self._workspaces.can_have_others else others_keep
        checkpoints = self._checkpoint_refusal = reason or ("" if self._has_checkpoints else others_keep)
        self._new_refusal = reason or others
        self._button.refuse_lines(others=others, checkpoints=checkpoints)
        if self._dialog is not None:
            duplicate = "" if self._workspaces.can_duplicate else others_keep
            self._dialog.refuse(change=reason, others=others, duplicate=duplicate)
            self._dialog.checkpoints.refuse(checkpoints)

    def _why_no_return(self) -> str:
        return self._checkpoint_refusal or ("" if self._kept else self.tr("There is no checkpoint yet."))

    async def _list(self) -> None:
        self._known = tuple(await self._workspaces.list())
        open_id = self._workspaces.open_id
        self._button.show_workspaces(self._known, open_id)
        self.opened_named.emit(next(each for each in self._known if each.workspace_id == open_id))
        if self._dialog is not None:
            self._dialog.show_workspaces(self._known, open_id)

    def _on_checkpoints(self, checkpoints: Sequence[Checkpoint]) -> None:
        self._kept = tuple(checkpoints)
        self._button.show_checkpoints(self._kept)
        if self._dialog is not None:
            self._dialog.checkpoints.show_checkpoints(self._kept)

    def _on_shown(self) -> None:
        if self._dialog is not None and self._dialog.workspace is not None:
            self._tasks.start(self._measure(self._dialog, self._dialog.workspace), _MEASURE)

    async def _measure(self, dialog: WorkspacesDialog, workspace: Workspace) -> None:
        def is_in_view() -> bool:
            shown = dialog.workspace if dialog is self._dialog else None
            return shown is not None and shown.workspace_id == workspace.workspace_id

        try:
            folder = await self._workspaces.folder(workspace.workspace_id)
            if is_in_view():
                dialog.detail.show_folder(folder)
            measure = await self._workspaces.measure(workspace.workspace_id)
        except IpnftError as error:
            if is_in_view() and error.code is not ErrorCode.SIGN_IN_REQUIRED:
                dialog.show_error(error)
            return
        if is_in_view():
            dialog.detail.show_measure(measure)

    def _with_shown(self, act: Callable[[Workspace], object]) -> None:
        if self._dialog is not None and self._dialog.workspace is not None:
            act(self._dialog.workspace)

    def _open(self, workspace: Workspace) -> None:
        if self._dialog is not None:
            self._dialog.accept()
        self.open_requested.emit(workspace)

    def _create_and_open(self, form: NameForm) -> None:
        def on_done(creating: asyncio.Task[Workspace | None]) -> None:
            made = None if creating.cancelled() or creating.exception() else creating.result()
            if made is not None:
                self._open(made)

        # Once the task has ended: another one is not opened as long as something is under way here.
        self._tasks.start(self._create(form), _WORK).add_done_callback(on_done)

    async def _create(self, form: NameForm) -> Workspace | None:
        made: list[Workspace] = []

        async def create() -> None:
            made.append(await self._workspaces.create(form.name.text(), with_demo_data=form.switch.isChecked()))

        return made[0] if await carry_out(form, create) else None

    def _ask_to_duplicate(self, workspace: Workspace) -> None:
        form = self._open_form(
            NameForm(
                self.tr("Duplicate “{0}”").format(workspace_name(workspace)),
                self.tr(
                    "The copy has the same register, chain, contents and keys as at this moment; its backups and "
                    "checkpoints begin anew."
                ),
                self.tr("Duplicate"),
                self.tr("Copy of {0}").format(workspace_name(workspace)),
                parent=self._window,
            )
        )
        if form is not None:
            form.submitted.connect(lambda: self._start(self._duplicate(form, workspace)))

    async def _duplicate(self, form: NameForm, workspace: Workspace) -> None:
        made = await form.copy(lambda work: self._workspaces.duplicate(workspace, form.name.text(), work))
        if made is not None:
            await self._list()
            if self._dialog is not None:
                self._dialog.table.select(made.workspace_id)

    def _ask_to_rename(self, workspace: Workspace) -> None:
        form = self._open_form(
            NameForm(
                self.tr("Rename “{0}”").format(workspace_name(workspace)),
                self.tr("Its folder stays where it is."),
                self.tr("Rename"),
                workspace_name(workspace),
                parent=self._window,
            )
        )
        if form is not None:
            form.submitted.connect(lambda: self._start(self._rename(form, workspace)))

    async def _rename(self, form: NameForm, workspace: Workspace) -> None:
        if await carry_out(form, lambda: self._workspaces.rename(workspace, form.name.text())):
            await self._list()

    def _reveal(self, workspace: Workspace) -> None:
        self._start(self._show_folder(workspace))

    async def _show_folder(self, workspace: Workspace) -> None:
        try:
            folder = await self._workspaces.folder(workspace.workspace_id)
        except IpnftError as error:
            self._show_error(error)
            return
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self.notice.emit(self.tr("This system shows no folders. It is {0}").format(folder), Tone.WARN)

    def _ask_to_delete(self, workspace: Workspace) -> None:
        self._start(self._say_what_goes(workspace))

    async def _say_what_goes(self, workspace: Workspace) -> None:
        """The question names what is lost, as it is now and not as it was when the dialog was opened."""
        try:
            measure = await self._workspaces.measure(workspace.workspace_id)
        except IpnftError as error:
            self._show_error(error)
            return
        if self._dialog is None or self._dialog.workspace != workspace:
            return
        figures, size = measure.figures, size_text(measure.size_bytes)
        if figures is None:
            question = self.tr("Delete “{0}” with all its files, {1}?").format(workspace_name(workspace), size)
        else:
            question = self.tr("Delete “{0}” with {1} and {2}, {3} in all?").format(
                workspace_name(workspace), assets_text(figures.assets), tokens_text(figures.tokens), size
            )
        self._dialog.delete_question.ask(
            self.tr("{0} Register, chain, contents, keys, backups and checkpoints go.").format(question)
        )

    def _delete(self, workspace: Workspace) -> None:
        self._start(self._set_aside(workspace))

    async def _set_aside(self, workspace: Workspace) -> None:
        try:
            aside = await self._workspaces.set_aside(workspace)
        except IpnftError as error:
            self._show_error(error)
            return
        self.undo_offered.emit(
            self.tr("“{0}” deleted").format(workspace_name(workspace)),
            lambda: self._start(self._bring_back(aside)),
            lambda: self._start(self._remove_for_good(aside)),
        )
        await self._list()

    async def _bring_back(self, aside: str) -> None:
        try:
            await self._workspaces.bring_back(aside)
        except IpnftError as error:
            self._show_error(error)
        await self._list()

    async def _remove_for_good(self, aside: str) -> None:
        try:
            await self._workspaces.remove_for_good(aside)
        except IpnftError as error:  # it is out of the list; the next start removes what is left
            self._show_error(error)

    def _ask_to_delete_checkpoint(self, checkpoint: Checkpoint) -> None:
        if self._dialog is not None:
            self._dialog.checkpoint_question.ask(
                self.tr("Delete the checkpoint “{0}”? The workspace stays as it is.").format(
                    checkpoint_name(checkpoint)
                )
            )

    def _on_delete_checkpoint(self) -> None:
        checkpoint = self._dialog.checkpoints.table.current if self._dialog is not None else None
        if checkpoint is not None:
            self._checkpoints.delete(checkpoint)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.start(work, _WORK)

    def _open_form(self, form: NameForm) -> NameForm | None:
        """Open it, unless one is open already."""
        if self._form is not None:
            form.deleteLater()
            return None
        self._form = form
        form.finished.connect(self._on_form_closed)
        form.open()
        return form

    def _show_error(self, error: IpnftError) -> None:
        if self._dialog is not None:
            self._dialog.show_error(error)
        else:
            self.notice.emit(error_line(error), Tone.ERROR)

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
        if self._form is not None:
            self._form.show_refusal(defect)
        else:
            self._show_error(defect)
