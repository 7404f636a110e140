"""Names for files in a person's own folder, where whatever lies there already is theirs."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path

_SUFFIXES = re.compile(r"(?<=.)(\.[A-Za-z0-9]{1,10}){1,2}$")
"""At most two, such as `.evidence.zip`: a name may have dots of its own."""


def claim_free_name(target: Path) -> Path:
    """Make an empty file of this name, or where there is one of "name (2)", "name (3)" and so on, so that nobody else
    takes it meanwhile. Blocks; raises OSError where no file can be made there."""
    suffixes = _SUFFIXES.search(target.name)
    end = suffixes.group() if suffixes else ""
    stem = target.name.removesuffix(end)
    for number in count(1):
        place = target if number == 1 else target.with_name(f"{stem} ({number}){end}")
        try:
            place.touch(exist_ok=False)
        except FileExistsError:
            continue
        return place
    raise AssertionError("counting ends")


def put_into_place(finished: Path, target: Path) -> Path:
    """Give a finished file this name, or a free one like it; returns the one it got. Blocks; raises OSError, and
    leaves nothing under the name then."""
    place = claim_free_name(target)
    try:
        finished.replace(place)
    except OSError:
        place.unlink(missing_ok=True)
        raise
    return place
