"""The faults that the chain in memory can be told to show; service tests rely on each of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from ipnft_desktop.domain.chain import ChainIdentity, IdentityVerdict, SendVerdict, compare_identity
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.minting import TransactionPurpose, TransactionRecord
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


async def test_an_error_although_taken_in(chain: MemoryChain, signer: MemorySigner, identity: ChainIdentity) -> None:
    signed = await signed_mint(chain, signer, identity)
    chain.refuse_next_though_taken("internal error")
    chain.reply_next(SendVerdict.ALREADY_KNOWN, "already known", taken=False)

    replies = [await chain.send_raw(signed.raw) for _ in range(3)]

    assert [reply.verdict for reply in replies] == [
        SendVerdict.REFUSED,
        SendVerdict.ALREADY_KNOWN,
        SendVerdict.REFUSED,
    ]
    assert [reply.message for reply in replies] == ["internal error", "already known", "Nonce too low"]
    assert (await receipt_of(chain, signed.tx_hash)).succeeded


async def test_a_hidden_receipt(chain: MemoryChain, signer: MemorySigner, identity: ChainIdentity) -> None:
    receipt = await mint(chain, signer, identity, mint_call(RECIPIENT))
    nonce = await chain.nonce_of(signer.address) - 1

    chain.lose_receipt(receipt.tx_hash)

    assert await chain.receipts([receipt.tx_hash]) == {receipt.tx_hash: None}
    assert (await chain.look([receipt.tx_hash])).receipts == {receipt.tx_hash: None}
    use = await chain.nonce_use(signer.address, nonce, 0)
    assert use is not None
    assert use.tx_hash == receipt.tx_hash
    chain.find_receipt(receipt.tx_hash)
    assert await receipt_of(chain, receipt.tx_hash) == receipt
    chain.keeps_history = False
    assert await chain.nonce_use(signer.address, nonce, 0) is None


async def test_a_mint_without_an_event(chain: MemoryChain, signer: MemorySigner, identity: ChainIdentity) -> None:
    chain.mint_nothing_next()
    call = mint_call(RECIPIENT)

    receipt = await mint(chain, signer, identity, call)

    assert (receipt.succeeded, receipt.minted) == (True, ())
    assert await chain.token(call.asset_ids[0].int) is None
    assert (await mint(chain, signer, identity, call)).minted


async def test_somebody_elses_transaction_waits_in_the_pool(
    chain: MemoryChain, signer: MemorySigner, identity: ChainIdentity
) -> None:
    chain.automine = False
    signed = await signed_mint(chain, signer, identity)
    await chain.send_raw(signed.raw)

    foreign = chain.take_nonce_in_pool(signer.address)

    assert chain.waiting == (foreign,)
    await chain.mine()
    use = await chain.nonce_use(signer.address, signed.nonce, 0)
    assert use is not None
    assert use.tx_hash == foreign
    assert (await chain.send_raw(signed.raw)).message == "Nonce too low"


async def test_another_chain_and_another_contract_in_its_place(
    chain: MemoryChain, signer: MemorySigner, identity: ChainIdentity
) -> None:
    async def verdict() -> IdentityVerdict:
        seen = await chain.observe(identity.contract_address, identity.deployment_block)
        return compare_identity(identity, seen)

    signed = await signed_mint(chain, signer, identity)
    chain.chain_id += 1
    assert await verdict() is IdentityVerdict.FOREIGN
    assert (await chain.send_raw(signed.raw)).verdict is SendVerdict.REFUSED
    chain.chain_id -= 1
    assert await verdict() is IdentityVerdict.SAME

    chain.foreign_contract(identity.contract_address)

    assert await verdict() is IdentityVerdict.FOREIGN
    await chain.send_raw(signed.raw)
    assert chain.mints_of(mint_call(RECIPIENT).asset_ids[0]) == 0
    assert await chain.mints_between(0, 10) == ()


async def test_fees_rise_and_funds_run_out(chain: MemoryChain, signer: MemorySigner, identity: ChainIdentity) -> None:
    chain.automine = False
    signed = await signed_mint(chain, signer, identity)
    await chain.send_raw(signed.raw)
    chain.base_fee_wei = signed.max_fee_per_gas_wei + 1

    await chain.mine()

    assert chain.waiting == (signed.tx_hash,)
    assert (await chain.fees()).max_fee_per_gas_wei > 2 * signed.max_fee_per_gas_wei
    chain.base_fee_wei = signed.max_fee_per_gas_wei
    await chain.mine()
    assert (await receipt_of(chain, signed.tx_hash)).gas_price_wei == signed.max_fee_per_gas_wei
    chain.balance_wei = 0
    assert "funds" in (await chain.send_raw((await signed_mint(chain, signer, identity)).raw)).message


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


async def test_a_tenth_more_of_both_fees_outbids(
    chain: MemoryChain, signer: MemorySigner, identity: ChainIdentity
) -> None:
    chain.automine = False
    nonce, offered = await chain.nonce_of(signer.address), await chain.fees()
    max_wei, priority_wei = offered.max_fee_per_gas_wei, offered.max_priority_fee_per_gas_wei

    async def verdict(max_fee_wei: int, priority_fee_wei: int) -> SendVerdict:
        fees = replace(offered, max_fee_per_gas_wei=max_fee_wei, max_priority_fee_per_gas_wei=priority_fee_wei)
        signed = signer.sign_self_transfer(chain.chain_id, nonce, fees, TransactionPurpose.CANCEL)
        return (await chain.send_raw(signed.raw)).verdict

    assert await verdict(max_wei, priority_wei) is SendVerdict.ACCEPTED
    assert await verdict(max_wei * 11 // 10 - 1, priority_wei * 11 // 10) is SendVerdict.REFUSED
    assert await verdict(max_wei * 11 // 10, priority_wei * 11 // 10 - 1) is SendVerdict.REFUSED
    assert await verdict(max_wei * 11 // 10, priority_wei * 11 // 10) is SendVerdict.ACCEPTED
    assert len(chain.waiting) == 1
