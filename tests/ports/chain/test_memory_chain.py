"""The faults that the chain in memory can be told to show; service tests rely on each of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from ipnft_desktop.domain.chain import ChainIdentity, IdentityVerdict, SendVerdict, compare_identity
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.minting import TransactionRecord
from tests.support.chain_fixtures import RECIPIENT, deploy, mint, mint_call, receipt_of
from tests.support.memory_chain import MemoryChain, MemorySigner


@pytest.fixture
async def chain() -> MemoryChain:
    chain = MemoryChain()
    await chain.connect("memory")
    return chain


@pytest.fixture
def signer() -> MemorySigner:
    return MemorySigner()


@pytest.fixture
async def identity(chain: MemoryChain, signer: MemorySigner) -> AsyncIterator[ChainIdentity]:
    yield await deploy(chain, signer)


async def signed_mint(chain: MemoryChain, signer: MemorySigner, identity: ChainIdentity) -> TransactionRecord:
    plan = (await chain.preflight(mint_call(RECIPIENT), identity, signer.address)).plan
    return signer.sign(plan, await chain.nonce_of(signer.address))


async def test_a_lost_answer_was_taken_in(chain: MemoryChain, signer: MemorySigner, identity: ChainIdentity) -> None:
    signed = await signed_mint(chain, signer, identity)
    chain.lose_next_answer()
    assert (await chain.send_raw(signed.raw)).verdict is SendVerdict.UNKNOWN
    assert (await receipt_of(chain, signed.tx_hash)).succeeded


async def test_lost_and_refused_requests_were_not(
    chain: MemoryChain, signer: MemorySigner, identity: ChainIdentity
) -> None:
    signed = await signed_mint(chain, signer, identity)
    chain.lose_next_request()
    chain.refuse_next("replacement underpriced")
    verdicts = [(await chain.send_raw(signed.raw)).verdict for _ in range(2)]
    assert verdicts == [SendVerdict.UNKNOWN, SendVerdict.REFUSED]
    assert await chain.receipts([signed.tx_hash]) == {signed.tx_hash: None}
    assert (await chain.send_raw(signed.raw)).verdict is SendVerdict.ACCEPTED
    assert chain.sent[-3:] == [signed.raw] * 3


async def test_a_forced_revert(chain: MemoryChain, signer: MemorySigner, identity: ChainIdentity) -> None:
    signed = await signed_mint(chain, signer, identity)
    chain.revert_next("ContractPaused")
    assert (await chain.send_raw(signed.raw)).verdict is SendVerdict.REFUSED
    receipt = await receipt_of(chain, signed.tx_hash)
    assert (receipt.succeeded, receipt.minted) == (False, ())
    assert await chain.revert_reason(signed.tx_hash) == "ContractPaused"


async def test_a_reorganisation_keeps_or_forgets(
    chain: MemoryChain, signer: MemorySigner, identity: ChainIdentity
) -> None:
    receipt = await mint(chain, signer, identity, mint_call(RECIPIENT))
    chain.reorganise(1)
    assert await chain.receipts([receipt.tx_hash]) == {receipt.tx_hash: None}
    await chain.mine(2)
    assert (await receipt_of(chain, receipt.tx_hash)).minted == receipt.minted
    chain.reorganise(2, keep_transactions=False)
    await chain.mine()
    assert await chain.receipts([receipt.tx_hash]) == {receipt.tx_hash: None}


async def test_a_dropped_transaction_and_a_taken_nonce(
    chain: MemoryChain, signer: MemorySigner, identity: ChainIdentity
) -> None:
    chain.automine = False
    signed = await signed_mint(chain, signer, identity)
    await chain.send_raw(signed.raw)
    chain.drop(signed.tx_hash)
    await chain.mine()
    assert await chain.receipts([signed.tx_hash]) == {signed.tx_hash: None}
    await chain.send_raw(signed.raw)
    chain.take_nonce(signer.address)
    await chain.mine()
    assert await chain.receipts([signed.tx_hash]) == {signed.tx_hash: None}
    assert (await chain.send_raw(signed.raw)).message == "Nonce too low"


async def test_a_reset_forgets_everything(chain: MemoryChain, identity: ChainIdentity) -> None:
    chain.reset()
    seen = await chain.observe(identity.contract_address, identity.deployment_block)
    assert compare_identity(identity, seen) is IdentityVerdict.RESET
    assert (await chain.head()).number == 0


async def test_an_unreachable_chain_and_its_return(chain: MemoryChain, signer: MemorySigner) -> None:
    heads = chain.heads()
    first = await anext(heads)
    chain.unreachable = True
    with pytest.raises(EnvironmentFault) as caught:
        await chain.head()
    assert caught.value.code is ErrorCode.NODE_UNREACHABLE
    news = asyncio.ensure_future(anext(heads))
    chain.take_nonce(signer.address)
    await asyncio.sleep(0)
    assert not news.done()
    chain.unreachable = False
    assert (await news).number == first.number + 1
