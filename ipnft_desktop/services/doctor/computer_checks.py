"""The computer: its memory and what it lets a program have."""

from __future__ import annotations

from collections.abc import Sequence

from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.services.doctor.amounts import size
from ipnft_desktop.services.doctor.aside import aside
from ipnft_desktop.services.doctor.findings import Check, CheckKey, Finding, Level, Remedy
from ipnft_desktop.services.doctor.ports import Computer

MEMORY_NEEDED_BYTES = 500_000_000
"""The node takes 200 MB, the window as much, and a mint of many files some more."""
OPEN_FILES_NEEDED = 1_024
OPEN_FILES_WANTED = 4_096


class ComputerChecks:
    """Memory and limits."""

    def __init__(self, computer: Computer) -> None:
        self._computer = computer

    def all(self) -> Sequence[Check]:
        """Every check of the computer."""
        return (
            Check(CheckKey.MEMORY, phrase("Memory"), self._memory),
            Check(CheckKey.OPEN_FILES, phrase("Open files"), self._open_files),
        )

    async def _memory(self) -> Finding:
        found = await aside(self._computer.memory)
        values = {"available": size(found.available_bytes), "total": size(found.total_bytes)}
        if found.available_bytes >= MEMORY_NEEDED_BYTES:
            return Finding(Level.OK, phrase("{available} of {total} are available.", **values))
        return Finding(
            Level.WARN,
            phrase(
                "{available} of {total} are available; the program and its node need {needed}.",
                needed=size(MEMORY_NEEDED_BYTES),
                **values,
            ),
            phrase("Close programs that you do not need."),
        )

    async def _open_files(self) -> Finding:
        limit = await aside(self._computer.open_file_limit)
        if limit is None:
            return Finding(Level.OK, phrase("There is no limit to open files."))
        if limit >= OPEN_FILES_NEEDED:
            return Finding(Level.OK, phrase("{limit} files may be open at once.", limit=limit))
        return Finding(
            Level.WARN,
            phrase(
                "Only {limit} files may be open at once; {needed} are needed.", limit=limit, needed=OPEN_FILES_NEEDED
            ),
            phrase(
                "Raise the limit, for good with ulimit -n {wanted} where the program is started.",
                wanted=OPEN_FILES_WANTED,
            ),
            remedies=(
                Remedy(
                    phrase("Raise it for this run"),
                    phrase("Lets this program have {wanted} files open until it ends.", wanted=OPEN_FILES_WANTED),
                    apply=self._raise,
                ),
            ),
        )

    async def _raise(self) -> Phrase:
        limit = await aside(lambda: self._computer.raise_open_file_limit(OPEN_FILES_WANTED))
        return phrase("{limit} files may be open at once now.", limit=limit)
