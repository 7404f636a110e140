"""The attachments of an asset in the form: kept ones, new ones, who may see each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.assets import AgreementType, Attachment
from ipnft_desktop.services.asset_files import FileToAttach
from ipnft_desktop.ui.register.agreement_button import AgreementButton
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize
from ipnft_desktop.ui.widgets.buttons import IconButton, SecondaryButton
from ipnft_desktop.ui.widgets.check_box import CheckBox
from ipnft_desktop.ui.widgets.file_dialogs import ask_for_files
from ipnft_desktop.ui.widgets.file_drop import dropped_files
from ipnft_desktop.ui.widgets.measures import size_text
from ipnft_desktop.ui.widgets.tab_order import follow
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One line: a file in the store, or one that will be stored."""

    source: Attachment | Path
    confidential: bool
    agreement: AgreementType | None = None

    @property
    def name(self) -> str:
        """The file's name."""
        return self.source.name if isinstance(self.source, Path) else self.source.file_name


class FilesEditor(QWidget):
    """A list to add to by a button or a drop; `changed` follows each change.

    While the form is saved, each line says how far its file is.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[FileEntry, ...] = ()
        self._states: dict[Path | UUID, Text] = {}
        self.setAcceptDrops(True)
        self.add_button = SecondaryButton(self.tr("Add files…"), Icon.PAPERCLIP)
        self.add_button.clicked.connect(self._on_add)
        self.notice = Text("", TextSize.CAPTION, ink=Ink.WARN, wrap=True)
        self.notice.hide()
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
        box.addWidget(self.notice)
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
            replace(entry.source, confidential=entry.confidential, agreement=entry.agreement)
            for entry in self._entries
            if isinstance(entry.source, Attachment)
        )

    @property
    def new_files(self) -> tuple[FileToAttach, ...]:
        """Files to store."""
        return tuple(
            FileToAttach(entry.source, entry.confidential, agreement=entry.agreement)
            for entry in self._entries
            if isinstance(entry.source, Path)
        )

    def set_entries(self, entries: Sequence[FileEntry]) -> None:
        """Show other files."""
        self._entries = tuple(entries)
        self._states.clear()
        self.notice.hide()
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        lines = [self._add_line(at, entry) for at, entry in enumerate(self._entries)]
        follow(self, chain.from_iterable(lines))

    def add_files(self, paths: Sequence[Path]) -> None:
        """Add files; of those that are listed already, or have the name of one that is, the reader is told."""
        known = {entry.source for entry in self._entries}
        names = {entry.name for entry in self._entries}
        new = [path for path in dict.fromkeys(paths) if path not in known]
        if new:
            self.set_entries((*self._entries, *(FileEntry(path, confidential=False) for path in new)))
            self.changed.emit()
        listed = sorted({path.name for path in paths if path in known})
        same_name = sorted({path.name for path in new if path.name in names})
        told = [
            *(self.tr("{0} is listed already.").format(name) for name in listed),
            *(self.tr("Two files are called {0}.").format(name) for name in same_name),
        ]
        self.notice.setText("\n".join(told))
        self.notice.setVisible(bool(told))

    def show_waiting(self, files: Iterable[Path | UUID]) -> None:
        """These are going to be stored: new ones by their path, others by the id of their attachment."""
        for file in files:
            self._tell(file, self.tr("waiting"), Ink.MUTED)

    def show_progress(self, file: Path | UUID, percent: int) -> None:
        """How much of a file is stored."""
        if percent < 100:
            self._tell(file, self.tr("copying {0} %").format(percent), Ink.ACCENT)
        else:
            self._tell(file, self.tr("done"), Ink.OK)

    def show_refused(self, names: Collection[str]) -> None:
        """Nothing was saved: these files were refused, why stands below; the others wait for the next time."""
        for entry in self._entries:
            refused = entry.name in names
            self._tell(_key(entry), self._size(entry) if not refused else self.tr("refused"), _ink(entry, refused))

    def show_unsaved(self) -> None:
        """Nothing was saved, for a reason that has nothing to do with the files."""
        self.show_refused(())

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

    def _add_line(self, at: int, entry: FileEntry) -> tuple[QWidget, ...]:
        """Add a line; answers its controls, in their order."""
        secret = CheckBox(self.tr("Confidential"))
        secret.setAccessibleName(self.tr("{0} is confidential").format(entry.name))
        secret.setChecked(entry.confidential)
        secret.toggled.connect(partial(self._set_confidential, entry.source))
        earlier = IconButton(Icon.CHEVRON_UP, self.tr("Move {0} up").format(entry.name))
        # Stored files come first, then new ones: that is the order in which the register keeps them.
        before = self._entries[at - 1].source if at else None
        earlier.setEnabled(before is not None and isinstance(before, Path) == isinstance(entry.source, Path))
        earlier.clicked.connect(lambda: self._move_up(entry.source))
        remove = IconButton(Icon.X, self.tr("Remove {0}").format(entry.name))
        remove.clicked.connect(lambda: self._remove(entry.source))
        state = Text(self._size(entry), TextSize.CAPTION, ink=_ink(entry))
        self._states[_key(entry)] = state
        name = ElidedLabel(entry.name)
        kind = AgreementButton(entry.name, entry.agreement)
        kind.changed.connect(partial(self._set_agreement, entry.source))
        self._grid.addWidget(name, 2 * at, 0)
        self._grid.addWidget(state, 2 * at, 1)
        self._grid.addWidget(earlier, 2 * at, 2)
        self._grid.addWidget(remove, 2 * at, 3)
        self._grid.addWidget(kind, 2 * at + 1, 0, Qt.AlignmentFlag.AlignLeft)
        self._grid.addWidget(secret, 2 * at + 1, 1, 1, 3)
        return earlier, remove, kind, secret

    def _size(self, entry: FileEntry) -> str:
        return size_text(entry.source.size_bytes) if isinstance(entry.source, Attachment) else self.tr("new")

    def _tell(self, file: Path | UUID, text: str, ink: Ink) -> None:
        state = self._states.get(file)
        if state is not None:
            state.setText(text)
            state.set_ink(ink)

    def _set_confidential(self, source: Attachment | Path, confidential: bool) -> None:
        self._entries = tuple(
            replace(entry, confidential=confidential) if entry.source == source else entry for entry in self._entries
        )
        self.changed.emit()

    def _set_agreement(self, source: Attachment | Path, agreement: AgreementType | None) -> None:
        self._entries = tuple(
            replace(entry, agreement=agreement) if entry.source == source else entry for entry in self._entries
        )
        self.changed.emit()

    def _move_up(self, source: Attachment | Path) -> None:
        entries = list(self._entries)
        at = next(number for number, entry in enumerate(entries) if entry.source == source)
        entries[at - 1 : at + 1] = entries[at], entries[at - 1]
        self.set_entries(entries)
        self.add_button.setFocus()
        self.changed.emit()

    def _remove(self, source: Attachment | Path) -> None:
        self.set_entries([entry for entry in self._entries if entry.source != source])
        self.add_button.setFocus()
        self.changed.emit()

    def _on_add(self) -> None:
        ask_for_files(self, self.tr("Add files"), self.add_files)


def _key(entry: FileEntry) -> Path | UUID:
    return entry.source if isinstance(entry.source, Path) else entry.source.attachment_id


def _ink(entry: FileEntry, refused: bool = False) -> Ink:
    if refused:
        return Ink.ERROR
    return Ink.ACCENT if isinstance(entry.source, Path) else Ink.MUTED
