"""The commands of a window: found in its tree, so that what is built anew or closed needs no word here."""

from __future__ import annotations

from itertools import combinations
from typing import Protocol, runtime_checkable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from ipnft_desktop.ui.commands.command import Command
from ipnft_desktop.ui.widgets.page import Page

_Context = Qt.ShortcutContext


@runtime_checkable
class ShowsParts(Protocol):
    """A widget that shows one of its parts at a time, such as the window its pages."""

    def show_part(self, inner: QWidget) -> None:
        """Bring the part into view that this widget is in."""
        ...

    def part_of(self, inner: QWidget) -> tuple[int, str] | None:
        """The number in the order of the parts, and the title, of the part that this widget is in; None for none."""
        ...


class Owned(Protocol):
    """What belongs to a page, tab, list or window, such as a command."""

    @property
    def owner(self) -> QWidget | None:
        """Whose it is."""
        ...


def commands_of(window: QWidget) -> list[Command]:
    """Every command of the window itself, then of its pages in their order, with what is in them; not those of its
    dialogs."""
    found = (each for each in window.findChildren(Command) if each.owner.window() is window)
    return sorted(filter(is_offered, found), key=lambda each: order_of(each.owner))


def is_offered(owned: Owned) -> bool:
    """Whether it belongs to the window itself or to a page in its place: one that is still being made, or was replaced
    by another and not deleted yet, is no part of the window."""
    page = owned.owner
    while page is not None and not isinstance(page, Page):
        page = page.parentWidget()
    return page is None or all(keeper.part_of(page) is not None for keeper in _keepers(page))


def order_of(owner: QWidget) -> list[int]:
    """Sorts what belongs to the window itself first, then what belongs to its pages, in their order."""
    return [order for order, _title in _parts(owner)]


def place_of(command: Command) -> tuple[str, ...]:
    """Where it belongs, from the page inwards; empty for a command of the window."""
    return tuple(title for _order, title in _parts(command.owner))


def is_in_view(command: Command) -> bool:
    """Whether its page is the one that is shown."""
    return command.owner.isVisible()


def bring_into_view(widget: QWidget) -> None:
    """Show the page that the widget is in."""
    for keeper in _keepers(widget):
        if not widget.isVisible():
            keeper.show_part(widget)


def carry_out(command: Command) -> None:
    """Bring its page into view and do it, if it can be done; where the page shows something else instead, such as what
    opens the register, that is left to be read."""
    if command.refusal():
        return
    bring_into_view(command.owner)
    if is_in_view(command) or not _keepers(command.owner):
        command.run()


def conflicts(commands: list[Command]) -> list[tuple[Command, Command, str]]:
    """Pairs of commands that want the same keys at the same time."""
    return [
        (one, other, keys.toString())
        for one, other in combinations(commands, 2)
        for keys in one.shortcuts()
        if _wants(other, keys) and _overlap(one, other)
    ]


def _wants(command: Command, keys: QKeySequence) -> bool:
    return any(each.matches(keys) != QKeySequence.SequenceMatch.NoMatch for each in command.shortcuts())


def _overlap(one: Command, other: Command) -> bool:
    """Whether the focus can be in the owners of both."""
    if _Context.WindowShortcut in (one.shortcutContext(), other.shortcutContext()):
        shorter, longer = sorted((place_of(one), place_of(other)), key=len)
        return longer[: len(shorter)] == shorter
    owner, inner = one.owner, other.owner
    return owner is inner or owner.isAncestorOf(inner) or inner.isAncestorOf(owner)


def _parts(owner: QWidget) -> list[tuple[int, str]]:
    parts = (keeper.part_of(owner) for keeper in _keepers(owner))
    return [part for part in parts if part is not None]


def _keepers(widget: QWidget) -> list[ShowsParts]:
    """What shows the widget as one of its parts, the outermost first."""
    found: list[ShowsParts] = []
    ancestor = widget.parentWidget()
    while ancestor is not None:
        if isinstance(ancestor, ShowsParts):
            found.append(ancestor)
        ancestor = ancestor.parentWidget()
    return found[::-1]
