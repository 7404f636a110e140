"""Joins the index of the chain with what rests on it: bulk verification and reconciliation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ipnft_desktop.domain.reconciliation import Repair
from ipnft_desktop.services import repairs_by_chain, repairs_by_note, repairs_of_content, repairs_of_record
from ipnft_desktop.services.bulk_verification import BulkVerification
from ipnft_desktop.services.chain_identity import IdentityCheck
from ipnft_desktop.services.chain_indexing import ChainIndexing
from ipnft_desktop.services.content_sources import CheckpointContent, ContentRecovery, PublishedContent
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.mint_desk import MintDesk
from ipnft_desktop.services.minted_metadata import MintedMetadata
from ipnft_desktop.services.reconciliation import Reconciliation
from ipnft_desktop.services.reconciliation_repairs import ReconciliationRepairs
from ipnft_desktop.services.repair_parts import RepairFamily, RepairLog
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.token_adoption import TokenAdoption
from ipnft_desktop.services.workspace_ports import CheckpointStore

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
    checkpoints: CheckpointStore,
    events: EventHub,
    session: Session,
    every_hours: int,
) -> Comparing:
    """Over the adapters of a workspace; the schedule begins with the next start of the environment. What the content
    store lost is looked for at the IPFS node and then in `checkpoints`."""
    bulk = BulkVerification(parts.database, parts.chain, parts.content, session)
    reconciliation = Reconciliation(parts.database, bulk, indexing, events, parts.clock, session, every_hours)
    reconciliation.start()
    log = RepairLog(parts.database, parts.clock, session)
    metadata = MintedMetadata(parts.chain, parts.content)
    recovery = ContentRecovery(parts.content, [PublishedContent(parts.peer), CheckpointContent(checkpoints)])
    families: tuple[tuple[Iterable[Repair], RepairFamily], ...] = (
        (
            repairs_by_chain.REPAIRS,
            repairs_by_chain.ChainRepairs(parts.database, adoption, indexing, desk, log, session),
        ),
        (
            repairs_by_note.REPAIRS,
            repairs_by_note.NoteRepairs(parts.database, parts.chain, log, parts.clock, session),
        ),
        (
            repairs_of_content.REPAIRS,
            repairs_of_content.ContentRepairs(parts.database, parts.content, metadata, recovery, log, session),
        ),
        (
            repairs_of_record.REPAIRS,
            repairs_of_record.RecordRepairs(
                parts.database, parts.chain, parts.content, metadata, log, events, parts.clock, session
            ),
        ),
    )
    by_repair = {repair: family for repairs, family in families for repair in repairs}
    repairs = ReconciliationRepairs(by_repair, reconciliation, session)
    return Comparing(bulk, reconciliation, repairs)
