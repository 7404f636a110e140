"""Blocks, pool and state of the chain in memory: which transactions it takes in, mines and forgets.

As on a Hardhat node, and, with `automine` off, as in the pool of a public one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from uuid import UUID

from ipnft_desktop.adapters.chain.contract_errors import Answer, Revert
from ipnft_desktop.domain.certificates import TokenEvent, TransferEvent
from ipnft_desktop.domain.chain import (
    LOCAL_CHAIN_ID,
    BlockRef,
    Fees,
    MintCall,
    MintedToken,
    Receipt,
    RecordedBlock,
    SendReply,
    SendVerdict,
    TokenFacts,
    TransactionPlan,
)
from ipnft_desktop.domain.chain_events import ChainEvent, EventKind
from ipnft_desktop.domain.content import Cid, Codec
from ipnft_desktop.domain.errors import ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.minting import MAX_BATCH_ITEMS
from tests.support.memory_calls import CALL_GAS, carry_out, refusal_of
from tests.support.memory_transactions import (
    TRANSFER_GAS,
    MemorySigner,
    MemoryTransaction,
    created_address,
    decoded,
    gas_of,
    memory_hash,
)

GENESIS_TIME_S = 1_704_067_200
PRIORITY_FEE_WEI = 1_000_000_000
BASE_FEE_WEI = 1_000_000_000
ROYALTY_BP = 500
FOREIGN_INSTANCE = "0x" + "f0" * 32
NO_HASH = "0x" + "0" * 64
_NOBODY = "0x" + "0" * 40

TRANSFER_TOPIC = bytes.fromhex("ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef")


@dataclass(frozen=True, slots=True)
class _Contract:
    instance_id: str
    block: int


@dataclass(slots=True)
class _State:
    """What follows from the blocks, and is computed anew after a reorganisation."""

    nonces: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    contracts: dict[str, _Contract] = field(default_factory=dict)
    tokens: dict[tuple[str, int], TokenFacts] = field(default_factory=dict)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    mined: dict[str, MemoryTransaction] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    events: list[TokenEvent] = field(default_factory=list)
    """What all contracts announced about tokens."""
    received_wei: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))


class MemoryLedger:
    """Mines every accepted transaction at once unless `automine` is off; then it waits in a pool, where another one of
    the same nonce may outbid it, for `_mine_pool`."""

    def __init__(self, chain_id: int = LOCAL_CHAIN_ID) -> None:
        self.chain_id = chain_id
        """Settable: another id is another chain that answers in this one's place."""
        self.automine = True
        self.balance_wei = 10**22
        self.base_fee_wei = BASE_FEE_WEI
        """What the next block charges. Fees follow it; what offers less waits in the pool."""
        self.fullness = 0.0
        """Of every block, as a node tells it."""
        self.refusing_recipients: set[str] = set()
        self._forced_reverts: dict[str, str] = {}
        self._revert_next: list[str] = []
        self._silent: set[str] = set()
        self._silence_next = 0
        self._foreign_contracts: set[str] = set()
        self._pool: dict[str, MemoryTransaction] = {}
        self._blocks: list[RecordedBlock] = []
        self._base_fees_wei: dict[str, int] = {}
        self._state = _State()
        self._extra_time_s = 0
        self._next_time_s = 0
        self.reset()

    def _block_changed(self) -> None:
        """Called after each change of the newest block."""

    # --- what a test does to it ----------------------------------------------------------------------------------

    def revert_next(self, reason: str) -> None:
        """The next mined transaction reverts, whatever its simulation said."""
        self._revert_next.append(reason)

    def mint_nothing_next(self) -> None:
        """The next mined mint succeeds, says the receipt, but no event and no token come of it."""
        self._silence_next += 1

    def drop(self, tx_hash: str) -> None:
        """The node forgets a transaction that is not mined yet."""
        self._pool.pop(tx_hash, None)

    @property
    def waiting(self) -> tuple[str, ...]:
        """Hashes of the transactions in the pool, in order of arrival."""
        return tuple(self._pool)

    def reorganise(self, depth: int, *, keep_transactions: bool = True) -> None:
        """Take the newest blocks away; their transactions wait again, or are forgotten."""
        self._blocks, removed = self._blocks[:-depth], self._blocks[-depth:]
        self._rebuild()
        if keep_transactions:
            transactions = [MemoryTransaction.read(raw) for block in removed for raw in block.raw_transactions]
            self._pool = {transaction.tx_hash: transaction for transaction in transactions} | self._pool

    def take_nonce(self, address: str) -> str:
        """Somebody else's transaction with the same key is mined in a block of its own; returns its hash."""
        foreign = self._foreign_transaction(address)
        self._mine_block([foreign], self.base_fee_wei)
        return foreign.tx_hash

    def next_nonce_of(self, address: str) -> int:
        """The account's next nonce to be mined."""
        return self._state.nonces[address]

    def mine_foreign(self, raw: bytes) -> None:
        """Somebody else's transaction is mined in a block of its own, past the pool."""
        self._mine_block([MemoryTransaction.read(raw)], self.base_fee_wei)

    def take_nonce_in_pool(self, address: str) -> str:
        """Somebody else's transaction with the same key takes the next nonce to be mined, in the pool; returns its
        hash. Takes the place of what waits there."""
        foreign = self._foreign_transaction(address)
        self._pool = {tx_hash: tx for tx_hash, tx in self._pool.items() if not tx.shares_nonce(foreign)}
        self._pool[foreign.tx_hash] = foreign
        return foreign.tx_hash

    def foreign_contract(self, address: str) -> None:
        """Somebody else's deployment stands at this address: another instance, other code, no tokens of ours."""
        self._foreign_contracts.add(address)
        self._rebuild()

    def advance_time(self, seconds: int) -> None:
        """The next block comes so much later."""
        self._extra_time_s += seconds

    def reset(self) -> None:
        """The node restarts empty, as a Hardhat node does: same chain id, same first block."""
        self._pool.clear()
        self._foreign_contracts.clear()
        self._blocks = [RecordedBlock(BlockRef(0, memory_hash(b"genesis"), GENESIS_TIME_S), ())]
        self._rebuild()

    def mints_of(self, asset_id: UUID) -> int:
        """Mint events of an asset on the present chain: what exactly-once tests ask instead of the program."""
        return sum(token.asset_id == asset_id for receipt in self._state.receipts.values() for token in receipt.minted)

    # --- the pool ---------------------------------------------------------------------------------------------

    def _take(self, raw: bytes) -> SendReply:
        transaction = MemoryTransaction.read(raw)
        if transaction.tx_hash in self._pool:
            return SendReply(SendVerdict.ALREADY_KNOWN, f"Known transaction: {transaction.tx_hash}")
        rival = next((waiting for waiting in self._pool.values() if waiting.shares_nonce(transaction)), None)
        if problem := self._problem_with(transaction, rival):
            return SendReply(SendVerdict.REFUSED, problem)
        if rival:
            del self._pool[rival.tx_hash]
        self._pool[transaction.tx_hash] = transaction
        if not self.automine:
            return SendReply(SendVerdict.ACCEPTED)
        self._mine_pool()
        reason = self._state.reasons.get(transaction.tx_hash)
        # As Hardhat: a reverting transaction is mined, and the answer is an error all the same.
        return SendReply(SendVerdict.REFUSED, f"reverted with {reason}") if reason else SendReply(SendVerdict.ACCEPTED)

    def _problem_with(self, transaction: MemoryTransaction, rival: MemoryTransaction | None) -> str:
        if transaction.chain_id != self.chain_id:
            return "Trying to send a raw transaction with an invalid chainId"
        if transaction.gas_limit * transaction.max_fee_wei > self.balance_wei:
            return "Sender doesn't have enough funds to send tx"
        expected = self._state.nonces[transaction.signer]
        if transaction.nonce < expected:
            return "Nonce too low"
        if self.automine:
            # As Hardhat: with automatic mining nothing may be queued behind a gap, and nothing replaced.
            while any((tx.signer, tx.nonce) == (transaction.signer, expected) for tx in self._pool.values()):
                expected += 1
            if transaction.nonce != expected:
                return "Nonce too low" if transaction.nonce < expected else "Nonce too high"
            if transaction.max_fee_wei < self.base_fee_wei:
                return "Transaction maxFeePerGas is too low for the next block"
        if rival and not transaction.outbids(rival):
            return "replacement transaction underpriced"
        return ""

    def _taken_from_pool(self, base_fee_wei: int) -> list[MemoryTransaction]:
        """What a block may hold: what waits without a gap in its nonces and pays the base fee, in order of arrival."""
        nonces, chosen = self._state.nonces.copy(), list[MemoryTransaction]()
        while ready := [
            tx for tx in self._pool.values() if tx.nonce == nonces[tx.signer] and tx.max_fee_wei >= base_fee_wei
        ]:
            for transaction in ready:
                if transaction.nonce == nonces[transaction.signer]:  # or a rival, back from a lost block, was quicker
                    nonces[transaction.signer] += 1
                    chosen.append(self._pool.pop(transaction.tx_hash))
        return chosen

    def _foreign_transaction(self, address: str) -> MemoryTransaction:
        plan = TransactionPlan(self.chain_id, "0x" + "1" * 40, b"", TRANSFER_GAS, self._fees())
        return MemoryTransaction.read(MemorySigner(address).sign(plan, self._state.nonces[address]).raw)

    def _fees(self) -> Fees:
        price_wei = self.base_fee_wei + PRIORITY_FEE_WEI
        return Fees(self.base_fee_wei + price_wei, PRIORITY_FEE_WEI, price_wei)

    # --- blocks -----------------------------------------------------------------------------------------------

    def _mine_pool(self) -> None:
        self._mine_block(self._taken_from_pool(self.base_fee_wei), self.base_fee_wei)

    def _mine_block(
        self, transactions: list[MemoryTransaction], base_fee_wei: int, timestamp_s: int | None = None
    ) -> None:
        parent = self._blocks[-1].block
        time_s = parent.timestamp_s + 1 + self._extra_time_s if timestamp_s is None else timestamp_s
        time_s = max(time_s, self._next_time_s)
        self._extra_time_s = self._next_time_s = 0
        content = [parent.block_hash, str(time_s), *(transaction.tx_hash for transaction in transactions)]
        block = BlockRef(parent.number + 1, memory_hash("".join(content).encode()), time_s)
        self._base_fees_wei[block.block_hash] = base_fee_wei
        self._blocks.append(RecordedBlock(block, tuple(transaction.raw for transaction in transactions)))
        for transaction in transactions:
            if self._revert_next:
                self._forced_reverts[transaction.tx_hash] = self._revert_next.pop(0)
            if self._silence_next and transaction.kind == "mint":
                self._silence_next -= 1
                self._silent.add(transaction.tx_hash)
            self._execute(transaction, block)
        # A transaction whose nonce is gone can never be mined.
        self._pool = {
            tx_hash: waiting
            for tx_hash, waiting in self._pool.items()
            if waiting.nonce >= self._state.nonces[waiting.signer]
        }
        self._block_changed()

    def _rebuild(self) -> None:
        self._state = _State()
        for address in self._foreign_contracts:
            self._state.contracts[address] = _Contract(FOREIGN_INSTANCE, 0)
        for recorded in self._blocks:
            for raw in recorded.raw_transactions:
                self._execute(MemoryTransaction.read(raw), recorded.block)
        self._block_changed()

    def _execute(self, transaction: MemoryTransaction, block: BlockRef) -> None:
        state, tx_hash = self._state, transaction.tx_hash
        state.nonces[transaction.signer] = transaction.nonce + 1
        reason = self._forced_reverts.get(tx_hash, "")
        minted: tuple[MintedToken, ...] = ()
        created: str | None = None
        gas_used = TRANSFER_GAS
        if transaction.kind == "deploy" and not reason:
            created = created_address(transaction)
            state.contracts.setdefault(created, _Contract("0x" + transaction.data.hex(), block.number))
        elif transaction.kind == "call" and not reason:
            gas_used = CALL_GAS
            reason = self._call(transaction, block)
        elif self._speaks_to_ours(transaction) and not reason:
            call = decoded(transaction.data)
            problem = self._refusal(str(transaction.to), call)
            reason = problem.detail if problem else ""
            gas_used = gas_of(call)
            if not problem and tx_hash not in self._silent:
                minted = self._mint(str(transaction.to), call)
                state.events += [
                    TransferEvent(
                        token.token_id,
                        _NOBODY,
                        token.owner,
                        tx_hash,
                        block.number,
                        index,
                        transaction.signer,
                        block.timestamp_s,
                    )
                    for index, token in enumerate(minted)
                ]
        if reason:
            state.reasons[tx_hash] = reason
        price_wei = transaction.price_wei(self._base_fees_wei[block.block_hash])
        state.receipts[tx_hash] = Receipt(tx_hash, block, not reason, gas_used, price_wei, minted, created)
        state.mined[tx_hash] = transaction

    def _call(self, transaction: MemoryTransaction, block: BlockRef) -> str:
        """Why it is refused; empty where it is carried out."""
        state, target = self._state, str(transaction.to)
        state.received_wei[target] += transaction.value_wei
        if not self._speaks_to_ours(transaction) or not transaction.data:
            return ""
        if refused := refusal_of(target, transaction.data, state.tokens):
            return str(refused)
        state.events += carry_out(
            target, transaction.data, state.tokens, transaction.tx_hash, transaction.signer, block
        )
        return ""

    def _speaks_to_ours(self, transaction: MemoryTransaction) -> bool:
        return transaction.to in self._state.contracts and transaction.to not in self._foreign_contracts

    def _mint(self, contract: str, call: MintCall) -> tuple[MintedToken, ...]:
        directory = Cid(Codec.DAG_PB, call.directory_digest).text
        for asset_id, owner in zip(call.asset_ids, call.recipients, strict=True):
            uri = f"ipfs://{directory}/{asset_id}.json"
            self._state.tokens[contract, asset_id.int] = TokenFacts(asset_id.int, owner, uri, "VALID", ROYALTY_BP)
        pairs = zip(call.asset_ids, call.recipients, strict=True)
        return tuple(MintedToken(asset_id, asset_id.int, owner) for asset_id, owner in pairs)

    def _logs_of(self, recorded: RecordedBlock) -> list[ChainEvent]:
        """What our contracts and others told in a block, in its order."""
        logs: list[ChainEvent] = []
        for transaction in map(MemoryTransaction.read, recorded.raw_transactions):
            for token in self._state.receipts[transaction.tx_hash].minted:
                topics = (TRANSFER_TOPIC, bytes(32), _word(token.owner), token.token_id.to_bytes(32, "big"))
                raw = ChainEvent(
                    recorded.block, transaction.tx_hash, len(logs), str(transaction.to), topics, b"", EventKind.MINTED
                )
                digest = decoded(transaction.data).directory_digest
                logs.append(replace(raw, token_id=token.token_id, sender=_NOBODY, recipient=token.owner, digest=digest))
        return logs

    def _refusal(self, contract: str, call: MintCall) -> IpnftError | None:
        """What the contract would revert with."""
        if not call.asset_ids:
            return Revert("EmptyBatch").as_error()
        if len(call.asset_ids) > MAX_BATCH_ITEMS:
            return Revert("BatchTooLarge", (str(len(call.asset_ids)),)).as_error()
        if not any(call.directory_digest):
            return Revert("DirectoryDigestIsZero").as_error()
        for position, asset_id in enumerate(call.asset_ids):
            if not asset_id.int:
                return Revert("AssetIdIsZero").as_error()
            is_repeated = asset_id in call.asset_ids[:position]
            if is_repeated or (contract, asset_id.int) in self._state.tokens:
                duplicate = Revert("DuplicateAsset", (f"0x{asset_id.hex}",)).as_error()
                if not is_repeated:
                    return duplicate
                return UserError(ErrorCode.DUPLICATE_IN_BATCH, duplicate.detail, field="assets", **duplicate.facts)
        if _NOBODY in call.recipients:
            return Revert("TransferToZeroAddress").as_error()
        for asset_id, recipient in zip(call.asset_ids, call.recipients, strict=True):
            if recipient in self.refusing_recipients:
                return Revert("RecipientRefused", (recipient, str(asset_id.int)), Answer()).as_error()
        return None


def _word(address: str) -> bytes:
    return bytes.fromhex(address.removeprefix("0x")).rjust(32, b"\0")
