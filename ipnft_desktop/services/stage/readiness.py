"""*Ready?*: everything that a show stands on, looked at once; the answer is yes, or what is in the way."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.domain.scenes import Scene
from ipnft_desktop.services.doctor.aside import aside
from ipnft_desktop.services.doctor.doctor import Doctor
from ipnft_desktop.services.doctor.findings import CheckKey, Finding, Level
from ipnft_desktop.services.environment import EnvironmentService
from ipnft_desktop.services.register import RegisterService
from ipnft_desktop.services.stage.ports import PowerMeter
from ipnft_desktop.services.stage.rehearsal_record import RehearsalStore, text_of

LEAST_PERCENT = 50
"""Of a battery that a show may begin on."""
LEAST_SCREEN = (1280, 720)
"""Pixels that the large type needs."""
_OF_THE_DOCTOR = (CheckKey.DISK, CheckKey.NODE_PORT, CheckKey.LOOPBACK, CheckKey.MEMORY)


class ReadyKey(StrEnum):
    """What is looked at, in the order people are shown it."""

    ENVIRONMENT = "ENVIRONMENT"
    ENTERPRISE = "ENTERPRISE"
    REHEARSED = "REHEARSED"
    POWER = "POWER"
    DISPLAY = "DISPLAY"
    FONTS = "FONTS"
    NODE_PORT = "NODE_PORT"
    LOOPBACK = "LOOPBACK"
    DISK = "DISK"
    MEMORY = "MEMORY"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What only the window knows."""

    screens: tuple[tuple[int, int], ...]
    """Width and height of each, in pixels."""
    missing_letters: str
    """Of the captions: those that no font draws."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One thing, and how it is."""

    key: ReadyKey
    title: Phrase
    finding: Finding

    @property
    def is_in_the_way(self) -> bool:
        """What is not known is not in the way."""
        return self.finding.level in (Level.WARN, Level.FAIL)


@dataclass(frozen=True, slots=True)
class Readiness:
    """All of them."""

    looked: tuple[Looked, ...]

    @property
    def in_the_way(self) -> tuple[Looked, ...]:
        """What a show must not begin with."""
        return tuple(each for each in self.looked if each.is_in_the_way)

    @property
    def is_ready(self) -> bool:
        """Whether nothing is in the way."""
        return not self.in_the_way

    @property
    def line(self) -> Phrase:
        """Yes, or the first thing in the way and how many more there are."""
        if not (first := self.in_the_way):
            return phrase("Ready.")
        if len(first) == 1:
            return phrase("Not ready: {what}", what=first[0].finding.text)
        return phrase("Not ready: {what} And {count} more.", what=first[0].finding.text, count=len(first) - 1)


class StageReadiness:
    """Asks the doctor for what the doctor knows. Nothing is raised: what cannot be looked at is not known."""

    def __init__(
        self,
        doctor: Doctor,
        power: PowerMeter,
        environment: EnvironmentService | None,
        register: RegisterService | None,
        store: RehearsalStore,
    ) -> None:
        """`environment` and `register` are None without a window: the program that has them answers for them."""
        self._doctor = doctor
        self._power = power
        self._environment = environment
        self._register = register
        self._store = store

    async def look(self, scenes: Sequence[Scene], surroundings: Surroundings | None) -> Readiness:
        """Look at everything; `surroundings` is None where there is no screen to ask."""
        examined, enterprise, rehearsed, power = await asyncio.gather(
            self._doctor.examine(keys=_OF_THE_DOCTOR), self._enterprise(), self._rehearsed(scenes), self._on_power()
        )
        own = (
            Looked(ReadyKey.ENVIRONMENT, phrase("Environment"), self._standing()),
            Looked(ReadyKey.ENTERPRISE, phrase("Register"), enterprise),
            Looked(ReadyKey.REHEARSED, phrase("Rehearsal"), rehearsed),
            Looked(ReadyKey.POWER, phrase("Power"), power),
            Looked(ReadyKey.DISPLAY, phrase("Screens"), _display(surroundings)),
            Looked(ReadyKey.FONTS, phrase("Fonts"), _fonts(surroundings)),
        )
        return Readiness((*own, *(Looked(ReadyKey(each.key.value), each.title, each.finding) for each in examined)))

    def _standing(self) -> Finding:
        if self._environment is None:
            return Finding(Level.UNKNOWN, _IN_THE_WINDOW)
        if self._environment.ready is not None:
            return Finding(Level.OK, phrase("The environment stands."))
        return Finding(
            Level.FAIL, phrase("The environment is not running."), phrase("Press Start everything on its page.")
        )

    async def _enterprise(self) -> Finding:
        if self._register is None:
            return Finding(Level.UNKNOWN, _IN_THE_WINDOW)
        try:
            enterprises = await self._register.enterprises()
        except IpnftError as error:
            return Finding(Level.UNKNOWN, phrase("It could not be looked at: {why}", why=error))
        if enterprises:
            return Finding(Level.OK, phrase("New works will belong to {name}.", name=enterprises[0].name))
        return Finding(
            Level.FAIL,
            phrase("The register has no enterprise that could own a work."),
            phrase("Add one on the Admin page, or open a workspace with the demonstration assets."),
        )

    async def _rehearsed(self, scenes: Sequence[Scene]) -> Finding:
        record = await asyncio.to_thread(self._store.load)
        if record.underway is not None:
            return Finding(
                Level.FAIL,
                phrase("A rehearsal was cut short; the register still holds its works."),
                phrase("Press Rehearse: the state before it comes back first."),
            )
        rehearse = phrase("Press Rehearse.")
        if record.rehearsed is None:
            return Finding(Level.WARN, phrase("The scenes were never rehearsed here."), rehearse)
        known = {scene.text for scene in record.rehearsed.scenes}
        if any(text_of(scene) not in known for scene in scenes):
            return Finding(Level.WARN, phrase("The scenes changed since the rehearsal."), rehearse)
        at = f"{record.rehearsed.at.astimezone():%Y-%m-%d %H:%M}"
        if failed := record.rehearsed.failures:
            return Finding(
                Level.WARN,
                phrase("Steps that would have failed in the rehearsal: {count}", count=len(failed)),
                phrase("Mend what the rehearsal names, then press Rehearse again."),
                tuple(
                    phrase("{scene}, {step}: {code}", scene=scene.scene_id, step=step.step_id, code=step.error_code)
                    for scene, step in failed
                ),
            )
        return Finding(Level.OK, phrase("Rehearsed {at}, and nothing failed.", at=at))

    async def _on_power(self) -> Finding:
        try:
            facts = await aside(self._power.power)
        except OSError as error:
            return Finding(Level.UNKNOWN, phrase("It could not be looked at: {why}", why=error.strerror or str(error)))
        if facts is None or facts.is_plugged is None:
            return Finding(Level.UNKNOWN, phrase("Whether the computer runs on a battery is not known."))
        if facts.is_plugged:
            return Finding(Level.OK, phrase("The computer is plugged in."))
        values = {"percent": facts.percent}
        level = Level.WARN if facts.percent >= LEAST_PERCENT else Level.FAIL
        return Finding(level, phrase("It runs on battery, {percent} % left.", **values), phrase("Plug it in."))


_IN_THE_WINDOW = phrase("The window of the program knows it.")


def _display(surroundings: Surroundings | None) -> Finding:
    if surroundings is None or not surroundings.screens:
        return Finding(Level.UNKNOWN, phrase("Without a window no screen is known."))
    width, height = min(surroundings.screens)
    sizes = ", ".join(f"{w} × {h}" for w, h in surroundings.screens)
    if width < LEAST_SCREEN[0] or height < LEAST_SCREEN[1]:
        return Finding(
            Level.WARN,
            phrase("A screen is small for large type: {sizes}", sizes=sizes),
            phrase("Choose a resolution of at least 1280 × 720."),
        )
    if len(surroundings.screens) == 1:
        return Finding(Level.OK, phrase("One screen, {sizes}: the notes stay out of sight.", sizes=sizes))
    return Finding(Level.OK, phrase("{count} screens: {sizes}", count=len(surroundings.screens), sizes=sizes))


def _fonts(surroundings: Surroundings | None) -> Finding:
    if surroundings is None:
        return Finding(Level.UNKNOWN, phrase("Without a window no font is known."))
    if not surroundings.missing_letters:
        return Finding(Level.OK, phrase("Every letter of the captions can be drawn."))
    return Finding(
        Level.FAIL,
        phrase("No font draws these letters of the captions: {letters}", letters=surroundings.missing_letters[:20]),
        phrase("Run the doctor: a library of the program is missing."),
    )
