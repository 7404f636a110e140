"""The place of controls in the order of the Tab key, for those that come later than the window they are in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def follow(place: QWidget, controls: Iterable[QWidget]) -> None:
    """Let Tab reach these controls, in this order, where `place` is: what holds them, or the control before them.

    Qt appends what is new to the very end of the window.
    """
    wanted = [control for control in controls if _takes_focus(control) and control.window() == place.window()]
    # Qt orders only what takes the focus itself, so what merely holds others does so for a moment.
    policy, proxy = place.focusPolicy(), place.focusProxy()
    place.setFocusProxy(cast("QWidget", None))
    place.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    # From the last to the first, each directly behind: Qt puts nothing behind the last control of a window.
    for control in reversed(wanted):
        QWidget.setTabOrder(place, control)
    place.setFocusPolicy(policy)
    if proxy is not None:
        place.setFocusProxy(proxy)


def follow_inside(holder: QWidget) -> None:
    """The same for all that a widget holds, in the order of its making."""
    follow(holder, (inner for inner in holder.findChildren(QWidget) if not _is_gone(inner, holder)))


def _is_gone(widget: QWidget, holder: QWidget) -> bool:
    """Whether it, or what it is in, was hidden; what was never shown yet is hidden too, but nobody asked for it."""
    part: QWidget | None = widget
    while part is not None and part != holder:
        if part.isHidden() and part.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
            return True
        part = part.parentWidget()
    return False


def _takes_focus(widget: QWidget) -> bool:
    return widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.focusProxy() is None and not widget.isWindow()
