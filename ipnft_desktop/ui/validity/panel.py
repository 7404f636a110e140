"""The certificate of one token: what happened to it, what can be done about it, how it stood at a past block."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ipnft_desktop.domain.certificates import PastState, TimelineEntry, Validity
from ipnft_desktop.domain.errors import IpnftError, ValidationFailed
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, TextSize, Weight
from ipnft_desktop.ui.validity.wording import event_about, event_place, event_word, past_sentence
from ipnft_desktop.ui.widgets.buttons import LinkButton
from ipnft_desktop.ui.widgets.copyable_text import CopyableText
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.phrases import say_problem
from ipnft_desktop.ui.widgets.plain import shorten
from ipnft_desktop.ui.widgets.status_tag import StatusTag
from ipnft_desktop.ui.widgets.tab_order import follow
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text

SHOWN_ENTRIES = 30
MAX_BLOCK = 2**31 - 1


class _Entry(QWidget):
    """One thing that happened, with its transaction to copy."""

    def __init__(self, entry: TimelineEntry, parent: QWidget) -> None:
        super().__init__(parent)
        line = QHBoxLayout()
        line.setSpacing(Space.S)
        line.addWidget(StatusTag(*event_word(entry)))
        line.addWidget(ElidedLabel(event_place(entry), TextSize.CAPTION, ink=Ink.MUTED), 1)
        line.addWidget(CopyableText(entry.tx_hash, self.tr("Transaction"), short=shorten(entry.tx_hash)))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(line)
        box.addWidget(Text(event_about(entry), TextSize.CAPTION, wrap=True))


class CertificatePanel(QWidget):
    """`change_requested` carries the wanted `Validity`, `past_requested` a height."""

    change_requested = Signal(object)
    past_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[TimelineEntry, ...] = ()
        self._rows: list[_Entry] = []
        self.suspend_button = LinkButton(self.tr("Suspend…"))
        self.revoke_button = LinkButton(self.tr("Revoke…"))
        self.restore_button = LinkButton(self.tr("Restore…"))
        self.error_panel = ErrorPanel()
        self._earlier = Text("", TextSize.CAPTION, ink=Ink.MUTED)
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.S)
        self.block_field = QLineEdit()
        self.block_field.setValidator(QIntValidator(0, MAX_BLOCK, self))
        self.block_field.setFixedWidth(Size.FIELD // 2)
        self.block_field.setAccessibleName(self.tr("As of block"))
        self.look_button = LinkButton(self.tr("Look"))
        self._past = Text("", TextSize.CAPTION, wrap=True)
        self._lay_out()
        self._connect()
        self.show_history(())
        self.show_standing(None)
        self.show_past(None)

    @property
    def entries(self) -> tuple[TimelineEntry, ...]:
        """What is shown."""
        return self._entries

    @property
    def past(self) -> str:
        """What is said of the block that was asked about."""
        return self._past.text()

    @property
    def buttons(self) -> tuple[LinkButton, ...]:
        """Those that change something."""
        return self.suspend_button, self.revoke_button, self.restore_button

    def show_standing(self, validity: str | None, *, is_changing: bool = False) -> None:
        """Offer what can be done with a certificate that stands so; nothing is known for None."""
        self.suspend_button.setVisible(validity == Validity.VALID)
        self.revoke_button.setVisible(validity in (Validity.VALID, Validity.SUSPENDED))
        self.restore_button.setVisible(validity in (Validity.SUSPENDED, Validity.REVOKED))
        for button in self.buttons:
            button.setEnabled(not is_changing)

    def show_history(self, entries: Sequence[TimelineEntry]) -> None:
        """What happened, newest first."""
        self.error_panel.clear()
        if tuple(entries) == self._entries and self._rows:
            return
        self._entries = tuple(entries)
        for row in self._rows:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        shown = list(reversed(self._entries))[:SHOWN_ENTRIES]
        self._rows = [_Entry(entry, self) for entry in shown]
        for row in self._rows:
            self._list.addWidget(row)
        earlier = len(self._entries) - len(shown)
        self._earlier.setText(self.tr("%Ln earlier ones", "", earlier))
        self._earlier.setVisible(earlier > 0)
        follow(self.restore_button, [*self.findChildren(CopyableText), self.block_field, self.look_button])

    def show_past(self, state: PastState | None) -> None:
        """How the token stood at the block that was asked about."""
        self._say_past("" if state is None else past_sentence(state), Ink.FG)

    def show_past_error(self, error: IpnftError) -> None:
        """That block cannot be told about."""
        if isinstance(error, ValidationFailed):
            self._say_past(say_problem(error.problems[0]), Ink.ERROR)
        else:
            self.error_panel.show_error(error)

    def show_error(self, error: IpnftError) -> None:
        """The history could not be read."""
        self.error_panel.show_error(error)

    def clear(self) -> None:
        """Another token is shown, or none."""
        self.block_field.clear()
        self.show_past(None)
        self.show_history(())
        self.show_standing(None)

    def _say_past(self, text: str, ink: Ink) -> None:
        self._past.setText(text)
        self._past.set_ink(ink)
        self._past.setVisible(bool(text))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        head.addWidget(Text(self.tr("Certificate"), TextSize.BODY, Weight.SEMIBOLD), 1)
        for button in self.buttons:
            head.addWidget(button)
        past = QHBoxLayout()
        past.setSpacing(Space.S)
        past.addWidget(Text(self.tr("As of block"), TextSize.CAPTION, ink=Ink.MUTED), 1)
        past.addWidget(self.block_field)
        past.addWidget(self.look_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.S)
        box.addLayout(head)
        box.addWidget(self.error_panel)
        box.addLayout(self._list)
        box.addWidget(self._earlier)
        box.addLayout(past)
        box.addWidget(self._past)

    def _connect(self) -> None:
        for button, validity in zip(self.buttons, (Validity.SUSPENDED, Validity.REVOKED, Validity.VALID), strict=True):
            button.clicked.connect(lambda _checked=False, wanted=validity: self.change_requested.emit(wanted))
        self.look_button.clicked.connect(self._on_look)
        self.block_field.returnPressed.connect(self._on_look)

    def _on_look(self) -> None:
        if self.block_field.text():
            self.past_requested.emit(int(self.block_field.text()))
        else:
            self.block_field.setFocus()
