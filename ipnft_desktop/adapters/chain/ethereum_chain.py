"""An Ethereum chain over JSON-RPC with our contract on it; implements the port `Chain`."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import TYPE_CHECKING

from eth_hash.auto import keccak

from ipnft_desktop.adapters.chain.answers import (
    FEE_CALLS,
    LATEST_BLOCK,
    block_call,
    block_ref,
    fees_from,
    receipt_from,
)
from ipnft_desktop.adapters.chain.json_rpc import (
    Json,
    JsonRpc,
    RpcCall,
    RpcError,
    as_bytes,
    as_list,
    as_object,
    as_quantity,
    as_text,
    value_of,
)
from ipnft_desktop.adapters.chain.raw_transactions import rebuild, transaction_hash
from ipnft_desktop.domain.chain import (
    LOCAL_CHAIN_ID,
    BlockRef,
    ChainIdentity,
    ChainObservation,
    Fees,
    IdentityVerdict,
    MintCall,
    Preflight,
    Receipt,
    RecordedBlock,
    SendReply,
    SendVerdict,
    TokenFacts,
    TransactionPlan,
    compare_identity,
)
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError

if TYPE_CHECKING:
    from ipnft_desktop.adapters.chain.collection_terms import CollectionTerms
    from ipnft_desktop.adapters.chain.ip_asset_contract import IPAssetContract

MAX_TRANSACTION_GAS = 2**24
"""Newer rules refuse a transaction above it (EIP-7825)."""
GAS_MARGIN_PERCENT = 10
HEAD_INTERVAL_S = 0.25

_KEPT_TIMES = 1024
_ALREADY_KNOWN = ("already known", "alreadyknown", "known transaction", "already imported")
_NO_SUCH_TOKEN = "TokenDoesNotExist"  # noqa: S105 - the contract's error, not a secret
_OBSERVATIONS = 4


class EthereumChain:
    """Speaks to one node at a time through `rpc`, which whoever controls a local node may share.

    A node's refusal of a plain read is raised as EnvironmentFault NODE_UNREACHABLE too: it cannot serve.
    """

    def __init__(
        self, rpc: JsonRpc, *, terms: CollectionTerms | None = None, head_interval_s: float = HEAD_INTERVAL_S
    ) -> None:
        self._rpc = rpc
        self._terms = terms
        self._head_interval_s = head_interval_s
        self._chain_id: int | None = None
        self._contract_address: str | None = None
        self._codec: IPAssetContract | None = None
        self._times_s: OrderedDict[str, int] = OrderedDict()

    @property
    def is_local(self) -> bool:
        """A demonstration chain on this very machine: its chain id and a loopback address, both."""
        return self._chain_id == LOCAL_CHAIN_ID and self._rpc.is_loopback

    async def connect(self, rpc_url: str) -> int:
        """Use this node from now on; returns its chain id."""
        self._chain_id = None
        await self._rpc.open(rpc_url)
        _, chain_id = await asyncio.gather(self._contract(), self._rpc.call("eth_chainId"))
        self._chain_id = as_quantity(chain_id)
        return self._chain_id

    async def disconnect(self) -> None:
        """Every call fails until the next `connect`."""
        self._chain_id = None
        await self._rpc.close()

    def use_contract(self, address: str | None) -> None:
        """Contract that the calls below speak to."""
        self._contract_address = address

    async def head(self) -> BlockRef:
        """The newest block."""
        method, params = LATEST_BLOCK
        return self._remembered(block_ref(await self._rpc.call(method, *params)))

    async def heads(self) -> AsyncIterator[BlockRef]:
        """Each change of the newest block, by number or hash, beginning with the present one."""
        last: BlockRef | None = None
        while True:
            try:
                newest = await self.head()
            except EnvironmentFault:
                newest = last
            if newest is not None and newest != last:
                last = newest
                yield newest
            await asyncio.sleep(self._head_interval_s)

    async def fees(self) -> Fees:
        """What the next transaction should offer."""
        return fees_from(*await self._rpc.batch_values(FEE_CALLS))

    async def nonce_of(self, address: str) -> int:
        """Transactions of the account that are mined."""
        return as_quantity(await self._rpc.call("eth_getTransactionCount", address, "latest"))

    # --- identity ---------------------------------------------------------------------------------------------

    async def observe(self, address: str, deployment_block: int) -> ChainObservation:
        """The parts of an identity as this chain has them now."""
        codec = await self._contract()
        return _observation(codec, await self._rpc.batch(_observation_calls(codec, address, deployment_block)))

    async def identity_of(self, deployment: Receipt) -> ChainIdentity:
        """Read back what was deployed. Raises EnvironmentFault CONTRACT_MISSING."""
        address, block = deployment.contract_address, deployment.block
        if address is None:
            raise EnvironmentFault(ErrorCode.CONTRACT_MISSING, "the transaction deployed nothing")
        seen = await self.observe(address, block.number)
        if seen.code_hash is None or seen.instance_id is None:
            raise EnvironmentFault(ErrorCode.CONTRACT_MISSING, "no contract of ours there", address=address)
        return ChainIdentity(seen.chain_id, address, seen.code_hash, seen.instance_id, block.number, block.block_hash)

    async def deployment_data(self, instance_id: bytes, admin: str, minter: str) -> bytes:
        """Creation code of IPAssetNFT with its constructor arguments."""
        return (await self._contract()).deployment(instance_id, admin, minter)

    # --- minting ----------------------------------------------------------------------------------------------

    async def preflight(self, call: MintCall, expected: ChainIdentity, sender: str) -> Preflight:
        """One batched look before signing: identity, simulation, gas, fees, balance.

        Where the chain is not the expected one (RESET, FOREIGN) nothing is simulated in earnest: no error is raised
        for it and `gas_limit` is 0, so that the caller reports the chain, not its consequence.
        Raises UserError RECIPIENT_REFUSED or DUPLICATE_ASSET, EnvironmentFault TX_REVERTED, GAS_ESTIMATION_FAILED.
        """
        codec = await self._contract()
        data = codec.mint(call)
        transaction: dict[str, Json] = {"from": sender, "to": expected.contract_address, "data": _hex(data)}
        outcomes = await self._rpc.batch(
            [
                *_observation_calls(codec, expected.contract_address, expected.deployment_block),
                *FEE_CALLS,
                ("eth_getBalance", [sender, "latest"]),
                ("eth_estimateGas", [transaction]),
            ]
        )
        observation = _observation(codec, outcomes[:_OBSERVATIONS])
        history, priority, balance = map(value_of, outcomes[_OBSERVATIONS:-1])
        fees = fees_from(history, priority)
        is_ours = compare_identity(expected, observation) in (IdentityVerdict.SAME, IdentityVerdict.REORGANISED)
        gas_limit = _gas_limit(codec, outcomes[-1]) if is_ours else 0
        plan = TransactionPlan(expected.chain_id, expected.contract_address, data, gas_limit, fees)
        return Preflight(observation, gas_limit, fees, as_quantity(balance), plan)

    async def send_raw(self, raw: bytes) -> SendReply:
        """Hand over signed bytes once. Never raises: a lost answer is the verdict UNKNOWN."""
        try:
            answer = await self._rpc.call("eth_sendRawTransaction", _hex(raw))
        except RpcError as error:
            # Hardhat answers a reverting transaction with an error and has mined it all the same: a hint, no more.
            known = any(words in error.message.lower() for words in _ALREADY_KNOWN)
            if error.revert_data:
                # The node names our typed errors only where it finds the compiler's output; we always can.
                return SendReply(SendVerdict.REFUSED, str((await self._contract()).revert(error.revert_data)))
            return SendReply(SendVerdict.ALREADY_KNOWN if known else SendVerdict.REFUSED, error.message)
        except EnvironmentFault as fault:
            return SendReply(SendVerdict.UNKNOWN, fault.detail)
        if answer != transaction_hash(raw):
            return SendReply(SendVerdict.UNKNOWN, "the node named another transaction hash")
        return SendReply(SendVerdict.ACCEPTED)

    async def receipts(self, tx_hashes: Sequence[str]) -> dict[str, Receipt | None]:
        """One batched request for all; None where the node has no receipt."""
        if not tx_hashes:
            return {}
        codec = await self._contract()
        calls: list[RpcCall] = [("eth_getTransactionReceipt", [tx_hash]) for tx_hash in tx_hashes]
        # The newest block travels along: a fresh receipt is nearly always in it, and lacks only its time.
        *found, newest = await self._rpc.batch_values([*calls, LATEST_BLOCK])
        self._remembered(block_ref(newest))
        await self._learn_times(as_text(as_object(receipt).get("blockHash")) for receipt in found if receipt)
        return {
            tx_hash: None if receipt is None else self._receipt(codec, receipt)
            for tx_hash, receipt in zip(tx_hashes, found, strict=True)
        }

    async def revert_reason(self, tx_hash: str) -> str:
        """Name of the error a mined, reverted transaction ended with; empty if unknown.

        Found by calling it again on the state before and after its block; the former alone would miss what
        transactions ahead of it in the same block had changed.
        """
        asked: list[RpcCall] = [("eth_getTransactionByHash", [tx_hash]), ("eth_getTransactionReceipt", [tx_hash])]
        sent, mined = await self._rpc.batch_values(asked)
        if sent is None or mined is None:
            return ""
        tx, receipt = as_object(sent), as_object(mined)
        if as_quantity(receipt.get("status")) == 1:
            return ""
        number = as_quantity(receipt.get("blockNumber"))
        call: Json = {"from": tx["from"], "to": tx["to"], "data": tx["input"], "value": tx["value"], "gas": tx["gas"]}
        states = (number - 1, number)
        for outcome in await self._rpc.batch([("eth_call", [call, hex(state)]) for state in states]):
            if isinstance(outcome, RpcError) and outcome.revert_data is not None:
                return str((await self._contract()).revert(outcome.revert_data))
        return ""

    # --- tokens -----------------------------------------------------------------------------------------------

    async def token(self, token_id: int) -> TokenFacts | None:
        """What the contract answers now; None if no such token exists. Raises CONTRACT_MISSING."""
        codec = await self._contract()
        outcomes = await self._ask(codec, codec.token_questions(token_id))
        if _says_no_such_token(codec, outcomes[0]):
            return None
        owner, uri, validity, royalty = map(value_of, outcomes)
        return codec.token(token_id, owner, uri, validity, royalty)

    async def owners(self, token_ids: Sequence[int]) -> dict[int, str | None]:
        """One batched request; None where no token exists. Raises CONTRACT_MISSING."""
        codec = await self._contract()
        outcomes = await self._ask(codec, [codec.call("ownerOf", token_id) for token_id in token_ids])
        return {
            token_id: None if _says_no_such_token(codec, outcome) else codec.owner(value_of(outcome))
            for token_id, outcome in zip(token_ids, outcomes, strict=True)
        }

    async def block_for_journal(self, number: int) -> RecordedBlock:
        """A block with its raw transactions, rebuilt and each checked against its hash.

        Raises Defect for a transaction that cannot be rebuilt, NODE_UNREACHABLE where there is no such block.
        """
        method, params = block_call(number, with_transactions=True)
        block = as_object(await self._rpc.call(method, *params))
        raw = tuple(rebuild(as_object(transaction)) for transaction in as_list(block.get("transactions")))
        return RecordedBlock(self._remembered(block_ref(block)), raw)

    # --- inside -----------------------------------------------------------------------------------------------

    async def _contract(self) -> IPAssetContract:
        if self._codec is not None:
            return self._codec
        codec = await asyncio.get_running_loop().run_in_executor(None, _load_contract, self._terms)
        self._codec = codec
        return codec

    async def _ask(self, codec: IPAssetContract, questions: Sequence[bytes]) -> list[Json | RpcError]:
        address = self._contract_address
        if address is None:
            raise EnvironmentFault(ErrorCode.CONTRACT_MISSING, "no contract is in use")
        return await self._rpc.batch([_eth_call(address, data) for data in questions])

    def _receipt(self, codec: IPAssetContract, receipt: Json) -> Receipt:
        time_s = self._times_s[as_text(as_object(receipt).get("blockHash"))]
        return receipt_from(receipt, time_s, codec, self._contract_address)

    def _remembered(self, block: BlockRef) -> BlockRef:
        self._times_s[block.block_hash] = block.timestamp_s
        return block

    async def _learn_times(self, block_hashes: Iterable[str]) -> None:
        """Times of these blocks, asked for once: what a hash names never changes."""
        wanted = dict.fromkeys(block_hashes)
        for block_hash in wanted.keys() & self._times_s.keys():
            self._times_s.move_to_end(block_hash)  # what is wanted now must not be among the forgotten
        unknown = [block_hash for block_hash in wanted if block_hash not in self._times_s]
        calls: list[RpcCall] = [("eth_getBlockByHash", [block_hash, False]) for block_hash in unknown]
        for block in await self._rpc.batch_values(calls):
            self._remembered(block_ref(block))
        while len(self._times_s) > max(_KEPT_TIMES, 2 * len(wanted)):
            self._times_s.popitem(last=False)


def _load_contract(terms: CollectionTerms | None) -> IPAssetContract:
    # Imported here, in the executor: the ABI library alone takes 0.2 s, and the window starts without it.
    from ipnft_desktop.adapters.chain.ip_asset_contract import IPAssetContract

    return IPAssetContract.load(terms)


def _observation_calls(codec: IPAssetContract, address: str, deployment_block: int) -> list[RpcCall]:
    return [
        ("eth_chainId", []),
        ("eth_getCode", [address, "latest"]),
        _eth_call(address, codec.call("instanceId")),
        block_call(deployment_block),
    ]


def _observation(codec: IPAssetContract, outcomes: Sequence[Json | RpcError]) -> ChainObservation:
    chain_id, code, instance_id, block = outcomes
    runtime_code = as_bytes(value_of(code))
    anchor = value_of(block)
    return ChainObservation(
        chain_id=as_quantity(value_of(chain_id)),
        code_hash=_hex(keccak(runtime_code)) if runtime_code else None,
        instance_id=_instance_id(codec, instance_id),
        deployment_block_hash=None if anchor is None else block_ref(anchor).block_hash,
    )


def _instance_id(codec: IPAssetContract, outcome: Json | RpcError) -> str | None:
    """None where a contract of another kind, or none, did not answer."""
    if isinstance(outcome, RpcError):
        return None
    try:
        return _hex(codec.answer("instanceId", outcome)[0])
    except EnvironmentFault:
        return None


def _gas_limit(codec: IPAssetContract, outcome: Json | RpcError) -> int:
    if isinstance(outcome, RpcError):
        raise _simulation_error(codec, outcome)
    needed = as_quantity(outcome)
    if needed > MAX_TRANSACTION_GAS:
        raise EnvironmentFault(ErrorCode.GAS_ESTIMATION_FAILED, f"the call needs {needed} gas, above the limit")
    return min(needed * (100 + GAS_MARGIN_PERCENT) // 100, MAX_TRANSACTION_GAS)


def _simulation_error(codec: IPAssetContract, error: RpcError) -> IpnftError:
    if error.revert_data is None:
        return EnvironmentFault(ErrorCode.GAS_ESTIMATION_FAILED, error.message)
    return codec.revert(error.revert_data).as_error()


def _says_no_such_token(codec: IPAssetContract, outcome: Json | RpcError) -> bool:
    """Only the contract's own error says that no token exists; any other failure says nothing."""
    return (
        isinstance(outcome, RpcError)
        and outcome.revert_data is not None
        and codec.revert(outcome.revert_data).name == _NO_SUCH_TOKEN
    )


def _eth_call(address: str, data: bytes) -> RpcCall:
    return "eth_call", [{"to": address, "data": _hex(data)}, "latest"]


def _hex(data: bytes) -> str:
    return "0x" + data.hex()
