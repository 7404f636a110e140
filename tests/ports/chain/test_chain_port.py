"""What every chain does: run over the one in memory and over nodes of Hardhat and Anvil."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from ipnft_desktop.domain.chain import (
    LOCAL_CHAIN_ID,
    ChainIdentity,
    IdentityVerdict,
    MintCall,
    Preflight,
    SendVerdict,
    compare_identity,
)
from ipnft_desktop.domain.content import Cid, Codec
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.minting import MAX_BATCH_ITEMS
from ipnft_desktop.services.chain_ports import Chain, Signer
from tests.ports.chain.conftest import ChainUnderTest
from tests.support.chain_fixtures import OTHER_RECIPIENT, RECIPIENT, deploy, mint, mint_call, receipt_of

UNKNOWN_HASH = "0x" + "ab" * 32
DAY_S = 86_400
NOBODY = "0x000000000000000000000000000000000000dEaD"
ZERO_ADDRESS = "0x" + "0" * 40

as_hardhat = pytest.mark.parametrize("under_test", ["memory", "hardhat"], indirect=True)
"""What only our own node does; Anvil queues nonces, does not tell of reverts, and rebuilds blocks with other hashes."""


async def observed(chain: Chain, identity: ChainIdentity) -> IdentityVerdict:
    seen = await chain.observe(identity.contract_address, identity.deployment_block)
    return compare_identity(identity, seen)


# --- connection and identity ------------------------------------------------------------------------------------


async def test_connecting_tells_the_chain_id(under_test: ChainUnderTest) -> None:
    assert await under_test.chain.connect(under_test.url) == LOCAL_CHAIN_ID


async def test_a_disconnected_chain_is_unreachable(chain: Chain, signer: Signer, identity: ChainIdentity) -> None:
    plan = (await chain.preflight(mint_call(RECIPIENT), identity, signer.address)).plan
    signed = signer.sign(plan, await chain.nonce_of(signer.address))
    await chain.disconnect()

    for step in (
        chain.head(),
        chain.fees(),
        chain.load(5),
        chain.nonce_of(signer.address),
        chain.receipts([UNKNOWN_HASH]),
    ):
        with pytest.raises(EnvironmentFault) as caught:
            await step
        assert caught.value.code is ErrorCode.NODE_UNREACHABLE
    assert (await chain.send_raw(signed.raw)).verdict is SendVerdict.UNKNOWN


async def test_how_busy_the_newest_blocks_were(chain: Chain, signer: Signer, identity: ChainIdentity) -> None:
    """The deployment is in one of them, so there are some."""
    assert identity.chain_id == LOCAL_CHAIN_ID
    load = await chain.load(20)
    assert 1 <= len(load.fullness) <= 20
    assert len(load.base_fees_wei) == len(load.fullness) + 1
    assert all(fee > 0 for fee in load.base_fees_wei)
    assert all(0 <= share <= 1 for share in load.fullness)
    assert len((await chain.load(1)).fullness) == 1


async def test_a_deployment_is_recognised(chain: Chain, signer: Signer, identity: ChainIdentity) -> None:
    assert identity.chain_id == LOCAL_CHAIN_ID
    assert await observed(chain, identity) is IdentityVerdict.SAME

    other = await deploy(chain, signer)

    assert other.instance_id != identity.instance_id
    assert other.code_hash != identity.code_hash
    disguised = replace(identity, contract_address=other.contract_address)
    assert await observed(chain, disguised) is IdentityVerdict.FOREIGN
    assert await observed(chain, replace(identity, contract_address=NOBODY)) is IdentityVerdict.RESET
    moved = replace(identity, deployment_block=identity.deployment_block - 1)
    assert await observed(chain, moved) is IdentityVerdict.REORGANISED


async def test_a_chain_shorter_than_the_deployment_has_no_such_block(chain: Chain, identity: ChainIdentity) -> None:
    seen = await chain.observe(identity.contract_address, 1_000_000)

    assert seen.deployment_block_hash is None
    assert seen.instance_id == identity.instance_id


async def test_a_transaction_without_a_contract_gives_no_identity(
    chain: Chain, signer: Signer, identity: ChainIdentity
) -> None:
    receipt = await mint(chain, signer, identity, mint_call(RECIPIENT))

    with pytest.raises(EnvironmentFault) as caught:
        await chain.identity_of(receipt)
    assert caught.value.code is ErrorCode.CONTRACT_MISSING


# --- preflight --------------------------------------------------------------------------------------------------


async def test_preflight_makes_a_plan(chain: Chain, signer: Signer, identity: ChainIdentity) -> None:
    found = await chain.preflight(mint_call(RECIPIENT), identity, signer.address)

    assert compare_identity(identity, found.observation) is IdentityVerdict.SAME
    assert (found.plan.chain_id, found.plan.to) == (identity.chain_id, identity.contract_address)
    assert found.plan.gas_limit == found.gas_limit > 21_000
    assert found.plan.fees == found.fees
    assert found.fees.max_fee_per_gas_wei > found.fees.gas_price_wei > found.fees.max_priority_fee_per_gas_wei
    assert found.balance_wei > found.gas_limit * found.fees.max_fee_per_gas_wei


async def test_preflight_refuses_what_the_contract_would_refuse(
    under_test: ChainUnderTest, identity: ChainIdentity
) -> None:
    chain, signer = under_test.chain, under_test.signer
    minted, twice = mint_call(RECIPIENT), uuid4()
    await mint(chain, signer, identity, minted)
    under_test.make_refuse(identity.contract_address)

    async def error_of(call: MintCall) -> IpnftError:
        with pytest.raises(IpnftError) as caught:
            await chain.preflight(call, identity, signer.address)
        return caught.value

    duplicate = await error_of(mint_call(RECIPIENT, OTHER_RECIPIENT, asset_ids=(uuid4(), minted.asset_ids[0])))
    assert isinstance(duplicate, UserError)
    assert duplicate.code is ErrorCode.DUPLICATE_ASSET
    assert duplicate.facts["asset_id"] == str(minted.asset_ids[0])
    for recipients in ((RECIPIENT, RECIPIENT), (RECIPIENT, OTHER_RECIPIENT)):
        same_batch = await error_of(mint_call(*recipients, asset_ids=(twice, twice)))
        assert isinstance(same_batch, UserError)
        assert (same_batch.code, same_batch.facts["asset_id"]) == (ErrorCode.DUPLICATE_IN_BATCH, str(twice))
    refused = await error_of(mint_call(identity.contract_address))
    assert isinstance(refused, UserError)
    assert (refused.code, refused.field) == (ErrorCode.RECIPIENT_REFUSED, "recipient")
    assert refused.facts["recipient"] == identity.contract_address


REFUSED_CALLS = {
    ErrorCode.RECIPIENT_INVALID: MintCall((uuid4(),), (ZERO_ADDRESS,), b"\1" * 32),
    ErrorCode.ASSET_ID_INVALID: MintCall((UUID(int=0),), (RECIPIENT,), b"\1" * 32),
    ErrorCode.BATCH_EMPTY: MintCall((), (), b"\1" * 32),
    ErrorCode.BATCH_TOO_LARGE: MintCall(
        tuple(uuid4() for _ in range(MAX_BATCH_ITEMS + 1)), (RECIPIENT,) * (MAX_BATCH_ITEMS + 1), b"\1" * 32
    ),
    ErrorCode.METADATA_INVALID: MintCall((uuid4(),), (RECIPIENT,), bytes(32)),
}


@pytest.mark.parametrize("code", REFUSED_CALLS)
async def test_preflight_names_each_bad_input(
    chain: Chain, signer: Signer, identity: ChainIdentity, code: ErrorCode
) -> None:
    with pytest.raises(UserError) as caught:
        await chain.preflight(REFUSED_CALLS[code], identity, signer.address)
    assert caught.value.code is code


async def test_several_calls_are_looked_at_together_each_with_its_own_answer(
    chain: Chain, signer: Signer, identity: ChainIdentity
) -> None:
    minted = mint_call(RECIPIENT)
    await mint(chain, signer, identity, minted)
    calls = [
        mint_call(RECIPIENT),
        minted,
        mint_call(RECIPIENT, OTHER_RECIPIENT),
        mint_call(RECIPIENT, digest=bytes(32)),
    ]

    single, duplicate, batch, nowhere = await chain.preflights(calls, identity, signer.address)

    assert isinstance(single, Preflight)
    assert isinstance(batch, Preflight)
    assert batch.gas_limit > single.gas_limit > 21_000
    assert batch.plan.data != single.plan.data
    assert (batch.observation, batch.fees, batch.balance_wei) == (single.observation, single.fees, single.balance_wei)
    assert isinstance(duplicate, UserError)
    assert duplicate.code is ErrorCode.DUPLICATE_ASSET
    assert isinstance(nowhere, UserError)
    assert nowhere.code is ErrorCode.METADATA_INVALID


@pytest.mark.parametrize("lost", ["contract", "instance"])
async def test_preflight_on_another_chain_leaves_the_verdict_to_the_caller(
    chain: Chain, signer: Signer, identity: ChainIdentity, lost: str
) -> None:
    minted = mint_call(RECIPIENT)
    await mint(chain, signer, identity, minted)
    expected = (
        replace(identity, contract_address=NOBODY)
        if lost == "contract"
        else replace(identity, instance_id="0x" + "11" * 32)
    )

    found = await chain.preflight(minted, expected, signer.address)

    verdict = IdentityVerdict.RESET if lost == "contract" else IdentityVerdict.FOREIGN
    assert compare_identity(expected, found.observation) is verdict
    assert found.gas_limit == 0


# --- minting ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "recipients",
    [(RECIPIENT,), (RECIPIENT,) * 3, (RECIPIENT, OTHER_RECIPIENT, RECIPIENT)],
    ids=["one", "several-to-one", "several-to-several"],
)
async def test_a_mint(chain: Chain, signer: Signer, identity: ChainIdentity, recipients: tuple[str, ...]) -> None:
    call = mint_call(*recipients)
    nonce = await chain.nonce_of(signer.address)

    receipt = await mint(chain, signer, identity, call)

    assert receipt.succeeded
    assert [(token.asset_id, token.owner) for token in receipt.minted] == list(
        zip(call.asset_ids, recipients, strict=True)
    )
    assert receipt.block == await chain.head()
    assert receipt.gas_used > 21_000
    assert receipt.gas_price_wei > 0
    assert receipt.contract_address is None
    assert await chain.nonce_of(signer.address) == nonce + 1
    owners = await chain.owners([asset_id.int for asset_id in call.asset_ids])
    assert list(owners.values()) == list(recipients)


async def test_a_token_tells_what_was_minted(chain: Chain, signer: Signer, identity: ChainIdentity) -> None:
    call = mint_call(RECIPIENT)
    await mint(chain, signer, identity, call)
    (asset_id,) = call.asset_ids

    token = await chain.token(asset_id.int)

    assert token is not None
    assert (token.token_id, token.owner, token.validity) == (asset_id.int, RECIPIENT, "VALID")
    assert token.token_uri == f"ipfs://{Cid(Codec.DAG_PB, call.directory_digest).text}/{asset_id}.json"
    assert token.royalty_bp == 500
    assert await chain.token(asset_id.int + 1) is None
    assert await chain.owners([asset_id.int, 7]) == {asset_id.int: RECIPIENT, 7: None}
    assert await chain.owners([]) == {}


@pytest.mark.parametrize("address", [None, NOBODY])
async def test_without_a_contract_nothing_is_said_of_tokens(chain: Chain, address: str | None) -> None:
    chain.use_contract(address)

    for step in (chain.token(7), chain.owners([7])):
        with pytest.raises(EnvironmentFault) as caught:
            await step
        assert caught.value.code is ErrorCode.CONTRACT_MISSING


async def test_events_of_another_contract_are_not_ours(chain: Chain, signer: Signer, identity: ChainIdentity) -> None:
    receipt = await mint(chain, signer, identity, mint_call(RECIPIENT))
    await deploy(chain, signer)

    again = await receipt_of(chain, receipt.tx_hash)

    assert again == replace(receipt, minted=())


@as_hardhat
async def test_a_revert_is_answered_with_an_error_and_mined_all_the_same(
    chain: Chain, signer: Signer, identity: ChainIdentity
) -> None:
    call = mint_call(RECIPIENT)
    plan = (await chain.preflight(call, identity, signer.address)).plan
    await mint(chain, signer, identity, call)
    signed = signer.sign(plan, await chain.nonce_of(signer.address))

    reply = await chain.send_raw(signed.raw)

    assert reply.verdict is SendVerdict.REFUSED
    assert "DuplicateAsset" in reply.message
    assert not (await receipt_of(chain, signed.tx_hash)).succeeded


async def test_a_mined_revert_is_explained(chain: Chain, signer: Signer, identity: ChainIdentity) -> None:
    call = mint_call(RECIPIENT)
    plan = (await chain.preflight(call, identity, signer.address)).plan
    first = await mint(chain, signer, identity, call)
    signed = signer.sign(plan, await chain.nonce_of(signer.address))

    await chain.send_raw(signed.raw)

    receipt = await receipt_of(chain, signed.tx_hash)
    assert (receipt.succeeded, receipt.minted) == (False, ())
    assert await chain.revert_reason(signed.tx_hash) == f"DuplicateAsset(0x{call.asset_ids[0].hex})"
    assert await chain.revert_reason(first.tx_hash) == ""
    assert await chain.revert_reason(UNKNOWN_HASH) == ""


async def test_a_revert_caused_in_its_own_block_is_explained(
    under_test: ChainUnderTest, identity: ChainIdentity
) -> None:
    chain, signer = under_test.chain, under_test.signer
    plan = (await chain.preflight(mint_call(RECIPIENT), identity, signer.address)).plan
    nonce = await chain.nonce_of(signer.address)
    await under_test.controls.begin_replay()
    pair = [signer.sign(plan, nonce), signer.sign(plan, nonce + 1)]
    for signed in pair:
        await chain.send_raw(signed.raw)
    await under_test.controls.mine()
    await under_test.controls.end_replay()

    receipts = await chain.receipts([signed.tx_hash for signed in pair])

    assert [receipt and receipt.succeeded for receipt in receipts.values()] == [True, False]
    assert (await chain.revert_reason(pair[1].tx_hash)).startswith("DuplicateAsset(")


@as_hardhat
async def test_nonces_out_of_order_are_refused(chain: Chain, signer: Signer, identity: ChainIdentity) -> None:
    plan = (await chain.preflight(mint_call(RECIPIENT), identity, signer.address)).plan
    nonce = await chain.nonce_of(signer.address)
    mined, early = signer.sign(plan, nonce), signer.sign(plan, nonce + 5)
    await chain.send_raw(mined.raw)

    replies = [await chain.send_raw(signed.raw) for signed in (mined, early)]

    assert [reply.verdict for reply in replies] == [SendVerdict.REFUSED] * 2
    assert "nonce too low" in replies[0].message.lower()
    assert "nonce too high" in replies[1].message.lower()
    assert (await chain.receipts([early.tx_hash])) == {early.tx_hash: None}


async def test_a_waiting_transaction_is_known_and_has_no_receipt(
    under_test: ChainUnderTest, identity: ChainIdentity
) -> None:
    chain, signer, controls = under_test.chain, under_test.signer, under_test.controls
    plan = (await chain.preflight(mint_call(RECIPIENT), identity, signer.address)).plan
    signed = signer.sign(plan, await chain.nonce_of(signer.address))
    await controls.begin_replay()

    verdicts = [(await chain.send_raw(signed.raw)).verdict for _ in range(2)]

    assert verdicts == [SendVerdict.ACCEPTED, SendVerdict.ALREADY_KNOWN]
    assert await chain.receipts([signed.tx_hash, UNKNOWN_HASH]) == {signed.tx_hash: None, UNKNOWN_HASH: None}
    await controls.mine()
    await controls.end_replay()
    assert (await receipt_of(chain, signed.tx_hash)).succeeded


# --- blocks -----------------------------------------------------------------------------------------------------


async def test_heads_tell_every_change_of_the_newest_block(under_test: ChainUnderTest) -> None:
    chain, controls = under_test.chain, under_test.controls
    heads = chain.heads()
    assert isinstance(heads, AsyncGenerator)
    async with aclosing(heads):
        first = await anext(heads)
        assert first == await chain.head()
        mark = await under_test.mark()
        await controls.mine()
        second = await anext(heads)
        assert second == await chain.head()
        assert second.number == first.number + 1
        await under_test.go_back(mark)
        await under_test.advance_time(DAY_S)
        await controls.mine()
        replacement = await anext(heads)
        assert replacement.number == second.number
        assert replacement.block_hash != second.block_hash


async def test_a_reorganisation_takes_the_receipt_away(under_test: ChainUnderTest, identity: ChainIdentity) -> None:
    chain, signer = under_test.chain, under_test.signer
    mark = await under_test.mark()
    call = mint_call(RECIPIENT)
    receipt = await mint(chain, signer, identity, call)

    await under_test.go_back(mark)

    assert await chain.receipts([receipt.tx_hash]) == {receipt.tx_hash: None}
    assert await chain.token(call.asset_ids[0].int) is None


@as_hardhat
async def test_recorded_blocks_rebuild_the_chain_with_equal_hashes(
    under_test: ChainUnderTest, identity: ChainIdentity
) -> None:
    chain, signer, controls = under_test.chain, under_test.signer, under_test.controls
    call = mint_call(RECIPIENT, OTHER_RECIPIENT)
    await mint(chain, signer, identity, call)
    await under_test.advance_time(DAY_S)
    await controls.mine(2)
    await mint(chain, signer, identity, mint_call(RECIPIENT))
    head = await chain.head()
    recorded = [(await chain.blocks_for_journal(number, number))[0] for number in range(1, head.number + 1)]

    fresh = await under_test.empty_chain()
    await fresh.controls.begin_replay()
    hashes = [await fresh.controls.replay(block) for block in recorded]
    await fresh.controls.end_replay()

    assert hashes == [block.block.block_hash for block in recorded]
    assert [len(block.raw_transactions) for block in recorded[-4:]] == [1, 0, 0, 1]
    fresh.chain.use_contract(identity.contract_address)
    assert await observed(fresh.chain, identity) is IdentityVerdict.SAME
    assert await fresh.chain.owners([call.asset_ids[1].int]) == {call.asset_ids[1].int: OTHER_RECIPIENT}
    assert (await mint(fresh.chain, fresh.signer, identity, mint_call(RECIPIENT))).block.number == head.number + 1


@as_hardhat
async def test_a_replay_that_is_not_taken_says_where(under_test: ChainUnderTest, identity: ChainIdentity) -> None:
    head = await under_test.chain.head()
    mined = (await under_test.chain.blocks_for_journal(identity.deployment_block, identity.deployment_block))[0]
    await under_test.controls.begin_replay()

    with pytest.raises(EnvironmentFault) as caught:
        await under_test.controls.replay(replace(mined, block=replace(mined.block, timestamp_s=head.timestamp_s)))

    await under_test.controls.end_replay()
    assert caught.value.code is ErrorCode.TX_REJECTED
    assert f"block {identity.deployment_block}" in caught.value.detail


async def test_there_is_no_block_beyond_the_head(chain: Chain) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        (await chain.blocks_for_journal(1_000_000, 1_000_000))[0]
    assert caught.value.code is ErrorCode.NODE_UNREACHABLE


async def test_mining_without_transactions(under_test: ChainUnderTest) -> None:
    before = await under_test.chain.head()
    await under_test.controls.mine(3)
    assert (await under_test.chain.head()).number == before.number + 3
