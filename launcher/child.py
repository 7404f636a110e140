"""Child processes: their environment, and waiting for them so that Ctrl+C and exit codes pass through."""

from __future__ import annotations

import os
import subprocess
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from launcher.layout import Layout

KEPT_LINES = 200


def environment(layout: Layout, *, offscreen: bool, outer: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The outer environment with this project's Python and Node first, free of another Python's settings."""
    inner = {name: value for name, value in outer.items() if name not in ("PYTHONHOME", "PYTHONPATH")}
    inner["PATH"] = os.pathsep.join([str(layout.node_scripts), str(layout.scripts), outer.get("PATH", os.defpath)])
    inner["VIRTUAL_ENV"] = str(layout.venv)
    inner["PYTHONUTF8"] = "1"
    if offscreen:
        inner["QT_QPA_PLATFORM"] = "offscreen"
    return inner


def replace_or_run(command: Sequence[str | Path], env: Mapping[str, str]) -> int:
    """Become the command where the system can do that, so that signals reach it directly; otherwise run it."""
    arguments = [str(part) for part in command]
    if os.name == "posix":
        os.execve(arguments[0], arguments, dict(env))  # noqa: S606 - the arguments are ours
    return run(arguments, env)


def run(command: Sequence[str | Path], env: Mapping[str, str], cwd: Path | None = None) -> int:
    """Run to the end with the terminal passed through; the exit code is a shell's (128 + signal when killed).

    Ctrl+C reaches the child from the terminal: it is waited for, so that it can end in its own way.
    """
    process = subprocess.Popen([str(part) for part in command], env=dict(env), cwd=cwd)
    while True:
        try:
            return exit_code(process.wait())
        except KeyboardInterrupt:
            continue


def run_quietly(
    command: Sequence[str | Path], env: Mapping[str, str], cwd: Path, on_line: Callable[[str], None] = lambda _: None
) -> tuple[int, str]:
    """Run without input; returns the exit code and the last lines of its output, each line told as it comes."""
    kept: deque[str] = deque(maxlen=KEPT_LINES)
    process = subprocess.Popen(
        [str(part) for part in command],
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        close_fds=False,  # what is marked inheritable, the lock of the preparation, goes along
        encoding="utf-8",
        errors="replace",
    )
    with process:
        assert process.stdout is not None
        for line in process.stdout:
            kept.append(line)
            on_line(line.rstrip())
    return exit_code(process.returncode), "".join(kept)


def exit_code(returncode: int) -> int:
    return 128 - returncode if returncode < 0 else returncode
