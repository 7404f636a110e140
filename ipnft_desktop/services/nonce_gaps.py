"""Nonces that nothing of ours holds below one that is signed: the chain would wait for them for ever."""

from __future__ import annotations

import asyncio

from ipnft_desktop.domain.minting import TransactionPurpose, TransactionRecord
from ipnft_desktop.program_log import log_event
from ipnft_desktop.services.chain_ports import Chain, Signer
from ipnft_desktop.services.ports import Clock, Database, Transaction


class NonceGaps:
    """Finds and fills them, on start, after a reset and after a reorganisation."""

    def __init__(self, database: Database, chain: Chain, signer: Signer, clock: Clock, lane: asyncio.Lock) -> None:
        """`lane` is held by whoever sends."""
        self._lane = lane
        self._database = database
        self._chain = chain
        self._signer = signer
        self._clock = clock

    async def repair(self) -> int:
        """Sign, record and send a transaction to ourselves for every gap, and send again what no open mint does: the
        cancellation of a mint that has ended, too, may have lost its block. Returns how many gaps were filled."""
        async with self._lane:
            return await self._repair()

    async def _repair(self) -> int:
        identity = await self._database.read(lambda tx: tx.chain_identity())
        if identity is None:
            return 0
        signer = self._signer.address
        chain_nonce = await self._chain.nonce_of(signer)
        live = await self._database.read(lambda tx: tx.live_transactions(signer, chain_nonce))
        held = {transaction.nonce for transaction in live}
        unminded = list(await self._database.read(lambda tx: tx.stranded_transactions(signer, chain_nonce)))
        gaps = [nonce for nonce in range(chain_nonce, max(held, default=chain_nonce)) if nonce not in held]
        if gaps:
            fees = await self._chain.fees()
            now = self._clock.now()

            def work(tx: Transaction) -> list[TransactionRecord]:
                signed = [
                    self._signer.sign_self_transfer(identity.chain_id, nonce, fees, TransactionPurpose.FILL)
                    for nonce in gaps
                ]
                for transaction in signed:
                    tx.record_fill(transaction, now)
                    facts = {"nonce": str(transaction.nonce), "tx_hash": transaction.tx_hash}
                    tx.append_audit("mint engine", "nonce.filled", signer, facts, now)
                return signed

            unminded += await self._database.write(work)
        for transaction in sorted(unminded, key=lambda sent: sent.nonce):
            reply = await self._chain.send_raw(transaction.raw)
            log_event(
                "nonce.freed",
                nonce=transaction.nonce,
                purpose=transaction.purpose,
                tx=transaction.tx_hash,
                verdict=reply.verdict,
            )
        return len(gaps)
