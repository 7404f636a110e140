"""Runs the tour from the command line."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from ipnft_desktop.bootstrap.core import DATABASE_FILE, build_core
from ipnft_desktop.bootstrap.window import Program
from ipnft_desktop.settings import Settings
from ipnft_desktop.tour.camera import Camera
from ipnft_desktop.tour.report import StepReport, table_of, write_json
from ipnft_desktop.tour.story import Story

PICTURE_SIZE = QSize(1440, 900)
NODE_PORT_OF_TOURS = 18600
"""Away from the port of the program, which may be running beside the tour."""


CONFIRMATIONS_TO_WATCH = 6
STAGE_PACE_MS = 150
"""An audience sees the confirmations count up."""
REFUSED = "{} holds a register already; the tour creates and mints assets: name a new folder, or leave --profile out."


@dataclass(frozen=True, slots=True)
class TourOptions:
    """Where pictures and table go; without a profile a new one is made and removed again."""

    out: Path
    json: Path | None
    profile: Path | None


async def run_tour(app: QApplication, options: TourOptions) -> int:
    """Tell the whole story once; returns 0 if every step succeeded, 1 otherwise, 2 for a profile it may not play in."""
    if options.profile is not None and (options.profile / DATABASE_FILE).exists():
        print(REFUSED.format(options.profile), file=sys.stderr)  # noqa: T201
        return 2
    profile = options.profile or Path(tempfile.mkdtemp(prefix="ipnft-tour-"))
    settings = Settings(node_port=NODE_PORT_OF_TOURS, confirmations=CONFIRMATIONS_TO_WATCH, stage_pace_ms=STAGE_PACE_MS)
    program = Program(app, profile, settings)
    camera = Camera(program.window, options.out, lambda: program.pages.pictures.is_idle)
    steps: list[StepReport] = []
    try:
        program.window.resize(PICTURE_SIZE)
        await program.show()
        program.join(await asyncio.to_thread(build_core, profile, settings))
        async for step in Story(program, camera).tell():
            steps.append(step)
            print(f"{step.step}: {step.failure or 'done'} ({step.seconds:.2f} s)", flush=True)  # noqa: T201
    finally:
        program.window.close()
        await program.close()
        if options.profile is None:
            await asyncio.to_thread(shutil.rmtree, profile, ignore_errors=True)
    print(f"\n{table_of(steps)}\n\n{len(camera.pictures)} pictures in {options.out}")  # noqa: T201
    if options.json:
        write_json(options.json, steps, camera.pictures)
    return 1 if any(step.failure for step in steps) else 0
