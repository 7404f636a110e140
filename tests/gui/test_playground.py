"""The playground shows every reusable widget, in both themes, and a switch of the theme reaches all of each."""

from __future__ import annotations

import asyncio
import inspect
import pkgutil
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

import pytest
from PySide6.QtCore import QPropertyAnimation, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from ipnft_desktop.ui import widgets
from ipnft_desktop.ui.language import Language, language
from ipnft_desktop.ui.playground.catalogue import all_exhibits
from ipnft_desktop.ui.playground.program import photograph, run_playground
from ipnft_desktop.ui.playground.sheet import Sheet
from ipnft_desktop.ui.playground.window import PlaygroundWindow
from ipnft_desktop.ui.theme.theme import theme


@pytest.fixture
def window(qapp: QApplication) -> Iterator[PlaygroundWindow]:
    opened = PlaygroundWindow(all_exhibits())
    opened.show()
    yield opened
    opened.close()
    opened.deleteLater()


def public_widgets() -> set[type[QWidget]]:
    """Every widget class that `ui/widgets` offers to pages."""
    modules = [import_module(found.name) for found in pkgutil.iter_modules(widgets.__path__, f"{widgets.__name__}.")]
    return {
        offered
        for module in modules
        for name, offered in inspect.getmembers(module, inspect.isclass)
        if offered.__module__ == module.__name__ and issubclass(offered, QWidget) and not name.startswith("_")
    }


def built() -> list[Sheet]:
    sheets = [Sheet(exhibit) for exhibit in all_exhibits()]
    for sheet in sheets:
        sheet.show()
    QApplication.processEvents()  # scroll bars come once there is a window
    if (focused := QApplication.focusWidget()) is not None:
        focused.clearFocus()  # only one of all windows has it
    for fading in (animation for sheet in sheets for animation in sheet.findChildren(QPropertyAnimation)):
        fading.setCurrentTime(fading.duration())  # the clear buttons of lines
    for waiting in (timer for sheet in sheets for timer in sheet.findChildren(QTimer)):
        waiting.stop()  # notices that would leave
    return sheets


def pictures(sheets: Sequence[Sheet]) -> dict[str, QImage]:
    QApplication.processEvents()  # layouts that a change of the theme asked for
    for sheet in sheets:
        sheet.fit()
    return {sheet.exhibit.key: sheet.grab().toImage() for sheet in sheets}


def test_every_widget_of_the_house_is_shown(qapp: QApplication) -> None:
    shown: set[type] = set()
    for exhibit in all_exhibits():
        sheet = Sheet(exhibit)
        for part in sheet.findChildren(QWidget):
            shown.update(type(part).__mro__)
        sheet.deleteLater()
    missing = {kind.__name__ for kind in public_widgets() - shown}
    assert not missing, f"show them in ui/playground: {sorted(missing)}"


def test_a_switch_of_the_theme_reaches_all_of_every_widget(qapp: QApplication) -> None:
    switched = built()
    light = pictures(switched)
    theme().set_dark(True)
    theme().finish()
    QApplication.processEvents()  # what is laid out anew is so a turn later
    built_dark = built()
    dark = pictures(built_dark)
    assert all(light[key] != dark[key] for key in light)
    assert differing(pictures(switched), dark) == []
    theme().set_dark(False)
    theme().finish()
    QApplication.processEvents()
    assert differing(pictures(switched), light) == []
    for sheet in (*switched, *built_dark):
        sheet.deleteLater()


def differing(some: dict[str, QImage], others: dict[str, QImage]) -> list[str]:
    return [key for key, image in some.items() if image != others[key]]


async def test_pictures_of_widgets_in_both_themes(qapp: QApplication, tmp_path: Path) -> None:
    window = PlaygroundWindow(all_exhibits()[:2])
    window.show()
    taken = await photograph(window, tmp_path / "new")
    assert [file.name for file in taken] == [
        "text-light.png",
        "elided-label-light.png",
        "text-dark.png",
        "elided-label-dark.png",
    ]
    assert QImage(str(taken[0])).width() == QImage(str(taken[2])).width() > 0
    window.deleteLater()


async def test_forced_states_are_seen(window: PlaygroundWindow) -> None:
    sheet = window.show_exhibit("primary-button")
    await asyncio.sleep(0)
    states = [specimen.grab().toImage() for specimen in sheet.specimens[:4]]
    assert all(one != other for at, one in enumerate(states) for other in states[:at])


def test_a_widget_is_found_by_its_name(window: PlaygroundWindow) -> None:
    window.search.setText("Toas")
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    seen = [window.rail.item(at).text() for at in range(window.rail.count()) if not window.rail.isRowHidden(at)]
    assert seen == ["Toast"]


def test_theme_and_language_are_changed_in_the_window(window: PlaygroundWindow) -> None:
    before = window.sheet
    window.theme_button.click()
    assert theme().tokens.is_dark
    try:
        window.languages.setCurrentIndex(1)
        window.languages.activated.emit(1)
        assert language().current is Language.ZH
        assert window.sheet is not before  # built anew: it speaks the new language
    finally:
        language().set(Language.EN)


async def test_closing_the_window_ends_the_program(qapp: QApplication) -> None:
    program = asyncio.ensure_future(run_playground(qapp, Language.EN, None))
    await asyncio.sleep(0)
    window = next(shown for shown in qapp.topLevelWidgets() if isinstance(shown, PlaygroundWindow))
    window.close()
    assert await program == 0


async def test_a_folder_that_cannot_be_written_is_said(window: PlaygroundWindow, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError, match="file"):
        await photograph(window, tmp_path / "file" / "pictures")
