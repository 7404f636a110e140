"""Joins what mints, what anchors the audit log, and what sends any other transaction: all sign and send in one lane."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ipnft_desktop.services.audit_anchors import AuditAnchors
from ipnft_desktop.services.batch_refusals import BatchRefusals
from ipnft_desktop.services.chain_identity import IdentityCheck
from ipnft_desktop.services.chain_journal import ChainJournal
from ipnft_desktop.services.chain_watcher import ChainWatcher
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.mint_barriers import MintBarriers
from ipnft_desktop.services.mint_cases import MintCases
from ipnft_desktop.services.mint_desk import MintDesk
from ipnft_desktop.services.mint_endings import MintEndings
from ipnft_desktop.services.mint_ledger import MintLedger, MintPolicy
from ipnft_desktop.services.mint_opening import MintOpening
from ipnft_desktop.services.minting import MintEngine
from ipnft_desktop.services.recorded_sending import RecordedSender
from ipnft_desktop.services.recovery import Recovery
from ipnft_desktop.services.session import Session

if TYPE_CHECKING:
    from ipnft_desktop.bootstrap.adapters import Adapters


def own_sender(
    parts: Adapters, identity: IdentityCheck, lane: asyncio.Lock, policy: MintPolicy, desk: MintDesk
) -> RecordedSender:
    """Sends what is no mint from the account that mints."""
    return RecordedSender(
        parts.database,
        parts.chain,
        parts.signer,
        identity,
        parts.clock,
        lane,
        max_fee_wei=policy.max_fee_wei,
        may_send=lambda: desk.is_open,
    )


def audit_anchors(
    parts: Adapters, session: Session, watcher: ChainWatcher, sender: RecordedSender, recovery: Recovery
) -> AuditAnchors | None:
    """What anchors the audit log on the chain; None where the log is not sealed."""
    if parts.audit is None:
        return None
    return AuditAnchors(
        parts.database,
        parts.chain,
        parts.signer,
        watcher,
        parts.audit,
        parts.clock,
        session,
        sender,
        on_unseen=recovery.noticed,
    )


def mint_desk(
    parts: Adapters,
    session: Session,
    events: EventHub,
    watcher: ChainWatcher,
    identity: IdentityCheck,
    journal: ChainJournal,
    policy: MintPolicy,
    lane: asyncio.Lock,
) -> MintDesk:
    """Where mints are asked for, with the engine behind it."""
    database, chain, signer, clock = parts.database, parts.chain, parts.signer, parts.clock
    ledger = MintLedger(database, events, clock)
    barriers = MintBarriers(journal, ledger, clock)
    endings = MintEndings(database, chain, identity, journal, ledger, barriers, clock)
    engine = MintEngine(
        database,
        parts.content,
        chain,
        signer,
        watcher,
        identity,
        endings,
        BatchRefusals(ledger, clock),
        ledger,
        barriers,
        clock,
        policy,
        lane,
    )
    cases = MintCases(engine, database, events)
    opening = MintOpening(ledger, clock, policy, session)
    return MintDesk(engine, cases, opening, database, chain, signer, events, clock, session)
