"""Gas of our contract and of those it is held against, all deployed and measured on one local node."""

from __future__ import annotations

import asyncio

from benchmarks import gas_keys
from benchmarks.catalogue import Figure, Sizes
from benchmarks.child import MeasurementFailed, temporary_profile
from benchmarks.gas_measuring import measure_gas
from benchmarks.headless import lasting_node
from ipnft_desktop.adapters.chain.json_rpc import JsonRpc
from ipnft_desktop.adapters.laboratory.contenders import CommonContract, Contender, OurContract, SequentialContract
from ipnft_desktop.domain.errors import IpnftError

TIMEOUT_S = 30.0


def measure(_sizes: Sizes) -> list[Figure]:
    """Every figure once: gas does not vary, so there is nothing to repeat."""
    try:
        figures = asyncio.run(_on_a_node_of_its_own())
    except IpnftError as problem:
        raise MeasurementFailed(f"gas: {problem}") from problem
    return [Figure(key, value, 1) for key, value in figures.items()]


async def all_figures(rpc_url: str) -> dict[str, float]:
    """Every key of the gas report, measured on a node that was not used before. Raises what `measure_gas` raises."""
    contenders: dict[str, Contender] = {
        gas_keys.OURS: OurContract(),
        gas_keys.BASELINE: CommonContract(),
        gas_keys.ERC721A: SequentialContract(),
    }
    rpc = JsonRpc(TIMEOUT_S)
    await rpc.open(rpc_url)
    try:
        figures: dict[str, float] = {}
        for contract, contender in contenders.items():
            gas = await measure_gas(rpc, contender, gas_keys.batches(contract))
            figures |= gas_keys.measured(contract, gas)
    finally:
        await rpc.close()
    return figures | gas_keys.derived(figures)


async def _on_a_node_of_its_own() -> dict[str, float]:
    with temporary_profile() as home:
        async with lasting_node(home) as node:
            status = await node.start(lambda _line: None)
            return await all_figures(status.rpc_url)
