"""What an import would do, or what keeps it from being done."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.services.asset_import import ImportCheck
from ipnft_desktop.ui.sheets.text_table import TextTable
from ipnft_desktop.ui.sheets.wording import preview_cells, preview_headers, problem_cells, problem_headers
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.error_words import joined
from ipnft_desktop.ui.widgets.text import Text

_TABLE_HEIGHT = Size.TABLE_HEADER + 6 * Size.TABLE_ROW
_NAME_COLUMN, _PROBLEM_COLUMN = 1, 2


class CheckPanel(QWidget):
    """`save_requested` asks for the list of problems as a file."""

    save_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._headline = Text("", TextSize.LEAD, Weight.SEMIBOLD)
        self._sentence = Text("", TextSize.BODY, ink=Ink.MUTED, wrap=True)
        self.table = TextTable(self.tr("Rows"))
        self.table.setFixedHeight(_TABLE_HEIGHT)
        self.copy_button = SecondaryButton(self.tr("Copy the list"), Icon.COPY)
        self.save_button = SecondaryButton(self.tr("Save the list…"), Icon.DOWNLOAD)
        self.copy_button.clicked.connect(self.table.copy)
        self.save_button.clicked.connect(self.save_requested)
        self._tools = QWidget()
        tools = QHBoxLayout(self._tools)
        tools.setContentsMargins(0, 0, 0, 0)
        tools.setSpacing(Space.S)
        tools.addWidget(self.copy_button)
        tools.addWidget(self.save_button)
        tools.addStretch(1)
        card = Card(flush=True)
        card.body.addWidget(self.table)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.S)
        for part in (self._headline, self._sentence, card, self._tools):
            box.addWidget(part)

    @property
    def headline(self) -> str:
        """What is said first."""
        return self._headline.text()

    def show_check(self, check: ImportCheck) -> None:
        """Show the outcome of a check."""
        if check.problem_count:
            self._show_problems(check)
        else:
            self._show_preview(check)
        self._tools.setVisible(bool(check.problem_count))
        self._sentence.setVisible(bool(self._sentence.text()))

    def _show_problems(self, check: ImportCheck) -> None:
        total, told = check.problem_count, len(check.problems)
        self._headline.setText(self.tr("%Ln problems", "", total))
        self._headline.set_ink(Ink.ERROR)
        sentence = self.tr("Nothing is imported until the file is without them. Correct it and choose it again.")
        if told < total:
            sentence = joined(sentence, self.tr("The first %Ln are listed.", "", told))
        self._sentence.setText(sentence)
        lines = [problem_cells(problem) for problem in check.problems]
        self.table.show_lines(problem_headers(), lines, widest=_PROBLEM_COLUMN)

    def _show_preview(self, check: ImportCheck) -> None:
        new, known = check.new_count, len(check.known_ids)
        self._headline.setText(self.tr("%Ln new assets", "", new))
        self._headline.set_ink(Ink.FG)
        self._sentence.setText(
            self.tr("%Ln rows are left out: these assets are in the register already, or were deleted.", "", known)
            if known
            else self.tr("These are the first rows as they were understood.")
        )
        lines = [preview_cells(row) for row in check.first]
        self.table.show_lines(preview_headers(), lines, widest=_NAME_COLUMN)
