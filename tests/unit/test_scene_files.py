"""Scenes on the disk, the command that looks at them, and the text that explains them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ipnft_desktop.__main__ import main
from ipnft_desktop.adapters.scene_files import MOST_SCENE_BYTES, find_scenes
from ipnft_desktop.domain import scene_text
from ipnft_desktop.domain.scene_text import read_scene
from ipnft_desktop.domain.scenes import Doing, Fact, Goal, StageFault
from ipnft_desktop.paths import PROJECT, RESOURCES

OF_THE_PROGRAM = RESOURCES / "scenes"
GUIDE = (PROJECT / "docs" / "scenes.md").read_text("utf-8")
ONE = (OF_THE_PROGRAM / "1-mint-one.toml").read_text("utf-8")


def test_the_scenes_of_the_program_are_all_fine(tmp_path: Path) -> None:
    found = find_scenes((OF_THE_PROGRAM, tmp_path / "none"))
    assert [scene.scene_id for scene in found.scenes] == ["mint-one", "recover", "verify", "batch"]
    assert found.broken == ()


def test_own_scenes_come_beside_those_of_the_program_and_in_their_places(tmp_path: Path) -> None:
    (tmp_path / "2-recover.toml").write_text(ONE.replace('"mint-one"', '"mine"', 1), "utf-8")
    (tmp_path / "0-first.toml").write_text("\ufeff" + ONE.replace('"mint-one"', '"first"', 1), "utf-8")
    (tmp_path / "notes.txt").write_text("no scene", "utf-8")
    found = find_scenes((OF_THE_PROGRAM, tmp_path))
    assert [scene.scene_id for scene in found.scenes] == ["first", "mint-one", "mine", "verify", "batch"]
    assert found.broken == ()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"id = ", "this is not TOML"),
        (b"\xff\xfe", "this is not UTF-8"),
        (b"#" * (MOST_SCENE_BYTES + 1), f"the file has more than {MOST_SCENE_BYTES} bytes"),
        (ONE.encode(), "another scene has the id “mint-one”"),
        (None, "cannot be read: Is a directory"),
    ],
)
def test_a_broken_scene_is_left_out_and_named(tmp_path: Path, content: bytes | None, problem: str) -> None:
    file = tmp_path / "9-broken.toml"
    file.mkdir() if content is None else file.write_bytes(content)
    found = find_scenes((OF_THE_PROGRAM, tmp_path))
    assert len(found.scenes) == 4
    assert [broken.file for broken in found.broken] == [file]
    assert str(found.broken[0].problems[0]).startswith(problem)


def test_a_broken_scene_in_the_place_of_one_of_the_program_does_not_bring_that_back(tmp_path: Path) -> None:
    (tmp_path / "2-recover.toml").write_text("", "utf-8")
    found = find_scenes((OF_THE_PROGRAM, tmp_path))
    assert [scene.scene_id for scene in found.scenes] == ["mint-one", "verify", "batch"]
    assert len(found.broken) == 1


def test_the_command_names_file_step_and_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fine, broken = OF_THE_PROGRAM / "1-mint-one.toml", tmp_path / "mine.toml"
    broken.write_text(ONE.replace("until", "untill", 1), "utf-8")
    assert main(["scenes", "check", str(fine), str(broken)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{fine}: mint-one, 3 steps: fine",
        f"{broken}: step 1 (asset): unknown key “untill”",
        f"{broken}: step 1 (asset): “create” ends by created",
    ]
    assert main(["scenes", "check", str(fine)]) == 0


def test_the_worked_example_can_be_played() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    assert len(read_scene(example).steps) == 3


@pytest.mark.parametrize("word", [*Doing, *Goal, *StageFault, *Fact])
def test_every_word_is_explained(word: str) -> None:
    assert re.search(rf"^\| .*`{word}`.* \| ", GUIDE, re.MULTILINE)


@pytest.mark.parametrize("keys", ["_SCENE_KEYS", "_STEP_KEYS"])
def test_every_key_is_explained(keys: str) -> None:
    for key in getattr(scene_text, keys):
        assert re.search(rf"^\| .*`(\[\[)?{key}(\]\])?`.* \| ", GUIDE, re.MULTILINE), key


def test_the_table_of_doings_tells_by_what_each_may_end() -> None:
    reached_by: dict[Goal, frozenset[Doing]] = getattr(scene_text, "_REACHED_BY")  # noqa: B009 - it is private
    for doing in Doing:
        (line,) = re.findall(rf"^\| `{doing}` \|.*\|(.*)\|$", GUIDE, re.MULTILINE)
        ends = {goal.value for goal, ways in reached_by.items() if doing in ways}
        assert set(re.findall(r"`(\w+)`", line)) == ends
