"""The program's own parts: versions, libraries, files, Node and Hardhat."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.services.doctor.aside import aside
from ipnft_desktop.services.doctor.findings import Check, CheckKey, Finding, Level, Remedy
from ipnft_desktop.services.doctor.ports import Installation, Versions

PYTHON_FROM, PYTHON_BELOW = (3, 11), (3, 14)
QT_SERIES = "6.11."
"""PySide6 6.12.0 corrupts reference counts on Python 3.11 and crashes after about a million calls of Qt."""
NODE_SERIES = "24."
HARDHAT_SERIES = "3."
SQLITE_FROM = (3, 35, 0)
"""The first with RETURNING, which the register's statements use."""

_SHOWN = 8
_LIBRARIES_LIMIT_S = 30.0
_COPY_REPORT = Remedy(
    phrase("Copy report"), phrase("Copies all of this as plain text, for whoever helps."), copies_report=True
)


class InstallationChecks:
    """`needs_node` is False where a node of others is used."""

    def __init__(self, installation: Installation, *, needs_node: bool) -> None:
        self._installation = installation
        self._needs_node = needs_node

    def all(self) -> Sequence[Check]:
        """Those that fit the node in use."""
        checks = (
            Check(CheckKey.VERSIONS, phrase("Versions"), self._versions),
            Check(CheckKey.LIBRARIES, phrase("Python libraries"), self._libraries, _LIBRARIES_LIMIT_S),
            Check(CheckKey.FILES, phrase("Files of the program"), self._files),
            Check(CheckKey.NODE_FILES, phrase("Node and Hardhat"), self._node_files),
        )
        return checks if self._needs_node else checks[:-1]

    async def _versions(self) -> Finding:
        found = await aside(self._installation.versions)
        problems = tuple(_unfit(found, needs_node=self._needs_node))
        told = phrase(
            "IPNFT Desktop {program}, Python {python}, Qt {qt}, Node {node}, Hardhat {hardhat}, SQLite {sqlite}",
            program=found.program,
            python=_dotted(found.python),
            qt=found.qt or "–",
            node=found.node or "–",
            hardhat=found.hardhat or "–",
            sqlite=_dotted(found.sqlite),
        )
        if not problems:
            return Finding(Level.OK, told, remedies=(_COPY_REPORT,))
        return Finding(
            Level.FAIL,
            problems[0],
            phrase("Start the program with start.py, which keeps to the versions it was made for."),
            (*problems[1:], told),
            (_COPY_REPORT,),
        )

    async def _libraries(self) -> Finding:
        problems = await aside(self._installation.library_problems)
        if not problems:
            return Finding(Level.OK, phrase("All libraries can be loaded."))
        return Finding(
            Level.FAIL,
            phrase("These libraries cannot be loaded: {names}", names=", ".join(problems)),
            self._what_to_do(),
            _lines(problems),
            self._mending(partial(self._reinstall_libraries, tuple(problems))),
        )

    async def _files(self) -> Finding:
        missing = await aside(self._installation.missing_files)
        if not missing:
            return Finding(Level.OK, phrase("Contract, fonts, icons, translations and migrations are there."))
        return Finding(
            Level.FAIL,
            phrase("Files that are missing or cannot be read: {count}", count=len(missing)),
            phrase("They come with the program: get its folder anew. Your register is elsewhere and stays."),
            tuple(phrase("{file}", file=file) for file in missing[:_SHOWN]),
        )

    async def _node_files(self) -> Finding:
        problem = await aside(self._installation.node_problem)
        if not problem:
            return Finding(Level.OK, phrase("Node and Hardhat are there."))
        return Finding(
            Level.FAIL,
            phrase("The chain node cannot be started: {problem}", problem=problem),
            self._what_to_do(),
            remedies=self._mending(self._reinstall_node_packages),
        )

    def _what_to_do(self) -> Phrase:
        if self._installation.can_mend:
            return phrase("Install them again; what is not on this computer is fetched over the network.")
        return phrase("Put the program's folder in place anew. Your register is elsewhere and stays.")

    def _mending(self, apply: Callable[[], Awaitable[Phrase]]) -> tuple[Remedy, ...]:
        if not self._installation.can_mend:
            return ()
        return (
            Remedy(
                phrase("Install again"),
                phrase("Installs what the lock files name; without a network it may not succeed."),
                apply=apply,
            ),
        )

    async def _reinstall_libraries(self, names: Sequence[str]) -> Phrase:
        await aside(lambda: self._installation.reinstall_libraries(names))
        return phrase("Installed. Close the program and start it again.")

    async def _reinstall_node_packages(self) -> Phrase:
        await aside(self._installation.reinstall_node_packages)
        return phrase("Node and Hardhat are installed.")


def _unfit(found: Versions, *, needs_node: bool) -> list[Phrase]:
    problems: list[Phrase] = []
    if not PYTHON_FROM <= found.python[:2] < PYTHON_BELOW:
        problems.append(phrase("Python {found} is used; 3.11, 3.12 or 3.13 is needed.", found=_dotted(found.python)))
    if not found.qt.startswith(QT_SERIES):
        problems.append(
            phrase("Qt {found} is used; 6.11 is needed: others crash after some time.", found=found.qt or "–")
        )
    if needs_node and found.node and not found.node.startswith(NODE_SERIES):
        problems.append(phrase("Node {found} is used; 24 is needed.", found=found.node))
    if needs_node and found.hardhat and not found.hardhat.startswith(HARDHAT_SERIES):
        problems.append(phrase("Hardhat {found} is used; 3 is needed.", found=found.hardhat))
    if found.sqlite < SQLITE_FROM or not found.has_full_text_search:
        problems.append(
            phrase(
                "SQLite {found} is used; 3.35 with full-text search is needed.",
                found=_dotted(found.sqlite),
            )
        )
    return problems


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _lines(problems: Mapping[str, str]) -> tuple[Phrase, ...]:
    return tuple(phrase("{name}: {why}", name=name, why=why) for name, why in list(problems.items())[:_SHOWN])
