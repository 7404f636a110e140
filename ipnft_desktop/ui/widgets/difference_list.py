"""What putting something back would change, kind by kind, with the first names of each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ipnft_desktop.domain.restore_preview import Difference
from ipnft_desktop.ui.theme.tokens import Space, TextSize, Weight
from ipnft_desktop.ui.widgets.measures import labelled_text, listed, number_text
from ipnft_desktop.ui.widgets.text import Text


class DifferenceList(QScrollArea):
    """Empty until something is added."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[str] = []
        inner = QWidget()
        inner.setProperty("transparent", True)
        self._parts = QVBoxLayout(inner)
        self._parts.setContentsMargins(0, 0, Space.S, 0)
        self._parts.setSpacing(Space.M)
        self._parts.addStretch(1)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidget(inner)
        self.setAccessibleName(self.tr("What would change"))
        self.setProperty("ring", True)

    @property
    def lines(self) -> tuple[str, ...]:
        """What is said, line by line."""
        return tuple(self._lines)

    def add_difference(self, title: str, difference: Difference) -> None:
        """What of one kind would change; nothing where nothing would."""
        groups = (
            (
                self.tr("%Ln disappear", "", difference.disappearing),
                difference.disappearing,
                difference.first_disappearing,
            ),
            (self.tr("%Ln come back", "", difference.returning), difference.returning, difference.first_returning),
            (
                self.tr("%Ln become what they were", "", difference.changing),
                difference.changing,
                difference.first_changing,
            ),
        )
        lines = [labelled_text(text, self._names(names, count)) for text, count, names in groups if count]
        self.add_lines(title, lines)

    def add_lines(self, title: str, lines: Sequence[str]) -> None:
        """Lines under a title; nothing where there are none."""
        if not lines:
            return
        self._lines += [labelled_text(title, line) for line in lines]
        box = QVBoxLayout()
        box.setSpacing(Space.XS)
        box.addWidget(Text(title, TextSize.BODY, Weight.SEMIBOLD))
        for line in lines:
            box.addWidget(Text(line, TextSize.BODY, wrap=True))
        self._parts.insertLayout(self._parts.count() - 1, box)

    def _names(self, names: tuple[str, ...], count: int) -> str:
        shown = listed(names)
        more = count - len(names)
        return self.tr("{0} and {1} more").format(shown, number_text(more)) if more > 0 else shown
