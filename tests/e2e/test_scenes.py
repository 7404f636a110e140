"""The scenes of the stage from the command line, as somebody who wants to know plays them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from ipnft_desktop.adapters.scene_files import find_scenes
from ipnft_desktop.paths import PROJECT, RESOURCES
from ipnft_desktop.tour.scene_report import PlayedRound, PlayedStep, medians_of, table_of

PATIENCE_S = 180
"""All four scenes from a clean start take no longer."""


def test_all_scenes_are_played_by_keys_and_end_with_one_token_a_work(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ipnft_desktop", "tour", "--scenes", "--language", "en", "--out", str(tmp_path)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    run = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=PATIENCE_S)
    assert run.returncode == 0, run.stdout + run.stderr
    report = json.loads((tmp_path / "scenes.json").read_text("utf-8"))
    assert report["passed"]
    (played,) = report["rounds"]
    scenes = find_scenes((RESOURCES / "scenes",)).scenes
    expected = [(scene.scene_id, step.step_id, "DONE") for scene in scenes for step in scene.steps]
    assert [(step["scene"], step["step"], step["state"]) for step in played["steps"]] == expected
    for scene in scenes:
        last = [step for step in played["steps"] if step["scene"] == scene.scene_id][-1]
        assert last["tokens"] == last["works"] > 0
    assert len(list((tmp_path / "scenes-en").glob("*.png"))) == len(expected)


def test_one_step_that_is_not_as_it_should_be_is_told_and_counts() -> None:
    fine = PlayedStep("recover", "cut", "DONE", 0.2, 1, 1, "0xabc")
    wrong = PlayedStep("recover", "proof", "DONE", 0.4, None, 1, "0xabc", failure="not one token a work")
    assert PlayedRound(1, "en", 9.0, (fine,)).has_passed
    failed = PlayedRound(2, "zh", 11.0, (fine, wrong))
    assert not failed.has_passed
    assert not PlayedRound(3, "en", 10.0, (), ("not seen: the scenes",)).has_passed
    lines = table_of(failed).splitlines()
    assert lines[2].split() == ["recover", "cut", "DONE", "1", "0.20", "1", "of", "1", "0xabc"]
    assert lines[3].endswith("- of 1  not one token a work")
    assert medians_of([PlayedRound(1, "en", 9.0, (fine,)), failed])["round"] == 10.0
