"""Reads what a node's tracers tell of a transaction: `callTracer` its calls, `prestateTracer` what it left changed.

Both are the tracers of go-ethereum (https://geth.ethereum.org/docs/developers/evm-tracing/built-in-tracers), which
Hardhat, Anvil and most other nodes have too. They leave out what was reverted, and answer in kilobytes where the steps
of the same transaction take megabytes.
"""

from __future__ import annotations

from collections.abc import Mapping

from ipnft_desktop.adapters.chain.inspection.chain_objects import checksummed, optional_address
from ipnft_desktop.adapters.chain.json_answers import Json, unreadable
from ipnft_desktop.adapters.chain.json_rpc import as_bytes, as_list, as_object, as_quantity, as_text
from ipnft_desktop.domain.inspection.tracing import AccountChange, CallFrame, RawState, SlotChange

CALL_TRACER: dict[str, Json] = {"tracer": "callTracer"}
STATE_TRACER: dict[str, Json] = {"tracer": "prestateTracer", "tracerConfig": {"diffMode": True}}


def call_frame(value: Json) -> CallFrame:
    """A call with all inside it, however deep: up to 1,024 calls go into each other."""
    # From the inside out, so that nothing here is as deep as the calls are.
    order = [as_object(value)]
    for frame in order:
        order.extend(map(as_object, as_list(frame.get("calls") or [])))
    read: dict[int, CallFrame] = {}
    for frame in reversed(order):
        inner = tuple(read.pop(id(each)) for each in as_list(frame.get("calls") or []))
        read[id(frame)] = _frame(frame, inner)
    return read[id(order[0])]


def _frame(frame: Mapping[str, Json], calls: tuple[CallFrame, ...]) -> CallFrame:
    return CallFrame(
        kind=as_text(frame.get("type")).upper(),
        sender=checksummed(as_text(frame.get("from"))),
        to=optional_address(frame.get("to")),
        value_wei=as_quantity(frame.get("value") or "0x0"),
        gas=as_quantity(frame.get("gas") or "0x0"),
        gas_used=as_quantity(frame.get("gasUsed") or "0x0"),
        input=as_bytes(frame.get("input") or "0x"),
        output=as_bytes(frame.get("output") or "0x"),
        error=as_text(frame.get("error") or ""),
        calls=calls,
    )


def raw_state(value: Json) -> RawState:
    """What differs between before and after. A word or an account that is not named after it is as empty as one that
    is not named before it."""
    answer = as_object(value)
    before, after = as_object(answer.get("pre")), as_object(answer.get("post"))
    slots: list[SlotChange] = []
    accounts: list[AccountChange] = []
    for address in sorted({*before, *after}):
        told = checksummed(address)
        was, now = as_object(before.get(address) or {}), as_object(after.get(address) or {})
        slots += _slots(told, was, now)
        changed = _account(told, was, now, is_gone=address not in after)
        if changed is not None:
            accounts.append(changed)
    return RawState(tuple(slots), tuple(accounts))


def _slots(address: str, was: Mapping[str, Json], now: Mapping[str, Json]) -> list[SlotChange]:
    before, after = _words(was.get("storage")), _words(now.get("storage"))
    changes = (SlotChange(address, slot, before.get(slot, 0), after.get(slot, 0)) for slot in before | after)
    return [change for change in changes if change.before != change.after]


def _account(address: str, was: Mapping[str, Json], now: Mapping[str, Json], *, is_gone: bool) -> AccountChange | None:
    balance = _number(was.get("balance")), _number(now.get("balance", None if is_gone else was.get("balance")))
    nonce = _number(was.get("nonce")), _number(now.get("nonce", None if is_gone else was.get("nonce")))
    code = _code_bytes(was.get("code")), _code_bytes(now.get("code", None if is_gone else was.get("code")))
    balance, nonce, code = (pair if pair[0] != pair[1] else None for pair in (balance, nonce, code))
    return AccountChange(address, balance, nonce, code) if balance or nonce or code else None


def _words(value: Json) -> dict[int, int]:
    return {int(slot, 16): as_quantity(word) for slot, word in as_object(value or {}).items()}


def _number(value: Json) -> int:
    """go-ethereum writes nonces as numbers and balances as hexadecimal text."""
    if value is None:
        return 0
    if isinstance(value, bool):
        unreadable("a trace")
    return value if isinstance(value, int) else as_quantity(value)


def _code_bytes(value: Json) -> int:
    return 0 if value is None else len(as_text(value).removeprefix("0x")) // 2
