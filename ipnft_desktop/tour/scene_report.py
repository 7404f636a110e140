"""What became of the scenes, as a table for people and as JSON for programs."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class PlayedStep:
    """One step as it ended."""

    scene: str
    step: str
    state: str
    seconds: float
    tokens: int | None
    """How many tokens of the scene's works the node knows; None where nobody could be asked, as behind a kill."""
    works: int
    tx_hash: str = ""
    tries: int = 1
    failure: str = ""
    """Why this is not as it should be; nothing where it is."""


@dataclass(frozen=True, slots=True)
class PlayedRound:
    """All scenes, from a clean start to the end."""

    number: int
    language: str
    seconds: float
    steps: tuple[PlayedStep, ...]
    failures: tuple[str, ...] = field(default=())
    """What is wrong with the round as a whole."""

    @property
    def has_passed(self) -> bool:
        """Whether everything is as it should be."""
        return not self.failures and not any(step.failure for step in self.steps)


def table_of(played: PlayedRound) -> str:
    """Aligned text, one line a step."""
    rows = [("scene", "step", "state", "tries", "seconds", "tokens", "transaction")]
    for step in played.steps:
        tokens = f"{'-' if step.tokens is None else step.tokens} of {step.works}"
        told = step.failure or step.tx_hash
        rows.append((step.scene, step.step, step.state, str(step.tries), f"{step.seconds:.2f}", tokens, told))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:], *played.failures])


def medians_of(rounds: Sequence[PlayedRound]) -> dict[str, float]:
    """Seconds of each scene's steps together, and of a round with its start, in the middle of all rounds."""
    scenes = dict.fromkeys(step.scene for played in rounds for step in played.steps)
    found = {
        scene: statistics.median(sum(step.seconds for step in played.steps if step.scene == scene) for played in rounds)
        for scene in scenes
    }
    return {**found, "round": statistics.median(played.seconds for played in rounds)} if rounds else {}


def write_json(file: Path, rounds: Sequence[PlayedRound]) -> None:
    """The same facts for a program. Blocks."""
    file.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "passed": bool(rounds) and all(played.has_passed for played in rounds),
        "median_seconds": {name: round(seconds, 3) for name, seconds in medians_of(rounds).items()},
        "rounds": [{**asdict(played), "passed": played.has_passed} for played in rounds],
    }
    file.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
