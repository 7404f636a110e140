"""Confidential files of assets: encrypted at rest, read back, and the plain bytes gone unless something names them."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from ipnft_desktop.domain.assets import Asset, AssetDraft, Attachment, Enterprise
from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.domain.metadata import build_metadata
from ipnft_desktop.services.asset_files import FileToAttach
from tests.support import samples
from tests.support.core_factory import MemoryCore

SECRET = b"the glaze fires at 1,280 degrees "


@pytest.fixture
async def owner(memory: MemoryCore) -> Enterprise:
    enterprise = samples.enterprise()
    await memory.core.register.add_assets((), (enterprise,))
    return enterprise


def draft_of(owner: Enterprise, **changes: object) -> AssetDraft:
    sample = samples.asset(owner)
    draft = AssetDraft(
        sample.name, sample.asset_type, "", "Someone", "1450-01-01", sample.legal_status, owner.enterprise_id
    )
    return replace(draft, **changes)  # type: ignore[arg-type]


def file(folder: Path, content: bytes = SECRET, name: str = "glaze.txt", *, confidential: bool = True) -> FileToAttach:
    (folder / name).write_bytes(content)
    return FileToAttach(folder / name, confidential=confidential)


def holds(memory: MemoryCore, text: bytes) -> bool:
    return any(text in block for block in memory.content.blocks.values())


async def made(memory: MemoryCore, owner: Enterprise, *files: FileToAttach) -> Asset:
    return await memory.core.register.create_asset(draft_of(owner), files)


async def turned(memory: MemoryCore, asset: Asset, *, confidential: bool) -> Attachment:
    kept = [replace(file, confidential=confidential) for file in asset.attachments]
    changed = await memory.core.register.edit_asset(asset, draft_of(asset.enterprise), kept)
    await memory.core.removal.done()
    return changed.attachments[0]


async def test_a_confidential_file_is_stored_encrypted_and_read_back(
    memory: MemoryCore, owner: Enterprise, tmp_path: Path
) -> None:
    asset = await made(memory, owner, file(tmp_path))
    (stored,) = (await memory.core.register.asset(asset.asset_id)).attachments
    assert not holds(memory, SECRET)
    assert (stored.size_bytes, stored.media_type) == (len(SECRET), "text/plain")
    assert await memory.core.register.file_head(stored, 9) == SECRET[:9]
    await memory.core.register.export_file(stored, tmp_path / "out.txt")
    assert (tmp_path / "out.txt").read_bytes() == SECRET
    published = json.loads(build_metadata(asset))["ip"]["attachments"]
    assert published == [{"confidential": True, "sha256": stored.sha256.hex()}]
    assert stored.cid.encode() not in build_metadata(asset)


async def test_a_file_turned_confidential_leaves_no_plain_bytes(
    memory: MemoryCore, owner: Enterprise, tmp_path: Path
) -> None:
    asset = await made(memory, owner, file(tmp_path, SECRET * 20_000, confidential=False))
    assert holds(memory, SECRET)
    sealed = await turned(memory, asset, confidential=True)
    assert not holds(memory, SECRET)
    assert sealed.sealed_key is not None
    assert (sealed.size_bytes, sealed.sha256) == (asset.attachments[0].size_bytes, asset.attachments[0].sha256)
    await memory.core.register.export_file(sealed, tmp_path / "out.txt")
    assert (tmp_path / "out.txt").read_bytes() == SECRET * 20_000

    opened = await turned(memory, await memory.core.register.asset(asset.asset_id), confidential=False)
    assert (opened.cid, opened.sealed_key) == (asset.attachments[0].cid, None)
    assert await memory.core.register.content_bytes(opened.cid) == SECRET * 20_000


async def test_a_file_turned_confidential_is_published_no_more(
    memory: MemoryCore, owner: Enterprise, tmp_path: Path
) -> None:
    """It waited for an IPFS node from a mint whose chain is gone."""
    asset = await made(memory, owner, file(tmp_path, confidential=False))
    waiting = asset.attachments[0].cid
    await memory.core.adapters.database.write(lambda tx: tx.request_publications([waiting], samples.NOW))
    await turned(memory, asset, confidential=True)
    assert await memory.core.adapters.database.read(lambda tx: tx.publication(waiting)) is None
    assert not holds(memory, SECRET)


async def test_nobody_reads_a_file_without_signing_in(memory: MemoryCore, owner: Enterprise, tmp_path: Path) -> None:
    asset = await made(memory, owner, file(tmp_path), file(tmp_path, name="open.txt", confidential=False))
    memory.core.session.end()
    secret, public = asset.attachments
    for reading in (
        memory.core.register.file_head(public, 9),
        memory.core.register.file_head(secret, 9),
        memory.core.register.export_file(secret, tmp_path / "out.txt"),
    ):
        with pytest.raises(UserError) as caught:
            await reading
        assert caught.value.code is ErrorCode.SIGN_IN_REQUIRED
    assert not (tmp_path / "out.txt").exists()


async def test_the_files_of_an_asset_deleted_for_good_go_with_it(
    memory: MemoryCore, owner: Enterprise, tmp_path: Path
) -> None:
    shared = file(tmp_path, b"on the label of every jar", "label.txt", confidential=False)
    gone = await made(memory, owner, file(tmp_path), shared)
    await made(memory, owner, shared)
    sealed, label = [set(await memory.content.block_cids([Cid.parse(each.cid)])) for each in gone.attachments]

    await memory.core.deleted.delete([gone.asset_id])
    await memory.core.removal.done()
    assert sealed | label <= memory.content.blocks.keys()

    await memory.core.deleted.delete_for_good([gone.asset_id])
    await memory.core.removal.done()
    assert not sealed & memory.content.blocks.keys()
    assert label <= memory.content.blocks.keys()


async def test_plain_bytes_stay_while_another_asset_has_the_file(
    memory: MemoryCore, owner: Enterprise, tmp_path: Path
) -> None:
    public = file(tmp_path, SECRET * 20_000, confidential=False)
    asset, other = await made(memory, owner, public), await made(memory, owner, public)
    await turned(memory, asset, confidential=True)
    assert await memory.core.register.content_bytes(other.attachments[0].cid) == SECRET * 20_000
    await turned(memory, other, confidential=True)
    assert not holds(memory, SECRET)


async def test_blocks_shared_with_another_file_stay(memory: MemoryCore, owner: Enterprise, tmp_path: Path) -> None:
    common = SECRET * 20_000
    asset = await made(memory, owner, file(tmp_path, common + b"first end", confidential=False))
    other = await made(memory, owner, file(tmp_path, common + b"other end", confidential=False))
    await turned(memory, asset, confidential=True)
    assert await memory.core.register.content_bytes(other.attachments[0].cid) == common + b"other end"
    assert not holds(memory, b"first end")


async def test_what_an_edit_did_not_touch_is_not_stored_anew(
    memory: MemoryCore, owner: Enterprise, tmp_path: Path
) -> None:
    asset = await made(memory, owner, file(tmp_path))
    kept = await turned(memory, asset, confidential=True)
    assert kept == asset.attachments[0]


async def test_a_confidential_file_from_before_encryption_stays_readable(memory: MemoryCore, owner: Enterprise) -> None:
    plain = await memory.content.add_bytes(SECRET)
    old = samples.attachment(confidential=True, cid=plain.cid.text, sha256=plain.sha256, size_bytes=plain.size_bytes)
    asset = samples.asset(owner, attachments=(old,))
    await memory.core.register.add_assets([asset])
    assert await memory.core.register.file_head(old, 100) == SECRET
    edited = await memory.core.register.edit_asset(asset, draft_of(owner), asset.attachments)
    assert edited.attachments == (old,)


async def test_an_edit_that_comes_too_late_leaves_the_plain_file_and_no_other(
    memory: MemoryCore, owner: Enterprise, tmp_path: Path
) -> None:
    asset = await made(memory, owner, file(tmp_path, confidential=False))
    before = dict(memory.content.blocks)
    await memory.core.register.edit_asset(asset, draft_of(owner, name="Faster"), asset.attachments)
    with pytest.raises(UserError) as caught:
        await turned(memory, asset, confidential=True)
    assert caught.value.code is ErrorCode.ASSET_CHANGED
    await memory.core.removal.done()
    assert memory.content.blocks == before


async def test_the_removal_goes_on_after_a_start(memory: MemoryCore, owner: Enterprise, tmp_path: Path) -> None:
    asset = await made(memory, owner, file(tmp_path, confidential=False))
    memory.content.remove = _refuse  # type: ignore[method-assign]
    await turned(memory, asset, confidential=True)
    assert holds(memory, SECRET)
    del memory.content.remove
    again = await memory.again()
    await again.core.removal.done()
    assert not holds(again, SECRET)
    assert await again.core.adapters.database.read(lambda tx: tx.contents_to_remove()) == ()
    await again.core.close()


def _refuse(_cids: object) -> None:
    raise EnvironmentFault(ErrorCode.CONTENT_STORE_UNAVAILABLE, "the disk is read-only")


async def test_content_is_not_removed_while_a_saving_may_need_it(
    memory: MemoryCore, owner: Enterprise, tmp_path: Path
) -> None:
    public = file(tmp_path, confidential=False)
    asset = await made(memory, owner, public)
    async with memory.core.removal.saving():
        # Another saving has stored the same file and its commit is still to come.
        kept = [replace(asset.attachments[0], confidential=True)]
        await memory.core.register.edit_asset(asset, draft_of(owner), kept)
        for _ in range(20):
            await asyncio.sleep(0)
        other = await made(memory, owner, public)
    await memory.core.removal.done()
    assert await memory.core.register.content_bytes(other.attachments[0].cid) == SECRET


async def test_a_lost_key_is_told_with_what_to_do(memory: MemoryCore, owner: Enterprise, tmp_path: Path) -> None:
    asset = await made(memory, owner, file(tmp_path))
    memory.content.keys.keys[:] = [bytes(32)]
    with pytest.raises(EnvironmentFault) as caught:
        await memory.core.register.export_file(asset.attachments[0], tmp_path / "out")
    assert caught.value.code is ErrorCode.CONTENT_KEY_MISSING
    assert any("register.key" in solution for solution in caught.value.entry.solutions_en)


async def test_a_failed_saving_leaves_no_block(memory: MemoryCore, owner: Enterprise, tmp_path: Path) -> None:
    good, bad = file(tmp_path, b"good", "good.txt", confidential=False), file(tmp_path, b"bad", "bad.txt")
    plain_add = memory.content.add_file

    async def failing(path: Path, *arguments: object, **options: object) -> object:
        if path == bad.path:
            raise EnvironmentFault(ErrorCode.DISK_FULL)
        return await plain_add(path, *arguments, **options)  # type: ignore[arg-type]

    memory.content.add_file = failing  # type: ignore[method-assign, assignment]
    with pytest.raises(EnvironmentFault):
        await made(memory, owner, good, file(tmp_path), bad)
    await memory.core.removal.done()
    assert memory.content.blocks == {}
    assert await memory.count() == 0


async def test_metadata_of_a_former_token_keeps_its_files(
    memory: MemoryCore, owner: Enterprise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asset = await made(memory, owner, file(tmp_path, confidential=False))
    metadata = await memory.content.add_bytes(build_metadata(asset))
    from ipnft_desktop.adapters.database.content_records import ContentRecords

    monkeypatch.setattr(ContentRecords, "metadata_of_former_tokens", lambda _: (metadata.cid.text,))
    await turned(memory, asset, confidential=True)
    assert memory.content.blocks[Cid.parse(asset.attachments[0].cid)] == SECRET
