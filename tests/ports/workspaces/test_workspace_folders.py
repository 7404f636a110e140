"""Workspaces on the disk: made, copied, renamed and deleted, each whole or not at all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ipnft_desktop.adapters.profile_lock import ProfileFileLock
from ipnft_desktop.adapters.workspaces.layout import lock_file
from ipnft_desktop.adapters.workspaces.shelf import WorkspaceFolders
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError
from ipnft_desktop.domain.workspaces import HOME, RegisterFigures, Workspace
from ipnft_desktop.services.long_work import WorkCancelled
from tests.ports.workspaces.conftest import Place, assets_in, block_names, quiet
from tests.support.dying_disk import killed_at_each_change


def shelf_of(profile: Path, open_id: str = HOME, key_folder: str = "") -> WorkspaceFolders:
    return WorkspaceFolders(profile, key_folder, open_id, ProfileFileLock(lock_file(profile, open_id)))


def give_up(_share: float) -> None:
    """The person pressed Cancel."""
    raise WorkCancelled


def refused(work: Callable[[], object]) -> ErrorCode:
    with pytest.raises(IpnftError) as caught:
        work()
    return caught.value.code


@pytest.fixture
def shelf(tmp_path: Path) -> WorkspaceFolders:
    return shelf_of(tmp_path)


def test_a_profile_is_a_workspace_and_others_lie_in_it(tmp_path: Path, shelf: WorkspaceFolders) -> None:
    assert shelf.list() == (Workspace(HOME, ""),)
    assert (shelf.folder(HOME), shelf.opened) == (tmp_path, Workspace(HOME, ""))
    green = shelf.create("Grüne Energie / 绿色 🔋", with_demo_data=True)
    chinese = shelf.create("专利", with_demo_data=False)
    assert shelf.list() == (Workspace(HOME, ""), green, chinese)
    assert green.workspace_id.startswith("grune-energie-")
    assert chinese.workspace_id.startswith("workspace-")
    assert shelf.folder(green.workspace_id) == tmp_path / "workspaces" / green.workspace_id
    assert (green.has_demo_data, chinese.has_demo_data) == (True, False)
    shelf.rename(HOME, "Mine")
    shelf.rename(chinese.workspace_id, "发明")
    assert [each.name for each in shelf.list()] == ["Mine", "Grüne Energie / 绿色 🔋", "发明"]
    assert shelf.opened.last_opened_at is None
    shelf.note_opened()
    assert shelf.opened.last_opened_at is not None


async def test_a_duplicate_is_one_moment_with_its_keys(place: Place) -> None:
    block = place.add_block(b"shared")
    shelf = shelf_of(place.folder)
    made = shelf.duplicate(HOME, "Copy", quiet)
    await place.add_asset("Second")

    copy = await Place(shelf.folder(made.workspace_id)).open()
    assert assets_in(copy.register) == ["First"]
    assert copy.blocks.get(block) == b"shared"
    await copy.say("in the copy")
    assert await copy.log() == ["added First", "in the copy"]
    assert copy.proof.seal.key_id == place.proof.seal.key_id, "what the rows are sealed with"
    await copy.database.close()
    assert assets_in(place.register) == ["First", "Second"]
    assert shelf.measure(made.workspace_id).figures == RegisterFigures(assets=1)
    home = shelf.measure(HOME)
    assert home.figures == RegisterFigures(assets=2)
    assert home.size_bytes < shelf.measure(made.workspace_id).size_bytes + place.register.stat().st_size + 2_000_000


async def test_keys_that_lie_elsewhere_stay_elsewhere(place: Place, tmp_path: Path) -> None:
    await place.database.close()
    (place.folder / "keys").rename(tmp_path / "elsewhere")
    shelf = shelf_of(place.folder, key_folder=str(tmp_path / "elsewhere"))
    made = shelf.duplicate(HOME, "Copy", quiet)
    keys = tmp_path / "elsewhere" / "workspaces" / made.workspace_id
    assert {file.name for file in keys.iterdir()} == {"audit.key", "audit.head"}
    assert not list(place.folder.rglob("audit.key"))
    other = shelf_of(shutil.copytree(place.folder, tmp_path / "copied profile"), key_folder=str(tmp_path / "elsewhere"))
    for _ in range(2):  # deleted there, and what was left behind set aside: the original still needs its keys
        other.remove_for_good(other.set_aside(made.workspace_id))
        other.tidy()
        assert {file.name for file in keys.iterdir()} == {"audit.key", "audit.head"}
        shutil.copytree(shelf.folder(made.workspace_id), other.folder(HOME) / "workspaces" / made.workspace_id)
    assert (tmp_path / "elsewhere" / "audit.key").exists()


async def test_a_duplicate_that_is_given_up_leaves_no_keys_elsewhere(place: Place, tmp_path: Path) -> None:
    await place.database.close()
    (place.folder / "keys").rename(tmp_path / "elsewhere")
    shelf = shelf_of(place.folder, key_folder=str(tmp_path / "elsewhere"))
    with pytest.raises(WorkCancelled):
        shelf.duplicate(HOME, "Copy", give_up)
    assert not (tmp_path / "elsewhere" / "workspaces").exists()


async def test_a_duplicate_that_is_cut_off_is_not_listed_and_goes(place: Place, copies: Callable[[Path], Path]) -> None:
    place.add_block(b"one")
    await place.database.close()
    folder = place.folder.parent / "copy"
    for _ in killed_at_each_change(
        folder, lambda: copies(place.folder) and None, lambda: shelf_of(folder).duplicate(HOME, "Cut", quiet)
    ):
        shelf = shelf_of(folder)
        shelf.tidy()
        listed = shelf.list()[1:]
        assert {each.name for each in (folder / "workspaces").glob("*/")} == {each.workspace_id for each in listed}
        assert {each.stem for each in (folder / "workspaces").glob("*.lock")} <= {each.workspace_id for each in listed}
        for each in listed:
            made = shelf.folder(each.workspace_id)
            assert (assets_in(made / "register.db"), len(block_names(made / "content"))) == (["First"], 1)


async def test_a_duplicate_that_is_given_up_leaves_nothing(place: Place) -> None:
    shelf = shelf_of(place.folder)
    with pytest.raises(WorkCancelled):
        shelf.duplicate(HOME, "Copy", give_up)
    assert list((place.folder / "workspaces").iterdir()) == []


def test_what_is_deleted_can_be_brought_back_until_it_is_removed(tmp_path: Path, shelf: WorkspaceFolders) -> None:
    made = shelf.create("Short", with_demo_data=False)
    folder = shelf.folder(made.workspace_id)
    aside = shelf.set_aside(made.workspace_id)
    assert (shelf.list(), folder.exists()) == ((Workspace(HOME, ""),), False)
    shelf_of(tmp_path).tidy()  # another program's start
    shelf.bring_back(aside)
    assert shelf.list()[1:] == (made,)

    shelf.remove_for_good(shelf.set_aside(made.workspace_id))
    assert list((tmp_path / "workspaces").iterdir()) == []
    assert refused(lambda: shelf.bring_back(aside)) is ErrorCode.WORKSPACE_UNUSABLE
    assert refused(lambda: shelf.remove_for_good("../..")) is ErrorCode.WORKSPACE_UNUSABLE


def test_what_nobody_brought_back_is_gone_at_the_end_and_after_a_kill(tmp_path: Path, shelf: WorkspaceFolders) -> None:
    shelf.set_aside(shelf.create("Ended", with_demo_data=False).workspace_id)
    shelf.close()
    assert list((tmp_path / "workspaces").iterdir()) == []
    killed = shelf_of(tmp_path)
    aside = killed.set_aside(killed.create("Killed", with_demo_data=False).workspace_id)
    killed._aside.pop(aside).release()  # as the system does
    shelf.tidy()
    assert list((tmp_path / "workspaces").iterdir()) == []


def test_deleting_never_leaves_the_folder(tmp_path: Path) -> None:
    profile, precious = tmp_path / "profile", tmp_path / "precious"
    profile.mkdir()
    precious.mkdir()
    (precious / "thesis.txt").write_text("mine", "utf-8")
    shelf = shelf_of(profile)
    made = shelf.create("Linked", with_demo_data=False)
    (shelf.folder(made.workspace_id) / "content").symlink_to(precious)
    shelf.remove_for_good(shelf.set_aside(made.workspace_id))
    (profile / "workspaces" / "link-012345").symlink_to(precious)
    assert shelf.list() == (Workspace(HOME, ""),)
    for workspace_id in ("link-012345", "../../precious", "..", "missing-012345", "UPPER"):
        assert refused(lambda id_=workspace_id: shelf.set_aside(id_)) is ErrorCode.WORKSPACE_UNUSABLE
        assert refused(lambda id_=workspace_id: shelf.folder(id_)) is ErrorCode.WORKSPACE_UNUSABLE
    assert (precious / "thesis.txt").read_text("utf-8") == "mine"
    assert list((profile / "workspaces").glob("*.lock")) == []


def test_a_lock_goes_unless_somebody_holds_it(tmp_path: Path, shelf: WorkspaceFolders) -> None:
    kept = shelf.create("Kept", with_demo_data=False).workspace_id
    held, left = (
        ProfileFileLock(lock_file(tmp_path, "held-012345")),
        ProfileFileLock(lock_file(tmp_path, "left-012345")),
    )
    held.acquire()  # by a program that makes this one just now
    left.acquire()
    left.release()
    shelf.tidy()
    assert {file.stem for file in (tmp_path / "workspaces").glob("*.lock")} == {kept, "held-012345"}
    held.remove()
    assert not held.is_held
    assert not held.file.exists()


def test_one_that_is_open_elsewhere_is_left_alone(tmp_path: Path, shelf: WorkspaceFolders) -> None:
    made = shelf.create("Busy", with_demo_data=False)
    shelf.require_free(made.workspace_id)
    other = ProfileFileLock(lock_file(tmp_path, made.workspace_id))
    other.acquire()
    for work in (
        lambda: shelf.set_aside(made.workspace_id),
        lambda: shelf.rename(made.workspace_id, "Mine"),
        lambda: shelf.duplicate(made.workspace_id, "Copy", quiet),
        lambda: shelf.require_free(made.workspace_id),
    ):
        assert refused(work) is ErrorCode.WORKSPACE_IN_USE
    other.release()
    shelf.require_free(made.workspace_id)
    inside = shelf_of(tmp_path, made.workspace_id)
    for open_id in (HOME, made.workspace_id):  # neither the profile itself nor the open one
        assert refused(lambda id_=open_id: inside.set_aside(id_)) is ErrorCode.WORKSPACE_IN_USE


def test_one_whose_note_is_damaged_is_listed_and_a_newer_one_is_not_opened(
    tmp_path: Path, shelf: WorkspaceFolders
) -> None:
    damaged, newer = (shelf.create(name, with_demo_data=False).workspace_id for name in ("Damaged", "Newer"))
    (shelf.folder(damaged) / "workspace.json").write_text("{", "utf-8")
    (shelf.folder(newer) / "workspace.json").write_text(json.dumps({"schema": 2, "name": "Newer"}), "utf-8")
    assert [each.name for each in shelf.list()] == ["", damaged, "Newer"]
    assert shelf.folder(damaged).is_dir()
    with pytest.raises(EnvironmentFault):
        shelf.folder(newer)
