"""What the tour did, as a table for people and as JSON for programs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class StepReport:
    """One step of the story: how long it took, and what it made."""

    step: str
    seconds: float
    tokens: tuple[str, ...] = ()
    tx_hash: str = ""
    failure: str = ""


def table_of(steps: list[StepReport]) -> str:
    """Aligned text with one line a token."""
    rows = [("step", "seconds", "token", "transaction")]
    for step in steps:
        first, *others = step.tokens or ("",)
        rows.append((step.step, f"{step.seconds:.2f}", first, step.tx_hash or step.failure))
        rows += [("", "", token, "") for token in others]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def write_json(file: Path, steps: list[StepReport], folder: Path, pictures: tuple[Path, ...]) -> None:
    """The same facts for a program; pictures by their place in `folder`."""
    file.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "passed": not any(step.failure for step in steps),
        "steps": [asdict(step) for step in steps],
        "pictures": [picture.relative_to(folder).as_posix() for picture in pictures],
    }
    file.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
