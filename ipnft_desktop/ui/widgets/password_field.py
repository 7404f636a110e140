"""A field for a password: hidden unless the person asks to see it, and remembered by nobody."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Size, Space, TextSize
from ipnft_desktop.ui.widgets.buttons import IconButton


class PasswordField(QLineEdit):
    """What is typed can be seen with `eye`, so that nobody has to guess at Caps Lock or the keyboard's language."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(text_font(TextSize.BODY))
        self.setTextMargins(0, 0, Size.STATUS_BAR, 0)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self.eye = IconButton(Icon.EYE, "", self)
        self.eye.clicked.connect(self._on_eye)
        self.set_seen(False)

    @property
    def is_seen(self) -> bool:
        """Whether the password can be read on the screen."""
        return self.echoMode() is QLineEdit.EchoMode.Normal

    def set_seen(self, seen: bool) -> None:
        """Show the password, or dots in its place."""
        self.setEchoMode(QLineEdit.EchoMode.Normal if seen else QLineEdit.EchoMode.Password)
        self.eye.set_icon(Icon.EYE_OFF if seen else Icon.EYE)
        self.eye.set_name(self.tr("Hide the password") if seen else self.tr("Show the password"))

    def take(self) -> str:
        """The password; from then on it is hidden again."""
        self.set_seen(False)
        return self.text()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the eye at the right end."""
        super().resizeEvent(event)
        height = self.eye.sizeHint().height()
        left = self.width() - self.eye.width() - Space.XS
        self.eye.setGeometry(left, (self.height() - height) // 2, self.eye.width(), height)

    def _on_eye(self) -> None:
        self.set_seen(not self.is_seen)
