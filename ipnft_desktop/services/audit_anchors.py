"""The audit log's last seal written into the chain: from then on not even who has the key can change what was before.

An anchor is a transaction to ourselves, recorded and sent as `services/recorded_sending.py` tells.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import aclosing
from functools import partial

from ipnft_desktop.domain.audit import (
    AnchorMatch,
    AnchorVerdict,
    AuditAnchor,
    AuditPoint,
    anchor_in,
)
from ipnft_desktop.domain.chain import ChainIdentity, Fees, Receipt
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.domain.minting import TransactionRecord
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.program_log import log_event
from ipnft_desktop.services.audit_ports import AuditProof
from ipnft_desktop.services.chain_ports import Chain, Signer
from ipnft_desktop.services.chain_watcher import ChainWatcher
from ipnft_desktop.services.owned_work import OwnedWork
from ipnft_desktop.services.ports import Clock, Database, Transaction
from ipnft_desktop.services.recorded_sending import RecordedSender
from ipnft_desktop.services.session import Session

ANCHORS_READ = 200
SEEN_WITHIN_S = 20.0
"""So long `anchor` waits for the block; one that takes longer is found by a later look."""
IDLE_S = 1.0

_HASH = re.compile(r"0x[0-9a-fA-F]{64}")


class AuditAnchors:
    """Makes anchors, finds their blocks, and compares them with the log."""

    def __init__(
        self,
        database: Database,
        chain: Chain,
        signer: Signer,
        watcher: ChainWatcher,
        proof: AuditProof,
        clock: Clock,
        session: Session,
        sender: RecordedSender,
        *,
        on_unseen: Callable[[], None],
    ) -> None:
        """`on_unseen` sees to it that what no block shows is sent again: the mints behind it wait for its nonce."""
        self._database = database
        self._chain = chain
        self._signer = signer
        self._watcher = watcher
        self._proof = proof
        self._clock = clock
        self._session = session
        self._sender = sender
        self._on_unseen = on_unseen
        self._beginnings = OwnedWork()
        self._followed: set[asyncio.Task[None]] = set()

    async def stop(self) -> None:
        """Follow nothing any more; what was begun is sent before."""
        await self._beginnings.settle()
        followed = tuple(self._followed)
        for task in followed:
            task.cancel()
        await asyncio.gather(*followed, return_exceptions=True)

    async def anchor(self) -> AuditAnchor:
        """Write the last row's seal into the chain; returns once a block has it, or after `SEEN_WITHIN_S` without one.
        Giving up waiting stops nothing.

        Raises UserError SIGN_IN_REQUIRED, PERMISSION_DENIED, MINT_INVALID_STATE while there is nothing sealed, or
        KEYSTORE_LOCKED; EnvironmentFault for a chain that is away, not ours, or too dear.
        """
        self._session.require(Permission.ANCHOR_AUDIT)
        self._sender.require_open()
        tx_hash, following = await self._beginnings(self._begin(self._session.actor), "audit-anchor.begin")
        await asyncio.wait([following])
        return next(one for one in await self._recorded() if one.tx_hash == tx_hash)

    async def anchors(self) -> tuple[AuditAnchor, ...]:
        """All of them, newest first; where the chain can be asked, with the blocks it shows now. Raises UserError
        SIGN_IN_REQUIRED."""
        self._session.require_reader()
        if self._sender.may_send:
            await self._settle()
        return await self._recorded()

    async def verify(self, tx_hash: str) -> AnchorVerdict:
        """Compare what a transaction wrote into the chain with the log. The hash may come from anywhere: whoever
        forges a log would remove its anchors from the register too.

        Raises UserError SIGN_IN_REQUIRED, or VALIDATION_FAILED where it is no hash; EnvironmentFault NODE_UNREACHABLE.
        """
        self._session.require_reader()
        if not _HASH.fullmatch(tx_hash):
            raise UserError(ErrorCode.VALIDATION_FAILED, "a transaction hash is 0x and 64 hexadecimal digits")
        mined = await self._chain.mined_data(tx_hash.lower())
        if mined is None:
            return AnchorVerdict(AnchorMatch.NOT_ON_CHAIN)
        point = anchor_in(mined.data)
        if point is None:
            return AnchorVerdict(AnchorMatch.NO_ANCHOR, None, mined.signer, mined.block_number)
        entry = await self._database.read(lambda tx: tx.audit_entry(point.audit_id))
        if entry is None:
            match = AnchorMatch.ROW_MISSING
        else:
            match = AnchorMatch.SAME if entry.mac == point.mac else AnchorMatch.DIFFERENT
        return AnchorVerdict(match, point, mined.signer, mined.block_number)

    def _record(
        self, actor: str, tx: Transaction, identity: ChainIdentity, fees: Fees, nonce: int
    ) -> TransactionRecord:
        last = tx.last_audit_entry()
        if last is None or not last.mac:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "no row of the audit log is sealed yet")
        now = self._clock.now()
        point = AuditPoint(last.audit_id, last.mac)
        signed = self._signer.sign_anchor(identity.chain_id, nonce, fees, point)
        tx.record_anchor(AuditAnchor(point, self._proof.seal.key_id, signed.tx_hash, now, actor))
        facts = {"row": str(point.audit_id), "seal": point.mac.hex(), "tx_hash": signed.tx_hash}
        tx.append_audit(actor, "audit.anchored", "", facts, now)
        return signed

    async def _begin(self, actor: str) -> tuple[str, asyncio.Task[None]]:
        """Nobody may end this between the record and the following."""

        async def prepare(_identity: ChainIdentity) -> Fees:
            return await self._sender.fees()

        signed = await self._sender.send(prepare, partial(self._record, actor))
        following = asyncio.create_task(self._wait_for_block(signed.tx_hash), name="audit-anchor.follow")
        self._followed.add(following)
        following.add_done_callback(self._followed.discard)
        return signed.tx_hash, following

    async def _wait_for_block(self, tx_hash: str) -> None:
        try:
            async with asyncio.timeout(SEEN_WITHIN_S), aclosing(self._watcher.sightings((tx_hash,), IDLE_S)) as seen:
                async for sighting in seen:
                    if sighting and sighting.receipt:
                        await self._note_block(tx_hash, sighting.receipt)
                        return
        except TimeoutError:
            log_event("audit.anchor_waits", tx=tx_hash)
            if self._sender.may_send:
                self._on_unseen()
        except EnvironmentFault as fault:
            log_event("audit.anchor_waits", tx=tx_hash, code=fault.code)  # the next look at the anchors records it

    async def _settle(self) -> None:
        """Look again at what the record says about blocks: they come late, and may vanish."""
        anchors = {one.tx_hash: one for one in await self._recorded() if one.on_present_chain}
        if not anchors:
            return
        try:
            receipts = await self._chain.receipts(list(anchors))
            missing = [tx_hash for tx_hash, receipt in receipts.items() if receipt is None]
            for tx_hash, receipt in receipts.items():
                if (receipt and receipt.block.block_hash) != anchors[tx_hash].block_hash:
                    await self._note_block(tx_hash, receipt)
            if missing:
                await self._sender.send_again(missing)
        except EnvironmentFault as fault:
            log_event("audit.anchors_not_looked_at", code=fault.code)

    async def _note_block(self, tx_hash: str, receipt: Receipt | None) -> None:
        block = receipt.block if receipt else None
        await self._database.write(lambda tx: tx.record_anchor_mined(tx_hash, block))

    async def _recorded(self) -> tuple[AuditAnchor, ...]:
        return await self._database.read(lambda tx: tx.audit_anchors(ANCHORS_READ))
