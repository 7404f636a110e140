"""The attachments of an asset in the form: kept ones, new ones, who may see each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.assets import Attachment
from ipnft_desktop.services.asset_files import FileToAttach
from ipnft_desktop.ui.register.image_picker import dropped_files
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize
from ipnft_desktop.ui.widgets.buttons import IconButton, SecondaryButton
from ipnft_desktop.ui.widgets.check_box import CheckBox
from ipnft_desktop.ui.widgets.file_dialogs import ask_for_files
from ipnft_desktop.ui.widgets.measures import size_text
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One line: a file in the store, or one that will be stored."""

    source: Attachment | Path
    confidential: bool

    @property
    def name(self) -> str:
        """The file's name."""
        return self.source.name if isinstance(self.source, Path) else self.source.file_name


class FilesEditor(QWidget):
    """A list to add to by a button or a drop; `changed` follows each change."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[FileEntry, ...] = ()
        self.setAcceptDrops(True)
        self.add_button = SecondaryButton(self.tr("Add files…"), Icon.PAPERCLIP)
        self.add_button.clicked.connect(self._on_add)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(Space.S)
        self._grid.setVerticalSpacing(Space.XS)
        self._grid.setColumnStretch(0, 1)
        line = QHBoxLayout()
        line.addWidget(Text(self.tr("Several at once, or drop them here"), TextSize.CAPTION, ink=Ink.MUTED), 1)
        line.addWidget(self.add_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.S)
        box.addLayout(self._grid)
        box.addLayout(line)
        self.setFocusProxy(self.add_button)

    @property
    def entries(self) -> tuple[FileEntry, ...]:
        """The lines."""
        return self._entries

    @property
    def kept(self) -> tuple[Attachment, ...]:
        """Files that are stored already."""
        return tuple(
            replace(entry.source, confidential=entry.confidential)
            for entry in self._entries
            if isinstance(entry.source, Attachment)
        )

    @property
    def new_files(self) -> tuple[FileToAttach, ...]:
        """Files to store."""
        return tuple(
            FileToAttach(entry.source, entry.confidential) for entry in self._entries if isinstance(entry.source, Path)
        )

    def set_entries(self, entries: Sequence[FileEntry]) -> None:
        """Show other files."""
        self._entries = tuple(entries)
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for line, entry in enumerate(self._entries):
            self._add_line(line, entry)

    def add_files(self, paths: Sequence[Path]) -> None:
        """Add files; one that is listed already is not added twice."""
        known = {entry.source for entry in self._entries}
        new = [FileEntry(path, confidential=False) for path in dict.fromkeys(paths) if path not in known]
        if new:
            self.set_entries((*self._entries, *new))
            self.changed.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if dropped_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take them all."""
        files = dropped_files(event)
        if files:
            event.acceptProposedAction()
            self.add_files(files)

    def _add_line(self, line: int, entry: FileEntry) -> None:
        stored = isinstance(entry.source, Attachment)
        size = size_text(entry.source.size_bytes) if isinstance(entry.source, Attachment) else self.tr("new")
        secret = CheckBox(self.tr("Confidential"))
        secret.setAccessibleName(self.tr("{0} is confidential").format(entry.name))
        secret.setChecked(entry.confidential)
        secret.toggled.connect(partial(self._set_confidential, entry.source))
        remove = IconButton(Icon.X, self.tr("Remove {0}").format(entry.name))
        remove.clicked.connect(lambda: self._remove(entry.source))
        note = Text(size, TextSize.CAPTION, ink=Ink.MUTED if stored else Ink.ACCENT)
        for column, widget in enumerate((ElidedLabel(entry.name), note, secret, remove)):
            self._grid.addWidget(widget, line, column)

    def _set_confidential(self, source: Attachment | Path, confidential: bool) -> None:
        self._entries = tuple(
            replace(entry, confidential=confidential) if entry.source == source else entry for entry in self._entries
        )
        self.changed.emit()

    def _remove(self, source: Attachment | Path) -> None:
        self.set_entries([entry for entry in self._entries if entry.source != source])
        self.add_button.setFocus()
        self.changed.emit()

    def _on_add(self) -> None:
        ask_for_files(self, self.tr("Add files"), self.add_files)
