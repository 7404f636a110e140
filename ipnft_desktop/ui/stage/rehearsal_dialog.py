"""The rehearsal as it goes, and then what it found: times, tokens, and where the show would have stood."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.errors import ErrorCode, IpnftError
from ipnft_desktop.domain.scenes import Scene, StepState
from ipnft_desktop.services.stage.rehearsal import Progress
from ipnft_desktop.services.stage.rehearsal_record import Rehearsed, RehearsedScene, RehearsedStep
from ipnft_desktop.ui.language import language
from ipnft_desktop.ui.stage.wording import state_word
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import DialogHeight, DialogWidth, Ink, Space, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.buttons import PrimaryButton
from ipnft_desktop.ui.widgets.card import Rule
from ipnft_desktop.ui.widgets.dialog import Dialog
from ipnft_desktop.ui.widgets.dialog_parts import DialogHead, foot
from ipnft_desktop.ui.widgets.error_panel import ErrorPanel
from ipnft_desktop.ui.widgets.error_words import error_line
from ipnft_desktop.ui.widgets.measures import number_text, seconds_text
from ipnft_desktop.ui.widgets.progress_panel import ProgressPanel
from ipnft_desktop.ui.widgets.scrolling_column import ScrollingColumn
from ipnft_desktop.ui.widgets.status_tag import StatusTag
from ipnft_desktop.ui.widgets.text import Text


class RehearsalDialog(Dialog):
    """`stop_requested` ends a rehearsal under way; Escape does too, and leaves the report."""

    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = self.tr("Rehearsal")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.resize(DialogWidth.L, DialogHeight.L)
        self._is_busy = True
        self._head = DialogHead(
            Icon.PLAY,
            title,
            self.tr("All scenes are played for real. Then register, chain and content are as they were before."),
        )
        self.verdict = Text("", TextSize.LEAD, Weight.SEMIBOLD, wrap=True)
        self.progress = ProgressPanel()
        self.report = ScrollingColumn()
        self.error_panel = ErrorPanel()
        self.close_button = PrimaryButton(self.tr("Stop"))
        self.close_button.clicked.connect(self.reject)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.L)
        box.setSpacing(Space.M)
        for part in (self._head, self.progress, self.verdict):
            box.addWidget(part)
        box.addWidget(self.report, 1)
        box.addWidget(self.error_panel)
        box.addLayout(foot(self.close_button))
        self.verdict.hide()
        self.progress.begin(self.tr("Keeping what is here…"))

    @property
    def is_busy(self) -> bool:
        """Whether it is under way."""
        return self._is_busy

    def show_progress(self, progress: Progress) -> None:
        """How far it is."""
        if progress.scene is None:
            self.progress.begin(self.tr("Putting back what was before…"))
        else:
            self.progress.begin(progress.scene.title.of(language().current.value))
        self.progress.show_share(progress.done / max(1, progress.of))

    def show_report(self, rehearsed: Rehearsed, scenes: Sequence[Scene]) -> None:
        """It went through."""
        self._end()
        failed = len(rehearsed.failures)
        seconds = seconds_text(sum(scene.seconds for scene in rehearsed.scenes), 1)
        if failed:
            self.verdict.setText(self.tr("%Ln steps would have failed.", "", failed))
            self.verdict.set_ink(Ink.ERROR)
        else:
            self.verdict.setText(self.tr("Nothing would have failed. The show takes {0}.").format(seconds))
            self.verdict.set_ink(Ink.OK)
        self.verdict.show()
        for scene, told in zip(scenes, rehearsed.scenes, strict=True):
            self._add_scene(scene, told)
        self.report.column.addStretch(1)

    def show_error(self, error: IpnftError) -> None:
        """Why there is no report."""
        self._end()
        self.error_panel.show_error(error)

    def show_stopping(self) -> None:
        """What is under way ends."""
        self.close_button.setEnabled(False)

    def reject(self) -> None:
        """Leave; one under way is ended first."""
        if self._is_busy:
            self.show_stopping()
            self.stop_requested.emit()
        else:
            super().reject()

    def leave(self) -> None:
        """Close."""
        self._is_busy = False
        super().reject()

    def _end(self) -> None:
        self._is_busy = False
        self.progress.hide()
        self.close_button.setText(self.tr("Close"))
        self.close_button.setEnabled(True)

    def _add_scene(self, scene: Scene, told: RehearsedScene) -> None:
        locale = language().current.value
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        head.addWidget(Text(scene.title.of(locale), TextSize.LEAD, Weight.SEMIBOLD))
        failed = sum(step.would_have_failed for step in told.steps)
        tag = StatusTag()
        tag.set_state(
            self.tr("Would have failed") if failed else self.tr("Went well"), Tone.ERROR if failed else Tone.OK
        )
        head.addWidget(tag)
        head.addStretch(1)
        tokens = sum(told.tokens.values())
        works = self.tr("%Ln works", "", len(told.tokens))
        made = self.tr("%Ln tokens", "", tokens)
        head.addWidget(Text(f"{works} · {made} · {seconds_text(told.seconds, 1)}", TextSize.BODY, ink=Ink.MUTED))
        self.report.column.addLayout(head)
        for number, (step, went) in enumerate(zip(scene.steps, told.steps, strict=True), 1):
            line = f"{number_text(number)}. {step.headline.of(locale)} · {_how(went)}"
            self.report.column.addWidget(
                Text(line, TextSize.BODY, ink=Ink.ERROR if went.would_have_failed else Ink.FG, wrap=True)
            )
        self.report.column.addWidget(Rule())


def _how(step: RehearsedStep) -> str:
    if step.would_have_failed:
        error = IpnftError(ErrorCode(step.error_code), step.error_detail)
        return f"{step.error_code} - {error_line(error)}"
    return state_word(step.state) if step.state is StepState.WAITING else seconds_text(step.seconds, 1)
