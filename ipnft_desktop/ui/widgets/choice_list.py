"""Several of a few things, each with a check box; a long list scrolls."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ipnft_desktop.ui.theme.tokens import Size, Space
from ipnft_desktop.ui.widgets.check_box import CheckBox
from ipnft_desktop.ui.widgets.tab_order import follow

_ROWS = 5


class ChoiceList(QScrollArea):
    """`changed` follows each tick."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes: dict[Hashable, CheckBox] = {}
        self.setProperty("choices", True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its boxes take it, and bring themselves into view
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        inner.setProperty("transparent", True)
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(Space.S, Space.S, Space.S, Space.S)
        self._column.setSpacing(Space.S)
        self._column.addStretch(1)
        self.setWidget(inner)

    @property
    def chosen(self) -> frozenset[Hashable]:
        """What is ticked."""
        return frozenset(key for key, box in self.boxes.items() if box.isChecked())

    def set_choices(self, choices: Sequence[tuple[Hashable, str]], chosen: Iterable[Hashable] = ()) -> None:
        """Offer these, by key and text; some are ticked."""
        ticked = frozenset(chosen)
        for box in self.boxes.values():
            box.deleteLater()
        self.boxes = {key: CheckBox(text) for key, text in choices}
        for key, box in self.boxes.items():
            box.setChecked(key in ticked)
            box.toggled.connect(self.changed)
            self._column.insertWidget(self._column.count() - 1, box)
        follow(self, self.boxes.values())
        rows = list(self.boxes.values())[:_ROWS]
        height = sum(box.sizeHint().height() for box in rows) + len(rows) * Space.S or Size.CONTROL - Space.S
        self.setFixedHeight(height + Space.S + (Size.ICON // 2 if len(self.boxes) > _ROWS else 0))
