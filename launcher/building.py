"""`start.py build`: one folder with a program that needs neither Python nor Node installed."""

from __future__ import annotations

import os
from collections.abc import Sequence

from launcher import child, smoke
from launcher.console import say
from launcher.layout import Layout


def run(layout: Layout, arguments: Sequence[str]) -> int:
    """PyInstaller over `build_app.spec`; the program lands in `build/program/ipnft`, must pass its own check and tell
    the tour where there is neither Python nor Node nor a network."""
    command = [
        layout.python, "-m", "PyInstaller", "--noconfirm", "--log-level=WARN",
        "--distpath", layout.root / "build" / "program",
        "--workpath", layout.root / "build" / "work",
        *arguments,
        layout.root / "build_app.spec",
    ]  # fmt: skip
    code = child.run(command, child.environment(layout, offscreen=True), cwd=layout.root)
    if code == 0:
        folder = layout.root / "build" / "program" / "ipnft"
        program = folder / ("ipnft.exe" if layout.windows else "ipnft")
        say("The program tries what it was packed with:")
        code = child.run([program, "self-check"], os.environ) or smoke.tour(layout, program)
        say(f"Program folder: {folder}" if code == 0 else f"The program in {folder} is not whole.")
    return code
