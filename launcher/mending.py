"""Puts back single parts of a prepared folder: `python -m launcher.mending libraries NAME...` or `... node`.

For the program's doctor. Unlike a preparation it leaves the environment alone that the program runs in.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from launcher import node_packages
from launcher.child import environment, run_quietly
from launcher.console import Problem
from launcher.failures import problem
from launcher.layout import Layout
from launcher.python_packages import RUN_LOCK, locked_lines

ROOT = Path(__file__).resolve().parent.parent


def libraries(layout: Layout, names: list[str]) -> None:
    """Install packages anew as the lock file has them; pip takes the old ones away only once it has the new. Raises
    Problem."""
    lock_text = (layout.root / RUN_LOCK).read_text("utf-8")
    with tempfile.TemporaryDirectory(prefix="ipnft-mend-") as folder:
        wanted = Path(folder) / "wanted.txt"
        wanted.write_text("".join(locked_lines(name, lock_text) for name in names), "utf-8")
        pip = [sys.executable, "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
        how = ["--no-deps", "--force-reinstall", "--require-hashes", "-r", wanted]
        code, output = run_quietly([*pip, *how], environment(layout, offscreen=False), layout.root)
    if code != 0:
        raise problem("The Python packages could not be installed", output)


def main(arguments: list[str]) -> int:
    layout = Layout(ROOT, sys.version_info.minor)
    try:
        if arguments[:1] == ["node"]:
            node_packages.prepare(layout, dev=False)
        else:
            libraries(layout, arguments[1:])
    except Problem as reason:
        print(reason, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
