"""Joins the index of the chain with what rests on it: bulk verification and reconciliation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ipnft_desktop.services.bulk_verification import BulkVerification
from ipnft_desktop.services.chain_identity import IdentityCheck
from ipnft_desktop.services.chain_indexing import ChainIndexing
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.mint_desk import MintDesk
from ipnft_desktop.services.reconciliation import Reconciliation
from ipnft_desktop.services.reconciliation_repairs import ReconciliationRepairs
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.token_adoption import TokenAdoption

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
        is_ours=is_ours,
        is_minting=is_minting,
    )
    indexing.start()
    return indexing


@dataclass(frozen=True, slots=True)
class Comparing:
    """What compares register, chain and content for many assets at once."""

    bulk: BulkVerification
    reconciliation: Reconciliation
    repairs: ReconciliationRepairs


def comparing(
    parts: Adapters,
    indexing: ChainIndexing,
    adoption: TokenAdoption,
    desk: MintDesk,
    events: EventHub,
    session: Session,
    every_hours: int,
) -> Comparing:
    """Over the adapters of a workspace; the schedule begins with the next start of the environment."""
    bulk = BulkVerification(parts.database, parts.chain, parts.content, session)
    reconciliation = Reconciliation(parts.database, bulk, indexing, events, parts.clock, session, every_hours)
    reconciliation.start()
    repairs = ReconciliationRepairs(
        parts.database,
        parts.chain,
        parts.content,
        reconciliation,
        adoption,
        indexing,
        desk,
        parts.clock,
        session,
    )
    return Comparing(bulk, reconciliation, repairs)
