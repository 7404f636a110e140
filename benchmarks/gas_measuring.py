"""Gas of one contract, read from the receipts of transactions on a local node whose accounts are unlocked."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence

from benchmarks.gas_costs import ContractGas
from ipnft_desktop.adapters.chain.json_rpc import JsonRpc
from ipnft_desktop.adapters.laboratory.contenders import Contender
from ipnft_desktop.adapters.laboratory.contract_bench import ContractBench, Mined
from ipnft_desktop.domain.gas_laboratory import Recipients

_MOVED_BATCH_SIZE = 30


async def measure_gas(rpc: JsonRpc, contender: Contender, batches: Sequence[tuple[Recipients, int]]) -> ContractGas:
    """Deploy a contract and do everything once; the same node state and order of calls give the same figures.

    Raises EnvironmentFault TX_REVERTED when a transaction did not succeed, and what `JsonRpc` raises.
    """
    bench = await ContractBench.deploy(rpc, contender)
    largest = max(size for _, size in batches)
    await bench.prepare_holders(largest)
    holder, other, newcomer = bench.holder, bench.other, bench.newcomer
    alone, apart = bench.assets(2)
    single = await _gas(bench.mint(contender.single(holder, alone, bench.next_directory())))
    known_directory = bench.last_directory
    to_new = await _gas(bench.mint(contender.single(newcomer, apart, bench.next_directory())))
    further = contender.further_singles(holder, bench.new_asset, known_directory)
    further_gas = {name: await _gas(bench.mint(call)) for name, call in further.items()}
    batch_gas = {(recipients, size): await _gas(bench.mint_batch(recipients, size)) for recipients, size in batches}
    together = bench.assets(_MOVED_BATCH_SIZE)
    await bench.mint(contender.batch(holder, together, bench.next_directory()))
    return ContractGas(
        deployment=bench.deployment.gas_used,
        code_size_bytes=bench.code_size_bytes,
        single=single,
        single_to_new_holder=to_new,
        further_singles=further_gas,
        batches=batch_gas,
        transfer=await _gas(bench.transfer(alone, holder, other)),
        transfer_of_last=await _gas(bench.transfer(apart, newcomer, other)),
        transfer_from_batch=await _gas(bench.transfer(together[_MOVED_BATCH_SIZE // 2], holder, other)),
        token_uri=await _gas(bench.token_uri(alone)),
    )


async def _gas(mined: Awaitable[Mined]) -> int:
    return (await mined).gas_used
