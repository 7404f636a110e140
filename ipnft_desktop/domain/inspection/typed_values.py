"""Arguments as people type them, as the chain has them."""

from __future__ import annotations

import json
import re
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import cast
from uuid import UUID

from ipnft_desktop.domain.contract_writes import CallValue
from ipnft_desktop.domain.errors import FieldProblem, ProblemKind, ValidationFailed
from ipnft_desktop.domain.inspection.contracts import AbiParameter

_WEI = {"wei": 1, "gwei": 10**9, "eth": 10**18, "ether": 10**18}
_AMOUNT = re.compile(r"([\d_.]+)\s*([A-Za-z]+)")
_AMOUNT_MAX_CHARS = 100
"""A uint256 has 78 digits; behind the point no unit has more than 18."""
_EXACT = Context(prec=2 * _AMOUNT_MAX_CHARS, traps=[InvalidOperation, Inexact])
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def plain_text(solidity_type: str, text: str) -> str:
    """A number or bytes without their people's spelling: `1.5 ETH` and `20 gwei` in wei, the id of an asset as its
    token's number or as its sixteen bytes. Everything else stays as it is, also what is wrong."""
    stripped = text.strip()
    if solidity_type.startswith(("uint", "int")):
        amount = _AMOUNT.fullmatch(stripped)
        if amount and (unit := _WEI.get(amount[2].casefold())):
            return _in_wei(amount[1], unit) or text
        return str(UUID(stripped).int) if _UUID.fullmatch(stripped) else text
    if solidity_type == "bytes16" and _UUID.fullmatch(stripped):
        return f"0x{UUID(stripped).hex}"
    return text


def wei_of(text: str, field: str) -> int:
    """An amount in wei: a number is of ETH, `20 gwei` and `5 wei` name their unit; nothing typed is 0. Raises
    ValidationFailed."""
    if not text.strip():
        return 0
    with_unit = text if _AMOUNT.fullmatch(text.strip()) else f"{text.strip()} ETH"
    found = plain_text("uint256", with_unit)
    if not found.isdecimal():
        raise ValidationFailed((FieldProblem(field, ProblemKind.NOT_A_NUMBER),))
    return int(found)


def call_value(parameter: AbiParameter, text: str) -> CallValue:
    """What was typed for a parameter, as a recorded call keeps it. Raises ValueError for a list that is no JSON,
    and for one that lacks what the type has, or has null in it."""
    if parameter.solidity_type.endswith("]") or parameter.members:
        try:
            return _listed(parameter, json.loads(text))
        except RecursionError:
            raise ValueError(text[:100]) from None
    return plain_text(parameter.solidity_type, text)


def _listed(parameter: AbiParameter, value: object) -> CallValue:
    if parameter.solidity_type.endswith("]"):
        item = AbiParameter("", parameter.solidity_type[: parameter.solidity_type.rindex("[")], parameter.members)
        return tuple(_listed(item, each) for each in _list(value))
    if parameter.members:
        if isinstance(value, dict):
            named = cast("dict[str, object]", value)
            if named.keys() != {member.name for member in parameter.members}:
                raise ValueError(", ".join(named))
            value = [named[member.name] for member in parameter.members]
        return tuple(_listed(member, each) for member, each in zip(parameter.members, _list(value), strict=True))
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str | int):
        raise ValueError(str(value))  # null, an object, a fraction: a float is not exact
    return plain_text(parameter.solidity_type, str(value))


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError(str(value))
    return cast("list[object]", value)


def _in_wei(number: str, unit: int) -> str:
    """Empty for what is no number, or more exact than a wei."""
    digits = number.replace("_", "")
    if len(digits) > _AMOUNT_MAX_CHARS:
        return ""
    try:
        return str(int(_EXACT.to_integral_exact(_EXACT.multiply(Decimal(digits), unit))))
    except (InvalidOperation, Inexact):
        return ""
