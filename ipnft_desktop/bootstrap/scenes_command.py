"""`ipnft scenes check`: says what is wrong with scenes before they are brought on stage."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ipnft_desktop.adapters.scene_files import scene_in
from ipnft_desktop.domain.scene_text import SceneInvalid


def check_scenes(files: Sequence[Path]) -> int:
    """Print a line for each problem, `file: step: what`; returns 1 where there is any, 0 otherwise."""
    has_problems = False
    for file in files:
        try:
            scene = scene_in(file)
        except SceneInvalid as error:
            has_problems = True
            for problem in error.scene_problems:
                print(f"{file}: {problem}")  # noqa: T201 - the answer of a command
        else:
            print(f"{file}: {scene.scene_id}, {len(scene.steps)} steps: fine")  # noqa: T201
    return 1 if has_problems else 0
