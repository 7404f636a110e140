"""Deleted assets on both databases: whole, with their files, in the order of their deletion."""

from __future__ import annotations

from dataclasses import MISSING, fields, replace

from ipnft_desktop.adapters.database.asset_snapshots import asset_from, snapshot_of
from ipnft_desktop.domain.assets import AgreementType, Asset, Attachment
from ipnft_desktop.domain.deleted_assets import DeletedAsset
from tests.support import samples
from tests.support.register_under_test import RegisterUnderTest


def line(asset: Asset, seconds: int) -> DeletedAsset:
    return DeletedAsset(asset.asset_id, asset.name, samples.at(seconds), "ada")


async def delete(register: RegisterUnderTest, asset: Asset, seconds: int) -> None:
    def work(tx):  # type: ignore[no-untyped-def]
        tx.delete_asset(asset.asset_id)
        tx.keep_deleted(asset, line(asset, seconds))

    await register.database.write(work)


async def test_a_deleted_asset_comes_back_whole(register: RegisterUnderTest) -> None:
    deed = samples.attachment(file_name="契约.pdf", confidential=True, agreement=AgreementType.ASSIGNMENT)
    (asset,) = await register.add(attachments=(samples.attachment(is_image=True), deed))
    await delete(register, asset, 1)

    restored = await register.database.read(lambda tx: tx.deleted_asset(asset.asset_id))
    assert restored == replace(asset, version=asset.version + 1)
    await register.database.write(lambda tx: (tx.forget_deleted([asset.asset_id]), tx.insert_asset(restored)))
    assert await register.asset(asset.asset_id) == restored
    assert await register.database.read(lambda tx: tx.deleted_asset(asset.asset_id)) is None


async def test_the_newest_deletion_is_listed_first(register: RegisterUnderTest) -> None:
    first, second, third = await register.add(3)
    for seconds, asset in ((1, second), (3, first), (2, third)):
        await delete(register, asset, seconds)

    listed = await register.database.read(lambda tx: tx.deleted_assets(2))
    assert listed == (line(first, 3), line(third, 2))
    found = await register.database.read(lambda tx: tx.deleted_lines([second.asset_id, samples.uuid()]))
    assert found == (line(second, 1),)


def test_no_field_of_a_file_is_lost_on_the_way_through_the_snapshot() -> None:
    """A field added to a file one day is kept too."""
    file = samples.attachment(is_image=True, confidential=True, agreement=AgreementType.OTHER)
    for one in fields(Attachment):
        if one.default is not MISSING and getattr(file, one.name) == one.default:
            file = replace(file, **{one.name: b"key"})
    asset = samples.asset(samples.enterprise(), attachments=(file,))
    assert asset_from(snapshot_of(asset), asset.enterprise).attachments == (file,)


def test_a_snapshot_from_before_a_field_has_its_default() -> None:
    asset = samples.asset(samples.enterprise(), attachments=(samples.attachment(),))
    snapshot = snapshot_of(asset)
    del snapshot["external_url"]
    del snapshot["attachments"][0]["agreement"]
    assert asset_from(snapshot, asset.enterprise) == replace(asset, external_url="", version=asset.version + 1)
