"""The stage on a screen of its own, and the presenter's notes on the other."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ipnft_desktop.domain.scenes import Show
from ipnft_desktop.ui.language import language
from ipnft_desktop.ui.stage.commands import add_screen_keys
from ipnft_desktop.ui.stage.slide import Slide
from ipnft_desktop.ui.stage.wording import clock_text
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Weight, WindowSize
from ipnft_desktop.ui.widgets.text import Text


class StageScreen(QWidget):
    """Signals as those of the page; `closed` follows whatever ends it."""

    on_requested = Signal()
    back_requested = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(self.tr("Stage"))
        theme().dress(self)
        self.slide = Slide()
        self.curtain = QWidget(self)
        self.curtain.setProperty("curtain", True)
        self.curtain.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.curtain.setAccessibleName(self.tr("Black screen"))
        self.curtain.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.slide)
        add_screen_keys(
            self,
            self._on_next,
            self.back_requested.emit,
            self.toggle_curtain,
            self.close,
            self.slide.heal_requested.emit,
            self.slide.again_requested.emit,
        )

    @property
    def is_black(self) -> bool:
        """Whether nothing is shown."""
        return not self.curtain.isHidden()

    def toggle_curtain(self) -> None:
        """Show nothing, or the stage again."""
        self.curtain.setVisible(not self.is_black)
        self.curtain.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words as large as the screen allows."""
        super().resizeEvent(event)
        self.curtain.setGeometry(self.rect())
        self.slide.fit(max(1.0, self.height() / WindowSize.LEAST_HEIGHT))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell."""
        super().closeEvent(event)
        self.closed.emit()

    def _on_next(self) -> None:
        """The first press lifts the curtain."""
        if self.is_black:
            self.toggle_curtain()
        else:
            self.on_requested.emit()


class PresenterNotes(QWidget):
    """What only the presenter sees: notes of the step in view, the next one, and how long it has taken."""

    on_requested = Signal()
    back_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(self.tr("Presenter's notes"))
        theme().dress(self)
        self.resize(WindowSize.LEAST_WIDTH // 2, WindowSize.LEAST_HEIGHT // 2)
        self.clock = Text("0:00", TextSize.DISPLAY, Weight.BOLD)
        self.step = Text("", TextSize.TITLE, Weight.SEMIBOLD, wrap=True)
        self.notes = Text("", TextSize.TITLE, wrap=True)
        self.following = Text("", TextSize.LEAD, ink=Ink.MUTED, wrap=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        box.setSpacing(Space.L)
        for part in (self.clock, self.step, self.notes):
            box.addWidget(part)
        box.addStretch(1)
        box.addWidget(self.following)
        add_screen_keys(
            self, self.on_requested.emit, self.back_requested.emit, _nothing, self.close, _nothing, _nothing
        )

    def show_step(self, show: Show | None, elapsed_s: float) -> None:
        """Follow the show."""
        locale = language().current.value
        self.clock.setText(clock_text(elapsed_s))
        view = show.view if show is not None else None
        self.step.setText(view.step.headline.of(locale) if view else show.scene.title.of(locale) if show else "")
        self.notes.setText(view.step.notes.of(locale) if view else show.scene.summary.of(locale) if show else "")
        after = show.steps[show.at + 1].step.headline.of(locale) if show and show.at + 1 < len(show.steps) else ""
        self.following.setText(self.tr("Next: {0}").format(after) if after else self.tr("Next: the next scene"))


def _nothing() -> None:
    """A key that belongs to the other screen."""
