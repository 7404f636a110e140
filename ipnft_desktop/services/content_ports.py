"""What a transaction on the register knows of the content store: which content is named, and which may go."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol


class ContentTransaction(Protocol):
    """Part of `services.ports.Transaction`. Content is named by the text form of its CID."""

    def ask_content_removal(self, cids: Collection[str], at: datetime) -> None:
        """Record that these files may leave the content store, as far as nothing else names them."""
        ...

    def contents_to_remove(self) -> tuple[str, ...]:
        """What was asked for and is not done, oldest first."""
        ...

    def end_content_removal(self, cid: str) -> None: ...

    def contents_named(self, cids: Collection[str]) -> frozenset[str]:
        """Those of the CIDs that an attachment, the metadata of a mint or a publication names."""
        ...

    def large_contents(self, after: str, limit: int) -> Sequence[str]:
        """CIDs of attachments stored as they are in several blocks, in order, from behind `after`: only they can
        share blocks with another file without being the same."""
        ...

    def contents_of_deleted_assets(self) -> frozenset[str]:
        """Every CID in what is kept of deleted assets."""
        ...

    def metadata_of_former_tokens(self) -> tuple[str, ...]:
        """CIDs of the metadata of tokens that a chain before this one held; their assets may have changed since."""
        ...
