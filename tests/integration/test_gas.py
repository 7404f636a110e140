"""What the contracts cost, from receipts of a real node: as committed, within the aims, and of contracts that work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import gas_snapshot
from benchmarks.catalogue import KEYS, Figure
from benchmarks.gas import all_figures
from benchmarks.gas_keys import CONTRACTS, GAS_KEYS, LARGEST_SIZE, is_measured
from ipnft_desktop.adapters.chain.hardhat_node import HardhatNode
from ipnft_desktop.adapters.chain.simulations import MAX_TRANSACTION_GAS
from ipnft_desktop.adapters.laboratory.contenders import (
    CommonContract,
    Contender,
    OurContract,
    SequentialContract,
    asset_id_at,
)
from tests.support.node_oracle import ask


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """Measured once for all tests here."""

    async def measured() -> dict[str, float]:
        node = HardhatNode(tmp_path_factory.mktemp("gas"), preferred_port=0)
        status = await node.start(lambda _line: None)
        try:
            return await all_figures(status.rpc_url)
        finally:
            await node.stop()

    return asyncio.run(measured())


def test_every_figure_is_as_committed(figures: dict[str, float]) -> None:
    measured = {key: value for key, value in figures.items() if is_measured(key)}
    changes = gas_snapshot.differences(measured, gas_snapshot.read())
    told = "; ".join(changes)
    assert not changes, f"{told}. Explain it in the commit, and record it with: {gas_snapshot.RECORD_COMMAND}"


def test_every_key_is_measured(figures: dict[str, float]) -> None:
    assert figures.keys() == GAS_KEYS.keys()


def test_the_aims_are_met(figures: dict[str, float]) -> None:
    aimed = {key: value for key, value in figures.items() if KEYS[key].aim is not None}
    assert aimed.keys() == {"gas.ratio_to_floor.30", "gas.saving_own.30", "gas.saving_baseline.30"}
    missed = {key: value for key, value in aimed.items() if not Figure(key, value, 1).within(KEYS[key].aim)}
    assert not missed


@pytest.mark.parametrize("recipients", ["", ".existing_holders", ".new_holders"])
def test_the_largest_batch_fits_one_transaction(figures: dict[str, float], recipients: str) -> None:
    assert LARGEST_SIZE * figures[f"gas.batch.{LARGEST_SIZE}{recipients}"] < MAX_TRANSACTION_GAS


@pytest.mark.parametrize("contract", CONTRACTS)
def test_a_batch_of_one_costs_more_than_a_single(figures: dict[str, float], contract: str) -> None:
    assert figures[f"{contract}.batch.1"] > figures[f"{contract}.single"]


class Deployed:
    """A contender on a node, asked past the measuring."""

    def __init__(self, rpc_url: str, contender: Contender) -> None:
        self._rpc_url = rpc_url
        self._contender = contender
        self.minter, self.holder = ask(rpc_url, "eth_accounts")[:2]
        self.address: str | None = None
        self.address = self.send(contender.creation(self.minter))["contractAddress"]

    def send(self, data: bytes, sender: str | None = None) -> dict[str, Any]:
        request = {"from": sender or self.minter, "data": "0x" + data.hex(), "gas": hex(MAX_TRANSACTION_GAS)}
        if self.address is not None:
            request["to"] = self.address
        receipt: dict[str, Any] = ask(
            self._rpc_url, "eth_getTransactionReceipt", ask(self._rpc_url, "eth_sendTransaction", request)
        )
        return receipt

    def read(self, function: str, *values: object) -> Any:
        data = "0x" + self._contender.codec.call(function, *values).hex()
        answer = ask(self._rpc_url, "eth_call", {"to": self.address, "data": data}, "latest")
        return self._contender.codec.answer(function, answer)[0]


@pytest.fixture
async def rpc_url(tmp_path: Path) -> AsyncIterator[str]:
    node = HardhatNode(tmp_path, preferred_port=0)
    yield (await node.start(lambda _line: None)).rpc_url
    await node.stop()


@pytest.mark.parametrize("kind", [OurContract, CommonContract, SequentialContract])
async def test_what_is_compared_has_the_same_duties(rpc_url: str, kind: type[Contender]) -> None:
    """Owner, asset and token both ways, metadata that a token keeps, each asset once: whichever way it was minted."""
    await asyncio.to_thread(_do_the_duties, rpc_url, kind())


def _do_the_duties(rpc_url: str, contender: Contender) -> None:
    deployed = Deployed(rpc_url, contender)
    asset_ids = [asset_id_at(index) for index in range(7)]
    holder, other = deployed.holder, "0x" + "ab" * 20
    calls = [
        contender.single(holder, asset_ids[0], 1),
        contender.batch(holder, asset_ids[1:4], 2),
        contender.batch_to([holder, other, holder], asset_ids[4:], 3),
    ]
    assert [deployed.send(call)["status"] for call in calls] == ["0x1"] * 3
    token_ids = [deployed.read("tokenIdOf", contender.asset_key(asset_id)) for asset_id in asset_ids]
    keys = [deployed.read("assetIdOf", token_id) for token_id in token_ids]
    assert keys == [contender.asset_key(asset_id) for asset_id in asset_ids]
    owners = [deployed.read("ownerOf", token_id) for token_id in token_ids]
    assert owners == [holder] * 5 + [other, holder]
    uris = [deployed.read("tokenURI", token_id) for token_id in token_ids]
    assert len(set(uris)) == len(asset_ids)
    assert all(uri.startswith("ipfs://baf") for uri in uris)
    deployed.send(contender.codec.call("transferFrom", holder, other, token_ids[2]), holder)
    assert deployed.read("ownerOf", token_ids[2]) == other
    assert [deployed.read("tokenURI", token_id) for token_id in token_ids] == uris
    for call in calls:
        with pytest.raises(LookupError, match="revert"):
            deployed.send(call)
