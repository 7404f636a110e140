"""What the palette offers for a text that is no command: to look for it somewhere."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ipnft_desktop.ui.theme.icons import Icon


class Jump(QObject):
    """Belongs to a page and is found in the window's tree as a command is.

    `offer` answers how it offers to take the text ("Search the register for “radio”"), or nothing where it cannot;
    `go` then does, with the page in view. `is_exact` is for a text that can mean nothing else, such as a hash: it
    stands first.
    """

    def __init__(
        self,
        owner: QWidget,
        offer: Callable[[str], str],
        go: Callable[[str], object],
        *,
        icon: Icon = Icon.SEARCH,
        is_exact: bool = False,
    ) -> None:
        super().__init__(owner)
        self.owner = owner
        self.offer = offer
        self.go = go
        self.icon_name = icon
        self.is_exact = is_exact
