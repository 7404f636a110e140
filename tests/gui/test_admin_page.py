"""The Admin page over the real services of a memory core: what a person does there is in the register afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ipnft_desktop.bootstrap.people_in_window import PeopleInWindow
from ipnft_desktop.domain.events import RegisterOpened
from ipnft_desktop.domain.people import Role, User
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.admin.user_form import SetPasswordForm, UserForm
from ipnft_desktop.ui.admin.view import AdminView
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.main_window import MainWindow
from tests.gui.support.waiting import settled
from tests.support import samples
from tests.support.core_factory import MemoryCore

PASSWORD = "four unrelated words"


@dataclass
class Admin:
    """The page in a window, with the people in it."""

    window: MainWindow
    view: AdminView
    parts: PeopleInWindow
    memory: MemoryCore

    async def users(self) -> dict[str, User]:
        return {user.name: user for user in await self.memory.core.people.users()}

    async def listed(self, count: int) -> None:
        await settled(lambda: self.parts.people_tab.table.records.count == count)


@pytest.fixture
async def admin(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> AsyncIterator[Admin]:
    memory = MemoryCore(tmp_path)
    core, window, view, events, access = memory.core, MainWindow(), AdminView(), AppEvents(), Access()
    qtbot.addWidget(window)
    events.attach(core.events)
    window.setCentralWidget(view)
    window.show()
    parts = PeopleInWindow(window, view, core, access, events)
    await core.adapters.database.open()
    core.session.end()
    core.events.publish(RegisterOpened())
    await core.people.create_first_admin("admin", "Admin", PASSWORD)
    wang = await core.people.create_user("wang", "王小明", Role.OPERATOR, (), PASSWORD)
    parts.people_tab.reload_requested.emit()
    page = Admin(window, view, parts, memory)
    await page.listed(2)
    parts.people_tab.table.select(wang.user_id)
    yield page
    await parts.close()
    events.detach()
    await core.close()
    await core.adapters.database.close()


async def test_a_person_is_added_and_shown(admin: Admin) -> None:
    await admin.memory.core.register.add_assets([], (samples.enterprise(),))
    await settled(lambda: not admin.parts.accounts.is_reading)
    admin.parts.people_tab.reload_requested.emit()
    await settled(lambda: not admin.parts.accounts.is_reading)
    admin.parts.people_tab.add_button.click()
    form = admin.parts.accounts.dialog
    assert isinstance(form, UserForm)
    assert form.password is not None
    form.submit_button.click()
    await settled(lambda: bool(form.fields["name"].error))

    form.name.setText("li")
    form.role.setCurrentIndex(form.role.findData(Role.VIEWER))
    assert not form.fields["enterprise_ids"].isVisibleTo(form)
    form.role.setCurrentIndex(form.role.findData(Role.OPERATOR))
    assert form.fields["enterprise_ids"].isVisibleTo(form)
    chosen = next(iter(form.enterprises.boxes))
    form.enterprises.boxes[chosen].setChecked(True)
    for field in (form.password.first, form.password.second):
        field.setText(PASSWORD)
    form.submit_button.click()
    await admin.listed(3)

    made = (await admin.users())["li"]
    assert (made.display_name, made.role, made.enterprise_ids) == ("li", Role.OPERATOR, frozenset({chosen}))
    shown = admin.parts.people_tab.current
    assert shown is not None
    assert shown.user.name == "li"
    assert len(shown.enterprises) == 1


async def test_enter_edits_and_nothing_typed_is_lost_unasked(admin: Admin, qtbot: QtBot) -> None:
    admin.window.activateWindow()
    await settled(admin.window.isActiveWindow)
    admin.parts.people_tab.table.setFocus()
    qtbot.keyClick(admin.parts.people_tab.table, Qt.Key.Key_Return)
    form = admin.parts.accounts.dialog
    assert isinstance(form, UserForm)
    form.display_name.setText("Wang")
    qtbot.keyClick(form, Qt.Key.Key_Escape)
    assert not form.question.isHidden()
    form.question.decline_button.click()
    form.role.setCurrentIndex(form.role.findData(Role.ADMIN))
    form.submit_button.click()
    await settled(lambda: admin.parts.accounts.dialog is None)
    assert (await admin.users())["wang"].role is Role.ADMIN


async def test_an_account_is_closed_undone_and_gets_another_password(admin: Admin) -> None:
    tab = admin.parts.people_tab
    tab.close_button.click()
    await settled(lambda: bool(admin.window.toasts.texts))
    await settled(lambda: not tab.reopen_button.isHidden())
    assert not (await admin.users())["wang"].is_active
    tab.reopen_button.click()
    await settled(lambda: tab.reopen_button.isHidden())
    assert (await admin.users())["wang"].is_active

    tab.password_button.click()
    form = admin.parts.accounts.dialog
    assert isinstance(form, SetPasswordForm)
    for field in (form.password.first, form.password.second):
        field.setText("another long password")
    form.submit_button.click()
    await settled(lambda: admin.parts.accounts.dialog is None)
    await admin.memory.core.people.sign_in("wang", "another long password")


async def test_the_list_is_searched_sorted_and_offers_to_show_all(admin: Admin, qtbot: QtBot) -> None:
    await admin.memory.core.people.create_user("anna", "Anna", Role.VIEWER, (), PASSWORD)
    tab = admin.parts.people_tab
    tab.reload_requested.emit()
    await admin.listed(3)

    def names() -> list[str]:
        model = tab.table.records
        return [str(model.index(row, 1).data()) for row in range(model.rowCount())]

    tab.table.horizontalHeader().setSortIndicator(1, Qt.SortOrder.DescendingOrder)
    assert names() == ["wang", "anna", "admin"]
    tab.search.setText("viewer")
    tab.search.search_requested.emit("viewer")
    assert names() == ["anna"]
    tab.search.search_requested.emit("nobody")
    assert tab.face is tab.no_match
    tab.no_match.button.click()
    assert names() == ["wang", "anna", "admin"]


async def test_73_a_viewer_reads_the_people_and_can_press_nothing(admin: Admin) -> None:
    tab = admin.parts.people_tab
    admin.memory.core.session.begin(samples.user(Role.VIEWER))
    assert not tab.add_button.isEnabled()
    menu = tab.menu()
    assert menu is not None
    assert not any(action.isEnabled() for action in menu.actions())
    assert "Administrator" in menu.actions()[0].toolTip()
    menu.close()
