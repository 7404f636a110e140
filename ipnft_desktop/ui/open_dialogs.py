"""Takes the open dialogs along when the person leaves they were opened for."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QWidget


def leave_dialogs(window: QWidget, keep: tuple[type[QDialog], ...]) -> None:
    """Close every dialog over the window but those of the kinds `keep`; nothing is asked, typed text is given up.

    One with work under way stays until that is done: what was begun goes on.
    """
    for dialog in window.findChildren(QDialog):
        if dialog.isVisible() and not isinstance(dialog, keep) and not getattr(dialog, "is_busy", False):
            getattr(dialog, "leave", dialog.reject)()
