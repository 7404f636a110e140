"""The real program in this process, from its window to a ready environment."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication

from benchmarks.catalogue import Sizes
from ipnft_desktop.bootstrap.page_keys import REGISTER
from ipnft_desktop.bootstrap.window import Program
from ipnft_desktop.program_log import close_log, open_log
from ipnft_desktop.settings import Settings

if TYPE_CHECKING:
    from ipnft_desktop.bootstrap.core import Core
    from ipnft_desktop.ui.register.view import RegisterView

READY_TIMEOUT_S = 60


@dataclass(frozen=True, slots=True)
class Running:
    """A program whose environment is ready and whose register is in view."""

    program: Program
    core: Core
    register_view: RegisterView
    ready_s: float
    """From the painted window to the ready environment, libraries loaded on the way included."""


Scenario = Callable[[Running, Sizes], Awaitable[dict[str, Any]]]
"""What is done with a running program; returns samples as plain JSON values."""


@asynccontextmanager
async def open_program(app: QApplication, profile: Path) -> AsyncGenerator[Running]:
    """Open the window on a profile and press Start; everything is closed in order at the end."""
    open_log(profile)
    settings = Settings()
    program = Program(app, profile, settings)
    try:
        shown = asyncio.ensure_future(program.show())
        await program.painted.wait()
        started = time.perf_counter()
        await shown
        core = await asyncio.to_thread(_load_core, profile, settings)
        await program.join(core)
        await _start_everything(core)
        ready_s = time.perf_counter() - started
        program.window.show_page(REGISTER)
        yield Running(program, core, program.pages.register_view, ready_s)
    finally:
        program.window.close()
        await program.close()
        close_log()


async def _start_everything(core: Core) -> None:
    """Start as the button does and wait until everything is ready. Raises the IpnftError of a stage that failed."""
    async with asyncio.timeout(READY_TIMEOUT_S):
        await core.runner.start(lambda _report: None)


def _load_core(profile: Path, settings: Settings) -> Core:
    # Imported in the thread, as the program does it: the libraries' loading is part of what a person waits for.
    from ipnft_desktop.bootstrap.core import build_core

    return build_core(profile, settings)
