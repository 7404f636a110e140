"""What a rehearsal leaves behind: per scene a checkpoint with its works, per step how it went and its picture."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from ipnft_desktop.domain.scenes import ENDED, Scene, StepState

Subjects = Mapping[str, tuple[UUID, ...]]
"""The works of a scene, by the names that its steps give them."""


def text_of(scene: Scene) -> str:
    """What tells a scene from every other version of it: a digest of all that its steps say and do."""
    plain = json.dumps(dataclasses.asdict(scene), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class RehearsedStep:
    """How a step went. One that failed and went well when it was played again is DONE, and has its error."""

    step_id: str
    state: StepState
    seconds: float
    error_code: str = ""
    error_detail: str = ""
    picture: str = ""
    """Name of the file; empty where none could be taken."""

    @property
    def would_have_failed(self) -> bool:
        """Whether the show would have stood here."""
        return bool(self.error_code)


@dataclass(frozen=True, slots=True)
class RehearsedScene:
    """How a scene went. A step that was not reached is WAITING."""

    scene_id: str
    text: str
    """As of `text_of`."""
    steps: tuple[RehearsedStep, ...]
    tokens: Mapping[UUID, int]
    """How many tokens of each work the chain made."""
    checkpoint_id: str | None = None
    """Made right after it; None where it was not played to its end."""
    casts: Mapping[str, Subjects] = dataclasses.field(default_factory=dict[str, Subjects])
    """The works that the checkpoint holds, by scene: also those of the scenes before."""

    @property
    def seconds(self) -> float:
        """How long its steps took."""
        return sum(step.seconds for step in self.steps)

    @property
    def is_played(self) -> bool:
        """Whether its end was reached."""
        return all(step.state in ENDED for step in self.steps)


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """The latest rehearsal that went through."""

    at: datetime
    scenes: tuple[RehearsedScene, ...]

    def of(self, scene: Scene) -> RehearsedScene | None:
        """A scene, if it is still the one that was rehearsed."""
        text = text_of(scene)
        return next((each for each in self.scenes if each.text == text), None)

    @property
    def failures(self) -> tuple[tuple[RehearsedScene, RehearsedStep], ...]:
        """Where the show would have stood."""
        return tuple((scene, step) for scene in self.scenes for step in scene.steps if step.would_have_failed)

    @property
    def checkpoint_ids(self) -> frozenset[str]:
        """Those that it made."""
        return frozenset(scene.checkpoint_id for scene in self.scenes if scene.checkpoint_id is not None)


@dataclass(frozen=True, slots=True)
class Underway:
    """A rehearsal that has begun: until it is over the register holds its works. Ids of checkpoints."""

    before: str
    made: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StageRecord:
    """What the workspace knows of rehearsals."""

    rehearsed: Rehearsed | None = None
    underway: Underway | None = None


class RehearsalStore(Protocol):
    """Of the open workspace, beside its register: no return to a checkpoint touches it. Every method blocks; what
    writes raises EnvironmentFault DISK_FULL or WORKSPACE_UNUSABLE."""

    def load(self) -> StageRecord:
        """An empty one where there is none, or it cannot be read."""
        ...

    def keep(self, record: StageRecord) -> None:
        """In the place of the one before, in one step; pictures that neither it nor a rehearsal under way names go."""
        ...

    def keep_picture(self, name: str, png: bytes) -> None: ...

    def picture(self, name: str) -> Path | None:
        """The file, or None where it is gone."""
        ...
