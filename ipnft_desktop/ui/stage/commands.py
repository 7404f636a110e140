"""What can be done on the Stage page: a clicker sends the same keys to it as to the large screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from ipnft_desktop.ui.commands.command import Command, button_command
from ipnft_desktop.ui.stage.clicker import (
    AGAIN_KEYS,
    BACK_KEYS,
    BLACK_KEYS,
    FAULT_KEYS,
    FULL_SCREEN_KEYS,
    HEAL_KEYS,
    NEXT_KEYS,
    NOTES_KEYS,
)
from ipnft_desktop.ui.stage.wording import fault_title
from ipnft_desktop.ui.theme.icons import Icon

if TYPE_CHECKING:
    from ipnft_desktop.ui.stage.view import StageView


class StageCommands:
    """Those of the page."""

    def __init__(self, view: StageView) -> None:
        self._view = view
        self._make_keys()
        self._make_ways_on()
        self._make_faults()

    def _make_keys(self) -> None:
        view, off = self._view, self._why_not
        Command(view, "stage.next step on clicker", _tr("Next step"), view.on_requested.emit, *NEXT_KEYS, refusal=off)
        Command(view, "stage.back step before", _tr("Step before"), view.back_requested.emit, *BACK_KEYS, refusal=off)
        Command(
            view,
            "stage.full screen show",
            _tr("Show the stage on the full screen"),
            view.full_screen_requested.emit,
            *FULL_SCREEN_KEYS,
            icon=Icon.MONITOR,
            refusal=off,
        )
        button_command(view, "stage.save scene record report", view.save_button, icon=Icon.DOWNLOAD, why_not=off)
        Command(
            view,
            "stage.black screen",
            _tr("Black screen"),
            view.black_requested.emit,
            *BLACK_KEYS,
            refusal=lambda: off() or ("" if view.has_screen else _tr("Nothing is on the full screen.")),
        )
        Command(
            view,
            "stage.notes presenter",
            _tr("Show or hide the presenter's notes"),
            view.notes_button.click,
            *NOTES_KEYS,
            icon=Icon.FILE_TEXT,
            refusal=off,
        )

    def _make_ways_on(self) -> None:
        view, off, slide = self._view, self._why_not, self._view.slide
        for key, title, button, keys in (
            ("stage.try again retry", _tr("Try the step again"), slide.again_button, AGAIN_KEYS),
            ("stage.skip result", _tr("Skip to the step's result"), slide.skip_button, ()),
            ("stage.picture recorded", _tr("Show the step's picture"), slide.picture_button, ()),
            ("stage.give up wait", _tr("Wait no longer for the step"), slide.give_up_button, ()),
        ):
            Command(view, key, title, button.click, *keys, refusal=lambda button=button: off() or _unless(button))

    def _make_faults(self) -> None:
        view, off = self._view, self._why_not
        Command(
            view,
            "stage.undo fault heal restore",
            _tr("Undo every fault"),
            view.slide.heal_requested.emit,
            *HEAL_KEYS,
            icon=Icon.LINK,
            refusal=off,
        )
        bar = view.preparation
        for key, title, wanted in (
            ("stage.rehearse rehearsal", _tr("Rehearse the scenes"), bar.rehearse_requested),
            ("stage.ready check", _tr("Ready for the show?"), bar.ready_requested),
            ("stage.checkpoint keep", _tr("Checkpoint of the stage now"), bar.checkpoint_requested),
        ):
            Command(view, key, title, wanted.emit, refusal=off)
        for fault, keys in FAULT_KEYS.items():
            Command(
                view,
                f"stage.break fault {fault.value.replace('_', ' ')}",
                fault_title(fault),
                lambda fault=fault: view.fault_requested.emit(fault),
                keys,
                icon=Icon.TRIANGLE_ALERT,
                refusal=off,
            )

    def _why_not(self) -> str:
        return "" if self._view.is_on else _tr("There is no stage now; the page says why.")


def _unless(button: QWidget) -> str:
    return "" if not button.isHidden() else _tr("The step in view does not need it.")


def _tr(text: str) -> str:
    return QCoreApplication.translate("StageCommands", text)
