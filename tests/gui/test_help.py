"""The user guide and what is told about the program, read in the window and offline."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ipnft_desktop import __version__
from ipnft_desktop.bootstrap.page_keys import GALLERY, SETTINGS
from ipnft_desktop.ui.help.reading_dialog import ReadingDialog
from ipnft_desktop.ui.help.texts import GUIDE_FOLDER, SECTION_OF_PAGE, about, section_of, user_guide
from ipnft_desktop.ui.language import Language, language
from ipnft_desktop.ui.main_window import MainWindow
from tests.gui.support.desk import open_desk


@pytest.fixture
def guide(qtbot: QtBot) -> ReadingDialog:
    made = ReadingDialog("User guide", user_guide(), GUIDE_FOLDER)
    qtbot.addWidget(made)
    made.show()
    return made


def test_links_go_to_headings_of_the_guide_and_nowhere_else(guide: ReadingDialog) -> None:
    top = guide.browser.verticalScrollBar().value()
    guide.browser.anchorClicked.emit(QUrl("#alerts"))
    assert guide.browser.verticalScrollBar().value() > top
    assert guide.browser.textCursor().block().text() == "Alerts"
    guide.browser.anchorClicked.emit(QUrl("https://example.org/#keys"))
    assert guide.browser.textCursor().block().text() == "Alerts"


def test_every_link_of_the_guide_to_itself_has_its_heading(guide: ReadingDialog) -> None:
    for heading in set(re.findall(r"\]\(#([^)]+)\)", user_guide())):
        guide.browser.moveCursor(guide.browser.textCursor().MoveOperation.Start)
        guide.go_to(heading)
        assert guide.browser.textCursor().block().blockFormat().headingLevel(), heading


def test_the_pictures_of_the_guide_are_found(guide: ReadingDialog) -> None:
    picture = guide.browser.loadResource(QTextDocument.ResourceType.ImageResource, QUrl("pictures/register.png"))
    assert picture


def test_the_next_place_of_a_word_is_found_and_the_text_copied(guide: ReadingDialog) -> None:
    guide.search.setText("alerts")
    guide.search.returnPressed.emit()
    first = guide.browser.textCursor().position()
    guide.search.returnPressed.emit()
    assert guide.browser.textCursor().selectedText().casefold() == "alerts"
    assert guide.browser.textCursor().position() != first
    guide.copy_button.click()
    assert "Alerts" in QGuiApplication.clipboard().text()


@pytest.mark.parametrize("spoken", Language)
def test_every_page_has_its_section_in_both_guides(guide: ReadingDialog, spoken: Language) -> None:
    language().set(spoken)
    guide.browser.setMarkdown(user_guide())
    told = {page: section_of(page) for page in SECTION_OF_PAGE}
    assert all(told.values())
    for heading in filter(None, told.values()):
        guide.browser.moveCursor(guide.browser.textCursor().MoveOperation.Start)
        guide.go_to(heading)
        assert guide.browser.textCursor().block().blockFormat().headingLevel(), heading
    assert section_of("no page") == ""


async def test_f1_opens_the_guide_where_it_tells_of_the_page_in_view(qapp: QApplication, tmp_path: Path) -> None:
    async with open_desk(qapp, tmp_path) as desk:
        window = desk.program.window
        assert set(window.page_titles) == set(SECTION_OF_PAGE)
        for page, title in ((GALLERY, "Look and verify"), (SETTINGS, "Settings")):
            window.show_page(page)
            QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_F1)
            (reading,) = (each for each in window.findChildren(ReadingDialog) if each.isVisible())
            assert reading.browser.textCursor().block().text() == title
            reading.close()


def test_about_tells_versions_licence_and_notices() -> None:
    told = about()
    for part in (f"IPNFT Desktop {__version__}", "Qt 6.", "MIT", "Third-party notices"):
        assert part in told


def test_the_window_opens_both_by_its_commands(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_F1)
    window.commands.open_about()
    titles = {dialog.windowTitle() for dialog in window.findChildren(ReadingDialog)}
    assert titles == {"User guide", "About this program"}
    for dialog in window.findChildren(ReadingDialog):
        dialog.close()
