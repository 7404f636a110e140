"""What a transaction speaks of: the words that may be keys of a mapping, the assets that stand in its arguments, its
time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from uuid import UUID

from ipnft_desktop.domain.inspection.decoding import Decoded, DecodedValue, Undecoded
from ipnft_desktop.domain.inspection.tracing import CallFrame
from ipnft_desktop.domain.inspection.transactions import RawTransaction

MOST_WORDS = 50_000
MOST_ASSETS = 1_000
_WORD_BYTES, _SELECTOR_BYTES = 32, 4


def words_of(transaction: RawTransaction, frames: Iterable[CallFrame] = ()) -> list[int]:
    """Addresses, and the words of call data and events; each once, at most MOST_WORDS."""
    found: dict[int, None] = {}
    for word in _words(transaction, frames):
        found[word] = None
        if len(found) >= MOST_WORDS:
            break
    return list(found)


def assets_in(*readings: Decoded | Undecoded) -> frozenset[UUID]:
    """Ids of assets among arguments, at most MOST_ASSETS."""
    found: set[UUID] = set()
    for reading in readings:
        if isinstance(reading, Decoded):
            for value in _all_of(reading.arguments):
                if value.asset_id is not None and len(found) < MOST_ASSETS:
                    found.add(value.asset_id)
    return frozenset(found)


def _all_of(values: Iterable[DecodedValue]) -> Iterator[DecodedValue]:
    for value in values:
        yield value
        yield from _all_of(value.items)


def _words(transaction: RawTransaction, frames: Iterable[CallFrame]) -> Iterator[int]:
    line = transaction.line
    yield from _addresses(line.sender, line.to, line.created)
    for log in transaction.logs:
        yield from (int(topic, 16) for topic in log.topics)
        yield from _aligned(log.data)
    if line.to is not None:
        yield from _aligned(transaction.input[_SELECTOR_BYTES:])
    for frame in frames:
        yield from _addresses(frame.sender, frame.to)
        if not frame.is_creation:
            yield from _aligned(frame.input[_SELECTOR_BYTES:])


def _addresses(*addresses: str | None) -> Iterator[int]:
    return (int(address, 16) for address in addresses if address)


def _aligned(data: bytes) -> Iterator[int]:
    for begin in range(0, len(data) - _WORD_BYTES + 1, _WORD_BYTES):
        yield int.from_bytes(data[begin : begin + _WORD_BYTES], "big")


def time_text(timestamp_s: int) -> str:
    """In ISO 8601; beyond the year 9999, which a block may claim, the seconds since 1970."""
    try:
        return datetime.fromtimestamp(timestamp_s, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return str(timestamp_s)
