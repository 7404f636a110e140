"""How a node process of ours is known again: by the files it runs, the home it was given, and who started it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ipnft_desktop.paths import RESOURCES

STDIN_GUARD = RESOURCES / "node" / "exit_with_parent.mjs"
"""Loaded into every node of ours, and into nothing else."""

STARTED_BY = "IPNFT_STARTED_BY"
"""Variable of a node's environment: process id and start of the program that started it."""


@dataclass(frozen=True, slots=True)
class Starter:
    """The program that started a node. Process ids are given out again, so its start belongs to it."""

    pid: int
    started: float

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Starter | None:
        """Read from a node's environment; None if it is not there or not ours."""
        pid, _, started = environment.get(STARTED_BY, "").partition(" ")
        try:
            return cls(int(pid), float(started))
        except ValueError:
            return None


def mark_of_this_program() -> dict[str, str]:
    """What a node's environment says of this process."""
    import psutil

    program = psutil.Process()
    return {STARTED_BY: f"{program.pid} {program.create_time()}"}
