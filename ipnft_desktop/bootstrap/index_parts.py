"""Joins the index of the chain: what follows the chain, and what reads the index."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ipnft_desktop.services.chain_identity import IdentityCheck
from ipnft_desktop.services.chain_indexing import ChainIndexing
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.session import Session

if TYPE_CHECKING:
    from ipnft_desktop.bootstrap.adapters import Adapters


def chain_indexing(
    parts: Adapters,
    identity: IdentityCheck,
    events: EventHub,
    session: Session,
    is_minting: Callable[[], bool],
    *,
    is_ours: bool,
) -> ChainIndexing:
    """Follows the chain from now on: one of our own from its first block, that of others from where our contract was
    deployed, for its past is long and tells nothing of us."""
    indexing = ChainIndexing(
        parts.database,
        parts.chain,
        identity,
        events,
        parts.clock,
        session,
        first_block_of=lambda bound: 0 if is_ours else bound.deployment_block,
        is_minting=is_minting,
    )
    indexing.start()
    return indexing
