"""The signing key on the Environment page: whose it is, whether it is open, and the button that changes that."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from ipnft_desktop.ui.commands.command import Command, button_command
from ipnft_desktop.ui.commands.main_menu import add_command
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import IconButton, PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.copyable_text import CopyableText
from ipnft_desktop.ui.widgets.dialog_parts import IconLabel
from ipnft_desktop.ui.widgets.menu import Menu
from ipnft_desktop.ui.widgets.text import Text


class KeyState(StrEnum):
    """What signs, and whether it can."""

    ABSENT = "absent"
    DEMONSTRATION = "demonstration"
    LOCKED = "locked"
    UNLOCKED = "unlocked"


class KeyCard(Card):
    """Signals say what the person wants. The menu is for another key: it is used from the next start on."""

    unlock_requested = Signal()
    lock_requested = Signal()
    create_requested = Signal()
    import_requested = Signal()
    demonstration_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = KeyState.ABSENT
        self._icon = IconLabel(Icon.LOCK, Ink.WARN)
        self._state_text = Text("", TextSize.CAPTION, Weight.SEMIBOLD)
        self._address = CopyableText("", self.tr("Signing account"))
        self._note = Text("", TextSize.CAPTION, ink=Ink.MUTED, wrap=True)
        self.unlock_button = PrimaryButton(self.tr("Unlock…"), Icon.LOCK_OPEN)
        self.lock_button = SecondaryButton(self.tr("Lock now"), Icon.LOCK)
        self.more_button = IconButton(Icon.ELLIPSIS, self.tr("Another signing key"))
        self._lay_out()
        self.unlock_button.clicked.connect(self.unlock_requested)
        self.lock_button.clicked.connect(self.lock_requested)
        self.more_button.clicked.connect(self._on_more)
        self.show_key(KeyState.ABSENT, None, "")
        self._add_commands()

    @property
    def state(self) -> KeyState:
        """The state shown."""
        return self._state

    @property
    def address(self) -> str:
        """The account shown, or nothing."""
        return self._address.value

    @property
    def note(self) -> str:
        """The sentence under the account."""
        return self._note.text()

    def show_key(self, state: KeyState, address: str | None, note: str) -> None:
        """Show the key; `address` is None while nobody knows it, `note` is one sentence of plain text."""
        self._state = state
        icon, ink, text = {
            KeyState.ABSENT: (Icon.KEY, Ink.MUTED, ""),
            KeyState.DEMONSTRATION: (Icon.KEY, Ink.MUTED, self.tr("Demonstration key")),
            KeyState.LOCKED: (Icon.LOCK, Ink.WARN, self.tr("Locked")),
            KeyState.UNLOCKED: (Icon.LOCK_OPEN, Ink.OK, self.tr("Unlocked")),
        }[state]
        self._icon.set_icon(icon, ink)
        self._icon.setVisible(state is not KeyState.ABSENT)
        self._state_text.setText(text)
        self._state_text.set_ink(ink)
        self._address.set_value(address or "", address or "")
        self._address.setVisible(bool(address))
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self.unlock_button.setVisible(state is KeyState.LOCKED)
        self.lock_button.setVisible(state is KeyState.UNLOCKED)
        self.more_button.setVisible(state is not KeyState.ABSENT)

    def menu(self) -> QMenu:
        """The ways to another key."""
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for command in self._other_keys:
            if command is not self._back or self._state is not KeyState.DEMONSTRATION:
                add_command(menu, command)
        return menu

    def _add_commands(self) -> None:
        for name, button in (("unlock", self.unlock_button), ("lock", self.lock_button)):
            title = {"unlock": self.tr("Unlock the signing key…"), "lock": self.tr("Lock the signing key")}[name]
            button_command(self, f"key.{name}", button, title=title, icon=Icon.KEY)

        def refusal() -> str:
            return self.more_button.refusal or (
                self.tr("Start the environment first.") if self._state is KeyState.ABSENT else ""
            )

        create, import_ = self.create_requested.emit, self.import_requested.emit
        back = self.demonstration_requested.emit
        self._back = Command(self, "key.demonstration", self.tr("Back to the demonstration key"), back, refusal=refusal)
        self._other_keys = (
            Command(self, "key.create new", self.tr("Create a new key…"), create, icon=Icon.KEY, refusal=refusal),
            Command(self, "key.import keystore", self.tr("Use a keystore file…"), import_, refusal=refusal),
            self._back,
        )

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(Space.XS)
        top.addWidget(Text(self.tr("Signing key"), TextSize.BODY, Weight.SEMIBOLD))
        top.addStretch(1)
        top.addWidget(self._icon)
        top.addWidget(self._state_text)
        top.addWidget(self.more_button)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        buttons.addWidget(self.unlock_button)
        buttons.addWidget(self.lock_button)
        buttons.addStretch(1)
        self.body.addLayout(top)
        self.body.addWidget(self._address)
        self.body.addWidget(self._note)
        self.body.addLayout(buttons)

    def _on_more(self) -> None:
        menu = self.menu()
        menu.popup(self.more_button.mapToGlobal(QPoint(0, self.more_button.height())))
