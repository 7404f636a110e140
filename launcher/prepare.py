"""Everything a command needs before it can run, done once and remembered."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from launcher import node_packages, python_packages, qt_libraries
from launcher.console import say
from launcher.folder_lock import only_one
from launcher.layout import Layout
from launcher.python_packages import Work

LOCK_FILE = ".prepare.lock"


def prepare(root: Path, *, dev: bool, display: bool) -> Layout:
    """Make the checkout ready and return its layout; silent and quick when it is ready already.

    `dev` adds what tests and checks need, `display` what Qt needs to show windows. Raises Problem.
    """
    if sys.platform.startswith("linux"):
        qt_libraries.require(display=display)
    layout, work, node_ready = _state(root, dev=dev)
    if work is Work.NOTHING and node_ready:
        return layout
    with only_one(root / LOCK_FILE, lambda: say("Another start.py is preparing this folder; waiting for it.")):
        layout, work, node_ready = _state(root, dev=dev)
        if work is Work.NOTHING and node_ready:
            return layout
        started = time.perf_counter()
        say(_announcement(work))
        layout = python_packages.prepare(layout, work, dev=dev)
        if not node_ready:
            node_packages.prepare(layout, dev=dev)
        say(f"Ready in {time.perf_counter() - started:.0f} s.")
        say()
    return layout


def _state(root: Path, *, dev: bool) -> tuple[Layout, Work, bool]:
    layout, version = python_packages.find_layout(root)
    return layout, python_packages.check(layout, version, dev=dev), node_packages.check(layout, dev=dev)


def _announcement(work: Work) -> str:
    if work is Work.REBUILD:
        return "Preparing IPNFT Desktop in this folder. First time only, a minute or two; later starts skip it."
    return "Completing the preparation. Only after a change or an interruption; later starts skip it."
