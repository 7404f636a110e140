"""Where content can come from that the content store lost: the IPFS node that it was published to, and checkpoints.

A source need not be trusted. Blocks are named by their hashes, and only what hashes to its name is stored.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.services.ports import ContentStore
from ipnft_desktop.services.publication_ports import IpfsPeer
from ipnft_desktop.services.workspace_ports import CheckpointStore

log = logging.getLogger("ipnft")

BLOCKS_AT_ONCE = 16
"""Stored together; a block has 256 KiB at most."""


@dataclass(frozen=True, slots=True)
class FoundBlock:
    """A block, and who had it."""

    data: bytes
    where: Phrase


class ContentSource(Protocol):
    """Somebody else who may have content of ours."""

    async def block(self, cid: Cid) -> FoundBlock | None:
        """What it keeps under this identifier, unverified; None where it has nothing. Raises EnvironmentFault while it
        cannot be asked."""
        ...


class PublishedContent:
    """The IPFS node that minted content is published to."""

    def __init__(self, peer: IpfsPeer) -> None:
        self._peer = peer

    async def block(self, cid: Cid) -> FoundBlock | None:
        """See `ContentSource`; nothing where no node is set."""
        if not self._peer.address:
            return None
        data = await self._peer.block(cid)
        return None if data is None else FoundBlock(data, phrase("the IPFS node {address}", address=self._peer.address))


class CheckpointContent:
    """Checkpoints of the open workspace: each keeps all blocks that there were."""

    def __init__(self, store: CheckpointStore) -> None:
        self._store = store

    async def block(self, cid: Cid) -> FoundBlock | None:
        """See `ContentSource`."""
        found = await asyncio.to_thread(self._store.block, cid)
        if found is None:
            return None
        checkpoint, data = found
        return FoundBlock(data, phrase("the checkpoint {name}", name=checkpoint.name or checkpoint.checkpoint_id))


class ContentRecovery:
    """Asks the sources in their order. One that cannot be asked is passed over for the rest of a search."""

    def __init__(self, content: ContentStore, sources: Sequence[ContentSource]) -> None:
        self._content = content
        self._sources = sources

    async def find(self, root: Cid) -> Phrase | None:
        """Who has the first block of this content; None where nobody has. Nothing is stored."""
        found = await _Search(self._sources).block(root)
        return found.where if found else None

    async def fill(self, root: Cid) -> tuple[Phrase, ...]:
        """Store what is missing or damaged below `root`; returns who had it, each once.

        Raises EnvironmentFault CONTENT_NOT_FOUND where nobody has a block that is wanted; what was found by then stays,
        for it is part of what is named. CONTENT_STORE_UNAVAILABLE or DISK_FULL, of our own store.
        """
        search, told = _Search(self._sources), dict[str, Phrase]()
        while lacking := sorted(await self._content.lacking(root), key=lambda cid: cid.text):
            for first in range(0, len(lacking), BLOCKS_AT_ONCE):
                blocks: dict[Cid, bytes] = {}
                for cid in lacking[first : first + BLOCKS_AT_ONCE]:
                    found = await search.block(cid)
                    if found is None:
                        raise search.nowhere(cid)
                    blocks[cid] = found.data
                    told.setdefault(str(found.where), found.where)
                await self._content.add_blocks(blocks)
        return tuple(told.values())


class _Search:
    """One search through the sources."""

    def __init__(self, sources: Sequence[ContentSource]) -> None:
        self._sources = list(sources)
        self._faults: list[EnvironmentFault] = []

    async def block(self, cid: Cid) -> FoundBlock | None:
        """The first answer that is what the identifier names."""
        for source in tuple(self._sources):
            try:
                found = await source.block(cid)
            except EnvironmentFault as fault:
                log.warning("content.source %s", fault)
                self._faults.append(fault)
                self._sources.remove(source)
                continue
            if found is None:
                continue
            if Cid.of_block(cid.codec, found.data) == cid:
                return found
            log.warning("content.source %s answers with other bytes for %s", found.where, cid)
        return None

    def nowhere(self, cid: Cid) -> EnvironmentFault:
        """Nobody has it; with the reason of the first who could not be asked."""
        told = phrase("{cid} is not in the content store", cid=cid)
        if self._faults:
            told = phrase("{what}: {reason}", what=told, reason=self._faults[0].reason)
        return EnvironmentFault(ErrorCode.CONTENT_NOT_FOUND, told, cid=cid.text)
