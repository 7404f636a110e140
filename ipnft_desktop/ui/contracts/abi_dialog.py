"""Importing an ABI for a contract, and the ABIs that were imported before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from ipnft_desktop.domain.inspection.contracts import ImportedAbi
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.fonts import mono_font
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import ColumnWidth, DialogWidth, Ink, Size, Space, TextSize
from ipnft_desktop.ui.widgets.address_field import AddressField
from ipnft_desktop.ui.widgets.buttons import DangerButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.file_dialogs import ask_for_files
from ipnft_desktop.ui.widgets.file_drop import FileDrop
from ipnft_desktop.ui.widgets.form_dialog import FormDialog
from ipnft_desktop.ui.widgets.inputs import FormField
from ipnft_desktop.ui.widgets.measures import local_time
from ipnft_desktop.ui.widgets.plain import shorten
from ipnft_desktop.ui.widgets.record_table import RecordTable
from ipnft_desktop.ui.widgets.text import ElidedLabel

_ROWS = 3


class AbiDialog(FormDialog):
    """Imports what is pasted, or the file that was chosen. `remove_requested` carries the `ImportedAbi` in focus."""

    remove_requested = Signal(object)

    def __init__(self, address: str = "", parent: QWidget | None = None) -> None:
        super().__init__(
            Icon.UPLOAD,
            self.tr("Import an ABI"),
            self.tr("The ABI of a contract names its functions, events and errors. That of before gives way."),
            self.tr("Import"),
            parent,
            width=DialogWidth.L,
        )
        self.file: Path | None = None
        self.address = AddressField(
            self.tr("Contract"), self.tr("Nothing for every contract that has none of its own"), address
        )
        self.name = QLineEdit()
        self.content = QPlainTextEdit()
        self.content.setFont(mono_font(TextSize.CAPTION))
        self.content.setTabChangesFocus(True)
        self.content.setFixedHeight(2 * Size.CONTROL + Size.TABLE_ROW)
        self.file_button = SecondaryButton(self.tr("Choose a file…"), Icon.FOLDER_OPEN)
        self.file_name = ElidedLabel("", TextSize.CAPTION, ink=Ink.MUTED)
        self.remove_button = DangerButton(self.tr("Remove"), Icon.TRASH)
        self.add_field("address", self.address)
        self.add_field("name", FormField(self.tr("Name"), self.name, self.tr("What the contract is called")))
        hint = self.tr("JSON, or an artifact of Hardhat or Foundry; at most 5 MB. A file may be dropped here.")
        self.add_field("content", FormField(self.tr("ABI"), self.content, hint))
        self._add_file_line()
        self._add_list()
        self._drop = FileDrop(self.content)
        self._drop.dropped.connect(self._on_dropped)
        self.content.textChanged.connect(self._on_typed)
        self.file_button.clicked.connect(self._on_file)
        self.remove_button.clicked.connect(self._on_remove)
        (self.name if address else self.address.line).setFocus()

    @property
    def is_dirty(self) -> bool:
        """Whether something typed would be lost."""
        return bool(self.content.toPlainText().strip() or self.name.text().strip())

    def use_file(self, file: Path) -> None:
        """Import this file and not what is pasted; its name is proposed where there is none."""
        self.content.clear()
        self.file = file
        self.file_name.setText(file.name)
        self.fields["content"].recheck()
        if not self.name.text().strip():
            self.name.setText(file.stem)

    def show_imported(self, imported: Sequence[ImportedAbi]) -> None:
        """Those that were imported."""
        self.imported.show_records(imported)
        for part in (self._imported_card, self.remove_button):
            part.setVisible(bool(imported))

    def _add_file_line(self) -> None:
        line = QWidget()
        box = QHBoxLayout(line)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.S)
        box.addWidget(self.file_button)
        box.addWidget(self.file_name, 1)
        box.addWidget(self.remove_button)
        self.add_part(line)

    def _add_list(self) -> None:
        self._imported_card = Card(flush=True)
        self.add_part(self._imported_card)
        self.imported = RecordTable[ImportedAbi](
            self.tr("Imported ABIs"),
            self._columns(),
            lambda abi: abi.address,
            lambda abi: f"{abi.name} {abi.address}",
            self._imported_card,
            command="imported abis",
            opens=False,
        )
        self.imported.setFixedHeight(Size.TABLE_HEADER + _ROWS * Size.TABLE_ROW)
        self._imported_card.body.addWidget(self.imported)
        self.show_imported(())

    def _columns(self) -> tuple[RecordColumn[ImportedAbi], ...]:
        return (
            RecordColumn(self.tr("Name"), lambda abi: abi.name),
            RecordColumn(
                self.tr("Contract"),
                lambda abi: self.tr("every one") if abi.is_general else shorten(abi.address),
                ColumnWidth.M,
                hover=lambda abi: abi.address,
                copy=lambda abi: abi.address,
                is_mono=True,
            ),
            RecordColumn(self.tr("Imported by"), lambda abi: abi.imported_by, ColumnWidth.M),
            RecordColumn(self.tr("When"), lambda abi: local_time(abi.imported_at), ColumnWidth.XL),
        )

    def _on_typed(self) -> None:
        if self.content.toPlainText():
            self.file = None
            self.file_name.setText("")
        self.fields["content"].recheck()

    def _on_dropped(self, files: Sequence[Path], _at: object) -> None:
        self.use_file(files[0])

    def _on_file(self) -> None:
        def use(files: Sequence[Path]) -> None:
            if files:
                self.use_file(files[0])

        title, names = self.tr("ABI of a contract"), self.tr("ABIs and artifacts (*.json *.abi *.txt)")
        ask_for_files(self, title, use, name_filter=names, several=False)

    def _on_remove(self) -> None:
        if (abi := self.imported.current) is not None:
            self.remove_requested.emit(abi)
