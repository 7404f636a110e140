"""The record of what was published: what belongs to an asset, what waits, and what the node lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.publications import Publication, PublicationCounts, PublicationState, RootKind
from tests.support import samples
from tests.support.register_under_test import RegisterUnderTest

LATER = samples.at(60)


async def roots_of(register: RegisterUnderTest, *assets: Asset) -> dict[UUID, list[tuple[str, str, str]]]:
    found = await register.database.read(lambda tx: tx.public_roots([asset.asset_id for asset in assets]))
    return {key: [(root.kind.value, root.name, root.state.value) for root in roots] for key, roots in found.items()}


async def request(register: RegisterUnderTest, *cids: str, **at: Any) -> int:
    return await register.database.write(lambda tx: tx.request_publications(cids, at.get("at", samples.NOW)))


async def minted(register: RegisterUnderTest, *names: str, confidential: tuple[str, ...] = ()) -> Asset:
    """An asset with a picture and files of these names, minted."""
    image = samples.attachment(file_name="picture.png", is_image=True, cid=samples.cid("picture"))
    files = [
        samples.attachment(file_name=name, cid=samples.cid(name), confidential=name in confidential) for name in names
    ]
    asset = replace(samples.asset(register.owner), attachments=(*files, image))
    await register.database.write(lambda tx: tx.insert_asset(asset))
    await register.mint(asset)
    return asset


async def test_what_may_be_public_of_an_asset_is_metadata_image_and_public_files(register: RegisterUnderTest) -> None:
    asset = await minted(register, "a.pdf", "secret.pdf", "b.pdf", confidential=("secret.pdf",))
    (draft,) = await register.add()
    found = await roots_of(register, asset, draft)
    assert found == {
        asset.asset_id: [
            (RootKind.METADATA, "", "LOCAL"),
            (RootKind.IMAGE, "picture.png", "LOCAL"),
            (RootKind.ATTACHMENT, "a.pdf", "LOCAL"),
            (RootKind.ATTACHMENT, "b.pdf", "LOCAL"),
        ]
    }
    assert await register.database.read(lambda tx: tx.minted_asset_ids(None, 10)) == (asset.asset_id,)
    assert await register.database.read(lambda tx: tx.minted_asset_ids(asset.asset_id, 10)) == ()
    counts = await register.database.read(lambda tx: tx.publication_counts())
    assert counts == PublicationCounts(local=4)


async def test_nothing_of_an_asset_is_public_before_it_is_minted(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    await register.prepare(asset)
    assert await roots_of(register, asset) == {}
    assert await register.database.read(lambda tx: tx.publication_counts()) == PublicationCounts()


async def test_only_a_public_file_of_a_minted_asset_goes_out(register: RegisterUnderTest) -> None:
    """A draft may hold what was requested while it was minted on a chain before."""
    files = [samples.attachment(cid=samples.cid("draft")), samples.attachment(cid=samples.cid("both"))]
    draft = replace(samples.asset(register.owner), attachments=tuple(files))
    await register.database.write(lambda tx: tx.insert_asset(draft))
    await minted(register, "both", "secret", confidential=("secret",))
    cids = [samples.cid(name) for name in ("draft", "both", "secret", "a directory")]
    await request(register, *cids)
    waiting = {each.cid for each in await register.database.read(lambda tx: tx.waiting_publications(10))}
    assert waiting == {samples.cid("both"), samples.cid("a directory")}

    await register.database.write(lambda tx: tx.record_published(samples.cid("secret"), LATER))
    await register.database.write(lambda tx: tx.withdraw_publications(cids[:3]))
    left = [await register.database.read(lambda tx, of=cid: tx.publication(of)) for cid in cids]
    assert [one is None for one in left] == [True, False, False, False], "what is published cannot be taken back"


async def test_a_publication_waits_is_published_gets_lost_and_waits_again(register: RegisterUnderTest) -> None:
    one, two = samples.cid("one"), samples.cid("two")
    assert await request(register, one, two) == 2
    assert await request(register, one, at=LATER) == 0, "it waits already"
    waiting = await register.database.read(lambda tx: tx.waiting_publications(10))
    assert [(each.cid, each.state, each.requested_at) for each in waiting] == [
        (cid, PublicationState.WAITING, samples.NOW) for cid in sorted((one, two))
    ]

    await register.database.write(lambda tx: tx.record_publication_failure(two, "too large"))
    await register.database.write(lambda tx: tx.record_published(one, LATER))
    assert await state_of(register, one) == Publication(one, samples.NOW, LATER, LATER)
    assert await state_of(register, two) == Publication(two, samples.NOW, failure="too large")
    assert await request(register, one) == 0, "it is published"
    assert await register.database.read(lambda tx: tx.checkable_publications("", 10)) == (one,)
    assert await register.database.read(lambda tx: tx.checkable_publications(one, 10)) == ()

    await register.database.write(lambda tx: tx.record_checked((one, two), {one, two}, samples.at(90)))
    lost = await state_of(register, one)
    assert (lost.state, lost.published_at, lost.checked_at) == (PublicationState.MISSING, LATER, samples.at(90))
    assert (await state_of(register, two)).state is PublicationState.WAITING
    counts = await register.database.read(lambda tx: tx.publication_counts())
    assert counts == PublicationCounts(waiting=1, missing=1)

    assert await request(register, one, at=samples.at(120)) == 1
    assert await state_of(register, one) == Publication(one, samples.at(120), checked_at=samples.at(90))


async def test_counts_know_each_address_once(register: RegisterUnderTest) -> None:
    first, second = await minted(register, "a.pdf"), await minted(register, "a.pdf", "b.pdf")
    everything = await register.database.read(lambda tx: tx.public_roots([first.asset_id, second.asset_id]))
    cids = {root.cid for roots in everything.values() for root in roots}
    counts = await register.database.read(lambda tx: tx.publication_counts())
    assert counts == PublicationCounts(local=len(cids))
    published = samples.cid("b.pdf")
    await request(register, published)
    await register.database.write(lambda tx: tx.record_published(published, LATER))
    counts = await register.database.read(lambda tx: tx.publication_counts())
    assert counts == PublicationCounts(local=len(cids) - 1, published=1)


async def state_of(register: RegisterUnderTest, cid: str) -> Publication:
    publication = await register.database.read(lambda tx: tx.publication(cid))
    assert publication is not None
    return publication
