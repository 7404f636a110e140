"""How fast a file becomes content of the store: hashed, addressed, and where it is confidential encrypted, on the disk
for good; beside a plain copy that is hashed."""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import time
from pathlib import Path

from benchmarks.catalogue import Figure, Sizes
from benchmarks.child import CACHE, temporary_profile
from benchmarks.figures import median
from ipnft_desktop.adapters.content.local_block_store import LocalBlockStore
from ipnft_desktop.adapters.key_folder import KeyFolder
from ipnft_desktop.adapters.register_keys import RegisterKeyFiles

_MB = 1_000_000
_PIECE_BYTES = 262_144


def measure(sizes: Sizes) -> list[Figure]:
    """Rounds by turns, each over fresh random bytes; medians in megabytes (10^6 bytes) a second."""
    with temporary_profile(CACHE) as folder:
        samples = asyncio.run(_attach(folder, sizes))
    return [Figure(key, median(rates), len(rates)) for key, rates in samples.items()]


async def _attach(folder: Path, sizes: Sizes) -> dict[str, list[float]]:
    small, source = await asyncio.to_thread(_make_files, folder)
    store = LocalBlockStore(folder / "content", RegisterKeyFiles(KeyFolder(folder / "keys")))
    await store.open()
    rates: dict[str, list[float]] = {
        "attach_mb_per_s": [],
        "attach_confidential_mb_per_s": [],
        "attach_mb_per_s.copy": [],
    }
    await store.add_file(small, confidential=True)
    for number in range(sizes.attached_rounds):
        await asyncio.to_thread(_fill, source, number, sizes.attached_mb * _MB)
        for key, confidential in (("attach_mb_per_s", False), ("attach_confidential_mb_per_s", True)):
            started = time.perf_counter()
            await store.add_file(source, confidential=confidential)
            rates[key].append(sizes.attached_mb / (time.perf_counter() - started))
        started = time.perf_counter()
        await asyncio.to_thread(_copy_and_hash, source, folder / "copy.bin")
        rates["attach_mb_per_s.copy"].append(sizes.attached_mb / (time.perf_counter() - started))
    await store.close()
    return rates


def _make_files(folder: Path) -> tuple[Path, Path]:
    folder.mkdir()
    small = folder / "small.bin"
    small.write_bytes(b"libraries are loaded at first use")
    return small, folder / "film.bin"


def _fill(path: Path, seed: int, size_bytes: int) -> None:
    path.write_bytes(random.Random(seed).randbytes(size_bytes))


def _copy_and_hash(source: Path, target: Path) -> bytes:
    """What any program would have to do: one pass, one flush."""
    digest = hashlib.sha256()
    with source.open("rb") as reading, target.open("wb") as writing:
        while piece := reading.read(_PIECE_BYTES):
            digest.update(piece)
            writing.write(piece)
        writing.flush()
        os.fsync(writing.fileno())
    return digest.digest()
