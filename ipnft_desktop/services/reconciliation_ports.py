"""What a transaction on the register does with what was found different from chain and content."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from ipnft_desktop.domain.certificates import Validity
from ipnft_desktop.domain.reconciliation import ReconciliationRun


class ReconciliationTransaction(Protocol):
    """Part of `services.ports.Transaction`; all of it is about the present chain."""

    def note_standing(
        self, asset_id: UUID, at: datetime, *, holder: str | None = None, validity: Validity | None = None
    ) -> None:
        """Keep what the chain says of a token where that is not what the register did; None leaves what is noted."""
        ...

    def forget_standing(self, asset_id: UUID, *, holder: bool = False, validity: bool = False) -> None:
        """Take such a note back."""
        ...

    def noted_holders(self, asset_ids: Collection[UUID]) -> dict[UUID, str]:
        """Of those with a note."""
        ...

    def ignore_token(self, token_id: int, reason: str, actor: str, at: datetime) -> None:
        """A token without an asset is not told again."""
        ...

    def heed_token(self, token_id: int) -> None:
        """It is."""
        ...

    def ignored_tokens(self) -> dict[int, str]:
        """With the reasons."""
        ...

    def record_reconciliation(self, run: ReconciliationRun) -> None:
        """In place of the one before."""
        ...

    def latest_reconciliation(self) -> ReconciliationRun | None: ...
    def unminted_with_token(self, limit: int) -> Sequence[tuple[UUID, int]]:
        """Assets that are not minted by the register, with the tokens that the index has of them."""
        ...
