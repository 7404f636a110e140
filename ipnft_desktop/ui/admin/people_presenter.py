"""Keeps people's accounts for their tab."""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine, Sequence
from typing import Any, Protocol
from uuid import UUID

from ipnft_desktop.domain.assets import Enterprise
from ipnft_desktop.domain.people import Role, User
from ipnft_desktop.ui.admin.people_tab import PeopleTab, Person
from ipnft_desktop.ui.admin.tab_presenter import TabPresenter
from ipnft_desktop.ui.admin.user_form import SetPasswordForm, UserForm
from ipnft_desktop.ui.widgets.toast import ToastStack


class People(Protocol):
    """What the tab needs of `services.people.PeopleService`."""

    async def users(self) -> tuple[User, ...]: ...
    async def create_user(
        self, name: str, display_name: str, role: Role, enterprise_ids: Collection[UUID], password: str
    ) -> User: ...
    async def change_user(
        self, original: User, display_name: str, role: Role, enterprise_ids: Collection[UUID], is_active: bool
    ) -> User: ...
    async def set_password(self, user_id: UUID, new: str) -> None: ...
    async def unlock(self, user_id: UUID) -> User: ...


ReadEnterprises = Callable[[], Coroutine[Any, Any, Sequence[Enterprise]]]


class PeoplePresenter(TabPresenter[Person]):
    """Drives one `PeopleTab`."""

    def __init__(self, tab: PeopleTab, people: People, read_enterprises: ReadEnterprises, toasts: ToastStack) -> None:
        super().__init__(tab, toasts)
        self._people = people
        self._read_enterprises = read_enterprises
        self._enterprises: Sequence[Enterprise] = ()
        tab.add_requested.connect(self._on_add)
        tab.edit_requested.connect(self._on_edit)
        tab.password_requested.connect(self._on_password)
        tab.unlock_requested.connect(self._on_unlock)
        tab.close_requested.connect(self._on_close)
        tab.reopen_requested.connect(self._on_reopen)

    async def read(self) -> tuple[Person, ...]:
        """All accounts, with the names of their enterprises."""
        self._enterprises = await self._read_enterprises()
        names = {one.enterprise_id: one.name for one in self._enterprises}
        return tuple(
            Person(user, tuple(sorted(names[one] for one in user.enterprise_ids if one in names)))
            for user in await self._people.users()
        )

    async def _create(self, form: UserForm) -> None:
        assert form.password is not None
        name, display_name, role, enterprise_ids = form.values()
        user = await self._people.create_user(name, display_name or name, role, enterprise_ids, form.password.take())
        self.want(user.user_id)
        self.tell_done(self.tr("{0} was added").format(user.display_name))

    async def _change(self, form: UserForm, user: User) -> None:
        _, display_name, role, enterprise_ids = form.values()
        await self._people.change_user(user, display_name, role, enterprise_ids, user.is_active)

    async def _set_password(self, form: SetPasswordForm, user: User) -> None:
        await self._people.set_password(user.user_id, form.password.take())
        self.tell_done(self.tr("{0} has a new password").format(user.display_name))

    async def _unlock(self, user: User) -> None:
        await self._people.unlock(user.user_id)
        self.tell_done(self.tr("{0} can sign in again").format(user.display_name))

    async def _set_active(self, user: User, *, active: bool) -> None:
        changed = await self._people.change_user(user, user.display_name, user.role, user.enterprise_ids, active)
        if active:
            self.tell_done(self.tr("The account of {0} is open again").format(user.display_name))
        else:
            self.tell_done(
                self.tr("The account of {0} was closed").format(user.display_name),
                lambda: self._on_reopen(changed),
            )

    def _on_unlock(self, user: User) -> None:
        self.run(lambda: self._unlock(user))

    def _on_close(self, user: User) -> None:
        self.run(lambda: self._set_active(user, active=False))

    def _on_reopen(self, user: User) -> None:
        self.run(lambda: self._set_active(user, active=True))

    def _on_add(self) -> None:
        if self.dialog is None:
            form = UserForm(self._enterprises, None, self.tab.window())
            assert form.password is not None
            self.open(form, lambda: self._create(form), form.password.agree)

    def _on_edit(self, user: User) -> None:
        if self.dialog is None:
            form = UserForm(self._enterprises, user, self.tab.window())
            self.open(form, lambda: self._change(form, user))

    def _on_password(self, user: User) -> None:
        if self.dialog is None:
            form = SetPasswordForm(user, self.tab.window())
            self.open(form, lambda: self._set_password(form, user), form.password.agree)
