"""A program that is killed before any chosen change of the file system: Python tells of each before it is made."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_CHANGES = frozenset({"os.rename", "os.link", "os.remove", "os.rmdir", "os.mkdir"})
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Killed(BaseException):
    """Nothing runs any more, clearing up neither."""


class _Disk:
    def __init__(self, folder: Path, dies_at: int | None) -> None:
        self.folder = str(folder)
        self.dies_at = dies_at
        self.changes = 0

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        is_change = event in _CHANGES or (event == "open" and arguments[2] & _WRITING)
        if not is_change or not str(arguments[0]).startswith(self.folder):
            return
        if self.dies_at is not None and self.changes >= self.dies_at:
            raise Killed(f"before {event} {arguments[0]}")
        self.changes += 1


_disk: list[_Disk] = []


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    for disk in tuple(_disk):
        disk.hear(event, arguments)


sys.addaudithook(_hear)


@contextmanager
def disk_dying(folder: Path, at: int | None) -> Generator[_Disk, None, None]:
    """While this lasts the change number `at` below `folder`, and all after it, are Killed; None only counts."""
    disk = _Disk(folder, at)
    _disk.append(disk)
    try:
        yield disk
    finally:
        _disk.remove(disk)


def killed_at_each_change(folder: Path, prepare: Callable[[], None], work: Callable[[], object]) -> Generator[int]:
    """Do `work` as often as it makes changes below `folder`, killed before another one each time. `prepare` comes
    before; what is left is for the caller to look at."""
    prepare()
    with disk_dying(folder, None) as counted:
        work()
    assert counted.changes > 0
    for number in range(counted.changes):
        prepare()
        try:
            with disk_dying(folder, number):
                work()
        except Killed:
            yield number
        else:
            raise AssertionError(f"change {number} was not made")
