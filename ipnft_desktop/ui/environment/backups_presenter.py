"""Lists the register's backups, makes one, and brings one back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog

from ipnft_desktop.domain.errors import IpnftError, UserError, with_code
from ipnft_desktop.domain.restore_preview import RestorePreview
from ipnft_desktop.services.backup_keeper import BackupFile
from ipnft_desktop.ui.environment.restore_dialog import RestoreDialog
from ipnft_desktop.ui.environment.view import EnvironmentView
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.measures import size_text

_LIST = "list backups"
_WORK = "backup work"
_PREVIEW = "preview of a restore"


class BackupDesk(Protocol):
    """What the card needs; see `services/backup_keeper.py`."""

    async def list(self) -> Sequence[BackupFile]: ...
    async def back_up_now(self) -> BackupFile: ...
    async def preview(self, name: str) -> RestorePreview: ...
    async def restore(self, name: str) -> None: ...


class BackupsPresenter(QObject):
    """Drives the card of an `EnvironmentView`; `notice` is a short message with its `Tone`."""

    notice = Signal(str, object)

    def __init__(
        self, view: EnvironmentView, backups: BackupDesk, on_restored: Callable[[], None], *, is_chain_own: bool
    ) -> None:
        """`is_chain_own` see `RestoreDialog`. `on_restored` is called once a backup stands in the register's place:
        everything is to be started again."""
        super().__init__(view)
        self._view = view
        self._backups = backups
        self._on_restored = on_restored
        self._is_chain_own = is_chain_own
        self._is_stale = False
        self._dialog: RestoreDialog | None = None
        self._tasks = PageTasks(self._on_unexpected)
        view.backup_requested.connect(self._on_backup)
        view.restore_wanted.connect(self.ask_to_restore)

    def activate(self, _event: object = None) -> None:
        """Show what there is now, to whoever is signed in."""
        self._is_stale = True
        if not self._tasks.is_running(_LIST):
            self._tasks.start(self._list(), _LIST)

    @property
    def dialog(self) -> RestoreDialog | None:
        """The dialog that is open."""
        return self._dialog

    @property
    def is_working(self) -> bool:
        """Whether a backup is being made or brought back."""
        return self._tasks.is_running(_WORK)

    def ask_to_restore(self, backup: BackupFile) -> None:
        """Open the dialog that tells what a restore would change; nothing while one is open."""
        if self._dialog is not None:
            self._dialog.raise_()
            return
        dialog = self._dialog = RestoreDialog(backup, self._view, is_chain_own=self._is_chain_own)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.confirmed.connect(lambda: self._work(lambda: self._restore(backup.name)))
        dialog.finished.connect(self._on_dialog_closed)
        dialog.open()
        self._tasks.start(self._preview(backup.name, dialog), _PREVIEW)

    async def close(self) -> None:
        """Cancel what is under way."""
        if self._dialog is not None:
            self._dialog.done(QDialog.DialogCode.Rejected)
        await self._tasks.close()

    def _on_backup(self) -> None:
        self._work(self._back_up)

    def _work(self, step: Callable[[], Awaitable[None]]) -> None:
        if not self._tasks.is_running(_WORK):
            self._tasks.start(self._guarded(step), _WORK)

    async def _guarded(self, step: Callable[[], Awaitable[None]]) -> None:
        card = self._view.backups_card
        card.set_busy(True)
        try:
            await step()
        except IpnftError as error:
            (self._dialog or card).show_error(error)
        finally:
            card.set_busy(False)

    async def _back_up(self) -> None:
        made = await self._backups.back_up_now()
        self.notice.emit(self.tr("Backup made and checked, {0}").format(size_text(made.size_bytes)), Tone.OK)
        self.activate()

    async def _preview(self, name: str, dialog: RestoreDialog) -> None:
        try:
            preview = await self._backups.preview(name)
        except IpnftError as error:
            if dialog is self._dialog:
                dialog.show_no_preview(error)
            return
        if dialog is self._dialog:
            dialog.show_preview(preview)

    def _on_dialog_closed(self) -> None:
        self._dialog = None

    async def _restore(self, name: str) -> None:
        await self._backups.restore(name)
        if self._dialog is not None:
            self._dialog.accept()
        self.notice.emit(self.tr("The register was brought back; starting again."), Tone.OK)
        self._on_restored()
        self.activate()

    async def _list(self) -> None:
        while self._is_stale:  # one may be made while the others are listed
            self._is_stale = False
            try:
                self._view.show_backups(await self._backups.list())
            except UserError:  # nobody is signed in
                self._view.backups_card.show_signed_out()

    def _on_unexpected(self, error: Exception) -> None:
        self._view.backups_card.show_error(with_code(error))
