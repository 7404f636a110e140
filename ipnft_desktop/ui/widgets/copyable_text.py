"""A hash, address or CID: short to read, full on hover, copied by a click or the space bar."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolTip, QWidget

from ipnft_desktop.ui.theme.fonts import mono_font
from ipnft_desktop.ui.theme.tokens import TextSize
from ipnft_desktop.ui.widgets.measures import labelled_text
from ipnft_desktop.ui.widgets.plain import plain_tooltip, shorten, visible


class CopyableText(QPushButton):
    """Monospaced text whose full form goes to the clipboard.

    `copied` carries what was copied. `label` says what the value is, for screen readers ("Transaction hash").
    """

    copied = Signal(str)

    def __init__(
        self,
        value: str = "",
        label: str = "",
        *,
        short: str | None = None,
        size: TextSize = TextSize.CAPTION,
        quiet: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._label = label
        self._value = ""
        self.setProperty("kind", "copy")
        self.setProperty("quiet", quiet)
        self.setAutoDefault(False)
        # The keyboard's focus ring is for the keyboard: a click of the mouse leaves the focus where it is.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFont(mono_font(size))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._on_clicked)
        self.set_value(value, short)

    @property
    def value(self) -> str:
        """The full text."""
        return self._value

    def set_value(self, value: str, short: str | None = None) -> None:
        """Show another value; `short` overrides the usual head and tail."""
        self._value = value
        # A button reads "&" as the mark of a shortcut letter.
        self.setText(visible(short if short is not None else shorten(value)).replace("&", "&&"))
        self.setEnabled(bool(value))
        self.setToolTip(plain_tooltip(value))
        name = labelled_text(self._label, visible(value)) if self._label else visible(value)
        self.setAccessibleName(name)
        self.setAccessibleDescription(self.tr("Copies the full text when pressed"))

    def _on_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._value)
        QToolTip.showText(QCursor.pos(), self.tr("Copied"), self)
        self.copied.emit(self._value)
