"""Proofs of what a block holds, made from what any node answers: header, transactions, receipts, state.

Nodes prove states (`eth_getProof`, EIP-1186) but neither transactions nor receipts: for those all of the block are
asked for, and its tries are built anew. What does not give the block's own hash is refused.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence

from eth_hash.auto import keccak

from ipnft_desktop.adapters.chain.answers import LATEST_BLOCK, hex_text
from ipnft_desktop.adapters.chain.chain_search import LOG_WINDOW_BLOCKS, ChainSearch
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
)
from ipnft_desktop.adapters.chain.merkle_trie import trie_of
from ipnft_desktop.adapters.chain.raw_transactions import rebuild
from ipnft_desktop.domain.errors import Defect, EnvironmentFault, ErrorCode
from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.services.evidence_ports import MinedProof, TokenNow
from ipnft_verify.broken import MISREAD, Broken
from ipnft_verify.chain_proof import DIRECTORY_AMENDED, TRANSFER, VALIDITY_CHANGED
from ipnft_verify.manifest import VALIDITIES
from ipnft_verify.rlp import Encodable, encode
from ipnft_verify.signing import checksummed
from ipnft_verify.state_proof import owner_slot, token_state

RECEIPTS_AT_ONCE = 100
_REBUILT_TYPES = 3
"""Below it a transaction is rebuilt from its fields; the bytes of others are asked for."""
_HEADER = (
    *("parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot", "logsBloom", "difficulty"),
    *(
        "number",
        "gasLimit",
        "gasUsed",
        "timestamp",
        "extraData",
        "mixHash",
        "nonce",
        "baseFeePerGas",
        "withdrawalsRoot",
    ),
    *("blobGasUsed", "excessBlobGas", "parentBeaconBlockRoot", "requestsHash"),
)
"""Fields of a header in their order, those of later forks last; Prague has all."""
_QUANTITIES = frozenset(
    {
        *("difficulty", "number", "gasLimit", "gasUsed", "timestamp", "baseFeePerGas"),
        *("blobGasUsed", "excessBlobGas"),
    }
)
_OWNER_OF, _VALIDITY_OF = keccak(b"ownerOf(uint256)")[:4], keccak(b"validityOf(uint256)")[:4]


class ReceiptProofs:
    """Implements the port `ChainProofs` over the node that `rpc` speaks to."""

    def __init__(self, rpc: JsonRpc) -> None:
        self._rpc = rpc
        self._search = ChainSearch(rpc)

    async def mined(self, tx_hashes: Sequence[str]) -> tuple[MinedProof, ...]:
        """Each of these transactions in its block; a block with several of them is read once."""
        found = await self._rpc.batch_values([("eth_getTransactionByHash", [tx_hash]) for tx_hash in tx_hashes])
        places = [(tx_hash, _place(answer)) for tx_hash, answer in zip(tx_hashes, found, strict=True)]
        proofs: dict[str, MinedProof] = {}
        for block_hash in dict.fromkeys(block for _, (block, _) in places):
            wanted = [(tx_hash, index) for tx_hash, (block, index) in places if block == block_hash]
            for proof in await self._in_block(block_hash, wanted):
                proofs[proof.tx_hash] = proof
        return tuple(proofs[tx_hash] for tx_hash in tx_hashes)

    async def code(self, contract_address: str) -> bytes:
        """The runtime code at an address, empty where there is none."""
        return as_bytes(await self._rpc.call("eth_getCode", contract_address, "latest"))

    async def events(self, contract_address: str, token_id: int, first: int, last: int) -> tuple[str, ...]:
        """Transactions that moved a token, or changed its validity or metadata, in the chain's order."""
        token = f"0x{token_id:064x}"
        changed: Json = [hex_text(VALIDITY_CHANGED), hex_text(DIRECTORY_AMENDED)]
        filters: list[list[Json]] = [[hex_text(TRANSFER), None, None, token], [changed, token]]
        places: set[tuple[int, int, str]] = set()
        for topics in filters:
            async for logs in self._search.logs(contract_address, topics, first, last, LOG_WINDOW_BLOCKS):
                for log in map(as_object, logs):
                    block, index = as_quantity(log.get("blockNumber")), as_quantity(log.get("transactionIndex"))
                    places.add((block, index, as_text(log.get("transactionHash"))))
        return tuple(tx_hash for _, _, tx_hash in sorted(places))

    async def token_now(self, contract_address: str, token_id: int) -> TokenNow:
        """The token at the chain's head. Raises EVIDENCE_NOT_PROVED where there is none."""
        method, params = LATEST_BLOCK
        block = as_object(await self._rpc.call(method, *params))
        number = as_text(block.get("number"))
        word = token_id.to_bytes(32, "big")
        calls: list[RpcCall] = [
            ("eth_call", [{"to": contract_address, "data": hex_text(selector + word)}, number])
            for selector in (_OWNER_OF, _VALIDITY_OF)
        ]
        slot = f"0x{owner_slot(token_id):064x}"
        *said, proved = await self._rpc.batch([*calls, ("eth_getProof", [contract_address, [slot], number])])
        owner_word, validity_word = (b"" if isinstance(one, RpcError) else as_bytes(one) for one in said)
        if len(owner_word) != 32 or len(validity_word) != 32:
            raise _not_proved(phrase("the contract has no such token"))
        owner, validity = checksummed(owner_word[12:]), VALIDITIES[validity_word[-1]]
        loop = asyncio.get_running_loop()
        contract = bytes.fromhex(contract_address[2:])
        proof = await loop.run_in_executor(None, _state_proof, block, proved, contract, token_id, (owner, validity))
        return TokenNow(
            as_quantity(block.get("number")),
            as_text(block.get("hash")),
            as_quantity(block.get("timestamp")),
            owner,
            validity,
            proof,
        )

    async def _in_block(self, block_hash: str, wanted: Sequence[tuple[str, int]]) -> list[MinedProof]:
        block = as_object(await self._rpc.call("eth_getBlockByHash", block_hash, True))
        transactions = [as_object(one) for one in as_list(block.get("transactions"))]
        receipts: list[Json] = []
        for first in range(0, len(transactions), RECEIPTS_AT_ONCE):
            hashes = [as_text(one.get("hash")) for one in transactions[first : first + RECEIPTS_AT_ONCE]]
            receipts += await self._rpc.batch_values([("eth_getTransactionReceipt", [one]) for one in hashes])
        strange = [as_text(one.get("hash")) for one in transactions if not _is_rebuilt(one)]
        raw = await self._rpc.batch_values([("eth_getRawTransactionByHash", [one]) for one in strange])
        known = {tx_hash: as_bytes(one) for tx_hash, one in zip(strange, raw, strict=True)}
        loop = asyncio.get_running_loop()
        # Aside from the event loop: a full block takes tens of milliseconds.
        return await loop.run_in_executor(None, _proofs, block, transactions, receipts, known, wanted)


def _place(answer: Json) -> tuple[str, int]:
    transaction = as_object(answer) if answer is not None else {}
    if transaction.get("blockHash") is None:
        raise _not_proved(phrase("the chain does not have the transaction"))
    return as_text(transaction.get("blockHash")), as_quantity(transaction.get("transactionIndex"))


def _proofs(
    block: Mapping[str, Json],
    transactions: Sequence[Mapping[str, Json]],
    receipts: Sequence[Json],
    known: Mapping[str, bytes],
    wanted: Sequence[tuple[str, int]],
) -> list[MinedProof]:
    header = _header(block)
    try:
        raw = [known.get(as_text(one.get("hash"))) or rebuild(one) for one in transactions]
    except Defect:  # such as one that a local node took without a signature
        raise _not_proved(phrase("what the node tells of the block does not give its root")) from None
    told = [_receipt(as_object(one)) for one in receipts]
    found: list[MinedProof] = []
    for tx_hash, index in wanted:
        # The gas of one transaction is what it added to that of those before it.
        places = [index - 1, index] if index else [index]
        found.append(
            MinedProof(
                tx_hash=tx_hash,
                block_number=as_quantity(block.get("number")),
                block_hash=as_text(block.get("hash")),
                timestamp_s=as_quantity(block.get("timestamp")),
                transaction_index=index,
                header=header,
                transaction_proof=_proof(raw, [index], block.get("transactionsRoot")),
                receipt_proof=_proof(told, places, block.get("receiptsRoot")),
            )
        )
    return found


def _proof(values: Sequence[bytes], wanted: Collection[int], root: Json) -> bytes:
    trie = trie_of(values, wanted)
    if trie.root != as_bytes(root):
        raise _not_proved(phrase("what the node tells of the block does not give its root"))
    return encode(trie.proof)


def _header(block: Mapping[str, Json]) -> bytes:
    """Bytes of a header. Raises EVIDENCE_NOT_PROVED where they do not give the block's hash."""
    names = [name for name in _HEADER if block.get(name) is not None]
    fields: list[Encodable] = [
        as_quantity(block.get(name)) if name in _QUANTITIES else as_bytes(block.get(name)) for name in names
    ]
    header = encode(fields)
    if keccak(header) != as_bytes(block.get("hash")):
        raise _not_proved(phrase("what the node tells of the block does not give its hash"))
    return header


def _receipt(receipt: Mapping[str, Json]) -> bytes:
    """Bytes of a receipt as the trie has it (EIP-658, EIP-2718)."""
    logs: list[Encodable] = [
        [
            as_bytes(log.get("address")),
            [as_bytes(topic) for topic in as_list(log.get("topics"))],
            as_bytes(log.get("data")),
        ]
        for log in map(as_object, as_list(receipt.get("logs")))
    ]
    gas, bloom = as_quantity(receipt.get("cumulativeGasUsed")), as_bytes(receipt.get("logsBloom"))
    encoded = encode([as_quantity(receipt.get("status")), gas, bloom, logs])
    kind = as_quantity(receipt.get("type", "0x0"))
    return bytes([kind]) + encoded if kind else encoded


def _state_proof(
    block: Mapping[str, Json], proved: Json | RpcError, contract: bytes, token_id: int, said: tuple[str, str]
) -> bytes | None:
    """The proof as a bundle has it; None where the node has none, or one that proves something else."""
    if isinstance(proved, RpcError):
        return None
    answer = as_object(proved)
    storage = [as_object(one) for one in as_list(answer.get("storageProof"))]
    of_account = [as_bytes(node) for node in as_list(answer.get("accountProof"))]
    of_token = [as_bytes(node) for node in as_list(storage[0].get("proof"))] if storage else []
    try:
        proof = encode([_header(block), of_account, of_token])
        state = token_state(proof, contract, token_id)
    except (Broken, EnvironmentFault, *MISREAD):
        return None
    return proof if (state.owner, state.validity) == said else None


def _is_rebuilt(transaction: Mapping[str, Json]) -> bool:
    return as_quantity(transaction.get("type", "0x0")) < _REBUILT_TYPES


def _not_proved(why: Phrase) -> EnvironmentFault:
    return EnvironmentFault(ErrorCode.EVIDENCE_NOT_PROVED, why)
