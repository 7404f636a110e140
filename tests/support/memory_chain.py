"""A chain in memory: the ports `Chain` and `LocalChainControls` without sockets, web3 or waiting.

It behaves as a Hardhat node does, as far as the register can tell (tests/ports/chain runs over both), and it can be
told to misbehave: see the methods and attributes under "faults", here and in `MemoryLedger`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace

from ipnft_desktop.domain.certificates import TokenEvent, state_from
from ipnft_desktop.domain.chain import (
    LOCAL_CHAIN_ID,
    BlockRef,
    ChainIdentity,
    ChainLoad,
    ChainLook,
    ChainObservation,
    Fees,
    IdentityVerdict,
    MinedData,
    MintCall,
    MintSighting,
    NonceUse,
    Preflight,
    Receipt,
    RecordedBlock,
    SendReply,
    SendVerdict,
    TokenFacts,
    TransactionPlan,
    compare_identity,
)
from ipnft_desktop.domain.chain_events import ChainSlice, IndexedBlock
from ipnft_desktop.domain.contract_writes import ContractCall
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError
from ipnft_desktop.domain.minting import TransactionRecord
from ipnft_desktop.services.contract_ports import StateNotKept
from tests.support.memory_calls import CALL_GAS, encoded_call, refusal_of
from tests.support.memory_ledger import BASE_FEE_WEI, NO_HASH, MemoryLedger
from tests.support.memory_transactions import MemorySigner, MemoryTransaction, encoded, gas_of, memory_hash

__all__ = ["MemoryChain", "MemorySigner"]


class MemoryChain(MemoryLedger):
    """The ledger as the program meets it, through a connection that may fail."""

    def __init__(self, chain_id: int = LOCAL_CHAIN_ID) -> None:
        self.sent: list[bytes] = []
        """Raw bytes of every call of `send_raw`, lost ones included."""
        self.keeps_history = True
        """While False, nobody is told how a nonce was used, or how tokens stood at a past block."""
        self.most_blocks_told = 1_000
        """Blocks whose logs the node tells at once."""
        self._unreachable = False
        self._hidden_receipts: set[str] = set()
        self._next_replies: list[Callable[[bytes], SendReply]] = []
        self._is_connected = False
        self._contract: str | None = None
        self._changed = asyncio.Event()
        self._clockwork: asyncio.Task[None] | None = None
        self._marks: list[tuple[int, dict[str, MemoryTransaction]] | None] = []
        super().__init__(chain_id)

    # --- faults -----------------------------------------------------------------------------------------------

    @property
    def unreachable(self) -> bool:
        """While set, reads raise NODE_UNREACHABLE and sending answers UNKNOWN."""
        return self._unreachable

    @unreachable.setter
    def unreachable(self, value: bool) -> None:
        self._unreachable = value
        self._changed.set()

    def reply_next(self, verdict: SendVerdict, message: str, *, taken: bool) -> None:
        """Answer the next send so, whether or not it is taken in."""

        def reply(raw: bytes) -> SendReply:
            if taken:
                self._take(raw)
            return SendReply(verdict, message)

        self._next_replies.append(reply)

    def lose_next_answer(self, message: str = "no answer in time") -> None:
        """The next send is taken in, but its answer is lost."""
        self.reply_next(SendVerdict.UNKNOWN, message, taken=True)

    def lose_next_request(self, message: str = "no connection") -> None:
        """The next send never arrives."""
        self.reply_next(SendVerdict.UNKNOWN, message, taken=False)

    def refuse_next(self, message: str) -> None:
        """The next send is answered with an error and not taken in."""
        self.reply_next(SendVerdict.REFUSED, message, taken=False)

    def refuse_next_though_taken(self, message: str) -> None:
        """The next send is answered with an error and was taken in all the same."""
        self.reply_next(SendVerdict.REFUSED, message, taken=True)

    def lose_receipt(self, tx_hash: str) -> None:
        """The node hides this receipt, though the transaction is mined."""
        self._hidden_receipts.add(tx_hash)

    def find_receipt(self, tx_hash: str) -> None:
        """The node shows it again."""
        self._hidden_receipts.discard(tx_hash)

    # --- the chain --------------------------------------------------------------------------------------------

    async def connect(self, rpc_url: str) -> int:
        self._is_connected = True
        await self._reachable()
        return self.chain_id

    async def disconnect(self) -> None:
        self._is_connected = False
        if self._clockwork is not None:
            self._clockwork.cancel()
            self._clockwork = None

    @property
    def is_local(self) -> bool:
        return self.chain_id == LOCAL_CHAIN_ID

    def use_contract(self, address: str | None) -> None:
        self._contract = address

    async def head(self) -> BlockRef:
        await self._reachable()
        return self._blocks[-1].block

    async def heads(self) -> AsyncIterator[BlockRef]:
        last: BlockRef | None = None
        while True:
            self._changed.clear()
            newest = self._blocks[-1].block
            if self._is_connected and not self.unreachable and newest != last:
                last = newest
                yield newest
            else:
                await self._changed.wait()

    async def fees(self) -> Fees:
        await self._reachable()
        return self._fees()

    async def load(self, blocks: int) -> ChainLoad:
        await self._reachable()
        newest = self._blocks[-blocks:]
        fees = tuple(self._base_fees_wei.get(recorded.block.block_hash, BASE_FEE_WEI) for recorded in newest)
        return ChainLoad((*fees, self.base_fee_wei), (self.fullness,) * len(newest))

    async def nonce_of(self, address: str) -> int:
        await self._reachable()
        return self._state.nonces[address]

    async def nonce_use(self, address: str, nonce: int, since_block: int) -> NonceUse | None:
        await self._reachable()
        if not self.keeps_history:
            return None
        for recorded in self._blocks[since_block:]:
            for transaction in map(MemoryTransaction.read, recorded.raw_transactions):
                if (transaction.signer, transaction.nonce) == (address, nonce):
                    return NonceUse(transaction.tx_hash, recorded.block)
        return None

    async def observe(self, address: str, deployment_block: int) -> ChainObservation:
        await self._reachable()
        contract = self._state.contracts.get(address)
        has_block = deployment_block < len(self._blocks)
        return ChainObservation(
            chain_id=self.chain_id,
            code_hash=memory_hash(contract.instance_id.encode()) if contract else None,
            instance_id=contract.instance_id if contract else None,
            deployment_block_hash=self._blocks[deployment_block].block.block_hash if has_block else None,
        )

    async def identity_of(self, deployment: Receipt) -> ChainIdentity:
        address, block = deployment.contract_address, deployment.block
        if address is None:
            raise EnvironmentFault(ErrorCode.CONTRACT_MISSING, "the transaction deployed nothing")
        seen = await self.observe(address, block.number)
        if seen.code_hash is None or seen.instance_id is None:
            raise EnvironmentFault(ErrorCode.CONTRACT_MISSING, "no contract of ours there")
        return ChainIdentity(seen.chain_id, address, seen.code_hash, seen.instance_id, block.number, block.block_hash)

    async def identity_at(self, address: str) -> ChainIdentity:
        contract = self._state.contracts.get(address)
        if contract is None:
            raise EnvironmentFault(ErrorCode.CONTRACT_MISSING, "no contract of ours there")
        seen = await self.observe(address, contract.block)
        assert seen.code_hash is not None
        assert seen.instance_id is not None
        block_hash = self._blocks[contract.block].block.block_hash
        return ChainIdentity(seen.chain_id, address, seen.code_hash, seen.instance_id, contract.block, block_hash)

    async def deployment_data(self, instance_id: bytes, admin: str, minter: str) -> bytes:
        await self._reachable()
        return instance_id

    async def preflight(self, call: MintCall, expected: ChainIdentity, sender: str) -> Preflight:
        found = await self._preflight(call, expected)
        if isinstance(found, IpnftError):
            raise found
        return found

    async def preflights(
        self, calls: Sequence[MintCall], expected: ChainIdentity, sender: str
    ) -> list[Preflight | IpnftError]:
        return [await self._preflight(call, expected) for call in calls]

    async def _preflight(self, call: MintCall, expected: ChainIdentity) -> Preflight | IpnftError:
        observation = await self.observe(expected.contract_address, expected.deployment_block)
        gas_limit = 0
        if compare_identity(expected, observation) in (IdentityVerdict.SAME, IdentityVerdict.REORGANISED):
            if problem := self._refusal(expected.contract_address, call):
                return problem
            gas_limit = gas_of(call) * 11 // 10
        fees = self._fees()
        plan = TransactionPlan(expected.chain_id, expected.contract_address, encoded(call), gas_limit, fees)
        return Preflight(observation, gas_limit, fees, self.balance_wei, plan)

    async def preflight_call(self, call: ContractCall, expected: ChainIdentity, sender: str) -> Preflight:
        data = encoded_call(call)
        observation = await self.observe(expected.contract_address, expected.deployment_block)
        gas_limit = 0
        if compare_identity(expected, observation) in (IdentityVerdict.SAME, IdentityVerdict.REORGANISED):
            is_ours = call.target == expected.contract_address and data
            if is_ours and (refused := refusal_of(call.target, data, self._state.tokens)):
                raise refused.as_error()
            gas_limit = CALL_GAS * 11 // 10
        fees = self._fees()
        plan = TransactionPlan(expected.chain_id, call.target, data, gas_limit, fees, call.value_wei)
        return Preflight(observation, gas_limit, fees, self.balance_wei, plan)

    async def balance_of(self, address: str) -> int:
        await self._reachable()
        return self.balance_wei + self._state.received_wei[address]

    async def token_then(self, token_id: int, block_number: int) -> tuple[str, str] | None:
        await self._reachable()
        if not self.keeps_history:
            raise StateNotKept("no state of that time is kept")
        owner, validity = state_from(self._events_of(token_id), block_number)
        return None if owner is None else (owner, validity)

    async def token_events(self, token_id: int) -> tuple[TokenEvent, ...]:
        await self._reachable()
        return self._events_of(token_id)

    def _events_of(self, token_id: int) -> tuple[TokenEvent, ...]:
        contract = self._contract_in_use()
        mined = self._state.mined
        return tuple(
            event for event in self._state.events if event.token_id == token_id and mined[event.tx_hash].to == contract
        )

    async def send_raw(self, raw: bytes) -> SendReply:
        self.sent.append(raw)
        await asyncio.sleep(0)
        if self.unreachable or not self._is_connected:
            return SendReply(SendVerdict.UNKNOWN, "no connection")
        if self._next_replies:
            return self._next_replies.pop(0)(raw)
        return self._take(raw)

    async def receipts(self, tx_hashes: Sequence[str]) -> dict[str, Receipt | None]:
        await self._reachable()
        return self._receipts(tx_hashes)

    async def look(self, tx_hashes: Sequence[str], anchor: int | None = None) -> ChainLook:
        await self._reachable()
        return ChainLook(
            head=self._blocks[-1].block,
            anchor=None if anchor is None else self._block_at(anchor),
            receipts=self._receipts(tx_hashes),
        )

    async def mints_between(self, first: int, last: int) -> tuple[MintSighting, ...]:
        await self._reachable()
        return tuple(mint for mint in self._mints() if first <= mint.block_number <= last)

    async def mint_of(self, token_id: int) -> MintSighting | None:
        await self._reachable()
        return next((mint for mint in self._mints() if mint.token_id == token_id), None)

    async def mined_transaction(self, tx_hash: str) -> TransactionRecord | None:
        await self._reachable()
        transaction = self._state.mined.get(tx_hash)
        return transaction.record() if transaction else None

    async def mined_data(self, tx_hash: str) -> MinedData | None:
        await self._reachable()
        transaction = self._state.mined.get(tx_hash)
        if transaction is None:
            return None
        return MinedData(transaction.signer, transaction.data, self._state.receipts[tx_hash].block.number)

    async def slice_from(self, first: int, last: int) -> ChainSlice:
        await self._reachable()
        last = min(last, first + self.most_blocks_told - 1)
        if last >= len(self._blocks):
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "there is no such block")
        hashes = [NO_HASH, *(recorded.block.block_hash for recorded in self._blocks)]
        blocks = [IndexedBlock(each.block, hashes[each.block.number]) for each in self._blocks[first : last + 1]]
        events = [event for each in self._blocks[first : last + 1] for event in self._logs_of(each)]
        return ChainSlice(tuple(blocks), tuple(events))

    async def block_at(self, number: int) -> BlockRef | None:
        await self._reachable()
        return self._block_at(number)

    async def revert_reason(self, tx_hash: str) -> str:
        await self._reachable()
        return self._state.reasons.get(tx_hash, "")

    async def token(self, token_id: int) -> TokenFacts | None:
        await self._reachable()
        return self._state.tokens.get((self._contract_there(), token_id))

    async def tokens(self, token_ids: Sequence[int]) -> dict[int, TokenFacts | None]:
        return {token_id: await self.token(token_id) for token_id in token_ids}

    async def owners(self, token_ids: Sequence[int]) -> dict[int, str | None]:
        await self._reachable()
        address = self._contract_there()
        tokens = {token_id: self._state.tokens.get((address, token_id)) for token_id in token_ids}
        return {token_id: facts.owner if facts else None for token_id, facts in tokens.items()}

    async def blocks_for_journal(self, first: int, last: int) -> tuple[RecordedBlock, ...]:
        await self._reachable()
        if last >= len(self._blocks):
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, f"there is no block {last}")
        return tuple(self._blocks[first : last + 1])

    # --- local controls ---------------------------------------------------------------------------------------

    async def mines_at_once(self) -> bool:
        return self.automine

    async def mine(self, blocks: int = 1) -> None:
        await self._reachable()
        for _ in range(blocks):
            self._mine_pool()

    async def set_mining(self, *, at_once: bool, interval_s: int | None) -> None:
        await self._reachable()
        self.automine = at_once
        if self._clockwork is not None:
            self._clockwork.cancel()
            self._clockwork = None
        if interval_s:
            self._clockwork = asyncio.create_task(self._mine_by_the_clock(interval_s))

    async def _mine_by_the_clock(self, interval_s: int) -> None:
        while self._is_connected:
            await asyncio.sleep(interval_s)
            self._mine_pool()

    async def set_next_time(self, timestamp_s: int) -> None:
        await self._reachable()
        self._next_time_s = timestamp_s

    async def snapshot(self) -> str:
        await self._reachable()
        self._marks.append((len(self._blocks), dict(self._pool)))
        return hex(len(self._marks))

    async def revert(self, snapshot: str) -> bool:
        await self._reachable()
        number = int(snapshot, 16)
        if not 1 <= number <= len(self._marks) or self._marks[number - 1] is None:
            return False
        mark = self._marks[number - 1]
        self._marks[number - 1 :] = [None] * (len(self._marks) - number + 1)
        assert mark is not None
        count, self._pool = mark
        self._blocks = self._blocks[:count]
        self._rebuild()
        return True

    async def begin_replay(self) -> None:
        await self._reachable()
        self.automine = False

    async def replay(self, block: RecordedBlock) -> str:
        await self._reachable()
        for position, raw in enumerate(block.raw_transactions):
            reply = self._take(raw)
            if reply.verdict is not SendVerdict.ACCEPTED:
                what = f"transaction {position} of block {block.block.number} was not taken again: {reply.message}"
                raise EnvironmentFault(ErrorCode.TX_REJECTED, what)
        base_fee_wei = self._base_fees_wei.get(block.block.block_hash, BASE_FEE_WEI)
        self._mine_block(self._taken_from_pool(base_fee_wei), base_fee_wei, block.block.timestamp_s)
        return self._blocks[-1].block.block_hash

    async def end_replay(self) -> None:
        await self._reachable()
        self.automine = True

    # --- reading ----------------------------------------------------------------------------------------------

    async def _reachable(self) -> None:
        await asyncio.sleep(0)
        if self.unreachable or not self._is_connected:
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "no connection")

    def _contract_in_use(self) -> str:
        if self._contract is None:
            raise EnvironmentFault(ErrorCode.CONTRACT_MISSING, "no contract is in use")
        return self._contract

    def _contract_there(self) -> str:
        address = self._contract_in_use()
        if address not in self._state.contracts:
            raise EnvironmentFault(ErrorCode.CONTRACT_MISSING, "no contract is there")
        return address

    def _block_at(self, number: int) -> BlockRef | None:
        return self._blocks[number].block if number < len(self._blocks) else None

    def _receipts(self, tx_hashes: Sequence[str]) -> dict[str, Receipt | None]:
        return {tx_hash: None if tx_hash in self._hidden_receipts else self._receipt(tx_hash) for tx_hash in tx_hashes}

    def _receipt(self, tx_hash: str) -> Receipt | None:
        receipt = self._state.receipts.get(tx_hash)
        if receipt is None or self._state.mined[tx_hash].to == self._contract:
            return receipt
        return replace(receipt, minted=())  # events of another contract are none of ours

    def _mints(self) -> Iterator[MintSighting]:
        contract = self._contract_in_use()
        for transaction in self._state.mined.values():
            if transaction.to == contract:
                receipt = self._state.receipts[transaction.tx_hash]
                for token in receipt.minted:
                    number = receipt.block.number
                    yield MintSighting(token.asset_id, token.token_id, token.owner, transaction.tx_hash, number)

    def _block_changed(self) -> None:
        self._changed.set()
