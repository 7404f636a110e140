"""A real node for tests, and the few steps that every test of the chain begins with."""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import AsyncGenerator, Coroutine, Generator
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

from ipnft_desktop.adapters.chain.hardhat_node import HardhatNode
from ipnft_desktop.domain.chain import LOCAL_CHAIN_ID, ChainIdentity, MintCall, NodeStatus, Receipt, SendVerdict
from ipnft_desktop.services.chain_ports import Chain, Signer

T = TypeVar("T")

RECIPIENT = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
"""The node's second demonstration account."""
OTHER_RECIPIENT = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"
DEPLOYMENT_GAS = 3_000_000
MINING_TIMEOUT_S = 10


@contextmanager
def node_in_thread(home: Path) -> Generator[NodeStatus]:
    """A node that outlives the event loops of single tests: it lives on a loop in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="test-node")
    thread.start()

    def run(step: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(step, loop).result(30)

    # Port 0: tests must not meet a node that somebody works with.
    node = HardhatNode(home, preferred_port=0)
    try:
        yield run(node.start(lambda _line: None))
    finally:
        run(node.stop())
        run(loop.shutdown_default_executor())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def deploy(chain: Chain, signer: Signer) -> ChainIdentity:
    """A new contract of ours, and the chain told to use it."""
    data = await chain.deployment_data(secrets.token_bytes(32), signer.address, signer.address)
    nonce = await chain.nonce_of(signer.address)
    raw, tx_hash = signer.sign_deployment(LOCAL_CHAIN_ID, nonce, data, DEPLOYMENT_GAS, await chain.fees())
    reply = await chain.send_raw(raw)
    assert reply.verdict is SendVerdict.ACCEPTED, reply
    identity = await chain.identity_of(await receipt_of(chain, tx_hash))
    chain.use_contract(identity.contract_address)
    return identity


def mint_call(*recipients: str, asset_ids: tuple[UUID, ...] | None = None, digest: bytes | None = None) -> MintCall:
    """One new asset for each recipient."""
    ids = asset_ids or tuple(uuid4() for _ in recipients)
    return MintCall(ids, recipients, secrets.token_bytes(32) if digest is None else digest)


async def receipt_of(chain: Chain, tx_hash: str) -> Receipt:
    """The receipt of a transaction that is mined, or will be by itself: not every node mines before it answers."""
    async with asyncio.timeout(MINING_TIMEOUT_S):
        heads = chain.heads()
        assert isinstance(heads, AsyncGenerator)
        async with aclosing(heads):
            while True:
                if receipt := (await chain.receipts([tx_hash]))[tx_hash]:
                    return receipt
                await anext(heads)


async def mint(chain: Chain, signer: Signer, identity: ChainIdentity, call: MintCall) -> Receipt:
    """Carry a call through on a chain that mines at once."""
    found = await chain.preflight(call, identity, signer.address)
    signed = signer.sign(found.plan, await chain.nonce_of(signer.address))
    reply = await chain.send_raw(signed.raw)
    assert reply.verdict is SendVerdict.ACCEPTED, reply
    return await receipt_of(chain, signed.tx_hash)
