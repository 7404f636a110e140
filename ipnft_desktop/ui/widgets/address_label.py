"""An address as people know it: the label first, then the short form, in full on hover, copied by a click."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ipnft_desktop.ui.theme.tokens import COPY_INSET, Space, TextSize
from ipnft_desktop.ui.widgets.copyable_text import CopyableText
from ipnft_desktop.ui.widgets.text import ElidedLabel


class AddressLabel(QWidget):
    """`copied` carries the full address. A stranger has no label."""

    copied = Signal(str)

    def __init__(
        self,
        address: str = "",
        label: str = "",
        *,
        name: str = "",
        short: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`name` says whose address it is, for screen readers; `short` overrides the usual head and tail."""
        super().__init__(parent)
        self._label = ElidedLabel("", TextSize.CAPTION)
        # As wide as its text where there is room, so that the address follows it closely.
        self._label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._label.setContentsMargins(COPY_INSET, 0, 0, 0)
        self._address = CopyableText(label=name)
        self._address.copied.connect(self.copied)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.XS)
        line.addWidget(self._label, 1)
        line.addWidget(self._address)
        line.addStretch(0)
        self.show_address(address, label, short)

    @property
    def address(self) -> str:
        """The full address."""
        return self._address.value

    def show_address(self, address: str, label: str = "", short: str | None = None) -> None:
        """Show another address."""
        self._label.setText(label)
        self._label.setVisible(bool(label))
        self._address.set_value(address, short)
