"""What the contract refuses on a real node, met by the program: the code, and that nothing was signed or sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from eth_abi.abi import encode
from eth_utils.abi import function_signature_to_4byte_selector

from ipnft_desktop.adapters.chain.collection_terms import CollectionTerms
from ipnft_desktop.adapters.chain.ip_asset_contract import IPAssetContract
from ipnft_desktop.adapters.chain.json_rpc import JsonRpc, RpcError
from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.minting import MintJob, MintProgress, MintStage
from ipnft_desktop.services.mint_desk import MintRequest
from tests.support.chain_fixtures import OTHER_RECIPIENT, RECIPIENT, mint_call, node_in_thread
from tests.support.mock_receivers import answering, runtime_code
from tests.support.node_oracle import ask
from tests.support.real_core import add_assets, core_on

MINTER_ROLE = 1
ZERO_ADDRESS = "0x" + "0" * 40
CODEC = IPAssetContract.load()


@dataclass
class Program:
    """A program on a node, and what a test does to its contract past it."""

    core: Core
    node_url: str
    contract: str

    async def ask(self, method: str, *params: Any) -> Any:
        return await asyncio.to_thread(ask, self.node_url, method, *params)

    async def send(self, data: bytes, to: str | None = None) -> None:
        """A transaction of the contract's admin, who is the program's signer too."""
        call = {"from": self.core.adapters.signer.address, "to": to or self.contract, "data": "0x" + data.hex()}
        receipt = await self.ask("eth_getTransactionReceipt", await self.ask("eth_sendTransaction", call))
        assert receipt["status"] == "0x1"

    async def nonce(self) -> int:
        return await self.core.adapters.chain.nonce_of(self.core.adapters.signer.address)

    async def refused(self, code: ErrorCode, recipient: str = RECIPIENT) -> MintJob:
        """A mint fails with this code, and leaves no trace on the chain. Returns the job."""
        (asset,) = await add_assets(self.core)
        nonce = await self.nonce()
        job = await self.core.desk.mint([MintRequest(asset.asset_id, recipient)])
        assert (job.stage, job.transactions) == (MintStage.FAILED, ())
        assert job.failure is not None
        assert (job.failure.code, job.failure.gas_spent) == (code, False), job.failure
        assert await self.nonce() == nonce
        assert await self.core.adapters.chain.owners([asset.asset_id.int]) == {asset.asset_id.int: None}
        return job

    async def retried(self, failed: MintJob) -> MintJob:
        """The same mint once more, after its cause was mended."""
        again = await self.core.desk.retry(failed.items[0].asset_id)
        return await self.core.desk.outcome(again.job_id)


@pytest.fixture(scope="module")
def node_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with node_in_thread(tmp_path_factory.mktemp("node-home")) as status:
        yield status.rpc_url


@pytest.fixture
async def program(node_url: str, tmp_path: Path) -> AsyncIterator[Program]:
    """With a contract of its own."""
    core = core_on(node_url, tmp_path)
    ready = await core.environment.start(lambda _report: None)
    yield Program(core, node_url, ready.identity.contract_address)
    await core.close()
    ask(node_url, "hardhat_setCode", OTHER_RECIPIENT, "0x")


async def test_a_mint_waits_until_a_paused_contract_is_resumed(program: Program) -> None:
    await program.send(CODEC.call("pause"))
    (asset,) = await add_assets(program.core)
    nonce = await program.nonce()
    is_told = asyncio.Event()

    def hear(progress: MintProgress) -> None:
        if progress.error is not None:
            assert progress.error.code is ErrorCode.CONTRACT_PAUSED
            is_told.set()

    job = await program.core.desk.request([MintRequest(asset.asset_id, RECIPIENT)])
    outcome = asyncio.ensure_future(program.core.desk.outcome(job.job_id, hear))
    await is_told.wait()
    assert await program.nonce() == nonce, "nothing was sent"
    await program.send(CODEC.call("unpause"))
    assert (await outcome).stage is MintStage.COMPLETED


async def test_73_a_signer_whose_role_was_taken(program: Program) -> None:
    signer = program.core.adapters.signer.address
    await program.send(CODEC.call("revokeRoles", signer, MINTER_ROLE))
    failed = await program.refused(ErrorCode.CONTRACT_ROLE_MISSING)
    assert failed.failure is not None
    assert failed.failure.safe_to_retry
    await program.send(CODEC.call("grantRoles", signer, MINTER_ROLE))
    assert (await program.retried(failed)).stage is MintStage.COMPLETED


async def test_an_estimate_says_so_before_anything_is_asked_for(program: Program) -> None:
    (asset,) = await add_assets(program.core)
    await program.send(CODEC.call("pause"))
    with pytest.raises(EnvironmentFault) as caught:
        await program.core.desk.estimate([MintRequest(asset.asset_id, RECIPIENT)])
    assert caught.value.code is ErrorCode.CONTRACT_PAUSED
    assert await program.core.desk.job_of(asset.asset_id) is None


def says(text: str) -> bytes:
    return bytes.fromhex("08c379a0") + encode(["string"], [text])


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (runtime_code("RefusingReceiver"), "an error of its own or no acceptance"),
        (answering(b""), "it gave no reason"),
        (answering(says("not on\nthe list\u202e")), 'it says "not on the list"'),
        (answering(says("x" * 5000)), "x" * 200 + "…"),
        (runtime_code("BurningReceiver"), "used up its gas"),
    ],
    ids=["mock", "no-reason", "text", "long-text", "gas"],
)
async def test_a_recipient_that_refuses(program: Program, code: str, told: str) -> None:
    await program.ask("hardhat_setCode", OTHER_RECIPIENT, code)
    failed = await program.refused(ErrorCode.RECIPIENT_REFUSED, OTHER_RECIPIENT)
    assert failed.failure is not None
    assert told in failed.failure.detail


@pytest.mark.parametrize(
    ("is_minter", "code", "told"),
    [
        (True, ErrorCode.RECIPIENT_REENTERED, "seems to have called the contract back while it received"),
        (False, ErrorCode.RECIPIENT_REFUSED, "own error Unauthorized: it seems to have called the contract back"),
    ],
    ids=["minter", "stranger"],
)
async def test_a_recipient_that_re_enters(program: Program, is_minter: bool, code: ErrorCode, told: str) -> None:
    arm = function_signature_to_4byte_selector("arm(bytes)")
    await program.ask("hardhat_setCode", OTHER_RECIPIENT, runtime_code("BubblingReceiver"))
    await program.send(arm + encode(["bytes"], [CODEC.mint(mint_call(OTHER_RECIPIENT))]), OTHER_RECIPIENT)
    if is_minter:
        await program.send(CODEC.call("grantRoles", OTHER_RECIPIENT, MINTER_ROLE))
    failed = await program.refused(code, OTHER_RECIPIENT)
    assert failed.failure is not None
    assert told in failed.failure.detail


async def test_the_zero_address_is_refused_by_the_program_and_by_the_contract(program: Program) -> None:
    (asset,) = await add_assets(program.core)
    nonce = await program.nonce()
    with pytest.raises(UserError) as beforehand:
        await program.core.desk.request([MintRequest(asset.asset_id, ZERO_ADDRESS)])
    adapters = program.core.adapters
    identity = await adapters.database.read(lambda tx: tx.chain_identity())
    assert identity is not None
    with pytest.raises(UserError) as on_chain:
        await adapters.chain.preflight(mint_call(ZERO_ADDRESS), identity, adapters.signer.address)
    assert [caught.value.code for caught in (beforehand, on_chain)] == [ErrorCode.RECIPIENT_INVALID] * 2
    assert await program.core.desk.job_of(asset.asset_id) is None
    assert await program.nonce() == nonce


async def test_an_asset_twice_in_one_request_is_refused_and_not_recorded(program: Program) -> None:
    (asset,) = await add_assets(program.core)
    requests = [MintRequest(asset.asset_id, RECIPIENT), MintRequest(asset.asset_id, RECIPIENT)]
    with pytest.raises(UserError) as caught:
        await program.core.desk.estimate(requests)
    assert caught.value.code is ErrorCode.DUPLICATE_IN_BATCH
    with pytest.raises(IpnftError):
        await program.core.desk.request(requests)
    assert await program.core.desk.job_of(asset.asset_id) is None


async def test_recipients_and_assets_of_unequal_number(program: Program) -> None:
    batch = mint_call(RECIPIENT, OTHER_RECIPIENT)
    uneven = CODEC.call("batchMintTo", [RECIPIENT], [each.bytes for each in batch.asset_ids], batch.directory_digest)
    assert (await simulated(program, uneven, program.contract)).code is ErrorCode.BATCH_UNEVEN


async def test_a_deployment_with_a_royalty_above_all_of_the_price(program: Program) -> None:
    signer = program.core.adapters.signer.address
    dear = IPAssetContract.load(CollectionTerms(royalty_bp=10_001)).deployment(b"\1" * 32, signer, signer)
    error = await simulated(program, dear)
    assert isinstance(error, UserError)
    assert error.code is ErrorCode.ROYALTY_INVALID


async def simulated(program: Program, data: bytes, to: str | None = None) -> IpnftError:
    """How the node answers a call that the program itself has no way to make."""
    call: dict[str, Any] = {"from": program.core.adapters.signer.address, "data": "0x" + data.hex()}
    rpc = JsonRpc()
    await rpc.open(program.node_url)
    try:
        with pytest.raises(RpcError) as caught:
            await rpc.call("eth_estimateGas", call if to is None else {**call, "to": to})
    finally:
        await rpc.close()
    assert caught.value.revert_data is not None
    return CODEC.revert(caught.value.revert_data).as_error()
