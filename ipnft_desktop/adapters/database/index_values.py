"""Rows of the index as values, and values as rows."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, String, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from ipnft_desktop.adapters.database.column_types import UINT256_MAX_DIGITS
from ipnft_desktop.domain.chain import BlockRef
from ipnft_desktop.domain.chain_events import ChainEvent
from ipnft_desktop.domain.chain_view import ChainToken

TOPIC_BYTES = 32

_TOKEN_FIELDS = tuple(part.name for part in fields(ChainToken))


def digits(column: InstrumentedAttribute[Any]) -> ColumnElement[str]:
    """A column of `Uint256` as the text it is kept as, to be compared with many at once."""
    return type_coerce(column, String(UINT256_MAX_DIGITS))


def event_of(row: RowMapping) -> ChainEvent:
    """An event from its row and the hash and time of its block."""
    topics = row["topics"]
    return ChainEvent(
        BlockRef(row["block_number"], row["block_hash"], row["timestamp_s"]),
        row["tx_hash"],
        row["log_index"],
        row["address"],
        tuple(topics[begin : begin + TOPIC_BYTES] for begin in range(0, len(topics), TOPIC_BYTES)),
        row["data"],
        row["kind"],
        row["token_id"],
        row["sender"],
        row["recipient"],
        row["number"],
        row["digest"],
    )


def row_of_event(chain_instance_id: int, event: ChainEvent) -> dict[str, Any]:
    """The row of an event."""
    return {
        "chain_instance_id": chain_instance_id,
        "block_number": event.block.number,
        "log_index": event.log_index,
        "tx_hash": event.tx_hash,
        "address": event.address,
        "topics": b"".join(event.topics),
        "data": event.data,
        "kind": event.kind,
        "token_id": event.token_id,
        "sender": event.sender,
        "recipient": event.recipient,
        "number": event.number,
        "digest": event.digest,
    }


def token_of_row(row: RowMapping) -> ChainToken:
    """A token from its row."""
    return ChainToken(**{name: row[name] for name in _TOKEN_FIELDS})


def row_of_token(chain_instance_id: int, token: ChainToken) -> dict[str, Any]:
    """The row of a token."""
    values = {name: getattr(token, name) for name in _TOKEN_FIELDS}
    return {"chain_instance_id": chain_instance_id, "asset_id": token.asset_id, **values}
