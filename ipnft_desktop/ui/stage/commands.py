"""What can be done on the Stage page and on the large screen: a clicker sends the same keys to both."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QWidget

from ipnft_desktop.domain.scenes import StageFault
from ipnft_desktop.ui.commands.command import Command, button_command
from ipnft_desktop.ui.stage.wording import fault_title
from ipnft_desktop.ui.theme.icons import Icon

if TYPE_CHECKING:
    from ipnft_desktop.ui.stage.view import StageView


class StageCommands:
    """Those of the page."""

    def __init__(self, view: StageView) -> None:
        self._view = view
        off = self._why_not
        slide = view.slide
        Command(view, "stage.next step on clicker", _tr("Next step"), view.on_requested.emit, *NEXT_KEYS, refusal=off)
        Command(view, "stage.back step before", _tr("Step before"), view.back_requested.emit, *BACK_KEYS, refusal=off)
        Command(
            view,
            "stage.full screen show",
            _tr("Show the stage on the full screen"),
            view.full_screen_requested.emit,
            "F",
            icon=Icon.MONITOR,
            refusal=off,
        )
        button_command(view, "stage.save scene record report", view.save_button, icon=Icon.DOWNLOAD, why_not=off)
        Command(
            view,
            "stage.undo fault heal restore",
            _tr("Undo every fault"),
            slide.heal_requested.emit,
            "H",
            icon=Icon.LINK,
            refusal=off,
        )
        for key, title, button, wanted in (
            ("stage.try again retry", _tr("Try the step again"), slide.again_button, slide.again_requested),
            ("stage.skip result", _tr("Skip to the step's result"), slide.skip_button, slide.skip_requested),
            ("stage.picture recorded", _tr("Show the step's picture"), slide.picture_button, slide.picture_requested),
            ("stage.give up wait", _tr("Wait no longer for the step"), slide.give_up_button, slide.give_up_requested),
        ):
            Command(view, key, title, wanted.emit, refusal=lambda button=button: off() or _unless_offered(button))
        for fault in StageFault:
            Command(
                view,
                f"stage.break fault {fault.value.replace('_', ' ')}",
                fault_title(fault),
                lambda fault=fault: view.fault_requested.emit(fault),
                icon=Icon.TRIANGLE_ALERT,
                refusal=off,
            )

    def _why_not(self) -> str:
        return "" if self._view.is_on else _tr("The environment is not running.")


NEXT_KEYS = ("PgDown", "Right")
BACK_KEYS = ("PgUp", "Left")
BLACK_KEYS = ("B", ".")


def add_screen_keys(
    screen: QWidget,
    on: Callable[[], object],
    back: Callable[[], object],
    black: Callable[[], object],
    leave: Callable[[], object],
    heal: Callable[[], object],
    again: Callable[[], object],
) -> None:
    """The keys of the large screen, which has no menu."""
    screen.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    screen.setFocus()  # a window in which nothing has the focus hears no key
    for key, title, act, keys in (
        ("screen.next step", _tr("Next step"), on, NEXT_KEYS),
        ("screen.back step before", _tr("Step before"), back, BACK_KEYS),
        ("screen.black", _tr("Black screen"), black, BLACK_KEYS),
        ("screen.leave full screen", _tr("Leave the full screen"), leave, ("F", "Esc")),
        ("screen.undo fault", _tr("Undo every fault"), heal, ("H",)),
        ("screen.again retry", _tr("Try the step again"), again, ("R",)),
    ):
        Command(screen, key, title, act, *keys, is_key_only=True)


def _unless_offered(button: QWidget) -> str:
    return "" if not button.isHidden() else _tr("The step in view does not need it.")


def _tr(text: str) -> str:
    return QCoreApplication.translate("StageCommands", text)
