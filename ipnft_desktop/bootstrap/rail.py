"""The pages as the rail shows them: their icons and names, in the order of their keys."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ipnft_desktop.bootstrap.page_keys import (
    ACTIVITY,
    ADMIN,
    BATCH,
    CHAIN,
    ENVIRONMENT,
    GALLERY,
    GAS,
    REGISTER,
    SETTINGS,
    STAGE,
)
from ipnft_desktop.ui.theme.icons import Icon

ICONS = {
    REGISTER: Icon.LIST_TREE,
    ACTIVITY: Icon.ACTIVITY,
    GALLERY: Icon.IMAGE,
    BATCH: Icon.LAYOUT_GRID,
    GAS: Icon.FUEL,
    CHAIN: Icon.LINK,
    STAGE: Icon.MONITOR,
    ENVIRONMENT: Icon.POWER,
    ADMIN: Icon.SHIELD,
    SETTINGS: Icon.SETTINGS,
}
"""In the order of their keys Ctrl+1, Ctrl+2 and so on."""
AT_THE_BOTTOM = frozenset({ENVIRONMENT, SETTINGS})
MORE_KEYS = {SETTINGS: ("Ctrl+,",)}


def titles() -> dict[str, str]:
    """What the pages are called in the window's language."""
    translate = QCoreApplication.translate
    return {
        REGISTER: translate("Program", "Register"),
        ACTIVITY: translate("Program", "Activity"),
        GALLERY: translate("Program", "Gallery"),
        BATCH: translate("Program", "Batch"),
        GAS: translate("Program", "Gas"),
        CHAIN: translate("Program", "Chain"),
        STAGE: translate("Program", "Stage"),
        ENVIRONMENT: translate("Program", "Environment"),
        ADMIN: translate("Program", "Admin"),
        SETTINGS: translate("Program", "Settings"),
    }
