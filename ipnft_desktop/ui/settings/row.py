"""One setting on the page: what it is called and means at the left, its editor at the right, what is wrong below."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import FieldProblem
from ipnft_desktop.domain.setting_specs import Effect, SettingSpec, SettingState, Source
from ipnft_desktop.services.setting_checks import problem_of
from ipnft_desktop.settings import SETTINGS_FILE
from ipnft_desktop.ui.settings.editors import editor_for
from ipnft_desktop.ui.settings.texts import description_of, limits_text, title_of, unit_text, value_text
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.buttons import LinkButton
from ipnft_desktop.ui.widgets.marked_text import MarkedText
from ipnft_desktop.ui.widgets.phrases import say_problem
from ipnft_desktop.ui.widgets.status_tag import StatusTag
from ipnft_desktop.ui.widgets.text import Text


@dataclass(frozen=True, slots=True)
class RowState:
    """What holds of one setting."""

    state: SettingState
    refusal: str = ""
    """Why the person may not change it, or nothing."""
    is_pending: bool = False
    """Whether what is kept holds from the next start only."""


class SettingRow(QWidget):
    """`changed` carries name and value; `reset_requested` the name."""

    changed = Signal(str, object)
    reset_requested = Signal(str)

    def __init__(self, spec: SettingSpec) -> None:
        super().__init__()
        self.spec = spec
        self.editor = editor_for(spec)
        title = title_of(spec)
        self._title = MarkedText(title, TextSize.BODY, Weight.SEMIBOLD)
        self._description = MarkedText(description_of(spec), TextSize.CAPTION, ink=Ink.MUTED, wrap=True)
        self._facts = MarkedText(self._facts_text(), TextSize.CAPTION, ink=Ink.MUTED, wrap=True)
        self.source_tag = StatusTag()
        self.pending_tag = StatusTag(self.tr("Next start"), Tone.WARN)
        self.message = Text("", TextSize.CAPTION, wrap=True)
        self.reset_button = LinkButton(self.tr("Reset to: {0}").format(value_text(spec, spec.default)))
        self.reset_button.setAccessibleName(self.tr("Reset {0}").format(title))
        self._row: RowState | None = None
        self._lay_out()
        self.editor.control.setAccessibleName(title)
        self.editor.typed.connect(self._on_typed)
        self.editor.meant.connect(self._on_meant)
        self.reset_button.clicked.connect(lambda: self.reset_requested.emit(spec.name))

    @property
    def title(self) -> str:
        """What the setting is called."""
        return self._title.plain

    @property
    def is_changed(self) -> bool:
        """Whether its value is not the default."""
        return self._row is not None and self._row.state.value != self.spec.default

    @property
    def error(self) -> str:
        """What is wrong with what stands in the editor, or nothing."""
        return self.message.text() if self.editor.control.property("invalid") else ""

    @property
    def marked(self) -> tuple[str, ...]:
        """The words found in it."""
        return self._title.marked + self._description.marked + self._facts.marked

    def show_state(self, row: RowState) -> None:
        """Show what holds now. What is wrong in the editor stays there to be corrected."""
        is_same = self._row is not None and self._row.state.value == row.state.value
        self._row = row
        self._show_source(row.state)
        self.pending_tag.setVisible(row.is_pending)
        self.editor.set_locked(bool(self._lock_reason()))
        self.reset_button.setVisible(row.state.kept is not None and not self._lock_reason())
        if not (is_same and self.error):
            self.editor.show_value(row.state.value)
            self._say("")

    def show_problem(self, problem: FieldProblem) -> None:
        """Say beside the editor why the value cannot be used."""
        self._say(say_problem(problem))

    def show_refusal(self, sentence: str) -> None:
        """Say beside the editor why the value was not kept."""
        self._say(sentence)

    def look_for(self, words: tuple[str, ...]) -> bool:
        """Mark these words in title, sentence and name; answers whether all are there."""
        haystack = " ".join((self._title.plain, self._description.plain, self._facts.plain, self.spec.variable))
        is_found = all(word in haystack.casefold() for word in words)
        for text in (self._title, self._description, self._facts):
            text.mark(words if is_found else ())
        return is_found

    def _facts_text(self) -> str:
        spec = self.spec
        facts = [spec.name, self.tr("default: {0}").format(value_text(spec, spec.default))]
        if spec.range:
            facts.append(self.tr("{0} {1}").format(limits_text(spec), unit_text(spec.unit)).strip())
        facts.append(
            self.tr("holds at once") if spec.effect is Effect.AT_ONCE else self.tr("holds from the next start on")
        )
        return " · ".join(facts)

    def _show_source(self, state: SettingState) -> None:
        if state.source is Source.ENVIRONMENT:
            self.source_tag.set_state(self.spec.variable, Tone.WARN)
        elif state.source is Source.FILE:
            self.source_tag.set_state(SETTINGS_FILE, Tone.ACCENT if self.is_changed else Tone.NEUTRAL)
        self.source_tag.setVisible(state.source is not Source.DEFAULT)

    def _lock_reason(self) -> str:
        if self._row is None:
            return ""
        if self._row.state.source is Source.ENVIRONMENT:
            return self.tr("The environment variable {0} decides. Start the program without it to choose here.").format(
                self.spec.variable
            )
        return self._row.refusal

    def _on_typed(self, value: object) -> None:
        """What is still being typed is not scolded before it is whole, unless it was wrong before."""
        problem = self._problem(value)
        if problem is None or self.error:
            self._say(say_problem(problem) if problem else "")

    def _on_meant(self, value: object) -> None:
        problem = self._problem(value)
        if problem is not None:
            self.show_problem(problem)
            return
        self._say("")
        self.changed.emit(self.spec.name, value)

    def _problem(self, value: object) -> FieldProblem | None:
        return problem_of(self.spec, value) if isinstance(value, (str, int, float)) else None

    def _say(self, error: str) -> None:
        control = self.editor.control
        if control.property("invalid") != bool(error):
            control.setProperty("invalid", bool(error))
            control.style().unpolish(control)
            control.style().polish(control)
        told = error or self._lock_reason()
        control.setAccessibleDescription(told or self._description.plain)
        self.message.set_ink(Ink.ERROR if error else Ink.MUTED)
        self.message.setText(told)
        self.message.setVisible(bool(told))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(Space.S)
        for part in (self._title, self.source_tag, self.pending_tag):
            top.addWidget(part)
        top.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(Space.XS)
        words.addLayout(top)
        words.addWidget(self._description)
        words.addWidget(self._facts)
        words.addStretch(1)
        right = QWidget()
        right.setFixedWidth(Size.EDITOR)
        side = QVBoxLayout(right)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(Space.XS)
        side.addWidget(self.editor)
        side.addWidget(self.message)
        side.addWidget(self.reset_button, 0, Qt.AlignmentFlag.AlignLeft)
        side.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, Space.S, 0, Space.S)
        line.setSpacing(Space.XL)
        line.addLayout(words, 1)
        line.addWidget(right)
