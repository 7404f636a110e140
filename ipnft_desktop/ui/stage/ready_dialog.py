"""*Ready?*: one line that says yes or what is in the way, and below it all that was looked at."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ipnft_desktop.services.stage.readiness import Readiness
from ipnft_desktop.ui.doctor.row import CheckRow
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import DialogHeight, DialogWidth, Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.dialog_parts import foot
from ipnft_desktop.ui.widgets.phrases import say
from ipnft_desktop.ui.widgets.scrolling_column import ScrollingColumn
from ipnft_desktop.ui.widgets.text import Text


class ReadyDialog(Dialog):
    """Not modal: what is in the way can be mended beside it, and looked at again."""

    again_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Ready for the show?"))
        self.setAccessibleName(self.tr("Ready for the show?"))
        self.resize(DialogWidth.L, DialogHeight.L)
        self.verdict = Text(self.tr("Looking…"), TextSize.TITLE, Weight.BOLD, wrap=True)
        self.findings = ScrollingColumn()
        self.findings.column.addStretch(1)
        self.rows: list[CheckRow] = []
        self.again_button = PrimaryButton(self.tr("Look again"), Icon.REFRESH)
        self.close_button = SecondaryButton(self.tr("Close"))
        self.again_button.clicked.connect(self.again_requested)
        self.close_button.clicked.connect(self.close)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        box.setSpacing(Space.M)
        box.addWidget(self.verdict)
        box.addWidget(self.findings, 1)
        box.addLayout(foot(self.close_button, self.again_button))
        self.show_looking()

    def show_looking(self) -> None:
        """Everything is looked at."""
        self.again_button.setEnabled(False)

    def show_readiness(self, readiness: Readiness) -> None:
        """The answer; what is in the way first."""
        self.again_button.setEnabled(True)
        self.verdict.setText(say(readiness.line))
        self.verdict.set_ink(Ink.OK if readiness.is_ready else Ink.ERROR)
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = []
        for each in sorted(readiness.looked, key=lambda each: not each.is_in_the_way):
            row = CheckRow(each.key, say(each.title))
            row.show_finding(replace(each.finding, remedies=()))
            self.findings.column.insertWidget(len(self.rows), row)
            self.rows.append(row)
