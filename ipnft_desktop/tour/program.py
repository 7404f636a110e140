"""Runs the tour from the command line."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from ipnft_desktop.bootstrap.adapters import DATABASE_FILE
from ipnft_desktop.bootstrap.core import build_core
from ipnft_desktop.bootstrap.window import Program
from ipnft_desktop.settings import load_settings, save_settings
from ipnft_desktop.tour.camera import Camera
from ipnft_desktop.tour.guide_pictures import PictureMissing, write_guide_pictures
from ipnft_desktop.tour.report import StepReport, table_of, write_json
from ipnft_desktop.tour.story import Story
from ipnft_desktop.ui.language import Language

PICTURE_SIZE = QSize(1440, 900)
NODE_PORT_OF_TOURS = 18600
"""Away from the port of the program, which may be running beside the tour."""


CONFIRMATIONS_TO_WATCH = 6
STAGE_PACE_MS = 150
"""An audience sees the confirmations count up."""
REFUSED = "{} holds a register already; the tour creates and mints assets: name a new folder, or leave --profile out."


@dataclass(frozen=True, slots=True)
class TourOptions:
    """Where pictures and table go, and the languages in which the story is told; without a profile a new one is made
    for each and removed again. A profile takes one language."""

    out: Path
    json: Path | None
    profile: Path | None
    languages: tuple[Language, ...] = tuple(Language)
    guide: Path | None = None
    """Where the guides look for their pictures, to be made anew; None where they stay."""


async def run_tour(app: QApplication, options: TourOptions) -> int:
    """Tell the whole story once in each language; returns 0 if every step succeeded, 1 otherwise, 2 for a profile it
    may not play in."""
    if options.profile is not None and (options.profile / DATABASE_FILE).exists():
        print(REFUSED.format(options.profile), file=sys.stderr)  # noqa: T201
        return 2
    steps: list[StepReport] = []
    pictures: list[Path] = []
    languages = options.languages[:1] if options.profile else options.languages
    for told in languages:
        profile = options.profile or Path(tempfile.mkdtemp(prefix="ipnft-tour-"))
        try:
            steps += await _tell(app, profile, told, options, pictures)
        finally:
            if options.profile is None:
                await asyncio.to_thread(shutil.rmtree, profile, ignore_errors=True)
    print(f"\n{table_of(steps)}\n\n{len(pictures)} pictures in {options.out}")  # noqa: T201
    if options.json:
        write_json(options.json, steps, options.out, tuple(pictures))
    if any(step.failure for step in steps):
        return 1
    return 0 if options.guide is None else await _write_guide(pictures, options.guide)


async def _write_guide(pictures: list[Path], folder: Path) -> int:
    try:
        written = await asyncio.to_thread(write_guide_pictures, pictures, folder)
    except (PictureMissing, OSError) as error:
        print(f"The guides keep their pictures: {error}", file=sys.stderr)  # noqa: T201
        return 1
    print(f"{len(written)} pictures of the guides in {folder}")  # noqa: T201
    return 0


async def _tell(
    app: QApplication, profile: Path, told: Language, options: TourOptions, pictures: list[Path]
) -> list[StepReport]:
    """The story in one language; what was photographed is added to `pictures`."""
    # Kept as a person would keep them: the Settings page would otherwise tell of changes that nobody made.
    await asyncio.to_thread(
        save_settings,
        profile,
        {
            "language": told.value,
            "node_port": NODE_PORT_OF_TOURS,
            "confirmations": CONFIRMATIONS_TO_WATCH,
            "stage_pace_ms": STAGE_PACE_MS,
        },
    )
    settings = await asyncio.to_thread(load_settings, profile)
    program = Program(app, profile, settings)
    themes = (False, True) if options.guide is None else (False,)  # the guides are printed on white
    camera = Camera(program.window, options.out, lambda: program.pages.pictures.is_idle, themes)
    steps: list[StepReport] = []
    try:
        program.window.resize(PICTURE_SIZE)
        await program.show()
        await program.join(await asyncio.to_thread(build_core, profile, settings))
        async for step in Story(program, camera).tell():
            steps.append(replace(step, step=f"{told}: {step.step}"))
            print(f"{told}: {step.step}: {step.failure or 'done'} ({step.seconds:.2f} s)", flush=True)  # noqa: T201
    finally:
        program.window.close()
        await program.close()
    pictures += camera.pictures
    return steps
