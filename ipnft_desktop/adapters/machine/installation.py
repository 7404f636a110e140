"""The program's own files and libraries: their versions, what is missing, and how it is put back."""

from __future__ import annotations

import importlib
import importlib.util
import json
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path

from ipnft_desktop import __version__
from ipnft_desktop.adapters.chain import ethereum_libraries
from ipnft_desktop.adapters.chain.node_files import find_node_files
from ipnft_desktop.adapters.database import migrations
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.paths import DEMO_DATA, PROJECT, RESOURCES
from ipnft_desktop.services.doctor.ports import Versions

LIBRARIES: Mapping[str, str] = {
    "aiohttp": "aiohttp",
    "alembic": "alembic",
    "coincurve": "coincurve",
    "eth_abi": "eth-abi",
    "eth_hash.auto": "eth-hash",
    "eth_keyfile": "eth-keyfile",
    "eth_utils": "eth-utils",
    "ipfshttpclient": "ipfshttpclient",
    "multiaddr": "multiaddr",
    "nacl.pwhash": "PyNaCl",
    "psycopg": "psycopg",
    "puremagic": "puremagic",
    "pypdfium2": "pypdfium2",
    "python_calamine": "python-calamine",
    "sqlalchemy": "SQLAlchemy",
    "urllib3": "urllib3",
    "uuid6": "uuid6",
    "xlsxwriter": "XlsxWriter",
}
"""Modules that are loaded at their first use, so that nobody hears of their absence before, and their packages."""

_CHINESE_FACE = "justmytype_intl_cjk"
_CONTRACT = RESOURCES / "contracts" / "IPAssetNFT.json"
_MENDING_LIMIT_S = 600.0
_FOLDERS = {
    RESOURCES / "contracts": ("IPAssetNFT.json",),
    RESOURCES / "fonts": ("Inter_400Regular.ttf", "JetBrainsMono_400Regular.ttf"),
    RESOURCES / "schema": ("metadata-2.schema.json",),
    RESOURCES / "node": ("exit_with_parent.mjs",),
    RESOURCES / "translations": ("ipnft_en.qm", "ipnft_zh.qm"),
    RESOURCES / "icons": ("power.svg",),
    DEMO_DATA: ("register.json",),
}


class LocalInstallation:
    """Implements the port `Installation` for a checkout and for a built program."""

    def __init__(self, project: Path = PROJECT) -> None:
        self._project = project

    @property
    def can_mend(self) -> bool:
        """Whether the lock files and what reads them are at hand."""
        return not getattr(sys, "frozen", False) and (self._project / "launcher" / "mending.py").is_file()

    def versions(self) -> Versions:
        """What is in use, told by the parts themselves."""
        try:
            files = find_node_files(self._project)
            node, hardhat = files.node_version, files.hardhat_version
        except EnvironmentFault:
            node = hardhat = ""
        return Versions(
            program=__version__,
            python=(sys.version_info.major, sys.version_info.minor, sys.version_info.micro),
            qt=_qt_version(),
            node=node,
            hardhat=hardhat,
            sqlite=sqlite3.sqlite_version_info,
            has_full_text_search=_has_full_text_search(),
        )

    def library_problems(self) -> Mapping[str, str]:
        """By the package's name; each is really loaded, for a half-removed one is found by nothing else."""
        problems: dict[str, str] = {}
        with suppress(Exception):  # which of them it is, is told below
            ethereum_libraries.load()
        for module, package in LIBRARIES.items():
            try:
                importlib.import_module(module)
            except Exception as error:  # noqa: BLE001 - whatever a library that is not whole raises
                problems[package] = f"{type(error).__name__}: {error}"
        return problems

    def missing_files(self) -> Sequence[str]:
        """Files that the program reads where it needs them, by their path inside it."""
        wanted = [folder / name for folder, names in _FOLDERS.items() for name in names]
        missing = [file for file in wanted if not _can_read(file)]
        if not missing and not _is_json(_CONTRACT):
            missing.append(_CONTRACT)
        told = [str(file.relative_to(PROJECT)) for file in missing]
        if importlib.util.find_spec(_CHINESE_FACE) is None:
            told.append(_CHINESE_FACE)
        return told if migrations.are_complete() else [*told, "migrations"]

    def node_problem(self) -> str | Phrase:
        """What of Node and Hardhat is not there, or does not run."""
        try:
            files = find_node_files(self._project)
        except EnvironmentFault as fault:
            return fault.reason
        try:
            subprocess.run([files.node, "--version"], capture_output=True, timeout=4, check=True)
        except OSError as error:
            return f"{files.node.name}: {error.strerror}"
        except subprocess.SubprocessError as error:
            return f"{files.node.name}: {error}"
        return ""

    def reinstall_libraries(self, names: Sequence[str]) -> None:
        """Raises EnvironmentFault REMEDY_FAILED."""
        self._mend("libraries", *names)

    def reinstall_node_packages(self) -> None:
        """Raises EnvironmentFault REMEDY_FAILED."""
        self._mend("node")

    def _mend(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "launcher.mending", *arguments]
        try:
            done = subprocess.run(
                command, cwd=self._project, capture_output=True, text=True, timeout=_MENDING_LIMIT_S, check=False
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise EnvironmentFault(ErrorCode.REMEDY_FAILED, str(error)) from error
        if done.returncode != 0:
            told = done.stderr.strip() or phrase("it ended with code {code}", code=str(done.returncode))
            raise EnvironmentFault(ErrorCode.REMEDY_FAILED, told)


def _qt_version() -> str:
    # Asked of the library: a built program holds no metadata of the packages in it.
    try:
        return str(importlib.import_module("PySide6").__version__)
    except ImportError:
        return ""


def _has_full_text_search() -> bool:
    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.execute("CREATE VIRTUAL TABLE words USING fts5(word)")
    except sqlite3.Error:
        return False
    return True


def _can_read(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return bool(opened.read(1))
    except OSError:
        return False


def _is_json(file: Path) -> bool:
    try:
        json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return True
