"""What was prepared, written down inside the folder it describes: removing the folder forgets it too."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, cast


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def read(stamp: Path) -> dict[str, Any] | None:
    """The stamp, or None when the preparation never finished or the file is unreadable."""
    try:
        content: object = json.loads(stamp.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return cast("dict[str, Any]", content) if isinstance(content, dict) else None


def write(stamp: Path, content: dict[str, Any]) -> None:
    """Whole or not at all, also when the machine stops here."""
    draft = stamp.with_suffix(".draft")
    draft.write_text(json.dumps(content, indent=1, sort_keys=True), "utf-8")
    draft.replace(stamp)


def forget(stamp: Path) -> None:
    """Call before changing what the stamp describes, so that an interruption is noticed by the next start."""
    stamp.unlink(missing_ok=True)
