"""What of the register's content was handed to an IPFS node of the network, and what that node still has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RootKind(StrEnum):
    """What stands at a content address that can be published."""

    METADATA = "METADATA"
    """The directory of metadata files that one mint froze; the assets of a batch share it."""
    IMAGE = "IMAGE"
    ATTACHMENT = "ATTACHMENT"


class PublicationState(StrEnum):
    """Where content is, as far as is known."""

    LOCAL = "LOCAL"
    """In the content store of this register only."""
    WAITING = "WAITING"
    """To be published; goes out by itself once the node takes it."""
    PUBLISHED = "PUBLISHED"
    MISSING = "MISSING"
    """It was published, and the node does not have it any more."""


@dataclass(frozen=True, slots=True)
class Publication:
    """One content address that somebody wanted published."""

    cid: str
    requested_at: datetime
    published_at: datetime | None = None
    checked_at: datetime | None = None
    """When the node was last asked for it."""
    is_missing: bool = False
    failure: str | None = None
    """Why the latest attempt failed."""

    @property
    def state(self) -> PublicationState:
        """Never LOCAL: what nobody wanted published has no record."""
        if self.is_missing:
            return PublicationState.MISSING
        return PublicationState.WAITING if self.published_at is None else PublicationState.PUBLISHED


@dataclass(frozen=True, slots=True)
class PublicRoot:
    """A content address that belongs to a minted asset and may be public; never that of a confidential file."""

    cid: str
    kind: RootKind
    name: str
    """File name; empty for metadata."""
    publication: Publication | None = None

    @property
    def state(self) -> PublicationState:
        """Where it is."""
        return PublicationState.LOCAL if self.publication is None else self.publication.state


@dataclass(frozen=True, slots=True)
class PublicationCounts:
    """Content addresses of all minted assets by where they are, and of earlier ones that were published."""

    local: int = 0
    waiting: int = 0
    published: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What an IPFS node was asked for and lacked."""

    checked: int
    missing: int


@dataclass(frozen=True, slots=True)
class PeerInfo:
    """An IPFS node as it names itself."""

    version: str
    peer_id: str
