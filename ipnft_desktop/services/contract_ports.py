"""What the services need of a contract beyond minting, as protocols: other calls, and how tokens stood in the past."""

from __future__ import annotations

from typing import Protocol

from ipnft_desktop.domain.certificates import TokenEvent
from ipnft_desktop.domain.chain import ChainIdentity, Preflight
from ipnft_desktop.domain.contract_writes import ContractCall
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode


class StateNotKept(EnvironmentFault):
    """The node keeps no state of that time: only events tell of it."""

    def __init__(self, reason: str) -> None:
        super().__init__(ErrorCode.NODE_UNREACHABLE, reason)


class ContractCalls(Protocol):
    """Part of `services.chain_ports.Chain`. Every method may raise EnvironmentFault NODE_UNREACHABLE."""

    async def preflight_call(self, call: ContractCall, expected: ChainIdentity, sender: str) -> Preflight:
        """One batched look before signing: identity, fees, balance, simulation and gas.

        Raises UserError VALIDATION_FAILED (field "argument N", counted from 0, or "function") for what cannot be
        encoded, else what the contract's refusal means, or EnvironmentFault GAS_ESTIMATION_FAILED.
        """
        ...

    async def balance_of(self, address: str) -> int:
        """In wei, on the newest block."""
        ...

    async def token_then(self, token_id: int, block_number: int) -> tuple[str, str] | None:
        """Owner and validity (VALID, SUSPENDED or REVOKED) of a token of the contract in use at the end of a block;
        None where there was no such token. Raises StateNotKept."""
        ...

    async def token_events(self, token_id: int) -> tuple[TokenEvent, ...]:
        """What the contract in use announced about a token, in the chain's order: its transfers and changes of its
        validity, each with who sent the transaction and the block's time."""
        ...
