"""The works of a step with their pictures, and how far their mint is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.domain.minting import MintProgress
from ipnft_desktop.ui.mint.stages import Watched, stage_items
from ipnft_desktop.ui.pictures import PictureStore
from ipnft_desktop.ui.theme.fonts import text_font
from ipnft_desktop.ui.theme.tokens import Ink, Size, Space, TextSize, Tone, Weight
from ipnft_desktop.ui.widgets.measures import listed
from ipnft_desktop.ui.widgets.picture_box import PictureBox
from ipnft_desktop.ui.widgets.progress_bar import ProgressBar
from ipnft_desktop.ui.widgets.stage_list import StageMark, StageState
from ipnft_desktop.ui.widgets.text import ElidedLabel

MOST_WORKS = 5
"""More pictures than these beside each other say nothing any more."""
_SIDE_BY_SIDE = 2
"""So many works have room for their names beside the pictures, and for larger ones."""
_LARGE = 2


@dataclass(frozen=True, slots=True)
class Work:
    """What the hall sees of an asset."""

    asset_id: UUID
    name: str
    image_cid: str | None


class _WorkItem(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = PictureBox(QSize(Size.THUMBNAIL, Size.THUMBNAIL))
        self.name = ElidedLabel("", TextSize.LEAD, Weight.SEMIBOLD)
        self._scale = 1.0
        self._is_large = False
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(Space.M)
        self._box.addWidget(self.picture)
        self._box.addWidget(self.name, 1)

    def show_work(self, work: Work, *, is_crowded: bool) -> None:
        directions = QBoxLayout.Direction
        self._box.setDirection(directions.TopToBottom if is_crowded else directions.LeftToRight)
        self._is_large = not is_crowded
        self.fit(self._scale)
        self.picture.set_picture(work.image_cid, work.name)
        self.name.setText(work.name)

    def fit(self, scale: float) -> None:
        self._scale = scale
        side = round(Size.THUMBNAIL * scale * (_LARGE if self._is_large else 1))
        self.picture.setFixedSize(side, side)
        self.name.setFont(text_font(TextSize.LEAD, Weight.SEMIBOLD, scale))


class WorksStrip(QWidget):
    """A picture and a name each; hidden while there is nothing to show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.items = tuple(_WorkItem() for _ in range(MOST_WORKS))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.M)
        for item in self.items:
            line.addWidget(item, 1)

    def use_pictures(self, store: PictureStore) -> None:
        """Take pictures from here from now on."""
        for item in self.items:
            item.picture.use_store(store)

    def show_works(self, works: Sequence[Work]) -> None:
        """Show the first of them."""
        for at, item in enumerate(self.items):
            item.setVisible(at < len(works))
            if at < len(works):
                item.show_work(works[at], is_crowded=len(works) > _SIDE_BY_SIDE)
        self.setVisible(bool(works))

    def fit(self, scale: float) -> None:
        """Draw everything this much larger than on the page."""
        for item in self.items:
            item.fit(scale)


class MintTrack(QWidget):
    """The stages of a mint from left to right, as the mint dialog has them from top to bottom; hidden without one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = ProgressBar(self.tr("Progress of the mint"))
        self.marks: list[StageMark] = []
        self.names: list[ElidedLabel] = []
        self._line = QHBoxLayout()
        self._line.setSpacing(Space.M)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Space.S)
        box.addLayout(self._line)
        box.addWidget(self.bar)
        self._scale = 1.0
        self.progress: MintProgress | None = None
        self.hide()

    def show_mint(self, progress: MintProgress | None) -> None:
        """Show how far it is."""
        self.progress = progress
        self.setVisible(progress is not None)
        if progress is None:
            return
        # Only states and names are shown: no clock of a stage runs here.
        items = stage_items(progress, Watched(), progress.times.requested_at)
        while len(self.marks) < len(items):
            self._add_stage()
        told: list[str] = []
        for item, mark, name in zip(items, self.marks, self.names, strict=True):
            mark.set_state(item.state)
            name.setText(item.title)
            name.set_ink(Ink.MUTED if item.state is StageState.WAITING else Ink.FG)
            if item.state is StageState.RUNNING:
                told.append(item.title)
        self.bar.setValue(progress.percent)
        self.bar.set_tone(Tone.OK if progress.percent == self.bar.maximum() else Tone.ACCENT)
        self.setAccessibleName(listed([self.bar.accessibleName(), *told]))

    def fit(self, scale: float) -> None:
        """Draw the words this much larger than on the page."""
        self._scale = scale
        for name in self.names:
            name.setFont(text_font(TextSize.BODY, Weight.MEDIUM, scale))

    def _add_stage(self) -> None:
        mark, name = StageMark(), ElidedLabel("", TextSize.BODY, Weight.MEDIUM)
        self.marks.append(mark)
        self.names.append(name)
        part = QHBoxLayout()
        part.setSpacing(Space.XS)
        part.addWidget(mark, 0, Qt.AlignmentFlag.AlignVCenter)
        part.addWidget(name, 1)
        self._line.addLayout(part, 1)
        self.fit(self._scale)
