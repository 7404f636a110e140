"""A chain in memory: the ports `Chain`, `LocalChainControls` and `Signer` without sockets, web3 or waiting.

It behaves as a Hardhat node does, as far as the register can tell (tests/ports/chain runs over both), and it can be
told to misbehave: see the methods and attributes under "faults".
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from ipnft_desktop.domain.chain import (
    LOCAL_CHAIN_ID,
    BlockRef,
    ChainIdentity,
    ChainObservation,
    Fees,
    IdentityVerdict,
    MintCall,
    MintedToken,
    Preflight,
    Receipt,
    RecordedBlock,
    SendReply,
    SendVerdict,
    TokenFacts,
    TransactionPlan,
    compare_identity,
)
from ipnft_desktop.domain.content import Cid, Codec
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.minting import MAX_BATCH_ITEMS, TransactionRecord

DEMO_ADDRESS = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
GENESIS_TIME_S = 1_704_067_200
FEES = Fees(3_000_000_000, 1_000_000_000, 2_000_000_000)
ROYALTY_BP = 500


def memory_hash(data: bytes) -> str:
    """Stands for keccak-256, which the standard library lacks."""
    return "0x" + hashlib.sha256(data).hexdigest()


class MemorySigner:
    """Signs by naming itself; `refusal` is raised instead while set."""

    def __init__(self, address: str = DEMO_ADDRESS) -> None:
        self._address = address
        self.refusal: IpnftError | None = None

    @property
    def address(self) -> str:
        return self._address

    async def prepare(self) -> None:
        pass

    def sign(self, plan: TransactionPlan, nonce: int) -> TransactionRecord:
        raw = self._raw("mint", plan.chain_id, nonce, plan.data, plan.gas_limit, plan.to)
        fees = plan.fees
        return TransactionRecord(
            memory_hash(raw),
            raw,
            self._address,
            nonce,
            plan.gas_limit,
            fees.max_fee_per_gas_wei,
            fees.max_priority_fee_per_gas_wei,
        )

    def sign_deployment(self, chain_id: int, nonce: int, data: bytes, gas_limit: int, fees: Fees) -> tuple[bytes, str]:
        raw = self._raw("deploy", chain_id, nonce, data, gas_limit, None)
        return raw, memory_hash(raw)

    def _raw(self, kind: str, chain_id: int, nonce: int, data: bytes, gas_limit: int, to: str | None) -> bytes:
        if self.refusal:
            raise self.refusal
        fields = {"chain_id": chain_id, "signer": self._address, "nonce": nonce, "gas_limit": gas_limit}
        return json.dumps({"kind": kind, **fields, "to": to, "data": data.hex()}).encode()


@dataclass(frozen=True, slots=True)
class _Transaction:
    raw: bytes
    kind: str
    signer: str
    nonce: int
    to: str | None
    data: bytes
    tx_hash: str

    @classmethod
    def read(cls, raw: bytes) -> _Transaction:
        fields: dict[str, Any] = json.loads(raw)
        return cls(
            raw,
            fields["kind"],
            fields["signer"],
            fields["nonce"],
            fields["to"],
            bytes.fromhex(fields["data"]),
            memory_hash(raw),
        )


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
    reasons: dict[str, str] = field(default_factory=dict)


class MemoryChain:
    """Mines every accepted transaction at once unless `automine` is off; then `mine` does."""

    def __init__(self, chain_id: int = LOCAL_CHAIN_ID) -> None:
        self.chain_id = chain_id
        self.automine = True
        self.sent: list[bytes] = []
        """Raw bytes of every call of `send_raw`, lost ones included."""
        # faults
        self._unreachable = False
        self.balance_wei = 10**22
        self.refusing_recipients: set[str] = set()
        self._next_replies: list[Callable[[bytes], SendReply]] = []
        self._forced_reverts: dict[str, str] = {}
        self._revert_next: list[str] = []
        # the chain
        self._is_connected = False
        self._contract: str | None = None
        self._pool: dict[str, _Transaction] = {}
        self._blocks: list[RecordedBlock] = []
        self._state = _State()
        self._extra_time_s = 0
        self._changed = asyncio.Event()
        self.reset()

    # --- faults -----------------------------------------------------------------------------------------------

    @property
    def unreachable(self) -> bool:
        """While set, reads raise NODE_UNREACHABLE and sending answers UNKNOWN."""
        return self._unreachable

    @unreachable.setter
    def unreachable(self, value: bool) -> None:
        self._unreachable = value
        self._changed.set()

    def lose_next_answer(self, message: str = "no answer in time") -> None:
        """The next send is taken in, but its answer is lost."""

        def reply(raw: bytes) -> SendReply:
            self._take(raw)
            return SendReply(SendVerdict.UNKNOWN, message)

        self._next_replies.append(reply)

    def lose_next_request(self, message: str = "no connection") -> None:
        """The next send never arrives."""
        self._next_replies.append(lambda _raw: SendReply(SendVerdict.UNKNOWN, message))

    def refuse_next(self, message: str) -> None:
        """The next send is answered with an error and not taken in."""
        self._next_replies.append(lambda _raw: SendReply(SendVerdict.REFUSED, message))

    def revert_next(self, reason: str) -> None:
        """The next mined transaction reverts, whatever its simulation said."""
        self._revert_next.append(reason)

    def drop(self, tx_hash: str) -> None:
        """The node forgets a transaction that is not mined yet."""
        self._pool.pop(tx_hash, None)

    def reorganise(self, depth: int, *, keep_transactions: bool = True) -> None:
        """Take the newest blocks away; their transactions wait again, or are forgotten."""
        self._blocks, removed = self._blocks[:-depth], self._blocks[-depth:]
        self._rebuild()
        if keep_transactions:
            transactions = [_Transaction.read(raw) for block in removed for raw in block.raw_transactions]
            self._pool = {transaction.tx_hash: transaction for transaction in transactions} | self._pool

    def take_nonce(self, address: str) -> None:
        """Somebody else's transaction with the same key is mined."""
        signed = MemorySigner(address).sign(
            TransactionPlan(self.chain_id, "0x" + "1" * 40, b"", 21_000, FEES), self._state.nonces[address]
        )
        self._mine_block([_Transaction.read(signed.raw)], None)

    def advance_time(self, seconds: int) -> None:
        """The next block comes so much later."""
        self._extra_time_s += seconds

    def reset(self) -> None:
        """The node restarts empty, as a Hardhat node does: same chain id, same first block."""
        self._pool.clear()
        self._blocks = [RecordedBlock(BlockRef(0, memory_hash(b"genesis"), GENESIS_TIME_S), ())]
        self._rebuild()

    def mints_of(self, asset_id: UUID) -> int:
        """Mint events of an asset on the present chain: what exactly-once tests ask instead of the program."""
        return sum(token.asset_id == asset_id for receipt in self._state.receipts.values() for token in receipt.minted)

    # --- the chain --------------------------------------------------------------------------------------------

    async def connect(self, rpc_url: str) -> int:
        self._is_connected = True
        await self._reachable()
        return self.chain_id

    async def disconnect(self) -> None:
        self._is_connected = False

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
        return FEES

    async def nonce_of(self, address: str) -> int:
        await self._reachable()
        return self._state.nonces[address]

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

    async def deployment_data(self, instance_id: bytes, admin: str, minter: str) -> bytes:
        await self._reachable()
        return instance_id

    async def preflight(self, call: MintCall, expected: ChainIdentity, sender: str) -> Preflight:
        observation = await self.observe(expected.contract_address, expected.deployment_block)
        data = _encoded(call)
        gas_limit = 0
        if compare_identity(expected, observation) in (IdentityVerdict.SAME, IdentityVerdict.REORGANISED):
            if problem := self._refusal(expected.contract_address, call):
                raise problem
            gas_limit = _gas_of(call) * 11 // 10
        plan = TransactionPlan(expected.chain_id, expected.contract_address, data, gas_limit, FEES)
        return Preflight(observation, gas_limit, FEES, self.balance_wei, plan)

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
        return {tx_hash: self._receipt(tx_hash) for tx_hash in tx_hashes}

    async def revert_reason(self, tx_hash: str) -> str:
        await self._reachable()
        return self._state.reasons.get(tx_hash, "")

    async def token(self, token_id: int) -> TokenFacts | None:
        await self._reachable()
        return self._state.tokens.get((self._contract_in_use(), token_id))

    async def owners(self, token_ids: Sequence[int]) -> dict[int, str | None]:
        await self._reachable()
        address = self._contract_in_use()
        tokens = {token_id: self._state.tokens.get((address, token_id)) for token_id in token_ids}
        return {token_id: facts.owner if facts else None for token_id, facts in tokens.items()}

    async def block_for_journal(self, number: int) -> RecordedBlock:
        await self._reachable()
        if number >= len(self._blocks):
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, f"there is no block {number}")
        return self._blocks[number]

    # --- local controls ---------------------------------------------------------------------------------------

    async def mine(self, blocks: int = 1) -> None:
        await self._reachable()
        for _ in range(blocks):
            self._mine_block(self._executable(), None)

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
        self._mine_block(self._executable(), block.block.timestamp_s)
        return self._blocks[-1].block.block_hash

    async def end_replay(self) -> None:
        await self._reachable()
        self.automine = True

    # --- inside -----------------------------------------------------------------------------------------------

    async def _reachable(self) -> None:
        await asyncio.sleep(0)
        if self.unreachable or not self._is_connected:
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "no connection")

    def _contract_in_use(self) -> str:
        if self._contract not in self._state.contracts:
            raise EnvironmentFault(ErrorCode.CONTRACT_MISSING, "no contract is in use, or none is there")
        return self._contract

    def _receipt(self, tx_hash: str) -> Receipt | None:
        receipt = self._state.receipts.get(tx_hash)
        if receipt is None or not receipt.minted or self._target_of(tx_hash) == self._contract:
            return receipt
        return replace(receipt, minted=())  # events of another contract are none of ours

    def _target_of(self, tx_hash: str) -> str | None:
        found = (_Transaction.read(raw) for block in self._blocks for raw in block.raw_transactions)
        return next((transaction.to for transaction in found if transaction.tx_hash == tx_hash), None)

    def _take(self, raw: bytes) -> SendReply:
        transaction = _Transaction.read(raw)
        expected = self._state.nonces[transaction.signer]
        if transaction.tx_hash in self._pool:
            return SendReply(SendVerdict.ALREADY_KNOWN, f"Known transaction: {transaction.tx_hash}")
        if transaction.nonce < expected:
            return SendReply(SendVerdict.REFUSED, "Nonce too low")
        if self.automine and transaction.nonce > expected:
            return SendReply(SendVerdict.REFUSED, "Nonce too high")
        self._pool[transaction.tx_hash] = transaction
        if not self.automine:
            return SendReply(SendVerdict.ACCEPTED)
        self._mine_block(self._executable(), None)
        reason = self._state.reasons.get(transaction.tx_hash)
        # As Hardhat: a reverting transaction is mined, and the answer is an error all the same.
        return SendReply(SendVerdict.REFUSED, f"reverted with {reason}") if reason else SendReply(SendVerdict.ACCEPTED)

    def _executable(self) -> list[_Transaction]:
        """Waiting transactions without a gap in their nonces, in order of arrival."""
        nonces, chosen = dict(self._state.nonces), list[_Transaction]()
        for transaction in list(self._pool.values()):
            if transaction.nonce == nonces.get(transaction.signer, 0):
                nonces[transaction.signer] = transaction.nonce + 1
                chosen.append(transaction)
        for transaction in chosen:
            del self._pool[transaction.tx_hash]
        return chosen

    def _mine_block(self, transactions: list[_Transaction], timestamp_s: int | None) -> None:
        parent = self._blocks[-1].block
        time_s = parent.timestamp_s + 1 + self._extra_time_s if timestamp_s is None else timestamp_s
        self._extra_time_s = 0
        content = [parent.block_hash, str(time_s), *(transaction.tx_hash for transaction in transactions)]
        block = BlockRef(parent.number + 1, memory_hash("".join(content).encode()), time_s)
        self._blocks.append(RecordedBlock(block, tuple(transaction.raw for transaction in transactions)))
        for transaction in transactions:
            if self._revert_next:
                self._forced_reverts[transaction.tx_hash] = self._revert_next.pop(0)
            self._execute(transaction, block)
        # A transaction whose nonce is gone can never be mined.
        self._pool = {
            tx_hash: waiting
            for tx_hash, waiting in self._pool.items()
            if waiting.nonce >= self._state.nonces[waiting.signer]
        }
        self._changed.set()

    def _rebuild(self) -> None:
        self._state = _State()
        for recorded in self._blocks:
            for raw in recorded.raw_transactions:
                self._execute(_Transaction.read(raw), recorded.block)
        self._changed.set()

    def _execute(self, transaction: _Transaction, block: BlockRef) -> None:
        state = self._state
        state.nonces[transaction.signer] = transaction.nonce + 1
        reason = self._forced_reverts.get(transaction.tx_hash, "")
        minted: tuple[MintedToken, ...] = ()
        created: str | None = None
        gas_used = 21_000
        if transaction.kind == "deploy" and not reason:
            created = _contract_address(transaction.signer, transaction.nonce)
            state.contracts[created] = _Contract("0x" + transaction.data.hex(), block.number)
        elif transaction.to in state.contracts and not reason:
            call = _decoded(transaction.data)
            problem = self._refusal(transaction.to, call)
            reason = problem.detail if problem else ""
            gas_used = _gas_of(call)
            if not problem:
                minted = self._mint(transaction.to, call)
        if reason:
            state.reasons[transaction.tx_hash] = reason
        state.receipts[transaction.tx_hash] = Receipt(
            transaction.tx_hash, block, not reason, gas_used, FEES.gas_price_wei, minted, created
        )

    def _mint(self, contract: str, call: MintCall) -> tuple[MintedToken, ...]:
        directory = Cid(Codec.DAG_PB, call.directory_digest).text
        for asset_id, owner in zip(call.asset_ids, call.recipients, strict=True):
            uri = f"ipfs://{directory}/{asset_id}.json"
            self._state.tokens[contract, asset_id.int] = TokenFacts(asset_id.int, owner, uri, "VALID", ROYALTY_BP)
        pairs = zip(call.asset_ids, call.recipients, strict=True)
        return tuple(MintedToken(asset_id, asset_id.int, owner) for asset_id, owner in pairs)

    def _refusal(self, contract: str, call: MintCall) -> IpnftError | None:
        """What the contract would revert with."""
        if not 1 <= len(call.asset_ids) <= MAX_BATCH_ITEMS:
            return EnvironmentFault(ErrorCode.TX_REVERTED, f"BatchSizeOutOfRange({len(call.asset_ids)})")
        if not any(call.directory_digest):
            return EnvironmentFault(ErrorCode.TX_REVERTED, "DirectoryDigestIsZero")
        for position, asset_id in enumerate(call.asset_ids):
            if (contract, asset_id.int) in self._state.tokens or asset_id in call.asset_ids[:position]:
                detail = f"DuplicateAsset(0x{asset_id.hex})"
                return UserError(ErrorCode.DUPLICATE_ASSET, detail, asset_id=str(asset_id))
        for asset_id, recipient in zip(call.asset_ids, call.recipients, strict=True):
            if recipient in self.refusing_recipients:
                detail = f"RecipientRefused({recipient}, {asset_id.int}, 0x)"
                return UserError(ErrorCode.RECIPIENT_REFUSED, detail, field="recipient", recipient=recipient)
        return None


def _contract_address(signer: str, nonce: int) -> str:
    """Decimal digits only: such an address has its checksum whatever its case."""
    digest = hashlib.sha256(f"{signer}{nonce}".encode()).digest()
    return f"0x{int.from_bytes(digest, 'big') % 10**40:040d}"


def _gas_of(call: MintCall) -> int:
    return 50_000 + 25_000 * len(call.asset_ids)


def _encoded(call: MintCall) -> bytes:
    ids = [str(asset_id) for asset_id in call.asset_ids]
    return json.dumps([ids, list(call.recipients), call.directory_digest.hex()]).encode()


def _decoded(data: bytes) -> MintCall:
    ids, recipients, digest = json.loads(data)
    return MintCall(tuple(map(UUID, ids)), tuple(recipients), bytes.fromhex(digest))
