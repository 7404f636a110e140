"""The few shared libraries that Qt expects from a Linux system: which are missing, and what installs them."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence

from launcher.console import Problem, step

# Library -> Debian's and Ubuntu's packages, newest name first (2024 renamed those that changed for 64-bit time).
ALWAYS: Mapping[str, tuple[str, ...]] = {
    "libEGL.so.1": ("libegl1",),
    "libGL.so.1": ("libgl1",),
    "libX11.so.6": ("libx11-6",),
    "libglib-2.0.so.0": ("libglib2.0-0t64", "libglib2.0-0"),
    "libfontconfig.so.1": ("libfontconfig1",),
    "libdbus-1.so.3": ("libdbus-1-3",),
    "libxkbcommon.so.0": ("libxkbcommon0",),
}
X11: Mapping[str, tuple[str, ...]] = {
    "libX11-xcb.so.1": ("libx11-xcb1",),
    "libxcb-cursor.so.0": ("libxcb-cursor0",),
    "libxcb-icccm.so.4": ("libxcb-icccm4",),
    "libxcb-image.so.0": ("libxcb-image0",),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1",),
    "libxcb-randr.so.0": ("libxcb-randr0",),
    "libxcb-render-util.so.0": ("libxcb-render-util0",),
    "libxcb-shape.so.0": ("libxcb-shape0",),
    "libxcb-sync.so.1": ("libxcb-sync1",),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0",),
    "libxcb-xkb.so.1": ("libxcb-xkb1",),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0",),
}
PACKAGES = {**ALWAYS, **X11}


def loads(library: str) -> bool:
    """Whether the dynamic linker finds the library, asked in the only way that is the same on every Linux."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing(*, display: bool, is_there: Callable[[str], bool] = loads) -> list[str]:
    return [library for library in (PACKAGES if display else ALWAYS) if not is_there(library)]


def packages(libraries: Iterable[str], is_known: Callable[[str], bool]) -> list[str]:
    """Package names for the libraries; of several names the first that the package index knows, else the last."""
    chosen: list[str] = []
    for library in libraries:
        names = PACKAGES[library]
        chosen.append(next((name for name in names if is_known(name)), names[-1]))
    return chosen


def install_line(
    libraries: Sequence[str], tools: Callable[[str], bool], is_known: Callable[[str], bool], *, root: bool = False
) -> str:
    """The one line that installs the libraries with the system's package tool; empty when the tool is unknown."""
    sudo = "" if root else "sudo "
    if tools("apt-get"):
        return f"{sudo}apt-get install -y --no-install-recommends {' '.join(packages(libraries, is_known))}"
    capabilities = " ".join(f"'{library}()(64bit)'" for library in libraries)
    if tools("dnf"):
        return f"{sudo}dnf install -y {capabilities}"
    if tools("zypper"):
        return f"{sudo}zypper install -y {capabilities}"
    return ""


def require(*, display: bool) -> None:
    """Make sure that Qt can load: as root on Debian and Ubuntu by installing, otherwise by a Problem that says how."""
    absent = missing(display=display)
    if not absent:
        return
    if _has_tool("apt-get") and os.geteuid() == 0:
        _install_with_apt(absent)
        absent = missing(display=display)
    if absent:
        raise Problem(_advice(absent))


def _install_with_apt(absent: Sequence[str]) -> None:
    with step("System libraries for Qt"):
        _apt("update")
        _apt("install", "-y", "--no-install-recommends", *packages(absent, _apt_knows))


def _apt(*arguments: str) -> None:
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    subprocess.run(["apt-get", "-qq", *arguments], env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False)


def _advice(absent: Sequence[str]) -> str:
    names = ", ".join(absent)
    line = install_line(absent, _has_tool, _apt_knows, root=os.geteuid() == 0)
    if not line:
        return f"Qt needs these system libraries: {names}. Install them, then run the same command again."
    return f"Qt needs system libraries that are missing ({names}). Run this, then the same command again:\n    {line}"


def _has_tool(name: str) -> bool:
    return shutil.which(name) is not None


def _apt_knows(package: str) -> bool:
    shown = subprocess.run(["apt-cache", "show", package], capture_output=True, check=False)
    return shown.returncode == 0 and bool(shown.stdout.strip())
