"""Scenes on the disk: those of the program, and those of a person beside them or in their places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.domain.scene_text import SceneInvalid, SceneProblem, read_scene
from ipnft_desktop.domain.scenes import Scene

MOST_SCENE_BYTES = 256 * 1024
"""Twenty steps with all their words take a tenth of it."""


@dataclass(frozen=True, slots=True)
class BrokenScene:
    """A file that is left out of the show, and everything that is wrong with it."""

    file: Path
    problems: tuple[SceneProblem, ...]


@dataclass(frozen=True, slots=True)
class FoundScenes:
    """What can be played, in the order of the file names, and what cannot."""

    scenes: tuple[Scene, ...]
    broken: tuple[BrokenScene, ...]


def find_scenes(folders: Sequence[Path]) -> FoundScenes:
    """The scenes in `*.toml` of all folders; of files of one name the one in the latest folder counts, also where it is
    broken. A folder that is not there has none. Blocks; raises nothing for what a file holds."""
    by_name = {file.name: file for folder in folders for file in sorted(folder.glob("*.toml"))}
    scenes: dict[str, Scene] = {}
    broken: list[BrokenScene] = []
    for _name, file in sorted(by_name.items()):
        try:
            scene = scene_in(file)
            if scene.scene_id in scenes:
                again = phrase("another scene has the id “{scene_id}”", scene_id=scene.scene_id)
                raise SceneInvalid((SceneProblem("", again),))
            scenes[scene.scene_id] = scene
        except SceneInvalid as error:
            broken.append(BrokenScene(file, error.scene_problems))
    return FoundScenes(tuple(scenes.values()), tuple(broken))


def scene_in(file: Path) -> Scene:
    """The scene that a file describes. Blocks; raises SceneInvalid with all that is wrong, also with the file."""
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_SCENE_BYTES + 1)
        if len(content) > MOST_SCENE_BYTES:
            large = phrase("the file has more than {most} bytes", most=MOST_SCENE_BYTES)
            raise SceneInvalid((SceneProblem("", large),))
        return read_scene(content.decode("utf-8-sig"))
    except OSError as error:
        unread = phrase("cannot be read: {reason}", reason=error.strerror or error)
        raise SceneInvalid((SceneProblem("", unread),)) from error
    except UnicodeDecodeError as error:
        raise SceneInvalid((SceneProblem("", phrase("this is not UTF-8")),)) from error
