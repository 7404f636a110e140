"""`start.py build`: one folder with a program that needs neither Python nor Node installed."""

from __future__ import annotations

from collections.abc import Sequence

from launcher import child
from launcher.console import say
from launcher.layout import Layout


def run(layout: Layout, arguments: Sequence[str]) -> int:
    """PyInstaller over `build_app.spec`; the program lands in `build/program/ipnft`."""
    command = [
        layout.python, "-m", "PyInstaller", "--noconfirm", "--log-level=WARN",
        "--distpath", layout.root / "build" / "program",
        "--workpath", layout.root / "build" / "work",
        *arguments,
        layout.root / "build_app.spec",
    ]  # fmt: skip
    code = child.run(command, child.environment(layout, offscreen=True), cwd=layout.root)
    if code == 0:
        say(f"Program folder: {layout.root / 'build' / 'program' / 'ipnft'}")
    return code
