from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from ipnft_desktop.adapters.chain.ethereum_chain import EthereumChain
from ipnft_desktop.adapters.chain.hardhat_node import HardhatNode
from ipnft_desktop.adapters.chain.json_rpc import JsonRpc, as_text
from ipnft_desktop.adapters.chain.local_controls import HardhatControls
from ipnft_desktop.adapters.chain.local_signer import LocalSigner
from ipnft_desktop.domain.chain import ChainIdentity, NodeStatus
from ipnft_desktop.services.chain_ports import Chain, Signer
from ipnft_desktop.services.node_ports import LocalChainControls
from tests.support.anvil_node import anvil_node
from tests.support.chain_fixtures import deploy, node_in_thread
from tests.support.memory_chain import MemoryChain, MemorySigner


class ChainUnderTest(Protocol):
    """A chain, who signs for it, and what a test may do to it behind its back."""

    @property
    def chain(self) -> Chain: ...
    @property
    def signer(self) -> Signer: ...
    @property
    def controls(self) -> LocalChainControls: ...
    @property
    def url(self) -> str: ...

    async def mark(self) -> str: ...
    async def go_back(self, mark: str) -> None:
        """Reorganise: drop every block since the mark, and forget its transactions."""
        ...

    async def drop(self, tx_hash: str) -> None:
        """Forget a transaction that waits in the pool."""
        ...

    def make_refuse(self, address: str) -> None:
        """Make this contract refuse tokens."""
        ...

    async def advance_time(self, seconds: int) -> None:
        """Let the chain's clock jump ahead of the wall's."""
        ...

    async def empty_chain(self) -> ChainUnderTest:
        """Another chain as a restarted node serves it: same first block, nothing else."""
        ...


@dataclass
class MemoryUnderTest:
    chain: MemoryChain
    signer: MemorySigner
    url: str = "memory"

    @property
    def controls(self) -> LocalChainControls:
        return self.chain

    @classmethod
    async def connected(cls) -> MemoryUnderTest:
        chain = MemoryChain()
        await chain.connect(cls.url)
        return cls(chain, MemorySigner())

    async def mark(self) -> str:
        return str((await self.chain.head()).number)

    async def go_back(self, mark: str) -> None:
        self.chain.reorganise((await self.chain.head()).number - int(mark), keep_transactions=False)

    async def drop(self, tx_hash: str) -> None:
        self.chain.drop(tx_hash)

    def make_refuse(self, address: str) -> None:
        self.chain.refusing_recipients.add(address)

    async def advance_time(self, seconds: int) -> None:
        self.chain.advance_time(seconds)

    async def empty_chain(self) -> ChainUnderTest:
        return await self.connected()


@dataclass
class NodeUnderTest:
    """A real node, and a second one of its kind where a test wants an empty chain."""

    chain: EthereumChain
    signer: LocalSigner
    controls: HardhatControls
    rpc: JsonRpc
    url: str
    start_another: Callable[[], Awaitable[str]]
    stack: AsyncExitStack

    @classmethod
    async def connected(
        cls, url: str, start_another: Callable[[], Awaitable[str]], stack: AsyncExitStack
    ) -> NodeUnderTest:
        rpc = JsonRpc()
        chain = EthereumChain(rpc, head_interval_s=0.01)
        stack.push_async_callback(chain.disconnect)
        await chain.connect(url)
        signer = LocalSigner(lambda: chain.is_local)
        return cls(chain, signer, HardhatControls(rpc), rpc, url, start_another, stack)

    async def mark(self) -> str:
        return as_text(await self.rpc.call("evm_snapshot"))

    async def go_back(self, mark: str) -> None:
        assert await self.rpc.call("evm_revert", mark) is True

    async def drop(self, tx_hash: str) -> None:
        await self.rpc.call("hardhat_dropTransaction", tx_hash)

    def make_refuse(self, address: str) -> None:
        """Our contract has no onERC721Received: it refuses already."""

    async def advance_time(self, seconds: int) -> None:
        await self.rpc.call("evm_increaseTime", seconds)

    async def empty_chain(self) -> ChainUnderTest:
        return await self.connected(await self.start_another(), self.start_another, self.stack)


@pytest.fixture(scope="session")
def hardhat_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeStatus]:
    with node_in_thread(tmp_path_factory.mktemp("node-home")) as status:
        yield status


@pytest.fixture(scope="session")
def anvil_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with anvil_node(tmp_path_factory.mktemp("anvil-home")) as url:
        yield url


@pytest.fixture(params=["memory", "hardhat", "anvil"])
async def under_test(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ChainUnderTest]:
    if request.param == "memory":
        yield await MemoryUnderTest.connected()
        return
    async with AsyncExitStack() as stack:

        async def another_hardhat() -> str:
            node = HardhatNode(tmp_path, preferred_port=0)
            stack.push_async_callback(node.stop)
            return (await node.start(lambda _line: None)).rpc_url

        async def another_anvil() -> str:
            return stack.enter_context(anvil_node(tmp_path))

        if request.param == "hardhat":
            status: NodeStatus = request.getfixturevalue("hardhat_node")
            node = await NodeUnderTest.connected(status.rpc_url, another_hardhat, stack)
        else:
            node = await NodeUnderTest.connected(request.getfixturevalue("anvil_url"), another_anvil, stack)
        await node.controls.end_replay()  # a test before may have failed in the middle of one
        yield node


@pytest.fixture
def chain(under_test: ChainUnderTest) -> Chain:
    return under_test.chain


@pytest.fixture
def signer(under_test: ChainUnderTest) -> Signer:
    return under_test.signer


@pytest.fixture
async def identity(chain: Chain, signer: Signer) -> ChainIdentity:
    """A contract of the test's own, in use."""
    return await deploy(chain, signer)
