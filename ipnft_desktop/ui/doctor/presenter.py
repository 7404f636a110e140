"""Opens the doctor, lets it look, and carries out what is pressed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.errors import IpnftError, with_code
from ipnft_desktop.domain.phrases import Phrase
from ipnft_desktop.services.doctor.doctor import OnExamined
from ipnft_desktop.services.doctor.findings import CheckKey, Examined, Remedy
from ipnft_desktop.services.doctor.report import report
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.commands.command import Command, Group
from ipnft_desktop.ui.doctor.dialog import DoctorDialog
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.error_words import error_sentence
from ipnft_desktop.ui.widgets.phrases import say

_LOOK = "doctor"
_REMEDY = "remedy"


class Doctor(Protocol):
    """What the dialog needs of `services.doctor.doctor.Doctor`."""

    @property
    def check_count(self) -> int: ...
    async def examine(self, on_examined: OnExamined) -> tuple[Examined, ...]: ...
    async def apply(self, remedy: Remedy) -> Phrase: ...


class DoctorPresenter(QObject):
    """Serves the one dialog of a window; `open_folder` shows a folder to the person."""

    notice = Signal(str, Tone)

    def __init__(self, window: QWidget, doctor: Doctor, access: Access, open_folder: Callable[[Path], object]) -> None:
        super().__init__(window)
        self._window = window
        self._doctor = doctor
        self._access = access
        self._open_folder = open_folder
        self._dialog: DoctorDialog | None = None
        self._examined: tuple[Examined, ...] = ()
        self._looking: asyncio.Task[None] | None = None
        self._tasks = PageTasks(self._on_unexpected)
        self._command: Command | None = Command(
            window,
            "help.doctor check",
            self.tr("Doctor…"),
            self.open,
            "Shift+F1",
            icon=Icon.ACTIVITY,
            group=Group.HELP,
            context=Qt.ShortcutContext.WindowShortcut,
        )

    @property
    def dialog(self) -> DoctorDialog | None:
        """The dialog while it is open."""
        return self._dialog

    def open(self) -> None:
        """Open the dialog and look at everything; bring it to the front where it is open."""
        if self._dialog is None:
            dialog = self._dialog = DoctorDialog(self._doctor.check_count, self._window)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.again_wanted.connect(self._look)
            dialog.report_wanted.connect(self._on_report)
            dialog.remedy_wanted.connect(self._on_remedy)
            dialog.finished.connect(self._on_closed)
            dialog.show()
            self._look()
        self._dialog.raise_()
        self._dialog.activateWindow()

    async def close(self) -> None:
        """Close the dialog and look no longer; a remedy under way goes on where it cannot be cancelled."""
        if self._dialog is not None:
            self._dialog.close()
        command, self._command = self._command, None
        if command is not None:
            command.dispose()
        await self._tasks.close()

    def _look(self) -> None:
        if self._dialog is not None and (self._looking is None or self._looking.done()):
            self._dialog.show_looking()
            self._looking = self._tasks.start(self._examine(self._dialog), _LOOK)

    async def _examine(self, dialog: DoctorDialog) -> None:
        self._examined = await self._doctor.examine(lambda examined: self._show(dialog, examined))
        dialog.show_done()

    def _show(self, dialog: DoctorDialog, examined: Examined) -> None:
        dialog.show_examined(examined)
        for button, remedy in dialog.rows[examined.key].buttons:
            if remedy.permission is not None:
                self._access.guard(button, remedy.permission, button.refuse)

    def _on_report(self) -> None:
        QGuiApplication.clipboard().setText(report(self._examined, say, datetime.now(UTC)))
        self.notice.emit(self.tr("The doctor's report was copied."), Tone.OK)

    def _on_remedy(self, key: CheckKey, remedy: Remedy) -> None:
        if remedy.copies_report:
            self._on_report()
        elif remedy.opens is not None:
            self._open_folder(remedy.opens)
        elif not self._tasks.is_running(_REMEDY):
            self._tasks.start(self._mend(key, remedy), _REMEDY)

    async def _mend(self, key: CheckKey, remedy: Remedy) -> None:
        dialog = self._dialog
        assert dialog is not None
        dialog.rows[key].show_working()
        try:
            done = await self._doctor.apply(remedy)
        except IpnftError as error:
            if dialog is self._dialog:
                dialog.rows[key].show_error(error)
            else:
                self.notice.emit(error_sentence(error), Tone.ERROR)
            return
        self.notice.emit(say(done), Tone.OK)
        self._look()

    def _on_closed(self) -> None:
        """The dialog is about to be deleted: whatever would be told to it must stop before."""
        self._dialog = None
        looking, self._looking = self._looking, None
        if looking is not None:
            looking.cancel()

    def _on_unexpected(self, error: Exception) -> None:
        told = with_code(error)
        self.notice.emit(error_sentence(told), Tone.ERROR)
