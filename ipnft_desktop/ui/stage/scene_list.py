"""The scenes of the show, each with how far it is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.scenes import ENDED, Show, StepState
from ipnft_desktop.ui.language import language
from ipnft_desktop.ui.stage.wording import clock_text
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.buttons import LinkButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.status_tag import StatusTag
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text


class SceneCard(Card):
    """`chosen` brings it on stage, `again_requested` plays it from its title."""

    chosen = Signal()
    again_requested = Signal()

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = number
        self.title_button = LinkButton("")
        self.title_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.summary = ElidedLabel("", TextSize.BODY, ink=Ink.MUTED)
        self.mark = StatusTag()
        self.clock = Text("", TextSize.BODY, Weight.MEDIUM, Ink.MUTED)
        self.again_button = LinkButton(_tr("Play again"))
        self.title_button.clicked.connect(self.chosen)
        self.again_button.clicked.connect(self.again_requested)
        words = QVBoxLayout()
        words.setSpacing(Space.XXS)
        words.addWidget(self.title_button, 0, Qt.AlignmentFlag.AlignLeft)
        words.addWidget(self.summary)
        side = QVBoxLayout()
        side.setSpacing(Space.XXS)
        side.addWidget(self.clock, 0, Qt.AlignmentFlag.AlignRight)
        side.addWidget(self.again_button, 0, Qt.AlignmentFlag.AlignRight)
        line = QHBoxLayout()
        line.setSpacing(Space.M)
        line.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addLayout(words, 1)
        line.addLayout(side)
        self.body.addLayout(line)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_scene(self, show: Show, *, is_on: bool) -> None:
        """Show how far it is, and whether it is on stage."""
        locale = language().current.value
        title = show.scene.title.of(locale)
        self.title_button.setText(title)
        self.summary.setText(show.scene.summary.of(locale))
        done = sum(view.state in ENDED for view in show.steps)
        has_failed = any(view.state is StepState.FAILED for view in show.steps)
        tone = Tone.ERROR if has_failed else Tone.OK if show.is_played else Tone.ACCENT if is_on else Tone.NEUTRAL
        self.mark.set_state(f"{number_text(done)}/{number_text(len(show.steps))}", tone)
        self.clock.setText(clock_text(show.seconds) if done else "")
        self.again_button.setVisible(bool(done))
        self.again_button.setAccessibleName(_tr("Play {0} again").format(title))
        self.setProperty("selected", is_on)
        self.style().unpolish(self)
        self.style().polish(self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press anywhere chooses it."""
        if self.rect().contains(event.position().toPoint()):
            self.chosen.emit()
        super().mouseReleaseEvent(event)


class SceneList(QWidget):
    """`scene_chosen` and `again_requested` carry the place of a scene in the show."""

    scene_chosen = Signal(int)
    again_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: list[SceneCard] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.M)

    def show_scenes(self, shows: Sequence[Show], current: str) -> None:
        """Show them; `current` is the id of the one on stage."""
        while len(self.cards) < len(shows):
            at = len(self.cards)
            card = SceneCard(at + 1, self)
            card.chosen.connect(lambda at=at: self.scene_chosen.emit(at))
            card.again_requested.connect(lambda at=at: self.again_requested.emit(at))
            self._column.addWidget(card)
            self.cards.append(card)
        for at, card in enumerate(self.cards):
            card.setVisible(at < len(shows))
            if at < len(shows):
                card.show_scene(shows[at], is_on=shows[at].scene.scene_id == current)


def _tr(text: str) -> str:
    return QCoreApplication.translate("SceneList", text)
