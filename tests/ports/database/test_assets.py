"""Assets, files and enterprises: what goes in comes out, and nothing is changed that may not be."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from ipnft_desktop.domain.assets import AgreementType, Asset, AssetQuery, AssetRow, LicenceTerms
from ipnft_desktop.domain.errors import Defect, ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.services.ports import Transaction
from tests.support import samples
from tests.support.register_under_test import RegisterUnderTest


async def test_an_asset_comes_back_as_it_was_stored(register: RegisterUnderTest) -> None:
    secret = samples.attachment(confidential=True, file_name="密.txt", agreement=AgreementType.ASSIGNMENT)
    files = (samples.attachment(is_image=True), secret)
    (asset,) = await register.add(attachments=files)

    assert await register.asset(asset.asset_id) == asset


async def test_many_assets_come_back_as_they_were_stored(register: RegisterUnderTest) -> None:
    assets = [samples.asset(register.owner, name=f"Asset {number}") for number in range(5)]
    assets.append(samples.asset(register.owner, attachments=(samples.attachment(), samples.attachment())))
    await register.database.write(lambda tx: tx.insert_assets(assets))

    stored = await register.database.read(lambda tx: tx.assets([asset.asset_id for asset in assets]))
    assert {asset.asset_id: asset for asset in stored} == {asset.asset_id: asset for asset in assets}


async def test_many_assets_are_stored_all_or_none(register: RegisterUnderTest) -> None:
    (known,) = await register.add()
    fresh = samples.asset(register.owner)

    with pytest.raises(IpnftError):
        await register.database.write(lambda tx: tx.insert_assets([fresh, known]))
    assert await register.database.read(lambda tx: tx.asset(fresh.asset_id)) is None


async def test_ids_that_are_in_use_are_told(register: RegisterUnderTest) -> None:
    (known,) = await register.add()
    asked = [known.asset_id, samples.uuid()]

    assert await register.database.read(lambda tx: tx.taken_asset_ids(asked)) == {known.asset_id}
    assert await register.database.read(lambda tx: tx.taken_asset_ids([])) == frozenset()


async def test_an_absent_asset_is_none(register: RegisterUnderTest) -> None:
    assert await register.database.read(lambda tx: tx.asset(samples.uuid())) is None
    assert await register.database.read(lambda tx: tx.asset_row(samples.uuid())) is None


async def test_times_come_back_in_utc_whatever_zone_they_went_in_with(register: RegisterUnderTest) -> None:
    tokyo = samples.NOW.astimezone(timezone(timedelta(hours=9)))
    (asset,) = await register.add(created_at=tokyo)

    stored = await register.asset(asset.asset_id)
    assert stored.created_at == samples.NOW
    assert stored.created_at.utcoffset() == timedelta(0)


async def test_a_time_without_zone_is_our_bug(register: RegisterUnderTest) -> None:
    with pytest.raises(Defect, match="without a time zone"):
        await register.add(created_at=samples.NOW.replace(tzinfo=None))


async def test_the_row_tells_what_a_list_shows(register: RegisterUnderTest) -> None:
    (asset,) = await register.add(attachments=(samples.attachment(), samples.attachment(is_image=True, cid="bafyimg")))

    assert await register.row(asset) == AssetRow(
        asset_id=asset.asset_id,
        name=asset.name,
        asset_type=asset.asset_type,
        enterprise_id=register.owner.enterprise_id,
        enterprise_name=register.owner.name,
        application_number=asset.application_number,
        state=AssetState.DRAFT,
        stage=None,
        confirmations=0,
        required_confirmations=0,
        token_id=None,
        revenue_share_bp=250,
        image_cid="bafyimg",
        created_at=asset.created_at,
        legal_status=asset.legal_status,
        creator_name=asset.creator_name,
        creation_date=asset.creation_date,
        updated_at=asset.updated_at,
    )


async def test_enterprises_are_listed_by_name(database: SqlDatabase) -> None:
    names = ["zeta", "Aurora", "beta"]
    stored = [samples.enterprise(name=name) for name in names]
    await database.write(lambda tx: [tx.insert_enterprise(enterprise) for enterprise in stored])

    listed = await database.read(lambda tx: tx.enterprises())
    assert [enterprise.name for enterprise in listed] == ["Aurora", "beta", "zeta"]
    assert set(listed) == set(stored)


async def test_an_edit_replaces_fields_licence_and_files(register: RegisterUnderTest) -> None:
    (asset,) = await register.add(attachments=(samples.attachment(), samples.attachment()))
    other = samples.enterprise(name="Other")
    await register.database.write(lambda tx: tx.insert_enterprise(other))
    changed = replace(
        asset,
        name="New name",
        enterprise=other,
        licence=LicenceTerms(transferable=False, expires_on=None),
        custom_fields={},
        attachments=(asset.attachments[1], samples.attachment(is_image=True)),
        version=2,
        updated_at=samples.at(60),
    )
    await register.database.write(lambda tx: tx.update_asset(changed, expected_version=1))

    assert await register.asset(asset.asset_id) == changed


async def test_the_second_of_two_edits_of_one_version_is_refused(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()

    async def edit(name: str) -> None:
        await register.database.write(lambda tx: tx.update_asset(replace(asset, name=name), expected_version=1))

    outcomes = await asyncio.gather(edit("first"), edit("second"), return_exceptions=True)
    (refused,) = [outcome for outcome in outcomes if outcome is not None]
    assert isinstance(refused, UserError)
    assert refused.code is ErrorCode.ASSET_CHANGED
    stored = await register.asset(asset.asset_id)
    assert (stored.name, stored.version) == ("first", 2)


async def test_what_is_being_minted_cannot_be_edited_or_deleted(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    await register.request(asset)

    for work in (
        lambda tx: tx.update_asset(replace(asset, name="sneaked in"), expected_version=1),
        lambda tx: tx.delete_asset(asset.asset_id),
    ):
        with pytest.raises(UserError) as caught:
            await register.database.write(work)
        assert caught.value.code is ErrorCode.MINT_INVALID_STATE
    assert (await register.asset(asset.asset_id)).name == asset.name


async def test_editing_or_deleting_what_is_not_there_says_so(register: RegisterUnderTest) -> None:
    ghost = samples.asset(register.owner)
    for work in (lambda tx: tx.update_asset(ghost, 1), lambda tx: tx.delete_asset(ghost.asset_id)):
        with pytest.raises(UserError) as caught:
            await register.database.write(work)
        assert caught.value.code is ErrorCode.ASSET_NOT_FOUND


async def test_a_deleted_asset_takes_its_files_and_its_failed_mint_along(register: RegisterUnderTest) -> None:
    asset, sibling = await register.add(2, attachments=())
    job = await register.sign(asset, sibling)
    await register.database.write(lambda tx: tx.record_failed(job.job_id, samples.failure(), samples.at(5)))

    await register.database.write(lambda tx: tx.delete_asset(asset.asset_id))
    assert await register.database.read(lambda tx: tx.asset(asset.asset_id)) is None
    assert [item.asset_id for item in (await register.job(job.job_id)).items] == [sibling.asset_id]

    await register.database.write(lambda tx: tx.delete_asset(sibling.asset_id))
    assert await register.database.read(lambda tx: tx.job(job.job_id)) is None


async def test_an_asset_enters_as_a_draft(register: RegisterUnderTest) -> None:
    with pytest.raises(Defect):
        await register.add(state=AssetState.MINTED)


@pytest.mark.parametrize(
    "changes",
    [
        {"licence": LicenceTerms(revenue_share_bp=10_001)},
        {"attachments": (samples.attachment(is_image=True), samples.attachment(is_image=True))},
        {"enterprise": samples.enterprise(name="never stored")},
    ],
    ids=["share over 100 %", "two pictures", "unknown enterprise"],
)
async def test_the_schema_itself_refuses_what_the_form_should_have(
    register: RegisterUnderTest, changes: dict[str, object]
) -> None:
    with pytest.raises(Defect, match="constraint"):
        await register.add(**changes)
    assert await register.walk(AssetQuery(), 10) == []


async def test_several_assets_are_read_at_once(register: RegisterUnderTest) -> None:
    assets = [samples.asset(register.owner, attachments=(samples.attachment(),)) for _ in range(3)]
    await register.database.write(lambda tx: [tx.insert_asset(asset) for asset in assets])
    await register.mint(assets[0])
    ids = [asset.asset_id for asset in assets[:2]]

    def read(tx: Transaction) -> tuple[tuple[Asset, ...], tuple[AssetRow, ...]]:
        wanted = [*ids, samples.uuid()]
        return tx.assets(wanted), tx.asset_rows(wanted)

    found, rows = await register.database.read(read)
    assert {asset.asset_id: asset.attachments for asset in found} == {
        asset.asset_id: asset.attachments for asset in assets[:2]
    }
    assert sorted(rows, key=lambda row: row.asset_id) == [await register.row(asset) for asset in assets[:2]]
    assert await register.database.read(lambda tx: (tx.assets([]), tx.asset_rows([]))) == ((), ())


async def test_several_whole_assets_are_read_as_each_alone_and_in_the_order_asked_for(
    register: RegisterUnderTest,
) -> None:
    assets = [samples.asset(register.owner, attachments=(samples.attachment(),)) for _ in range(3)]
    await register.database.write(lambda tx: [tx.insert_asset(asset) for asset in assets])
    await register.mint(assets[2], assets[0])
    wanted = [assets[2].asset_id, samples.uuid(), *(asset.asset_id for asset in assets[:2]), assets[2].asset_id]
    found = await register.database.read(lambda tx: tx.whole_assets(wanted))
    assert found == tuple([await register.asset(assets[at].asset_id) for at in (2, 0, 1)])
    assert [asset.mint.batch_size if asset.mint else None for asset in found] == [2, 2, None]
    assert await register.database.read(lambda tx: tx.whole_assets([])) == ()
