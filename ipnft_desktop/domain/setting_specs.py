"""What is known of a setting besides its value: type, limits, where it belongs; and what makes a value fit it.

Standard library only, as `settings.py`, which declares the settings.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from ipnft_desktop.domain.phrases import Phrase, phrase

ENVIRONMENT_PREFIX = "IPNFT_"

SettingValue = str | int | float | bool
Limits = tuple[float, float] | tuple[str, ...]


class Group(StrEnum):
    """What a setting is about, in the order in which people are shown it."""

    WINDOW = "window"
    ENVIRONMENT = "environment"
    NETWORK = "network"
    MINTING = "minting"
    BATCHES = "batches"
    REGISTER = "register"
    KEY = "key"
    PUBLISHING = "publishing"
    DIAGNOSTICS = "diagnostics"


class Effect(StrEnum):
    """From when on a change holds."""

    AT_ONCE = "at once"
    NEXT_START = "next start"
    """Once the parts behind the window are built anew: with a restart of the environment, or of the program."""


class Shape(StrEnum):
    """What a text has to look like; empty is allowed everywhere, and means none."""

    TEXT = "text"
    FILE = "file"
    FOLDER = "folder"
    ADDRESS = "address"
    RPC_URL = "rpc url"
    RPC_URLS = "rpc urls"
    """Several, separated by spaces."""
    DATABASE_URL = "database url"
    IPFS_ADDRESS = "ipfs address"


class Unit(StrEnum):
    """What a number counts."""

    NONE = ""
    SECONDS = "s"
    MILLISECONDS = "ms"
    MINUTES = "min"
    HOURS = "h"
    BLOCKS = "blocks"
    ASSETS = "assets"
    ETH = "ETH"
    BASIS_POINTS = "basis points"


@dataclass(frozen=True, slots=True)
class SettingSpec:
    """One setting as it is declared below."""

    name: str
    default: SettingValue
    description: str
    limits: Limits | None
    """A closed range for numbers, the choices for text."""
    group: Group
    effect: Effect
    unit: Unit
    shape: Shape
    is_internal: bool

    @property
    def kind(self) -> type[SettingValue]:
        """The type of its values."""
        return type(self.default)

    @property
    def choices(self) -> tuple[str, ...]:
        """What there is to choose from, where it is a choice."""
        return cast("tuple[str, ...]", self.limits) if self.kind is str and self.limits else ()

    @property
    def range(self) -> tuple[float, float] | None:
        """Smallest and largest number, where it is a number."""
        return cast("tuple[float, float]", self.limits) if self.kind in (int, float) and self.limits else None

    @property
    def variable(self) -> str:
        """The environment variable that is stronger than the file."""
        return ENVIRONMENT_PREFIX + self.name.upper()

    @property
    def may_hold_secrets(self) -> bool:
        """Whether its values may name a password or the key of a provider."""
        return self.shape in (Shape.RPC_URL, Shape.RPC_URLS, Shape.DATABASE_URL, Shape.IPFS_ADDRESS)


class Refusal(StrEnum):
    """Why a value cannot be used."""

    TYPE = "type"
    RANGE = "range"
    CHOICE = "choice"
    NEEDS_RPC_URL = "needs rpc_url"
    LEAST_ABOVE_MOST = "least above most"
    FILE = "file"
    """The whole file cannot be read."""


class SettingRefused(ValueError):
    """A setting's value cannot be used; the message names it, or the file, and `told` is it for the window to
    translate."""

    def __init__(self, name: str, reason: Refusal, message: str | Phrase) -> None:
        self.told = phrase("{what}: {reason}", what=name, reason=message)
        super().__init__(str(self.told))
        self.name = name
        self.reason = reason


class Source(StrEnum):
    """Where the value in force comes from, weakest first."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class SettingState:
    """A value in force, and where it comes from."""

    value: SettingValue
    source: Source
    kept: SettingValue | None = None
    """What `settings.json` holds, whatever is stronger; None where it holds nothing."""


def check_value(spec: SettingSpec, value: Any) -> SettingValue:
    """The value in the setting's own type. Raises SettingRefused if it is of another type, or outside the limits."""
    try:
        converted: Any = _as_bool(value) if spec.kind is bool else _as_text_or_number(spec.kind, value)
    except (TypeError, ValueError, OverflowError) as error:
        kind = phrase("{value} is not of the type {type}", value=repr(value), type=spec.kind.__name__)
        raise SettingRefused(spec.name, Refusal.TYPE, kind) from error
    if spec.choices and converted not in spec.choices:
        choices = ", ".join(map(repr, spec.choices))
        choice = phrase("{value} is none of {choices}", value=repr(value), choices=choices)
        raise SettingRefused(spec.name, Refusal.CHOICE, choice)
    if spec.range and not spec.range[0] <= converted <= spec.range[1]:
        lowest, highest = map(str, spec.range)
        limits = phrase("{value} is outside {lowest} to {highest}", value=str(value), lowest=lowest, highest=highest)
        raise SettingRefused(spec.name, Refusal.RANGE, limits)
    return converted


def _as_text_or_number(kind: type[SettingValue], value: Any) -> SettingValue:
    """Convert without bending: neither a switch nor a fraction stands for a whole number."""
    if isinstance(value, bool):
        raise TypeError(value)
    converted = kind(value)
    if isinstance(value, float) and converted != value and kind is not str:
        raise ValueError(value)
    return converted


def _as_bool(value: SettingValue) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).lower()
    if text in ("1", "true", "yes", "on"):
        return True
    if text in ("0", "false", "no", "off"):
        return False
    raise ValueError(text)
