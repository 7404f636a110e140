"""Checkpoints of a workspace on the disk: whole or absent, and a return that a kill can only delay."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ipnft_desktop.adapters.workspaces import checkpoint_folder
from ipnft_desktop.adapters.workspaces.checkpoint_folder import CheckpointFolder
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError
from ipnft_desktop.domain.workspaces import Checkpoint, CheckpointReason, RegisterFigures
from ipnft_desktop.services.long_work import WorkCancelled
from tests.ports.workspaces.conftest import Place, assets_in, block_names, quiet
from tests.support.dying_disk import killed_at_each_change

AUTO = CheckpointReason.BEFORE_RETURN


def return_to(store: CheckpointFolder, checkpoint: Checkpoint) -> None:
    store.return_to(checkpoint.checkpoint_id, "ann", quiet)


async def test_register_content_and_log_come_back_together(place: Place) -> None:
    kept_block = place.add_block(b"kept")
    checkpoint = await asyncio.to_thread(place.keep, "Vor der Prüfung 检查点")
    assert place.store.list() == (checkpoint,)
    assert (checkpoint.name, checkpoint.figures) == ("Vor der Prüfung 检查点", RegisterFigures(assets=1))
    await place.add_asset("Second")
    later_block = place.add_block(b"later")
    place.blocks.remove([kept_block])
    preview = place.store.preview(checkpoint.checkpoint_id)
    assert preview.assets.first_disappearing == ("Second",)
    assert "added Second" in await place.log()

    await place.database.close()
    return_to(place.store, checkpoint)
    again = await place.again()

    assert assets_in(place.register) == ["First"]
    assert again.blocks.get(kept_block) == b"kept"
    assert later_block.text in block_names(place.folder / "content"), "nothing refers to it, and it may stay"
    assert await again.log() == ["added First", "workspace.returned"]
    (told,) = [
        entry.line
        for entry in await again.database.read(lambda tx: tx.audit_entries(0, 9))
        if entry.line.action == "workspace.returned"
    ]
    assert (told.actor, told.subject) == ("ann", checkpoint.checkpoint_id)
    assert (told.facts["checkpoint"], told.facts["sha256"]) == (checkpoint.name, checkpoint.sha256)
    assert told.facts["former_last"] == "2", "the log says which rows are gone"
    await again.database.close()


async def test_blocks_are_not_copied_where_there_are_links(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    block = place.add_block(b"shared")
    checkpoint = place.keep()
    kept = place.folder / "checkpoints" / checkpoint.checkpoint_id / "content" / block.text[-2] / block.text
    assert kept.stat().st_ino == (place.folder / "content" / block.text[-2] / block.text).stat().st_ino

    def no_links(*_arguments: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", no_links)
    copied = place.keep()
    kept = place.folder / "checkpoints" / copied.checkpoint_id / "content" / block.text[-2] / block.text
    assert (kept.read_bytes(), kept.stat().st_nlink) == (b"shared", 1)
    place.blocks.remove([block])
    await place.database.close()
    return_to(place.store, copied)
    assert place.blocks.get(block) == b"shared"


async def test_one_that_is_cut_off_is_not_listed_and_leaves_nothing(
    place: Place, copies: Callable[[Path], Path]
) -> None:
    place.add_block(b"one")
    await place.database.close()
    stores: list[CheckpointFolder] = []

    def prepare() -> None:
        stores[:] = [CheckpointFolder(copies(place.folder), None)]

    for _ in killed_at_each_change(
        place.folder.parent / "copy", prepare, lambda: stores[0].make("Cut", CheckpointReason.BY_HAND, quiet)
    ):
        folder = place.folder.parent / "copy" / "checkpoints"
        store = CheckpointFolder(folder.parent, None)
        for listed in store.list():
            assert assets_in(folder / listed.checkpoint_id / "register.db") == ["First"]
            assert len(block_names(folder / listed.checkpoint_id / "content")) == 1
        made = store.make("Whole", CheckpointReason.BY_HAND, quiet)
        assert made in store.list()
        assert {each.name for each in folder.iterdir()} == {each.checkpoint_id for each in store.list()}


async def test_a_return_that_is_cut_off_is_finished_or_never_happened(
    place: Place, copies: Callable[[Path], Path]
) -> None:
    gone = place.add_block(b"gone")
    checkpoint = place.keep()
    await place.add_asset("Second")
    place.blocks.remove([gone])
    assert place.register.with_name("register.db-wal").stat().st_size, "killed before: its last rows are only here"
    was: set[bool] = set()
    opened: list[Place] = []

    def prepare() -> None:
        opened[:] = [Place(copies(place.folder))]

    for number in killed_at_each_change(
        place.folder.parent / "copy", prepare, lambda: return_to(opened[0].store, checkpoint)
    ):
        again = Place(opened[0].folder)
        turned = again.store.settle()
        is_back = assets_in(again.register) == ["First"]
        assert is_back or assets_in(again.register) == ["First", "Second"]
        assert again.store.list() == (checkpoint,)
        assert not (again.folder / "return.json").exists()
        assert not (again.folder / ".returning").exists()
        assert turned is None or is_back
        noted = json.loads((again.folder / "keys" / "audit.head").read_text("utf-8"))["restore"]
        assert (noted is not None) is is_back, number
        if is_back:
            assert gone.text in block_names(again.folder / "content")
        if (turned is not None) not in was:  # opening takes a while: once for each end
            await again.open()
            await again.add_asset("Third")
            assert ("workspace.returned" in await again.log()) is is_back, number
            await again.database.close()
        was.add(turned is not None)
    assert was == {True, False}


async def test_work_that_is_given_up_leaves_nothing(place: Place) -> None:
    def give_up_at(share: float) -> Callable[[float], None]:
        def report(done: float) -> None:
            if done >= share:
                raise WorkCancelled

        return report

    for share in (0.0, 0.5, 1.0):
        with pytest.raises(WorkCancelled):
            place.store.make("No", CheckpointReason.BY_HAND, give_up_at(share))
    assert list((place.folder / "checkpoints").iterdir()) == []
    checkpoint = place.keep()
    await place.add_asset("Second")
    await place.database.close()
    with pytest.raises(WorkCancelled):
        place.store.return_to(checkpoint.checkpoint_id, "ann", give_up_at(0.5))
    assert place.store.settle() is None
    assert assets_in(place.register) == ["First", "Second"]


def spoil_register(folder: Path) -> None:
    (folder / "register.db").write_bytes((folder / "register.db").read_bytes()[:-4096])


def lose_a_block(folder: Path) -> None:
    next((folder / "content").glob("?/*")).unlink()


def of_the_future(folder: Path) -> None:
    change_json(folder / "checkpoint.json", revision="9999")


def lose_everything(folder: Path) -> None:
    shutil.rmtree(folder)


def change_json(file: Path, **changes: Any) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), **changes}), "utf-8")


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (spoil_register, ErrorCode.CHECKPOINT_UNUSABLE),
        (lose_a_block, ErrorCode.CHECKPOINT_UNUSABLE),
        (lose_everything, ErrorCode.CHECKPOINT_UNUSABLE),
        (of_the_future, ErrorCode.DATABASE_NEWER),
    ],
)
async def test_nothing_is_changed_for_one_that_cannot_be_used(
    place: Place, spoil: Callable[[Path], None], code: ErrorCode
) -> None:
    place.add_block(b"one")
    checkpoint = place.keep()
    await place.add_asset("Second")
    await place.database.close()
    spoil(place.folder / "checkpoints" / checkpoint.checkpoint_id)
    before = place.register.read_bytes()
    with pytest.raises(IpnftError) as caught:
        return_to(place.store, checkpoint)
    assert caught.value.code is code
    assert (place.store.settle(), place.register.read_bytes()) == (None, before)


async def test_a_full_disk_is_told_before_anything_is_copied(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10, 10, 0))  # type: ignore[attr-defined]
    with pytest.raises(EnvironmentFault) as caught:
        place.keep()
    assert caught.value.code is ErrorCode.DISK_FULL
    assert place.store.list() == ()


async def test_those_of_the_program_are_thinned_but_never_the_one_that_is_wanted(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint_folder, "KEPT_OF_THE_PROGRAM", 1)
    by_hand = place.keep()
    oldest = place.keep("", AUTO)
    await place.database.close()
    newest = place.keep("", AUTO)
    return_to(place.store, oldest)
    assert {each.checkpoint_id for each in place.store.list()} == {by_hand.checkpoint_id, newest.checkpoint_id}


async def test_one_can_be_renamed_and_deleted(place: Place) -> None:
    first, second = place.keep("One"), place.keep("Two")
    place.store.rename(first.checkpoint_id, "Eins")
    assert [each.name for each in place.store.list()] == ["Two", "Eins"]
    place.store.delete(first.checkpoint_id)
    assert [each.name for each in place.store.list()] == ["Two"]
    assert [each.name for each in (place.folder / "checkpoints").iterdir()] == [second.checkpoint_id]
    for checkpoint_id in (first.checkpoint_id, "../../etc", ""):
        with pytest.raises(EnvironmentFault) as caught:
            place.store.delete(checkpoint_id)
        assert caught.value.code is ErrorCode.CHECKPOINT_UNUSABLE


async def test_a_block_is_found_in_the_newest_checkpoint_that_has_it_undamaged(place: Place) -> None:
    cid = place.add_block(b"a block")
    assert place.store.block(cid) is None
    first = place.keep("First")
    place.blocks.remove([cid])
    assert place.store.block(cid) == (first, b"a block")
    place.keep("Without it")
    assert place.store.block(cid) == (first, b"a block")
    assert place.add_block(b"a block") == cid
    third = place.keep("Third")
    assert place.store.block(cid) == (third, b"a block")
    damaged = place.folder / "checkpoints" / third.checkpoint_id / "content" / cid.text[-2] / cid.text
    damaged.write_bytes(b"another")
    assert place.store.block(cid) == (first, b"a block")
