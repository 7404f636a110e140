"""What a check says, and what can be done about it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ipnft_desktop.domain.people import Permission
from ipnft_desktop.domain.phrases import Phrase


class CheckKey(StrEnum):
    """The checks in the order people are shown them."""

    VERSIONS = "VERSIONS"
    LIBRARIES = "LIBRARIES"
    FILES = "FILES"
    NODE_FILES = "NODE_FILES"
    NODE_PORT = "NODE_PORT"
    ORPHANS = "ORPHANS"
    LOOPBACK = "LOOPBACK"
    PROFILE = "PROFILE"
    LOCK = "LOCK"
    SETTINGS = "SETTINGS"
    PERMISSIONS = "PERMISSIONS"
    DISK = "DISK"
    LEFTOVERS = "LEFTOVERS"
    REGISTER = "REGISTER"
    BACKUPS = "BACKUPS"
    CLOCK = "CLOCK"
    MEMORY = "MEMORY"
    OPEN_FILES = "OPEN_FILES"


class Level(StrEnum):
    """How serious a finding is."""

    OK = "OK"
    WARN = "WARN"
    FAIL = "FAIL"
    """The program, or a part of it, cannot work like this."""
    UNKNOWN = "UNKNOWN"
    """It could not be looked at."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """Something that can be done about a finding, on a button.

    Exactly one of `apply`, `opens` and `copies_report` is set.
    """

    button: Phrase
    what: Phrase
    """What exactly it will do."""
    apply: Callable[[], Awaitable[Phrase]] | None = None
    """Does it and says what was done. Raises IpnftError or OSError."""
    opens: Path | None = None
    """A folder to be shown to the person."""
    copies_report: bool = False
    permission: Permission | None = None
    """What it takes once people can sign in; None for what everybody may."""
    must_ask: bool = False
    """It cannot be undone: `what` is asked before."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence on how it is; `advice` says what to do where something is wrong."""

    level: Level
    text: Phrase
    advice: Phrase | None = None
    more: tuple[Phrase, ...] = ()
    """What else there is to tell, a line each."""
    remedies: tuple[Remedy, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """Something to look at. `look` never blocks the event loop."""

    key: CheckKey
    title: Phrase
    look: Callable[[], Awaitable[Finding]]
    limit_s: float = 5.0


@dataclass(frozen=True, slots=True)
class Examined:
    """A check and what it found."""

    key: CheckKey
    title: Phrase
    finding: Finding
    seconds: float
