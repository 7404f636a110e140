"""The virtual environment `.venv` and what the lock files put into it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path
from typing import Any

from launcher import stamp
from launcher.child import environment, run_quietly
from launcher.console import Problem, step
from launcher.failures import problem, require_space
from launcher.layout import Layout

RUN_LOCK = "requirements.lock"
DEV_LOCK = "requirements-dev.lock"  # a superset of RUN_LOCK
STAMP_NAME = "prepared.json"


class Work(Enum):
    """What an environment needs before it can be used."""

    NOTHING = "nothing"
    INSTALL = "install"
    REBUILD = "rebuild"


def work_needed(
    found: dict[str, Any] | None, python_version: str | None, root: str, lock: str, lock_digest: str
) -> Work:
    """Compare a stamp with the present.

    `python_version` is what the environment's interpreter answers, None when it does not run. Without a stamp the
    preparation was interrupted, and pip takes half-unpacked packages for installed ones: only a rebuild is safe.
    A moved checkout is rebuilt because the environment's scripts hold its path.
    """
    if found is None or python_version is None:
        return Work.REBUILD
    if found.get("python") != python_version or found.get("root") != root:
        return Work.REBUILD
    locks: dict[str, str] = found.get("locks") or {}
    if locks.get(lock) == lock_digest:
        return Work.NOTHING
    return Work.INSTALL


def interpreter_version(python: Path) -> str | None:
    """Asks the environment's interpreter itself, since it may have been moved, upgraded or removed beneath it."""
    command = [str(python), "-I", "-S", "-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])"]
    try:
        return subprocess.run(command, capture_output=True, check=True, text=True, timeout=30).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None


def find_layout(root: Path) -> tuple[Layout, str | None]:
    """The checkout's layout with the version of its environment's interpreter (None: there is no working one)."""
    layout = Layout(root, sys.version_info.minor)
    version = interpreter_version(layout.python)
    if version is not None and version.split(".")[0] == "3":
        layout = Layout(root, int(version.split(".")[1]))
    return layout, version


def check(layout: Layout, version: str | None, *, dev: bool) -> Work:
    lock = DEV_LOCK if dev else RUN_LOCK
    found = stamp.read(layout.venv / STAMP_NAME)
    return work_needed(found, version, str(layout.root), lock, stamp.digest(layout.root / lock))


def prepare(layout: Layout, work: Work, *, dev: bool) -> Layout:
    """Do the work and stamp it; returns the layout of what then exists. Raises Problem."""
    if work is Work.NOTHING:
        return layout
    if work is Work.REBUILD:
        layout = _create(layout.root)
    marker = layout.venv / STAMP_NAME
    stamp.forget(marker)
    _install(layout, DEV_LOCK if dev else RUN_LOCK)
    locks = (RUN_LOCK, DEV_LOCK) if dev else (RUN_LOCK,)
    version = interpreter_version(layout.python)
    content = {
        "python": version,
        "root": str(layout.root),
        "locks": {lock: stamp.digest(layout.root / lock) for lock in locks},
    }
    stamp.write(marker, content)
    return layout


def pinned_count(lock_text: str) -> int:
    """How many packages a lock file names (some only for other systems)."""
    return len(re.findall(r"^[A-Za-z0-9][\w.\[\]-]*==", lock_text, flags=re.MULTILINE))


def locked_lines(package: str, lock_text: str) -> str:
    """What a lock file says of one package: its version and hashes; empty if it is not in it."""
    found = re.search(rf"^{re.escape(package)}==.*(?:\n    --hash=.*)*", lock_text, flags=re.MULTILINE)
    return f"{found[0]}\n" if found else ""


def _create(root: Path) -> Layout:
    require_space(root)
    layout = Layout(root, sys.version_info.minor)
    base_python = getattr(sys, "_base_executable", None) or sys.executable  # start.py may itself run inside `.venv`
    with step("Python environment"):
        try:
            if layout.venv.exists():
                shutil.rmtree(layout.venv)
        except OSError as error:
            raise Problem(
                f"The outdated folder .venv cannot be removed ({error.strerror}): close a running IPNFT Desktop, "
                "then run the same command again."
            ) from error
        code, output = run_quietly([base_python, "-m", "venv", layout.venv], _plain(layout), root)
        if code != 0:
            if "ensurepip" in output:
                raise Problem(
                    "This Python comes without its venv module. On Debian and Ubuntu run "
                    f"`sudo apt-get install python3.{sys.version_info.minor}-venv`, then the same command again."
                )
            raise problem("The Python environment could not be created", output)
    return layout


def _install(layout: Layout, lock: str) -> None:
    pip = [layout.python, "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
    with step("Python packages") as show:
        if not _installed_by_uv(layout, lock, pip, show):
            _install_by_pip(layout, lock, pip, show)
        show("the program itself")
        own = [*pip, "--no-deps", "--no-build-isolation", "--no-index", "-e", layout.root]
        code, output = run_quietly(own, _plain(layout), layout.root)
        if code != 0:
            raise problem("The program itself could not be installed into .venv", output)


def _installed_by_uv(layout: Layout, lock: str, pip: Sequence[str | Path], show: Callable[[str], None]) -> bool:
    """Several times as fast as pip. False where uv cannot: it has no build for a system, and does not know the mirrors
    that pip is told of."""
    show("the installer")
    with tempfile.TemporaryDirectory(prefix="ipnft-uv-") as folder:
        requirement = Path(folder) / "uv.txt"
        requirement.write_text(locked_lines("uv", (layout.root / lock).read_text("utf-8")), "utf-8")
        code, _ = run_quietly([*pip, "--require-hashes", "-r", requirement], _plain(layout), layout.root)
    if code != 0:
        return False
    show("all at once")
    command = [layout.scripts / "uv", "pip", "install", "--python", layout.python, "--require-hashes", "-r", lock]
    code, _ = run_quietly(command, _plain(layout), layout.root)
    return code == 0


def _install_by_pip(layout: Layout, lock: str, pip: Sequence[str | Path], show: Callable[[str], None]) -> None:
    total = pinned_count((layout.root / lock).read_text("utf-8"))
    seen = 0

    def on_line(line: str) -> None:
        nonlocal seen
        if line.startswith("Collecting "):
            seen += 1
            show(f"{line.split()[1].split('==')[0]} ({seen} of about {total})")
        elif line.startswith("Installing collected packages"):
            show("unpacking")

    code, output = run_quietly(
        [*pip, "--require-hashes", "-r", layout.root / lock], _plain(layout), layout.root, on_line
    )
    if code != 0:
        raise problem("The Python packages could not be installed", output)


def _plain(layout: Layout) -> dict[str, str]:
    return environment(layout, offscreen=False)
