"""Arguments as a person types them, as values that eth_abi encodes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from eth_abi.abi import encode
from eth_abi.exceptions import EncodingError
from eth_utils.address import is_checksum_formatted_address, to_checksum_address

from ipnft_desktop.domain.errors import FieldProblem, ProblemKind, ValidationFailed
from ipnft_desktop.domain.inspection.contracts import AbiParameter

_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def encoded(parameters: Sequence[AbiParameter], texts: Sequence[str]) -> bytes:
    """The arguments in the chain's form. Raises ValidationFailed with every argument that is wrong, each as the field
    `argument.<index>`."""
    values: list[Any] = []
    problems: list[FieldProblem] = []
    for index, (parameter, text) in enumerate(zip(parameters, texts, strict=True)):
        try:
            value = _value(parameter, text)
            encode([parameter.solidity_type], [value])
        except (ValueError, TypeError, AttributeError, LookupError, EncodingError, RecursionError):
            is_address = parameter.solidity_type == "address"
            kind = ProblemKind.NOT_AN_ADDRESS if is_address else ProblemKind.NOT_OF_TYPE
            problems.append(FieldProblem(f"argument.{index}", kind, parameter.solidity_type))
        else:
            values.append(value)
    if problems:
        raise ValidationFailed(tuple(problems))
    return encode([parameter.solidity_type for parameter in parameters], values)


def _value(parameter: AbiParameter, text: str) -> Any:
    if parameter.solidity_type.endswith("]") or parameter.members:
        return _listed(parameter, json.loads(text))
    return text if parameter.solidity_type == "string" else _plain(parameter.solidity_type, text.strip())


def _listed(parameter: AbiParameter, value: Any) -> Any:
    """What JSON made of a list or a struct; a struct is a list of its members, or an object under their names."""
    solidity_type = parameter.solidity_type
    if solidity_type.endswith("]"):
        item = AbiParameter("", solidity_type[: solidity_type.rindex("[")], parameter.members)
        return [_listed(item, each) for each in _require_list(value)]
    if parameter.members:
        if isinstance(value, dict):
            named = cast("dict[str, Any]", value)
            value = [named[member.name] for member in parameter.members]
        return tuple(
            _listed(member, each) for member, each in zip(parameter.members, _require_list(value), strict=True)
        )
    if solidity_type == "string":
        return value
    return _plain(solidity_type, json.dumps(value) if isinstance(value, bool) else str(value))


def _require_list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(value)
    return cast("list[Any]", value)


def _plain(solidity_type: str, text: str) -> Any:
    if solidity_type == "address":
        return _address(text)
    if solidity_type == "bool":
        return _TRUTHS[text.casefold()] if text.casefold() in _TRUTHS else _wrong(text)
    if solidity_type.startswith("bytes"):
        return _bytes(solidity_type, text)
    if solidity_type.startswith(("int", "uint")):
        return UUID(text).int if text.count("-") == 4 else int(text.replace("_", ""), 0)
    return _wrong(text)  # fixed-point numbers, which no compiler has


def _bytes(solidity_type: str, text: str) -> bytes:
    """Of a type with a size exactly so many: what is shorter is a mistake more often than not. An asset's id is
    sixteen bytes and may be written as one."""
    size = solidity_type.removeprefix("bytes")
    content = (
        UUID(text).bytes if text.count("-") == 4 else bytes.fromhex(text[2:] if text[:2] == "0x" else _wrong(text))
    )
    return content if not size or len(content) == int(size) else _wrong(text)


def _address(text: str) -> str:
    """With its checksum proved, as far as it has one; unlike a recipient's it may be zero."""
    found = str(to_checksum_address(text))
    if len(text) != len(found) or (is_checksum_formatted_address(text) and text != found):
        _wrong(text)
    return found


def _wrong(text: str) -> Any:
    raise ValueError(text)
