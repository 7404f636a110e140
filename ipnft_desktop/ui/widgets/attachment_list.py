"""The files of an asset in the detail panel: what they are, who may see them, and ways to look at them."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QMenu, QWidget

from ipnft_desktop.domain.assets import Attachment
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize
from ipnft_desktop.ui.widgets.buttons import IconButton
from ipnft_desktop.ui.widgets.dialog_parts import IconLabel
from ipnft_desktop.ui.widgets.measures import size_text
from ipnft_desktop.ui.widgets.menu import Menu
from ipnft_desktop.ui.widgets.tab_order import follow_inside
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text


class AttachmentList(QWidget):
    """One line a file; `save_requested` and `preview_requested` carry the `Attachment`, `copied` what was copied."""

    save_requested = Signal(object)
    preview_requested = Signal(object)
    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, can_preview: bool = False) -> None:
        """`can_preview` where somebody opens what is asked for."""
        super().__init__(parent)
        self._can_preview = can_preview
        self._shown: tuple[Attachment, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.S)
        self._grid.setVerticalSpacing(Space.XS)
        self._grid.setColumnStretch(1, 1)

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
        follow_inside(self)

    def menu_of(self, file: Attachment) -> QMenu:
        """What else can be done with a file."""
        menu = Menu(self)
        if not file.confidential:
            menu.addAction(self.tr("Copy CID")).triggered.connect(lambda: self._copy(file.cid))
        menu.addAction(self.tr("Copy SHA-256")).triggered.connect(lambda: self._copy(file.sha256.hex()))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _add(self, line: int, file: Attachment) -> None:
        is_secret = file.confidential
        icon, ink = (Icon.LOCK, Ink.WARN) if is_secret else (Icon.GLOBE, Ink.OK)
        access = self.tr("Confidential: only its hash is published") if is_secret else self.tr("Public")
        mark = IconLabel(icon, ink)
        mark.setAccessibleName(access)
        mark.setToolTip(access)
        size = Text(size_text(file.size_bytes), TextSize.CAPTION, ink=Ink.MUTED)
        save = IconButton(Icon.DOWNLOAD, self.tr("Save {0} as…").format(file.file_name))
        save.clicked.connect(lambda: self.save_requested.emit(file))
        more = IconButton(Icon.ELLIPSIS, self.tr("More about {0}").format(file.file_name))
        more.clicked.connect(lambda: self.menu_of(file).popup(more.mapToGlobal(QPoint(0, more.height()))))
        buttons = [save, more]
        if self._can_preview:
            look = IconButton(Icon.EYE, self.tr("Look at {0}").format(file.file_name))
            look.clicked.connect(lambda: self.preview_requested.emit(file))
            buttons.insert(0, look)
        for column, widget in enumerate((mark, ElidedLabel(file.file_name), size, *buttons)):
            self._grid.addWidget(widget, line, column)

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.copied.emit(text)
