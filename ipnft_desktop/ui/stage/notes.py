"""What only the presenter sees: the notes of the step in view, the time, and what comes next."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.scenes import Show
from ipnft_desktop.ui.language import language
from ipnft_desktop.ui.stage.clicker import Clicker
from ipnft_desktop.ui.stage.wording import clock_text
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Weight, WindowSize
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.text import Text


class NotesPanel(Card):
    """The notes themselves: on the page, or in a window of their own in `large` type."""

    def __init__(self, parent: QWidget | None = None, *, large: bool = False) -> None:
        super().__init__(parent, padding=Space.XL if large else Space.L)
        self.clock = Text("0:00", TextSize.DISPLAY if large else TextSize.TITLE, Weight.BOLD)
        self.scene_clock = Text("", TextSize.LEAD if large else TextSize.BODY, ink=Ink.MUTED)
        self.step = Text("", TextSize.TITLE if large else TextSize.LEAD, Weight.SEMIBOLD, wrap=True)
        self.notes = Text("", TextSize.TITLE if large else TextSize.LEAD, wrap=True)
        self.following = Text("", TextSize.LEAD if large else TextSize.BODY, ink=Ink.MUTED, wrap=True)
        times = QHBoxLayout()
        times.setSpacing(Space.M)
        times.addWidget(self.clock)
        times.addWidget(self.scene_clock, 1, Qt.AlignmentFlag.AlignBottom)
        self.body.setSpacing(Space.L if large else Space.S)
        self.body.addLayout(times)
        for part in (self.step, self.notes):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.body.addWidget(self.following)

    def show_step(self, show: Show | None, following: str, elapsed_s: float, running_s: float) -> None:
        """Follow the show: `following` is the title of the scene behind this one, `elapsed_s` the time since the first
        step, `running_s` how long the step in view runs."""
        locale = language().current.value
        self.clock.setText(clock_text(elapsed_s))
        self.clock.setAccessibleName(self.tr("Since the first step: {0}").format(self.clock.text()))
        scene_s = show.seconds + running_s if show is not None else 0.0
        self.scene_clock.setText(self.tr("this scene {0}").format(clock_text(scene_s)))
        view = show.view if show is not None else None
        self.step.setText(view.step.headline.of(locale) if view else show.scene.title.of(locale) if show else "")
        self.notes.setText(view.step.notes.of(locale) if view else show.scene.summary.of(locale) if show else "")
        after = show.steps[show.at + 1].step.headline.of(locale) if show and show.at + 1 < len(show.steps) else ""
        if after:
            self.following.setText(self.tr("Next: {0}").format(after))
        elif following:
            self.following.setText(self.tr("Next scene: {0}").format(following))
        else:
            self.following.setText(self.tr("This is the end of the show."))


class PresenterNotes(QWidget):
    """The notes on the presenter's own screen; its keys are those of the large one. `closed` follows whatever ends
    it."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(self.tr("Presenter's notes"))
        theme().dress(self)
        self.resize(WindowSize.LEAST_WIDTH // 2, WindowSize.LEAST_HEIGHT // 2)
        self.panel = NotesPanel(large=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.panel)
        self.clicker = Clicker(self)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell."""
        super().closeEvent(event)
        self.closed.emit()
