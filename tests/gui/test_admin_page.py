"""The Admin page over the real services of a memory core: what a person does there is in the register afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from ipnft_desktop.bootstrap.people_in_window import PeopleInWindow, PeopleTabs
from ipnft_desktop.domain.events import RegisterOpened
from ipnft_desktop.domain.people import Role, User
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.admin.address_form import AddressForm
from ipnft_desktop.ui.admin.address_import_dialog import AddressImportDialog
from ipnft_desktop.ui.admin.enterprise_form import EnterpriseForm
from ipnft_desktop.ui.admin.user_form import SetPasswordForm, UserForm
from ipnft_desktop.ui.admin.view import AdminView, Face
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.main_window import MainWindow
from ipnft_desktop.ui.widgets.buttons import LinkButton
from tests.gui.support.waiting import settled
from tests.support import samples
from tests.support.core_factory import MemoryCore

PASSWORD = "four unrelated words"
NOTARY = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
ESCROW = "0x9c774352712350b37d9b5b4FA5862f940B595813"


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
async def admin(qapp: QApplication, tmp_path: Path) -> AsyncIterator[Admin]:
    memory = MemoryCore(tmp_path)
    core, window, view, events, access = memory.core, MainWindow(), AdminView(), AppEvents(), Access()
    events.attach(core.events)
    window.setCentralWidget(view)
    window.show()
    building = PeopleTabs.add_to(view, access)
    try:
        while True:
            next(building)
    except StopIteration as built:
        tabs: PeopleTabs = built.value
    parts = PeopleInWindow(window, view, core, access, events, tabs)
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
    window.close()
    window.deleteLater()


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
    # The reading that follows the refusal may know the new account a moment before it is asked into focus.
    await settled(lambda: (shown := admin.parts.people_tab.current) is not None and shown.user.name == "li")

    made = (await admin.users())["li"]
    assert (made.display_name, made.role, made.enterprise_ids) == ("li", Role.OPERATOR, frozenset({chosen}))
    shown = admin.parts.people_tab.current
    assert shown is not None
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


async def test_what_another_administrator_changed_is_shown_before_it_is_changed_again(admin: Admin) -> None:
    tab, people = admin.parts.people_tab, admin.memory.core.people
    tab.edit_button.click()
    form = admin.parts.accounts.dialog
    assert isinstance(form, UserForm)
    wang = (await admin.users())["wang"]
    await people.change_user(wang, wang.display_name, Role.VIEWER, (), is_active=True)
    form.display_name.setText("Wang")
    form.submit_button.click()
    await settled(lambda: tab.current is not None and tab.current.user.role is Role.VIEWER)
    assert not form.error_panel.isHidden()
    assert (await admin.users())["wang"].display_name == wang.display_name

    form.leave()
    tab.edit_button.click()
    again = admin.parts.accounts.dialog
    assert isinstance(again, UserForm)
    again.display_name.setText("Wang")
    again.submit_button.click()
    await settled(lambda: admin.parts.accounts.dialog is None)
    changed = (await admin.users())["wang"]
    assert (changed.display_name, changed.role) == ("Wang", Role.VIEWER)


async def test_an_account_is_closed_undone_and_gets_another_password(admin: Admin) -> None:
    tab = admin.parts.people_tab
    tab.close_button.click()
    await settled(lambda: bool(admin.window.toasts.texts))
    await settled(lambda: not tab.reopen_button.isHidden())
    assert not (await admin.users())["wang"].is_active
    tab.reopen_button.click()
    await settled(lambda: tab.reopen_button.isHidden())
    assert (await admin.users())["wang"].is_active
    admin.window.toasts.clear()
    tab.close_button.click()
    await settled(lambda: not tab.reopen_button.isHidden())
    undo = next(one for one in admin.window.toasts.findChildren(QPushButton) if one.text() == "Undo")
    undo.click()
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


async def test_an_enterprise_is_added_with_a_checked_wallet(admin: Admin, qtbot: QtBot) -> None:
    tab, presenter = admin.parts.enterprises_tab, admin.parts.enterprises
    admin.view.show_tab(tab)
    await settled(lambda: not presenter.is_reading)
    assert tab.face is tab.empty
    tab.empty.button.click()
    form = presenter.dialog
    assert isinstance(form, EnterpriseForm)
    form.name.setText("Heron Works")
    form.wallet_label.setText("Vault")
    qtbot.keyClicks(form.wallet_address.line, NOTARY[:-1] + "9")
    assert "checksum" in form.wallet_address.error
    form.wallet_address.line.setText(NOTARY)
    form.submit_button.click()
    await settled(lambda: tab.table.records.count == 1)
    model = tab.table.records
    assert [str(model.index(0, column).data()) for column in range(5)] == [
        "Heron Works",
        "Vault",
        "0x7099…79C8",
        "0",
        "–",
    ]

    tab.edit_button.click()
    form = presenter.dialog
    assert isinstance(form, EnterpriseForm)
    form.name.setText("Heron & Daughters")
    form.submit_button.click()
    await settled(lambda: presenter.dialog is None)
    assert [one.name for one in await admin.memory.core.register.enterprises()] == ["Heron & Daughters"]


async def test_an_address_gets_a_label_and_its_removal_is_undone(admin: Admin, qtbot: QtBot) -> None:
    tab, presenter, book = admin.parts.addresses_tab, admin.parts.addresses, admin.memory.core.address_book
    admin.view.show_tab(tab)
    tab.add_button.click()
    form = presenter.dialog
    assert isinstance(form, AddressForm)
    form.address.line.setText(NOTARY.lower())
    form.label.setText("Notary")
    form.submit_button.click()
    await settled(lambda: tab.table.records.count == 1)
    assert book.label_of(NOTARY) == "Notary"

    tab.table.clicked.emit(tab.table.records.index(0, 1))
    assert QGuiApplication.clipboard().text() == NOTARY
    tab.remove_button.click()
    await settled(lambda: tab.table.records.count == 0)
    toast = admin.window.toasts.findChildren(LinkButton)[-1]
    assert toast.text() == "Undo"
    toast.click()
    await settled(lambda: tab.table.records.count == 1)
    assert book.label_of(NOTARY) == "Notary"


async def test_a_file_of_addresses_is_shown_before_it_is_taken_in_whole(admin: Admin, tmp_path: Path) -> None:
    tab, presenter, book = admin.parts.addresses_tab, admin.parts.addresses, admin.memory.core.address_book
    await book.add(NOTARY, "Notary")
    admin.view.show_tab(tab)
    file = tmp_path / "addresses.csv"
    good = f"address,label\n{NOTARY},Public notary\n{ESCROW},Escrow\n"
    file.write_text(good + "0x12,Typo\n", encoding="utf-8")
    presenter.take_in(file)
    await settled(lambda: presenter.dialog is not None)
    dialog = presenter.dialog
    assert isinstance(dialog, AddressImportDialog)
    model = dialog.table.records
    assert [str(model.index(row, 0).data()) for row in range(3)] == ["WRONG", "CHANGED", "NEW"]
    assert str(model.index(0, 1).data()) == "4"
    assert not dialog.submit_button.isEnabled()
    dialog.cancel_button.click()

    file.write_text(good, encoding="utf-8")
    presenter.take_in(file)
    await settled(lambda: presenter.dialog is not None)
    assert presenter.dialog is not None
    presenter.dialog.submit_button.click()
    await settled(lambda: tab.table.records.count == 2)
    assert (book.label_of(NOTARY), book.label_of(ESCROW)) == ("Public notary", "Escrow")

    presenter.give_out(tmp_path / "out.json")
    await settled(lambda: any("written" in text for text in admin.window.toasts.texts))
    assert "Escrow" in (tmp_path / "out.json").read_text("utf-8")


async def test_73_a_viewer_reads_the_people_and_can_press_nothing(admin: Admin) -> None:
    tab = admin.parts.people_tab
    admin.memory.core.session.begin(samples.user(Role.VIEWER))
    assert not tab.add_button.isEnabled()
    menu = tab.menu()
    assert menu is not None
    assert not any(action.isEnabled() for action in menu.actions())
    assert "Administrator" in menu.actions()[0].toolTip()
    menu.close()


async def test_73_nobody_sees_the_page_without_signing_in(admin: Admin) -> None:
    assert admin.view.face is Face.TABS
    admin.memory.core.session.end()
    assert admin.view.face is Face.SIGNED_OUT
    assert not admin.parts.people_tab.isVisible()
    admin.view.signed_out.button.click()
    await settled(lambda: admin.parts.sign_in.dialog is not None)
    admin.memory.core.session.begin(samples.user(Role.VIEWER))
    assert admin.view.face is Face.TABS
    await settled(lambda: not admin.parts.accounts.is_reading)
    assert not admin.parts.people_tab.error_panel.isVisible()
