"""Signs people in and out at this window, and tells the buttons what the person may do."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from ipnft_desktop.domain.errors import IpnftError, with_code
from ipnft_desktop.domain.events import SessionChanged
from ipnft_desktop.domain.people import User
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.commands.command import Command, Group
from ipnft_desktop.ui.commands.main_menu import add_command
from ipnft_desktop.ui.open_dialogs import leave_dialogs
from ipnft_desktop.ui.sign_in.password_dialogs import ChangePasswordDialog, FirstAdminDialog
from ipnft_desktop.ui.sign_in.sign_in_dialog import SignInDialog
from ipnft_desktop.ui.tasks import PageTasks
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.error_words import error_line
from ipnft_desktop.ui.widgets.form_dialog import FormDialog, carry_out
from ipnft_desktop.ui.widgets.menu import Menu
from ipnft_desktop.ui.widgets.people_words import person_name

_GREET = "greet"
_WORK = "sign in"
Work = Callable[[], Coroutine[Any, Any, object]]


class People(Protocol):
    """What signing in needs of `services.people.PeopleService`."""

    async def needs_first_admin(self) -> bool: ...
    async def create_first_admin(self, name: str, display_name: str, password: str) -> User: ...
    async def sign_in(self, name: str, password: str) -> User: ...
    async def offers_demo(self) -> bool: ...
    async def sign_in_demo(self) -> User: ...
    async def sign_out(self) -> None: ...
    async def change_password(self, old: str, new: str) -> None: ...


class CurrentSession(Protocol):
    """What is asked of `services.session.Session`."""

    @property
    def user(self) -> User | None: ...


class SignInPresenter(QObject):
    """One dialog at a time; `notice` is a short message with its `Tone`.

    As soon as the register is open and nobody is signed in, it asks who is there. Whoever leaves takes along what they
    have open over the window.
    """

    notice = Signal(str, object)

    def __init__(
        self, window: QWidget, people: People, session: CurrentSession, access: Access, events: AppEvents
    ) -> None:
        super().__init__(window)
        self._window = window
        self._people = people
        self._session = session
        self._access = access
        self._is_open = False
        self._dialog: FormDialog | None = None
        self._tasks = PageTasks(self._on_unexpected)
        self._add_commands()
        access.follow(session.user)
        events.register_opened.connect(self._on_register_opened)
        events.session_changed.connect(self._on_session)

    @property
    def dialog(self) -> FormDialog | None:
        """The dialog that is open."""
        return self._dialog

    def ask_who(self) -> None:
        """Open the dialog that signs in, or makes the first administrator where nobody can sign in yet."""
        if self._dialog is not None:
            self._dialog.raise_()
            self._dialog.activateWindow()
        else:
            self._tasks.start(self._ask_who(), _GREET)

    def ask_for_password(self) -> None:
        """Open the dialog that changes the password of the person who is signed in."""
        user = self._session.user
        if user is not None and self._dialog is None:
            dialog = ChangePasswordDialog(user, self._window)
            self._open(dialog, lambda: self._change_password(dialog), dialog.password.agree)

    def menu(self) -> QMenu:
        """What the person at the window can do about who is signed in."""
        menu = Menu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self._session.user is None:
            add_command(
                menu, self._sign_in_command, "" if self._is_open else self.tr("Sign in (start the environment first)")
            )
            return menu
        add_command(menu, self._password_command)
        add_command(menu, self._sign_in_command, self.tr("Sign in as somebody else…"))
        menu.addSeparator()
        add_command(menu, self._sign_out_command)
        return menu

    def sign_out(self) -> None:
        """End the session; what was begun goes on."""
        self._tasks.start(self._people.sign_out(), _WORK)

    async def close(self) -> None:
        """Cancel what is under way and close the dialog."""
        for command in (self._sign_in_command, self._password_command, self._sign_out_command):
            command.dispose()  # the window stays
        await self._tasks.close()
        if self._dialog is not None:
            self._dialog.leave()

    def _add_commands(self) -> None:
        whole, file = Qt.ShortcutContext.WindowShortcut, Group.FILE

        def nobody() -> str:
            return "" if self._session.user is not None else self.tr("Nobody is signed in.")

        def no_password() -> str:
            user = self._session.user
            is_demo = user is not None and user.is_demo
            return nobody() or (self.tr("The demonstration user has no password.") if is_demo else "")

        self._sign_in_command = Command(
            self._window,
            "file.sign in log in",
            self.tr("Sign in…"),
            self.ask_who,
            "Ctrl+Shift+I",
            icon=Icon.USER,
            group=file,
            refusal=lambda: "" if self._is_open or self._session.user else self.tr("Start the environment first."),
            context=whole,
        )
        self._password_command = Command(
            self._window,
            "file.change password",
            self.tr("Change the password…"),
            self.ask_for_password,
            icon=Icon.KEY,
            group=file,
            refusal=no_password,
            context=whole,
        )
        self._sign_out_command = Command(
            self._window,
            "file.sign out log out",
            self.tr("Sign out"),
            self.sign_out,
            "Ctrl+Shift+O",
            icon=Icon.LOCK,
            group=file,
            refusal=nobody,
            context=whole,
        )

    async def _greet(self) -> None:
        if self._session.user is None and self._dialog is None:
            await self._ask_who()

    async def _ask_who(self) -> None:
        before = self._session.user
        try:
            is_first = await self._people.needs_first_admin()
            has_demo = await self._people.offers_demo()
        except IpnftError as error:
            self._tell(error)
            return
        if self._dialog is not None or self._session.user is not before:
            return  # somebody was faster
        if is_first:
            first = FirstAdminDialog(self._window)
            self._open(first, lambda: self._create_first(first), first.password.agree)
        else:
            dialog = SignInDialog(has_demo=has_demo, parent=self._window)
            dialog.demo_requested.connect(lambda: self._carry_out(dialog, self._people.sign_in_demo))
            self._open(dialog, lambda: self._sign_in(dialog))

    async def _sign_in(self, dialog: SignInDialog) -> None:
        user = await self._people.sign_in(dialog.name.text(), dialog.password.take())
        self.notice.emit(self.tr("Signed in as {0}").format(person_name(user)), Tone.OK)

    async def _create_first(self, dialog: FirstAdminDialog) -> None:
        shown = dialog.display_name.text() or dialog.name.text()
        user = await self._people.create_first_admin(dialog.name.text(), shown, dialog.password.take())
        self.notice.emit(self.tr("Signed in as {0}").format(person_name(user)), Tone.OK)

    async def _change_password(self, dialog: ChangePasswordDialog) -> None:
        await self._people.change_password(dialog.old.take(), dialog.password.take())
        self.notice.emit(self.tr("The password was changed"), Tone.OK)

    def _open(self, dialog: FormDialog, work: Work, check: Callable[[], bool] = lambda: True) -> None:
        def on_submitted() -> None:
            if check():
                self._carry_out(dialog, work)

        self._dialog = dialog
        dialog.submitted.connect(on_submitted)
        dialog.finished.connect(self._on_finished)
        dialog.open()

    def _carry_out(self, dialog: FormDialog, work: Work) -> None:
        self._tasks.start(carry_out(dialog, work), _WORK)

    def _on_finished(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    def _on_register_opened(self) -> None:
        self._is_open = True
        self._tasks.start(self._greet(), _GREET)

    def _on_session(self, event: SessionChanged) -> None:
        self._access.follow(event.user)
        if event.user is None:
            leave_dialogs(self._window, keep=(SignInDialog, FirstAdminDialog))
        elif self._dialog is not None and not self._dialog.is_busy:
            self._dialog.leave()

    def _tell(self, error: IpnftError) -> None:
        self.notice.emit(error_line(error), Tone.ERROR)

    def _on_unexpected(self, error: Exception) -> None:
        self._tell(with_code(error))
