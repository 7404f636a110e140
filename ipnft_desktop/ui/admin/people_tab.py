"""The tab of the people: who has an account, in which role, and whether it can be used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QCoreApplication, Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.people import Permission, Role, User
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.admin.record_tab import RecordTab
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import ColumnWidth, Tone
from ipnft_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.empty_state import EmptyState
from ipnft_desktop.ui.widgets.measures import listed, local_time, utc_time
from ipnft_desktop.ui.widgets.people_words import person_name, role_name
from ipnft_desktop.ui.widgets.record_table import RecordTable

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Person:
    """An account with the names of its enterprises."""

    user: User
    enterprises: tuple[str, ...]

    @property
    def is_locked(self) -> bool:
        """Whether too many wrong passwords closed it for a while."""
        until = self.user.locked_until
        return until is not None and until > datetime.now(UTC)


class PeopleTab(RecordTab[Person]):
    """Each signal but `add_requested` carries the `User` in focus."""

    add_requested = Signal()
    edit_requested = Signal(object)
    password_requested = Signal(object)
    unlock_requested = Signal(object)
    close_requested = Signal(object)
    reopen_requested = Signal(object)

    def __init__(self, access: Access, parent: QWidget | None = None) -> None:
        super().__init__(
            RecordTable[Person](_tr("People"), _columns(), lambda person: person.user.user_id, _sought),
            EmptyState(
                Icon.USER,
                _tr("Nobody has an account"),
                _tr("Everybody who works with this register signs in with an own name."),
                _tr("Add a person"),
            ),
            _tr("Name, role, enterprise…"),
            _tr("Enter edit · Ctrl+N add · Ctrl+F find · F5 reload"),
            parent,
        )
        self.edit_button = SecondaryButton(self.tr("Edit…"), Icon.PENCIL)
        self.password_button = SecondaryButton(self.tr("Set password…"), Icon.KEY)
        self.unlock_button = SecondaryButton(self.tr("Unlock"), Icon.LOCK_OPEN)
        self.close_button = SecondaryButton(self.tr("Close account"), Icon.LOCK)
        self.reopen_button = SecondaryButton(self.tr("Reopen account"), Icon.LOCK_OPEN)
        self.add_button = PrimaryButton(self.tr("Add person"), Icon.PLUS)
        for name, button, signal in (
            ("edit person", self.edit_button, self.edit_requested),
            ("set password", self.password_button, self.password_requested),
            ("unlock account", self.unlock_button, self.unlock_requested),
            ("close account", self.close_button, self.close_requested),
            ("reopen account", self.reopen_button, self.reopen_requested),
        ):
            self.offer(name, button, partial(self._tell, signal))
        self.offer("add person", self.add_button, self.add_requested.emit, "Ctrl+N")
        for button in (*self._of_one, self.add_button, self.empty.button):
            access.guard(button, Permission.MANAGE_PEOPLE, button.refuse)
        self.empty.action_requested.connect(self.add_requested)
        self.table.opened.connect(self.edit_button.click)
        self.table.current_changed.connect(self._refresh_buttons)
        self._refresh_buttons()

    @property
    def _of_one(self) -> tuple[SecondaryButton, ...]:
        return (self.edit_button, self.password_button, self.unlock_button, self.close_button, self.reopen_button)

    def _tell(self, signal: SignalInstance) -> None:
        person = self.current
        if person is not None:
            signal.emit(person.user)

    def _refresh_buttons(self) -> None:
        person = self.current
        for button in self._of_one:
            button.setEnabled(person is not None)
        is_active = person is None or person.user.is_active
        self.close_button.setVisible(is_active)
        self.reopen_button.setVisible(not is_active)
        self.unlock_button.setVisible(person is not None and person.is_locked)
        self.password_button.setEnabled(person is not None and not person.user.is_demo)


def _tr(text: str) -> str:
    return QCoreApplication.translate("PeopleTab", text)


def _columns() -> tuple[RecordColumn[Person], ...]:
    return (
        RecordColumn(_tr("Person"), lambda person: person_name(person.user)),
        RecordColumn(_tr("Signs in as"), lambda person: person.user.name, ColumnWidth.XL),
        RecordColumn(
            _tr("Role"),
            lambda person: role_name(person.user.role),
            ColumnWidth.L,
            lambda person: list(Role).index(person.user.role),
        ),
        RecordColumn(_tr("Enterprises"), _enterprises, hover=lambda person: "\n".join(person.enterprises)),
        RecordColumn(
            _tr("Last sign-in"),
            _last_sign_in,
            ColumnWidth.XL,
            lambda person: person.user.last_sign_in_at or _NEVER,
            lambda person: utc_time(person.user.last_sign_in_at) if person.user.last_sign_in_at else "",
        ),
        RecordColumn(
            _tr("State"), lambda person: _state(person)[0], ColumnWidth.L, tone=lambda person: _state(person)[1]
        ),
    )


def _sought(person: Person) -> str:
    user = person.user
    return " ".join((user.name, user.display_name, role_name(user.role), *person.enterprises))


def _enterprises(person: Person) -> str:
    return _tr("All") if person.user.role is Role.ADMIN else listed(person.enterprises) or "–"


def _last_sign_in(person: Person) -> str:
    at = person.user.last_sign_in_at
    return local_time(at) if at is not None else _tr("Never")


def _state(person: Person) -> tuple[str, Tone]:
    if not person.user.is_active:
        return _tr("CLOSED"), Tone.NEUTRAL
    if person.is_locked:
        return _tr("LOCKED"), Tone.WARN
    if person.user.is_demo:
        return _tr("DEMONSTRATION"), Tone.VIOLET
    return _tr("OPEN"), Tone.OK
