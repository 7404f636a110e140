"""What the doctor found, line by line, what is wrong first."""

from __future__ import annotations

from collections import Counter
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ipnft_desktop.services.doctor.findings import CheckKey, Examined, Level
from ipnft_desktop.ui.doctor.row import CheckRow
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import DialogHeight, DialogWidth, Ink, Space, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.phrases import say
from ipnft_desktop.ui.widgets.progress_bar import ProgressBar
from ipnft_desktop.ui.widgets.tab_order import follow
from ipnft_desktop.ui.widgets.text import Text


class DoctorDialog(Dialog):
    """Not modal: work goes on beside it. `remedy_wanted` carries the key of the check and the `Remedy`."""

    again_wanted = Signal()
    report_wanted = Signal()
    remedy_wanted = Signal(CheckKey, object)

    def __init__(self, checks: int, parent: QWidget | None = None) -> None:
        """`checks` is how many answers will come; each makes its row when it is here, which spreads the work."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Doctor"))
        self.resize(DialogWidth.XL, DialogHeight.XL)
        self._checks = checks
        self.rows: dict[CheckKey, CheckRow] = {}
        self._summary = Text("", TextSize.BODY, ink=Ink.MUTED)
        self._bar = ProgressBar(self.tr("Progress of the doctor"))
        self._answered: set[CheckKey] = set()
        self._wrong = QVBoxLayout()
        self._well = QVBoxLayout()
        self.copy_button = SecondaryButton(self.tr("Copy report"), Icon.COPY)
        self.again_button = PrimaryButton(self.tr("Check again"), Icon.REFRESH)
        self.close_button = SecondaryButton(self.tr("Close"))
        self._lay_out()
        self.copy_button.clicked.connect(self.report_wanted)
        self.again_button.clicked.connect(self.again_wanted)
        self.close_button.clicked.connect(self.close)
        self.close_button.setFocus()

    @property
    def summary(self) -> str:
        """How many are good and how many are not, as shown."""
        return self._summary.text()

    def show_looking(self) -> None:
        """Everything is looked at; what was found before stands until the answers."""
        self._answered.clear()
        self._show_progress()
        self.again_button.setEnabled(False)
        self.copy_button.setEnabled(False)
        self._bar.show()
        for row in self.rows.values():
            row.show_looking()

    def show_examined(self, examined: Examined) -> None:
        """Show one answer."""
        row = self.rows.get(examined.key)
        if row is None:
            row = self.rows[examined.key] = CheckRow(examined.key, say(examined.title))
            row.remedy_wanted.connect(partial(self.remedy_wanted.emit, examined.key))
        row.show_finding(examined.finding)
        self._place(row, is_well=examined.finding.level is Level.OK)
        self._answered.add(examined.key)
        self._show_progress()

    def show_done(self) -> None:
        """All answers are here."""
        counts = Counter(row.finding.level for row in self.rows.values() if row.finding is not None)
        told = (
            self.tr("%Ln good", "", counts[Level.OK]),
            self.tr("%Ln to look at", "", counts[Level.WARN]) if counts[Level.WARN] else "",
            self.tr("%Ln wrong", "", counts[Level.FAIL]) if counts[Level.FAIL] else "",
            self.tr("%Ln not known", "", counts[Level.UNKNOWN]) if counts[Level.UNKNOWN] else "",
        )
        self._summary.setText(", ".join(part for part in told if part))
        self._summary.set_ink(Ink.OK if set(counts) == {Level.OK} else Ink.FG)
        self._bar.hide()
        self.again_button.setEnabled(True)
        self.copy_button.setEnabled(True)

    def _show_progress(self) -> None:
        done = len(self._answered)
        self._summary.set_ink(Ink.MUTED)
        self._summary.setText(self.tr("Looking… {0} of {1}").format(done, self._checks))
        self._bar.setValue(100 * done // self._checks)

    def _place(self, row: CheckRow, *, is_well: bool) -> None:
        """Among those that are wrong or those that are well, in the order of the checks."""
        wanted, other = (self._well, self._wrong) if is_well else (self._wrong, self._well)
        if wanted.indexOf(row) >= 0:
            return
        other.removeWidget(row)
        order: list[object] = list(CheckKey)
        earlier = [each for each in self.rows.values() if order.index(each.key) < order.index(row.key)]
        wanted.insertWidget(sum(wanted.indexOf(each) >= 0 for each in earlier), row)
        shown = (column.itemAt(at) for column in (self._wrong, self._well) for at in range(column.count()))
        rows = (item.widget() for item in shown if item is not None)
        follow(self._scroll, (inner for each in rows if each is not None for inner in each.findChildren(QWidget)))

    def _lay_out(self) -> None:
        self._bar.set_tone(Tone.ACCENT)
        inner = QWidget()
        inner.setProperty("transparent", True)
        column = QVBoxLayout(inner)
        column.setContentsMargins(Space.XS, 0, Space.M, 0)
        column.setSpacing(0)
        for part in (self._wrong, self._well):
            part.setSpacing(0)
            column.addLayout(part)
        column.addStretch(1)
        scroll = self._scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setAccessibleName(self.tr("What the doctor found"))
        scroll.setProperty("ring", True)
        scroll.setWidget(inner)
        head = QHBoxLayout()
        head.setSpacing(Space.M)
        head.addWidget(Text(self.tr("Doctor"), TextSize.TITLE, Weight.BOLD))
        head.addWidget(self._summary, 1)
        foot = QHBoxLayout()
        foot.setSpacing(Space.S)
        foot.addWidget(self.copy_button)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.again_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        box.setSpacing(Space.S)
        box.addLayout(head)
        box.addWidget(self._bar)
        box.addWidget(scroll, 1)
        box.addLayout(foot)
