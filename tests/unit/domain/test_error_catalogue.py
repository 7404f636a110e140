from __future__ import annotations

import re

import pytest

from ipnft_desktop.domain.error_catalogue import CATALOGUE
from ipnft_desktop.domain.errors import ErrorCode
from ipnft_desktop.paths import PROJECT


def test_every_code_has_an_entry() -> None:
    assert set(CATALOGUE) == set(ErrorCode)
    assert all(code.name == code.value for code in ErrorCode)


@pytest.mark.parametrize("code", ErrorCode)
def test_an_entry_speaks_both_languages(code: ErrorCode) -> None:
    entry = CATALOGUE[code]
    assert all(text.isascii() and text.endswith(".") for text in (entry.message_en, *entry.solutions_en))
    assert all(not text.isascii() and text.endswith("。") for text in (entry.message_zh, *entry.solutions_zh))
    assert len(entry.solutions_en) == len(entry.solutions_zh) >= 1


def test_no_two_codes_say_the_same() -> None:
    assert len({entry.message_en for entry in CATALOGUE.values()}) == len(CATALOGUE)
    assert len({entry.message_zh for entry in CATALOGUE.values()}) == len(CATALOGUE)


@pytest.mark.parametrize(
    ("guide", "message", "solutions", "joint"),
    [("user-guide.md", "message_en", "solutions_en", " "), ("user-guide.zh.md", "message_zh", "solutions_zh", "")],
)
def test_each_user_guide_lists_every_code_as_the_catalogue_has_it(
    guide: str, message: str, solutions: str, joint: str
) -> None:
    lines = (PROJECT / "docs" / guide).read_text("utf-8").splitlines()
    listed = [line for line in lines if line.startswith("| `") and line.split("`")[1] in set(ErrorCode)]
    assert listed == [
        f"| `{code}` | {getattr(CATALOGUE[code], message)} | {joint.join(getattr(CATALOGUE[code], solutions))} |"
        for code in ErrorCode
    ]


@pytest.mark.parametrize("code", ErrorCode)
def test_chinese_has_chinese_punctuation(code: ErrorCode) -> None:
    entry = CATALOGUE[code]
    for text in (entry.message_zh, *entry.solutions_zh):
        assert not re.search(r"[\u4e00-\u9fff%`][,;:]|[\u4e00-\u9fffA-Z]\(| %", text), text
