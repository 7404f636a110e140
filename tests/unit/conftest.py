"""The core runs without Qt: in the core run (`start.py test`, first phase) it cannot even be imported.

A single pytest process over all tests has loaded Qt for the window tests before this file is read; nothing is refused
then, and the test that relies on the refusal skips itself.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

import pytest

REFUSED = frozenset({"PySide6", "shiboken6", "qasync"})


class QtRefused(MetaPathFinder):
    """Stands first in line and answers for Qt with an ImportError."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] in REFUSED:
            raise ImportError(f"{fullname} is refused in the core run: domain and services live without Qt")
        return None


def pytest_configure(config: pytest.Config) -> None:
    if config.pluginmanager.hasplugin("pytest-qt"):
        return
    loaded = sorted(REFUSED & {name.partition(".")[0] for name in sys.modules})
    if loaded:
        raise pytest.UsageError(f"{', '.join(loaded)} was loaded before the core tests began (by tests/conftest.py?)")
    sys.meta_path.insert(0, QtRefused())
