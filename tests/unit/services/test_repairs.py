"""The one repair of each cause: what the preview says, what is done, and what takes it back."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError, ValidationFailed
from ipnft_desktop.domain.reconciliation import Cause, Finding, Repair
from ipnft_desktop.domain.workspaces import CheckpointReason
from ipnft_desktop.services.repair_parts import RepairPreview
from tests.support import samples
from tests.support.core_factory import MemoryCore, hear_changes
from tests.support.reconciling import (
    audited,
    audited_changes,
    change_token,
    column,
    findings,
    mint_all,
    minted,
    set_column,
    the_finding,
    the_first,
)

FILE = hashlib.shake_256(b"score").digest(600_000)
"""Three blocks and the one that joins them."""
ELSEWHERE = "ipfs://{}/{}.json"


@pytest.fixture
async def memory(tmp_path: Path) -> AsyncIterator[MemoryCore]:
    opened = await MemoryCore(tmp_path).start()
    yield opened
    await opened.core.close()


async def with_files(memory: MemoryCore, count: int = 1) -> list[Asset]:
    """Minted assets with a public file of several blocks each, the same for all."""
    stored = await memory.content.add_bytes(FILE)
    owner = samples.enterprise()

    def file() -> object:
        return samples.attachment(
            file_name="score.pdf", size_bytes=len(FILE), sha256=stored.sha256, cid=stored.cid.text
        )

    assets = [samples.asset(owner, name=f"Asset {number}", attachments=(file(),)) for number in range(count)]
    await memory.core.register.add_assets(assets, (owner,))
    return await mint_all(memory, assets)


def metadata_cid(asset: Asset) -> Cid:
    assert asset.mint is not None
    return Cid.parse(str(asset.mint.metadata_cid))


def directory_cid(asset: Asset) -> Cid:
    assert asset.mint is not None
    return Cid.parse(str(asset.mint.directory_cid))


def lose(memory: MemoryCore, *cids: Cid) -> None:
    for cid in cids:
        del memory.content.blocks[cid]


async def refused(memory: MemoryCore, finding: Finding, code: ErrorCode) -> IpnftError:
    """Neither previewed nor done."""
    for attempt in (memory.core.repairs.preview, memory.core.repairs.repair):
        with pytest.raises(IpnftError) as caught:
            await attempt(finding)
        assert caught.value.code is code
    return caught.value


async def repaired_and_undone(memory: MemoryCore, finding: Finding, others: int = 0) -> RepairPreview:
    """A preview changes nothing; the repair mends it, and is taken back to the very same finding."""
    preview = await memory.core.repairs.preview(finding)
    assert preview.is_undoable
    assert audited(memory) == [], "a preview changes nothing"
    left = (await memory.core.repairs.repair(finding)).findings
    assert finding not in left
    assert len(left) == others
    assert finding in (await memory.core.repairs.undo(finding)).findings
    assert finding in await findings(memory)
    assert audited(memory) == ["reconcile.repair", "reconcile.undo"]
    there, back = audited_changes(memory)
    assert there
    assert back == {name: pair[::-1] for name, pair in there.items()}
    with pytest.raises(UserError) as caught:
        await memory.core.repairs.undo(finding)
    assert caught.value.code is ErrorCode.MINT_INVALID_STATE, "what was taken back is not taken back again"
    assert (await memory.core.repairs.repair(finding)).findings == (await findings(memory))
    return preview


# --- the record of the mint ---------------------------------------------------------------------------------------


async def test_gas_that_was_changed_is_taken_from_the_receipt(memory: MemoryCore) -> None:
    (asset,) = await minted(memory, 1)
    query = "SELECT gas_used, token_count FROM transactions WHERE job_id IS NOT NULL"
    before = column(memory, query)
    set_column(memory, "UPDATE transactions SET gas_used = 1 WHERE job_id IS NOT NULL")
    finding = await the_finding(memory, Cause.GAS_DIFFERS)
    preview = await memory.core.repairs.preview(finding)
    assert (preview.before, preview.after, preview.is_undoable) == ("1", f"{before[0][0]:,}", False)
    assert asset.mint is not None
    assert str(asset.mint.tx_hash) in str(preview.told)
    assert (await memory.core.repairs.repair(finding)).findings == ()
    assert column(memory, query) == before
    with pytest.raises(UserError) as caught:
        await memory.core.repairs.undo(finding)
    assert caught.value.code is ErrorCode.MINT_INVALID_STATE


async def test_a_block_number_that_was_changed_is_set_right(memory: MemoryCore) -> None:
    """The block stands, so that nothing is opened again: only what is written of it is wrong."""
    await minted(memory, 1)
    set_column(memory, "UPDATE transactions SET block_number = 99 WHERE job_id IS NOT NULL")
    finding = await the_finding(memory, Cause.OTHER_BLOCK)
    assert finding.repair is Repair.LOOK_AGAIN
    assert (await memory.core.repairs.repair(finding)).findings == ()


async def test_looking_again_opens_that_mint_alone(memory: MemoryCore) -> None:
    first = (await minted(memory, 1))[0]
    (second,) = await mint_all(memory, await memory.add_assets(1))
    set_column(
        memory,
        "UPDATE transactions SET block_hash = ? WHERE tx_hash = ?",
        "0x" + "5" * 64,
        first.mint.tx_hash if first.mint else "",
    )
    set_column(
        memory,
        "UPDATE transactions SET block_hash = ? WHERE tx_hash = ?",
        "0x" + "6" * 64,
        second.mint.tx_hash if second.mint else "",
    )
    found = [each for each in await findings(memory) if each.asset_id == first.asset_id]
    assert [each.cause for each in found] == [Cause.OTHER_BLOCK]
    await memory.core.repairs.repair(found[0])
    for task in memory.core.desk.working:
        await task
    left = await findings(memory)
    assert [each.asset_id for each in left] == [second.asset_id], "the other one was not looked at"
    assert await memory.state_of(first) == "MINTED"


@pytest.mark.parametrize(
    "loss",
    [
        "UPDATE mint_intents SET token_uri = NULL",
        "UPDATE transactions SET block_number = NULL, block_hash = NULL WHERE job_id IS NOT NULL",
        "DELETE FROM transactions WHERE job_id IS NOT NULL",
        "DELETE FROM tokens",
        "UPDATE mint_intents SET is_current = 0",
    ],
)
async def test_a_record_that_lacks_something_is_completed_from_the_chain(memory: MemoryCore, loss: str) -> None:
    (asset,) = await minted(memory, 1)
    set_column(memory, loss)
    if loss == "DELETE FROM tokens":
        # No fact is compared that stands there; whatever else is lacking brings it back.
        set_column(memory, "UPDATE mint_intents SET token_uri = NULL")
    finding = await the_finding(memory, Cause.NO_RECORD)
    assert (await memory.core.repairs.preview(finding)).after
    left = (await memory.core.repairs.repair(finding)).findings
    assert [each.cause for each in left] == ([Cause.METADATA_MISSING] if "is_current" in loss else [])
    for each in left:
        assert (await memory.core.repairs.repair(each)).findings == ()
    assert await findings(memory) == ()
    mint = (await memory.core.register.asset(asset.asset_id)).mint
    assert asset.mint is not None
    assert mint is not None
    assert (mint.token_id, mint.token_uri, mint.tx_hash, mint.mined, mint.metadata_cid, mint.directory_cid) == (
        asset.mint.token_id,
        asset.mint.token_uri,
        asset.mint.tx_hash,
        asset.mint.mined,
        asset.mint.metadata_cid,
        asset.mint.directory_cid,
    )


# --- the metadata address -----------------------------------------------------------------------------------------


async def test_an_address_that_was_changed_is_taken_from_the_chain(memory: MemoryCore) -> None:
    assets = await minted(memory)
    wrong = ELSEWHERE.format(samples.cid("elsewhere"), assets[1].asset_id)
    set_column(memory, "UPDATE mint_intents SET token_uri = ? WHERE asset_id = ?", wrong, assets[1].asset_id.hex)
    finding = await the_finding(memory, Cause.URI_DIFFERS)
    preview = await repaired_and_undone(memory, finding)
    assert assets[1].mint is not None
    assert (preview.before, preview.after) == (wrong, assets[1].mint.token_uri)
    assert "No event" in str(preview.told)
    assert (await memory.core.register.asset(assets[1].asset_id)).mint == assets[1].mint


async def test_metadata_that_another_directory_names_follows_its_address(memory: MemoryCore) -> None:
    """An amendment: with the address the metadata is another one, of which the fields may be taken next."""
    (asset,) = await minted(memory, 1)
    amended = (await memory.content.read(metadata_cid(asset))).replace(b"Asset 0", b"Asset A")
    ((directory, stored),) = await memory.content.add_directories([{f"{asset.asset_id}.json": amended}])
    change_token(memory, asset, token_uri=ELSEWHERE.format(directory.text, asset.asset_id))
    finding = await the_finding(memory, Cause.URI_DIFFERS)
    await repaired_and_undone(memory, finding, others=1)
    mint = (await memory.core.register.asset(asset.asset_id)).mint
    assert mint is not None
    assert (mint.metadata_cid, mint.directory_cid) == (
        stored[f"{asset.asset_id}.json"].cid.text,
        directory.text,
    )
    (changed,) = await findings(memory)
    assert changed.cause is Cause.RECORD_CHANGED
    assert (await memory.core.repairs.repair(changed)).findings == ()
    assert (await memory.core.register.asset(asset.asset_id)).name == "Asset A"


async def test_amended_metadata_that_is_not_here_is_told_to_be_missing(memory: MemoryCore) -> None:
    (asset,) = await minted(memory, 1)
    uri = ELSEWHERE.format(directory_cid(asset).text, asset.asset_id)
    lost = Cid.of_block(directory_cid(asset).codec, b"nothing has it")
    change_token(memory, asset, token_uri=uri.replace(directory_cid(asset).text, lost.text))
    finding = await the_finding(memory, Cause.URI_DIFFERS)
    left = (await memory.core.repairs.repair(finding)).findings
    assert [each.cause for each in left] == [Cause.METADATA_MISSING]
    await refused(memory, left[0], ErrorCode.CONTENT_NOT_FOUND)


async def test_what_amended_it_is_not_guessed_while_the_index_is_behind(memory: MemoryCore) -> None:
    await minted(memory, 1)
    set_column(memory, "UPDATE mint_intents SET token_uri = 'ipfs://a/b'")
    finding = await the_finding(memory, Cause.URI_DIFFERS)
    await memory.core.indexing.stop()
    memory.chain.take_nonce(samples.RECIPIENT)
    assert "cannot be told yet" in str((await memory.core.repairs.preview(finding)).told)


async def test_an_undo_leaves_alone_what_was_changed_since(memory: MemoryCore) -> None:
    (asset,) = await minted(memory, 1)
    set_column(memory, "UPDATE mint_intents SET token_uri = 'ipfs://a/b'")
    finding = await the_finding(memory, Cause.URI_DIFFERS)
    await memory.core.repairs.repair(finding)
    set_column(memory, "UPDATE mint_intents SET token_uri = 'ipfs://c/d'")
    with pytest.raises(UserError) as caught:
        await memory.core.repairs.undo(finding)
    assert caught.value.code is ErrorCode.RECORD_CHANGED
    assert column(memory, "SELECT token_uri FROM mint_intents") == [("ipfs://c/d",)]
    assert asset.mint is not None


# --- the fields ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ("UPDATE assets SET name = 'Another'", ["name"]),
        (
            "UPDATE assets SET revenue_share_bp = 1, derivatives = 1",
            ["licence.derivatives", "licence.revenue_share_bp"],
        ),
        ("UPDATE assets SET custom_fields = '{}'", ["custom_fields.Class", "custom_fields.分类"]),
        ("UPDATE attachments SET file_name = 'other.pdf', size_bytes = 7", ["attachments"]),
        ("UPDATE attachments SET cid = 'no address'", ["attachments"]),
        ("DELETE FROM attachments", ["attachments"]),
    ],
)
async def test_fields_that_were_changed_are_taken_from_the_minted_metadata(
    memory: MemoryCore, change: str, fields: list[str]
) -> None:
    (asset,) = await with_files(memory)
    set_column(memory, change)
    finding = await the_first(memory, Cause.RECORD_CHANGED)
    preview = await memory.core.repairs.preview(finding)
    assert [each.field.partition(".0")[0] for each in preview.fields] == fields
    assert (await memory.core.repairs.repair(finding)).findings == ()
    restored = await memory.core.register.asset(asset.asset_id)
    unnumbered = [replace(file, attachment_id=asset.asset_id) for file in restored.attachments]
    assert unnumbered == [replace(file, attachment_id=asset.asset_id) for file in asset.attachments]
    fields_of = {"attachments": (), "mint": None, "version": 0, "updated_at": asset.updated_at}
    assert replace(restored, **fields_of) == replace(asset, **fields_of)
    assert restored.version == asset.version + 1


async def test_fields_are_given_back(memory: MemoryCore) -> None:
    assets = await with_files(memory, 2)
    set_column(memory, "UPDATE assets SET name = 'Another' WHERE asset_id = ?", assets[1].asset_id.hex)
    heard = hear_changes(memory.core)
    preview = await repaired_and_undone(memory, await the_finding(memory, Cause.RECORD_CHANGED))
    ((name, now, then),) = [(each.field, each.theirs, each.mine) for each in preview.fields]
    assert (name, now, then) == ("name", "Another", "Asset 1")
    assert heard, "whoever shows the asset hears of it"
    row = await memory.core.register.row(assets[1].asset_id)
    assert row.name == "Asset 1"


async def test_an_enterprise_is_found_by_the_name_of_its_time(memory: MemoryCore) -> None:
    (asset,) = await minted(memory, 1)
    other = samples.enterprise(name="Borealis", wallet_address="0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC")
    await memory.core.adapters.database.write(lambda tx: tx.insert_enterprise(other))
    set_column(memory, "UPDATE assets SET enterprise_id = ?", other.enterprise_id.hex)
    finding = await the_first(memory, Cause.RECORD_CHANGED)
    preview = await memory.core.repairs.preview(finding)
    assert preview.enterprises[other.enterprise_id] == "Borealis"
    await memory.core.repairs.repair(finding)
    assert (await memory.core.register.asset(asset.asset_id)).enterprise == asset.enterprise


async def test_what_the_metadata_does_not_tell_is_not_guessed(memory: MemoryCore) -> None:
    """A confidential file that is gone from the register: the metadata has its hash and nothing else."""
    owner = samples.enterprise()
    sealed = await memory.content.add_bytes(b"sealed")
    secret = samples.attachment(confidential=True, cid=sealed.cid.text, sealed_key=b"key")
    await memory.core.register.add_assets([asset := samples.asset(owner, attachments=(secret,))], (owner,))
    await mint_all(memory, [asset])
    set_column(memory, "DELETE FROM attachments")
    await refused(memory, await the_finding(memory, Cause.RECORD_CHANGED), ErrorCode.CONTENT_MISMATCH)
    assert audited(memory) == []


async def test_fields_are_not_taken_from_metadata_that_only_the_record_names(memory: MemoryCore) -> None:
    """Somebody stored other metadata and wrote its address into the register: the directory on the chain counts."""
    (asset,) = await minted(memory, 1)
    forged = (await memory.content.read(metadata_cid(asset))).replace(b"Asset 0", b"Asset X")
    stored = await memory.content.add_bytes(forged)
    set_column(memory, "UPDATE mint_intents SET metadata_cid = ?", stored.cid.text)
    finding = await the_finding(memory, Cause.RECORD_CHANGED)
    preview = await repaired_and_undone(memory, finding)
    assert (preview.fields, preview.before, preview.after) == ((), stored.cid.text, metadata_cid(asset).text)
    assert (await memory.core.register.asset(asset.asset_id)).name == "Asset 0"
    assert await findings(memory) == ()


# --- the hash of a file -------------------------------------------------------------------------------------------


async def test_a_hash_that_was_changed_is_taken_from_the_file(memory: MemoryCore) -> None:
    (asset,) = await with_files(memory)
    set_column(memory, "UPDATE attachments SET sha256 = ?", b"\x07" * 32)
    finding = await the_first(memory, Cause.FILE_RECORD_CHANGED)
    preview = await repaired_and_undone(memory, finding)
    assert (preview.before, preview.after) == ("07" * 32, hashlib.sha256(FILE).hexdigest())
    assert (await memory.core.register.asset(asset.asset_id)).attachments == asset.attachments


async def test_the_hash_of_another_file_is_not_taken(memory: MemoryCore) -> None:
    """With its address, too, the record names a file that was never minted."""
    await with_files(memory)
    stored = await memory.content.add_bytes(b"another file")
    set_column(memory, "UPDATE attachments SET cid = ?", stored.cid.text)
    finding = await the_first(memory, Cause.FILE_RECORD_CHANGED)
    await refused(memory, finding, ErrorCode.CONTENT_MISMATCH)


# --- lost content -------------------------------------------------------------------------------------------------


async def test_lost_metadata_is_made_anew(memory: MemoryCore) -> None:
    assets = await minted(memory)
    cid = metadata_cid(assets[1])
    before = await memory.content.read(cid)
    lose(memory, cid)
    finding = await the_finding(memory, Cause.METADATA_MISSING)
    preview = await memory.core.repairs.preview(finding)
    assert (preview.after, str(preview.told)) == (cid.text, "It is made anew from the register.")
    assert (await memory.core.repairs.repair(finding)).findings == ()
    assert await memory.content.read(cid) == before


async def changed_and_lost(memory: MemoryCore) -> tuple[Asset, Finding, dict[Cid, bytes]]:
    """Metadata that the register does not give any more, and its blocks."""
    asset = (await minted(memory))[1]
    kept = {cid: memory.content.blocks[cid] for cid in (metadata_cid(asset), directory_cid(asset))}
    set_column(memory, "UPDATE assets SET name = 'Another' WHERE asset_id = ?", asset.asset_id.hex)
    lose(memory, *kept)
    return asset, await the_first(memory, Cause.METADATA_MISSING), kept


async def test_metadata_that_nobody_has_is_told_so(memory: MemoryCore) -> None:
    _, finding, _ = await changed_and_lost(memory)
    await refused(memory, finding, ErrorCode.CONTENT_NOT_FOUND)


async def test_metadata_comes_from_the_ipfs_node(memory: MemoryCore) -> None:
    asset, finding, kept = await changed_and_lost(memory)
    memory.peer.kept = kept
    preview = await memory.core.repairs.preview(finding)
    assert (preview.after, preview.is_undoable) == (metadata_cid(asset).text, False)
    assert memory.peer.address in str(preview.told)
    assert memory.content.blocks.keys().isdisjoint(kept), "a preview stores nothing"
    left = (await memory.core.repairs.repair(finding)).findings
    assert {each.cause for each in left} == {Cause.RECORD_CHANGED}
    assert kept.items() <= memory.content.blocks.items()
    assert (await memory.core.repairs.repair(left[0])).findings == ()


async def test_what_hashes_to_another_name_is_not_taken(memory: MemoryCore) -> None:
    _, finding, kept = await changed_and_lost(memory)
    memory.peer.kept = dict.fromkeys(kept, b"something else")
    await refused(memory, finding, ErrorCode.CONTENT_NOT_FOUND)
    assert b"something else" not in memory.content.blocks.values()


async def test_a_node_that_is_away_holds_up_no_other_source(memory: MemoryCore) -> None:
    _, finding, kept = await changed_and_lost(memory)
    memory.peer.fault = EnvironmentFault(ErrorCode.KUBO_UNAVAILABLE, "nothing answers at this address")
    error = await refused(memory, finding, ErrorCode.CONTENT_NOT_FOUND)
    assert "nothing answers" in error.detail
    folder = memory.core.workspace.folder / "content"
    for cid, data in kept.items():
        (folder / cid.text[-2]).mkdir(parents=True, exist_ok=True)
        (folder / cid.text[-2] / cid.text).write_bytes(data)
    await asyncio.to_thread(memory.core.workspace.store.make, "Before", CheckpointReason.BY_HAND, lambda _share: None)
    assert "the checkpoint Before" in str((await memory.core.repairs.preview(finding)).told)
    left = (await memory.core.repairs.repair(finding)).findings
    assert Cause.METADATA_MISSING not in {each.cause for each in left}


async def test_metadata_without_an_address_on_record_is_found_by_its_directory(memory: MemoryCore) -> None:
    asset, _, kept = await changed_and_lost(memory)
    set_column(memory, "UPDATE mint_intents SET metadata_cid = NULL WHERE asset_id = ?", asset.asset_id.hex)
    finding = await the_first(memory, Cause.METADATA_MISSING)
    memory.peer.kept = kept
    await memory.core.repairs.repair(finding)
    mint = (await memory.core.register.asset(asset.asset_id)).mint
    assert mint is not None
    assert mint.metadata_cid == metadata_cid(asset).text
    assert audited_changes(memory)[-1] == {"metadata_cid": [None, metadata_cid(asset).text]}


async def test_a_wrong_address_on_record_is_set_right(memory: MemoryCore) -> None:
    (asset,) = await minted(memory, 1)
    set_column(memory, "UPDATE mint_intents SET metadata_cid = 'no address'")
    finding = await the_finding(memory, Cause.METADATA_MISSING)
    assert (await memory.core.repairs.preview(finding)).after == metadata_cid(asset).text
    assert (await memory.core.repairs.repair(finding)).findings == ()
    assert audited(memory) == ["reconcile.repair"]


@pytest.mark.parametrize("is_damaged", [False, True])
async def test_a_file_comes_from_the_ipfs_node(memory: MemoryCore, *, is_damaged: bool) -> None:
    (asset,) = await with_files(memory)
    root = Cid.parse(asset.attachments[0].cid)
    blocks = {cid: memory.content.blocks[cid] for cid in await memory.content.block_cids([root])}
    assert len(blocks) == 4
    leaf = next(cid for cid in blocks if cid != root)
    for cid in (root, leaf):
        memory.content.blocks[cid] = b"damaged"
        if not is_damaged:
            lose(memory, cid)
    finding = await the_finding(memory, Cause.FILE_DAMAGED if is_damaged else Cause.FILE_MISSING)
    assert finding.subject == "score.pdf"
    nobody = await memory.core.repairs.preview(finding)
    assert (nobody.takes_file, nobody.needs_file) == (True, True)
    with pytest.raises(EnvironmentFault) as caught:
        await memory.core.repairs.repair(finding)
    assert caught.value.code is ErrorCode.CONTENT_NOT_FOUND
    memory.peer.kept = blocks
    preview = await memory.core.repairs.preview(finding)
    assert (preview.after, preview.needs_file, memory.peer.address in str(preview.told)) == (root.text, False, True)
    assert (await memory.core.repairs.repair(finding)).findings == ()
    assert await memory.content.read(root) == FILE


async def test_a_file_is_given_again_by_a_person(memory: MemoryCore, tmp_path: Path) -> None:
    (asset,) = await with_files(memory)
    lose(memory, Cid.parse(asset.attachments[0].cid))
    finding = await the_finding(memory, Cause.FILE_MISSING)
    other, original = tmp_path / "other.pdf", tmp_path / "score of last year.pdf"
    other.write_bytes(FILE[:-1])
    original.write_bytes(FILE)
    before = dict(memory.content.blocks)
    with pytest.raises(ValidationFailed) as caught:
        await memory.core.repairs.repair(finding, file=other)
    assert caught.value.field == "file"
    assert memory.content.blocks == before, "nothing of another file stays"
    assert audited(memory) == []
    with pytest.raises(UserError) as unread:
        await memory.core.repairs.repair(finding, file=tmp_path / "gone.pdf")
    assert unread.value.code is ErrorCode.ATTACHMENT_INVALID
    assert (await memory.core.repairs.repair(finding, file=original)).findings == ()
    assert audited(memory) == ["reconcile.repair"]


async def test_an_address_that_is_none_does_not_end_the_comparison(memory: MemoryCore) -> None:
    await with_files(memory)
    set_column(memory, "UPDATE attachments SET cid = 'no address'")
    found = {each.cause: each for each in await findings(memory)}
    assert found.keys() == {Cause.FILE_MISSING, Cause.RECORD_CHANGED}
    await refused(memory, found[Cause.FILE_MISSING], ErrorCode.MINT_INVALID_STATE)
    assert (await memory.core.repairs.repair(found[Cause.RECORD_CHANGED])).findings == ()


async def test_what_was_mended_for_one_is_not_told_of_the_others(memory: MemoryCore) -> None:
    """Assets that share a transaction, a directory or a file."""
    assets = await with_files(memory, 3)
    set_column(memory, "UPDATE transactions SET gas_used = 1 WHERE job_id IS NOT NULL")
    assert len(found := await findings(memory)) == 3
    assert (await memory.core.repairs.repair(found[1])).findings == ()
    root = Cid.parse(assets[0].attachments[0].cid)
    data = memory.content.blocks[root]
    lose(memory, root)
    assert len(found := await findings(memory)) == 3
    memory.peer.kept = {root: data}
    assert (await memory.core.repairs.repair(found[2])).findings == ()


async def test_a_finding_that_holds_no_more_is_gone_when_its_repair_is_asked_for(memory: MemoryCore) -> None:
    (asset,) = await with_files(memory)
    set_column(memory, "UPDATE attachments SET sha256 = ?", b"\x07" * 32)
    found = {each.cause: each for each in await findings(memory)}
    set_column(memory, "UPDATE attachments SET sha256 = ?", asset.attachments[0].sha256)
    with pytest.raises(UserError) as caught:
        await memory.core.repairs.preview(found[Cause.RECORD_CHANGED])
    assert caught.value.code is ErrorCode.MINT_INVALID_STATE
    run = await memory.core.reconciliation.latest()
    assert run is not None
    assert run.findings == ()


async def test_what_stood_before_is_not_at_hand_after_a_restart(memory: MemoryCore) -> None:
    await minted(memory, 1)
    set_column(memory, "UPDATE assets SET name = 'Another'")
    finding = await the_finding(memory, Cause.RECORD_CHANGED)
    await memory.core.repairs.repair(finding)
    again = await memory.again()
    with pytest.raises(UserError) as caught:
        await again.core.repairs.undo(finding)
    assert caught.value.code is ErrorCode.MINT_INVALID_STATE
    assert audited_changes(again) == [{"name": ["Another", "Asset 0"]}], "from and to are in the log for good"
    await again.core.close()
