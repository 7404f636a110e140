"""The navigation at the left: one button a page, icon over label."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton, QVBoxLayout, QWidget

from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.icons import Icon, bind_icon
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import IconButton

_BUTTON = QSize(Size.RAIL - Space.L, Size.RAIL_BUTTON)


class Rail(QFrame):
    """Exclusive page buttons; `page_chosen` carries the key of the one pressed. Under them the button of the menu."""

    page_chosen = Signal(str)
    menu_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme().dress(self)
        self.setObjectName("rail")
        self.setFixedWidth(Size.RAIL)
        self._buttons: dict[str, QToolButton] = {}
        self._keys: dict[str, str] = {}
        self._group = QButtonGroup(self)
        self._top = QVBoxLayout()
        self._bottom = QVBoxLayout()
        for part in (self._top, self._bottom):
            part.setSpacing(Space.XXS)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.S, Space.M, Space.S, Space.M)
        box.addLayout(self._top)
        box.addStretch(1)
        box.addLayout(self._bottom)
        self.menu_button = IconButton(Icon.MENU, "")
        self.menu_button.setFixedWidth(_BUTTON.width())
        self.menu_button.clicked.connect(self.menu_requested)
        box.addSpacing(Space.XS)
        box.addWidget(self.menu_button)
        self.retranslate()

    def add_button(self, key: str, title: str, icon: Icon, shortcut: str, *, bottom: bool = False) -> None:
        """Add a page's button at the end of the upper or the lower group."""
        button = QToolButton()
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setFixedSize(_BUTTON)
        button.setFont(text_font(TextSize.MICRO, Weight.MEDIUM))
        bind_icon(button, icon, Ink.MUTED, Ink.ACCENT, Size.ICON_RAIL)
        button.clicked.connect(lambda: self.page_chosen.emit(key))
        self._group.addButton(button)
        self._buttons[key] = button
        self._keys[key] = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
        self.rename(key, title)
        (self._bottom if bottom else self._top).addWidget(button)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Its buttons from the top down."""
        columns = (self._top, self._bottom)
        items = (column.itemAt(at) for column in columns for at in range(column.count()))
        buttons = (item.widget() for item in items if item is not None)
        return (*(button for button in buttons if button is not None), self.menu_button)

    def rename(self, key: str, title: str) -> None:
        """Give a page's button another name."""
        button = self._buttons[key]
        button.setText(title)
        button.setToolTip(f"{title} ({self._keys[key]})")
        button.setAccessibleName(title)

    def retranslate(self) -> None:
        """Say what is the rail's own in the language in force."""
        self.menu_button.set_name(self.tr("Menu (F10)"))

    def set_current(self, key: str) -> None:
        """Mark the page in view."""
        self._buttons[key].setChecked(True)
