"""How long a checkpoint takes, and the way back to it until everything stands again."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from benchmarks.catalogue import Figure, Sizes
from benchmarks.child import run_headless, temporary_profile
from benchmarks.figures import median
from benchmarks.headless import journal_complete, open_core
from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.bootstrap.stage_parts import Stage
from ipnft_desktop.domain.scene_text import read_scene
from ipnft_desktop.paths import RESOURCES
from ipnft_desktop.services.long_work import LongWork

SCENARIO = "checkpoints"


def measure(sizes: Sizes) -> list[Figure]:
    """Saved and restored in turns, on the demonstration register with its four scenes played."""
    with temporary_profile() as profile:
        samples = run_headless(SCENARIO, profile, sizes)
    return [
        Figure("checkpoint_s.save", median(samples["save"]), len(samples["save"])),
        Figure("checkpoint_s.restore", median(samples["restore"]), len(samples["restore"])),
    ]


async def save_and_restore(profile: Path, sizes: Sizes) -> dict[str, Any]:
    """As on stage: with the present state kept as a checkpoint too, and nobody asked who they are."""
    saved: list[float] = []
    restored: list[float] = []
    async with open_core(profile) as core:
        assert core.stage is not None
        await _play_all(core.stage)
        await journal_complete(core)
        for _ in range(sizes.checkpoints):
            began = time.perf_counter()
            checkpoint = await core.checkpoints.make("Measured", LongWork())
            saved.append(time.perf_counter() - began)
            began = time.perf_counter()
            await core.stage.checkpoints.return_to(checkpoint, LongWork())
            restored.append(time.perf_counter() - began)
            await _require_whole(core)
    return {"save": saved, "restore": restored}


async def _play_all(stage: Stage) -> None:
    scenes = [read_scene(file.read_text("utf-8")) for file in sorted((RESOURCES / "scenes").glob("*.toml"))]
    stage.director.give(scenes)
    for scene in scenes:
        stage.director.choose(scene)
        for _ in scene.steps:
            stage.director.on()
            await stage.director.ended()
        if not stage.director.show_of(scene).is_played:
            raise RuntimeError(f"the scene {scene.scene_id} was not played to its end")


async def _require_whole(core: Core) -> None:
    if core.environment.ready is None or core.session.user is None:
        raise RuntimeError("the way back did not end with everything standing and somebody signed in")
