"""A tile with one figure: a label over a value, with an optional line of detail under it."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from ipnft_desktop.ui.theme.tokens import Ink, Space, TextSize, Weight
from ipnft_desktop.ui.widgets.text import ElidedLabel, Text


class Figure(QFrame):
    """One labelled figure, for example "Gas limit 76,324"."""

    def __init__(
        self, label: str, value: str = "–", detail: str = "", *, large: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("tile", True)
        self._label = Text(label, TextSize.CAPTION, ink=Ink.MUTED)
        self._value = ElidedLabel(value, TextSize.LEAD if large else TextSize.BODY, Weight.SEMIBOLD)
        self._detail = ElidedLabel(detail, TextSize.CAPTION, ink=Ink.MUTED)
        for part in (self._value, self._detail):
            # It wants its whole text, and gives way all the same.
            part.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        box = QVBoxLayout(self)
        box.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        box.setSpacing(Space.XXS)
        for part in (self._label, self._value, self._detail):
            box.addWidget(part)
        self.set_value(value, detail)

    @property
    def value(self) -> str:
        """The figure as shown."""
        return self._value.text()

    def set_value(self, value: str, detail: str = "", ink: Ink = Ink.FG) -> None:
        """Show another figure."""
        self._value.setText(value)
        self._value.set_ink(ink)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self.setAccessibleName(f"{self._label.text()}: {value} {detail}".strip())
