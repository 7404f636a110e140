"""The dialogs of the Stage page with sample data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QDialog, QWidget

from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.domain.scenes import StepState
from ipnft_desktop.services.doctor.findings import Finding, Level
from ipnft_desktop.services.stage.readiness import Looked, Readiness, ReadyKey
from ipnft_desktop.services.stage.rehearsal import Progress
from ipnft_desktop.services.stage.rehearsal_record import Rehearsed, RehearsedScene, RehearsedStep, text_of
from ipnft_desktop.ui.stage.ready_dialog import ReadyDialog
from ipnft_desktop.ui.stage.rehearsal_dialog import RehearsalDialog
from tests.support import samples
from tests.support.views.stage import SCENES


def rehearsed() -> Rehearsed:
    """All four scenes; one step of the second would have failed."""
    scenes = [
        RehearsedScene(
            scene.scene_id,
            text_of(scene),
            tuple(RehearsedStep(step.step_id, StepState.DONE, 0.4 + at / 10) for at, step in enumerate(scene.steps)),
            {samples.uuid(): 1 for _ in range(1 + 24 * (scene is SCENES[3]))},
            "checkpoint",
        )
        for scene in SCENES
    ]
    steps = list(scenes[1].steps)
    steps[5] = replace(steps[5], seconds=9.1, error_code="NODE_START_FAILED", error_detail="")
    scenes[1] = replace(scenes[1], steps=tuple(steps))
    return Rehearsed(samples.NOW, tuple(scenes))


def rehearsal_running(parent: QWidget) -> RehearsalDialog:
    dialog = RehearsalDialog(parent)
    dialog.show_progress(Progress(9, 26, SCENES[1]))
    return dialog


def rehearsal_report(parent: QWidget) -> RehearsalDialog:
    dialog = RehearsalDialog(parent)
    dialog.show_report(rehearsed(), SCENES)
    return dialog


def ready(parent: QWidget) -> ReadyDialog:
    dialog = ReadyDialog(parent)
    dialog.show_readiness(
        Readiness(
            (
                Looked(
                    ReadyKey.ENVIRONMENT,
                    phrase("Environment"),
                    Finding(Level.OK, phrase("The environment stands.")),
                ),
                Looked(
                    ReadyKey.REHEARSED,
                    phrase("Rehearsal"),
                    Finding(Level.WARN, phrase("The scenes changed since the rehearsal."), phrase("Press Rehearse.")),
                ),
                Looked(
                    ReadyKey.POWER,
                    phrase("Power"),
                    Finding(
                        Level.FAIL,
                        phrase("It runs on battery, {percent} % left.", percent=31),
                        phrase("Plug it in."),
                    ),
                ),
                Looked(
                    ReadyKey.FONTS,
                    phrase("Fonts"),
                    Finding(Level.OK, phrase("Every letter of the captions can be drawn.")),
                ),
            )
        )
    )
    return dialog


STAGE_DIALOGS: dict[str, Callable[[QWidget], QDialog]] = {
    "rehearsal-running": rehearsal_running,
    "rehearsal-report": rehearsal_report,
    "stage-ready": ready,
}
