"""The whole window over a register in memory, with a minted asset and a draft."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication, QLabel

from ipnft_desktop.bootstrap.window import Program
from ipnft_desktop.domain.assets import Asset
from tests.support import samples
from tests.support.core_factory import MemoryCore, request


@dataclass
class Desk:
    """The program over a register with a minted asset and a draft."""

    program: Program
    memory: MemoryCore
    minted: Asset
    draft: Asset

    def texts(self) -> str:
        """Every word in view."""
        shown = (label.text() for label in self.program.window.findChildren(QLabel) if label.isVisible())
        return "\n".join(shown)


@asynccontextmanager
async def open_desk(app: QApplication, profile: Path) -> AsyncGenerator[Desk]:
    """No fixture: between fixture and test Qt goes on while no asyncio loop runs, which never happens to a person."""
    memory = MemoryCore(profile)
    program = Program(app, profile, memory.settings)
    await program.show()
    await program.join(memory.core)
    await memory.start()
    owner = samples.enterprise()
    minted, draft = samples.asset(owner, name="Minted secret"), samples.asset(owner, name="Drafted secret")
    await memory.core.register.add_assets([minted, draft], (owner,))
    await memory.core.desk.mint([request(minted)])
    try:
        yield Desk(program, memory, minted, draft)
    finally:
        program.window.close()
        await program.close()
