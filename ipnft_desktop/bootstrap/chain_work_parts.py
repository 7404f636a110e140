"""Joins what changes the chain otherwise than by a mint: calls of contracts, and the validity of certificates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ipnft_desktop.services.certificates import Certificates
from ipnft_desktop.services.chain_identity import IdentityCheck
from ipnft_desktop.services.chain_journal import ChainJournal
from ipnft_desktop.services.chain_watcher import ChainWatcher
from ipnft_desktop.services.content_removal import ContentRemoval
from ipnft_desktop.services.contract_writes import ContractWrites
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.recorded_sending import RecordedSender
from ipnft_desktop.services.session import Session

if TYPE_CHECKING:
    from ipnft_desktop.bootstrap.adapters import Adapters


@dataclass(frozen=True, slots=True)
class ChainWork:
    """What people do to the chain."""

    writes: ContractWrites
    certificates: Certificates


def chain_work(
    parts: Adapters,
    session: Session,
    events: EventHub,
    watcher: ChainWatcher,
    identity: IdentityCheck,
    journal: ChainJournal,
    removal: ContentRemoval,
    sender: RecordedSender,
) -> ChainWork:
    """Over the adapters of a workspace."""
    writes = ContractWrites(
        parts.database, parts.chain, watcher, identity, journal, sender, events, parts.clock, session
    )
    certificates = Certificates(
        parts.database, parts.chain, parts.content, removal, writes, identity, events, parts.clock, session
    )
    return ChainWork(writes, certificates)
