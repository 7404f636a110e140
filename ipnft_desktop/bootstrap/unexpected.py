"""What nobody foresaw in a task of the window: in the log with its place in the code, in a notice with its code."""

from __future__ import annotations

import logging

from ipnft_desktop.domain.errors import with_code
from ipnft_desktop.ui.theme.tokens import Tone
from ipnft_desktop.ui.widgets.error_words import error_line
from ipnft_desktop.ui.widgets.toast import ToastStack

log = logging.getLogger("ipnft")


def tell_unexpected(toasts: ToastStack, error: Exception) -> None:
    """Tell of an error that no service foresaw, in the language in force."""
    log.error("unexpected %s", type(error).__name__, exc_info=error)
    toasts.show_toast(error_line(with_code(error)), Tone.ERROR)
