"""What stands on a page while the environment is not running, and the way to start it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ipnft_desktop.ui.theme.icons import Icon
from ipnft_desktop.ui.widgets.empty_state import EmptyState


class NoEnvironment(EmptyState):
    """`action_requested` asks to start it."""

    def __init__(self, sentence: str, parent: QWidget | None = None) -> None:
        """`sentence` says what can be done after that."""
        super().__init__(
            Icon.POWER,
            self.tr("The environment is not running"),
            sentence,
            self.tr("Start the environment"),
            parent,
        )
