"""The Environment page over a scripted service."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from pytestqt.qtbot import QtBot

from ipnft_desktop.domain.chain import ChainIdentity, NodeStatus
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.services.environment import EnvironmentReady, OnStage, StageKey, StageReport, StageStatus
from ipnft_desktop.ui.environment.presenter import EnvironmentPresenter
from ipnft_desktop.ui.environment.view import EnvironmentView, RunState
from ipnft_desktop.ui.widgets.stage_list import StageState

NODE = NodeStatus(rpc_url="http://127.0.0.1:18545", pid=41822, accounts=20, memory_bytes=188_000_000, version="3.18.0")
IDENTITY = ChainIdentity(31337, "0x5FbD", "0x01", "0x02", 1, "0x03")


@dataclass
class ScriptedEnvironment:
    """Goes through the stages; may fail at one or wait at one until told."""

    fail_at: StageKey | None = None
    wait_at: StageKey | None = None
    fault: ErrorCode = ErrorCode.NODE_START_FAILED
    unexpected: Exception | None = None
    doing: Phrase | None = None
    """What the stage says before it waits or fails."""
    on_done: Callable[[], object] | None = None
    """Called with everything started, before the answer is out."""
    waiting: asyncio.Event = field(default_factory=asyncio.Event)
    calls: list[str] = field(default_factory=list[str])
    node: NodeStatus | None = None
    ready: EnvironmentReady | None = None

    async def start(self, on_stage: OnStage) -> EnvironmentReady:
        self.calls.append("start")
        if self.unexpected is not None:
            raise self.unexpected
        for key in StageKey:
            on_stage(StageReport(key, StageStatus.WAITING))
        for key in StageKey:
            on_stage(StageReport(key, StageStatus.RUNNING))
            if self.doing is not None and key in (self.wait_at, self.fail_at):
                on_stage(StageReport(key, StageStatus.RUNNING, self.doing, 0.1))
            if key is self.wait_at:
                self.waiting.set()
                await asyncio.Event().wait()
            if key is self.fail_at:
                error = EnvironmentFault(self.fault, "exit code 1")
                on_stage(StageReport(key, StageStatus.FAILED, None, 0.5, error))
                raise error
            on_stage(StageReport(key, StageStatus.DONE, phrase("{key} is there", key=key), 0.25))
        if self.on_done is not None:
            self.on_done()
        self.node = NODE
        self.ready = EnvironmentReady(3.42, IDENTITY, phrase("SQLite"), phrase("Local blocks"))
        return self.ready

    async def start_new_chain(self, on_stage: OnStage) -> EnvironmentReady:
        self.calls.append("new chain")
        self.fail_at = None
        return await self.start(on_stage)

    async def stop(self) -> None:
        self.calls.append("stop")
        self.node = None

    async def crash_node(self) -> None:
        self.calls.append("crash")
        self.node = None

    async def node_status(self) -> NodeStatus | None:
        return self.node


@dataclass
class OpenPage:
    """The page with everything a test touches."""

    view: EnvironmentView
    presenter: EnvironmentPresenter
    service: ScriptedEnvironment
    autostart: list[bool]

    @property
    def headline(self) -> str:
        """What the page says of the whole."""
        return self.view.headline

    async def settled(self) -> RunState:
        """Wait until the presenter has nothing under way and answer what the page shows then."""
        while running := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(running)
        return self.view.run_state

    def states(self) -> list[StageState]:
        return [item.state for item in self.view.stages.items]


@asynccontextmanager
async def an_open_page(qtbot: QtBot) -> AsyncIterator[OpenPage]:
    """A page that is closed afterwards."""
    view, service, autostart = EnvironmentView(), ScriptedEnvironment(), list[bool]()
    qtbot.addWidget(view)
    presenter = EnvironmentPresenter(view, service, autostart=True, on_autostart=autostart.append)
    yield OpenPage(view, presenter, service, autostart)
    await presenter.close()
