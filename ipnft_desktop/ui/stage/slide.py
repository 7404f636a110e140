"""One step in large type: what it says, what became of it, and the way on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.minting import MintProgress
from ipnft_desktop.domain.scenes import Fact, FactReading, Show, StageFault, StepState, StepView
from ipnft_desktop.ui.language import language
from ipnft_desktop.ui.stage.wording import (
    clock_text,
    fact_text,
    fact_title,
    fault_state,
    state_word,
    trouble_text,
    way_on,
)
from ipnft_desktop.ui.stage.works import MintTrack, Work, WorksStrip
from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from ipnft_desktop.ui.widgets.card import Card
from ipnft_desktop.ui.widgets.error_words import error_detail, joined
from ipnft_desktop.ui.widgets.measures import number_text
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text

HANGS_FROM_S = 3.0
"""From then on the clock of a step that runs is shown."""
_TILES = 4
_LONG = frozenset({Fact.TRANSACTION, Fact.TOKEN})
_INK = {Tone.OK: Ink.OK, Tone.ERROR: Ink.ERROR, Tone.WARN: Ink.WARN}


class FactTile(Card):
    """A fact with its name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = ElidedLabel("", TextSize.BODY, ink=Ink.MUTED)
        self.value = ElidedLabel("", TextSize.DISPLAY, Weight.BOLD)
        self._scale = 1.0
        self._size = TextSize.DISPLAY
        self.body.addWidget(self.name)
        self.body.addWidget(self.value)
        self.body.addStretch(1)  # the names of all tiles stand in one line

    def show_reading(self, reading: FactReading) -> None:
        """Show it."""
        text, tone = fact_text(reading)
        self.name.setText(fact_title(reading.fact))
        self.value.setText(text)
        self.value.set_ink(_INK.get(tone, Ink.FG))
        # A hash is longer than a number, and four tiles have to fit beside each other.
        self._size = TextSize.TITLE if reading.fact in _LONG else TextSize.DISPLAY
        self.fit(self._scale)
        self.setAccessibleName(f"{fact_title(reading.fact)}: {text}")

    def fit(self, scale: float) -> None:
        """Draw the words this much larger than on the page."""
        self._scale = scale
        self.name.setFont(text_font(TextSize.BODY, Weight.REGULAR, scale))
        self.value.setFont(text_font(self._size, Weight.BOLD, scale))


class Banner(QFrame):
    """A sentence on a ground of its tone; hidden while there is none."""

    def __init__(self, tone: Tone, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("banner", tone.value)
        self.label = Text("", TextSize.LEAD, Weight.SEMIBOLD, wrap=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        box.addWidget(self.label)

    @property
    def text(self) -> str:
        """The sentence."""
        return self.label.text()

    def tell(self, sentence: str) -> None:
        """Show it; an empty one hides the banner."""
        self.label.setText(sentence)
        self.setAccessibleName(sentence)
        self.setVisible(bool(sentence))


class Slide(Card):
    """`again_requested`, `skip_requested`, `picture_requested` and `give_up_requested` are the ways on from a step that
    failed or hangs, `on_requested` from one whose trouble is what it shows; `heal_requested` undoes every fault."""

    on_requested = Signal()
    again_requested = Signal()
    skip_requested = Signal()
    picture_requested = Signal()
    give_up_requested = Signal()
    heal_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=Space.XL)
        self._scale = 1.0
        self.place = Text("", TextSize.LEAD, ink=Ink.MUTED)
        self.headline = Text("", TextSize.HEADLINE, Weight.BOLD, wrap=True)
        self.words = Text("", TextSize.TITLE, wrap=True)
        self.state = Text("", TextSize.LEAD, ink=Ink.MUTED)
        self.fault_bar = Banner(Tone.WARN)
        self.error_bar = Banner(Tone.ERROR)
        self.on_button = PrimaryButton("", Icon.CHEVRON_RIGHT, large=True)
        self.heal_button = SecondaryButton(self.tr("Undo the fault"), Icon.LINK, large=True)
        self.again_button = PrimaryButton(self.tr("Try again"), large=True)
        self.skip_button = SecondaryButton(self.tr("Skip to its result"), large=True)
        self.picture_button = SecondaryButton(self.tr("Show the picture"), large=True)
        self.give_up_button = SecondaryButton(self.tr("Wait no longer"), Icon.X, large=True)
        self.track = MintTrack()
        self.works = WorksStrip()
        self._works: Sequence[Work] = ()
        self._is_well = False
        self.tiles = tuple(FactTile() for _ in range(_TILES))
        self._lay_out()
        for button, wanted in (
            (self.on_button, self.on_requested),
            (self.heal_button, self.heal_requested),
            (self.again_button, self.again_requested),
            (self.skip_button, self.skip_requested),
            (self.picture_button, self.picture_requested),
            (self.give_up_button, self.give_up_requested),
        ):
            button.clicked.connect(wanted)
        self.show_step(None, 0, frozenset(), 0.0)

    def show_step(
        self,
        show: Show | None,
        number: int,
        faults: Collection[StageFault],
        running_s: float,
        *,
        can_skip: bool = False,
        has_picture: bool = False,
    ) -> None:
        """Show the step in view of a scene, which is the `number`-th of the show; `running_s` is how long it runs."""
        self._show_words(show, number)
        view = show.view if show is not None else None
        self._show_state(view, running_s)
        self.fault_bar.tell(" · ".join(fault_state(fault) for fault in sorted(faults)))
        self._show_way_on(show, view)
        # One idea a step: pictures give way to what went wrong.
        self._is_well = view is not None and view.error is None and not faults
        self.works.show_works(self._works if self._is_well else ())
        has_failed = view is not None and view.state is StepState.FAILED
        hangs = view is not None and view.state is StepState.RUNNING and running_s >= HANGS_FROM_S
        self.again_button.setVisible(has_failed)
        self.heal_button.setVisible(bool(faults) and not has_failed)  # to try again undoes every fault
        self.skip_button.setVisible(has_failed and can_skip)
        self.picture_button.setVisible(has_failed and has_picture)
        self.give_up_button.setVisible(hangs)
        readings = view.readings if view is not None else ()
        for at, tile in enumerate(self.tiles):
            tile.setVisible(at < len(readings))
            if at < len(readings):
                tile.show_reading(readings[at])

    def show_works(self, works: Sequence[Work], mint: MintProgress | None) -> None:
        """What the step is about, and how far its mint is while it runs; pictures are shown while all is well."""
        self._works = works
        self.works.show_works(works if self._is_well else ())
        self.track.show_mint(mint)

    def fit(self, scale: float) -> None:
        """Draw the words this much larger than on the page."""
        if scale == self._scale:
            return
        self._scale = scale
        for label, size, weight in self._sizes():
            label.setFont(text_font(size, weight, scale))
        for part in (self.works, self.track, *self.tiles):
            part.fit(scale)
        margin = round(2 * Space.XL * scale)
        self.body.setContentsMargins(margin, margin, margin, margin)

    def _show_words(self, show: Show | None, number: int) -> None:
        locale = language().current.value
        if show is None:
            self.place.setText("")
            self.headline.setText(self.tr("No scene"))
            self.words.setText(self.tr("Choose a scene at the left."))
            return
        scene, view = show.scene, show.view
        self.place.setText(self.tr("Scene {0} · {1}").format(number_text(number), scene.title.of(locale)))
        self.headline.setText(view.step.headline.of(locale) if view else scene.title.of(locale))
        self.words.setText(view.step.text.of(locale) if view else scene.summary.of(locale))

    def _show_way_on(self, show: Show | None, view: StepView | None) -> None:
        """Trouble that was to be shown has its end in the step behind it."""
        is_trouble = view is not None and view.state is StepState.DONE and view.error is not None
        has_more = show is not None and show.at + 1 < len(show.steps)
        if show is not None and is_trouble and has_more:
            self.on_button.setText(way_on(show.steps[show.at + 1].step))
        self.on_button.setVisible(is_trouble and has_more)

    def _show_state(self, view: StepView | None, running_s: float) -> None:
        told = ""
        if view is not None and view.state is not StepState.DONE:
            told = state_word(view.state)
            if view.state is StepState.RUNNING and running_s >= HANGS_FROM_S:
                told = f"{told} · {clock_text(running_s)}"
        error = view.error if view is not None else None
        if view is not None and view.state is StepState.FAILED and error is not None:
            told = joined(f"{told}:", error_detail(error)) if error_detail(error) else told
        self.state.setText(told)
        self.state.setVisible(bool(told))
        self.error_bar.tell("" if error is None else trouble_text(error))

    def _sizes(self) -> Iterable[tuple[Text, TextSize, Weight]]:
        yield self.place, TextSize.LEAD, Weight.REGULAR
        yield self.headline, TextSize.HEADLINE, Weight.BOLD
        yield self.words, TextSize.TITLE, Weight.REGULAR
        yield self.state, TextSize.LEAD, Weight.REGULAR
        yield self.fault_bar.label, TextSize.LEAD, Weight.SEMIBOLD
        yield self.error_bar.label, TextSize.LEAD, Weight.SEMIBOLD

    def _lay_out(self) -> None:
        ways = QHBoxLayout()
        ways.setSpacing(Space.S)
        for button in (
            self.on_button,
            self.again_button,
            self.heal_button,
            self.skip_button,
            self.picture_button,
            self.give_up_button,
        ):
            ways.addWidget(button)
        ways.addStretch(1)
        tiles = QHBoxLayout()
        tiles.setSpacing(Space.M)
        for tile in self.tiles:
            tiles.addWidget(tile, 1)
        column: QVBoxLayout = self.body
        column.setSpacing(Space.L)
        for part in (self.place, self.headline, self.words, self.state, self.track, self.fault_bar, self.error_bar):
            column.addWidget(part)
        column.addLayout(ways)
        column.addWidget(self.works)
        column.addStretch(1)
        column.addLayout(tiles)
