"""The scenes of the show, each with how far it is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.scenes import ENDED, Show, StepState
from ipnft_desktop.ui.language import language
from ipnft_desktop.ui.stage.wording import clock_text
from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.glyphs import paint_cross, paint_tick
from ipnft_desktop.ui.theme.theme import theme
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.buttons import LinkButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.tab_order import follow
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text


class TitleButton(LinkButton):
    """The name of something that is chosen by pressing anywhere around it."""

    kind = "title"
    ink = Ink.FG


class SceneMark(QWidget):
    """The number of a scene in a circle; a tick once it is played, a cross where a step failed."""

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = number
        self.tone = Tone.NEUTRAL
        self.setFixedSize(Size.CONTROL, Size.CONTROL)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_state(self, tone: Tone, told: str) -> None:
        """OK for played, ERROR for failed, ACCENT for the one on stage; `told` is for screen readers."""
        self.tone = tone
        self.setAccessibleName(told)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the circle and what is in it."""
        ink, ground = theme().tokens.tone(self.tone)
        bounds = QRectF(self.rect())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawEllipse(bounds)
        if self.tone is Tone.OK:
            paint_tick(painter, bounds.center(), QColor(ink))
        elif self.tone is Tone.ERROR:
            paint_cross(painter, bounds.center(), QColor(ink))
        else:
            painter.setPen(QColor(theme().tokens.ink(Ink.ACCENT)))
            painter.setFont(text_font(TextSize.LEAD, Weight.BOLD))
            painter.drawText(bounds, Qt.AlignmentFlag.AlignCenter, number_text(self._number))
        painter.end()


class SceneCard(Card):
    """`chosen` brings it on stage, `again_requested` plays it from its title."""

    chosen = Signal()
    again_requested = Signal()

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title_button = TitleButton("")
        self.title_button.setFont(text_font(TextSize.LEAD, Weight.BOLD))
        self.summary = ElidedLabel("", TextSize.BODY, ink=Ink.MUTED)
        self.mark = SceneMark(number)
        self.clock = Text("", TextSize.BODY, Weight.MEDIUM, Ink.MUTED)
        self.again_button = LinkButton(_tr("Play again"))
        self._shown: tuple[object, ...] = ()
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
        done = sum(view.state in ENDED for view in show.steps)
        has_failed = any(view.state is StepState.FAILED for view in show.steps)
        shown = (show.scene, done, has_failed, is_on, show.seconds, language().current)
        if shown == self._shown:  # a clock that runs asks twice a second
            return
        self._shown = shown
        locale = language().current.value
        title = show.scene.title.of(locale)
        self.title_button.setText(title)
        self.summary.setText(show.scene.summary.of(locale))
        tone = Tone.ERROR if has_failed else Tone.OK if show.is_played else Tone.ACCENT if is_on else Tone.NEUTRAL
        told = _tr("{0} of {1} steps played").format(number_text(done), number_text(len(show.steps)))
        self.mark.show_state(tone, told)
        self.mark.setToolTip(told)
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
        are_more = len(self.cards) < len(shows)
        while len(self.cards) < len(shows):
            at = len(self.cards)
            card = SceneCard(at + 1, self)
            card.chosen.connect(lambda at=at: self.scene_chosen.emit(at))
            card.again_requested.connect(lambda at=at: self.again_requested.emit(at))
            self._column.addWidget(card)
            self.cards.append(card)
        if are_more:
            follow(self, [stop for card in self.cards for stop in (card.title_button, card.again_button)])
        for at, card in enumerate(self.cards):
            card.setVisible(at < len(shows))
            if at < len(shows):
                card.show_scene(shows[at], is_on=shows[at].scene.scene_id == current)


def _tr(text: str) -> str:
    return QCoreApplication.translate("SceneList", text)
