"""The audit log's last seal written into the chain: from then on not even who has the key can change what was before.

An anchor is a transaction to ourselves that is recorded before it is sent, under a nonce of the same lane as the mints.
After a kill it is sent again as a fill is, see `services/nonce_gaps.py`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import aclosing

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
from ipnft_desktop.services.chain_identity import IdentityCheck
from ipnft_desktop.services.chain_ports import Chain, Signer
from ipnft_desktop.services.chain_watcher import ChainWatcher
from ipnft_desktop.services.ports import Clock, Database, Transaction
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
        identity: IdentityCheck,
        proof: AuditProof,
        clock: Clock,
        session: Session,
        lane: asyncio.Lock,
        *,
        max_fee_wei: int,
        may_send: Callable[[], bool],
        on_unseen: Callable[[], None],
    ) -> None:
        """`lane` is held by whoever sends; `may_send` is False while mints may not be sent either; `on_unseen` sees to
        it that what no block shows is sent again: the mints behind it wait for its nonce."""
        self._database = database
        self._chain = chain
        self._signer = signer
        self._watcher = watcher
        self._identity = identity
        self._proof = proof
        self._clock = clock
        self._session = session
        self._lane = lane
        self._max_fee_wei = max_fee_wei
        self._may_send = may_send
        self._on_unseen = on_unseen

    async def anchor(self) -> AuditAnchor:
        """Write the last row's seal into the chain; returns once a block has it, or after `SEEN_WITHIN_S` without one.

        Raises UserError SIGN_IN_REQUIRED, PERMISSION_DENIED, MINT_INVALID_STATE while there is nothing sealed, or
        KEYSTORE_LOCKED; EnvironmentFault for a chain that is away, not ours, or too dear.
        """
        self._session.require(Permission.ANCHOR_AUDIT)
        if not self._may_send():
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "nothing is sent before the environment is ready")
        async with self._lane:
            identity = await self._identity.require_same()
            fees = await self._chain.fees()
            chain_nonce = await self._chain.nonce_of(self._signer.address)
            anchor, signed = await self._database.write(lambda tx: self._record(tx, identity, fees, chain_nonce))
            await self._send(signed)
            if self._database.is_shared:
                address = self._signer.address
                await self._database.write(lambda tx: tx.release_signer(address))
        await self._wait_for_block(anchor.tx_hash)
        return next((one for one in await self._recorded() if one.tx_hash == anchor.tx_hash), anchor)

    async def anchors(self) -> tuple[AuditAnchor, ...]:
        """All of them, newest first; where the chain can be asked, with the blocks it shows now. Raises UserError
        SIGN_IN_REQUIRED."""
        self._session.require_reader()
        if self._may_send():
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
        self, tx: Transaction, identity: ChainIdentity, fees: Fees, chain_nonce: int
    ) -> tuple[AuditAnchor, TransactionRecord]:
        if tx.chain_identity() != identity:
            raise EnvironmentFault(ErrorCode.CHAIN_MISMATCH, "another program bound this register to a new chain")
        last = tx.last_audit_entry()
        if last is None or not last.mac:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "no row of the audit log is sealed yet")
        now, actor = self._clock.now(), self._session.actor
        point = AuditPoint(last.audit_id, last.mac)
        (nonce,) = tx.next_nonces(self._signer.address, chain_nonce, 1)
        signed = self._signer.sign_anchor(identity.chain_id, nonce, fees, point)
        if signed.gas_limit * signed.max_fee_per_gas_wei > self._max_fee_wei:
            raise EnvironmentFault(ErrorCode.FEE_CAP_EXCEEDED, "the anchor would cost more than max_fee_eth")
        anchor = AuditAnchor(point, self._proof.seal.key_id, signed.tx_hash, now, actor)
        tx.record_fill(signed, now)
        tx.record_anchor(anchor)
        facts = {"row": str(point.audit_id), "seal": point.mac.hex(), "tx_hash": signed.tx_hash}
        tx.append_audit(actor, "audit.anchored", "", facts, now)
        return anchor, signed

    async def _send(self, signed: TransactionRecord) -> None:
        reply = await self._chain.send_raw(signed.raw)
        log_event("audit.anchor_sent", nonce=signed.nonce, tx=signed.tx_hash, verdict=reply.verdict)

    async def _wait_for_block(self, tx_hash: str) -> None:
        try:
            async with asyncio.timeout(SEEN_WITHIN_S), aclosing(self._watcher.sightings((tx_hash,), IDLE_S)) as seen:
                async for sighting in seen:
                    if sighting and sighting.receipt:
                        await self._note_block(tx_hash, sighting.receipt)
                        return
        except TimeoutError:
            log_event("audit.anchor_waits", tx=tx_hash)
            self._on_unseen()

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
                await self._send_again(frozenset(missing))
        except EnvironmentFault as fault:
            log_event("audit.anchors_not_looked_at", code=fault.code)

    async def _send_again(self, tx_hashes: frozenset[str]) -> None:
        signer = self._signer.address
        async with self._lane:
            await self._identity.require_same()
            nonce = await self._chain.nonce_of(signer)
            for waiting in await self._database.read(lambda tx: tx.stranded_transactions(signer, nonce)):
                if waiting.tx_hash in tx_hashes:
                    await self._send(waiting)

    async def _note_block(self, tx_hash: str, receipt: Receipt | None) -> None:
        block = receipt.block if receipt else None
        await self._database.write(lambda tx: tx.record_anchor_mined(tx_hash, block))

    async def _recorded(self) -> tuple[AuditAnchor, ...]:
        return await self._database.read(lambda tx: tx.audit_anchors(ANCHORS_READ))
