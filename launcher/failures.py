"""From the output of pip, npm or venv to one sentence that says what to do."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from launcher.console import Problem

NEEDED_BYTES = 1_500_000_000  # both package sets unpacked, with room for the downloads
SHOWN_LINES = 6  # at each end: npm says the cause first, pip last

_SIGNS = (
    (
        ("are in sync",),
        "package.json and package-lock.json do not match: restore both from the repository.",
    ),
    (
        ("no space left", "enospc", "disk full", "not enough space", f"errno {errno.ENOSPC}"),
        "the disk is full: free about 1.5 GB, then run the same command again.",
    ),
    (
        ("do not match the hashes", "eintegrity", "hashes are required", "integrity checksum failed"),
        "a downloaded package is not the one the lock file names: empty the package cache, check the mirror or proxy "
        "in use, then run the same command again.",
    ),
    (
        (
            "name resolution",
            "getaddrinfo",
            "enotfound",
            "eai_again",
            "econnre",
            "etimedout",
            "network is unreachable",
            "failed to establish a new connection",
            "max retries exceeded",
            "connection refused",
            "connection reset",
            "read timed out",
            "connection timed out",
            "proxyerror",
            "(from versions: none)",
        ),
        "the package index cannot be reached or lacks the package: check the network (or proxy and index settings), "
        "then run the same command again.",
    ),
    (
        ("permission denied", "eacces", "access is denied", "being used by another process", "ebusy"),
        "a file cannot be written: close a running IPNFT Desktop, make sure this folder is yours, then run the same "
        "command again.",
    ),
    (
        ("no matching distribution", "could not find a version", "is not a supported wheel"),
        "the package index has no build of a package for this computer and Python: use 64-bit Python 3.11, 3.12 or "
        "3.13, or look at the lines above for a mirror that lacks it.",
    ),
)


def problem(what: str, output: str) -> Problem:
    """The failure of one preparation step: its output, shortened in the middle, then a sentence that `what` starts."""
    text = output.lower()
    lines = [f"    {line}" for line in output.splitlines() if line.strip()]
    shown = lines if len(lines) <= 2 * SHOWN_LINES else [*lines[:SHOWN_LINES], "    ...", *lines[-SHOWN_LINES:]]
    excerpt = "\n".join(shown)
    for signs, advice in _SIGNS:
        if any(sign in text for sign in signs):
            return Problem(f"{excerpt}\n{what}: {advice}")
    return Problem(f"{excerpt}\n{what}: see the lines above; run the same command again once that is put right.")


def require_space(folder: Path) -> None:
    """Refuse to begin what cannot be finished. Raises Problem."""
    free_bytes = shutil.disk_usage(folder).free
    if free_bytes < NEEDED_BYTES:
        raise Problem(
            f"The disk has {free_bytes / 1e9:.1f} GB left and the preparation needs about 1.5 GB: free some space, "
            "then run the same command again."
        )
