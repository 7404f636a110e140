"""Several widgets of one state beside or under each other, as close as on a page."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ipnft_desktop.ui.theme.tokens import Space


def row(*parts: QWidget) -> QWidget:
    """In a line, at the left."""
    ground = QWidget()
    line = QHBoxLayout(ground)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(Space.S)
    for part in parts:
        line.addWidget(part)
    line.addStretch(1)
    return ground


def column(*parts: QWidget) -> QWidget:
    """Under each other, as wide as there is room."""
    ground = QWidget()
    box = QVBoxLayout(ground)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(Space.S)
    for part in parts:
        box.addWidget(part)
    return ground
