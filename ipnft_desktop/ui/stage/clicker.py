"""The keys of a clicker, and those beside them on a keyboard; the same on every window of the show."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.scenes import StageFault
from ipnft_desktop.ui.commands.command import Command
from ipnft_desktop.ui.stage.wording import fault_title

NEXT_KEYS = ("PgDown", "Right")
BACK_KEYS = ("PgUp", "Left")
BLACK_KEYS = ("B", ".")
FULL_SCREEN_KEYS = ("F", "Shift+F5")
HEAL_KEYS = ("H",)
AGAIN_KEYS = ("R",)
NOTES_KEYS = ("N",)
FAULT_KEYS: Mapping[StageFault, str] = MappingProxyType(
    {fault: f"Shift+{number}" for number, fault in enumerate(StageFault, 1)}
)
"""In the order of the menu."""


class Clicker(QObject):
    """What is pressed on a window that has no menu; `fault` carries a `StageFault`."""

    on = Signal()
    back = Signal()
    black = Signal()
    leave = Signal()
    heal = Signal()
    again = Signal()
    fault = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        for key, title, wanted, keys in (
            ("screen.next step", _tr("Next step"), self.on, NEXT_KEYS),
            ("screen.back step before", _tr("Step before"), self.back, BACK_KEYS),
            ("screen.black", _tr("Black screen"), self.black, BLACK_KEYS),
            ("screen.leave full screen", _tr("Leave the full screen"), self.leave, ("Esc", *FULL_SCREEN_KEYS)),
            ("screen.undo fault", _tr("Undo every fault"), self.heal, HEAL_KEYS),
            ("screen.again retry", _tr("Try the step again"), self.again, AGAIN_KEYS),
        ):
            Command(window, key, title, wanted.emit, *keys, is_key_only=True)
        for fault, keys in FAULT_KEYS.items():
            Command(
                window,
                f"screen.break {fault.value.replace('_', ' ')}",
                fault_title(fault),
                lambda fault=fault: self.fault.emit(fault),
                keys,
                is_key_only=True,
            )


def _tr(text: str) -> str:
    return QCoreApplication.translate("StageCommands", text)
