"""Who is at the window: asked when the register opens, refused beside the field, and told to the buttons."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from ipnft_desktop.domain.assets import AssetPage, AssetQuery
from ipnft_desktop.domain.errors import ErrorCode, FieldProblem, IpnftError, ProblemKind, UserError, ValidationFailed
from ipnft_desktop.domain.events import RegisterOpened
from ipnft_desktop.domain.people import Permission, Role, User
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.session import Session
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.app_events import AppEvents
from ipnft_desktop.ui.guards import guard_register
from ipnft_desktop.ui.main_window import MainWindow
from ipnft_desktop.ui.register.asset_form import AssetForm
from ipnft_desktop.ui.register.deleted_dialog import DeletedDialog
from ipnft_desktop.ui.register.view import RegisterView
from ipnft_desktop.ui.sign_in.password_dialogs import ChangePasswordDialog, FirstAdminDialog
from ipnft_desktop.ui.sign_in.presenter import SignInPresenter
from ipnft_desktop.ui.sign_in.sign_in_dialog import SignInDialog
from ipnft_desktop.ui.widgets.form_dialog import FormDialog
from tests.gui.register_doubles import ENTERPRISES, asset_of, row
from tests.gui.support.commands import command
from tests.gui.support.waiting import settled, turns
from tests.support import samples

PASSWORD = "four unrelated words"


@dataclass
class ScriptedPeople:
    """One password opens every account, unless scripted otherwise."""

    session: Session
    users_by_name: dict[str, User] = field(default_factory=dict[str, User])
    is_new: bool = False
    refusal: IpnftError | None = None
    asked: list[tuple[str, ...]] = field(default_factory=list[tuple[str, ...]])

    async def needs_first_admin(self) -> bool:
        return self.is_new

    async def create_first_admin(self, name: str, display_name: str, password: str) -> User:
        self.asked.append(("first", name, display_name, password))
        if self.refusal:
            raise self.refusal
        user = samples.user(name=name, display_name=display_name)
        self.session.begin(user)
        return user

    async def sign_in(self, name: str, password: str) -> User:
        self.asked.append(("sign in", name, password))
        await asyncio.sleep(0)
        if self.refusal:
            raise self.refusal
        if password != PASSWORD or name not in self.users_by_name:
            raise UserError(ErrorCode.SIGN_IN_REFUSED)
        self.session.begin(self.users_by_name[name])
        return self.users_by_name[name]

    async def offers_demo(self) -> bool:
        return any(user.is_demo for user in self.users_by_name.values())

    async def sign_in_demo(self) -> User:
        user = next(user for user in self.users_by_name.values() if user.is_demo)
        self.session.begin(user)
        return user

    async def sign_out(self) -> None:
        self.session.end()

    async def change_password(self, old: str, new: str) -> None:
        self.asked.append(("change", old, new))
        if old != PASSWORD:
            raise UserError(ErrorCode.SIGN_IN_REFUSED, field="old")
        if len(new) < 10:
            raise ValidationFailed((FieldProblem("password", ProblemKind.TOO_SHORT, "10"),))


@dataclass
class Door:
    window: MainWindow
    presenter: SignInPresenter
    people: ScriptedPeople
    session: Session
    hub: EventHub
    access: Access

    async def opened(self) -> FormDialog:
        self.hub.publish(RegisterOpened())
        await settled(lambda: self.presenter.dialog is not None)
        assert self.presenter.dialog is not None
        return self.presenter.dialog

    async def sign_in_dialog(self) -> SignInDialog:
        dialog = await self.opened()
        assert isinstance(dialog, SignInDialog)
        return dialog

    def choose(self, text: str) -> None:
        menu = self.presenter.menu()
        next(action for action in menu.actions() if action.text() == text).trigger()
        menu.close()


@pytest.fixture
async def door(qapp: QApplication) -> AsyncIterator[Door]:
    hub, events, window = EventHub(), AppEvents(), MainWindow()
    events.attach(hub)
    session = Session(hub)
    known = samples.user(Role.OPERATOR, name="wang", display_name="王小明")
    people = ScriptedPeople(session, {"wang": known})
    access = Access()
    presenter = SignInPresenter(window, people, session, access, events)
    yield Door(window, presenter, people, session, hub, access)
    await presenter.close()
    window.close()
    window.deleteLater()


def enter(dialog: SignInDialog, name: str, password: str) -> None:
    dialog.name.setText(name)
    dialog.password.setText(password)


async def test_it_asks_who_is_there_as_soon_as_the_register_is_open(door: Door, qtbot: QtBot) -> None:
    dialog = await door.sign_in_dialog()
    assert not dialog.submit_button.isEnabled()
    enter(dialog, "wang", PASSWORD)
    qtbot.keyClick(dialog.password, Qt.Key.Key_Return)
    await settled(lambda: door.presenter.dialog is None)
    assert door.session.user == door.people.users_by_name["wang"]
    assert not dialog.password.text()


async def test_whoever_is_signed_in_already_is_not_asked(door: Door) -> None:
    door.session.begin(door.people.users_by_name["wang"])
    door.hub.publish(RegisterOpened())
    await turns()
    assert door.presenter.dialog is None


async def test_a_dialog_that_waits_goes_when_somebody_is_signed_in(door: Door) -> None:
    await door.opened()
    door.session.begin(door.people.users_by_name["wang"])
    await settled(lambda: door.presenter.dialog is None)


async def test_escape_leaves_the_window_without_a_person_and_the_menu_asks_again(door: Door, qtbot: QtBot) -> None:
    dialog = await door.opened()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert door.presenter.dialog is None
    assert door.session.user is None
    door.choose("Sign in…")
    await settled(lambda: door.presenter.dialog is not None)


def test_before_the_register_is_open_nobody_can_sign_in(door: Door) -> None:
    menu = door.presenter.menu()
    assert [(action.text(), action.isEnabled()) for action in menu.actions()] == [
        ("Sign in (start the environment first)", False)
    ]
    menu.close()


async def test_a_wrong_password_is_told_beside_the_field_and_can_be_typed_over(door: Door) -> None:
    dialog = await door.sign_in_dialog()
    enter(dialog, "wang", "wrong")
    dialog.submit_button.click()
    await settled(lambda: bool(dialog.fields["password"].error))
    assert dialog.password.selectedText()
    assert dialog.submit_button.isEnabled()
    assert door.session.user is None


async def test_72_a_locked_account_says_for_how_long_and_another_may_sign_in(door: Door) -> None:
    dialog = await door.sign_in_dialog()
    until = datetime.now(UTC) + timedelta(minutes=15)
    door.people.refusal = UserError(ErrorCode.SIGN_IN_LOCKED, until=until.isoformat())
    enter(dialog, "li", "wrong")
    dialog.submit_button.click()
    await settled(lambda: dialog.is_waiting)
    assert "15:00" in dialog.fields["password"].error or "14:59" in dialog.fields["password"].error
    assert not dialog.submit_button.isEnabled()

    dialog.name.setText("wang")
    assert not dialog.is_waiting
    assert dialog.submit_button.isEnabled()
    dialog.name.setText("li")
    assert dialog.is_waiting


async def test_a_register_without_people_gets_its_first_administrator(door: Door) -> None:
    door.people.is_new = True
    dialog = await door.opened()
    assert isinstance(dialog, FirstAdminDialog)
    dialog.name.setText("li")
    dialog.password.first.setText(PASSWORD)
    dialog.submit_button.click()
    await turns()
    assert dialog.fields["repeated"].error == "The two entries differ."
    assert not door.people.asked

    dialog.password.second.setText(PASSWORD)
    dialog.submit_button.click()
    await settled(lambda: door.presenter.dialog is None)
    assert door.people.asked == [("first", "li", "li", PASSWORD)]


async def test_the_demonstration_user_goes_on_without_a_password(door: Door) -> None:
    dialog = await door.sign_in_dialog()
    assert dialog.demo_button.isHidden()
    dialog.leave()
    demo = samples.user(name="demo", is_demo=True)
    door.people.users_by_name["demo"] = demo
    door.choose("Sign in…")
    await settled(lambda: door.presenter.dialog is not None)
    again = door.presenter.dialog
    assert isinstance(again, SignInDialog)
    again.demo_button.click()
    await settled(lambda: door.presenter.dialog is None)
    assert door.session.user == demo


async def test_73_who_leaves_takes_along_what_they_have_open(door: Door) -> None:
    door.session.begin(door.people.users_by_name["wang"])
    door.window.show()
    form, storing = (AssetForm("Edit asset", samples.NOW.date(), door.window) for _ in range(2))
    for each in (form, storing):
        list(each.build())
    form.name.setText("typed, not saved")
    storing.set_busy(True)
    deleted = DeletedDialog(may_delete_for_good=True, parent=door.window)
    others = (form, deleted, QDialog(door.window))
    for dialog in (*others, storing):
        dialog.show()
    deleted.question.ask("For good?")
    door.session.end()
    assert not any(dialog.isVisible() for dialog in others)
    assert storing.isVisible(), "what was begun goes on"

    waiting = await door.sign_in_dialog()
    door.session.end()
    assert waiting.isVisible()


async def test_the_password_is_changed_with_the_old_one(door: Door) -> None:
    door.session.begin(door.people.users_by_name["wang"])
    door.choose("Change the password…")
    dialog = door.presenter.dialog
    assert isinstance(dialog, ChangePasswordDialog)
    for old, new, wrong in (("no", "a new password", "old"), (PASSWORD, "short", "password")):
        dialog.old.setText(old)
        dialog.password.first.setText(new)
        dialog.password.second.setText(new)
        dialog.submit_button.click()
        await settled(lambda wrong=wrong: bool(dialog.fields[wrong].error))
    dialog.password.first.setText("a new password")
    dialog.password.second.setText("a new password")
    dialog.submit_button.click()
    await settled(lambda: door.presenter.dialog is None)


async def test_the_demonstration_user_has_no_password_to_change_and_can_sign_out(door: Door) -> None:
    door.session.begin(replace(door.people.users_by_name["wang"], is_demo=True))
    menu = door.presenter.menu()
    assert [action.text() for action in menu.actions() if not action.isEnabled()] == ["Change the password…"]
    menu.close()
    door.choose("Sign out")
    await settled(lambda: door.session.user is None)


def test_73_buttons_say_that_the_asset_is_of_another_enterprise(qapp: QApplication, qtbot: QtBot) -> None:
    view, access = RegisterView(), Access()
    qtbot.addWidget(view)
    guard_register(view, access)
    ours, theirs = (
        row(number, enterprise_id=owner.enterprise_id, enterprise_name=owner.name)
        for number, owner in enumerate(ENTERPRISES, start=1)
    )
    view.show_list(AssetQuery(), 2, AssetPage((theirs, ours), None))
    access.follow(samples.user(Role.OPERATOR, ENTERPRISES[0]))
    panel = view.panel
    buttons = (view.mint_button, panel.mint_button, panel.edit_button, panel.cancel_button, panel.retry_button)

    def refused_lines() -> set[str]:
        menus = [menu for menu in (view.context_menu(), panel.more_menu()) if menu is not None]
        refused = {line.text() for menu in menus for line in menu.actions() if "no member" in line.toolTip()}
        for menu in menus:
            menu.deleteLater()
        return refused

    view.table.select_asset(theirs.asset_id)
    panel.show_asset(asset_of(theirs))
    assert all("no member" in button.toolTip() and not button.isEnabled() for button in buttons)
    assert refused_lines() == {"Mint", "Cancel mint", "Retry", "Edit", "Delete…"}
    asked: list[object] = []
    view.delete_confirmed.connect(asked.append)
    command(view, "register.delete").trigger()
    assert asked == []
    assert view.new_button.isEnabled()

    view.table.select_asset(ours.asset_id)
    panel.show_asset(asset_of(ours))
    assert not any(button.refusal for button in buttons)
    assert refused_lines() == set()
    command(view, "register.delete").trigger()
    assert asked == [(ours.asset_id,)]

    view.table.selectAll()
    assert "no member" in view.mint_button.toolTip()
    assert refused_lines() == {"Mint", "Delete…"}  # The other lines are about the asset in focus.
    view.table.select_asset(ours.asset_id)
    assert view.mint_button.isEnabled()

    view.model.apply_changed(replace(ours, enterprise_id=ENTERPRISES[1].enterprise_id))  # somebody changed it meanwhile
    panel.show_asset(asset_of(ours, enterprise=ENTERPRISES[1]))
    assert view.mint_button.refusal == panel.edit_button.refusal != ""
    access.follow(samples.user(Role.OPERATOR, *ENTERPRISES))  # and then the person's enterprises
    assert view.mint_button.isEnabled()
    access.follow(samples.user(Role.VIEWER))
    assert "Operator" in panel.edit_button.toolTip()


def test_73_buttons_say_why_the_role_cannot_press_them(qapp: QApplication, qtbot: QtBot) -> None:
    view, access = RegisterView(), Access()
    qtbot.addWidget(view)
    guard_register(view, access)
    view.new_button.setEnabled(True)
    assert view.new_button.isEnabled()  # nobody said yet who is there

    access.follow(None)
    assert view.new_button.toolTip() == "<qt>Sign in first.</qt>"
    access.follow(samples.user(Role.VIEWER))
    view.new_button.setEnabled(True)
    assert not view.new_button.isEnabled()
    assert "Operator" in view.new_button.toolTip()
    assert "Administrator" in view.panel.reset_button.toolTip()
    assert "Operator" in view.deleted_button.toolTip()

    access.follow(samples.user(Role.OPERATOR))
    assert view.new_button.isEnabled()
    assert view.new_button.toolTip() == "<qt>New asset (Ctrl+N)</qt>"
    assert access.refusal(Permission.MANAGE_PEOPLE)
    view.new_button.setEnabled(False)
    access.follow(samples.user(Role.ADMIN))
    assert not view.new_button.isEnabled()  # what the page itself thinks of it stands
