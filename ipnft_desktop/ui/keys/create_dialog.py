"""Makes a new signing key, and says plainly what is lost without it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import FieldProblem, IpnftError
from ipnft_desktop.services.key_custody import MIN_PASSWORD_CHARACTERS
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import DialogWidth, Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.copyable_text import CopyableText
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.dialog_parts import DialogHead, foot
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.inputs import FormField
from ipnft_desktop.ui.widgets.password_field import PasswordField
from ipnft_desktop.ui.widgets.phrases import say_problem
from ipnft_desktop.ui.widgets.plain import shorten
from ipnft_desktop.ui.widgets.text import Text

_INNER = DialogWidth.S - 2 * Space.XL
_GOOD_CHARACTERS = 16
_STRONG_CHARACTERS = 20
_PATH_HEAD, _PATH_TAIL = 14, 36


class CreateKeystoreDialog(Dialog):
    """`create_requested` carries both entries; the presenter answers with problems, an error or the file."""

    create_requested = Signal(str, str)

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Create a signing key"))
        self._is_busy = False
        self.password = PasswordField()
        self.repeated = PasswordField()
        self.fields = {
            "password": FormField(
                self.tr("Password"), self.password, self.tr("A few unrelated words are easy to keep.")
            ),
            "repeated": FormField(self.tr("The same password again"), self.repeated),
        }
        self.error_panel = ErrorPanel()
        self.cancel_button = SecondaryButton(self.tr("Cancel"))
        self.create_button = PrimaryButton(self.tr("Create the key"), Icon.KEY)
        self.done_button = PrimaryButton(self.tr("Done"))
        self.path = CopyableText("", self.tr("File"))
        self._form = self._form_face(folder)
        self._made = self._made_face()
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        box.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)
        for face in (self._form, self._made):
            # The width is fixed, so that wrapped text knows its height and the dialog follows each face.
            face.setFixedWidth(_INNER)
            box.addWidget(face)
        self._made.hide()
        self._connect()
        self.password.setFocus()

    @property
    def is_made(self) -> bool:
        """Whether the key exists and its file is shown."""
        return not self._made.isHidden()

    def set_busy(self, busy: bool) -> None:
        """While the key is made, nothing can be done: a file that nobody was told of would be left."""
        self._is_busy = busy
        for widget in (self.password, self.repeated, self.cancel_button, self.create_button):
            widget.setEnabled(not busy)
        self.create_button.setText(self.tr("Encrypting…") if busy else self.tr("Create the key"))
        if busy:
            self.error_panel.clear()

    def show_problems(self, problems: Sequence[FieldProblem]) -> None:
        """Say beside each field what is wrong with it."""
        self.set_busy(False)
        said = {problem.field: say_problem(problem) for problem in problems}
        for name, field in self.fields.items():
            field.set_error(said.get(name, ""))
        if problems:
            self.fields[problems[0].field].editor.setFocus()

    def show_error(self, error: IpnftError) -> None:
        """Explain why there is no file."""
        self.set_busy(False)
        self.error_panel.show_error(error)

    def show_made(self, file: Path) -> None:
        """Show where the key lies."""
        self.set_busy(False)
        self._forget()
        self.path.set_value(str(file), _short(str(file)))
        self._form.hide()
        self._made.show()
        self.done_button.setFocus()

    def reject(self) -> None:
        """Give up, but not while the key is made."""
        if not self._is_busy:
            super().reject()

    def done(self, result: int) -> None:
        """Close, and leave no password behind."""
        self._forget()
        super().done(result)

    def _forget(self) -> None:
        self.password.clear()
        self.repeated.clear()

    def _form_face(self, folder: Path) -> QWidget:
        face, box = _face()
        box.addWidget(
            DialogHead(
                Icon.KEY,
                self.tr("Create a signing key"),
                self.tr("A new random key, encrypted with your password in a file only you can read."),
            )
        )
        box.addWidget(
            _banner(
                "warn",
                self.tr("Without this file and its password nobody can mint from this account."),
                self.tr("Neither can be restored: keep a copy of the file, and the password, in a safe place."),
            )
        )
        for field in self.fields.values():
            box.addWidget(field)
        place = self._place = CopyableText(str(folder), self.tr("Folder"), short=_short(str(folder)))
        box.addLayout(_labelled(self.tr("The file will be written to"), place))
        box.addWidget(self.error_panel)
        box.addLayout(foot(self.cancel_button, self.create_button))
        return face

    def _made_face(self) -> QWidget:
        face, box = _face()
        box.addWidget(
            DialogHead(
                Icon.CIRCLE_CHECK,
                self.tr("The key is there"),
                self.tr("The program signs with it from its next start on."),
            )
        )
        box.addLayout(_labelled(self.tr("File"), self.path))
        box.addWidget(
            _banner(
                "warn",
                self.tr("Make a copy of this file now."),
                self.tr("Without this file and its password nobody can mint from this account."),
            )
        )
        box.addLayout(foot(self.done_button))
        return face

    def _connect(self) -> None:
        self.password.textEdited.connect(self._on_password_edited)
        self.repeated.textEdited.connect(lambda: self.fields["repeated"].set_error(""))
        self.password.returnPressed.connect(self.repeated.setFocus)
        self.repeated.returnPressed.connect(self.create_button.click)
        self.create_button.clicked.connect(self._on_create)
        self.cancel_button.clicked.connect(self.reject)
        self.done_button.clicked.connect(self.accept)
        order = (
            self.password,
            self.password.eye,
            self.repeated,
            self.repeated.eye,
            self._place,
            self.cancel_button,
            self.create_button,
        )
        for first, second in pairwise(order):
            QWidget.setTabOrder(first, second)

    def _on_password_edited(self, password: str) -> None:
        self.fields["password"].set_error("")
        self.fields["password"].set_hint(self._strength(len(password)))

    def _strength(self, characters: int) -> str:
        missing = MIN_PASSWORD_CHARACTERS - characters
        if missing > 0:
            return self.tr("At least %Ln characters: {0} more", "", MIN_PASSWORD_CHARACTERS).format(missing)
        if characters < _GOOD_CHARACTERS:
            return self.tr("%Ln characters: enough; longer is safer", "", characters)
        if characters < _STRONG_CHARACTERS:
            return self.tr("%Ln characters: good", "", characters)
        return self.tr("%Ln characters: strong, unless it can be guessed", "", characters)

    def _on_create(self) -> None:
        self.create_requested.emit(self.password.take(), self.repeated.take())


def _face() -> tuple[QWidget, QVBoxLayout]:
    face = QWidget()
    box = QVBoxLayout(face)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(Space.M)
    return face, box


def _labelled(label: str, value: CopyableText) -> QVBoxLayout:
    box = QVBoxLayout()
    box.setSpacing(Space.XS)
    box.addWidget(Text(label, TextSize.CAPTION, Weight.MEDIUM, Ink.MUTED))
    box.addWidget(value)
    return box


def _banner(tone: str, headline: str, sentence: str) -> QFrame:
    banner = QFrame()
    banner.setProperty("banner", tone)
    box = QVBoxLayout(banner)
    box.setContentsMargins(Space.M, Space.M, Space.M, Space.M)
    box.setSpacing(Space.XS)
    box.addWidget(Text(headline, TextSize.BODY, Weight.SEMIBOLD, Ink.WARN, wrap=True))
    box.addWidget(Text(sentence, TextSize.CAPTION, wrap=True))
    return banner


def _short(path: str) -> str:
    return shorten(path, _PATH_HEAD, _PATH_TAIL)
