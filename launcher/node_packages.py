"""`node_modules`, installed by the npm that comes with the Node wheel."""

from __future__ import annotations

from typing import Any

from launcher import stamp
from launcher.child import environment, run_quietly
from launcher.console import Problem, step
from launcher.failures import problem
from launcher.layout import Layout

LOCK = "package-lock.json"
STAMP_NAME = ".prepared.json"


def is_ready(found: dict[str, Any] | None, lock_digest: str, *, dev: bool) -> bool:
    """Whether the stamp covers this lock; the full set serves the plain one too."""
    return found is not None and found.get("lock") == lock_digest and (found.get("dev") is True or not dev)


def check(layout: Layout, *, dev: bool) -> bool:
    """Whether the packages are stamped as installed and Hardhat is really there: folders are emptied by hand, too."""
    if not layout.hardhat_cli.is_file():
        return False
    return is_ready(stamp.read(layout.node_modules / STAMP_NAME), stamp.digest(layout.root / LOCK), dev=dev)


def prepare(layout: Layout, *, dev: bool) -> None:
    """`npm ci`, which begins by emptying `node_modules` and so forgets the stamp. Raises Problem."""
    if not layout.npm_cli.is_file():
        raise Problem("Node is missing from .venv: remove the folder .venv, then run the same command again.")
    command = [layout.node, layout.npm_cli, "ci", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    command.append("--ignore-scripts")  # the packages used here work without; nothing foreign runs at installation
    if not dev:
        command.append("--omit=dev")
    stamp.forget(layout.node_modules / STAMP_NAME)
    with step("Node packages (local chain)"):
        code, output = run_quietly(command, environment(layout, offscreen=False), layout.root)
        if code != 0:
            raise problem("The Node packages could not be installed", output)
    stamp.write(layout.node_modules / STAMP_NAME, {"lock": stamp.digest(layout.root / LOCK), "dev": dev})
