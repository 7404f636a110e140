"""The token table: every colour, distance, radius and text size of the program, once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum, StrEnum
from typing import Final


class Space(IntEnum):
    """Distances in device-independent pixels. `XXS` is for the lines of one thing, such as a label and its value."""

    XXS = 2
    XS = 4
    S = 8
    M = 12
    L = 16
    XL = 20


class Radius(IntEnum):
    """Corner radii in device-independent pixels."""

    MARK = 4
    CONTROL = 8
    CARD = 12


class Stroke(float, Enum):
    """Widths of drawn lines in device-independent pixels."""

    HAIRLINE = 1.0
    EDGE = 1.4
    GLYPH = 1.8
    FOCUS = 2.0


class Size(IntEnum):
    """Heights and widths of parts, in device-independent pixels."""

    CONTROL = 34
    CONTROL_LARGE = 42
    TABLE_ROW = 38
    TABLE_HEADER = 34
    RAIL = 92
    RAIL_BUTTON = 58
    HEADER = 62
    STATUS_BAR = 28
    SEGMENT = 22
    """A part of the status bar."""
    DOT = 8
    ICON_SMALL = 14
    ICON = 16
    ICON_RAIL = 20
    ICON_PLACEHOLDER = 24
    ICON_EMPTY = 40
    TAG = 20
    TAG_PADDING = 9
    STAGE_MARK = 22
    BAR = 6
    """A bar of progress."""
    TEXT_LINE = 18
    """One line of text that is painted and not laid out."""
    SIDE_PANEL = 372
    WIDE_SIDE_PANEL = 432
    """With a table that says three things of each fact."""
    FIELD = 230
    FIELD_NARROW = 132
    FACT_NAME = 112
    """The column of names in a panel of facts."""
    EDITOR = 340
    """What is set, at the right of what it means."""
    NOTICE = 340
    PICTURE = 150
    THUMBNAIL = 62
    CARD_LEAST = 196
    """The narrowest card of a grid."""
    CHART_CARD = 360
    """The lowest card that has room for a chart beside what it is about."""
    NO_LIMIT = 2**24 - 1
    """What Qt takes for no limit (QWIDGETSIZE_MAX)."""
    TABLE_NARROW = 800
    """A table narrower than this leaves out what stands beside it as well."""


CELL_INSET: Final = Space.M + 3
"""From the edge of a cell to its text: the padding of the style sheet, and what Fusion leaves for a focus frame."""


COPY_INSET: Final = 3
"""From the edge of what is copied by a click to its text: room for the focus ring. What stands above or below it and
is not copied keeps the same, so that their texts begin in one line."""


class ColumnWidth(IntEnum):
    """Widths of the columns of tables in device-independent pixels."""

    XS = 50
    """A number of two digits."""
    S = 72
    """A count."""
    M = 120
    """One word, a short hash, a day."""
    L = 152
    """A tag, a short address, some words."""
    XL = 184
    """A day with its time, a name."""
    XXL = 260
    """The most that a name takes where others need room too."""


class DialogWidth(IntEnum):
    """Widths of dialogs in device-independent pixels."""

    S = 460
    """A question, a form of one column."""
    M = 560
    L = 640
    """One thing in detail."""
    XL = 860
    """A table, or two columns."""
    XXL = 940
    """A whole record."""


class DialogHeight(IntEnum):
    """Heights of dialogs that do not follow their content, in device-independent pixels."""

    M = 420
    L = 520
    XL = 620
    """The most that the smallest window, 1120 by 640, has room for."""


class WindowSize(IntEnum):
    """The window in device-independent pixels: when it opens first, and at least."""

    FIRST_WIDTH = 1440
    FIRST_HEIGHT = 900
    LEAST_WIDTH = 1120
    LEAST_HEIGHT = 640


class TextSize(IntEnum):
    """Text heights in pixels. `MICRO` is for the capitals in pills and the labels of the rail only."""

    MICRO = 11
    CAPTION = 12
    BODY = 13
    LEAD = 15
    TITLE = 19
    DISPLAY = 26
    HEADLINE = 36
    """Of the stage alone, which is read from the tenth row."""


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
    FAINT = "control_line"
    """For what is not to be read: an icon that cannot be pressed now."""
    ACCENT = "accent"
    ON_ACCENT = "on_accent"
    OK = "ok"
    WARN = "warn"
    ERROR = "error"
    VIOLET = "violet"


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme as `#rrggbb`.

    Text colours reach a contrast of 4.5:1 on every ground (WCAG 2.1, success criterion 1.4.3). `edge`, which alone
    tells where a field or a box is, and the ring of the focus reach 3:1 (1.4.11); `line` and `control_line` part what
    can be told apart without them.
    """

    name: str
    is_dark: bool
    bg: str
    surface: str
    alt: str
    line: str
    control_line: str
    edge: str
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
    series: tuple[str, ...]
    """Lines and bars of charts in their order: 3:1 on a surface (WCAG 2.1, 1.4.11) and told apart by every eye."""

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
    edge="#828b9d",
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
    series=("#2f5bea", "#d44f06", "#04a66c", "#b781b7", "#653995"),
)

DARK = Tokens(
    name="dark",
    is_dark=True,
    bg="#0e1117",
    surface="#161b23",
    alt="#1a2029",
    line="#2a323e",
    control_line="#414c5c",
    edge="#66738a",
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
    series=("#6d93ff", "#f0a020", "#2fe0a0", "#c0407f", "#e4e2ff"),
)
