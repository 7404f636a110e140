"""Reads a node's blocks, transactions and receipts as the inspector's plain values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache

from eth_utils.address import to_checksum_address

from ipnft_desktop.adapters.chain.json_answers import Json, unreadable
from ipnft_desktop.adapters.chain.json_rpc import as_bytes, as_list, as_object, as_quantity, as_text
from ipnft_desktop.domain.inspection.blocks import Block, BlockLine
from ipnft_desktop.domain.inspection.transactions import RawLog, RawTransaction, TransactionLine, TransactionPlace

_SELECTOR_CHARS = 10
_ACCESS_LIST_ADDRESS_GAS, _ACCESS_LIST_KEY_GAS = 2_400, 1_900  # EIP-2930
_AUTHORISATION_GAS = 25_000  # EIP-7702, PER_EMPTY_ACCOUNT_COST
_SHOWN_APART = frozenset({"input", "data", "logs", "logsBloom", "transactions"})


@lru_cache(maxsize=8192)
def checksummed(address: str) -> str:
    """Kept, because the same few addresses come again and again, and a hash takes a fifth of a millisecond."""
    try:
        return str(to_checksum_address(address))
    except ValueError:
        unreadable("a request for an address")


def optional_address(value: Json) -> str | None:
    """An address, or none."""
    return None if value is None else checksummed(as_text(value))


def block_line(value: Json) -> BlockLine:
    """A line of the list of blocks."""
    block = as_object(value)
    base_fee = block.get("baseFeePerGas")
    return BlockLine(
        number=as_quantity(block.get("number")),
        block_hash=as_text(block.get("hash")),
        parent_hash=as_text(block.get("parentHash")),
        timestamp_s=as_quantity(block.get("timestamp")),
        transaction_count=len(as_list(block.get("transactions"))),
        gas_used=as_quantity(block.get("gasUsed")),
        gas_limit=as_quantity(block.get("gasLimit")),
        base_fee_wei=None if base_fee is None else as_quantity(base_fee),
    )


def whole_block(value: Json) -> Block:
    """All of a block."""
    block = as_object(value)
    header = {name: _text(field) for name, field in block.items() if name != "transactions"}
    return Block(block_line(value), header, tuple(map(as_text, as_list(block.get("transactions")))))


def transaction_line(transaction: Json, receipt: Json, timestamp_s: int) -> TransactionLine:
    """A line of the list of transactions; what the method is called is not known here."""
    sent, mined = as_object(transaction), as_object(receipt)
    data = as_text(sent.get("input"))
    price = mined.get("effectiveGasPrice", sent.get("gasPrice"))
    return TransactionLine(
        tx_hash=as_text(sent.get("hash")),
        place=TransactionPlace(as_quantity(mined.get("blockNumber")), as_quantity(mined.get("transactionIndex"))),
        timestamp_s=timestamp_s,
        succeeded=as_quantity(mined.get("status")) == 1,
        sender=checksummed(as_text(sent.get("from"))),
        to=optional_address(sent.get("to")),
        created=optional_address(mined.get("contractAddress")),
        nonce=as_quantity(sent.get("nonce")),
        value_wei=as_quantity(sent.get("value")),
        selector=data[:_SELECTOR_CHARS].lower() if len(data) >= _SELECTOR_CHARS and sent.get("to") else "",
        method="",
        gas_used=as_quantity(mined.get("gasUsed")),
        gas_price_wei=as_quantity(price),
    )


def raw_transaction(transaction: Json, receipt: Json, timestamp_s: int) -> RawTransaction:
    """All of a transaction."""
    sent, mined = as_object(transaction), as_object(receipt)
    both: dict[str, Json] = {**mined, **sent}
    return RawTransaction(
        line=transaction_line(transaction, receipt, timestamp_s),
        block_hash=as_text(mined.get("blockHash")),
        input=as_bytes(sent.get("input")),
        logs=tuple(raw_log(log) for log in as_list(mined.get("logs"))),
        gas_limit=as_quantity(sent.get("gas")),
        type_number=as_quantity(sent.get("type", "0x0")),
        declared_gas=_declared_gas(sent),
        fields={name: _text(field) for name, field in both.items() if name not in _SHOWN_APART},
        authorisations=_authorisations(sent),
        # Where a signature stands, a node that impersonates puts the account itself.
        is_signed="r" not in sent or as_quantity(sent.get("r")) != as_quantity(sent.get("from")),
    )


def raw_log(value: Json) -> RawLog:
    """An event."""
    log = as_object(value)
    return RawLog(
        index=as_quantity(log.get("logIndex")),
        address=checksummed(as_text(log.get("address"))),
        topics=tuple(as_text(topic).lower() for topic in as_list(log.get("topics"))),
        data=as_bytes(log.get("data")),
    )


def _declared_gas(sent: Mapping[str, Json]) -> int:
    entries = [as_object(entry) for entry in as_list(sent.get("accessList") or [])]
    keys = sum(len(as_list(entry.get("storageKeys"))) for entry in entries)
    of_list = _ACCESS_LIST_ADDRESS_GAS * len(entries) + _ACCESS_LIST_KEY_GAS * keys
    return of_list + _AUTHORISATION_GAS * _authorisations(sent)


def _authorisations(sent: Mapping[str, Json]) -> int:
    return len(as_list(sent.get("authorizationList") or []))


def _text(value: Json) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value)
