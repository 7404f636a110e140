"""Ctrl+F1: every key of the program in one list, to be searched and copied."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.ui.commands.key_lines import KeyLine, as_text
from ipnft_desktop.ui.models.record_model import RecordColumn
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import ColumnWidth, DialogHeight, DialogWidth, Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.inputs import SearchField
from ipnft_desktop.ui.widgets.record_table import RecordTable
from ipnft_desktop.ui.widgets.text import Text


class KeySheet(Dialog):
    """Stays beside the window while the keys are tried; Escape closes it."""

    def __init__(self, lines: list[KeyLine], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        self.resize(DialogWidth.XL, DialogHeight.L)
        self._lines = lines
        order = {line: at for at, line in enumerate(lines)}
        self.search = SearchField(self.tr("Key, action, page…"))
        self.table = RecordTable[KeyLine](
            self.tr("Keys"),
            (
                RecordColumn(self.tr("Where"), lambda line: line.place, ColumnWidth.XL, order.__getitem__),
                RecordColumn(self.tr("Keys"), lambda line: line.keys, ColumnWidth.XL),
                RecordColumn(self.tr("Does"), lambda line: line.title),
            ),
            lambda line: line,
            lambda line: f"{line.place} {line.keys} {line.title}",
        )
        self.copy_button = SecondaryButton(self.tr("Copy as text"), Icon.COPY)
        self.close_button = SecondaryButton(self.tr("Close"))
        self._lay_out()
        self.table.show_records(lines)
        self.search.search_requested.connect(self.table.search)
        self.copy_button.clicked.connect(self._on_copy)
        self.close_button.clicked.connect(self.reject)
        self.search.setFocus()

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(as_text(self._lines))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(Text(self.windowTitle(), TextSize.TITLE, Weight.BOLD), 1)
        head.addWidget(self.search)
        listed = Card(flush=True)
        listed.body.addWidget(self.table)
        foot = QHBoxLayout()
        foot.setSpacing(Space.S)
        hint = self.tr("The command palette finds every action by its name, also those without keys.")
        foot.addWidget(Text(hint, TextSize.CAPTION, ink=Ink.MUTED, wrap=True), 1)
        foot.addWidget(self.copy_button)
        foot.addWidget(self.close_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        box.setSpacing(Space.M)
        box.addLayout(head)
        box.addWidget(listed, 1)
        box.addLayout(foot)
