"""A field for a height: empty for the newest block."""

from __future__ import annotations

from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from ipnft_desktop.ui.widgets.inputs import FormField


class BlockField(FormField):
    """After which block something is read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.line = QLineEdit()
        super().__init__("", self.line, "", parent)
        self._label.setText(self.tr("As of block"))
        self.line.setAccessibleName(self.tr("As of block"))
        self.line.setPlaceholderText(self.tr("newest"))
        self.line.setValidator(QIntValidator(0, 2**31 - 1, self.line))
        self.line.textEdited.connect(self.recheck)

    @property
    def block_number(self) -> int | None:
        """None for the newest one."""
        return int(self.line.text()) if self.line.text() else None
