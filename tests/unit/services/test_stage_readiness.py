"""*Ready?*: each thing that can be in the way, said in one line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ipnft_desktop.adapters.workspaces.stage_folder import StageFolder
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.scene_text import read_scene
from ipnft_desktop.domain.scenes import StepState
from ipnft_desktop.paths import RESOURCES
from ipnft_desktop.services.doctor.findings import Level
from ipnft_desktop.services.stage.ports import PowerFacts
from ipnft_desktop.services.stage.readiness import Readiness, ReadyKey, StageReadiness, Surroundings
from ipnft_desktop.services.stage.rehearsal_record import (
    Rehearsed,
    RehearsedScene,
    RehearsedStep,
    StageRecord,
    Underway,
    text_of,
)
from tests.support import samples
from tests.support.scripted_machine import ScriptedMachine

SCENE = read_scene((RESOURCES / "scenes" / "1-mint-one.toml").read_text("utf-8"))
MAINS = PowerFacts(is_plugged=True, percent=100)
HALL = Surroundings(((1920, 1080), (2560, 1440)), "")
STEPS = tuple(RehearsedStep(step.step_id, StepState.DONE, 1.0) for step in SCENE.steps)
WELL = Rehearsed(samples.NOW, (RehearsedScene(SCENE.scene_id, text_of(SCENE), STEPS, {}),))


@dataclass
class Hall:
    store: StageFolder
    machine: ScriptedMachine = field(default_factory=ScriptedMachine)
    power_facts: PowerFacts | None = MAINS
    stands: bool = True
    enterprises_known: tuple[Any, ...] = (samples.enterprise(),)
    is_signed_in: bool = True

    def power(self) -> PowerFacts | None:
        return self.power_facts

    async def enterprises(self) -> tuple[Any, ...]:
        if not self.is_signed_in:
            raise UserError(ErrorCode.SIGN_IN_REQUIRED)
        return self.enterprises_known

    async def look(self, surroundings: Surroundings | None = HALL) -> Readiness:
        environment = cast("Any", SimpleNamespace(ready=object() if self.stands else None))
        ready = StageReadiness(self.machine.doctor(), self, environment, cast("Any", self), self.store)
        return await ready.look([SCENE], surroundings)


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    made = Hall(StageFolder(tmp_path))
    made.store.keep(StageRecord(WELL))
    return made


def levels(found: Readiness) -> Mapping[ReadyKey, Level]:
    return {each.key: each.finding.level for each in found.looked}


async def test_yes_is_one_line(hall: Hall) -> None:
    found = await hall.look()
    assert (found.is_ready, str(found.line)) == (True, "Ready.")
    assert [each.key for each in found.looked] == list(ReadyKey)


async def test_the_line_names_the_first_thing_and_counts_the_others(hall: Hall) -> None:
    hall.stands = False
    assert str((await hall.look()).line) == "Not ready: The environment is not running."
    hall.power_facts = PowerFacts(is_plugged=False, percent=30)
    found = await hall.look()
    assert str(found.line) == "Not ready: The environment is not running. And 1 more."
    assert all(each.finding.advice is not None for each in found.in_the_way)


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        (None, Level.UNKNOWN),
        (PowerFacts(is_plugged=None, percent=80), Level.UNKNOWN),
        (PowerFacts(is_plugged=True, percent=8), Level.OK),
        (PowerFacts(is_plugged=False, percent=80), Level.WARN),
        (PowerFacts(is_plugged=False, percent=49), Level.FAIL),
    ],
)
async def test_power(hall: Hall, facts: PowerFacts | None, level: Level) -> None:
    hall.power_facts = facts
    assert levels(await hall.look())[ReadyKey.POWER] is level


@pytest.mark.parametrize(
    ("surroundings", "display", "fonts"),
    [
        (None, Level.UNKNOWN, Level.UNKNOWN),
        (Surroundings(((1920, 1080),), ""), Level.OK, Level.OK),
        (Surroundings(((1920, 1080), (1024, 768)), "铸"), Level.WARN, Level.FAIL),
    ],
)
async def test_screens_and_fonts(hall: Hall, surroundings: Surroundings | None, display: Level, fonts: Level) -> None:
    found = levels(await hall.look(surroundings))
    assert (found[ReadyKey.DISPLAY], found[ReadyKey.FONTS]) == (display, fonts)


async def test_an_empty_register_and_nobody_signed_in(hall: Hall) -> None:
    hall.enterprises_known = ()
    assert levels(await hall.look())[ReadyKey.ENTERPRISE] is Level.FAIL
    hall.is_signed_in = False
    assert levels(await hall.look())[ReadyKey.ENTERPRISE] is Level.UNKNOWN


async def test_the_rehearsal(hall: Hall) -> None:
    scene = WELL.scenes[0]
    failed = replace(scene, steps=(replace(STEPS[0], error_code="NODE_UNREACHABLE"), *STEPS[1:]))
    for record, level, text in (
        (StageRecord(), Level.WARN, "The scenes were never rehearsed here."),
        (
            StageRecord(replace(WELL, scenes=(replace(scene, text="other"),))),
            Level.WARN,
            "The scenes changed since the rehearsal.",
        ),
        (
            StageRecord(replace(WELL, scenes=(failed,))),
            Level.WARN,
            "Steps that would have failed in the rehearsal: 1",
        ),
        (
            StageRecord(WELL, Underway("before")),
            Level.FAIL,
            "A rehearsal was cut short; the register still holds its works.",
        ),
    ):
        hall.store.keep(record)
        found = next(each for each in (await hall.look()).looked if each.key is ReadyKey.REHEARSED)
        assert (found.finding.level, str(found.finding.text)) == (level, text)


async def test_what_the_doctor_finds_is_told(hall: Hall) -> None:
    hall.machine.loopback = "nothing arrives"
    assert levels(await hall.look())[ReadyKey.LOOPBACK] is Level.FAIL
