"""Joins what changes the chain otherwise than by a mint: calls of contracts, the validity of certificates, and the
controls of a chain of our own."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ipnft_desktop.bootstrap.signing_lane import own_sender
from ipnft_desktop.services.certificates import Certificates
from ipnft_desktop.services.chain_identity import IdentityCheck
from ipnft_desktop.services.chain_journal import ChainJournal
from ipnft_desktop.services.chain_watcher import ChainWatcher
from ipnft_desktop.services.content_removal import ContentRemoval
from ipnft_desktop.services.contract_writes import ContractWrites
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.local_chain import LocalChain
from ipnft_desktop.services.mint_desk import MintDesk
from ipnft_desktop.services.mint_ledger import MintPolicy
from ipnft_desktop.services.recorded_sending import RecordedSender
from ipnft_desktop.services.recovery import Recovery
from ipnft_desktop.services.session import Session

if TYPE_CHECKING:
    from ipnft_desktop.bootstrap.adapters import Adapters


@dataclass(frozen=True, slots=True)
class ChainWork:
    """What people do to the chain."""

    sender: RecordedSender
    writes: ContractWrites
    certificates: Certificates
    bank: RecordedSender | None


def chain_work(
    parts: Adapters,
    session: Session,
    events: EventHub,
    watcher: ChainWatcher,
    identity: IdentityCheck,
    journal: ChainJournal,
    removal: ContentRemoval,
    policy: MintPolicy,
    lane: asyncio.Lock,
    desk: MintDesk,
) -> ChainWork:
    """Over the adapters of a workspace."""
    sender = own_sender(parts, identity, lane, policy, desk)
    # An account of its own has a lane of its own.
    bank = own_sender(replace(parts, signer=parts.bank), identity, asyncio.Lock(), policy, desk) if parts.bank else None
    others = [bank] if bank else []
    writes = ContractWrites(
        parts.database, parts.chain, watcher, identity, journal, sender, events, parts.clock, session, *others
    )
    certificates = Certificates(
        parts.database, parts.chain, parts.content, removal, writes, identity, events, parts.clock, session
    )
    return ChainWork(sender, writes, certificates, bank)


def local_chain(
    parts: Adapters,
    session: Session,
    events: EventHub,
    work: ChainWork,
    lane: asyncio.Lock,
    desk: MintDesk,
    recovery: Recovery,
    *,
    is_ours: bool,
) -> LocalChain:
    """The controls, for a chain of our own; elsewhere they refuse."""
    return LocalChain(
        parts.database,
        parts.chain,
        parts.controls,
        work.writes,
        work.bank,
        events,
        parts.clock,
        session,
        lane,
        recovery.come_into_step,
        is_ours=is_ours,
        may_act=lambda: desk.is_open,
    )
