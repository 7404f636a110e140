"""Names of files that came from outside, as names for files that are written."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath
from typing import Final

_MAX_BYTES: Final = 200
"""Of 255 that file systems allow: a browser or an archive may add to it."""
_FORBIDDEN: Final = frozenset('<>:"/\\|?*')
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
"""Devices on Windows, with any suffix."""
_NAMELESS: Final = "file"


def safe_file_name(name: str) -> str:
    """The last part of a name, such that every file system takes it as one visible file: without separators, characters
    that are forbidden somewhere, invisible ones, names of devices and names that are too long."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join("_" if _is_refused(character) else character for character in last).strip(" ").rstrip(". ")
    if not shown.strip("."):
        return _NAMELESS
    if shown.startswith(".") or _RESERVED.fullmatch(shown):
        shown = f"_{shown}"
    return _shortened(shown)


def _is_refused(character: str) -> bool:
    return character in _FORBIDDEN or unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def _shortened(name: str) -> str:
    path = PurePosixPath(name)
    suffix = path.suffix if len(path.suffix.encode()) <= 20 else ""
    stem = name.removesuffix(suffix).encode()[: _MAX_BYTES - len(suffix.encode())].decode(errors="ignore")
    return stem + suffix
