"""Commands: found in the window, refused where the button is, run by key, menu and palette alike."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from ipnft_desktop.ui.commands.command import Command, button_command
from ipnft_desktop.ui.commands.jump import Jump
from ipnft_desktop.ui.commands.key_lines import as_table, key_lines
from ipnft_desktop.ui.commands.main_menu import main_menu
from ipnft_desktop.ui.commands.matching import fit
from ipnft_desktop.ui.commands.registry import carry_out, commands_of, conflicts, place_of
from ipnft_desktop.ui.help.texts import user_guide
from ipnft_desktop.ui.language import Language, language
from ipnft_desktop.ui.main_window import MainWindow
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.page import Page
from tests.gui.support.commands import command
from tests.gui.support.desk import open_desk

Key = Qt.Key


class Stage:
    """A window of two pages; the first has a button, a field and what is done by them."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.done: list[str] = []
        self.window = MainWindow()
        qtbot.addWidget(self.window)
        self.work, self.other = Page("Work"), Page("Other")
        self.button, self.field = SecondaryButton("Mint it"), QLineEdit()
        self.button.clicked.connect(lambda: self.done.append("mint"))
        self.work.body.addWidget(self.button)
        self.work.body.addWidget(self.field)
        self.mint = button_command(
            self.work, "work.mint", self.button, "M", icon=Icon.STAMP, why_not=lambda: "There is nothing."
        )
        Command(self.work, "work.new thing", "New asset", lambda: self.done.append("new"), "Ctrl+N")
        Command(self.other, "other.new thing", "New address", lambda: self.done.append("address"), "Ctrl+N")
        Jump(self.other, lambda text: f"Search for {text}", lambda text: self.done.append(f"search {text}"))
        self.window.add_page("work", "Work", Icon.BOX, self.work)
        self.window.add_page("other", "Other", Icon.BOX, self.other)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitExposed(self.window)

    @property
    def palette(self) -> QWidget:
        return self.window.commands.palette

    def press(self, key: Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def lines(self) -> list[str]:
        model = self.window.commands.palette.model
        return [str(model.data(model.index(row, 0))) for row in range(model.rowCount())]

    def type(self, text: str) -> None:
        self.window.commands.palette.field.setText(text)


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    return Stage(qtbot)


def test_a_command_is_found_with_its_place_and_goes_with_its_page(stage: Stage, qtbot: QtBot) -> None:
    window = stage.window
    assert place_of(stage.mint) == ("Work",)
    assert [each.key for each in commands_of(window) if place_of(each)] == [
        "work.mint",
        "work.new thing",
        "other.new thing",
    ]
    replaced = window.fill_page("work", Page("Fresh"))
    qtbot.addWidget(replaced)
    replaced.setParent(None)
    assert "work.mint" not in {each.key for each in commands_of(window)}


def test_a_page_offers_what_it_can_do_as_long_as_it_is_in_its_place(stage: Stage) -> None:
    def offered() -> list[str]:
        stage.window.commands.palette.open()
        stage.type("thing")
        lines = stage.lines()
        stage.window.commands.palette.dismiss()
        return [line for line in lines if "fresh" in line or "stale" in line]

    pages = {}
    for title in ("stale", "fresh"):
        page = pages[title] = Page("Work", parent=stage.window.page_ground)
        Command(page, f"work.{title}", f"A {title} thing", lambda: None)
        Jump(page, lambda _text, title=title: f"Look for {title}", lambda _text: None)
    assert offered() == []
    stage.window.fill_page("work", pages["stale"])
    assert offered() == ["A stale thing", "Look for stale"]
    stage.window.fill_page("work", pages["fresh"])  # the caller deletes the other one when it likes
    assert offered() == ["A fresh thing", "Look for fresh"]


def test_a_key_presses_the_button_and_nothing_more_than_the_button_allows(stage: Stage) -> None:
    stage.press(Key.Key_M)
    assert stage.done == ["mint"]
    stage.button.refuse("You are a viewer.")
    stage.press(Key.Key_M)
    assert (stage.done, stage.mint.refusal()) == (["mint"], "You are a viewer.")
    stage.button.refuse("")
    stage.button.setEnabled(False)
    assert stage.mint.refusal() == "There is nothing."
    stage.button.setEnabled(True)
    stage.button.hide()
    assert stage.mint.refusal() == "There is nothing."


def test_letters_are_letters_while_text_is_typed_and_while_a_dialog_is_open(stage: Stage, qtbot: QtBot) -> None:
    stage.field.setFocus()
    stage.press(Key.Key_M)
    assert (stage.field.text(), stage.done) == ("m", [])
    stage.button.setFocus()
    dialog = QDialog(stage.window)
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)
    for key, modifier in (
        (Key.Key_M, Qt.KeyboardModifier.NoModifier),
        (Key.Key_K, Qt.KeyboardModifier.ControlModifier),
    ):
        qtbot.keyClick(dialog, key, modifier)
        qtbot.keyClick(stage.window, key, modifier)
    assert stage.done == []
    assert stage.palette.isHidden()
    dialog.close()
    dialog.deleteLater()


def test_the_button_tells_its_keys_on_hover_and_its_refusal_before_them(stage: Stage) -> None:
    assert "Mint it (M)" in stage.button.toolTip()
    stage.button.refuse("You are a viewer.")
    assert "You are a viewer." in stage.button.toolTip()


def test_a_command_of_another_page_brings_that_page_into_view(stage: Stage) -> None:
    carry_out(command(stage.other, "other.new"))
    assert (stage.window.current_page, stage.done) == ("other", ["address"])
    stage.window.commands.palette.open()
    stage.type("mint it")
    stage.press(Key.Key_Return)
    assert (stage.window.current_page, stage.done) == ("work", ["address", "mint"])


def test_a_refused_command_does_not_even_change_the_page(stage: Stage) -> None:
    stage.window.show_page("other")
    stage.button.setEnabled(False)
    carry_out(stage.mint)
    assert (stage.window.current_page, stage.done) == ("other", [])


def test_the_same_keys_on_two_pages_are_no_conflict_but_one_within_a_page_is(stage: Stage) -> None:
    assert conflicts(commands_of(stage.window)) == []
    clash = Command(stage.button, "work.clash", "Clash", lambda: None, "Ctrl+N")
    whole = Qt.ShortcutContext.WindowShortcut
    wide = Command(stage.window, "view.clash", "Clash", lambda: None, "M", context=whole)
    found = {frozenset((one.key, other.key)) for one, other, _keys in conflicts(commands_of(stage.window))}
    assert found == {frozenset(("work.new thing", clash.key)), frozenset(("work.mint", wide.key))}


def test_the_palette_opens_by_its_keys_and_gives_the_focus_back(stage: Stage) -> None:
    stage.field.setFocus()
    stage.press(Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert stage.window.commands.palette.field.hasFocus()
    assert "Mint it" in stage.lines()
    stage.press(Key.Key_Escape)
    assert stage.palette.isHidden()
    assert stage.field.hasFocus()


def test_the_palette_finds_by_title_and_by_the_english_name_and_offers_to_search(stage: Stage) -> None:
    stage.window.commands.palette.open()
    stage.type("new ass")
    assert stage.lines() == ["New asset", "New address", "Search for new ass"]
    stage.type("shortcuts")  # the title is "Keys"
    assert stage.lines()[0] == "Keys"
    stage.type("qqqq")
    assert stage.lines() == ["Search for qqqq"]
    stage.press(Key.Key_Return)
    assert (stage.window.current_page, stage.done) == ("other", ["search qqqq"])


def test_arrows_go_round_and_a_refused_line_says_why_and_is_not_done(stage: Stage) -> None:
    stage.button.refuse("You are a viewer.")
    palette = stage.window.commands.palette
    palette.open()
    stage.type("mint")
    line = palette.model.line_at(0)
    assert line is not None and line.refusal == "You are a viewer."
    stage.press(Key.Key_Return)
    assert stage.done == []
    assert palette.isVisible()
    stage.press(Key.Key_Up)
    assert palette.list.currentIndex().row() == palette.model.rowCount() - 1
    stage.press(Key.Key_Down)
    assert palette.list.currentIndex().row() == 0


def test_what_was_used_lately_stands_first_and_what_is_refused_last(stage: Stage) -> None:
    palette = stage.window.commands.palette
    stage.button.setEnabled(False)
    palette.open()
    assert stage.lines()[-1] == "Mint it"
    stage.type("new address")
    stage.press(Key.Key_Return)
    stage.window.show_page("work")
    palette.open()
    assert stage.lines()[0] == "New address"


def test_the_palette_closes_when_the_focus_goes_elsewhere(stage: Stage) -> None:
    palette = stage.window.commands.palette
    palette.open()
    stage.field.setFocus()
    assert palette.isHidden()
    assert stage.field.hasFocus()


def test_every_command_is_in_the_menu_under_its_page_with_its_keys(stage: Stage, qtbot: QtBot) -> None:
    menu = main_menu(stage.window)
    titles = {title.title(): [line for line in title.actions() if line.text()] for title in menu.findChildren(QMenu)}
    assert list(titles) == ["File", "Work", "Other", "View", "Help"]
    assert [(line.text(), line.shortcut().toString()) for line in titles["Work"]] == [
        ("Mint it", "M"),
        ("New asset", "Ctrl+N"),
    ]
    listed = sum(map(len, titles.values()))
    assert listed == len(commands_of(stage.window))
    titles["Work"][0].trigger()
    assert stage.done == ["mint"]
    menu.deleteLater()


def test_the_sheet_of_keys_is_searched_and_copied(stage: Stage, qtbot: QtBot) -> None:
    stage.press(Key.Key_F1, Qt.KeyboardModifier.ControlModifier)
    sheet = stage.window.commands.key_sheet
    assert sheet is not None
    lines = key_lines(stage.window)
    assert sheet.table.records.count == len(lines)
    sheet.search.setText("asset")
    sheet.search.returnPressed.emit()
    assert [sheet.table.records.record_at(row).title for row in range(sheet.table.records.rowCount())] == ["New asset"]
    sheet.copy_button.click()
    assert "Work\tCtrl+N\tNew asset" in QGuiApplication.clipboard().text()
    qtbot.keyClick(sheet, Key.Key_Escape)
    assert stage.window.commands.key_sheet is None


def test_another_language_leaves_one_of_each(stage: Stage) -> None:
    stage.window.set_languages(("English", "中文"), "English")
    before = sorted(each.key for each in commands_of(stage.window))
    stage.window.commands.palette.open()
    stage.window.rename_page("work", "Arbeit")
    stage.window.retranslate()
    assert sorted(each.key for each in commands_of(stage.window)) == before
    assert "Go to Arbeit" in {each.title for each in commands_of(stage.window)}
    assert conflicts(commands_of(stage.window)) == []


def test_full_screen_and_back(stage: Stage) -> None:
    stage.press(Key.Key_F11)
    assert stage.window.isFullScreen()
    stage.press(Key.Key_F11)
    assert not stage.window.isFullScreen()


@pytest.mark.parametrize(
    ("typed", "better", "worse"),
    [
        ("mint", "Mint", "Cancel mint"),
        ("mint", "Cancel mint", "Imminting"),
        ("cam", "Cancel mint", "Academic"),
        ("new a", "New asset", "New enterprise"),
        ("铸造", "铸造", "取消铸造"),
    ],
)
def test_a_better_fit_stands_first(typed: str, better: str, worse: str) -> None:
    assert fit(typed, better) > fit(typed, worse)


def test_a_letter_that_is_not_there_is_no_fit() -> None:
    assert fit("mintz", "Mint") == 0


async def test_no_two_commands_of_the_program_want_the_same_keys(qapp: QApplication, tmp_path: Path) -> None:
    async with open_desk(qapp, tmp_path) as desk:
        commands = commands_of(desk.program.window)
        clashes = [(one.key, other.key, keys) for one, other, keys in conflicts(commands)]
        assert clashes == []
        names = [(place_of(each), each.key) for each in commands]
        assert len(names) == len(set(names))
        assert len(commands) > 80
        # What binds keys past the registry stands neither in the menu nor in the sheet.
        stray = [each for each in desk.program.window.findChildren(QShortcut) if each.key().toString() != "Ctrl+Return"]
        assert [each.key().toString() for each in stray] == []


@pytest.mark.parametrize("spoken", Language)
async def test_the_user_guide_names_every_key(qapp: QApplication, tmp_path: Path, spoken: Language) -> None:
    """Mended by writing what `as_table` gives into the section of the keys."""
    async with open_desk(qapp, tmp_path) as desk:
        language().set(spoken)
        await desk.program.rebuild()
        rows = as_table(key_lines(desk.program.window)).splitlines()
        guide = user_guide()
        heading = QCoreApplication.translate("KeySheet", "Keys")
    section = guide.split(f"## {heading}\n")[1].split("\n## ")[0]
    told = [row for row in section.splitlines() if row.startswith("| ")][1:]
    assert told == rows, "\n".join(rows)
