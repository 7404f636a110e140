"""Workspaces: a register, its chain and its content under one name; and points in time to which one can be put back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from ipnft_desktop.domain.errors import FieldProblem, ProblemKind
from ipnft_desktop.domain.people import check_line, name_key

NAME_MAX_CHARS: Final = 80
HOME: Final = ""
"""Id of the workspace that is the profile folder itself. It has been there first and cannot be deleted."""

_ID: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_SLUG_MAX_CHARS: Final = 40


@dataclass(frozen=True, slots=True)
class RegisterFigures:
    """What a register holds, in numbers."""

    assets: int = 0
    tokens: int = 0
    """On the chain that it is bound to now."""
    block: int = 0
    """Height of the last recorded block of a chain of our own."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A register, its chain and its content, in one folder."""

    workspace_id: str
    """Name of the folder; `HOME` for the profile itself."""
    name: str
    """As typed. Empty for `HOME` as long as nobody named it."""
    created_at: datetime | None = None
    last_opened_at: datetime | None = None
    has_demo_data: bool | None = None
    """Whether an empty register is filled with the demonstration assets; None leaves it to the settings."""

    @property
    def is_home(self) -> bool:
        """Whether it is the profile folder itself."""
        return self.workspace_id == HOME


@dataclass(frozen=True, slots=True)
class WorkspaceMeasure:
    """How much a workspace holds. The figures are None where its register cannot be read, or is not there yet."""

    size_bytes: int
    figures: RegisterFigures | None


class CheckpointReason(StrEnum):
    """Why a checkpoint was made."""

    BY_HAND = "BY_HAND"
    BEFORE_RETURN = "BEFORE_RETURN"
    """By the program, so that a return can itself be undone."""
    BEFORE_NEW_CHAIN = "BEFORE_NEW_CHAIN"
    """By the program: a new chain drops the journal of the old one."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Register, chain and content of a workspace as they were at one moment."""

    checkpoint_id: str
    name: str
    """As typed; empty for one that the program made."""
    at: datetime
    reason: CheckpointReason
    figures: RegisterFigures
    register_bytes: int
    content_bytes: int
    """Mostly shared with the workspace: blocks never change, so a second name for the same file is enough."""
    revision: str
    """Of the register's schema."""
    sha256: str
    """Of the register's copy."""

    @property
    def size_bytes(self) -> int:
        """Of register and content together."""
        return self.register_bytes + self.content_bytes


@dataclass(frozen=True, slots=True)
class Turned:
    """Who put a workspace back, and to where: the audit log tells of it."""

    checkpoint_id: str
    name: str
    actor: str
    at: datetime
    sha256: str


def is_workspace_id(text: str) -> bool:
    """Whether this may be the name of a workspace's folder: nothing else is ever joined to a path."""
    return text == HOME or _ID.fullmatch(text) is not None


def folder_name_of(name: str, distinguishing: str) -> str:
    """A folder for a workspace of this name, readable where the name is Latin, and allowed on every file system.

    `distinguishing` is a short random text of letters and digits that keeps two alike names apart.
    """
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", errors="ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_name).strip("-")[:_SLUG_MAX_CHARS].strip("-")
    return f"{slug or 'workspace'}-{distinguishing}"


def check_workspace_name(name: str, others: Iterable[str]) -> tuple[FieldProblem, ...]:
    """What is wrong with the name of a workspace (field `name`), given those of the others."""
    if problems := check_line("name", name, NAME_MAX_CHARS):
        return problems
    taken = {name_key(other) for other in others}
    return (FieldProblem("name", ProblemKind.TAKEN),) if name_key(name) in taken else ()


def check_checkpoint_name(name: str) -> tuple[FieldProblem, ...]:
    """What is wrong with the name of a checkpoint (field `name`); several may have the same."""
    return check_line("name", name, NAME_MAX_CHARS)
