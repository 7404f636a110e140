"""Reads a node's JSON objects as the register's plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipnft_desktop.adapters.chain.json_rpc import Json, RpcCall, as_list, as_object, as_quantity, as_text
from ipnft_desktop.domain.chain import BlockRef, ChainLoad, Fees, Receipt

if TYPE_CHECKING:
    from ipnft_desktop.adapters.chain.ip_asset_contract import IPAssetContract

FEE_CALLS: tuple[RpcCall, ...] = (("eth_feeHistory", ["0x1", "latest", []]), ("eth_maxPriorityFeePerGas", []))
"""What `fees_from` needs to know."""
LATEST_BLOCK: RpcCall = ("eth_getBlockByNumber", ["latest", False])


def block_call(number: int, *, with_transactions: bool = False) -> RpcCall:
    """Request for the block at a height."""
    return "eth_getBlockByNumber", [hex(number), with_transactions]


def contract_call(address: str, data: bytes) -> RpcCall:
    """Request to run a call without a transaction, on the newest block."""
    return "eth_call", [{"to": address, "data": hex_text(data)}, "latest"]


def hex_text(data: bytes) -> str:
    """Bytes as JSON-RPC writes them."""
    return "0x" + data.hex()


def block_ref(value: Json) -> BlockRef:
    """A block by number, hash and time."""
    block = as_object(value)
    return BlockRef(as_quantity(block.get("number")), as_text(block.get("hash")), as_quantity(block.get("timestamp")))


def fees_from(history: Json, priority: Json) -> Fees:
    """Offer twice the next block's base fee and the tip the node suggests.

    The base fee grows by at most 1/8 a block (EIP-1559), so the offer holds for at least five full blocks.
    """
    base_fee_wei = as_quantity(as_list(as_object(history).get("baseFeePerGas"))[-1])
    priority_wei = as_quantity(priority)
    return Fees(2 * base_fee_wei + priority_wei, priority_wei, base_fee_wei + priority_wei)


def load_from(history: Json) -> ChainLoad:
    """Base fees and fullness of the blocks that an answer to `eth_feeHistory` is about."""
    answer = as_object(history)
    shares = as_list(answer.get("gasUsedRatio"))
    base_fees = tuple(as_quantity(fee) for fee in as_list(answer.get("baseFeePerGas")))
    return ChainLoad(base_fees, tuple(float(share) for share in shares if isinstance(share, int | float)))


def receipt_from(value: Json, timestamp_s: int, contract: IPAssetContract, contract_address: str | None) -> Receipt:
    """A receipt with the tokens that our contract announced in it."""
    receipt = as_object(value)
    created = receipt.get("contractAddress")
    return Receipt(
        tx_hash=as_text(receipt.get("transactionHash")),
        block=BlockRef(as_quantity(receipt.get("blockNumber")), as_text(receipt.get("blockHash")), timestamp_s),
        succeeded=as_quantity(receipt.get("status")) == 1,
        gas_used=as_quantity(receipt.get("gasUsed")),
        gas_price_wei=as_quantity(receipt.get("effectiveGasPrice")),
        minted=contract.minted(receipt.get("logs"), contract_address),
        contract_address=None if created is None else contract.checksum(as_text(created)),
    )
