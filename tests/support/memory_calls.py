"""Calls other than mints on the chain in memory: the few functions of the contract that tests of services need."""

from __future__ import annotations

import json
from dataclasses import replace

from ipnft_desktop.adapters.chain.contract_errors import Revert
from ipnft_desktop.domain.certificates import TokenEvent, Validity, ValidityEvent
from ipnft_desktop.domain.chain import BlockRef, TokenFacts
from ipnft_desktop.domain.contract_writes import ContractCall
from ipnft_desktop.domain.errors import ErrorCode, UserError

SET_VALIDITY = "setValidity(uint256,uint8,bytes32)"
SET_ROYALTY = "setDefaultRoyalty(address,uint96)"
CALL_GAS = 40_000
_ARGUMENTS = {SET_VALIDITY: 3, SET_ROYALTY: 2, "pause()": 0, "": 0}

Tokens = dict[tuple[str, int], TokenFacts]


def encoded_call(call: ContractCall) -> bytes:
    """As `encode_call` of the real one, in JSON."""
    wanted = _ARGUMENTS.get(call.function)
    if wanted is None:
        raise UserError(ErrorCode.VALIDATION_FAILED, f"{call.function} is no function with its types", field="function")
    if wanted != len(call.arguments):
        what = f"{wanted} values are wanted, {len(call.arguments)} given"
        raise UserError(ErrorCode.VALIDATION_FAILED, what, field="function")
    for position, (_, value) in enumerate(call.arguments):
        if call.function == SET_VALIDITY and position < 2 and not str(value).isdecimal():
            raise UserError(ErrorCode.VALIDATION_FAILED, "it is no uint256", field=f"argument {position}")
    if not call.function:
        return b""
    return json.dumps([call.function, [value for _, value in call.arguments]]).encode()


def refusal_of(contract: str, data: bytes, tokens: Tokens) -> Revert | None:
    """What the contract would revert with."""
    function, arguments = json.loads(data)
    if function == SET_VALIDITY:
        if (contract, int(arguments[0])) not in tokens:
            return Revert("TokenDoesNotExist")
        if int(arguments[1]) >= len(Validity):
            return Revert("ValidityOutOfRange", (arguments[1],))
    if function == SET_ROYALTY and int(arguments[1]) > 10_000:
        return Revert("RoyaltyOverflow")
    return None


def carry_out(
    contract: str, data: bytes, tokens: Tokens, tx_hash: str, signer: str, block: BlockRef
) -> list[TokenEvent]:
    """Change the state as the contract does; returns what it announces."""
    function, arguments = json.loads(data)
    if function != SET_VALIDITY:
        return []
    token_id, validity = int(arguments[0]), list(Validity)[int(arguments[1])]
    tokens[contract, token_id] = replace(tokens[contract, token_id], validity=validity.value)
    return [ValidityEvent(token_id, validity.value, arguments[2], tx_hash, block.number, 0, signer, block.timestamp_s)]
