"""What publishing needs of a transaction on the register, and of an IPFS node."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.publications import PeerInfo, Publication, PublicationCounts, PublicRoot


class PublicationTransaction(Protocol):
    """Part of `services.ports.Transaction`."""

    def public_roots(self, asset_ids: Collection[UUID]) -> dict[UUID, tuple[PublicRoot, ...]]:
        """Of the minted ones among these assets: the metadata directory first, then image and public files in order,
        each address once. Others are left out, and so is every confidential file."""
        ...

    def minted_asset_ids(self, after: UUID | None, limit: int) -> tuple[UUID, ...]:
        """In the order of their ids, behind `after`."""
        ...

    def request_publications(self, cids: Collection[str], at: datetime) -> int:
        """Make WAITING what is LOCAL or MISSING of these; returns how many that were."""
        ...

    def publication(self, cid: str) -> Publication | None: ...
    def waiting_publications(self, limit: int) -> tuple[Publication, ...]:
        """Oldest request first. A file waits on unseen while no minted asset has it among its public ones: its asset is
        a draft again, or it became confidential."""
        ...

    def withdraw_publications(self, cids: Collection[str]) -> None:
        """Publish no more what of these files waits and is no public one of a minted asset."""
        ...

    def checkable_publications(self, after: str, limit: int) -> tuple[str, ...]:
        """Addresses that were published once, missing ones included, in their order, behind `after`."""
        ...

    def record_published(self, cid: str, at: datetime) -> None: ...
    def record_publication_failure(self, cid: str, failure: str) -> None: ...
    def record_checked(self, cids: Collection[str], missing: Collection[str], at: datetime) -> None:
        """The node was asked for `cids` and lacks those in `missing`. What waits to be published goes on waiting."""
        ...

    def publication_counts(self) -> PublicationCounts: ...


class IpfsPeer(Protocol):
    """An IPFS node that keeps public content for others to fetch. Of its address only what is no secret is told.

    Every method raises EnvironmentFault KUBO_UNAVAILABLE while it does not answer, and PUBLISHING_FAILED where it
    answers that it will not, or something that was not asked.
    """

    @property
    def address(self) -> str:
        """As shown to people; empty where none is set."""
        ...

    def use(self, address: str) -> None:
        """Speak to the node at this address from now on: a multiaddr or a URL; empty for none.

        Raises UserError VALIDATION_FAILED (field "kubo_api").
        """
        ...

    async def identify(self) -> PeerInfo: ...

    async def publish(self, root: Cid, on_progress: Callable[[int], None] | None = None) -> None:
        """Hand over every block below `root` as we have it, pin it, and read the root back. `on_progress` hears the
        bytes handed over, on the event loop.

        Raises also EnvironmentFault CONTENT_STORE_UNAVAILABLE or CONTENT_MISMATCH, of our own store.
        """
        ...

    async def missing(self, roots: Sequence[Cid]) -> frozenset[Cid]:
        """Those of these that the node has not pinned, or whose first block it lacks."""
        ...

    async def block(self, cid: Cid) -> bytes | None:
        """What the node itself keeps under this identifier, unverified; None where it has nothing."""
        ...

    async def close(self) -> None: ...
