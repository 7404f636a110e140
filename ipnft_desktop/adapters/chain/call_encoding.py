"""Values as a person writes them, encoded as a contract takes them (Solidity ABI specification)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from eth_abi.abi import encode
from eth_abi.exceptions import EncodingError, ParseError
from eth_abi.grammar import parse
from eth_hash.auto import keccak

from ipnft_desktop.domain.chain import parse_address
from ipnft_desktop.domain.contract_writes import CallValue, ContractCall
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.phrases import Phrase, phrase

_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_TRUTH = {"true": True, "false": False}


def encode_call(call: ContractCall) -> bytes:
    """Selector and arguments; nothing for a plain transfer. Raises UserError VALIDATION_FAILED, with the field
    "function" or "argument N", counted from 0."""
    if not call.function:
        return b""
    types = _parameters(call)
    if len(types) != len(call.arguments):
        what = phrase("{wanted} values are wanted, {given} given", wanted=len(types), given=len(call.arguments))
        raise UserError(ErrorCode.VALIDATION_FAILED, what, field="function")
    values: list[Any] = []
    for position, (kind, (_, value)) in enumerate(zip(types, call.arguments, strict=True)):
        try:
            values.append(_value(kind, value))
        except _Unfit as problem:
            raise UserError(ErrorCode.VALIDATION_FAILED, problem.why, field=f"argument {position}") from None
    selector = keccak(call.function.encode())[:4]
    return selector + (encode([kind.text for kind in types], values) if types else b"")


@dataclass(frozen=True, slots=True)
class _Kind:
    """A type of the ABI."""

    text: str
    base: str = ""
    """Of a basic type, such as "uint"."""
    size_bytes: int | None = None
    """Of bytes of a fixed number."""
    item: _Kind | None = None
    """Of an array."""
    length: int | None = None
    """Of an array of a fixed number."""
    components: tuple[_Kind, ...] = ()
    """Of a tuple."""


class _Unfit(Exception):
    """A value that is none of its type."""

    def __init__(self, why: Phrase) -> None:
        super().__init__(str(why))
        self.why = why


def _parameters(call: ContractCall) -> tuple[_Kind, ...]:
    if not _NAME.fullmatch(call.name) or not (call.types.startswith("(") and call.types.endswith(")")):
        raise _no_function(call)
    if call.types == "()":
        return ()
    try:
        return _read(call.types).components
    except (ValueError, ParseError, RecursionError):
        raise _no_function(call) from None


def _read(types: str) -> _Kind:
    # It tells a type checker nothing of what it returns.
    parsed: Any = cast("Callable[[str], Any]", parse)(types)
    parsed.validate()
    return _kind(parsed)


def _kind(parsed: Any) -> _Kind:
    """A type as eth_abi has read it."""
    text = str(parsed.to_type_str())
    if parsed.is_array:
        length = parsed.arrlist[-1]
        return _Kind(text, item=_kind(parsed.item_type), length=length[0] if length else None)
    if hasattr(parsed, "components"):
        return _Kind(text, components=tuple(map(_kind, parsed.components)))
    return _Kind(text, base=str(parsed.base), size_bytes=parsed.sub if parsed.base == "bytes" else None)


def _no_function(call: ContractCall) -> UserError:
    what = phrase("{function} is no function with its types", function=call.function[:100])
    return UserError(ErrorCode.VALIDATION_FAILED, what, field="function")


def _value(kind: _Kind, value: CallValue) -> Any:
    if kind.item is not None:
        if isinstance(value, str):
            raise _Unfit(phrase("a list is wanted"))
        if kind.length is not None and len(value) != kind.length:
            raise _Unfit(phrase("{count} values are wanted", count=kind.length))
        return [_value(kind.item, each) for each in value]
    if kind.components:
        if isinstance(value, str) or len(value) != len(kind.components):
            raise _Unfit(phrase("{count} values are wanted", count=len(kind.components)))
        return tuple(_value(*each) for each in zip(kind.components, value, strict=True))
    if not isinstance(value, str):
        raise _Unfit(phrase("one value is wanted, not a list"))
    encoded = _basic(kind, value)
    try:
        encode([kind.text], [encoded])
    except UnicodeError:
        raise _Unfit(phrase("it is no {type}", type=kind.text)) from None
    except (EncodingError, OverflowError):
        raise _Unfit(phrase("it is out of the range of {type}", type=kind.text)) from None
    return encoded


def _basic(kind: _Kind, text: str) -> Any:
    try:
        match kind.base:
            case "uint" | "int":
                return int(text.strip(), 0)
            case "bool":
                return _TRUTH[text.strip().lower()]
            case "string":
                return text
            case "bytes":
                return _bytes(kind, text.strip())
            case "address":
                # Unlike a recipient's, an address in a call may be zero.
                stripped = text.strip()
                return stripped if re.fullmatch("0x0{40}", stripped) else parse_address(stripped, "argument")
            case _:
                pass
    except (ValueError, KeyError):
        raise _Unfit(phrase("it is no {type}", type=kind.text)) from None
    except UserError as problem:
        raise _Unfit(phrase("it is no address: {reason}", reason=problem.detail)) from None
    raise _Unfit(phrase("values of the type {type} cannot be written here", type=kind.text))


def _bytes(kind: _Kind, text: str) -> bytes:
    if not text.startswith("0x"):
        raise ValueError(text)
    data = bytes.fromhex(text[2:])
    if kind.size_bytes is not None and len(data) != kind.size_bytes:
        raise _Unfit(phrase("{count} bytes are wanted, {given} given", count=kind.size_bytes, given=len(data)))
    return data
