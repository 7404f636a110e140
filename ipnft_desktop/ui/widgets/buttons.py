"""Push buttons by rank: one primary action a page, secondary beside it, danger for what cannot be undone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.icons import Icon, bind_icon
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.plain import plain_tooltip, visible


class Button(QPushButton):
    """What all buttons of the house share; a refusal outlasts whatever a page thinks of it."""

    kind = "secondary"
    ink = Ink.FG

    def __init__(
        self, text: str = "", icon: Icon | None = None, *, large: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self.setProperty("kind", self.kind)
        self.setProperty("large", large)
        self.setAutoDefault(False)
        # The keyboard's focus ring is for the keyboard: a click of the mouse leaves the focus where it is.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFont(text_font(TextSize.LEAD if large else TextSize.BODY, Weight.SEMIBOLD))
        self._is_wanted = True
        self._refusal = ""
        self._hint = ""
        if icon is not None:
            self.set_icon(icon)

    def set_icon(self, icon: Icon) -> None:
        """Show an icon before the text, in the button's own ink."""
        bind_icon(self, icon, self.ink, gap_px=Space.XS + Space.XXS if self.text() else 0)

    @property
    def refusal(self) -> str:
        """Why nobody may press it now, or nothing."""
        return self._refusal

    def refuse(self, reason: str) -> None:
        """Keep it from being pressed, whatever its page thinks of it, and say why on hover; empty ends that."""
        self._refusal = reason
        super().setEnabled(self._is_wanted and not reason)
        super().setToolTip(plain_tooltip(reason) or self._hint)
        self.setAccessibleDescription(reason)

    def setEnabled(self, enabled: bool) -> None:
        """Whether it makes sense to press it; a refusal stands all the same."""
        self._is_wanted = enabled
        super().setEnabled(enabled and not self._refusal)

    def setToolTip(self, hint: str) -> None:
        """What is told on hover while nothing is refused."""
        self._hint = hint
        if not self._refusal:
            super().setToolTip(hint)


class SecondaryButton(Button):
    """An ordinary action."""


class PrimaryButton(Button):
    """The one action a page is for."""

    kind = "primary"
    ink = Ink.ON_ACCENT


class DangerButton(Button):
    """An action that destroys or breaks something."""

    kind = "danger"
    ink = Ink.ERROR


class LinkButton(Button):
    """An action in running text."""

    kind = "link"
    ink = Ink.ACCENT


class IconButton(Button):
    """An icon alone; the name is told to screen readers and on hover."""

    kind = "icon"
    ink = Ink.MUTED

    def __init__(self, icon: Icon, name: str, parent: QWidget | None = None) -> None:
        super().__init__("", icon, parent=parent)
        self.set_name(name)
        self.setFixedWidth(Size.STATUS_BAR)

    def set_name(self, name: str) -> None:
        """Change what the button is called."""
        self.setAccessibleName(name)
        self.setToolTip(plain_tooltip(name))


class ChipButton(Button):
    """Something that narrows a list, named; a press takes it away."""

    kind = "chip"

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(visible(text).replace("&", "&&"), Icon.X, parent=parent)
        self.setFont(text_font(TextSize.CAPTION, Weight.MEDIUM))
        self.setAccessibleName(self.tr("Remove the filter {0}").format(text))
        self.setToolTip(plain_tooltip(text))
