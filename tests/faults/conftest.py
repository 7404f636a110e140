"""One node for all fault tests. Those in this process take its chain back to the first block, each for itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from tests.faults.world import Genesis, OpenWorld, World, world_on
from tests.support.anvil_node import anvil_node
from tests.support.chain_fixtures import node_in_thread
from tests.support.postgresql import PostgresqlServer


@pytest.fixture(scope="session")
def hardhat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Genesis]:
    """The node that the program itself would start."""
    with node_in_thread(tmp_path_factory.mktemp("node-home")) as status:
        yield Genesis(status.rpc_url)


@pytest.fixture(scope="session")
def anvil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Genesis]:
    """A node written by other people."""
    with anvil_node(tmp_path_factory.mktemp("anvil-home")) as url:
        yield Genesis(url)


@pytest.fixture
def genesis(request: pytest.FixtureRequest) -> Genesis:
    """The node of a test: Hardhat, or the one it names as a parameter."""
    node: Genesis = request.getfixturevalue(getattr(request, "param", "hardhat"))
    return node


@pytest.fixture
def fresh_node_url(genesis: Genesis) -> str:
    """Address of the node, its chain empty."""
    genesis.go_back()
    return genesis.url


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the program waits for by the clock comes in a moment."""
    monkeypatch.setattr("ipnft_desktop.services.minting.RESEND_DELAYS_S", (0.05,))
    monkeypatch.setattr("ipnft_desktop.services.minting.RESEND_EVERY_S", 0.1)
    monkeypatch.setattr("ipnft_desktop.services.minting.IDLE_S", 0.05)
    monkeypatch.setattr("ipnft_desktop.services.mint_cases.WORK_AGAIN_DELAYS_S", (0.05,))


@pytest.fixture
def open_world(fresh_node_url: str, tmp_path: Path, impatient: None) -> OpenWorld:
    """Makes a world with settings or adapters of the test's own."""

    def make(*arguments: Any, **named: Any) -> AbstractAsyncContextManager[World]:
        return world_on(fresh_node_url, tmp_path / "profile", *arguments, **named)

    return make


@pytest.fixture
async def world(open_world: OpenWorld) -> AsyncIterator[World]:
    """A world that is up and healthy."""
    async with open_world() as opened:
        yield opened


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    """The server, started when a test first wants it."""
    server = PostgresqlServer()
    yield server
    server.stop()


@pytest.fixture
def postgresql_url(postgresql: PostgresqlServer) -> Iterator[str]:
    """URL of an empty register that several programs may share."""
    url = postgresql.new_database()
    yield url
    postgresql.drop(url)
