"""Tries calls of contracts before they are signed, and reads how tokens stood in the past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from eth_hash.auto import keccak

from ipnft_desktop.adapters.chain.answers import FEE_CALLS, block_call, fees_from, hex_text
from ipnft_desktop.adapters.chain.chain_search import LOG_WINDOW_BLOCKS, ChainSearch
from ipnft_desktop.adapters.chain.contract_reader import ContractReader, says_no_such_token
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
from ipnft_desktop.adapters.chain.observations import OBSERVATIONS, observation_calls, observation_from
from ipnft_desktop.adapters.chain.simulations import gas_offered
from ipnft_desktop.domain.certificates import TokenEvent, TransferEvent, Validity, ValidityEvent
from ipnft_desktop.domain.chain import (
    ChainIdentity,
    ChainObservation,
    IdentityVerdict,
    Preflight,
    TransactionPlan,
    compare_identity,
)
from ipnft_desktop.domain.contract_writes import ContractCall
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.mint_gas import MAX_TRANSACTION_GAS
from ipnft_desktop.services.contract_ports import StateNotKept

if TYPE_CHECKING:
    from ipnft_desktop.adapters.chain.ip_asset_contract import IPAssetContract

_TRANSFER = hex_text(keccak(b"Transfer(address,address,uint256)"))
_VALIDITY_CHANGED = hex_text(keccak(b"ValidityChanged(uint256,uint8,bytes32)"))
_ADDRESS_BYTES = 20


class ContractCaller:
    """Speaks to contracts through `rpc`; the one in use is the reader's."""

    def __init__(self, rpc: JsonRpc, reader: ContractReader) -> None:
        self._rpc = rpc
        self._reader = reader

    async def preflight(self, call: ContractCall, expected: ChainIdentity, sender: str) -> Preflight:
        """As the port `ContractCalls` says; `gas_limit` is 0 where the chain is not the expected one."""
        # Imported here: eth_abi takes its time, and the codec has loaded it.
        codec = await self._reader.codec()
        from ipnft_desktop.adapters.chain.call_encoding import encode_call

        data = encode_call(call)
        # On the state of the newest block, as a mint is.
        simulated: dict[str, Json] = {
            "from": sender,
            "to": call.target,
            "data": hex_text(data),
            "value": hex(call.value_wei),
            "gas": hex(MAX_TRANSACTION_GAS),
        }
        outcomes = await self._rpc.batch(
            [
                *observation_calls(codec, expected.contract_address, expected.deployment_block),
                *FEE_CALLS,
                ("eth_getBalance", [sender, "latest"]),
                ("eth_estimateGas", [simulated, "latest"]),
            ]
        )
        seen = observation_from(codec, outcomes[:OBSERVATIONS])
        history, priority, balance = map(value_of, outcomes[OBSERVATIONS:-1])
        fees, balance_wei = fees_from(history, priority), as_quantity(balance)
        gas_limit = _gas_limit(codec, outcomes[-1]) if _is_ours(expected, seen) else 0
        plan = TransactionPlan(expected.chain_id, call.target, data, gas_limit, fees, call.value_wei)
        return Preflight(seen, gas_limit, fees, balance_wei, plan)

    async def balance_of(self, address: str) -> int:
        """In wei, on the newest block."""
        return as_quantity(await self._rpc.call("eth_getBalance", address, "latest"))

    async def token_then(self, token_id: int, block_number: int) -> tuple[str, str] | None:
        """Owner and validity at the end of a block; None where there was no such token. Raises StateNotKept."""
        codec, address = await self._reader.codec(), self._reader.address_in_use()
        asked: list[RpcCall] = [
            ("eth_call", [{"to": address, "data": hex_text(codec.call(function, token_id))}, hex(block_number)])
            for function in ("ownerOf", "validityOf")
        ]
        owner, validity = await self._rpc.batch(asked)
        if says_no_such_token(codec, owner) or owner == "0x":  # before its deployment no contract answers
            return None
        for outcome in (owner, validity):
            if isinstance(outcome, RpcError) and outcome.revert_data is None:
                raise StateNotKept(outcome.message)
        number = int(codec.answer("validityOf", value_of(validity))[0])
        return codec.owner(value_of(owner)), _validity_word(number)

    async def token_events(self, token_id: int, since_block: int) -> tuple[TokenEvent, ...]:
        """Everything the contract in use announced about a token from a height on."""
        codec, address = await self._reader.codec(), self._reader.address_in_use()
        head = as_quantity(await self._rpc.call("eth_blockNumber"))
        token = f"0x{token_id:064x}"
        search, logs = ChainSearch(self._rpc), list[Mapping[str, Json]]()
        wanted: tuple[list[Json], ...] = ([_TRANSFER, None, None, token], [_VALIDITY_CHANGED, token])
        for topics in wanted:
            async with aclosing(search.logs(address, topics, since_block, head, LOG_WINDOW_BLOCKS)) as windows:
                async for found in windows:
                    logs += map(as_object, found)
        logs.sort(key=lambda log: (as_quantity(log.get("blockNumber")), as_quantity(log.get("logIndex"))))
        return await self._told(codec, logs)

    async def _told(self, codec: IPAssetContract, logs: Sequence[Mapping[str, Json]]) -> tuple[TokenEvent, ...]:
        """With the block's time and the sender of the transaction, each asked for once."""
        numbers = sorted({as_quantity(log.get("blockNumber")) for log in logs})
        hashes = sorted({as_text(log.get("transactionHash")) for log in logs})
        by_hash: list[RpcCall] = [("eth_getTransactionByHash", [tx_hash]) for tx_hash in hashes]
        answers = await self._rpc.batch_values([*map(block_call, numbers), *by_hash])
        if any(answer is None for answer in answers):
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "a block vanished while it was read")
        blocks, sent = answers[: len(numbers)], answers[len(numbers) :]
        at = [as_quantity(as_object(block).get("timestamp")) for block in blocks]
        by = [codec.checksum(as_text(as_object(transaction).get("from"))) for transaction in sent]
        times, signers = dict(zip(numbers, at, strict=True)), dict(zip(hashes, by, strict=True))
        return tuple(_event(codec, log, times, signers) for log in logs)


def _event(
    codec: IPAssetContract, log: Mapping[str, Json], times: Mapping[int, int], signers: Mapping[str, str]
) -> TokenEvent:
    topics = [as_bytes(topic) for topic in as_list(log.get("topics"))]
    number, tx_hash = as_quantity(log.get("blockNumber")), as_text(log.get("transactionHash"))
    index, signer, time_s = as_quantity(log.get("logIndex")), signers[tx_hash], times[number]
    if hex_text(topics[0]) == _TRANSFER:
        sender, recipient = (codec.checksum(hex_text(topic[-_ADDRESS_BYTES:])) for topic in topics[1:3])
        token_id = int.from_bytes(topics[3], "big")
        return TransferEvent(token_id, sender, recipient, tx_hash, number, index, signer, time_s)
    validity = _validity_word(int.from_bytes(topics[2], "big"))
    reason_hash = hex_text(as_bytes(log.get("data")))
    token_id = int.from_bytes(topics[1], "big")
    return ValidityEvent(token_id, validity, reason_hash, tx_hash, number, index, signer, time_s)


def _validity_word(number: int) -> str:
    known = list(Validity)
    return known[number].value if number < len(known) else str(number)


def _is_ours(expected: ChainIdentity, seen: ChainObservation) -> bool:
    return compare_identity(expected, seen) in (IdentityVerdict.SAME, IdentityVerdict.REORGANISED)


def _gas_limit(codec: IPAssetContract, outcome: Json | RpcError) -> int:
    if not isinstance(outcome, RpcError):
        return gas_offered(outcome)
    if outcome.revert_data is None:
        raise EnvironmentFault(ErrorCode.GAS_ESTIMATION_FAILED, outcome.message)
    raise codec.revert(outcome.revert_data).as_error()
