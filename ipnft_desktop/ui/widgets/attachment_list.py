"""The files of an asset in the detail panel: what they are, who may see them, and a way to save them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from ipnft_desktop.domain.assets import Attachment
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Tone
from ipnft_desktop.ui.widgets.buttons import IconButton
from ipnft_desktop.ui.widgets.measures import size_text
from ipnft_desktop.ui.widgets.status_tag import StatusTag
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text


class AttachmentList(QWidget):
    """One line a file; `save_requested` carries the `Attachment`."""

    save_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[Attachment, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.M)
        self._grid.setVerticalSpacing(Space.XS)
        self._grid.setColumnStretch(0, 1)

    def show_attachments(self, attachments: tuple[Attachment, ...]) -> None:
        """Show other files; nothing is rebuilt when they are the same."""
        if attachments == self._shown:
            return
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._shown = attachments
        for line, attachment in enumerate(attachments):
            self._add(line, attachment)

    def _add(self, line: int, attachment: Attachment) -> None:
        tag = (
            StatusTag(self.tr("Confidential"), Tone.VIOLET)
            if attachment.confidential
            else StatusTag(self.tr("Public"), Tone.OK)
        )
        button = IconButton(Icon.DOWNLOAD, self.tr("Save {0} as…").format(attachment.file_name))
        button.clicked.connect(lambda: self.save_requested.emit(attachment))
        size = Text(size_text(attachment.size_bytes), TextSize.CAPTION, ink=Ink.MUTED)
        for column, widget in enumerate((ElidedLabel(attachment.file_name), size, tag, button)):
            self._grid.addWidget(widget, line, column)
