"""Keys that the program makes for a register: made once, kept to their owner, never replaced by mistake."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ipnft_desktop.adapters.key_folder import KEY_BYTES, KeyFolder
from ipnft_desktop.adapters.workspaces.layout import workspace_key_folder
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.workspaces import HOME

posix = pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in another way")


def test_a_key_is_made_once(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path / "keys")
    assert folder.key("audit.key") is None
    made = folder.make_key("audit.key")
    assert len(made) == KEY_BYTES
    assert folder.make_key("audit.key") == folder.key("audit.key") == made
    assert [file.name for file in (tmp_path / "keys").iterdir()] == ["audit.key"]


def test_programs_that_make_it_in_the_same_moment_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(lambda _: KeyFolder(tmp_path / "keys").make_key("audit.key"), range(16)))) == 1


@posix
def test_only_the_owner_may_look(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path / "keys")
    folder.make_key("audit.key")
    folder.write("audit.head", b"{}")
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "keys").iterdir()} == {0o600}


def test_a_file_is_replaced_in_one_step(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path)
    folder.write("audit.head", b"first")
    folder.write("audit.head", b"second")
    assert folder.read("audit.head") == b"second"
    assert [file.name for file in tmp_path.iterdir()] == ["audit.head"]


def test_a_damaged_key_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "audit.key").write_bytes(b"short")
    for use in (KeyFolder(tmp_path).key, KeyFolder(tmp_path).make_key):
        with pytest.raises(EnvironmentFault) as refused:
            use("audit.key")
        assert refused.value.code is ErrorCode.KEY_FOLDER_UNAVAILABLE
    assert (tmp_path / "audit.key").read_bytes() == b"short"


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "keys").write_bytes(b"a file in its place")
    with pytest.raises(EnvironmentFault) as refused:
        KeyFolder(tmp_path / "keys").make_key("audit.key")
    assert refused.value.code is ErrorCode.KEY_FOLDER_UNAVAILABLE


def test_it_lies_in_the_profile_unless_another_place_is_chosen(tmp_path: Path) -> None:
    KeyFolder(workspace_key_folder(tmp_path / "profile", "", HOME)).make_key("audit.key")
    KeyFolder(workspace_key_folder(tmp_path / "profile", str(tmp_path / "elsewhere"), HOME)).make_key("audit.key")
    assert (tmp_path / "profile" / "keys" / "audit.key").is_file()
    assert (tmp_path / "elsewhere" / "audit.key").is_file()
