"""What stands on a page while nobody is signed in: nothing of the register, and the way in."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.widgets.empty_state import EmptyState


class SignedOut(EmptyState):
    """`action_requested` asks to sign in."""

    def __init__(self, sentence: str, parent: QWidget | None = None) -> None:
        """`sentence` says what is to be seen after that."""
        super().__init__(Icon.LOCK, self.tr("Nobody is signed in"), sentence, self.tr("Sign in"), parent)
