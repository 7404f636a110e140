"""Evidence bundles on the disk: parts in a folder of their own beside the target, which appears whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import zlib
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from uuid import uuid4

from ipnft_desktop.adapters.content.faults import target_faults
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.free_names import put_into_place
from ipnft_verify.container import MAX_SIZE_BYTES, PIECE_BYTES, Entry, directory_of, local_head

_WRITING_SHARE = 0.5
"""Of the progress of `finish`; the rest is the judgement."""
_HEADS_BYTES = 2**20
"""More than heads and list of all entries take."""


class LocalBundleFiles:
    """Implements the port `BundleFiles`."""

    def begin(self, target: Path) -> LocalBundleDraft:
        """Make the folder of the parts. Raises UserError VALIDATION_FAILED, EnvironmentFault DISK_FULL."""
        folder = target.with_name(f".{uuid4().hex}.part")
        with target_faults(target.name):
            folder.mkdir()
        return LocalBundleDraft(target, folder)


class LocalBundleDraft:
    """Implements the port `BundleDraft`."""

    def __init__(self, target: Path, folder: Path) -> None:
        self._target = target
        self._folder = folder

    def path(self, name: str) -> Path:
        """Where an entry's bytes go, whether or not anything is there yet."""
        return self._folder / name.replace("/", "+")

    def write(self, name: str, data: bytes) -> None:
        """The bytes of a small entry."""
        with target_faults(self._target.name):
            self.path(name).write_bytes(data)

    def digest(self, name: str) -> tuple[int, str]:
        """Size in bytes and SHA-256 of an entry."""
        with target_faults(self._target.name), self.path(name).open("rb") as file:
            return os.fstat(file.fileno()).st_size, hashlib.file_digest(file, "sha256").hexdigest()

    def finish(
        self, names: Sequence[str], check: Callable[[Path], None], on_share: Callable[[float], None]
    ) -> tuple[Path, int, str]:
        """Write the archive, have it judged, give it its name; returns where it is, its size and SHA-256."""
        bundle = self.path("bundle.zip")
        with target_faults(self._target.name):
            total_bytes = sum(self.path(name).stat().st_size for name in names)
            if total_bytes + _HEADS_BYTES > MAX_SIZE_BYTES:
                raise UserError(
                    ErrorCode.VALIDATION_FAILED,
                    phrase("its files have more than 4 GB, which no evidence bundle can hold"),
                    field="target",
                )
            digest = self._write(bundle, names, total_bytes, on_share)
        check(bundle)
        on_share(1)  # the last moment at which the work can be given up
        with target_faults(self._target.name):
            size_bytes = bundle.stat().st_size
            place = put_into_place(bundle, self._target)
        return place, size_bytes, digest

    def close(self) -> None:
        """Remove the parts."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _write(self, bundle: Path, names: Sequence[str], total_bytes: int, on_share: Callable[[float], None]) -> str:
        entries: list[Entry] = []
        digest = hashlib.sha256()
        done_bytes = offset = 0
        with bundle.open("xb") as file:
            for name in names:
                entry = self._entry(name, offset)
                entries.append(entry)
                for piece in chain((local_head(name, entry.size_bytes, entry.crc),), self._pieces(name)):
                    file.write(piece)
                    digest.update(piece)
                    done_bytes += len(piece)
                    on_share(_WRITING_SHARE * min(1, done_bytes / max(1, total_bytes)))
                offset = entry.end
            end = directory_of(entries)
            file.write(end)
            digest.update(end)
            file.flush()
            os.fsync(file.fileno())
        return digest.hexdigest()

    def _entry(self, name: str, offset: int) -> Entry:
        """Its check sum stands in front of its bytes, so they are read once before."""
        crc = size_bytes = 0
        for piece in self._pieces(name):
            crc = zlib.crc32(piece, crc)
            size_bytes += len(piece)
        return Entry(name, size_bytes, crc, offset)

    def _pieces(self, name: str) -> Iterator[bytes]:
        with self.path(name).open("rb") as file:
            while piece := file.read(PIECE_BYTES):
                yield piece
