"""Joins what changes the chain otherwise than by a mint: calls of contracts, the validity of certificates, and the
controls of a chain of our own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ipnft_desktop.bootstrap.signing_lane import own_sender
from ipnft_desktop.services.certificates import Certificates
from ipnft_desktop.services.chain_identity import IdentityCheck
from ipnft_desktop.services.chain_journal import ChainJournal
from ipnft_desktop.services.chain_ports import Signer
from ipnft_desktop.services.chain_watcher import ChainWatcher
from ipnft_desktop.services.content_removal import ContentRemoval
from ipnft_desktop.services.contract_writes import ContractWrites
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.local_chain import LocalChain
from ipnft_desktop.services.mint_desk import MintDesk
from ipnft_desktop.services.mint_ledger import MintPolicy
from ipnft_desktop.services.recorded_sending import RecordedSender
from ipnft_desktop.services.recovery import Recovery
from ipnft_desktop.services.sending_accounts import SendingAccounts
from ipnft_desktop.services.session import Session

if TYPE_CHECKING:
    from ipnft_desktop.bootstrap.adapters import Adapters


@dataclass(frozen=True, slots=True)
class ChainWork:
    """What people do to the chain."""

    accounts: SendingAccounts
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
    policy: MintPolicy,
    lane: asyncio.Lock,
    desk: MintDesk,
) -> ChainWork:
    """Over the adapters of a workspace."""
    sender = own_sender(parts, identity, lane, policy, desk)

    def another(signer: Signer) -> RecordedSender:
        # An account of its own has a lane of its own.
        return own_sender(replace(parts, signer=signer), identity, asyncio.Lock(), policy, desk)

    bank = another(parts.bank) if parts.bank else None
    accounts = SendingAccounts(sender, bank, _unsigned(parts.impersonate, another))
    writes = ContractWrites(
        parts.database, parts.chain, watcher, identity, journal, accounts, events, parts.clock, session
    )
    certificates = Certificates(
        parts.database, parts.chain, parts.content, removal, writes, identity, events, parts.clock, session
    )
    return ChainWork(accounts, writes, certificates)


def _unsigned(
    impersonate: Callable[[str], Signer] | None, sender_of: Callable[[Signer], RecordedSender]
) -> Callable[[str], RecordedSender] | None:
    return None if impersonate is None else lambda address: sender_of(impersonate(address))


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
        work.accounts,
        events,
        parts.clock,
        session,
        lane,
        recovery.come_into_step,
        is_ours=is_ours,
        may_act=lambda: desk.is_open,
    )
