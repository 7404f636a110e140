"""A field for a height: empty for the newest block."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from ipnft_desktop.ui.inspection.height_field import height_in, is_height, not_a_height, take_heights
from ipnft_desktop.ui.widgets.inputs import FormField


class BlockField(FormField):
    """After which block something is read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.line = QLineEdit()
        super().__init__("", self.line, "", parent)
        self._label.setText(self.tr("As of block"))
        self.line.setAccessibleName(self.tr("As of block"))
        self.line.setPlaceholderText(self.tr("newest"))
        take_heights(self.line)
        self.line.textEdited.connect(self.recheck)

    @property
    def block_number(self) -> int | None:
        """None for the newest one."""
        return height_in(self.line)

    def refuse_wrong(self) -> bool:
        """Whether what was typed is no height; it is then said beside it."""
        if is_height(self.line):
            return False
        self.set_error(not_a_height())
        self.line.setFocus()
        return True
