"""A line of a menu that names its keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from ipnft_desktop.ui.widgets.plain import plain_tooltip


def add_line(
    menu: QMenu,
    text: str,
    act: Callable[[], object],
    keys: str | QKeySequence = "",
    *,
    enabled: bool = True,
    refusal: str = "",
) -> QAction:
    """Add a line whose keys are told beside the text only: the keys themselves are bound once, on the page.

    A `refusal` says on hover why it cannot be chosen, as that of a button does.
    """
    action = menu.addAction(text)
    action.triggered.connect(lambda _=False: act())
    action.setEnabled(enabled and not refusal)
    action.setToolTip(plain_tooltip(refusal))
    menu.setToolTipsVisible(True)
    action.setShortcut(QKeySequence(keys))
    action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    return action
