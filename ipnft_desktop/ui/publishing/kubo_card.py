"""The IPFS node on the Environment page: where it is, whether it answers, what it has, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.publications import PeerInfo, PublicationCounts
from ipnft_desktop.ui.commands.command import Command, button_command
from ipnft_desktop.ui.commands.main_menu import add_command
from ipnft_desktop.ui.publishing.wording import counts_text
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.buttons import IconButton, LinkButton, PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.check_box import CheckBox
from ipnft_desktop.ui.widgets.copyable_text import CopyableText
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.inputs import FormField
from ipnft_desktop.ui.widgets.menu import Menu
from ipnft_desktop.ui.widgets.status_tag import StatusTag
from ipnft_desktop.ui.widgets.text import Text


class KuboCard(Card):
    """Signals say what the person wants; `address_chosen` carries an address, empty for none."""

    address_chosen = Signal(str)
    publish_all_requested = Signal()
    check_requested = Signal()
    export_requested = Signal()
    cancel_requested = Signal()
    automatic_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._has_address = False
        self._is_busy = False
        self._has_reader = False
        self.tag = StatusTag()
        self._address = Text("", TextSize.CAPTION, mono=True)
        self._absent = Text(
            self.tr("Public content stays in this register. A node would keep it for others to fetch."),
            TextSize.CAPTION,
            ink=Ink.MUTED,
            wrap=True,
        )
        self._peer = CopyableText("", self.tr("Peer id"))
        self._version = Text("", TextSize.CAPTION, ink=Ink.MUTED)
        self._counts = Text("", TextSize.CAPTION, wrap=True)
        self._note = Text("", TextSize.CAPTION, ink=Ink.WARN, wrap=True)
        self.error_panel = ErrorPanel()
        self.address_edit = QLineEdit()
        self.address_edit.setPlaceholderText("http://127.0.0.1:5001")
        self.address_field = FormField(
            self.tr("Address"), self.address_edit, self.tr("Also as /ip4/127.0.0.1/tcp/5001")
        )
        self.save_button = PrimaryButton(self.tr("Use"))
        self.forget_button = SecondaryButton(self.tr("Cancel"))
        self.publish_button = SecondaryButton(self.tr("Publish all"), Icon.UPLOAD)
        self.check_button = SecondaryButton(self.tr("Check"))
        self.more_button = IconButton(Icon.ELLIPSIS, self.tr("More about publishing"))
        self.automatic_box = CheckBox(self.tr("Publish what is minted"))
        self._progress = Text("", TextSize.CAPTION, ink=Ink.MUTED)
        self.cancel_button = LinkButton(self.tr("Cancel"))
        self._editor = QWidget()
        self._lay_out()
        self._connect()
        self._editor.hide()
        self.show_address("")
        self.show_counts(PublicationCounts(), "")
        self.set_busy("")
        self._add_commands()

    @property
    def counts(self) -> str:
        """What is told of the numbers."""
        return self._counts.text()

    @property
    def note(self) -> str:
        """Why something waits, or nothing."""
        return self._note.text()

    @property
    def progress(self) -> str:
        """How far the work under way is, or nothing."""
        return self._progress.text() if self._is_busy else ""

    def show_address(self, address: str) -> None:
        """Show where the node is, without secrets; nothing where none is set. Whether it answers is not known yet."""
        self._has_address = bool(address)
        self._address.setText(address)
        self._address.setVisible(self._has_address)
        self._absent.setVisible(not self._has_address)
        self.tag.set_state(self.tr("Asking…") if address else self.tr("Not set"), Tone.NEUTRAL)
        self._peer.hide()
        self._version.hide()
        self._enable()

    def show_peer(self, peer: PeerInfo | None) -> None:
        """Show who answers; None where nobody does."""
        self.tag.set_state(self.tr("Answers") if peer else self.tr("Does not answer"), Tone.OK if peer else Tone.WARN)
        self._peer.setVisible(peer is not None)
        self._version.setVisible(peer is not None)
        if peer is not None:
            self._peer.set_value(peer.peer_id)
            self._version.setText(self.tr("Version {0}").format(peer.version))

    def show_signed_out(self) -> None:
        """Nobody may see what is published."""
        self.show_counts(PublicationCounts(), "")
        self._counts.setText(self.tr("Sign in to see what is published."))
        self._has_reader = False

    def show_counts(self, counts: PublicationCounts, waiting_because: str) -> None:
        """Show what is where, and why it waits."""
        self._has_reader = True
        self._counts.setText(counts_text(counts))
        waits = bool(waiting_because) and counts.waiting > 0
        self._note.setText(
            self.tr("Waits: {0}. It goes on by itself.").format(waiting_because.rstrip(".")) if waits else ""
        )
        self._note.setVisible(waits)

    def set_automatic(self, wanted: bool) -> None:
        """Show the setting without reporting it back."""
        self.automatic_box.blockSignals(True)
        self.automatic_box.setChecked(wanted)
        self.automatic_box.blockSignals(False)

    def set_busy(self, progress: str) -> None:
        """Say how far work is; an empty text ends it."""
        self._is_busy = bool(progress)
        self._progress.setText(progress)
        self._progress.setVisible(self._is_busy)
        self.cancel_button.setVisible(self._is_busy)
        self._enable()

    def show_error(self, error: IpnftError) -> None:
        """Say why something did not succeed; an address that cannot be used is told beside its field."""
        if error.field == "kubo_api":
            self.address_field.set_error(error.detail)
            self._editor.show()
        else:
            self.error_panel.show_error(error)

    def ask_for_address(self) -> None:
        """Open the field; nothing is filled in, for the present address may hold a password."""
        self.address_edit.clear()
        self.address_field.set_error("")
        self._editor.show()
        self._enable()
        self.address_edit.setFocus()

    def close_editor(self) -> None:
        """The address was taken, or is kept."""
        self.address_edit.clear()
        self.address_field.set_error("")
        self._editor.hide()
        self._enable()

    def menu(self) -> QMenu:
        """What is done rarely."""
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for command in self._rare:
            add_command(menu, command)
        return menu

    def _add_commands(self) -> None:
        def no_address() -> str:
            return "" if self._has_address else self.tr("No IPFS node is set.")

        def no_export() -> str:
            if not self._has_reader:
                return self.tr("Sign in first.")
            return self.tr("Other work is under way.") if self._is_busy else ""

        publish, check = self.tr("Publish everything to IPFS"), self.tr("Check what is on IPFS")
        button_command(
            self, "ipfs.publish all", self.publish_button, title=publish, icon=Icon.UPLOAD, why_not=no_address
        )
        button_command(self, "ipfs.check", self.check_button, title=check, icon=Icon.BADGE_CHECK, why_not=no_address)
        self._rare = (
            Command(
                self,
                "ipfs.address node kubo",
                self.tr("Set the address…"),
                self.ask_for_address,
                refusal=lambda: self.set_button.refusal,
            ),
            Command(
                self,
                "ipfs.forget node",
                self.tr("Use no IPFS node"),
                self._on_forget,
                refusal=lambda: self.set_button.refusal or no_address(),
            ),
            Command(
                self,
                "ipfs.export car everything",
                self.tr("Export CAR of everything…"),
                self.export_requested.emit,
                refusal=no_export,
            ),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes the address field."""
        if event.key() == Qt.Key.Key_Escape and self._editor.isVisible():
            self.close_editor()
        else:
            super().keyPressEvent(event)

    def _enable(self) -> None:
        for button in (self.publish_button, self.check_button):
            button.setEnabled(self._has_address and not self._is_busy)
        self.automatic_box.setEnabled(self._has_address)
        self.publish_button.setVisible(self._has_address)
        self.check_button.setVisible(self._has_address)
        self.automatic_box.setVisible(self._has_address)
        self.set_button.setVisible(not self._has_address and self._editor.isHidden())

    def _lay_out(self) -> None:
        self.set_button = SecondaryButton(self.tr("Set the address…"))
        top = QHBoxLayout()
        top.setSpacing(Space.XS)
        top.addWidget(Text(self.tr("IPFS node (Kubo)"), TextSize.BODY, Weight.SEMIBOLD))
        top.addStretch(1)
        top.addWidget(self.tag)
        top.addWidget(self.more_button)
        who = QHBoxLayout()
        who.setSpacing(Space.S)
        who.addWidget(self._peer)
        who.addWidget(self._version)
        who.addStretch(1)
        answers = QHBoxLayout()
        answers.setSpacing(Space.S)
        answers.addStretch(1)
        answers.addWidget(self.forget_button)
        answers.addWidget(self.save_button)
        editor = QVBoxLayout(self._editor)
        editor.setContentsMargins(0, 0, 0, 0)
        editor.setSpacing(Space.S)
        editor.addWidget(self.address_field)
        editor.addLayout(answers)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        for button in (self.set_button, self.publish_button, self.check_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        work = QHBoxLayout()
        work.addWidget(self._progress, 1)
        work.addWidget(self.cancel_button)
        self.body.addLayout(top)
        self.body.addWidget(self._address)
        self.body.addWidget(self._absent)
        self.body.addLayout(who)
        for widget in (self._editor, self._counts, self._note, self.error_panel):
            self.body.addWidget(widget)
        self.body.addLayout(work)
        self.body.addLayout(buttons)
        self.body.addWidget(self.automatic_box)

    def _connect(self) -> None:
        self.more_button.clicked.connect(self._on_more)
        self.set_button.clicked.connect(self.ask_for_address)
        self.save_button.clicked.connect(self._on_save)
        self.address_edit.returnPressed.connect(self._on_save)
        self.forget_button.clicked.connect(self.close_editor)
        self.publish_button.clicked.connect(self.publish_all_requested)
        self.check_button.clicked.connect(self.check_requested)
        self.cancel_button.clicked.connect(self.cancel_requested)
        self.automatic_box.toggled.connect(self.automatic_changed)

    def _on_more(self) -> None:
        menu = self.menu()
        menu.popup(self.more_button.mapToGlobal(QPoint(0, self.more_button.height())))

    def _on_save(self) -> None:
        if self.address_edit.text().strip():
            self.address_chosen.emit(self.address_edit.text().strip())

    def _on_forget(self) -> None:
        self.address_chosen.emit("")
