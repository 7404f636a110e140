"""What the gas laboratory needs: a chain that is thrown away, and a place for its results."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from ipnft_desktop.domain.gas_laboratory import Contract, Deployment, LaboratoryResult, Measurement, Recipients


class ContractBench(Protocol):
    """Contracts on a scratch chain. Every method raises EnvironmentFault NODE_UNREACHABLE or TX_REVERTED."""

    async def deploy(self, contract: Contract) -> Deployment:
        """Deploy it and give a first token to the holders that measurements need."""
        ...

    async def prepare_holders(self, contract: Contract, count: int) -> None:
        """Give a first token of this contract to so many distinct holders."""
        ...

    async def mint_single(self, contract: Contract, recipients: Recipients) -> Measurement:
        """One token by the function for one."""
        ...

    async def mint_batch(self, contract: Contract, recipients: Recipients, size: int) -> Measurement:
        """Several by the function for batches."""
        ...


class ScratchChain(Protocol):
    """A node of its own for an experiment, which the register's chain never hears of."""

    async def check(self) -> str:
        """Versions of what it runs on, for a person. Raises EnvironmentFault NODE_MISSING."""
        ...

    def opened(self) -> AbstractAsyncContextManager[ContractBench]:
        """Start the node; it has ended when the block is left, however that happens. Raises EnvironmentFault
        NODE_MISSING, NODE_START_FAILED or NODE_UNREACHABLE."""
        ...


class ResultShelf(Protocol):
    """Results of the laboratory. Every method blocks; what writes raises EnvironmentFault DISK_FULL or
    WORKSPACE_UNUSABLE."""

    def list(self) -> Sequence[LaboratoryResult]:
        """Newest first; files that cannot be read are left out, and logged."""
        ...

    def read(self, result_id: str) -> LaboratoryResult:
        """Raises UserError LABORATORY_RESULT_UNUSABLE where it is gone, damaged, or of a version that this program
        does not know."""
        ...

    def keep(self, result: LaboratoryResult) -> None:
        """Whole, or not at all."""
        ...

    def delete(self, result_id: str) -> None:
        """Nothing where it is gone already."""
        ...
