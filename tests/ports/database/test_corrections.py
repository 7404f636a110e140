"""What the reconciliation sets right in the record of a minted asset."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from ipnft_desktop.domain.assets import Asset, AssetQuery
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.minting import AdoptedMint, AssetState, MintJob, MintStage
from tests.support import samples
from tests.support.register_under_test import RegisterUnderTest


async def run(register: RegisterUnderTest, statement: str) -> None:
    """Past the program's own statements."""
    await register.database.write(lambda tx: tx._connection.execute(text(statement)))  # type: ignore[attr-defined]


def told_by_chain(job: MintJob, place: int = 0) -> AdoptedMint:
    """What the chain says of one of the tokens of a job that was minted."""
    (transaction,) = job.transactions
    assert job.mined is not None
    item = job.items[place]
    return AdoptedMint(transaction, job.mined, 3, item.recipient, item.token_uri or "")


def with_depth(asset: Asset, confirmations: int) -> Asset:
    """The depth grows with the chain, and is no matter of what was lost."""
    assert asset.mint is not None
    return replace(asset, mint=replace(asset.mint, confirmations=confirmations))


async def test_fields_of_a_minted_asset_are_corrected(register: RegisterUnderTest) -> None:
    (asset,) = await register.add(attachments=(samples.attachment(),))
    await register.mint(asset)
    before = await register.asset(asset.asset_id)
    file = samples.attachment(file_name="another.pdf")
    changed = replace(before, name="Set right", attachments=(file,), updated_at=samples.at(9))
    await register.database.write(lambda tx: tx.correct_asset(changed, expected_version=1))
    assert await register.asset(asset.asset_id) == replace(changed, version=2)
    page = await register.page(AssetQuery(text="set right"))
    assert [row.asset_id for row in page.rows] == [asset.asset_id], "it is found by its new name"
    with pytest.raises(UserError) as caught:
        await register.database.write(lambda tx: tx.correct_asset(changed, expected_version=1))
    assert caught.value.code is ErrorCode.ASSET_CHANGED


async def test_a_draft_is_edited_and_not_corrected(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    with pytest.raises(UserError) as caught:
        await register.database.write(lambda tx: tx.correct_asset(asset, expected_version=1))
    assert caught.value.code is ErrorCode.ASSET_CHANGED


async def test_the_hash_of_one_file_is_corrected(register: RegisterUnderTest) -> None:
    first, second = samples.attachment(), samples.attachment(file_name="other.pdf")
    (asset,) = await register.add(attachments=(first, second))
    await register.database.write(lambda tx: tx.correct_file_hash(first.attachment_id, b"\x01" * 32))
    assert (await register.asset(asset.asset_id)).attachments == (replace(first, sha256=b"\x01" * 32), second)


async def test_where_metadata_is_by_the_record_is_corrected(register: RegisterUnderTest) -> None:
    (alone,), batch = await register.add(), await register.add(2)
    await register.mint(alone)
    job = await register.mint(*batch, block=8)
    uri = f"ipfs://{samples.cid('elsewhere')}/a.json"
    for asset in (alone, batch[0]):
        await register.database.write(
            lambda tx, asset=asset: tx.correct_metadata(asset.asset_id, uri, samples.cid("new"))
        )
    found = [(await register.asset(asset.asset_id)).mint for asset in (alone, *batch)]
    assert [(each.token_uri, each.metadata_cid) for each in found if each][:2] == [(uri, samples.cid("new"))] * 2
    assert found[0] is not None
    assert found[0].directory_cid == samples.cid("elsewhere")
    assert found[2] is not None
    assert (found[2].directory_cid, found[2].token_uri) == (job.directory_cid, job.items[1].token_uri)
    (draft,) = await register.add()
    with pytest.raises(UserError) as caught:
        await register.database.write(lambda tx: tx.correct_metadata(draft.asset_id, uri, None))
    assert caught.value.code is ErrorCode.MINT_INVALID_STATE


@pytest.mark.parametrize(
    "loss",
    [
        "UPDATE transactions SET gas_used = 1, block_number = 99",
        "UPDATE transactions SET block_number = NULL, block_hash = NULL, gas_used = NULL, token_count = NULL",
        "UPDATE mint_intents SET token_uri = NULL",
        "DELETE FROM tokens",
    ],
)
async def test_a_mint_is_completed_by_what_the_chain_tells(register: RegisterUnderTest, loss: str) -> None:
    assets = await register.add(2)
    job = await register.mint(*assets)
    before = [await register.asset(asset.asset_id) for asset in assets]
    await run(register, loss)
    assert [await register.asset(asset.asset_id) for asset in assets] != before
    for place, asset in enumerate(assets):
        told = told_by_chain(job, place)
        await register.database.write(lambda tx, a=asset, t=told: tx.complete_mint(a.asset_id, t, samples.at(9)))
    assert [with_depth(await register.asset(asset.asset_id), 1) for asset in assets] == before
    figures = "SELECT count(*) FROM transactions WHERE token_count = 2 AND gas_used > 1"
    assert await register.database.read(lambda tx: tx._connection.execute(text(figures)).scalar()) == 1  # type: ignore[attr-defined]


async def test_a_mint_without_its_transaction_gets_the_one_of_the_chain(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    job = await register.mint(asset)
    await run(register, "DELETE FROM transactions")
    await register.database.write(lambda tx: tx.complete_mint(asset.asset_id, told_by_chain(job), samples.at(9)))
    done = await register.job(job.job_id)
    assert (done.transactions, done.mined, done.stage) == (job.transactions, job.mined, MintStage.COMPLETED)


async def test_an_asset_without_its_mint_gets_one_that_is_over(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    job = await register.mint(asset)
    await run(register, "UPDATE mint_intents SET is_current = false")
    await register.database.write(lambda tx: tx.complete_mint(asset.asset_id, told_by_chain(job), samples.at(9)))
    found = await register.asset(asset.asset_id)
    assert found.state is AssetState.MINTED
    assert found.mint is not None
    assert (found.mint.stage, found.mint.mined, found.mint.token_id, found.mint.token_uri) == (
        MintStage.COMPLETED,
        job.mined,
        asset.asset_id.int,
        job.items[0].token_uri,
    )
    assert found.mint.job_id != job.job_id


async def test_only_what_is_minted_is_completed(register: RegisterUnderTest) -> None:
    draft, signed = await register.add(2)
    job = await register.sign(signed)
    for asset in (draft, signed):
        told = samples.adopted(samples.frozen_items(job)[0])
        with pytest.raises(UserError) as caught:
            await register.database.write(lambda tx, a=asset, t=told: tx.complete_mint(a.asset_id, t, samples.at(9)))
        assert caught.value.code is ErrorCode.MINT_INVALID_STATE
