"""An Ethereum chain over JSON-RPC with our contract on it; implements the port `Chain`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from ipnft_desktop.adapters.chain.answers import FEE_CALLS, fees_from, hex_text, load_from
from ipnft_desktop.adapters.chain.block_reader import BlockReader
from ipnft_desktop.adapters.chain.chain_search import ChainSearch
from ipnft_desktop.adapters.chain.contract_caller import ContractCaller
from ipnft_desktop.adapters.chain.contract_reader import ContractReader
from ipnft_desktop.adapters.chain.head_feed import head_changes
from ipnft_desktop.adapters.chain.head_news import HeadNews
from ipnft_desktop.adapters.chain.impersonation import send_unsigned, unsigned_request
from ipnft_desktop.adapters.chain.json_rpc import (
    Json,
    JsonRpc,
    RpcCall,
    RpcError,
    as_quantity,
    value_of,
)
from ipnft_desktop.adapters.chain.log_reader import LogReader
from ipnft_desktop.adapters.chain.observations import OBSERVATIONS, observation_calls, observation_from
from ipnft_desktop.adapters.chain.raw_transactions import transaction_hash
from ipnft_desktop.adapters.chain.simulations import gas_limit_from
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
from ipnft_desktop.domain.chain_events import ChainSlice
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError
from ipnft_desktop.domain.mint_gas import MAX_TRANSACTION_GAS

if TYPE_CHECKING:
    from ipnft_desktop.adapters.chain.collection_terms import CollectionTerms
    from ipnft_desktop.domain.certificates import TokenEvent
    from ipnft_desktop.domain.contract_writes import ContractCall
    from ipnft_desktop.domain.minting import TransactionRecord

HEAD_INTERVAL_S = 0.25

_RETRY_INTERVALS = 4
# A lost subscription is asked for again after so many polls without it.
_ALREADY_KNOWN = ("already known", "alreadyknown", "known transaction", "already imported")


class EthereumChain:
    """Speaks to one node at a time through `rpc`, which whoever controls a local node may share.

    `fallback_urls` are further nodes of the same network. `websocket_url` is where new heads are subscribed to, if
    that is not the node's own address. A node's refusal of a plain read is raised as EnvironmentFault
    NODE_UNREACHABLE too: it cannot serve.
    """

    def __init__(
        self,
        rpc: JsonRpc,
        *,
        terms: CollectionTerms | None = None,
        fallback_urls: Sequence[str] = (),
        websocket_url: str | None = None,
        head_interval_s: float = HEAD_INTERVAL_S,
    ) -> None:
        self._rpc = rpc
        self._fallback_urls = tuple(fallback_urls)
        self._websocket_url = websocket_url
        self._head_interval_s = head_interval_s
        self._blocks = BlockReader(rpc)
        self._search = ChainSearch(rpc)
        self._logs = LogReader(rpc)
        self._contract = ContractReader(rpc, terms)
        self._caller = ContractCaller(rpc, self._contract)
        self._news: set[HeadNews] = set()
        self._chain_id: int | None = None
        self._deployment_blocks: dict[str, int] = {}

    @property
    def is_local(self) -> bool:
        """A demonstration chain on this very machine: its chain id and a loopback address, both."""
        return self._chain_id == LOCAL_CHAIN_ID and self._rpc.is_loopback

    async def connect(self, rpc_url: str) -> int:
        """Use this node from now on; returns its chain id."""
        await self._hang_up()
        await self._rpc.open(rpc_url, *self._fallback_urls)
        _, answer = await asyncio.gather(self._contract.codec(), self._rpc.call("eth_chainId"))
        chain_id = as_quantity(answer)
        self._rpc.expect_chain(chain_id)
        self._chain_id = chain_id
        for news in self._news:
            news.start()
        return chain_id

    async def disconnect(self) -> None:
        """Every call fails until the next `connect`."""
        await self._hang_up()
        await self._rpc.close()

    def use_contract(self, address: str | None) -> None:
        """Contract that the calls below speak to."""
        self._contract.address = address

    async def head(self) -> BlockRef:
        """The newest block."""
        return await self._blocks.head()

    async def heads(self) -> AsyncIterator[BlockRef]:
        """Each change of the newest block, by number or hash, beginning with the present one."""
        news = HeadNews(
            lambda: self._websocket_url or self._rpc.websocket_url, _RETRY_INTERVALS * self._head_interval_s
        )
        self._news.add(news)
        if self._chain_id is not None:
            news.start()
        try:
            async with aclosing(head_changes(news, self.head, self._head_interval_s)) as changes:
                async for head in changes:
                    yield head
        finally:
            self._news.discard(news)
            await news.stop()

    async def fees(self) -> Fees:
        """What the next transaction should offer."""
        return fees_from(*await self._rpc.batch_values(FEE_CALLS))

    async def load(self, blocks: int) -> ChainLoad:
        """How busy the newest blocks were, as many as there are up to this number."""
        return load_from(await self._rpc.call("eth_feeHistory", hex(blocks), "latest", []))

    # --- identity ---------------------------------------------------------------------------------------------

    async def observe(self, address: str, deployment_block: int) -> ChainObservation:
        """The parts of an identity as this chain has them now."""
        codec = await self._contract.codec()
        outcomes = await self._rpc.batch(observation_calls(codec, address, deployment_block))
        return self._noted(address, deployment_block, observation_from(codec, outcomes))

    async def identity_of(self, deployment: Receipt) -> ChainIdentity:
        """Read back what was deployed. Raises EnvironmentFault CONTRACT_MISSING."""
        if deployment.contract_address is None:
            raise EnvironmentFault(ErrorCode.CONTRACT_MISSING, "the transaction deployed nothing")
        return await self._identity(deployment.contract_address, deployment.block.number)

    async def identity_at(self, address: str) -> ChainIdentity:
        """Of a contract of ours that stands already. Raises EnvironmentFault CONTRACT_MISSING."""
        return await self._identity(address, await self._contract.deployment_block(address))

    async def _identity(self, address: str, block: int) -> ChainIdentity:
        seen = await self.observe(address, block)
        if seen.code_hash is None or seen.instance_id is None or seen.deployment_block_hash is None:
            raise EnvironmentFault(ErrorCode.CONTRACT_MISSING, "no contract of ours there", address=address)
        return ChainIdentity(
            seen.chain_id, address, seen.code_hash, seen.instance_id, block, seen.deployment_block_hash
        )

    async def deployment_data(self, instance_id: bytes, admin: str, minter: str) -> bytes:
        """Creation code of IPAssetNFT with its constructor arguments."""
        return (await self._contract.codec()).deployment(instance_id, admin, minter)

    # --- minting ----------------------------------------------------------------------------------------------

    async def preflight(self, call: MintCall, expected: ChainIdentity, sender: str) -> Preflight:
        """As `preflights` for one call; raises what would stand in its place."""
        (found,) = await self.preflights([call], expected, sender)
        if isinstance(found, IpnftError):
            raise found
        return found

    async def preflights(
        self, calls: Sequence[MintCall], expected: ChainIdentity, sender: str
    ) -> list[Preflight | IpnftError]:
        """One batched look before signing: identity, fees and balance once, simulation and gas for each call.

        Where the chain is not the expected one (RESET, FOREIGN) nothing is simulated in earnest: no error stands for
        it and `gas_limit` is 0, so that the caller reports the chain, not its consequence. Otherwise in place of a
        call that would not succeed stands what the contract's refusal means (`contract_errors.py`), DUPLICATE_IN_BATCH
        or EnvironmentFault GAS_ESTIMATION_FAILED.
        """
        codec = await self._contract.codec()
        address = expected.contract_address
        data = [codec.mint(call) for call in calls]
        # Otherwise a node goes up to what a block holds, which a recipient that burns gas makes long.
        most_gas = hex(MAX_TRANSACTION_GAS)
        # On the state of the newest block: by default it would be the pool's, which may hold this very mint already.
        simulations: list[RpcCall] = [
            ("eth_estimateGas", [{"from": sender, "to": address, "data": hex_text(each), "gas": most_gas}, "latest"])
            for each in data
        ]
        outcomes = await self._rpc.batch(
            [
                *observation_calls(codec, address, expected.deployment_block),
                *FEE_CALLS,
                ("eth_getBalance", [sender, "latest"]),
                *simulations,
            ]
        )
        seen = self._noted(address, expected.deployment_block, observation_from(codec, outcomes[:OBSERVATIONS]))
        common, simulated = outcomes[OBSERVATIONS : -len(calls)], outcomes[-len(calls) :]
        history, priority, balance = map(value_of, common)
        fees, balance_wei = fees_from(history, priority), as_quantity(balance)
        is_ours = compare_identity(expected, seen) in (IdentityVerdict.SAME, IdentityVerdict.REORGANISED)

        def found(call: MintCall, each: bytes, outcome: Json | RpcError) -> Preflight | IpnftError:
            try:
                gas_limit = gas_limit_from(codec, call, outcome) if is_ours else 0
            except IpnftError as refusal:
                return refusal
            plan = TransactionPlan(expected.chain_id, address, each, gas_limit, fees)
            return Preflight(seen, gas_limit, fees, balance_wei, plan)

        return [found(*looked_at) for looked_at in zip(calls, data, simulated, strict=True)]

    async def send_raw(self, raw: bytes) -> SendReply:
        """Hand over signed bytes once, to a local node unsigned ones too. Never raises: a lost answer is the verdict
        UNKNOWN."""
        unsigned = unsigned_request(raw) if self.is_local else None
        try:
            if unsigned is None:
                answer = await self._rpc.call("eth_sendRawTransaction", hex_text(raw))
            else:
                answer = await send_unsigned(self._rpc, unsigned)
        except RpcError as error:
            # Hardhat answers a reverting transaction with an error and has mined it all the same: a hint, no more.
            known = any(words in error.message.lower() for words in _ALREADY_KNOWN)
            if error.revert_data:
                # The node names our typed errors only where it finds the compiler's output; we always can.
                return SendReply(SendVerdict.REFUSED, str((await self._contract.codec()).revert(error.revert_data)))
            return SendReply(SendVerdict.ALREADY_KNOWN if known else SendVerdict.REFUSED, error.message)
        except EnvironmentFault as fault:
            return SendReply(SendVerdict.UNKNOWN, fault.detail)
        if answer != transaction_hash(raw):
            return SendReply(SendVerdict.UNKNOWN, "the node named another transaction hash")
        return SendReply(SendVerdict.ACCEPTED)

    # --- other calls of contracts -----------------------------------------------------------------------------

    async def preflight_call(self, call: ContractCall, expected: ChainIdentity, sender: str) -> Preflight:
        """One batched look before signing; `gas_limit` is 0 where the chain is not the expected one."""
        return await self._caller.preflight(call, expected, sender)

    async def balance_of(self, address: str) -> int:
        """In wei, on the newest block."""
        return await self._caller.balance_of(address)

    async def token_then(self, token_id: int, block_number: int) -> tuple[str, str] | None:
        """Owner and validity at the end of a block; None where there was no such token. Raises StateNotKept where the
        node keeps no state of that time."""
        return await self._caller.token_then(token_id, block_number)

    async def token_events(self, token_id: int) -> tuple[TokenEvent, ...]:
        """Transfers of a token and changes of its validity, in the chain's order."""
        since = self._deployment_blocks.get(self._contract.address_in_use(), 0)
        return await self._caller.token_events(token_id, since)

    # --- what was mined ---------------------------------------------------------------------------------------

    async def receipts(self, tx_hashes: Sequence[str]) -> dict[str, Receipt | None]:
        """One batched request for all; None where the node has no receipt."""
        # The newest block travels along: a fresh receipt is nearly always in it, and lacks only its time.
        return dict((await self.look(tx_hashes)).receipts) if tx_hashes else {}

    async def look(self, tx_hashes: Sequence[str], anchor: int | None = None) -> ChainLook:
        """One batched look: the head, the block at the height `anchor`, and the receipts."""
        return await self._blocks.look(tx_hashes, anchor, await self._contract.codec(), self._contract.address)

    async def block_at(self, number: int) -> BlockRef | None:
        """None where the chain is shorter."""
        return await self._blocks.block_at(number)

    async def blocks_for_journal(self, first: int, last: int) -> tuple[RecordedBlock, ...]:
        """Blocks with their raw transactions, rebuilt and each checked against its hash; both ends are included.

        Raises Defect for a transaction that cannot be rebuilt, NODE_UNREACHABLE where there is no such block.
        """
        return await self._blocks.recorded(first, last)

    async def nonce_of(self, address: str) -> int:
        """Transactions of the account that are mined."""
        return as_quantity(await self._rpc.call("eth_getTransactionCount", address, "latest"))

    async def nonce_use(self, address: str, nonce: int, since_block: int) -> NonceUse | None:
        """The mined transaction with which the account used this nonce, searched from `since_block` to the head; None
        where it is not used yet, or the node has no memory of that time."""
        return await self._search.nonce_use(address, nonce, since_block)

    async def mined_transaction(self, tx_hash: str) -> TransactionRecord | None:
        """A mined transaction of anybody, rebuilt to its signed bytes; None if the chain has none.

        Raises Defect for a kind of transaction that cannot be rebuilt.
        """
        return await self._search.mined_transaction(tx_hash)

    async def mined_data(self, tx_hash: str) -> MinedData | None:
        """What a mined transaction of anybody carried, proved by its hash; None if the chain has none.

        Raises Defect for a kind of transaction that cannot be rebuilt.
        """
        return await self._search.mined_data(tx_hash)

    async def mints_between(self, first: int, last: int) -> tuple[MintSighting, ...]:
        """Mint events of the contract in use, both blocks included, in the chain's order. Raises CONTRACT_MISSING
        while none is in use."""
        return await self._search.mints_between(
            first, last, await self._contract.codec(), self._contract.address_in_use()
        )

    async def mint_of(self, token_id: int) -> MintSighting | None:
        """The mint event of one token of the contract in use; None if there is none. Raises CONTRACT_MISSING while no
        contract is in use."""
        address = self._contract.address_in_use()
        since = self._deployment_blocks.get(address, 0)
        return await self._search.mint_of(token_id, since, await self._contract.codec(), address)

    async def revert_reason(self, tx_hash: str) -> str:
        """Name of the error a mined, reverted transaction ended with; empty if unknown."""
        return await self._contract.revert_reason(tx_hash)

    async def slice_from(self, first: int, last: int) -> ChainSlice:
        """The block at `first` and those behind it with all their logs, of every contract, up to `last`; fewer where
        the node does not tell so much at once."""
        codec = await self._contract.codec()
        return await self._logs.slice_from(first, last, codec.events, self._contract.address)

    # --- tokens -----------------------------------------------------------------------------------------------

    async def token(self, token_id: int) -> TokenFacts | None:
        """What the contract answers now; None if no such token exists. Raises CONTRACT_MISSING."""
        return await self._contract.token(token_id)

    async def tokens(self, token_ids: Sequence[int]) -> dict[int, TokenFacts | None]:
        """As `token` for many, in as few requests as they fit into. Raises CONTRACT_MISSING."""
        return await self._contract.tokens(token_ids)

    async def owners(self, token_ids: Sequence[int]) -> dict[int, str | None]:
        """In as few requests as they fit into; None where no token exists. Raises CONTRACT_MISSING."""
        return await self._contract.owners(token_ids)

    # --- inside -----------------------------------------------------------------------------------------------

    async def _hang_up(self) -> None:
        self._chain_id = None
        for news in tuple(self._news):
            await news.stop()

    def _noted(self, address: str, deployment_block: int, seen: ChainObservation) -> ChainObservation:
        """Before its deployment a contract has no events to search for."""
        if seen.code_hash is not None:
            known = self._deployment_blocks.get(address, deployment_block)
            self._deployment_blocks[address] = min(known, deployment_block)
        return seen
