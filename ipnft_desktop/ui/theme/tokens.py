"""The token table: every colour, distance, radius and text size of the program, once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Space(IntEnum):
    """Distances in device-independent pixels."""

    XS = 4
    S = 8
    M = 12
    L = 16
    XL = 20


class Radius(IntEnum):
    """Corner radii in device-independent pixels."""

    CONTROL = 8
    CARD = 12


class Size(IntEnum):
    """Heights and widths that several parts share, in device-independent pixels."""

    CONTROL = 34
    CONTROL_LARGE = 42
    TABLE_ROW = 38
    TABLE_HEADER = 34
    RAIL = 92
    HEADER = 62
    STATUS_BAR = 28
    ICON = 16
    ICON_RAIL = 20
    SIDE_PANEL = 372
    FIELD = 230


class TextSize(IntEnum):
    """Text heights in pixels. `MICRO` is for the capitals in pills and the labels of the rail only."""

    MICRO = 11
    CAPTION = 12
    BODY = 13
    LEAD = 15
    TITLE = 19
    DISPLAY = 26


class Weight(IntEnum):
    """The weights that are shipped."""

    REGULAR = 400
    MEDIUM = 500
    SEMIBOLD = 600
    BOLD = 700


class Tone(StrEnum):
    """What a colour says. Every tone is a text colour with a soft ground it is legible on."""

    NEUTRAL = "neutral"
    ACCENT = "accent"
    OK = "ok"
    WARN = "warn"
    ERROR = "error"
    VIOLET = "violet"


class Ink(StrEnum):
    """The colours text and icons are drawn in; the values are field names of `Tokens`."""

    FG = "fg"
    MUTED = "muted"
    ACCENT = "accent"
    ON_ACCENT = "on_accent"
    OK = "ok"
    WARN = "warn"
    ERROR = "error"
    VIOLET = "violet"


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme as `#rrggbb`.

    Text colours reach a contrast of 4.5:1 on every ground they are used on (WCAG 2.1, success criterion 1.4.3).
    """

    name: str
    is_dark: bool
    bg: str
    surface: str
    alt: str
    line: str
    control_line: str
    fg: str
    muted: str
    accent: str
    accent_hover: str
    accent_pressed: str
    accent_soft: str
    on_accent: str
    neutral_soft: str
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    error: str
    error_soft: str
    violet: str
    violet_soft: str

    def ink(self, ink: Ink) -> str:
        """The colour of a text or an icon."""
        return str(getattr(self, ink.value))

    def tone(self, tone: Tone) -> tuple[str, str]:
        """Text colour and soft ground of a tone."""
        if tone is Tone.NEUTRAL:
            return self.muted, self.neutral_soft
        return str(getattr(self, tone.value)), str(getattr(self, f"{tone.value}_soft"))


LIGHT = Tokens(
    name="light",
    is_dark=False,
    bg="#f5f6f8",
    surface="#ffffff",
    alt="#fafbfc",
    line="#e3e6eb",
    control_line="#c9ced8",
    fg="#171a21",
    muted="#5f687c",
    accent="#2f5bea",
    accent_hover="#274fd3",
    accent_pressed="#2045bb",
    accent_soft="#e8eefe",
    on_accent="#ffffff",
    neutral_soft="#f1f3f6",
    ok="#117544",
    ok_soft="#e3f5eb",
    warn="#985706",
    warn_soft="#fdf1dc",
    error="#b42318",
    error_soft="#fde8e6",
    violet="#6d3fd4",
    violet_soft="#efe8fd",
)

DARK = Tokens(
    name="dark",
    is_dark=True,
    bg="#0e1117",
    surface="#161b23",
    alt="#1a2029",
    line="#2a323e",
    control_line="#414c5c",
    fg="#e8ebf0",
    muted="#95a1b3",
    accent="#6d93ff",
    accent_hover="#82a3ff",
    accent_pressed="#97b3ff",
    accent_soft="#1c2a4d",
    on_accent="#0b1020",
    neutral_soft="#0e1117",
    ok="#4cc38a",
    ok_soft="#12302a",
    warn="#e2a83c",
    warn_soft="#3a2d12",
    error="#ff7a6e",
    error_soft="#3f1c1b",
    violet="#b79bff",
    violet_soft="#2a2146",
)
