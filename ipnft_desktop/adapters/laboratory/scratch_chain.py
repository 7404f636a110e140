"""A Hardhat node for one experiment: on a free port, in a folder of its own, gone when the experiment is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from ipnft_desktop.adapters.chain.hardhat_node import HardhatNode
from ipnft_desktop.adapters.chain.json_rpc import JsonRpc
from ipnft_desktop.adapters.chain.traces import traced_gas
from ipnft_desktop.adapters.laboratory.contenders import CONTENDERS, Contender
from ipnft_desktop.adapters.laboratory.contract_bench import ContractBench, Mined
from ipnft_desktop.domain.gas_breakdown import GasBreakdown, break_down
from ipnft_desktop.domain.gas_laboratory import Contract, Deployment, Measurement, Recipients

_ANY_PORT = 0
_TIMEOUT_S = 120.0
"""For one answer: a trace of the largest batch of the textbook contract takes seconds."""
_BLOCK_GAS_LIMIT = 2**27
"""The textbook contract's largest batch needs more than the 60 million of an ordinary block."""


class HardhatScratchChain:
    """Implements the port `ScratchChain` over the launcher of the register's own node, whose pipe ends the process with
    this program, also when the program is killed."""

    def __init__(self, home: Path) -> None:
        """`home` stands in for the person's home and is made when it is needed."""
        self._home = home

    async def check(self) -> str:
        """Raises EnvironmentFault NODE_MISSING."""
        return await self._node().check()

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[ScratchBench]:
        """A fresh node and chain. Raises EnvironmentFault NODE_MISSING, NODE_START_FAILED or NODE_UNREACHABLE."""
        node, rpc = self._node(), JsonRpc(_TIMEOUT_S)
        try:
            status = await node.start(lambda _line: None)
            await rpc.open(status.rpc_url)
            # The log of each request costs the node a quarter of its rate, and nobody reads it.
            await rpc.call("hardhat_setLoggingEnabled", False)
            await rpc.call("evm_setBlockGasLimit", hex(_BLOCK_GAS_LIMIT))
            await rpc.call("evm_mine")  # the limit holds from the next block on
            yield ScratchBench(rpc)
        finally:
            await asyncio.shield(asyncio.ensure_future(_ended(node, rpc)))

    def _node(self) -> HardhatNode:
        return HardhatNode(self._home, preferred_port=_ANY_PORT)


async def _ended(node: HardhatNode, rpc: JsonRpc) -> None:
    await rpc.close()
    await node.kill()  # nothing on it is worth a farewell


class ScratchBench:
    """Implements the port `ContractBench` for all contracts on one node."""

    def __init__(self, rpc: JsonRpc) -> None:
        self._rpc = rpc
        self._benches: dict[Contract, ContractBench] = {}

    async def deploy(self, contract: Contract) -> Deployment:
        """From receipt and trace."""
        contender: Contender = await asyncio.get_running_loop().run_in_executor(None, CONTENDERS[contract])
        bench = await ContractBench.deploy(self._rpc, contender)
        await bench.prepare_holders(0)
        self._benches[contract] = bench
        size_bytes = bench.code_size_bytes
        gas = await self._broken_down(bench.deployment, kept_code_bytes=size_bytes)
        return Deployment(contract, gas, size_bytes, contender.code_hash)

    async def prepare_holders(self, contract: Contract, count: int) -> None:
        """Who the measurements with existing holders need."""
        await self._benches[contract].prepare_holders(count)

    async def mint_single(self, contract: Contract, recipients: Recipients) -> Measurement:
        """Into a directory that the contract has not seen, as each batch."""
        bench = self._benches[contract]
        to = bench.new_holders(1)[0] if recipients.are_new else bench.holder
        mined = await bench.mint(bench.contender.single(to, bench.new_asset(), bench.next_directory()))
        return Measurement(contract, recipients, 1, await self._broken_down(mined), is_single=True)

    async def mint_batch(self, contract: Contract, recipients: Recipients, size: int) -> Measurement:
        """From receipt and trace."""
        mined = await self._benches[contract].mint_batch(recipients, size)
        return Measurement(contract, recipients, size, await self._broken_down(mined))

    async def _broken_down(self, mined: Mined, kept_code_bytes: int | None = None) -> GasBreakdown:
        traced = await traced_gas(self._rpc, mined.tx_hash)
        return break_down(mined.gas_used, mined.data, traced, kept_code_bytes=kept_code_bytes)
