"""Is this still our chain? Asked on start, on reconnect, and before anything is sent."""

from __future__ import annotations

from ipnft_desktop.domain.chain import ChainIdentity, ChainObservation, IdentityVerdict, compare_identity
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.services.chain_ports import Chain
from ipnft_desktop.services.ports import Database


class IdentityCheck:
    """Compares the chain with the one this register is bound to, which it remembers."""

    def __init__(self, database: Database, chain: Chain) -> None:
        self._database = database
        self._chain = chain
        self._bound: ChainIdentity | None = None

    def forget(self) -> None:
        """The register was bound or released: ask it again."""
        self._bound = None

    async def bound(self) -> ChainIdentity:
        """The chain on record. Raises EnvironmentFault CONTRACT_MISSING where none is bound."""
        if self._bound is None:
            self._bound = await self._database.read(lambda tx: tx.chain_identity())
        if self._bound is None:
            raise EnvironmentFault(ErrorCode.CONTRACT_MISSING, "no contract is recorded for this register")
        return self._bound

    async def require_same(self) -> ChainIdentity:
        """The bound chain, seen to be the one the node serves. Raises CHAIN_RESET, CHAIN_MISMATCH, NODE_UNREACHABLE."""
        identity = await self.bound()
        require_ours(identity, await self._chain.observe(identity.contract_address, identity.deployment_block))
        return identity


def require_ours(identity: ChainIdentity, seen: ChainObservation) -> None:
    """Raise EnvironmentFault CHAIN_RESET or CHAIN_MISMATCH unless our contract stands there."""
    match compare_identity(identity, seen):
        case IdentityVerdict.RESET:
            raise EnvironmentFault(ErrorCode.CHAIN_RESET, "the contract is gone from the chain")
        case IdentityVerdict.FOREIGN:
            raise EnvironmentFault(ErrorCode.CHAIN_MISMATCH, "chain id, code or instance differs from the register")
        case IdentityVerdict.SAME | IdentityVerdict.REORGANISED:
            return
