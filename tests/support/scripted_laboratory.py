"""A scratch chain that answers at once, and waits or fails where a test wants it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import MappingProxyType

from ipnft_desktop.domain.gas_breakdown import GasBreakdown, GasPart
from ipnft_desktop.domain.gas_laboratory import Contract, Deployment, Measurement, Recipients


def gas(total: int) -> GasBreakdown:
    """A transaction's gas that went into its base and its execution."""
    parts = dict.fromkeys(GasPart, 0) | {GasPart.BASE: 21_000, GasPart.EXECUTION: total - 21_000}
    return GasBreakdown(MappingProxyType(parts), 0, 0)


class ScriptedChain:
    """Implements the ports `ScratchChain` and `ContractBench`: 60,000 gas a call and 20,000 a token."""

    def __init__(self) -> None:
        self.running = 0
        """Nodes that were started and have not ended."""
        self.calls: list[str] = []
        self.stop_at: int | None = None
        """Size of the batch that hangs until the run is cancelled."""
        self.hangs = asyncio.Event()
        self.ends = asyncio.Event()
        """The node is about to."""
        self.fault: Exception | None = None
        """What the batch of that size raises instead."""

    async def check(self) -> str:
        return "Node 0, Hardhat 0"

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[ScriptedChain]:
        self.running += 1
        try:
            yield self
        finally:
            self.ends.set()
            await asyncio.sleep(0)  # an end takes a while, in which it can be interrupted
            self.running -= 1

    async def deploy(self, contract: Contract) -> Deployment:
        self.calls.append(f"deploy {contract}")
        return Deployment(contract, gas(1_000_000), 8_000, "0xab")

    async def prepare_holders(self, contract: Contract, count: int) -> None:
        self.calls.append(f"prepare {contract} {count}")

    async def mint_single(self, contract: Contract, recipients: Recipients) -> Measurement:
        return Measurement(contract, recipients, 1, gas(80_000), is_single=True)

    async def mint_batch(self, contract: Contract, recipients: Recipients, size: int) -> Measurement:
        if size == self.stop_at:
            if self.fault is not None:
                raise self.fault
            self.hangs.set()
            await asyncio.Event().wait()
        return Measurement(contract, recipients, size, gas(60_000 + 20_000 * size))
