"""The blocks of a content folder under a second name in another: nothing is copied where the file system has links,
for a block never changes, and a damaged one is replaced rather than overwritten (`content/block_folder.py`)."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ipnft_desktop.adapters.content.block_folder import SHARDS, block_path
from ipnft_desktop.adapters.database.backup_files import flush_folder
from ipnft_desktop.adapters.workspaces.files import link_or_copy
from ipnft_desktop.domain.content import Cid

_REPORT_EVERY = 64


@dataclass(frozen=True, slots=True)
class Blocks:
    """How many there are, and their bytes."""

    count: int = 0
    size_bytes: int = 0


def blocks_in(content: Path) -> Blocks:
    """Of a content folder; none where there is no such folder. Raises OSError."""
    sizes = [entry.stat().st_size for shard in SHARDS for entry in _blocks_of(content / shard)]
    return Blocks(len(sizes), sum(sizes))


def block_of(content: Path, cid: Cid) -> bytes | None:
    """The bytes kept under an identifier, unverified; None where there are none. Raises OSError."""
    try:
        return block_path(content, cid).read_bytes()
    except FileNotFoundError:
        return None


def link_blocks(source: Path, target: Path, report: Callable[[float], None]) -> None:
    """Give each block of `source` a name in `target` that lacks it, on the disk when this returns. Harmless to repeat.

    Raises OSError, and what `report` raises.
    """
    target.mkdir(exist_ok=True)
    for number, shard in enumerate(SHARDS):
        blocks = _blocks_of(source / shard)
        if not blocks:
            continue
        (target / shard).mkdir(exist_ok=True)
        for position, block in enumerate(blocks):
            if position % _REPORT_EVERY == 0:
                report((number + position / len(blocks)) / len(SHARDS))
            link_or_copy(Path(block.path), target / shard / block.name)
        flush_folder(target / shard)
    flush_folder(target)
    report(1.0)


def _blocks_of(shard: Path) -> list[os.DirEntry[str]]:
    try:
        # What begins with a dot is still being written.
        return [e for e in os.scandir(shard) if e.is_file(follow_symlinks=False) and not e.name.startswith(".")]
    except FileNotFoundError:
        return []
