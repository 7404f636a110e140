"""Runs the scenes from the command line: each round from a clean start, in the window itself."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication

from ipnft_desktop.bootstrap.core import build_core
from ipnft_desktop.bootstrap.window import Program
from ipnft_desktop.settings import load_settings, save_settings
from ipnft_desktop.tour.camera import Camera, StoryStuck, seen
from ipnft_desktop.tour.program import NODE_PORT_OF_TOURS, PICTURE_SIZE
from ipnft_desktop.tour.scene_report import PlayedRound, PlayedStep, medians_of, table_of, write_json
from ipnft_desktop.tour.scenes import OnStage
from ipnft_desktop.ui.language import Language

REPORT = "scenes.json"


@dataclass(frozen=True, slots=True)
class ScenesOptions:
    """How often the scenes are played, and where pictures of the first round and the report go; rounds take turns with
    the languages."""

    out: Path
    rounds: int = 1
    kills: bool = False
    languages: tuple[Language, ...] = tuple(Language)


async def run_scenes(app: QApplication, options: ScenesOptions) -> int:
    """Play all scenes in each round; returns 0 if everything is as it should be in all of them, 1 otherwise."""
    rounds: list[PlayedRound] = []
    for number in range(1, options.rounds + 1):
        told = options.languages[(number - 1) % len(options.languages)]
        profile = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="ipnft-scenes-"))
        try:
            played = await _round(app, profile, told, number, options)
        finally:
            await asyncio.to_thread(shutil.rmtree, profile, ignore_errors=True)
        rounds.append(played)
        verdict = "as it should be" if played.has_passed else "NOT as it should be"
        heading = f"Round {number} of {options.rounds} ({told}), {played.seconds:.1f} s: {verdict}"
        print(f"{heading}\n{table_of(played)}\n", flush=True)  # noqa: T201
        await asyncio.to_thread(write_json, options.out / REPORT, rounds)  # what is known survives a later round
    medians = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in medians_of(rounds).items())
    passed = sum(played.has_passed for played in rounds)
    print(f"{passed} of {len(rounds)} rounds as they should be; medians: {medians}")  # noqa: T201
    return 0 if passed == len(rounds) else 1


async def _round(app: QApplication, profile: Path, told: Language, number: int, options: ScenesOptions) -> PlayedRound:
    begun_s = time.monotonic()
    chosen = {"language": told.value, "node_port": NODE_PORT_OF_TOURS, "demo_data": True}
    await asyncio.to_thread(save_settings, profile, chosen)
    settings = await asyncio.to_thread(load_settings, profile)
    program = Program(app, profile, settings)
    camera = Camera(program.window, options.out, lambda: program.pages.pictures.is_idle)
    folder = options.out / f"scenes-{told}" if number <= len(options.languages) and not options.kills else None
    steps: list[PlayedStep] = []
    failures: list[str] = []
    try:
        program.window.resize(PICTURE_SIZE)
        await program.show()
        await program.join(await asyncio.to_thread(build_core, profile, settings))
        program.pages.environment_view.start_button.click()
        await seen("environment ready", lambda: program.core is not None and program.core.environment.ready)
        async for step in OnStage(program, camera, folder, kills=options.kills).play():
            steps.append(step)  # noqa: PERF401 - those before the one that is stuck are told too
    except StoryStuck as stuck:
        failures.append(f"not seen: {stuck}")
    finally:
        program.window.close()
        await program.close()
    return PlayedRound(number, told.value, time.monotonic() - begun_s, tuple(steps), tuple(failures))
