"""The Settings page over the real desk: every setting is there, checked, kept, taken back, in step with the rest."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from ipnft_desktop.bootstrap import window
from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.bootstrap.page_keys import SETTINGS
from ipnft_desktop.domain.people import Role
from ipnft_desktop.domain.setting_specs import Effect, Group, SettingSpec, SettingValue, Shape, Unit
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.setting_desk import SettingDesk
from ipnft_desktop.settings import SPECS, Settings, load_settings, save_settings
from ipnft_desktop.ui.access import Access
from ipnft_desktop.ui.settings import texts
from ipnft_desktop.ui.settings.editors import ChoiceEditor, LineEditor, SecretEditor
from ipnft_desktop.ui.settings.presenter import SettingsPresenter
from ipnft_desktop.ui.settings.row import SettingRow
from ipnft_desktop.ui.settings.view import SettingsView
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.widgets.check_box import CheckBox
from tests.gui.support.desk import open_desk
from tests.gui.support.waiting import settled
from tests.support.core_factory import MemoryCore
from tests.unit.services.test_setting_desk import ADMIN

SHOWN = tuple(name for name, spec in SPECS.items() if not spec.is_internal)
REGISTER = "postgresql+psycopg://ipnft:s3cret@db/register"
NODE = "http://127.0.0.1:8545"


class OpenPage:
    """The page with its desk, and whoever is signed in."""

    def __init__(self, profile: Path) -> None:
        self.profile = profile
        self.cannot_sign_in = False
        self.session = Session(EventHub())
        self.session.begin(ADMIN)
        self.access = Access()
        self.access.follow(ADMIN)
        self.environment: dict[str, str] = {}
        self.desk = SettingDesk(profile, self.session, lambda: self.cannot_sign_in, self.environment)
        self.view = SettingsView()
        self.told: list[str] = []
        self.undo: list[object] = []
        self.restarts = 0
        self.presenter: SettingsPresenter | None = None

    async def open(self, in_force: Settings | None = None) -> None:
        self.presenter = SettingsPresenter(self.view, self.desk, in_force or self.kept, self.access)
        self.presenter.notice.connect(lambda text, _tone: self.told.append(text))
        self.presenter.undo_offered.connect(lambda text, undo, _: (self.told.append(text), self.undo.append(undo)))
        self.presenter.restart_wanted.connect(self._on_restart)
        self.view.show()
        await settled(lambda: len(self.view.rows) == len(SHOWN) and not self.busy)

    @property
    def busy(self) -> bool:
        assert self.presenter is not None
        return bool(self.presenter._tasks._running)  # pyright: ignore[reportPrivateUsage]

    @property
    def kept(self) -> Settings:
        return load_settings(self.profile, self.environment)

    def row(self, name: str) -> SettingRow:
        return self.view.rows[name]

    def line(self, name: str) -> QLineEdit:
        editor = self.row(name).editor
        assert isinstance(editor, LineEditor)
        return editor.edit

    async def type_in(self, name: str, text: str) -> None:
        editor = self.row(name).editor
        assert isinstance(editor, LineEditor)
        editor.mean(text)
        await settled(lambda: not self.busy)

    async def sign_in(self, role: Role | None) -> None:
        user = replace(ADMIN, role=role) if role else None
        self.session.begin(user) if user else self.session.end()
        self.access.follow(user)
        await settled(lambda: not self.busy)

    def _on_restart(self) -> None:
        self.restarts += 1


@pytest.fixture
async def page(qapp: QApplication, tmp_path: Path) -> AsyncIterator[OpenPage]:
    made = OpenPage(tmp_path)
    yield made
    assert made.presenter is not None
    await made.presenter.close()
    made.view.close()
    made.view.deleteLater()


def test_every_setting_has_its_words(qapp: QApplication) -> None:
    known = texts.known_titles()
    assert set(known) == set(SHOWN), "texts.py and settings.py differ"
    assert all(known.values())
    assert all(texts.description_of(SPECS[name]).endswith(".") for name in SHOWN)
    assert all(texts.group_title(group) for group in Group)
    for spec in SPECS.values():
        assert all(texts.choice_text(spec, choice) != choice for choice in spec.choices), spec.name
    assert {unit: texts.unit_text(unit) for unit in Unit if unit is not Unit.NONE}


def test_a_setting_without_words_is_shown_all_the_same(qapp: QApplication, qtbot: QtBot) -> None:
    spec = SettingSpec(
        "brand_new", 5, "It is new.", (1, 9), Group.DIAGNOSTICS, Effect.AT_ONCE, Unit.NONE, Shape.TEXT, False
    )
    row = SettingRow(spec)
    qtbot.addWidget(row)
    assert row.title == "brand_new"


async def test_every_setting_is_shown_in_its_group_with_an_editor_that_is_named(page: OpenPage) -> None:
    await page.open()
    assert set(page.view.rows) == set(SHOWN)
    assert page.view.groups.count() == len({SPECS[name].group for name in SHOWN})
    for name, row in page.view.rows.items():
        control = row.editor.control
        assert control.accessibleName() == row.title, name
        expected: SettingValue = getattr(Settings(), name)
        if isinstance(control, CheckBox):
            assert control.isChecked() is expected
        elif isinstance(control, QLineEdit):
            assert control.text() == ("" if expected == "" else f"{expected:g}" if expected else "0"), name


async def test_a_number_is_checked_beside_its_field_then_kept(page: OpenPage, qtbot: QtBot) -> None:
    await page.open()
    line = page.line("confirmations")
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "65")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert "1 - 64" in page.row("confirmations").error
    assert line.accessibleDescription() == page.row("confirmations").error
    qtbot.keyClick(line, Qt.Key.Key_Backspace)
    assert page.row("confirmations").error == "", "what is right while it is typed is not scolded any more"
    qtbot.keyClick(line, Qt.Key.Key_Return)
    await settled(lambda: page.kept.confirmations == 6)
    await settled(lambda: not page.busy)
    row = page.row("confirmations")
    assert row.is_changed
    assert row.source_tag.text == "settings.json"
    assert not row.pending_tag.isHidden()
    assert "1 change" in page.view.pending_bar.text
    page.view.pending_bar.button.click()
    assert page.restarts == 1

    row.reset_button.click()
    await settled(lambda: not page.busy)
    assert json.loads((page.profile / "settings.json").read_text()) == {}
    assert page.view.pending_bar.isHidden()
    assert row.reset_button.isHidden()
    undo = page.undo.pop()
    assert callable(undo)
    undo()
    await settled(lambda: page.kept.confirmations == 6)
    await settled(lambda: not page.busy)


async def test_a_default_that_is_typed_is_not_written_down(page: OpenPage) -> None:
    await page.open()
    await page.type_in("node_port", "2000")
    await page.type_in("node_port", "18545")
    assert json.loads((page.profile / "settings.json").read_text()) == {}


async def test_what_cannot_be_used_is_refused_beside_its_field(page: OpenPage) -> None:
    await page.open()
    for name, typed, word in (
        ("node_port", "many", "whole number"),
        ("max_fee_eth", "0", "0.0001"),
        ("gather_least", "41", "40"),
        ("gather_most", "9", "10"),
        ("rpc_url", "localhost", "http://"),
        ("contract_address", "0x1234", "checksum"),
        ("database_url", "sqlite:///x", "postgresql"),
        ("database_url", REGISTER, "address of the node"),
        ("kubo_api", "here", "/ip4/"),
        ("keystore", "missing.json", "missing.json"),
    ):
        await page.type_in(name, typed)
        assert word in page.row(name).error
        assert page.line(name).text() == typed, "what was typed stays to be corrected"
    assert not (page.profile / "settings.json").exists()


async def test_choices_and_switches_hold_at_once_and_follow_others(page: OpenPage) -> None:
    await page.open()
    heard: list[object] = []
    page.desk.apply_with("theme", heard.append)
    editor = page.row("theme").editor
    assert isinstance(editor, ChoiceEditor)
    editor.control.setCurrentIndex(1)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    editor.control.activated.emit(1)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    await settled(lambda: page.kept.theme == "dark")
    await settled(lambda: not page.busy)
    assert heard == ["dark"]
    assert page.row("theme").pending_tag.isHidden()
    await page.desk.keep("theme", "light")
    await page.desk.keep("autostart", True)
    await settled(lambda: not page.busy)
    box = page.row("autostart").editor.control
    assert isinstance(box, CheckBox)
    assert box.isChecked()
    assert editor.control.currentData() == "light"  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    box.click()
    await settled(lambda: not page.kept.autostart)
    await settled(lambda: not page.busy)


async def test_a_variable_of_the_environment_is_shown_and_stronger(page: OpenPage) -> None:
    page.environment["IPNFT_CONFIRMATIONS"] = "6"
    save_settings(page.profile, {"confirmations": 3}, {})
    await page.open()
    row = page.row("confirmations")
    assert page.line("confirmations").isReadOnly()
    assert (page.line("confirmations").text(), row.source_tag.text) == ("6", "IPNFT_CONFIRMATIONS")
    assert "IPNFT_CONFIRMATIONS" in row.message.text()
    assert row.reset_button.isHidden()


async def test_search_narrows_and_marks(page: OpenPage, qtbot: QtBot) -> None:
    await page.open()
    page.view.activateWindow()
    await settled(page.view.isActiveWindow)
    page.view.groups.setFocus()
    qtbot.keyClick(page.view.groups, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page.view.search.hasFocus()
    page.view.search.setText("Node PORT")
    page.view.narrow()
    assert page.view.found == ("node_port",)
    assert {word.casefold() for word in page.row("node_port").marked} == {"node", "port"}
    page.view.search.setText("IPNFT_max_fee")
    page.view.narrow()
    assert page.view.found == ("max_fee_eth",)
    page.view.search.setText("nothing of the kind")
    page.view.narrow()
    assert not page.view.no_match.isHidden()
    page.view.no_match.button.click()
    assert len(page.view.found) == len(SHOWN)
    assert page.row("node_port").marked == ()
    await page.type_in("node_port", "2000")
    page.view.changed_box.click()
    assert page.view.found == ("node_port",)


async def test_all_is_reset_after_a_question_and_can_be_undone(page: OpenPage) -> None:
    save_settings(page.profile, {"confirmations": 6, "theme": "dark", "register_columns": "name"}, {})
    await page.open()
    page.view.reset_all_wanted.emit()
    assert not page.view.question.isHidden()
    page.view.question.confirm_button.click()
    await settled(lambda: page.kept == Settings(register_columns="name"))
    await settled(lambda: bool(page.undo))
    page.undo.pop()()  # pyright: ignore[reportCallIssue, reportUnknownVariableType]
    await settled(lambda: page.kept.confirmations == 6 and page.kept.theme == "dark")
    await settled(lambda: not page.busy)


async def test_roles_and_nobody_look_only_with_the_reason(page: OpenPage) -> None:
    await page.open()
    await page.sign_in(Role.OPERATOR)
    for name in SHOWN:
        spec = SPECS[name]
        is_open = spec.effect is Effect.AT_ONCE and spec.group is not Group.BATCHES
        control = page.row(name).editor.control
        is_locked = control.isReadOnly() if isinstance(control, QLineEdit) else not control.isEnabled()
        assert is_locked is not is_open, name
        assert ("Administrator" in page.row(name).message.text()) is not is_open, name
    assert "role" in page.view.closed_bar.text
    await page.sign_in(None)
    assert page.line("kubo_api").isReadOnly()
    assert page.row("theme").editor.control.isEnabled()
    page.cannot_sign_in = True
    await page.sign_in(None)
    assert not page.line("rpc_url").isReadOnly(), "a wrong address must not lock everybody out"
    assert page.view.closed_bar.button.isHidden()


async def test_a_secret_is_in_dots_until_it_is_asked_for(page: OpenPage) -> None:
    save_settings(page.profile, {"rpc_url": NODE, "database_url": REGISTER}, {})
    await page.open()
    register, node = page.row("database_url").editor, page.row("rpc_url").editor
    assert isinstance(register, SecretEditor)
    assert isinstance(node, SecretEditor)
    assert (register.is_seen, node.is_seen) == (False, True)
    register.eye.click()
    assert register.is_seen
    await page.sign_in(Role.VIEWER)
    assert not register.is_seen
    assert register.eye.isHidden()


async def test_export_and_import(page: OpenPage, tmp_path: Path) -> None:
    save_settings(page.profile, {"rpc_url": NODE, "database_url": REGISTER, "confirmations": 6}, {})
    await page.open()
    presenter = page.presenter
    assert presenter is not None
    file = tmp_path / "out.json"
    await presenter._export(file)  # pyright: ignore[reportPrivateUsage]
    assert json.loads(file.read_text()) == {"rpc_url": NODE, "confirmations": 6}
    assert any("Shared register" in text for text in page.told)
    file.write_text('{"confirmations": 600, "node_port": 2000}')
    await presenter._import(file)  # pyright: ignore[reportPrivateUsage]
    assert page.view.error_panel.code == "VALIDATION_FAILED"
    assert page.kept.node_port == 18545
    file.write_text('{"confirmations": 7, "node_port": 2000}')
    await presenter._import(file)  # pyright: ignore[reportPrivateUsage]
    assert (page.kept.confirmations, page.kept.node_port) == (7, 2000)
    await settled(lambda: not page.busy)
    assert page.line("node_port").text() == "2000"


async def test_a_damaged_file_is_told_on_the_page(page: OpenPage) -> None:
    await page.open()
    (page.profile / "settings.json").write_text("{")
    await page.type_in("node_port", "2000")
    assert page.view.error_panel.code == "SETTINGS_UNUSABLE"


async def test_the_window_and_the_page_are_in_step_and_a_restart_takes_what_is_kept(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_desk(qapp, tmp_path) as desk:
        program = desk.program
        program.window.activateWindow()
        await settled(program.window.isActiveWindow)
        qtbot.keyClick(program.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
        assert program.window.current_page == SETTINGS
        view = program.pages.settings_view
        await settled(lambda: len(view.rows) == len(SHOWN) and view.rows["theme"].source_tag.isHidden())
        program.window.toggle_theme()
        await settled(lambda: view.rows["theme"].is_changed)
        view.rows["theme"].reset_button.click()
        await settled(lambda: not theme().tokens.is_dark)
        view.rows["autostart"].changed.emit("autostart", True)
        await settled(program.pages.environment_view.autostart_box.isChecked)

        view.rows["confirmations"].changed.emit("confirmations", "6")
        await settled(lambda: not view.rows["confirmations"].pending_tag.isHidden())
        asked: list[Settings] = []
        other = MemoryCore(tmp_path, chain=desk.memory.chain, content=desk.memory.content)

        def build(_profile: Path, settings: Settings) -> Core:
            asked.append(settings)
            return other.core

        monkeypatch.setattr(window, "_load_core", build)
        view.pending_bar.button.click()
        await settled(lambda: program.core is other.core)
        assert (asked[0].confirmations, asked[0].autostart) == (6, True)
        await settled(lambda: other.core.environment.ready is not None)
        assert program.pages.environment_view.autostart_box.isChecked()
