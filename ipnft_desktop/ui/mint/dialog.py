"""The mint dialog: a head that says what is minted to whom, over one of four faces."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from ipnft_desktop.ui.mint.confirm_panel import ConfirmPanel
from ipnft_desktop.ui.mint.outcome_panels import FailurePanel, SuccessPanel
from ipnft_desktop.ui.mint.progress_panel import ProgressPanel
from ipnft_desktop.ui.theme.tokens import DialogWidth, Ink, Size, Space, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.picture_box import PictureBox
from ipnft_desktop.ui.widgets.status_tag import StatusTag
from ipnft_desktop.ui.widgets.text import ElidedLabel

_PICTURE = QSize(Size.RAIL, Size.THUMBNAIL)


class MintDialog(Dialog):
    """Never modal: the window stays usable while a mint runs, and closing the dialog does not stop it."""

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = PictureBox(_PICTURE)
        self._title = ElidedLabel("", TextSize.LEAD, Weight.BOLD)
        self._subtitle = ElidedLabel("", TextSize.BODY, ink=Ink.MUTED)
        self._local_tag = StatusTag(self.tr("LOCAL"), Tone.WARN)
        self.confirm = ConfirmPanel()
        self.progress = ProgressPanel(now)
        self.success = SuccessPanel()
        self.failure = FailurePanel()
        self._faces = (self.confirm, self.progress, self.success, self.failure)
        self._lay_out()
        for dismissed in (self.confirm.dismissed, self.success.dismissed, self.failure.dismissed):
            dismissed.connect(self.close)
        self.progress.background_requested.connect(self.close)
        self.show_face(self.confirm)

    @property
    def title(self) -> str:
        """The headline."""
        return self._title.text()

    @property
    def subtitle(self) -> str:
        """What is minted, and to whom."""
        return self._subtitle.text()

    @property
    def face(self) -> QWidget:
        """The face in view."""
        return next(face for face in self._faces if not face.isHidden())

    @property
    def is_confirming(self) -> bool:
        """Whether the mint is not asked for yet."""
        return self.face is self.confirm

    def show_head(self, title: str, subtitle: str, *, is_local: bool) -> None:
        """Say what is minted to whom, and whether the chain is this computer's own."""
        self.setWindowTitle(title)
        self._title.setText(title)
        self._subtitle.setText(subtitle)
        self._local_tag.setVisible(is_local)
        self._local_tag.setToolTip(self.tr("The chain on this computer; its coins are worth nothing"))

    def show_face(self, face: QWidget) -> None:
        """Turn to another face."""
        for other in self._faces:
            other.setVisible(other is face)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(Space.XS)
        words.addStretch(1)
        words.addWidget(self._title)
        words.addWidget(self._subtitle)
        words.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(Space.M)
        head.addWidget(self.picture)
        head.addLayout(words, 1)
        head.addWidget(self._local_tag)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        box.setSpacing(Space.M)
        box.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)
        box.addLayout(head)
        for face in self._faces:
            # The width is fixed, so that wrapped text knows its height and the dialog follows each face.
            face.setFixedWidth(DialogWidth.L - 2 * Space.XL)
            box.addWidget(face)
