"""The gas laboratory on a real node: sums that are the receipts', a node of its own, and none that is left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from benchmarks import gas_snapshot
from ipnft_desktop.adapters.chain import hardhat_node
from ipnft_desktop.adapters.chain.hardhat_node import HardhatNode
from ipnft_desktop.adapters.chain.json_rpc import JsonRpc
from ipnft_desktop.adapters.chain.node_mark import STDIN_GUARD
from ipnft_desktop.adapters.chain.traces import traced_gas
from ipnft_desktop.adapters.laboratory.contenders import OurContract
from ipnft_desktop.adapters.laboratory.contract_bench import ContractBench, Mined
from ipnft_desktop.adapters.laboratory.result_files import ResultFiles
from ipnft_desktop.adapters.laboratory.scratch_chain import HardhatScratchChain
from ipnft_desktop.adapters.spreadsheets.sheet_files import LocalSheetFiles
from ipnft_desktop.bootstrap.adapters import SystemClock
from ipnft_desktop.domain.errors import ErrorCode
from ipnft_desktop.domain.gas_breakdown import GasBreakdown, GasPart, break_down
from ipnft_desktop.domain.gas_laboratory import Contract, Experiment, Recipients, RunEnding
from ipnft_desktop.paths import PROJECT
from ipnft_desktop.services.gas_laboratory import GasLaboratory, LaboratoryState
from ipnft_desktop.services.session import session_of_the_program
from tests.support.node_oracle import ask

RECORDED = {Contract.OURS: "gas", Contract.BASELINE_A: "gas.baseline", Contract.ERC721A: "gas.erc721a"}
LOG_GAS = 375
"""An event, and each of its topics; 8 more a byte (Yellow Paper, appendix G)."""


def laboratory(folder: Path) -> GasLaboratory:
    return GasLaboratory(
        HardhatScratchChain(folder / "laboratory" / "node-home"),
        ResultFiles(folder / "laboratory"),
        LocalSheetFiles(),
        session_of_the_program(),
        SystemClock(),
    )


def nodes_of(pid: int) -> list[psutil.Process]:
    children = psutil.Process(pid).children(recursive=True)
    return [child for child in children if STDIN_GUARD.as_uri() in child.cmdline()]


@pytest.fixture(autouse=True)
def others() -> list[psutil.Process]:
    """Nodes of other tests, which stay for the whole run."""
    return nodes_of(os.getpid())


async def test_a_small_experiment(tmp_path: Path, others: list[psutil.Process]) -> None:
    """Its figures are those of the committed snapshot, which was taken on another node by another order of calls."""
    service = laboratory(tmp_path)
    found = await service.run(Experiment(sizes=(1, 5)))
    assert (found.ending, found.failure_detail) == (RunEnding.COMPLETE, "")
    recorded = gas_snapshot.read()
    for contract, key in (
        (Contract.OURS, "gas"),
        (Contract.BASELINE_A, "gas.baseline"),
        (Contract.ERC721A, "gas.erc721a"),
    ):
        single = found.single(contract)
        assert single is not None
        assert single.gas.gas_used == pytest.approx(recorded[f"{key}.single"], rel=0.002)
        per_token = {each.size: each.gas_per_token for each in found.curve(contract)}
        expected = {size: recorded[f"{key}.batch.{size}"] for size in (1, 5)}
        assert per_token == pytest.approx(expected, rel=0.002)
    saved = found.savings(found.curve(Contract.OURS)[1])
    assert saved is not None
    assert (saved.own_single_percent, saved.baseline_single_percent) == pytest.approx((55.9, 85.2), abs=0.1)
    five = found.curve(Contract.OURS)[1].gas.parts
    assert (five[GasPart.BASE], five[GasPart.LOGS]) == (21_000, 5 * (LOG_GAS + 4 * LOG_GAS))
    sizes = {each.contract: each.code_size_bytes for each in found.deployments}
    assert sizes == {contract: recorded[f"{key}.code_size_bytes"] for contract, key in RECORDED.items()}
    assert await service.list() == [found]
    assert nodes_of(os.getpid()) == others


async def test_a_cancel_in_the_middle_leaves_no_node(tmp_path: Path, others: list[psutil.Process]) -> None:
    service, nodes = laboratory(tmp_path), list[psutil.Process]()
    reached = asyncio.Event()

    def hear(state: LaboratoryState | None) -> None:
        if state is not None and state.size is not None and not reached.is_set():
            nodes.extend(node for node in nodes_of(os.getpid()) if node not in others)
            reached.set()

    service.observe(hear)
    running = asyncio.ensure_future(service.run(Experiment()))
    await reached.wait()
    await service.cancel()
    assert len(nodes) == 1
    assert not nodes[0].is_running()
    found = await running
    assert found.ending is RunEnding.CANCELLED
    assert len(found.deployments) == 3
    assert await service.list() == [found]


async def test_a_node_that_dies_in_the_middle_is_told_beside_what_there_is(
    tmp_path: Path, others: list[psutil.Process]
) -> None:
    service = laboratory(tmp_path)

    def hear(state: LaboratoryState | None) -> None:
        if state is not None and state.size == 5:
            for node in nodes_of(os.getpid()):
                if node not in others:
                    node.kill()

    service.observe(hear)
    found = await service.run(Experiment(sizes=(1, 5)))
    assert (found.ending, found.failure) == (RunEnding.FAILED, ErrorCode.NODE_UNREACHABLE)
    assert [each.size for each in found.curve(Contract.OURS)] == [1]
    assert await service.list() == [found]


async def test_a_cancel_while_the_node_starts_leaves_no_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    service, loop, spawned = laboratory(tmp_path), asyncio.get_running_loop(), asyncio.Event()
    spawn, processes = hardhat_node._spawn, list[subprocess.Popen[str]]()

    def told(*arguments: Any) -> subprocess.Popen[str]:
        processes.append(spawn(*arguments))
        loop.call_soon_threadsafe(spawned.set)
        return processes[0]

    monkeypatch.setattr(hardhat_node, "_spawn", told)
    running = asyncio.ensure_future(service.run(Experiment()))
    await spawned.wait()
    await service.cancel()
    assert (await running).ending is RunEnding.CANCELLED
    assert processes[0].poll() is not None


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
async def test_a_killed_program_leaves_no_node(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import asyncio, sys
        from pathlib import Path
        from ipnft_desktop.adapters.laboratory.scratch_chain import HardhatScratchChain

        async def main() -> None:
            async with HardhatScratchChain(Path(sys.argv[1])).opened():
                print("open", flush=True)
                await asyncio.Event().wait()

        asyncio.run(main())
    """)
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(tmp_path), cwd=PROJECT, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    assert await child.stdout.readline() == b"open\n"
    nodes = nodes_of(child.pid)
    child.send_signal(signal.SIGKILL)
    await child.wait()
    assert len(nodes) == 1
    await asyncio.to_thread(nodes[0].wait, 10)


class Bench:
    """Our contract on a node that the test asks too."""

    def __init__(self, rpc_url: str, rpc: JsonRpc, bench: ContractBench) -> None:
        self.rpc_url = rpc_url
        self.rpc = rpc
        self.bench = bench

    async def broken_down(self, mined: Mined) -> GasBreakdown:
        return break_down(mined.gas_used, mined.data, await traced_gas(self.rpc, mined.tx_hash))

    async def ask(self, method: str, *params: Any) -> Any:
        return await asyncio.to_thread(ask, self.rpc_url, method, *params)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    node, rpc = HardhatNode(tmp_path, preferred_port=0), JsonRpc()
    rpc_url = (await node.start(lambda _line: None)).rpc_url
    await rpc.open(rpc_url)
    deployed = await ContractBench.deploy(rpc, OurContract())
    await deployed.prepare_holders(3)
    yield Bench(rpc_url, rpc, deployed)
    await rpc.close()
    await node.stop()


async def test_parts_are_those_of_the_receipt_and_of_the_whole_trace(bench: Bench) -> None:
    for recipients in Recipients:
        mined = await bench.bench.mint_batch(recipients, 3)
        found = await bench.broken_down(mined)
        receipt = await bench.ask("eth_getTransactionReceipt", mined.tx_hash)
        steps = (await bench.ask("debug_traceTransaction", mined.tx_hash))["structLogs"]
        data = bytes.fromhex((await bench.ask("eth_getTransactionByHash", mined.tx_hash))["input"][2:])
        calldata = sum(16 if byte else 4 for byte in data)
        logs = [LOG_GAS + LOG_GAS * len(log["topics"]) + 8 * (len(log["data"]) // 2 - 1) for log in receipt["logs"]]
        storage = sum(step["gasCost"] for step in steps if step["op"] in {"SLOAD", "SSTORE", "TLOAD", "TSTORE"})
        assert found.gas_used == int(receipt["gasUsed"], 16), recipients
        assert found.gas_used == 21_000 + calldata + sum(step["gasCost"] for step in steps)
        told = [found.parts[part] for part in (GasPart.CALLDATA, GasPart.LOGS, GasPart.STORAGE)]
        assert told == [calldata, sum(logs), storage]


async def test_what_a_transfer_gives_back_is_told(bench: Bench) -> None:
    """The last token of a holder: its balance slot is emptied."""
    asset_id = bench.bench.new_asset()
    call = bench.bench.contender.single(bench.bench.newcomer, asset_id, bench.bench.next_directory())
    await bench.bench.mint(call)
    mined = await bench.bench.transfer(asset_id, bench.bench.newcomer, bench.bench.other)
    found = await bench.broken_down(mined)
    assert (found.parts[GasPart.REFUND], found.gas_used) == (-4_800, mined.gas_used)


async def test_the_least_price_of_call_data_is_told(bench: Bench) -> None:
    """A thousand bytes to an account without code: 40,000 by EIP-7623 instead of 16,000."""
    data = b"\1" * 1_000
    accounts = await bench.ask("eth_accounts")
    request = {"from": accounts[0], "to": accounts[1], "data": "0x" + data.hex()}
    tx_hash = await bench.ask("eth_sendTransaction", request)
    gas_used = int((await bench.ask("eth_getTransactionReceipt", tx_hash))["gasUsed"], 16)
    found = await bench.broken_down(Mined(tx_hash, data, gas_used))
    assert (found.gas_used, found.parts[GasPart.CALLDATA_FLOOR]) == (61_000, 24_000)
