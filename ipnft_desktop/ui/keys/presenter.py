"""Unlocks, locks and makes signing keys for their card."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog

from ipnft_desktop.domain.errors import Defect, ErrorCode, IpnftError, UserError, ValidationFailed
from ipnft_desktop.services.key_custody import KeyCustody, KeystoreShelf, check_new_password
from ipnft_desktop.ui.keys.create_dialog import CreateKeystoreDialog
from ipnft_desktop.ui.keys.key_card import KeyCard, KeyState
from ipnft_desktop.ui.keys.unlock_dialog import UnlockDialog
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.error_words import error_line
from ipnft_desktop.ui.widgets.file_dialogs import ask_for_files

_LOOK = "look at the key"
_WORK = "key work"


class KeyHolder(Protocol):
    """What the card needs of the signer."""

    async def prepare(self) -> object: ...

    @property
    def address(self) -> str: ...


class KeyPresenter(QObject):
    """Drives one `KeyCard`; `notice` is a short message with its `Tone`.

    `custody` is None where the demonstration key signs. `on_keystore` gets the file that shall sign from the next
    start on, None for the demonstration key.
    """

    notice = Signal(str, object)

    def __init__(
        self,
        card: KeyCard,
        signer: KeyHolder,
        shelf: KeystoreShelf,
        custody: KeyCustody | None,
        on_keystore: Callable[[Path | None], object],
    ) -> None:
        super().__init__(card)
        self._card = card
        self._signer = signer
        self._shelf = shelf
        self._custody = custody
        self._on_keystore = on_keystore
        self._tasks = PageTasks(self._on_unexpected)
        self._dialog: QDialog | None = None
        self._unsubscribe = custody.subscribe(self._on_lock_changed) if custody else lambda: None
        card.unlock_requested.connect(self.ask_to_unlock)
        card.lock_requested.connect(self._on_lock)
        card.create_requested.connect(self._on_create)
        card.import_requested.connect(self._on_import)
        card.demonstration_requested.connect(self._on_demonstration)

    @property
    def dialog(self) -> QDialog | None:
        """The dialog that is open."""
        return self._dialog

    def activate(self) -> None:
        """Look at the key and show it."""
        if not self._tasks.is_running(_LOOK):
            self._tasks.start(self._look(), _LOOK)

    def ask_to_unlock(self) -> None:
        """Open the dialog that asks for the password; nothing if no lock is shut, or a dialog is open."""
        if self._dialog is not None:
            self._dialog.raise_()
            self._dialog.activateWindow()
        elif self._custody is not None and self._custody.is_locked:
            dialog = UnlockDialog(self._address(), round(self._custody.idle_s / 60), self._card.window())
            dialog.unlock_requested.connect(partial(self._on_password, dialog))
            self._open(dialog)

    async def close(self) -> None:
        """Cancel what is under way and close the dialog."""
        self._unsubscribe()
        if self._dialog is not None:
            self._dialog.done(QDialog.DialogCode.Rejected)
        await self._tasks.close()

    async def _look(self) -> None:
        try:
            await self._signer.prepare()
        except IpnftError as error:
            self._card.show_key(self._state(), None, error_line(error))
        else:
            self._show()

    async def _unlock(self, dialog: UnlockDialog, password: str) -> None:
        assert self._custody is not None
        unlocking = self._custody.unlock(password)
        del password  # no local of a frame that an exception passes through
        dialog.set_busy(True)
        try:
            await unlocking
        except IpnftError as error:
            dialog.show_refusal(error)
        else:
            dialog.accept()

    async def _create(self, dialog: CreateKeystoreDialog, password: str, repeated: str) -> None:
        try:
            check_new_password(password, repeated)
            making = self._shelf.create(password)
            del password, repeated  # no locals of a frame that an exception passes through
            dialog.set_busy(True)
            file = await making
        except ValidationFailed as refused:
            dialog.show_problems(refused.problems)
        except IpnftError as error:
            dialog.show_error(error)
        else:
            dialog.show_made(file)
            self._on_keystore(file)

    async def _import(self, source: Path) -> None:
        try:
            file = await self._shelf.import_file(source)
        except IpnftError as error:
            self.notice.emit(error_line(error), Tone.ERROR)
        else:
            self._on_keystore(file)
            self.notice.emit(self.tr("The program signs with this keystore from its next start on."), Tone.OK)

    def _work(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.start(work, _WORK)

    def _open(self, dialog: QDialog) -> None:
        self._dialog = dialog
        dialog.finished.connect(self._on_finished)
        dialog.open()

    def _on_finished(self) -> None:
        """A dialog that is given up takes its work along."""
        dialog, self._dialog = self._dialog, None
        if dialog is None:
            return
        dialog.deleteLater()
        if dialog.result() == QDialog.DialogCode.Rejected and self._tasks.is_running(_WORK):
            self._tasks.start(self._tasks.cancel(_WORK), "key work cancelled")

    def _on_password(self, dialog: UnlockDialog, password: str) -> None:
        self._work(self._unlock(dialog, password))

    def _on_new_password(self, dialog: CreateKeystoreDialog, password: str, repeated: str) -> None:
        self._work(self._create(dialog, password, repeated))

    def _on_create(self) -> None:
        if self._dialog is None:
            dialog = CreateKeystoreDialog(self._shelf.folder, self._card.window())
            dialog.create_requested.connect(partial(self._on_new_password, dialog))
            self._open(dialog)

    def _on_import(self) -> None:
        def use(files: Sequence[Path]) -> None:
            if files:
                self._work(self._import(files[0]))

        ask_for_files(self._card.window(), self.tr("Use a keystore file"), use, several=False)

    def _on_demonstration(self) -> None:
        self._on_keystore(None)
        self.notice.emit(self.tr("The program signs with the demonstration key from its next start on."), Tone.OK)

    def _on_lock(self) -> None:
        if self._custody is not None:
            self._custody.lock()

    def _on_lock_changed(self, _is_locked: bool) -> None:
        self._show()

    def _show(self) -> None:
        state = self._state()
        self._card.show_key(state, self._address(), self._note(state))

    def _state(self) -> KeyState:
        if self._custody is None:
            return KeyState.DEMONSTRATION
        return KeyState.LOCKED if self._custody.is_locked else KeyState.UNLOCKED

    def _note(self, state: KeyState) -> str:
        if self._custody is None:
            return self.tr("Demonstration key of the local chain. Everybody knows it; it signs nowhere else.")
        if state is KeyState.LOCKED:
            return self.tr("Mints wait until it is unlocked.")
        return self.tr("Locks after {0} min without a signature.").format(round(self._custody.idle_s / 60))

    def _address(self) -> str | None:
        try:
            return self._signer.address
        except UserError as error:
            if error.code not in (ErrorCode.KEYSTORE_LOCKED, ErrorCode.KEYSTORE_INVALID):
                raise
            return None

    def _on_unexpected(self, error: Exception) -> None:
        self.notice.emit(str(error if isinstance(error, IpnftError) else Defect(type(error).__name__)), Tone.ERROR)
