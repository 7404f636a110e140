"""The latest backups of the register, with the buttons that make one and bring one back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import LinkButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.measures import local_time, size_text, utc_time
from ipnft_desktop.ui.widgets.tab_order import follow
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text

if TYPE_CHECKING:
    from ipnft_desktop.services.backup_keeper import BackupFile

_SHOWN = 5


def reason_text(reason: str) -> str:
    """Why a backup was made; the file name's own word for a reason this version does not know."""
    translate = QCoreApplication.translate
    return {
        "before-migration": translate("BackupReason", "before an update of the register"),
        "automatic": translate("BackupReason", "automatic"),
        "by-hand": translate("BackupReason", "by hand"),
        "before-restore": translate("BackupReason", "before a restore"),
    }.get(reason, reason)


def kept_text(backup: BackupFile) -> str:
    """Why it is still there, of one whose reason does not say it."""
    translate = QCoreApplication.translate
    return {
        "of-its-day": translate("BackupReason", "last of its day"),
        "of-its-week": translate("BackupReason", "last of its week"),
    }.get(backup.kept_because or "", "")


class _BackupRow(QWidget):
    """One backup in two lines, with the button that brings it back."""

    def __init__(self, backup: BackupFile) -> None:
        super().__init__()
        at = local_time(backup.at)
        moment = Text(at, TextSize.CAPTION, Weight.MEDIUM)
        moment.setToolTip(utc_time(backup.at))
        facts = (size_text(backup.size_bytes), reason_text(backup.reason), self.tr("checked"), kept_text(backup))
        about = " · ".join(fact for fact in facts if fact)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(moment)
        words.addWidget(ElidedLabel(about, TextSize.CAPTION, ink=Ink.MUTED))
        self.restore_button = LinkButton(self.tr("Restore…"))
        self.restore_button.setAccessibleName(self.tr("Restore the backup of {0}, {1}").format(at, about))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.S)
        line.addLayout(words, 1)
        line.addWidget(self.restore_button)


class BackupsCard(Card):
    """`backup_requested` asks for one now, `restore_requested` carries the `BackupFile` to bring back."""

    backup_requested = Signal()
    restore_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._backups: tuple[BackupFile, ...] = ()
        self._rows: list[_BackupRow] = []
        self._restore_refusal = ""
        self._absent = Text("", TextSize.CAPTION, ink=Ink.MUTED)
        self._more = Text("", TextSize.CAPTION, ink=Ink.MUTED)
        self.error_panel = ErrorPanel()
        self.backup_button = SecondaryButton(self.tr("Back up now"))
        self.backup_button.clicked.connect(self.backup_requested)
        head = QHBoxLayout()
        head.addWidget(Text(self.tr("Backups"), TextSize.BODY, Weight.SEMIBOLD), 1)
        head.addWidget(self.backup_button)
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.S)
        self.body.addLayout(head)
        self.body.addWidget(self.error_panel)
        self.body.addWidget(self._absent)
        self.body.addLayout(self._list)
        self.body.addWidget(self._more)
        self.show_backups(())

    @property
    def restore_buttons(self) -> tuple[LinkButton, ...]:
        """The buttons of the backups shown, newest first."""
        return tuple(row.restore_button for row in self._rows)

    def show_signed_out(self) -> None:
        """Nobody may see them."""
        self.show_backups(())
        self._absent.setText(self.tr("Backups are shown to people who are signed in."))

    def show_backups(self, backups: Sequence[BackupFile]) -> None:
        """Show the latest of these; they come newest first."""
        self.error_panel.clear()
        self._absent.setText(self.tr("No backup was made yet."))
        self._absent.setVisible(not backups)
        earlier = len(backups) - _SHOWN
        self._more.setText(self.tr("%Ln earlier ones in the profile folder", "", earlier))
        self._more.setVisible(earlier > 0)
        if tuple(backups) == self._backups:
            return
        self._backups = tuple(backups)
        for row in self._rows:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [_BackupRow(backup) for backup in self._backups[:_SHOWN]]
        for row, backup in zip(self._rows, self._backups, strict=False):
            row.restore_button.clicked.connect(partial(self._on_restore, backup))
            row.restore_button.refuse(self._restore_refusal)
            self._list.addWidget(row)
        follow(self.backup_button, self.restore_buttons)

    def refuse_restore(self, reason: str) -> None:
        """Let no backup be brought back, for this reason; empty ends that."""
        self._restore_refusal = reason
        for button in self.restore_buttons:
            button.refuse(reason)

    def show_error(self, error: IpnftError) -> None:
        """Say why a backup could not be made or brought back."""
        self.error_panel.show_error(error)

    def set_busy(self, busy: bool) -> None:
        """While one is made or brought back, the buttons wait."""
        self.backup_button.setText(self.tr("Working…") if busy else self.tr("Back up now"))
        for button in (self.backup_button, *self.restore_buttons):
            button.setEnabled(not busy)

    def _on_restore(self, backup: BackupFile, _checked: bool = False) -> None:
        self.restore_requested.emit(backup)
