"""All keys of the program, line by line: those of the commands, and those that every list and every dialog has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from ipnft_desktop.ui.commands.command import Command
from ipnft_desktop.ui.commands.registry import commands_of, place_of


@dataclass(frozen=True, slots=True)
class KeyLine:
    """Keys as this system writes them, what they do, and where."""

    place: str
    title: str
    keys: str


def key_lines(window: QWidget) -> list[KeyLine]:
    """The keys that work everywhere first, then those of each page, then those of lists and of dialogs."""
    commands = [each for each in commands_of(window) if each.keys]
    everywhere = [each for each in commands if not place_of(each)]
    of_pages = [each for each in commands if place_of(each)]
    return [*map(_line, everywhere), *map(_line, of_pages), *_common()]


def as_text(lines: Iterable[KeyLine]) -> str:
    """One line a key, with tabulators between, for a clipboard or a printer."""
    return "\n".join(f"{line.place}\t{line.keys}\t{line.title}" for line in lines)


def as_table(lines: Iterable[KeyLine]) -> str:
    """The rows of a table in Markdown, place by place, as the user guide has them."""
    grouped: dict[str, list[KeyLine]] = {}
    for line in lines:
        grouped.setdefault(line.place, []).append(line)
    return "\n".join(f"| {line.place} | {line.keys} | {line.title} |" for group in grouped.values() for line in group)


def _line(command: Command) -> KeyLine:
    place = " · ".join(place_of(command)) or _tr("Everywhere")
    return KeyLine(place, command.title, command.all_keys)


def _common() -> list[KeyLine]:
    lists, dialogs = _tr("In a list"), _tr("In a dialog")
    return [
        KeyLine(lists, _tr("Move the focus; with Shift select as well"), "↑, ↓, PgUp, PgDown, Home, End"),
        KeyLine(lists, _tr("Select everything"), _native("Ctrl+A")),
        KeyLine(_tr("Everywhere"), _tr("To the next control, and back"), f"Tab, {_native('Shift+Tab')}"),
        KeyLine(_tr("Everywhere"), _tr("Press the button, tick the box, copy the value in focus"), _native("Space")),
        KeyLine(dialogs, _tr("Do what the dialog is for"), _native("Ctrl+Return")),
        KeyLine(dialogs, _tr("Save a form"), _native("Ctrl+S")),
        KeyLine(dialogs, _tr("Move a further field of the form"), f"{_native('Alt+Up')}, {_native('Alt+Down')}"),
        KeyLine(dialogs, _tr("Go to the search field"), _native("Ctrl+F")),
        KeyLine(dialogs, _tr("Restore, or apply, the line in focus"), _native("Return")),
        KeyLine(dialogs, _tr("Delete the line in focus"), _native("Del")),
        KeyLine(_tr("Everywhere"), _tr("Where something is asked: no"), _native("Esc")),
        KeyLine(dialogs, _tr("Close; what was typed is asked about first"), _native("Esc")),
    ]


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def _tr(text: str) -> str:
    return QCoreApplication.translate("KeyLines", text)
