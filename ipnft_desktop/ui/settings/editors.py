"""One editor for each kind of value. They say what is typed and what is meant; none decides whether it can be used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from ipnft_desktop.domain.setting_specs import SettingSpec, SettingValue, Shape
from ipnft_desktop.services.setting_checks import holds_secret, number_text
from ipnft_desktop.ui.settings.texts import choice_text, unit_text
from ipnft_desktop.ui.theme.fonts import mono_font, text_font
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, TextSize
from ipnft_desktop.ui.widgets.buttons import IconButton, SecondaryButton
from ipnft_desktop.ui.widgets.check_box import CheckBox
from ipnft_desktop.ui.widgets.file_dialogs import ask_for_files, ask_for_folder
from ipnft_desktop.ui.widgets.inputs import Select
from ipnft_desktop.ui.widgets.password_field import PasswordField
from ipnft_desktop.ui.widgets.text import Text

_PLACEHOLDERS = {
    Shape.ADDRESS: "0x…",
    Shape.RPC_URL: "http://127.0.0.1:8545",
    Shape.RPC_URLS: "https://a.example https://b.example",
    Shape.DATABASE_URL: "postgresql+psycopg://user@host/register",
    Shape.IPFS_ADDRESS: "/ip4/127.0.0.1/tcp/5001",
}
_IN_MONO = frozenset(_PLACEHOLDERS)


class Editor(QWidget):
    """`meant` carries what the person means, once they are done with it; `typed` what stands there so far."""

    meant = Signal(object)
    typed = Signal(object)

    def __init__(self, control: QWidget) -> None:
        super().__init__()
        self.control = control
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(0, 0, 0, 0)
        self.line.setSpacing(Space.S)
        self.line.addWidget(control)
        self.setFocusProxy(control)

    def show_value(self, value: SettingValue) -> None:
        """Show a value without reporting it back."""
        raise NotImplementedError

    def set_locked(self, locked: bool) -> None:
        """Whether it can be looked at only."""
        self.control.setEnabled(not locked)


class SwitchEditor(Editor):
    """On or off."""

    def __init__(self) -> None:
        self._box = CheckBox(QCoreApplication.translate("Editor", "On"))
        super().__init__(self._box)
        self.line.addStretch(1)
        self._box.toggled.connect(self.meant.emit)

    def show_value(self, value: SettingValue) -> None:
        """Show a value without reporting it back."""
        self._box.blockSignals(True)
        self._box.setChecked(bool(value))
        self._box.blockSignals(False)


class ChoiceEditor(Editor):
    """One of a few."""

    def __init__(self, spec: SettingSpec) -> None:
        self._list = Select("")
        for choice in spec.choices:
            self._list.addItem(choice_text(spec, choice), choice)
        super().__init__(self._list)
        self._list.activated.connect(self._on_activated)

    def show_value(self, value: SettingValue) -> None:
        """Show a value without reporting it back."""
        self._list.choose(value)

    def _on_activated(self, _at: int) -> None:
        self.meant.emit(self._list.currentData())


class LineEditor(Editor):
    """A line of text or a number; what was typed is meant once the line is left, or with Enter."""

    def __init__(self, spec: SettingSpec, edit: QLineEdit) -> None:
        self.edit = edit
        self._shown = ""
        super().__init__(edit)
        edit.setFont((mono_font if spec.shape in _IN_MONO else text_font)(TextSize.BODY))
        edit.setPlaceholderText(_PLACEHOLDERS.get(spec.shape, ""))
        edit.textEdited.connect(self._on_edited)
        edit.editingFinished.connect(self._on_finished)

    def show_value(self, value: SettingValue) -> None:
        """Show a value without reporting it back."""
        self._shown = value if isinstance(value, str) else number_text(value)
        if self.edit.text() != self._shown:
            self.edit.setText(self._shown)
            self.edit.setCursorPosition(0)

    def set_locked(self, locked: bool) -> None:
        """Whether it can be looked at only: it can be copied all the same."""
        self.edit.setReadOnly(locked)
        if self.edit.property("locked") != locked:
            self.edit.setProperty("locked", locked)
            self.edit.style().unpolish(self.edit)
            self.edit.style().polish(self.edit)

    def mean(self, text: str) -> None:
        """Take a text as if it were typed."""
        self.edit.setText(text)
        self._on_finished()

    def _on_edited(self, text: str) -> None:
        self.typed.emit(text.strip())

    def _on_finished(self) -> None:
        text = self.edit.text().strip()
        if text != self._shown and not self.edit.isReadOnly():
            self._shown = text  # Enter, and then leaving the line, is one wish
            self.meant.emit(text)


class NumberEditor(LineEditor):
    """A number with its unit."""

    def __init__(self, spec: SettingSpec) -> None:
        edit = QLineEdit()
        edit.setFixedWidth(Size.FIELD_NARROW)
        super().__init__(spec, edit)
        self.line.addWidget(Text(unit_text(spec.unit), TextSize.BODY, ink=Ink.MUTED))
        self.line.addStretch(1)


class PathEditor(LineEditor):
    """A file or a folder, typed or looked for; a relative one is seen from the profile."""

    def __init__(self, spec: SettingSpec) -> None:
        super().__init__(spec, QLineEdit())
        self._is_folder = spec.shape is Shape.FOLDER
        self.browse_button = SecondaryButton(QCoreApplication.translate("Editor", "Browse…"))
        self.line.addWidget(self.browse_button)
        self.browse_button.clicked.connect(self._on_browse)

    def set_locked(self, locked: bool) -> None:
        """Whether it can be looked at only."""
        super().set_locked(locked)
        self.browse_button.setEnabled(not locked)

    def _on_browse(self) -> None:
        title = self.control.accessibleName()
        if self._is_folder:
            ask_for_folder(self.window(), title, lambda folder: self.mean(str(folder)))
        else:
            ask_for_files(self.window(), title, self._on_files, several=False)

    def _on_files(self, files: Sequence[Path]) -> None:
        if files:
            self.mean(str(files[0]))


class SecretEditor(LineEditor):
    """An address that may hold a password: dots as soon as it does, with an eye for whoever may change it."""

    def __init__(self, spec: SettingSpec) -> None:
        self._field = PasswordField()
        self._spec = spec
        super().__init__(spec, self._field)
        self._field.eye.set_name(QCoreApplication.translate("Editor", "Show or hide what stands here"))
        self._is_locked = False

    @property
    def eye(self) -> IconButton:
        """Shows what stands there, or hides it."""
        return self._field.eye

    @property
    def is_seen(self) -> bool:
        """Whether the value can be read on the screen."""
        return self._field.is_seen

    def show_value(self, value: SettingValue) -> None:
        """Show a value, in dots where it holds a secret."""
        super().show_value(value)
        self._field.set_seen(not holds_secret(self._spec, value))
        self._show_eye()

    def set_locked(self, locked: bool) -> None:
        """Whether it can be looked at only; a secret then stays one."""
        super().set_locked(locked)
        self._is_locked = locked
        self._show_eye()

    def _show_eye(self) -> None:
        is_secret = holds_secret(self._spec, self._shown)
        self._field.eye.setVisible(is_secret and not self._is_locked)
        if is_secret and self._is_locked:
            self._field.set_seen(False)


def editor_for(spec: SettingSpec) -> Editor:
    """The editor that fits a setting."""
    if spec.kind is bool:
        return SwitchEditor()
    if spec.choices:
        return ChoiceEditor(spec)
    if spec.kind in (int, float):
        return NumberEditor(spec)
    if spec.may_hold_secrets:
        return SecretEditor(spec)
    made: Callable[[SettingSpec], Editor] = PathEditor if spec.shape in (Shape.FILE, Shape.FOLDER) else _line
    return made(spec)


def _line(spec: SettingSpec) -> Editor:
    return LineEditor(spec, QLineEdit())
