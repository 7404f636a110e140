"""Nonces that nothing of ours holds below one that is signed: the chain would wait for them for ever."""

from __future__ import annotations

import logging

from ipnft_desktop.domain.minting import TransactionPurpose, TransactionRecord
from ipnft_desktop.services.ports import Chain, Clock, Database, Signer, Transaction

log = logging.getLogger("ipnft")


class NonceGaps:
    """Finds and fills them, on start and after a reset. Call it while nothing else is sent."""

    def __init__(self, database: Database, chain: Chain, signer: Signer, clock: Clock) -> None:
        self._database = database
        self._chain = chain
        self._signer = signer
        self._clock = clock

    async def repair(self) -> int:
        """Sign, record and send a transaction to ourselves for every gap; returns how many were new."""
        identity = await self._database.read(lambda tx: tx.chain_identity())
        if identity is None:
            return 0
        signer = self._signer.address
        chain_nonce = await self._chain.nonce_of(signer)
        live = await self._database.read(lambda tx: tx.live_transactions(signer, chain_nonce))
        held = {transaction.nonce for transaction in live}
        fills = [transaction for transaction in live if transaction.purpose is TransactionPurpose.FILL]
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

            fills += await self._database.write(work)
        for transaction in sorted(fills, key=lambda filled: filled.nonce):
            reply = await self._chain.send_raw(transaction.raw)
            log.info("nonce.filled nonce=%d tx=%s %s", transaction.nonce, transaction.tx_hash, reply.verdict)
        return len(gaps)
