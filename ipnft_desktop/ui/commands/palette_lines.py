"""What the command palette lists for a text: commands that fit it, then the places where it can be looked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QWidget

from ipnft_desktop.ui.commands.command import Command
from ipnft_desktop.ui.commands.jump import Jump
from ipnft_desktop.ui.commands.matching import fit, fits_closely
from ipnft_desktop.ui.commands.registry import (
    bring_into_view,
    carry_out,
    commands_of,
    is_in_view,
    is_offered,
    order_of,
    place_of,
)
from ipnft_desktop.ui.theme.icons import Icon

_MOST = 60
_PLACE_BETWEEN = " · "
_REFUSED, _RECENT, _IN_VIEW, _BY_NAME = -50, 30, 20, 30
"""A line that cannot be chosen stands behind those that can; what was used lately, and what belongs to the page in
view, before what fits as well."""


@dataclass(frozen=True, slots=True)
class PaletteLine:
    """One line: what it is called, where it belongs, its keys, and why it cannot be chosen, or nothing."""

    key: str
    title: str
    place: str
    keys: str
    refusal: str
    icon: Icon | None
    act: Callable[[], object]


class PaletteLines:
    """The commands of a window as they stand at the moment the palette opens."""

    def __init__(self, window: QWidget, recent: Sequence[str]) -> None:
        """`recent` are the keys of the commands used lately, the latest first."""
        commands = [each for each in commands_of(window) if not each.is_key_only]
        lines = [(each, _line(each)) for each in commands]
        self._found = [(line, _bonus(each, line, recent)) for each, line in lines]
        self._jumps = sorted(filter(is_offered, window.findChildren(Jump)), key=lambda jump: order_of(jump.owner))

    def of(self, typed: str) -> list[PaletteLine]:
        """The lines for this text, the best first."""
        text = typed.strip()
        ranked: list[tuple[int, PaletteLine]] = []
        for line, bonus in self._found:
            fitting = _fit(text, line)
            if fitting or not text:
                ranked.append((fitting + bonus, line))
        ranked.sort(key=lambda each: each[0], reverse=True)
        found = [line for _rank, line in ranked[:_MOST]]
        exact = [self._jump(jump, text) for jump in self._jumps if text and jump.is_exact and jump.offer(text)]
        others = [self._jump(jump, text) for jump in self._jumps if text and not jump.is_exact and jump.offer(text)]
        return [*exact, *found, *others]

    @staticmethod
    def _jump(jump: Jump, text: str) -> PaletteLine:
        def go() -> None:
            bring_into_view(jump.owner)
            jump.go(text)

        return PaletteLine("", jump.offer(text), "", "", "", jump.icon_name, go)


def _line(command: Command) -> PaletteLine:
    place = _PLACE_BETWEEN.join(place_of(command))
    act = partial(carry_out, command)
    return PaletteLine(command.key, command.title, place, command.keys, command.refusal(), command.icon_name, act)


def _bonus(command: Command, line: PaletteLine, recent: Sequence[str]) -> int:
    lately = _RECENT + len(recent) - recent.index(command.key) if command.key in recent else 0
    return lately + (_IN_VIEW if is_in_view(command) else 0) + (_REFUSED if line.refusal else 0)


def _fit(text: str, line: PaletteLine) -> int:
    """By its title first, then by its place and its English name."""
    by_title = fit(text, line.title)
    return by_title or (_BY_NAME if fits_closely(text, f"{line.title} {line.place} {line.key}") else 0)
