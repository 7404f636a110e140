"""The stage over doubles: a director whose hands are scripted, and one over the chain in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from PySide6.QtWidgets import QApplication

from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.bootstrap.stage_parts import StageAdapters, stage_of
from ipnft_desktop.bootstrap.window import Program
from ipnft_desktop.domain.assets import AssetRow
from ipnft_desktop.domain.errors import ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.scenes import FactReading, Show, StageFault, Step, StepState
from ipnft_desktop.services.node_ports import NodeHost
from ipnft_desktop.services.stage.cast import Cast
from ipnft_desktop.services.stage.director import Director
from ipnft_desktop.ui.stage.slide import Slide
from tests.support import samples
from tests.support.core_factory import MemoryCore
from tests.support.memory_chain import MemoryChain


@dataclass
class ScriptedHands:
    """A step waits for `gate` where there is one, then does nothing, or what is scripted."""

    gate: asyncio.Event | None = None
    fault: IpnftError | None = None
    trouble: IpnftError | None = None
    works: tuple[UUID, ...] = ()
    done: list[str] = field(default_factory=list[str])

    async def perform(self, step: Step, cast: Cast, remark: str) -> IpnftError | None:
        self.done.append(step.step_id)
        if self.works:
            cast.subjects[step.subject] = self.works
        if self.gate is not None:
            await self.gate.wait()
        if self.fault is not None:
            raise self.fault
        return self.trouble

    async def jobs_of(self, asset_ids: Sequence[UUID]) -> list[Any]:
        return []


class NoReadings:
    """Tiles have nothing to say."""

    async def of(self, step: Step, cast: Cast, seconds: float) -> tuple[FactReading, ...]:
        return ()


class ScriptedFaults:
    """Nothing is broken for real; it is only told."""

    def __init__(self) -> None:
        self.active: frozenset[StageFault] = frozenset()
        self.heard: list[Any] = []

    def observe(self, hear: Any) -> Any:
        self.heard.append(hear)
        return lambda: None

    async def take_the_stage(self) -> None: ...

    async def leave_the_stage(self) -> None: ...

    async def begin(self, fault: StageFault) -> None:
        self._now(self.active | {fault})

    async def heal(self) -> None:
        self._now(frozenset())

    def _now(self, active: frozenset[StageFault]) -> None:
        self.active = active
        for hear in self.heard:
            hear()


def scripted(hands: ScriptedHands, faults: ScriptedFaults) -> Director:
    """The program's own director; what it would do is scripted."""
    return Director(cast("Any", hands), cast("Any", NoReadings()), cast("Any", faults))


@dataclass
class StandIn:
    """Has results and pictures where it is told so."""

    director: Director
    result: bool = False
    picture: bool = False
    dressed: Show | None = None

    def can_skip(self, show: Show) -> bool:
        return self.result

    def has_picture(self, show: Show) -> bool:
        return self.picture

    def dress(self, slide: Slide, show: Show | None) -> None:
        self.dressed = show

    def skip(self) -> None:
        self.director.pass_over(StepState.SKIPPED)

    def show_picture(self) -> None:
        self.director.pass_over(StepState.SHOWN)


class NoRegister:
    """Knows the works by their numbers."""

    async def row(self, asset_id: UUID) -> AssetRow:
        raise UserError(ErrorCode.SIGN_IN_REQUIRED)


class MemoryConnection:
    """Cuts the chain in memory off, and passes on again."""

    def __init__(self, chain: MemoryChain) -> None:
        self._chain = chain
        self._cut = asyncio.Event()

    async def cut_off(self, *, with_next_transaction: bool) -> None:
        if with_next_transaction:
            self._chain.lose_next_answer()
        else:
            self._chain.unreachable = True
        self._cut.set()

    async def is_cut_off(self) -> None:
        await self._cut.wait()

    def lose_next_answer(self) -> None:
        self._chain.lose_next_answer()

    def slow_down(self) -> None: ...

    def hide_funds(self) -> None:
        self._chain.balance_wei = 0

    async def heal(self) -> None:
        self._chain.unreachable = False
        self._chain.balance_wei = 10**22
        self._cut.clear()

    async def close(self) -> None: ...


class MemoryOracle:
    """Counts in the ledger itself."""

    def __init__(self, chain: MemoryChain) -> None:
        self._chain = chain

    async def mints_of(self, contract: str, token_ids: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
        return {each: ("0x" + "1" * 64,) * self._chain.mints_of(UUID(int=each)) for each in token_ids}


class StagedMemoryNode:
    """The node in memory, which may be on stage."""

    def __init__(self, node: NodeHost) -> None:
        self._node = node
        self.on_stage = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._node, name)


def with_stage(memory: MemoryCore) -> Core:
    """The core of a register in memory, with a stage of its own."""
    core = memory.core
    staged = StageAdapters(
        MemoryConnection(memory.chain), cast("Any", StagedMemoryNode(memory.node)), MemoryOracle(memory.chain)
    )
    stage = stage_of(
        replace(core.adapters, stage=staged),
        core.session,
        core.events,
        core.environment,
        core.runner,
        core.register,
        core.desk,
        core.verification,
        core.checkpoints,
        core.people,
        core.doctor,
        core.workspace.folder,
    )
    return replace(core, stage=stage)


@dataclass
class StageDesk:
    """The whole window with a stage."""

    program: Program
    memory: MemoryCore
    core: Core

    @property
    def director(self) -> Director:
        assert self.core.stage is not None
        return self.core.stage.director


@asynccontextmanager
async def open_stage(app: QApplication, profile: Path, *, has_stage: bool = True) -> AsyncGenerator[StageDesk]:
    """No fixture, for the same reason as `open_desk`."""
    memory = MemoryCore(profile)
    core = with_stage(memory) if has_stage else memory.core
    program = Program(app, profile, memory.settings)
    await program.show()
    await program.join(core)
    await memory.start()
    await core.register.add_assets([], (samples.enterprise(),))
    try:
        yield StageDesk(program, memory, core)
    finally:
        program.window.close()
        await program.close()
