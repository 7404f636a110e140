"""What a content store asks of the place where its blocks are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from ipnft_desktop.adapters.content.unixfs import Block
from ipnft_desktop.domain.content import Cid


@dataclass(eq=False, slots=True)
class Addition:
    """The storing of one file, until it is whole: the blocks that were not there before."""

    new: set[Cid] = field(default_factory=set[Cid])


class BlockHolder(Protocol):
    """Keeps blocks; knows nothing of files."""

    def get(self, cid: Cid) -> bytes:
        """The bytes kept under an identifier, unverified.

        Raises:
            EnvironmentFault: CONTENT_STORE_UNAVAILABLE when there are none, or they cannot be read.
        """
        ...

    def put(self, block: Block, addition: Addition | None = None) -> None:
        """Keep a block, replacing a damaged copy of it. As part of an addition it can be taken back with it."""
        ...

    def confirm(self, addition: Addition) -> None:
        """The file is whole: its blocks stay."""
        ...

    def take_back(self, addition: Addition) -> None:
        """The file will not become whole: remove its blocks, except those that were there before or that somebody
        else put meanwhile."""
        ...

    def remove(self, cids: Iterable[Cid]) -> None:
        """Remove blocks; of those that are not there nothing is said."""
        ...

    def sync(self) -> None:
        """Return when every block put or removed so far is so after a power failure too."""
        ...
