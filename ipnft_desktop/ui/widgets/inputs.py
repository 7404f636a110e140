"""Inputs: the search field, a drop-down list and a labelled form field with its error beside it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QStyle, QStyleOptionComboBox, QStylePainter, QVBoxLayout, QWidget

from ipnft_desktop.ui.theme.icons import Icon, icon_pixmap
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text

_ELIDE = Qt.TextElideMode.ElideRight
_SEARCH_PAUSE_MS = 30
"""Keys that come together are searched for together; nobody waits for it."""


class SearchField(QLineEdit):
    """A search field; `search_requested` follows the typing at a short pause, and Enter at once."""

    search_requested = Signal(str)

    def __init__(self, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setClearButtonEnabled(True)
        self.setFixedWidth(Size.FIELD)
        self.setTextMargins(Size.ICON + Space.XS, 0, 0, 0)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_SEARCH_PAUSE_MS)
        self._pause.timeout.connect(self._on_search)
        self.textChanged.connect(self._pause.start)
        self.returnPressed.connect(self._on_search)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field and the glass in it."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.drawPixmap(
            Space.S + Space.XXS,
            (self.height() - Size.ICON_SMALL) // 2,
            icon_pixmap(Icon.SEARCH, Ink.MUTED, Size.ICON_SMALL),
        )
        painter.end()

    def _on_search(self) -> None:
        self._pause.stop()
        self.search_requested.emit(self.text())


class Select(QComboBox):
    """A drop-down list with the house's arrow."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)

    def choose(self, data: object) -> None:
        """Choose the entry with data equal to these, or none. `findData` finds the very same object only, and what is
        read from the register is never that."""
        found = (at for at in range(self.count()) if self.itemData(at) == data)
        self.setCurrentIndex(next(found, -1))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box and its arrow; a text that does not fit ends in an ellipsis, not under the arrow."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        kind, field = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(kind, option, field, self).width()
        text = self.fontMetrics().elidedText(self.currentText() or self.placeholderText(), _ELIDE, room)
        setattr(option, "currentText", text)  # noqa: B010 - the stubs leave the field out
        painter = QStylePainter(self)
        painter.drawComplexControl(kind, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        left, top = self.width() - Size.ICON - Space.S, (self.height() - Size.ICON_SMALL) // 2
        painter.drawPixmap(left, top, icon_pixmap(Icon.CHEVRON_DOWN, Ink.MUTED, Size.ICON_SMALL))
        painter.end()


class FormField(QWidget):
    """A label over an editor, with a hint or, in its place, what is wrong."""

    def __init__(self, label: str, editor: QWidget, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editor = editor
        self._hint = hint
        self._label = ElidedLabel(label, TextSize.CAPTION, Weight.MEDIUM, Ink.MUTED)
        self._label.setBuddy(editor)
        self._message = Text(hint, TextSize.CAPTION, ink=Ink.MUTED, wrap=True)
        editor.setAccessibleName(label)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.XS)
        for part in (self._label, editor, self._message):
            box.addWidget(part)
        self.set_error("")

    @property
    def editor_top(self) -> int:
        """How far below its top the editor begins, for what stands beside it."""
        return self._label.sizeHint().height() + Space.XS

    @property
    def error(self) -> str:
        """What is wrong, or nothing."""
        return self._message.text() if self.editor.property("invalid") else ""

    def recheck(self) -> None:
        """Something was typed: what was wrong before is not said any more."""
        self.set_error("")

    def set_hint(self, hint: str) -> None:
        """Change what stands under the editor while nothing is wrong."""
        self._hint = hint
        self.set_error(self.error)

    def set_error(self, message: str) -> None:
        """Say what is wrong with the input; an empty text brings the hint back."""
        self.editor.setAccessibleDescription(message or self._hint)
        if bool(self.editor.property("invalid")) != bool(message):
            self.editor.setProperty("invalid", bool(message))
            self.editor.style().unpolish(self.editor)
            self.editor.style().polish(self.editor)
        self._message.setText(message or self._hint)
        self._message.set_ink(Ink.ERROR if message else Ink.MUTED)
        self._message.setVisible(bool(message or self._hint))
