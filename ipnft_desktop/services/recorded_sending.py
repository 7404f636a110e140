"""Transactions of no mint: recorded before they are sent, under a nonce of the same lane as the mints.

What a kill leaves behind is sent again with the same bytes: as a fill is (`services/nonce_gaps.py`), and by whoever
waits for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import TypeVar

from ipnft_desktop.domain.chain import ChainIdentity, Fees, SendReply
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.fees import replacement_fees
from ipnft_desktop.domain.minting import TransactionPurpose, TransactionRecord
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.program_log import log_event
from ipnft_desktop.services.chain_identity import IdentityCheck
from ipnft_desktop.services.chain_ports import Chain, Signer
from ipnft_desktop.services.ports import Clock, Database, Transaction

T = TypeVar("T")

REPLIES_KEPT = 500
"""The newest ones, each with its transaction's hash."""


class RecordedSender:
    """Signs, records and sends for one account."""

    def __init__(
        self,
        database: Database,
        chain: Chain,
        signer: Signer,
        identity: IdentityCheck,
        clock: Clock,
        lane: asyncio.Lock,
        *,
        max_fee_wei: int,
        may_send: Callable[[], bool],
    ) -> None:
        """`lane` is held by whoever sends from this account; `may_send` is False while mints may not be sent either."""
        self._database = database
        self._chain = chain
        self._signer = signer
        self._identity = identity
        self._clock = clock
        self._lane = lane
        self._max_fee_wei = max_fee_wei
        self._may_send = may_send
        self._replies: dict[str, SendReply] = {}

    @property
    def signer(self) -> Signer:
        """Who signs."""
        return self._signer

    @property
    def may_send(self) -> bool:
        """Whether anything is sent at present."""
        return self._may_send()

    def require_open(self) -> None:
        """Raise EnvironmentFault NODE_UNREACHABLE while nothing is sent."""
        if not self._may_send():
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "nothing is sent before the environment is ready")

    async def send(
        self,
        prepare: Callable[[ChainIdentity], Awaitable[T]],
        commit: Callable[[Transaction, ChainIdentity, T, int], TransactionRecord],
    ) -> TransactionRecord:
        """Number, sign, record and hand over one transaction; returns before a block has it.

        `prepare` asks the chain, which was seen to be ours, with the lane held. `commit` then signs under the nonce it
        is given and writes what else belongs to the record, all in one commit with the signed bytes. To be called in a
        task that nobody cancels: what is recorded has to be handed over and followed.

        Raises what these two raise, EnvironmentFault CHAIN_RESET, CHAIN_MISMATCH, FEE_CAP_EXCEEDED, SIGNER_BUSY or
        NODE_UNREACHABLE.
        """
        self.require_open()
        address = self._signer.address
        async with self._lane:
            self.require_open()  # it may have been closed while this waited
            identity = await self._identity.require_same()
            prepared = await prepare(identity)
            chain_nonce = await self._chain.nonce_of(address)

            def work(tx: Transaction) -> TransactionRecord:
                if tx.chain_identity() != identity:
                    raise EnvironmentFault(
                        ErrorCode.CHAIN_MISMATCH, "another program bound this register to a new chain"
                    )
                (nonce,) = tx.next_nonces(address, chain_nonce, 1)
                signed = commit(tx, identity, prepared, nonce)
                self.require_affordable(signed.gas_limit, signed.max_fee_per_gas_wei)
                tx.record_fill(signed, self._clock.now())
                return signed

            signed = await self._database.write(work)
            try:
                await self._hand_over(signed.raw, signed.tx_hash)
            finally:
                await self._free_signer(address)
        return signed

    async def take_back(self, nonce: int, commit: Callable[[Transaction, TransactionRecord], None]) -> None:
        """Sign, record and hand over a transaction that sends nothing, under the nonce of one that waits: it outbids
        it, and the chain mines one of the two. Called and raising as `send`; a fee cap does not keep it back."""
        self.require_open()
        async with self._lane:
            self.require_open()
            identity = await self._identity.require_same()
            fees, address = await self._chain.fees(), self._signer.address

            def work(tx: Transaction) -> TransactionRecord:
                former = [signed for signed in tx.live_transactions(address, nonce) if signed.nonce == nonce]
                offer = replacement_fees(former, fees)
                fill = self._signer.sign_self_transfer(identity.chain_id, nonce, offer, TransactionPurpose.FILL)
                commit(tx, fill)
                return fill

            fill = await self._database.write(work)
            await self._hand_over(fill.raw, fill.tx_hash)

    def require_affordable(self, gas_limit: int, max_fee_per_gas_wei: int) -> None:
        """Raise EnvironmentFault FEE_CAP_EXCEEDED above `max_fee_eth` of the settings."""
        needed_wei = gas_limit * max_fee_per_gas_wei
        if needed_wei > self._max_fee_wei:
            told = phrase("{needed} wei > {cap} wei", needed=str(needed_wei), cap=str(self._max_fee_wei))
            raise EnvironmentFault(ErrorCode.FEE_CAP_EXCEEDED, told)

    async def send_again(self, tx_hashes: Collection[str]) -> None:
        """Hand over the same bytes once more, of those that are recorded and still to be mined; what is to take their
        place instead of them."""
        async with self._lane:
            await self._identity.require_same()
            nonce = await self._chain.nonce_of(self._signer.address)
            address = self._signer.address
            live, stranded = await self._database.read(
                lambda tx: (tx.live_transactions(address, nonce), tx.stranded_transactions(address, nonce))
            )
            wanted = {signed.nonce for signed in live if signed.tx_hash in tx_hashes}
            for waiting in stranded:
                if waiting.nonce in wanted:
                    await self._hand_over(waiting.raw, waiting.tx_hash)

    def reply_to(self, tx_hash: str) -> SendReply | None:
        """What the node replied when it was last handed a transaction; None where this program did not hand it over."""
        return self._replies.get(tx_hash)

    async def fees(self) -> Fees:
        """What the next transaction should offer."""
        return await self._chain.fees()

    async def _free_signer(self, address: str) -> None:
        """Let another program on the same register send."""
        if not self._database.is_shared:
            return
        try:
            await self._database.write(lambda tx: tx.release_signer(address))
        except EnvironmentFault as fault:
            log_event("signer.not_released", signer=address, code=fault.code)  # its lease ends by itself

    async def _hand_over(self, raw: bytes, tx_hash: str) -> None:
        reply = await self._chain.send_raw(raw)
        self._replies.pop(tx_hash, None)
        self._replies[tx_hash] = reply
        if len(self._replies) > REPLIES_KEPT:
            del self._replies[next(iter(self._replies))]
        log_event("transaction.sent", tx=tx_hash, verdict=reply.verdict)
