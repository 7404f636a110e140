"""What every chain tells of its past: who used a nonce, which tokens were minted, which blocks stood where."""

from __future__ import annotations

import pytest

from ipnft_desktop.domain.audit import AuditPoint, anchor_in
from ipnft_desktop.domain.chain import ChainIdentity, MintSighting
from ipnft_desktop.domain.chain_events import EventKind
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.minting import TransactionPurpose
from ipnft_desktop.services.chain_ports import Chain, Signer
from tests.ports.chain.conftest import ChainUnderTest
from tests.support.chain_fixtures import OTHER_RECIPIENT, RECIPIENT, deploy, mint, mint_call, receipt_of

UNKNOWN_HASH = "0x" + "ab" * 32
DAY_S = 86_400
BEYOND = 1_000_000


async def test_a_look_tells_head_anchor_and_receipts(chain: Chain, signer: Signer, identity: ChainIdentity) -> None:
    receipt = await mint(chain, signer, identity, mint_call(RECIPIENT))

    look = await chain.look([receipt.tx_hash, UNKNOWN_HASH], identity.deployment_block)

    assert look.head == await chain.head()
    assert look.anchor is not None
    assert (look.anchor.number, look.anchor.block_hash) == (identity.deployment_block, identity.deployment_block_hash)
    assert look.receipts == {receipt.tx_hash: receipt, UNKNOWN_HASH: None}
    assert (await chain.look([])).receipts == {}
    assert (await chain.look([])).anchor is None
    assert (await chain.look([], BEYOND)).anchor is None


async def test_a_look_shows_a_replaced_block(under_test: ChainUnderTest) -> None:
    chain = under_test.chain
    mark = await under_test.mark()
    await under_test.controls.mine()
    seen = await chain.head()
    assert (await chain.look([], seen.number)).anchor == seen

    await under_test.go_back(mark)
    assert (await chain.look([], seen.number)).anchor is None
    await under_test.advance_time(DAY_S)
    await under_test.controls.mine()

    replaced = (await chain.look([], seen.number)).anchor
    assert replaced is not None
    assert replaced.block_hash != seen.block_hash


async def test_blocks_by_height(under_test: ChainUnderTest) -> None:
    chain = under_test.chain
    await under_test.controls.mine(2)
    head = await chain.head()

    assert await chain.block_at(head.number) == head
    assert await chain.block_at(BEYOND) is None
    first = await chain.block_at(0)
    assert first is not None
    assert first.number == 0


async def test_the_transaction_that_used_a_nonce(under_test: ChainUnderTest, identity: ChainIdentity) -> None:
    chain, signer, controls = under_test.chain, under_test.signer, under_test.controls
    since = (await chain.head()).number
    nonce = await chain.nonce_of(signer.address)
    receipts = []
    for gap in (0, 1, 40, 0, 7):
        await controls.mine(gap)
        receipts.append(await mint(chain, signer, identity, mint_call(RECIPIENT)))
    await controls.mine(60)

    for offset, receipt in enumerate(receipts):
        for first in (since, receipt.block.number):
            use = await chain.nonce_use(signer.address, nonce + offset, first)
            assert use is not None
            assert (use.tx_hash, use.block) == (receipt.tx_hash, receipt.block)
        assert await chain.nonce_use(signer.address, nonce + offset, receipt.block.number + 1) is None
    assert await chain.nonce_use(signer.address, nonce + len(receipts), since) is None
    assert await chain.nonce_use(RECIPIENT, BEYOND, since) is None
    assert await chain.nonce_use(signer.address, nonce, BEYOND) is None


async def test_what_an_anchor_carried(chain: Chain, signer: Signer, identity: ChainIdentity) -> None:
    """A seal of non-zero bytes costs the most gas; the limit must do for it."""
    point = AuditPoint(258, b"\xff" * 32)
    nonce, fees = await chain.nonce_of(signer.address), await chain.fees()
    signed = signer.sign_anchor(identity.chain_id, nonce, fees, point)
    assert signed.purpose is TransactionPurpose.ANCHOR
    await chain.send_raw(signed.raw)
    receipt = await receipt_of(chain, signed.tx_hash)
    assert receipt.succeeded

    mined = await chain.mined_data(signed.tx_hash)

    assert mined is not None
    assert (mined.signer, mined.block_number) == (signer.address, receipt.block.number)
    assert anchor_in(mined.data) == point
    assert await chain.mined_data(UNKNOWN_HASH) is None


async def test_several_nonces_of_one_block_are_told_apart(under_test: ChainUnderTest, identity: ChainIdentity) -> None:
    chain, signer, controls = under_test.chain, under_test.signer, under_test.controls
    nonce, fees = await chain.nonce_of(signer.address), await chain.fees()
    await controls.begin_replay()
    signed = [
        signer.sign_self_transfer(identity.chain_id, nonce + offset, fees, TransactionPurpose.FILL)
        for offset in range(3)
    ]
    for transaction in signed:
        await chain.send_raw(transaction.raw)
    await controls.mine()
    await controls.end_replay()

    uses = [await chain.nonce_use(signer.address, nonce + offset, 0) for offset in range(3)]

    assert [use and use.tx_hash for use in uses] == [transaction.tx_hash for transaction in signed]
    assert len({use.block for use in uses if use}) == 1


async def test_mints_are_found_in_the_order_of_the_chain(under_test: ChainUnderTest, identity: ChainIdentity) -> None:
    chain, signer = under_test.chain, under_test.signer
    calls = [mint_call(RECIPIENT), mint_call(RECIPIENT, OTHER_RECIPIENT), mint_call(OTHER_RECIPIENT)]
    expected: list[MintSighting] = []
    for call in calls:
        receipt = await mint(chain, signer, identity, call)
        expected += [
            MintSighting(asset_id, asset_id.int, owner, receipt.tx_hash, receipt.block.number)
            for asset_id, owner in zip(call.asset_ids, call.recipients, strict=True)
        ]
        await under_test.controls.mine(3)
    head = await chain.head()

    assert await chain.mints_between(0, head.number) == tuple(expected)
    batch = expected[1].block_number
    assert await chain.mints_between(batch, batch) == tuple(expected[1:3])
    assert await chain.mints_between(batch + 1, head.number) == tuple(expected[3:])
    assert await chain.mints_between(head.number, head.number) == ()
    assert await chain.mint_of(expected[2].token_id) == expected[2]
    assert await chain.mint_of(7) is None
    await deploy(chain, signer)
    assert await chain.mints_between(0, head.number) == ()
    assert await chain.mint_of(expected[2].token_id) is None


async def test_without_a_contract_no_mints_are_told(chain: Chain) -> None:
    chain.use_contract(None)

    for step in (chain.mints_between(0, 0), chain.mint_of(7)):
        with pytest.raises(EnvironmentFault) as caught:
            await step
        assert caught.value.code is ErrorCode.CONTRACT_MISSING


async def test_a_mined_transaction_is_rebuilt_as_it_was_signed(
    under_test: ChainUnderTest, identity: ChainIdentity
) -> None:
    chain, signer, controls = under_test.chain, under_test.signer, under_test.controls
    plan = (await chain.preflight(mint_call(RECIPIENT), identity, signer.address)).plan
    signed = signer.sign(plan, await chain.nonce_of(signer.address))
    await controls.begin_replay()
    await chain.send_raw(signed.raw)
    assert await chain.mined_transaction(signed.tx_hash) is None
    await controls.mine()
    await controls.end_replay()

    assert await chain.mined_transaction(signed.tx_hash) == signed
    assert await chain.mined_transaction(UNKNOWN_HASH) is None


async def test_several_blocks_for_the_journal(under_test: ChainUnderTest, identity: ChainIdentity) -> None:
    chain = under_test.chain
    await mint(chain, under_test.signer, identity, mint_call(RECIPIENT))
    await under_test.controls.mine(2)
    last = (await chain.head()).number

    blocks = await chain.blocks_for_journal(last - 2, last)

    assert list(blocks) == [(await chain.blocks_for_journal(number, number))[0] for number in range(last - 2, last + 1)]
    with pytest.raises(EnvironmentFault):
        await chain.blocks_for_journal(last, last + 1)


async def test_a_self_transfer_only_uses_a_nonce_up(chain: Chain, signer: Signer, identity: ChainIdentity) -> None:
    nonce = await chain.nonce_of(signer.address)
    signed = signer.sign_self_transfer(identity.chain_id, nonce, await chain.fees(), TransactionPurpose.CANCEL)
    assert (signed.purpose, signed.nonce, signed.signer) == (TransactionPurpose.CANCEL, nonce, signer.address)

    await chain.send_raw(signed.raw)

    receipt = await receipt_of(chain, signed.tx_hash)
    assert (receipt.succeeded, receipt.minted, receipt.gas_used) == (True, (), 21_000)
    assert await chain.nonce_of(signer.address) == nonce + 1


async def test_a_slice_is_neighbouring_blocks_with_all_their_logs(
    under_test: ChainUnderTest, identity: ChainIdentity
) -> None:
    chain, signer = under_test.chain, under_test.signer
    since = (await chain.head()).number
    call = mint_call(RECIPIENT, RECIPIENT, OTHER_RECIPIENT)
    receipts = [await mint(chain, signer, identity, call), await mint(chain, signer, identity, mint_call(RECIPIENT))]
    await under_test.controls.mine(2)
    head = await chain.head()

    found = await chain.slice_from(since, head.number)

    assert [each.block.number for each in found.blocks] == list(range(since, head.number + 1))
    assert found.blocks[-1].block == head
    parents = [each.parent_hash for each in found.blocks[1:]]
    assert parents == [each.block.block_hash for each in found.blocks[:-1]]
    mints = [event for event in found.events if event.kind is EventKind.MINTED]
    tokens = [(token, receipt) for receipt in receipts for token in receipt.minted]
    assert [(event.token_id, event.recipient, event.tx_hash, event.block) for event in mints] == [
        (token.token_id, token.owner, receipt.tx_hash, receipt.block) for token, receipt in tokens
    ]
    assert {event.digest for event in mints[:3]} == {call.directory_digest}
    assert {event.address for event in mints} == {identity.contract_address}
    places = [(event.block.number, event.log_index) for event in found.events]
    assert places == sorted(set(places))
    (one,) = (await chain.slice_from(head.number, head.number)).blocks
    assert one == found.blocks[-1]
    with pytest.raises(EnvironmentFault) as caught:
        await chain.slice_from(BEYOND, BEYOND)
    assert caught.value.code is ErrorCode.NODE_UNREACHABLE
