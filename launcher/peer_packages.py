"""`tests/peers/node_modules`: an IPFS peer for the tests of publishing. Where it cannot be had, they are skipped."""

from __future__ import annotations

from pathlib import Path

from launcher import stamp
from launcher.child import environment, run_quietly
from launcher.layout import Layout
from launcher.node_packages import LOCK, STAMP_NAME, is_ready

# A registry that does not answer costs half a minute, not five.
_IMPATIENT = ("--fetch-timeout=20000", "--fetch-retries=1")


def folder(layout: Layout) -> Path:
    """The package that the peer is installed in."""
    return layout.root / "tests" / "peers"


def install(layout: Layout) -> str:
    """Install the peer unless it is there; returns why that is impossible, or nothing."""
    home = folder(layout)
    there = home / "node_modules" / STAMP_NAME
    if is_ready(stamp.read(there), stamp.digest(home / LOCK), dev=True):
        return ""
    if not layout.npm_cli.is_file():
        return "Node is missing from .venv"
    stamp.forget(there)
    quiet = ("--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error", "--ignore-scripts")
    command = [layout.node, layout.npm_cli, "ci", *quiet, *_IMPATIENT]
    code, output = run_quietly(command, environment(layout, offscreen=False), home)
    if code != 0:
        return f"npm could not install it: {(output.strip().splitlines() or ['no word of why'])[-1]}"
    stamp.write(there, {"lock": stamp.digest(home / LOCK), "dev": True})
    return ""
