"""The built program on a machine that has nothing: no Python, no Node, an empty home, no network but loopback."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from launcher import child
from launcher.console import say
from launcher.layout import Layout

_KEPT = ("SYSTEMROOT", "WINDIR", "LD_LIBRARY_PATH", "LANG")
"""What a system needs to run anything at all."""


def tour(layout: Layout, program: Path) -> int:
    """Let the built program tell the tour's story in every language, then ask its doctor. Pictures go to `build/smoke`.

    Returns the first exit code that is not 0.
    """
    pictures = layout.root / "build" / "smoke"
    shutil.rmtree(pictures, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="ipnft-smoke-") as home:
        command = [str(program), "tour", "--out", str(pictures)]
        fence = network_fence(layout)
        say("The program tells its tour with an empty home" + (" and a cut network:" if fence else ":"))
        if not fence:
            say("The network cannot be cut on this system; nothing in the program needs it.")
        bare = bare_environment(Path(home))
        code = child.run([*fence, *command], bare, cwd=layout.root)
        say(f"Pictures of the built program: {pictures}" if code == 0 else "The built program did not tell its tour.")
        # What misses its own files or versions here would tell every user that something is wrong.
        return code or child.run([*fence, str(program), "doctor"], bare, cwd=layout.root)


def bare_environment(home: Path, outer: Mapping[str, str] = os.environ) -> dict[str, str]:
    """An environment in which neither an interpreter nor a setting of this user is found."""
    bare = {name: outer[name] for name in _KEPT if name in outer}
    nothing = home / "nothing"
    nothing.mkdir()
    return bare | {
        "PATH": str(nothing),
        "HOME": str(home),
        "USERPROFILE": str(home),
        "APPDATA": str(home),
        "LOCALAPPDATA": str(home),
        "TMPDIR": str(home),
        "TEMP": str(home),
        "TMP": str(home),
        "QT_QPA_PLATFORM": "offscreen",
    }


def network_fence(layout: Layout) -> Sequence[str]:
    """What to put before a command so that it has loopback and no other network; nothing where that cannot be had.

    Linux namespaces (`unshare(1)`) begin without any network, loopback down.
    """
    unshare = shutil.which("unshare")
    if unshare is None:
        return ()
    fence = (
        unshare,
        "--net",
        "--map-root-user",
        str(layout.python),
        "-I",
        str(Path(__file__).with_name("loopback.py")),
    )
    tried = subprocess.run([*fence, str(layout.python), "-c", ""], capture_output=True, check=False)
    return fence if tried.returncode == 0 else ()
