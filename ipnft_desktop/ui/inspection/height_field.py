"""Fields for a height. Qt lets a sign, a comma or a number without end be typed that no height has."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLineEdit

from ipnft_desktop.ui.widgets.plain import plain_tooltip

_HIGHEST = 2**31 - 1


def take_heights(field: QLineEdit) -> None:
    """Let digits be typed into it. What is none is marked as soon as it stands there, until it is mended."""
    field.setValidator(QIntValidator(0, _HIGHEST, field))
    field.textChanged.connect(lambda: _mark(field))


def is_height(field: QLineEdit) -> bool:
    """Whether it is empty or has a height."""
    text = field.text().strip()
    return not text or (text.isascii() and text.isdecimal() and int(text) <= _HIGHEST)


def height_in(field: QLineEdit) -> int | None:
    """What was typed; None for nothing, and for what is no height."""
    text = field.text().strip()
    return int(text) if text and is_height(field) else None


def not_a_height() -> str:
    """What is wrong with one that is none."""
    return QCoreApplication.translate("HeightField", "Not a height: digits only")


def _mark(field: QLineEdit) -> None:
    is_wrong = not is_height(field)
    if bool(field.property("invalid")) == is_wrong:
        return
    field.setProperty("invalid", is_wrong)
    field.setToolTip(plain_tooltip(not_a_height()) if is_wrong else "")
    field.setAccessibleDescription(not_a_height() if is_wrong else "")
    field.style().unpolish(field)
    field.style().polish(field)
