"""A switch of the theme while the program runs reaches every page and every dialog, to the last pixel."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QPropertyAnimation, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from ipnft_desktop.ui.theme.theme import theme
from tests.support.views.dialogs import DIALOGS
from tests.support.views.pages import PAGES

SIZE = (1280, 720)


def built(makers: Mapping[str, Callable[[], QWidget]]) -> dict[str, QWidget]:
    """Each view on screen and at rest: nothing of it fades, blinks or leaves by itself."""
    views: dict[str, QWidget] = {}
    for name, make in makers.items():
        views[name] = make()
        views[name].setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        views[name].show()
    QApplication.processEvents()
    for view in views.values():
        for fading in view.findChildren(QPropertyAnimation):
            fading.setCurrentTime(fading.duration())
        for waiting in view.findChildren(QTimer):
            waiting.stop()
    if (focused := QApplication.focusWidget()) is not None:
        focused.clearFocus()  # only one of all windows has it
    return views


def pictures(views: Mapping[str, QWidget]) -> dict[str, QImage]:
    QApplication.processEvents()  # layouts that a change of the theme asked for
    return {name: view.grab().toImage() for name, view in views.items()}


def differing(some: Mapping[str, QImage], others: Mapping[str, QImage]) -> list[str]:
    return [name for name, image in some.items() if image != others[name]]


def check(makers: Mapping[str, Callable[[], QWidget]]) -> None:
    """Views made in the light look after a switch like those made in the dark, and after another as they did."""
    switched = built(makers)
    light = pictures(switched)
    theme().set_dark(True)
    made_dark = built(makers)
    dark = pictures(made_dark)
    assert differing(pictures(switched), dark) == []
    theme().set_dark(False)
    assert differing(pictures(switched), light) == []
    assert set(differing(light, dark)) == set(makers)
    for view in (*switched.values(), *made_dark.values()):
        view.close()
        view.deleteLater()


def test_every_page_follows(qapp: QApplication) -> None:
    def sized(make: Callable[[], QWidget]) -> QWidget:
        page = make()
        page.resize(*SIZE)
        return page

    check({name: lambda make=make: sized(make) for name, make in PAGES.items()})


def test_every_dialog_follows(qapp: QApplication) -> None:
    window = QWidget()
    check({name: lambda make=make: make(window) for name, make in DIALOGS.items()})
    window.deleteLater()
