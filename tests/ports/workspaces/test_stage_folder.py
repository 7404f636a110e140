"""What rehearsals leave beside a register: whole or absent, and never more than is named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ipnft_desktop.adapters.workspaces.stage_folder import RECORD_FILE, StageFolder
from ipnft_desktop.domain.scenes import StepState
from ipnft_desktop.services.stage.rehearsal_record import (
    Rehearsed,
    RehearsedScene,
    RehearsedStep,
    StageRecord,
    Underway,
)
from tests.support import samples
from tests.support.dying_disk import killed_at_each_change

WORK = samples.uuid()
STEP = RehearsedStep("mint", StepState.DONE, 1.25, "NODE_UNREACHABLE", "gone", "1-01.png")
SCENE = RehearsedScene("one", "ab" * 32, (STEP,), {WORK: 1}, "checkpoint", {"one": {"work": (WORK,)}})
RECORD = StageRecord(Rehearsed(samples.NOW, (SCENE,)), Underway("before", ("made",)))


def test_a_record_is_read_as_it_was_kept(tmp_path: Path) -> None:
    store = StageFolder(tmp_path)
    assert store.load() == StageRecord()
    store.keep(RECORD)
    assert StageFolder(tmp_path).load() == RECORD


def test_pictures_stay_while_a_rehearsal_is_under_way_and_only_the_named_ones_behind_it(tmp_path: Path) -> None:
    store = StageFolder(tmp_path)
    for name in ("1-01.png", "2-01.png"):
        store.keep_picture(name, name.encode())
    store.keep(RECORD)
    assert store.picture("2-01.png") is not None
    store.keep(replace(RECORD, underway=None))
    assert store.picture("2-01.png") is None
    kept = store.picture("1-01.png")
    assert kept is not None
    assert kept.read_bytes() == b"1-01.png"


@pytest.mark.parametrize("name", ["../register.db", "a/b.png", "rehearsal.json", ".png"])
def test_a_picture_lies_in_the_folder_and_nowhere_else(tmp_path: Path, name: str) -> None:
    store = StageFolder(tmp_path)
    store.keep(RECORD)
    with pytest.raises(ValueError, match=r".+"):
        store.keep_picture(name, b"")
    assert store.picture(name) is None


@pytest.mark.parametrize("content", ["", "[]", "{", '{"schema": 2}', '{"schema": 1}', '{"schema": 1, "rehearsed": 5}'])
def test_a_damaged_record_counts_as_none(tmp_path: Path, content: str) -> None:
    store = StageFolder(tmp_path)
    store.keep(RECORD)
    (tmp_path / "stage" / RECORD_FILE).write_text(content, "utf-8")
    assert store.load() == StageRecord()


def test_killed_while_it_is_kept_the_one_before_or_the_new_one_is_there(tmp_path: Path) -> None:
    store, later = StageFolder(tmp_path), replace(RECORD, underway=None)
    seen = set[bool]()
    for _ in killed_at_each_change(tmp_path, lambda: store.keep(RECORD), lambda: store.keep(later)):
        assert store.load() in (RECORD, later)
        seen.add(store.load() == later)
    assert seen == {False} or seen == {True, False}
