"""The Chinese user guide: built as the English one, in the words that the window uses."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

from ipnft_desktop import paths
from ipnft_desktop.domain.errors import ErrorCode
from ipnft_desktop.ui.help.reading_dialog import ReadingDialog
from ipnft_desktop.ui.help.texts import GUIDE_FOLDER, user_guide
from ipnft_desktop.ui.language import Language, language
from launcher.translations.catalogues import DIALECTS, read_catalogue

_ENGLISH, _CHINESE = ((GUIDE_FOLDER / name).read_text("utf-8") for name in ("user-guide.md", "user-guide.zh.md"))
_EMPHASIS = frozenset({"…", "Ctrl+K", "F1", "Ctrl+F1", "从程序下次启动起生效", "请将 `keys/` 的副本保存在另一处。",
                       "值从何处来", "何时生效", "谁可更改"})  # fmt: skip
"""What the guide prints bold without naming anything in the window."""


@pytest.fixture
def guide(qtbot: QtBot) -> ReadingDialog:
    language().set(Language.ZH)
    made = ReadingDialog("用户指南", user_guide(), GUIDE_FOLDER)
    qtbot.addWidget(made)
    made.show()
    return made


def test_both_guides_are_built_alike() -> None:
    def build(text: str) -> list[str]:
        """Headings by level, rows by their number of cells, steps, points and pictures, from top to bottom."""
        found: list[str] = []
        for line in text.splitlines():
            if line.startswith("|"):
                found.append("|" * line.count("|"))
            elif mark := re.match(r"#+ |\d+\. |\* |!\[.*?\]\(.*?\)", line):
                found.append(re.sub(r"\[.*?\]", "", mark[0]))
        return found

    assert build(_CHINESE.replace("(pictures/zh/", "(pictures/")) == build(_ENGLISH)


def test_both_guides_name_the_same_codes_settings_and_files() -> None:
    def spelled(text: str) -> Counter[str]:
        """What stands as it is in both languages: codes, names of settings and of files, and what is typed."""
        return Counter(re.findall(r"`([^`\n]*)`", text)) + Counter({code: text.count(code) for code in ErrorCode})

    here, there = spelled(_CHINESE), spelled(_ENGLISH)
    assert set(ErrorCode) <= set(here)
    assert here - there == {"IPNFT_WORKSPACE=<文件夹名> ipnft": 1}
    assert there - here == {"IPNFT_WORKSPACE=<name of the folder> ipnft": 1}


def test_what_the_chinese_guide_quotes_is_said_by_the_window() -> None:
    catalogue = read_catalogue(paths.RESOURCES / "translations" / "ipnft_zh.ts", DIALECTS[1])
    said = {form for translation in catalogue.entries.values() for form in translation.forms}
    patterns = [_pattern(text) for text in said if len(re.findall(r"[\u4e00-\u9fff]", text)) > 1]
    named = [part for bold in re.findall(r"\*\*(.+?)\*\*", _CHINESE) for part in bold.split(" > ")]
    quoted = re.findall("“(.+?)”", _CHINESE)
    assert len(named) > 100
    assert len(quoted) > 50
    unknown = {
        words
        for words in {*named, *quoted} - _EMPHASIS - said
        if not any(pattern.fullmatch(words) for pattern in patterns)
    }
    assert unknown == set()


def test_the_window_shows_the_guide_of_its_language(guide: ReadingDialog, monkeypatch: pytest.MonkeyPatch) -> None:
    told = guide.browser.toPlainText()
    assert told.startswith("用户指南")
    assert "**" not in told, "Markdown takes the mark as text where no space parts it from a sentence"
    language().set(Language.EN)
    assert user_guide() == _ENGLISH
    language().set(Language.ZH)
    monkeypatch.setattr(Path, "is_file", lambda _: False)
    assert user_guide() == _ENGLISH, "where its guide is missing"


def test_its_links_have_headings_and_its_pictures_are_there(guide: ReadingDialog) -> None:
    links = re.findall(r"\]\(#([^)]+)\)", _CHINESE)
    assert len(links) == len(re.findall(r"\]\(#([^)]+)\)", _ENGLISH))
    for heading in links:
        guide.browser.moveCursor(guide.browser.textCursor().MoveOperation.Start)
        guide.browser.anchorClicked.emit(QUrl(f"#{heading}"))
        assert guide.browser.textCursor().block().text() == heading
    for picture in re.findall(r"!\[.*?\]\((.*?)\)", _CHINESE):
        assert guide.browser.loadResource(QTextDocument.ResourceType.ImageResource, QUrl(picture)), picture


def _pattern(text: str) -> re.Pattern[str]:
    """A text of the catalogue with anything in its places, and with or without what ends it."""
    body = re.sub(r"\\\{\w+\\\}|%L?n", "[^，。；]*", re.escape(text.rstrip("…。")))
    return re.compile(f"{body}[…。]?")
