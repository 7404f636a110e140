"""One widget of the house in each of its states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QHBoxLayout, QLineEdit, QStyle, QWidget

from ipnft_desktop.ui.theme.tokens import Size


class Forced(Enum):
    """A state that a hand at mouse or keyboard brings about."""

    HOVER = auto()
    FOCUS = auto()
    DISABLED = auto()
    RIGHT_TO_LEFT = auto()


@dataclass(frozen=True, slots=True)
class State:
    """A named state: `make` builds the widget, `forced` is what is done to it."""

    name: str
    make: Callable[[], QWidget]
    forced: Forced | None = None


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A widget's place in the playground. `key` names its pictures; `width_px` is the room a state has."""

    key: str
    title: str
    states: tuple[State, ...]
    width_px: int = Size.SIDE_PANEL


class Specimen(QWidget):
    """One state built, in the room it has."""

    def __init__(self, state: State, width_px: int) -> None:
        super().__init__()
        self.state = state
        self.shown = state.make()
        self.setFixedWidth(width_px)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.shown)
        match state.forced:
            case Forced.DISABLED:
                self.shown.setEnabled(False)
            case Forced.RIGHT_TO_LEFT:
                self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            case _:
                pass

    def force(self) -> None:
        """Bring about hover or focus; the window has to be in front for the focus."""
        target = self.shown.focusProxy() or self.shown
        if self.state.forced is Forced.HOVER:
            for part in (self.shown, *self.shown.findChildren(QWidget)):
                _hover(part)
        elif self.state.forced is Forced.FOCUS:
            inner = (part for part in self.shown.findChildren(QWidget) if _takes_focus(part))
            if not _takes_focus(target):
                target = next(inner, target)
            # A part that showed itself before it had its place was a window for a moment, and took the focus along.
            self.window().activateWindow()
            target.setFocus(Qt.FocusReason.TabFocusReason)


def _takes_focus(part: QWidget) -> bool:
    return part.focusPolicy() is not Qt.FocusPolicy.NoFocus and part.isEnabled() and not part.isHidden()


def _hover(part: QWidget) -> None:
    """Let a widget look as if the mouse were over it: for Qt it can be over one place only."""
    part.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    if isinstance(part, QAbstractButton | QLineEdit | QComboBox):
        setattr(part, "initStyleOption", partial(_init_hovered, part))  # noqa: B010 - an override of this one only
    part.update()


def _init_hovered(part: Any, option: Any) -> None:
    type(part).initStyleOption(part, option)  # pyright: ignore[reportUnknownMemberType]
    option.state |= QStyle.StateFlag.State_MouseOver
