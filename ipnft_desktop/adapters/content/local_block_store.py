"""The content store of this computer: a folder of blocks behind threads of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any, Final, TypeVar

from ipnft_desktop.adapters.content.block_folder import BlockFolder
from ipnft_desktop.adapters.content.dag import UnixFsDag, directory_addresses
from ipnft_desktop.adapters.content.sealing import RegisterKeys
from ipnft_desktop.adapters.content.unixfs import CHUNK_SIZE_BYTES
from ipnft_desktop.adapters.content.whole_files import Progress
from ipnft_desktop.domain.content import Cid, ContentStoreStats, StoredFile
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError

T = TypeVar("T")

_PROGRESS_STEP_BYTES: Final = 16 * CHUNK_SIZE_BYTES
_SHORT_WORKERS: Final = 4
_LONG_WORKERS: Final = 2


class LocalBlockStore:
    """Implements the port `ContentStore` in a folder that no other process writes to.

    Each call is one trip to a thread. Work on files of any size has threads apart from the short work, so that
    metadata is stored at once while a film is being added. Cancelling a call stops its thread at the next chunk and
    returns when it has stopped.
    """

    def __init__(self, folder: Path, keys: RegisterKeys) -> None:
        """`keys` seal the keys of confidential files."""
        self._blocks = BlockFolder(folder)
        self._dag = UnixFsDag(self._blocks, keys)
        self._running: set[Future[Any]] = set()
        self._make_threads()

    async def open(self) -> ContentStoreStats:
        """Create or check the folder and count what it holds; may be repeated, also after `close`.

        Raises:
            EnvironmentFault: CONTENT_STORE_UNAVAILABLE or DISK_FULL.
        """
        if self._closed.is_set():
            self._make_threads()
        return await self._run(self._short, lambda _: self._blocks.open())

    async def close(self) -> None:
        """Stop running work at its next chunk and end the threads; the store can be opened again afterwards."""
        self._closed.set()
        for executor in (self._short, self._long):
            executor.shutdown(wait=False)
        await asyncio.gather(*map(asyncio.wrap_future, tuple(self._running)), return_exceptions=True)
        # Idle threads end at once, so joining them here does not hold up the event loop.
        for executor in (self._short, self._long):
            executor.shutdown(wait=True)

    async def add_bytes(self, data: bytes) -> StoredFile:
        """Store a file held in memory."""
        return await self._run(self._short, lambda _: self._dag.add_bytes(data))

    async def add_directories(
        self, directories: Sequence[Mapping[str, bytes]]
    ) -> list[tuple[Cid, dict[str, StoredFile]]]:
        """Store directories of small files and read them back, all in one trip; in the order asked for.

        Raises:
            UserError: METADATA_INVALID for an impossible name, or too many files for one directory.
            EnvironmentFault: CONTENT_MISMATCH when a block read back is not what was written, DISK_FULL, or
                CONTENT_STORE_UNAVAILABLE.
        """
        return await self._run(self._short, lambda progress: self._dag.add_directories(directories, progress))

    async def directory_addresses(self, files: Mapping[str, bytes]) -> tuple[Cid, dict[str, StoredFile]]:
        """What storing a directory of these would answer; nothing is stored.

        Raises:
            UserError: METADATA_INVALID for an impossible name, or too many files for one directory.
        """
        return await self._run(self._short, lambda _: directory_addresses(files))

    async def add_file(
        self,
        path: Path,
        on_progress: Callable[[int], None] | None = None,
        *,
        confidential: bool = False,
        expected: Cid | None = None,
    ) -> StoredFile:
        """Store a file of any size in constant memory, hashing, and where it is confidential encrypting, in the one
        pass that reads it. Nothing of a file stays that is not stored to its end.

        `on_progress` is called on the event loop with the bytes done, about every 4 MiB and at the end.

        Raises:
            UserError: ATTACHMENT_INVALID when the file is missing, unreadable, no regular file, or changed meanwhile.
            EnvironmentFault: DISK_FULL, or CONTENT_STORE_UNAVAILABLE, also where the register's key cannot be kept;
                CONTENT_MISMATCH for a file of another address than the one that is `expected`.
        """
        stored = await self._run(
            self._long,
            lambda progress: self._dag.add_file(path, progress, confidential=confidential, expected=expected),
            on_progress,
        )
        if on_progress is not None:
            on_progress(stored.size_bytes)
        return stored

    async def reseal(
        self,
        cid: Cid,
        sealed_key: bytes | None,
        on_progress: Callable[[int], None] | None = None,
        *,
        confidential: bool,
    ) -> StoredFile:
        """Store a file of the store once more, encrypted or as it is; the former blocks stay until `remove_blocks`.

        Raises:
            EnvironmentFault: as `read` and `add_file`.
        """
        stored = await self._run(
            self._long,
            lambda progress: self._dag.reseal(cid, sealed_key, progress, confidential=confidential),
            on_progress,
        )
        if on_progress is not None:
            on_progress(stored.size_bytes)
        return stored

    async def add_directory(self, entries: Mapping[str, StoredFile]) -> Cid:
        """Store the directory over files that are stored already.

        Raises:
            UserError: METADATA_INVALID for an impossible name, or too many files for one directory.
        """
        return await self._run(self._short, lambda _: self._dag.add_directory(entries))

    async def read(self, cid: Cid, path: str = "") -> bytes:
        """A file's bytes, every block verified; `path` leads to it through directories.

        Raises:
            EnvironmentFault: CONTENT_MISMATCH, or CONTENT_STORE_UNAVAILABLE when a block or the path is missing.
        """
        return await self._run(self._short, lambda _: self._dag.read(cid, path))

    async def read_several(self, cids: Collection[Cid]) -> dict[Cid, bytes | IpnftError]:
        """Small files in one trip, each as `read` gives it; in its place what `read` would raise."""
        return await self._run(self._short, lambda progress: self._dag.read_several(cids, progress))

    async def read_head(self, cid: Cid, sealed_key: bytes | None, most_bytes: int) -> bytes:
        """A file's first bytes, `most_bytes` at most, decrypted where there is a key.

        Raises:
            EnvironmentFault: as `read`, and CONTENT_KEY_MISSING.
        """
        return await self._run(self._long, lambda _: self._dag.read_head(cid, sealed_key, most_bytes))

    async def read_to_file(self, cid: Cid, target: Path, sealed_key: bytes | None = None) -> None:
        """Write a file's bytes to `target`, verified, decrypted where there is a key, in constant memory; it appears
        whole or not at all.

        Raises:
            EnvironmentFault: as `read`, DISK_FULL and CONTENT_KEY_MISSING.
            UserError: VALIDATION_FAILED (field "target") when the place cannot be written to.
        """
        await self._run(self._long, lambda progress: self._dag.read_to_file(cid, target, progress, sealed_key))

    async def block_cids(self, roots: Collection[Cid]) -> frozenset[Cid]:
        """The identifiers of all blocks below some roots; leaves need not be there.

        Raises:
            EnvironmentFault: as `read`.
        """
        return await self._run(self._long, lambda _: frozenset[Cid]().union(*map(self._dag.block_cids, roots)))

    async def lacking(self, root: Cid) -> frozenset[Cid]:
        """Blocks below a root that are missing or damaged; what one of these refers to cannot be told.

        Raises:
            EnvironmentFault: CONTENT_STORE_UNAVAILABLE.
        """
        return await self._run(self._long, lambda progress: frozenset(self._dag.lacking(root, progress)))

    async def add_blocks(self, blocks: Mapping[Cid, bytes]) -> None:
        """Store blocks under their identifiers, in place of damaged ones.

        Raises:
            EnvironmentFault: CONTENT_MISMATCH where bytes are not what their identifier names, and then none is
                stored; DISK_FULL or CONTENT_STORE_UNAVAILABLE.
        """
        await self._run(self._long, lambda _: self._dag.add_blocks(blocks))

    async def remove_blocks(self, cids: Collection[Cid]) -> None:
        """Remove blocks, as far as they are there: whoever asks knows that nothing refers to them.

        Raises:
            EnvironmentFault: CONTENT_STORE_UNAVAILABLE.
        """
        await self._run(self._long, lambda _: self._dag.remove(cids))

    async def verify(self, cid: Cid) -> None:
        """Read back every block below `cid` and compare it with its identifier.

        Raises:
            EnvironmentFault: CONTENT_MISMATCH, or CONTENT_STORE_UNAVAILABLE when a block is missing.
        """
        await self._run(self._short, lambda progress: self._dag.verify(cid, progress))

    async def export_car(
        self, roots: Sequence[Cid], target: Path, on_progress: Callable[[int], None] | None = None
    ) -> int:
        """Write everything below the roots as a CARv1 archive, depth first; returns the bytes written, which
        `on_progress` hears of on the event loop, about every 4 MiB.

        Raises:
            EnvironmentFault, UserError: as `read_to_file`.
        """
        return await self._run(self._long, lambda progress: self._dag.export_car(roots, target, progress), on_progress)

    def car_parts(self, root: Cid) -> Iterator[bytes]:
        """That archive of one root piece by piece, for whoever hands it on from a thread of their own.

        Raises:
            EnvironmentFault: as `read`, at the piece that is missing or damaged.
        """
        return self._dag.car_parts((root,))

    async def stats(self) -> ContentStoreStats:
        """What the folder holds."""
        return self._blocks.stats

    def _make_threads(self) -> None:
        self._short = ThreadPoolExecutor(_SHORT_WORKERS, thread_name_prefix="content-short")
        self._long = ThreadPoolExecutor(_LONG_WORKERS, thread_name_prefix="content-long")
        self._closed = Event()

    async def _run(
        self,
        executor: ThreadPoolExecutor,
        work: Callable[[Progress], T],
        on_progress: Callable[[int], None] | None = None,
    ) -> T:
        if self._closed.is_set():
            raise _closed()
        stopped = Event()
        job = executor.submit(work, self._progress(stopped, on_progress))
        self._running.add(job)
        job.add_done_callback(self._running.discard)
        result = asyncio.wrap_future(job)
        try:
            # Shielded: a cancelled future would no longer tell when its thread has stopped.
            return await asyncio.shield(result)
        except asyncio.CancelledError:
            # The stopped thread may end with an error, which nobody waits for any more.
            result.add_done_callback(_take_outcome)
            stopped.set()
            if not job.cancel():
                await asyncio.wait((result,))
            raise

    def _progress(self, stopped: Event, on_progress: Callable[[int], None] | None) -> Progress:
        loop = asyncio.get_running_loop()
        reported_bytes = 0

        def progress(done_bytes: int) -> None:
            nonlocal reported_bytes
            if stopped.is_set() or self._closed.is_set():
                raise _closed()
            if on_progress is not None and done_bytes - reported_bytes >= _PROGRESS_STEP_BYTES:
                reported_bytes = done_bytes
                loop.call_soon_threadsafe(on_progress, done_bytes)

        return progress


def _take_outcome(result: asyncio.Future[Any]) -> None:
    if not result.cancelled():
        result.exception()


def _closed() -> EnvironmentFault:
    return EnvironmentFault(ErrorCode.CONTENT_STORE_UNAVAILABLE, "the content store was closed")
