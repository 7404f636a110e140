"""Every page and every dialog looks as it did when somebody last looked: in both themes and both languages."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from ipnft_desktop.ui.language import Language, language
from ipnft_desktop.ui.theme.theme import theme
from tests.gui.support.waiting import turns
from tests.pictures.comparison import Comparison
from tests.support.views.dialogs import DIALOGS
from tests.support.views.pages import PAGES
from tests.support.views.stage import STAGE_SCREENS

PAGE_SIZE = QSize(1280 - 92, 720 - 28)
"""What the smallest useful window leaves to a page."""
STAGE_SIZE = QSize(1280, 720)
"""A projector."""


@pytest.fixture(autouse=True)
def _same_everywhere(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Times in UTC and a caret that does not blink."""
    flash_ms = qapp.cursorFlashTime()
    qapp.setCursorFlashTime(0)
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    language().set(Language.EN)
    qapp.setCursorFlashTime(flash_ms)
    monkeypatch.delenv("TZ")
    time.tzset()


async def photographed(name: str, make: Callable[[], QWidget]) -> dict[str, QPixmap]:
    """Four pictures of a view."""
    taken: dict[str, QPixmap] = {}
    for spoken in Language:
        language().set(spoken)
        view = make()
        view.show()
        for is_dark in (False, True):
            theme().set_dark(is_dark)
            theme().finish()
            await turns(40)  # what is laid out a turn later, and what that moves
            taken[f"{name}.{spoken}-{theme().tokens.name}.png"] = view.grab()
        theme().set_dark(False)
        theme().finish()
        view.close()
        view.deleteLater()
    return taken


@pytest.mark.parametrize("name", PAGES)
async def test_a_page_looks_as_accepted(name: str) -> None:
    def make() -> QWidget:
        page = PAGES[name]()
        page.resize(PAGE_SIZE)
        return page

    assert Comparison().judge(await photographed(f"page-{name}", make)) == {}


@pytest.mark.parametrize("name", DIALOGS)
async def test_a_dialog_looks_as_accepted(name: str) -> None:
    parent = QWidget()
    found = Comparison().judge(await photographed(f"dialog-{name}", lambda: DIALOGS[name](parent)))
    parent.deleteLater()
    assert found == {}


@pytest.mark.parametrize("name", STAGE_SCREENS)
async def test_a_window_of_the_stage_looks_as_accepted(name: str) -> None:
    def make() -> QWidget:
        window = STAGE_SCREENS[name]()
        window.resize(STAGE_SIZE if name == "screen" else window.size())
        return window

    assert Comparison().judge(await photographed(f"stage-{name}", make)) == {}
