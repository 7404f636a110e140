"""One check of the doctor: how it is, what to do, and the buttons that do it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.services.doctor.findings import CheckKey, Finding, Level, Remedy
from ipnft_desktop.services.stage.readiness import ReadyKey
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.buttons import Button, LinkButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Rule
from ipnft_desktop.ui.widgets.dialog_parts import IconLabel
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.phrases import say
from ipnft_desktop.ui.widgets.plain import plain_tooltip
from ipnft_desktop.ui.widgets.question_bar import QuestionBar
from ipnft_desktop.ui.widgets.text import Text

_ICONS = {
    Level.OK: (Icon.CIRCLE_CHECK, Ink.OK),
    Level.WARN: (Icon.TRIANGLE_ALERT, Ink.WARN),
    Level.FAIL: (Icon.CIRCLE_ALERT, Ink.ERROR),
    Level.UNKNOWN: (Icon.INFO, Ink.MUTED),
}


def level_word(level: Level) -> str:
    """What a reader hears instead of the icon."""
    translate = QCoreApplication.translate
    return {
        Level.OK: translate("DoctorLevel", "Good"),
        Level.WARN: translate("DoctorLevel", "To look at"),
        Level.FAIL: translate("DoctorLevel", "Wrong"),
        Level.UNKNOWN: translate("DoctorLevel", "Not known"),
    }[level]


class CheckRow(QWidget):
    """`remedy_wanted` carries the `Remedy` that was pressed and, where it cannot be undone, confirmed."""

    remedy_wanted = Signal(object)

    def __init__(self, key: CheckKey | ReadyKey, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self.finding: Finding | None = None
        self._title = title
        self._icon = IconLabel(Icon.CLOCK, Ink.MUTED, Size.ICON)
        self._text = Text("", TextSize.BODY, wrap=True)
        self._told: list[Text] = []
        self._buttons: list[tuple[Button, Remedy]] = []
        self._line = QHBoxLayout()
        self._aside = QHBoxLayout()
        self._question: QuestionBar | None = None
        self._error_panel: ErrorPanel | None = None
        self._lay_out()

    @property
    def buttons(self) -> tuple[tuple[Button, Remedy], ...]:
        """The remedies on offer, with their buttons."""
        return tuple(self._buttons)

    @property
    def question(self) -> QuestionBar | None:
        """What is asked before a remedy that cannot be undone, while it is asked."""
        return self._question

    @property
    def error_code(self) -> str:
        """Why the latest remedy did not succeed, or nothing."""
        return "" if self._error_panel is None else self._error_panel.code

    @property
    def text(self) -> str:
        """What was found, as shown."""
        return self._text.text()

    def show_looking(self) -> None:
        """It is looked at again; what was found stands until the answer."""
        self._set_busy(True)

    def show_finding(self, finding: Finding) -> None:
        """Show how it is now."""
        if finding == self.finding:
            self._set_busy(False)
            return
        self.finding = finding
        self._clear_error()
        self._icon.set_icon(*_ICONS[finding.level])
        self._text.setText(say(finding.text))
        self._text.set_ink(Ink.MUTED if finding.level in (Level.OK, Level.UNKNOWN) else Ink.FG)
        self._tell_more(finding)
        self._show_remedies(finding)
        told = self.tr("{0}, {1}: {2}").format(self._title, level_word(finding.level), self._text.text())
        self.setAccessibleName(told)
        self._icon.setAccessibleName(level_word(finding.level))

    def show_error(self, error: IpnftError) -> None:
        """Say why a remedy did not succeed."""
        self._set_busy(False)
        if self._error_panel is None:
            self._error_panel = ErrorPanel()
            self._words.addWidget(self._error_panel)
        self._error_panel.show_error(error)

    def show_working(self) -> None:
        """A remedy is under way."""
        self._clear_error()
        self._set_busy(True)

    def _show_remedies(self, finding: Finding) -> None:
        self._drop_question()
        for button, _ in self._buttons:
            button.hide()
            button.deleteLater()
        # What is well has nothing pressing: its buttons stand aside in the line of the title.
        is_well = finding.level is Level.OK
        self._buttons = [(self._button(remedy, is_well=is_well), remedy) for remedy in finding.remedies]
        for button, _ in self._buttons:
            _add_before_stretch(self._aside if is_well else self._line, button, at_end=is_well)

    def _button(self, remedy: Remedy, *, is_well: bool) -> Button:
        button = (LinkButton if is_well else SecondaryButton)(say(remedy.button))
        button.setToolTip(plain_tooltip(say(remedy.what)))
        button.setAccessibleName(self.tr("{0}: {1}").format(self._title, say(remedy.button)))
        button.clicked.connect(lambda: self._on_pressed(remedy))
        return button

    def _on_pressed(self, remedy: Remedy) -> None:
        if not remedy.must_ask:
            self.remedy_wanted.emit(remedy)
            return
        self._drop_question()
        question = self._question = QuestionBar(say(remedy.button), self.tr("Leave it"), self)
        question.confirmed.connect(lambda: self.remedy_wanted.emit(remedy))
        self._words.addWidget(question)
        question.ask(say(remedy.what))

    def _drop_question(self) -> None:
        question, self._question = self._question, None
        if question is not None:
            question.hide()
            question.deleteLater()

    def _set_busy(self, busy: bool) -> None:
        for button, _ in self._buttons:
            button.setEnabled(not busy)

    def _clear_error(self) -> None:
        if self._error_panel is not None:
            self._error_panel.clear()

    def _tell_more(self, finding: Finding) -> None:
        """Advice and details, where there are any; most checks have none."""
        for part in self._told:
            part.hide()
            part.deleteLater()
        self._told = []
        if finding.advice is not None:
            self._told.append(Text(say(finding.advice), TextSize.BODY, wrap=True))
        if finding.more:
            more = "\n".join(map(say, finding.more))
            self._told.append(Text(more, TextSize.CAPTION, ink=Ink.MUTED, wrap=True))
        for number, part in enumerate(self._told):
            self._words.insertWidget(self._words.indexOf(self._text) + 1 + number, part)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        head.addWidget(Text(self._title, TextSize.BODY, Weight.SEMIBOLD))
        head.addStretch(1)
        self._aside.setSpacing(Space.S)
        head.addLayout(self._aside)
        self._line.setContentsMargins(0, Space.XS, 0, 0)
        self._line.setSpacing(Space.S)
        self._line.addStretch(1)
        self._words = QVBoxLayout()
        self._words.setSpacing(Space.XXS)
        self._words.addLayout(head)
        self._words.addWidget(self._text)
        self._words.addLayout(self._line)
        line = QHBoxLayout()
        line.setSpacing(Space.M)
        line.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(self._words, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, Space.S, 0, 0)
        box.setSpacing(Space.S)
        box.addLayout(line)
        box.addWidget(Rule())


def _add_before_stretch(line: QBoxLayout, widget: QWidget, *, at_end: bool) -> None:
    if at_end:
        line.addWidget(widget)
    else:
        line.insertWidget(line.count() - 1, widget)
