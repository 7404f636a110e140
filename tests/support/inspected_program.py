"""A program on a real node that tests look into; the node is the same for a whole run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.events import DomainEvent
from ipnft_desktop.domain.inspection.decoding import DecodedValue
from ipnft_desktop.domain.inspection.tracing import StateChange, TransactionDetail, TransactionTrace, Untold
from ipnft_desktop.services.mint_desk import MintRequest
from ipnft_desktop.settings import Settings
from tests.support.chain_fixtures import RECIPIENT, node_in_thread
from tests.support.node_oracle import ask
from tests.support.real_core import add_assets, core_on

PATIENCE_S = 45.0
"""The node is shared by all tests of its kind, and its chain is as long as they made it."""


@dataclass
class Program:
    """A program on a node, and what a test does past it."""

    core: Core
    node_url: str
    contract: str

    async def ask(self, method: str, *params: Any) -> Any:
        return await asyncio.to_thread(ask, self.node_url, method, *params)

    async def send(self, data: bytes | str, to: str | None = "", **more: str) -> str:
        """A transaction of the contract's admin, to our contract by default; its hash, whether it fails or not."""
        call: dict[str, Any] = {"from": self.core.adapters.signer.address, "gas": hex(16_000_000), **more}
        call["data"] = data if isinstance(data, str) else "0x" + data.hex()
        if to is not None:
            call["to"] = to or self.contract
        try:
            return await self.ask("eth_sendTransaction", call)
        except LookupError:  # it was mined all the same
            return (await self.ask("eth_getBlockByNumber", "latest", False))["transactions"][-1]

    async def place(self, runtime: str, at: str) -> str:
        await self.ask("hardhat_setCode", at, "0x" + runtime)
        return at

    async def look(self, tx_hash: str) -> tuple[TransactionDetail, TransactionTrace]:
        detail = await self.core.inspector.transaction(tx_hash)
        assert detail is not None
        trace = await self.core.inspector.trace(detail)
        gas = trace.gas
        assert gas.untold is None
        assert sum(gas.parts.values()) == gas.gas_used == detail.transaction.line.gas_used
        return detail, trace

    async def changes(self, tx_hash: str) -> dict[str, StateChange]:
        """By variable and keys."""
        _, trace = await self.look(tx_hash)
        assert not isinstance(trace.state, Untold)
        return {change.variable + "".join(f"[{_key(key)}]" for key in change.keys): change for change in trace.state}


def _key(value: DecodedValue) -> str:
    return str(value.asset_id) if value.asset_id else value.text


@pytest.fixture(scope="session")
def inspected_node_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with node_in_thread(tmp_path_factory.mktemp("inspected")) as status:
        yield status.rpc_url


@pytest.fixture
async def program(inspected_node_url: str, tmp_path: Path) -> AsyncIterator[Program]:
    core = core_on(inspected_node_url, tmp_path, Settings(demo_data=False, rpc_timeout_s=PATIENCE_S))
    await core.environment.start(lambda _report: None)
    assert core.environment.ready
    yield Program(core, inspected_node_url, core.environment.ready.identity.contract_address)
    await core.close()


async def minted(program: Program) -> tuple[Asset, str]:
    (asset,) = await add_assets(program.core)
    job = await program.core.desk.mint([MintRequest(asset.asset_id, RECIPIENT)])
    assert job.stage == "COMPLETED"
    tx_hash = await program.core.chain_search.mint_of(asset.asset_id)
    assert tx_hash is not None
    return asset, tx_hash


async def indexed(program: Program) -> None:
    """Once the index has the newest block."""
    head, reached = await program.core.inspector.head(), asyncio.Event()

    def hear(event: DomainEvent | None = None) -> None:
        reach = program.core.indexing.status.reach
        if reach is not None and reach.next_block > head:
            reached.set()

    stop = program.core.events.subscribe(hear)
    hear()
    async with asyncio.timeout(PATIENCE_S):
        await reached.wait()
    stop()
