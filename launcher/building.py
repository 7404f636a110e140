"""`start.py build`: one folder with a program that needs neither Python nor Node installed."""

from __future__ import annotations

import os
from collections.abc import Sequence

from launcher import child
from launcher.console import say
from launcher.layout import Layout


def run(layout: Layout, arguments: Sequence[str]) -> int:
    """PyInstaller over `build_app.spec`; the program lands in `build/program/ipnft` and must pass its own check."""
    command = [
        layout.python, "-m", "PyInstaller", "--noconfirm", "--log-level=WARN",
        "--distpath", layout.root / "build" / "program",
        "--workpath", layout.root / "build" / "work",
        *arguments,
        layout.root / "build_app.spec",
    ]  # fmt: skip
    code = child.run(command, child.environment(layout, offscreen=True), cwd=layout.root)
    if code == 0:
        program = layout.root / "build" / "program" / "ipnft"
        say("The program tries what it was packed with:")
        code = child.run([program / ("ipnft.exe" if layout.windows else "ipnft"), "self-check"], os.environ)
        say(f"Program folder: {program}" if code == 0 else f"The program in {program} is not whole.")
    return code
