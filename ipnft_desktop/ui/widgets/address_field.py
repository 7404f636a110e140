"""A field for an address: checked while it is typed, so that a slip is seen before anything is sent there."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit

from ipnft_desktop.domain.chain import parse_address
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.ui.theme.fonts import mono_font
from ipnft_desktop.ui.theme.tokens import TextSize
from ipnft_desktop.ui.widgets.error_words import error_line
from ipnft_desktop.ui.widgets.inputs import FormField

_WHOLE = 42
"""0x and forty digits: nothing is wrong with an address that is still being typed."""


class AddressField(FormField):
    """A labelled line for an address, in full and with its checksum once it is whole."""

    def __init__(self, label: str, hint: str = "", address: str = "") -> None:
        self.line = QLineEdit(address)
        self.line.setFont(mono_font(TextSize.BODY))
        self.line.setPlaceholderText("0x…")
        super().__init__(label, self.line, hint)
        self.line.editingFinished.connect(self._on_finished)

    @property
    def text(self) -> str:
        """What is typed, without blanks around it."""
        return self.line.text().strip()

    def recheck(self) -> None:
        """Say what is wrong as soon as the address is whole."""
        self.set_error(self._problem() if len(self.text) >= _WHOLE else "")

    def _on_finished(self) -> None:
        if self.text:
            self.set_error(self._problem())

    def _problem(self) -> str:
        try:
            parse_address(self.text)
        except IpnftError as error:
            return error_line(error)
        return ""
