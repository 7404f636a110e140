"""Reads ABIs (https://docs.soliditylang.org/en/latest/abi-spec.html#json), those of strangers among them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from eth_abi import grammar
from eth_abi.exceptions import ABITypeError, ParseError

from ipnft_desktop.adapters.chain.json_answers import PatientDecoder
from ipnft_desktop.domain.errors import FieldProblem, ProblemKind, ValidationFailed
from ipnft_desktop.domain.inspection.contracts import AbiEntry, AbiParameter, ContractAbi, EntryKind
from ipnft_desktop.domain.inspection.decoding import AbiOrigin

MOST_ENTRIES = 5_000
_MOST_DIMENSIONS = 8
"""Of an array. Each makes a few bytes of data mean many more values."""
_MOST_NESTED = 16
_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]{0,199}")
_KINDS = frozenset(EntryKind)
_WITHOUT_WORDS = frozenset({"fallback", "receive"})


def contract_abi(name: str, origin: AbiOrigin, abi: object) -> ContractAbi:
    """An ABI from what JSON made of it. Raises ValidationFailed (field `content`) naming the entry that is wrong."""
    if not isinstance(abi, list) or not abi or len(cast("list[object]", abi)) > MOST_ENTRIES:
        raise _refused(ProblemKind.NO_ABI_INSIDE)
    entries: list[AbiEntry] = []
    for number, entry in enumerate(cast("list[object]", abi), 1):
        try:
            read = _entry(entry)
        except (ValueError, TypeError, KeyError, AttributeError, ABITypeError, ParseError, RecursionError):
            raise _refused(ProblemKind.ABI_ENTRY_WRONG, str(number)) from None
        if read is not None:
            entries.append(read)
    return ContractAbi(name, origin, tuple(entries))


def abi_in(content: str) -> list[Any]:
    """The ABI in what a person brought: the list itself, or an artifact that has it under `abi`.

    Raises ValidationFailed (field `content`).
    """
    try:
        found = PatientDecoder().decode(content)
    except json.JSONDecodeError as mistake:
        raise _refused(ProblemKind.NOT_JSON, f"{mistake.lineno}:{mistake.colno}") from None
    except (ValueError, RecursionError):
        raise _refused(ProblemKind.NOT_JSON, "1:1") from None
    if isinstance(found, dict):
        found = cast("dict[str, object]", found).get("abi")
    if not isinstance(found, list):
        raise _refused(ProblemKind.NO_ABI_INSIDE)
    return cast("list[Any]", found)


def _entry(value: object) -> AbiEntry | None:
    """None for what has no name and no types: the functions that take whatever comes."""
    entry = cast("Mapping[str, Any]", value)
    kind = entry.get("type", "function")  # as the specification says
    if kind in _WITHOUT_WORDS:
        return None
    if kind not in _KINDS:
        raise ValueError(kind)
    kind = EntryKind(kind)
    name = "" if kind is EntryKind.CONSTRUCTOR else _name(entry["name"])
    return AbiEntry(
        kind=kind,
        name=name,
        inputs=_parameters(entry.get("inputs", [])),
        outputs=_parameters(entry.get("outputs", [])),
        mutability=_mutability(entry),
        is_anonymous=bool(entry.get("anonymous", False)),
    )


def _mutability(entry: Mapping[str, Any]) -> str:
    told = entry.get("stateMutability")
    if told is None:  # compilers before 0.4.16
        return "view" if entry.get("constant") else "payable" if entry.get("payable") else "nonpayable"
    if told not in ("pure", "view", "nonpayable", "payable"):
        raise ValueError(told)
    return str(told)


def _parameters(values: object, depth: int = 0) -> tuple[AbiParameter, ...]:
    if not isinstance(values, list) or depth > _MOST_NESTED:
        raise TypeError(depth)
    return tuple(_parameter(value, depth) for value in cast("list[object]", values))


def _parameter(value: object, depth: int) -> AbiParameter:
    parameter = cast("Mapping[str, Any]", value)
    told = str(parameter["type"])
    members: tuple[AbiParameter, ...] = ()
    if told.startswith("tuple"):
        members = _parameters(parameter["components"], depth + 1)
        told = f"({','.join(member.solidity_type for member in members)}){told.removeprefix('tuple')}"
    parser = cast("Any", grammar)  # which has no types
    parsed = parser.parse(parser.normalize(told))
    parsed.validate()
    _require_bounded(parsed)
    name = str(parameter.get("name") or "")
    return AbiParameter(name and _name(name), parsed.to_type_str(), members, bool(parameter.get("indexed", False)))


def _require_bounded(parsed: Any) -> None:
    """Nothing of no size: of such a thing a few bytes could claim endlessly many."""
    dimensions: Sequence[Sequence[int]] = parsed.arrlist or ()
    if len(dimensions) > _MOST_DIMENSIONS or any(length and length[0] == 0 for length in dimensions):
        raise ValueError(dimensions)
    if isinstance(parsed, grammar.TupleType):
        components = cast("Sequence[Any]", cast("Any", parsed).components)
        if not components:
            raise ValueError(components)
        for component in components:
            _require_bounded(component)


def _name(value: object) -> str:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise ValueError(value)
    return value


def _refused(kind: ProblemKind, limit: str = "") -> ValidationFailed:
    return ValidationFailed((FieldProblem("content", kind, limit),))
