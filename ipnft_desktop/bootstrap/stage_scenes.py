"""The scenes that come with the program."""

from __future__ import annotations

from ipnft_desktop.domain.scene_text import read_scene
from ipnft_desktop.domain.scenes import Scene
from ipnft_desktop.paths import RESOURCES


def scenes_of_the_program() -> tuple[Scene, ...]:
    """In the order of their files. Raises SceneInvalid."""
    return tuple(read_scene(file.read_text("utf-8")) for file in sorted((RESOURCES / "scenes").glob("*.toml")))
