"""The bound chain, its journal, and what giving a chain up means for the register."""

from __future__ import annotations

import pytest

from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from ipnft_desktop.domain.assets import token_id_of
from ipnft_desktop.domain.chain import RecordedBlock
from ipnft_desktop.domain.errors import Defect, ErrorCode, UserError
from ipnft_desktop.domain.minting import AssetState, FailureKind, MintStage
from tests.support import samples
from tests.support.register_under_test import RegisterUnderTest


async def test_a_register_is_bound_to_one_chain(database: SqlDatabase) -> None:
    assert await database.read(lambda tx: tx.chain_identity()) is None
    identity = samples.identity()
    for _ in range(2):  # Binding the same again is harmless.
        await database.write(lambda tx: tx.bind_chain(identity, samples.NOW))
    assert await database.read(lambda tx: tx.chain_identity()) == identity

    with pytest.raises(Defect, match="another chain"):
        await database.write(lambda tx: tx.bind_chain(samples.identity(), samples.NOW))
    assert await database.read(lambda tx: tx.chain_identity()) == identity


async def test_giving_up_the_chain_returns_its_assets_to_drafts(register: RegisterUnderTest) -> None:
    minted, waiting, signed, failed, untouched = await register.add(5)
    mint = await register.mint(minted)
    open_jobs = [await register.request(waiting), await register.sign(signed)]
    failure = await register.sign(failed)
    await register.database.write(lambda tx: tx.record_failed(failure.job_id, samples.failure(), samples.at(5)))
    await register.database.write(lambda tx: tx.append_blocks([samples.recorded_block(1, b"raw")]))

    await register.database.write(lambda tx: tx.retire_chain(samples.at(60)))

    assert await register.database.read(lambda tx: tx.chain_identity()) is None
    assert await register.database.read(lambda tx: tx.last_recorded_block()) is None
    for asset in (minted, waiting, signed, untouched):
        row = await register.row(asset)
        assert (row.state, row.stage, row.token_id) == (AssetState.DRAFT, None, None)
        assert await register.database.read(lambda tx, it=asset: tx.latest_job_of(it.asset_id)) is None
    assert (await register.row(failed)).state is AssetState.MINT_FAILED
    assert (await register.job(mint.job_id)).stage is MintStage.COMPLETED
    for job in open_jobs:
        closed = await register.job(job.job_id)
        assert closed.failure is not None
        assert (closed.stage, closed.failure.kind) == (MintStage.FAILED, FailureKind.CHAIN_RESET)


async def test_the_same_asset_is_minted_again_on_the_next_chain(register: RegisterUnderTest) -> None:
    """The same nonce, token id and even hash may come again there: signing is deterministic."""
    (asset,) = await register.add()
    old = await register.mint(asset)
    assert old.transaction is not None
    record = old.transaction
    await register.database.write(lambda tx: tx.retire_chain(samples.at(60)))
    await register.database.write(lambda tx: tx.bind_chain(samples.identity(), samples.at(61)))
    assert await register.database.write(lambda tx: tx.next_nonces(samples.SIGNER, 0, 1)[0]) == 0

    new = await register.prepare(asset)
    await register.database.write(lambda tx: tx.record_signed({new.job_id: record}, samples.at(62)))
    await register.database.write(lambda tx: tx.record_accepted([new.job_id], samples.at(63)))
    await register.database.write(lambda tx: tx.record_final({new.job_id: (samples.mined(record), 1)}))
    await register.database.write(lambda tx: tx.record_minted([new.job_id], samples.at(64)))
    assert (await register.row(asset)).token_id == token_id_of(asset.asset_id)
    with pytest.raises(UserError):
        await register.database.write(lambda tx: tx.record_unmined(old.job_id))


async def test_an_asset_with_a_vanished_token_is_not_deleted(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    await register.mint(asset)
    await register.database.write(lambda tx: tx.retire_chain(samples.at(60)))
    with pytest.raises(UserError) as caught:
        await register.database.write(lambda tx: tx.delete_asset(asset.asset_id))
    assert caught.value.code is ErrorCode.MINT_INVALID_STATE


async def test_nothing_is_signed_without_a_chain(register: RegisterUnderTest) -> None:
    await register.database.write(lambda tx: tx.retire_chain(samples.at(60)))
    job = await register.prepare(*await register.add())
    with pytest.raises(Defect, match="chain is bound"):
        await register.database.write(lambda tx: tx.record_signed({job.job_id: samples.transaction()}, samples.NOW))


async def recorded(database: SqlDatabase, from_number: int = 0, limit: int = 100) -> list[RecordedBlock]:
    """The journal."""
    return list(await database.read(lambda tx: tx.recorded_blocks(from_number, limit)))


async def test_the_journal_keeps_blocks_and_their_transactions_in_order(database: SqlDatabase) -> None:
    blocks = [samples.recorded_block(1, b"one", b"two"), samples.recorded_block(2), samples.recorded_block(3, b"three")]
    await database.write(lambda tx: tx.append_blocks([]))
    assert await database.read(lambda tx: tx.last_recorded_block()) is None
    await database.write(lambda tx: tx.append_blocks(blocks[:2]))
    await database.write(lambda tx: tx.append_blocks(blocks[2:]))

    assert await recorded(database) == blocks
    assert await recorded(database, 2, 1) == [blocks[1]]
    assert await recorded(database, 4) == []
    assert await database.read(lambda tx: tx.last_recorded_block()) == blocks[2].block


async def test_a_reorganised_block_replaces_itself_and_all_above(database: SqlDatabase) -> None:
    old = [samples.recorded_block(number, b"old") for number in range(1, 6)]
    await database.write(lambda tx: tx.append_blocks(old))
    new = [samples.recorded_block(3, b"new", branch="b")]
    await database.write(lambda tx: tx.append_blocks(new))
    assert await recorded(database) == [*old[:2], *new]


@pytest.mark.parametrize("numbers", [[5], [3, 5], [4, 3], [3, 3]], ids=str)
async def test_the_journal_takes_no_gap(database: SqlDatabase, numbers: list[int]) -> None:
    kept = [samples.recorded_block(1), samples.recorded_block(2)]
    await database.write(lambda tx: tx.append_blocks(kept))
    with pytest.raises(Defect, match="do not follow"):
        await database.write(lambda tx: tx.append_blocks([samples.recorded_block(number) for number in numbers]))
    assert await recorded(database) == kept


async def test_blocks_that_vanished_are_taken_back(database: SqlDatabase) -> None:
    blocks = [samples.recorded_block(number, b"raw") for number in range(1, 6)]
    await database.write(lambda tx: tx.append_blocks(blocks))
    await database.write(lambda tx: tx.drop_blocks_above(5))
    assert await recorded(database) == blocks
    await database.write(lambda tx: tx.drop_blocks_above(3))
    assert await recorded(database) == blocks[:3]
    again = samples.recorded_block(4, b"other", branch="b")
    await database.write(lambda tx: tx.append_blocks([again]))
    assert await recorded(database) == [*blocks[:3], again]


async def test_a_deployment_is_open_until_its_chain_is_bound(database: SqlDatabase) -> None:
    assert await database.read(lambda tx: tx.open_deployment()) is None
    lost, sent = samples.deployment(), samples.deployment(nonce=3, raw=b"\x02\xff")
    for deployment in (lost, sent):
        await database.write(lambda tx, it=deployment: tx.record_deployment(it, samples.NOW))
        assert await database.read(lambda tx: tx.open_deployment()) == deployment
    identity = samples.identity()
    await database.write(lambda tx: tx.bind_chain(identity, samples.at(1)))
    assert await database.read(lambda tx: tx.open_deployment()) is None

    await database.write(lambda tx: tx.record_deployment(lost, samples.at(2)))
    await database.write(lambda tx: tx.bind_chain(identity, samples.at(3)))
    assert await database.read(lambda tx: tx.open_deployment()) is None


async def test_a_deployment_is_given_up_with_the_chain(register: RegisterUnderTest) -> None:
    await register.database.write(lambda tx: tx.record_deployment(samples.deployment(), samples.NOW))
    await register.database.write(lambda tx: tx.retire_chain(samples.at(60)))
    assert await register.database.read(lambda tx: tx.open_deployment()) is None


async def test_what_was_signed_on_a_former_chain_is_no_longer_live(register: RegisterUnderTest) -> None:
    job = await register.sign(*await register.add())
    assert await register.database.read(lambda tx: tx.live_transactions(samples.SIGNER, 0)) == job.transactions
    await register.database.write(lambda tx: tx.retire_chain(samples.at(60)))
    assert await register.database.read(lambda tx: tx.live_transactions(samples.SIGNER, 0)) == ()
