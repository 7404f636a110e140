"""The user guide and what is told about the program, read in the window and offline."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication, QTextDocument
from pytestqt.qtbot import QtBot

from ipnft_desktop import __version__
from ipnft_desktop.ui.help.reading_dialog import ReadingDialog
from ipnft_desktop.ui.help.texts import GUIDE_FOLDER, about, user_guide
from ipnft_desktop.ui.main_window import MainWindow


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
    qtbot.keyClick(window, Qt.Key.Key_F1, Qt.KeyboardModifier.ControlModifier)
    window.commands.open_about()
    titles = {dialog.windowTitle() for dialog in window.findChildren(ReadingDialog)}
    assert titles == {"User guide", "About this program"}
    for dialog in window.findChildren(ReadingDialog):
        dialog.close()
