"""The Environment page over the real service and runner, whose stages are scripted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from pytestqt.qtbot import QtBot

from ipnft_desktop.bootstrap.workspace_parts import nothing_to_keep
from ipnft_desktop.domain.chain import BlockRef, ChainIdentity, NodeFigures, NodeStatus
from ipnft_desktop.domain.content import ContentStoreStats
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.recent_log import RecentLog
from ipnft_desktop.services.environment import EnvironmentParts, EnvironmentService
from ipnft_desktop.services.environment_runner import EnvironmentRunner
from ipnft_desktop.services.environment_state import StageKey, Tell
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.session import session_of_the_program
from ipnft_desktop.ui.environment.presenter import EnvironmentPresenter
from ipnft_desktop.ui.environment.view import EnvironmentView, RunState
from ipnft_desktop.ui.widgets.stage_list import StageState

NODE = NodeStatus(rpc_url="http://127.0.0.1:18545", pid=41822, accounts=20, memory_bytes=188_000_000, version="3.18.0")
FIGURES = NodeFigures(NODE, 152, mines_at_once=True)
IDENTITY = ChainIdentity(31337, "0x5FbD", "0x01", "0x02", 1, "0x03")
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@dataclass
class ScriptedStages:
    """Database, content, node, chain, binding, demonstration data and recovery in one; may fail at a stage or wait at
    one until told."""

    fail_at: StageKey | None = None
    wait_at: StageKey | None = None
    fault: ErrorCode = ErrorCode.NODE_START_FAILED
    unexpected: Exception | None = None
    doing: Phrase | None = None
    """What the stage says before it waits or fails."""
    on_recovery: Callable[[], object] | None = None
    """Called with everything started, before the answer is out."""
    waiting: asyncio.Event = field(default_factory=asyncio.Event)
    goes_on: asyncio.Event = field(default_factory=asyncio.Event)
    calls: list[str] = field(default_factory=list[str])
    node: NodeStatus | None = None
    is_kept_by_others: bool = False
    _ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def at(self, key: StageKey, tell: Tell) -> Phrase:
        if self.unexpected is not None:
            raise self.unexpected
        if self.doing is not None and key in (self.wait_at, self.fail_at):
            tell(self.doing)
        if key is self.wait_at:
            self.waiting.set()
            await self.goes_on.wait()
        if key is self.fail_at:
            raise EnvironmentFault(self.fault, "exit code 1")
        return phrase("{key} is there", key=key)

    async def preflight(self, tell: Tell) -> Phrase:
        self.calls.append("start")
        return await self.at(StageKey.PREFLIGHT, tell)

    async def database(self) -> Phrase:
        return await self.at(StageKey.DATABASE, self._silent)

    async def content(self) -> ContentStoreStats:
        await self.at(StageKey.CONTENT, self._silent)
        return ContentStoreStats(0, 0)

    async def start(self, _on_log: Callable[[str], None]) -> NodeStatus:
        await self.at(StageKey.NODE, self._silent)
        self._ended.clear()
        self.node = NODE
        return NODE

    async def stop(self) -> None:
        self.calls.append("stop")
        self.end_node()

    async def kill(self) -> None:
        self.calls.append("crash")
        self.end_node()

    def end_node(self) -> None:
        self.node = None
        self._ended.set()

    async def wait_ended(self) -> int:
        await self._ended.wait()
        return 1

    async def status(self) -> NodeStatus | None:
        return self.node

    async def connect(self, _rpc_url: str) -> int:
        return IDENTITY.chain_id

    async def head(self) -> BlockRef:
        return BlockRef(152, "0x98", 0)

    async def mines_at_once(self) -> bool:
        return True

    async def restore_or_verify(self, tell: Tell) -> Phrase:
        return await self.at(StageKey.IDENTITY, tell)

    async def ensure_contract(self, tell: Tell) -> ChainIdentity:
        await self.at(StageKey.CONTRACT, tell)
        return IDENTITY

    async def retire(self) -> None:
        self.calls.append("new chain")
        self.fail_at = None

    async def ensure(self, tell: Tell) -> Phrase:
        return await self.at(StageKey.DEMO_DATA, tell)

    async def recover(self, tell: Tell) -> Phrase:
        done = await self.at(StageKey.RECOVERY, tell)
        if self.on_recovery is not None:
            self.on_recovery()
        return done

    async def suspend(self, _why: object = None) -> None: ...
    async def disconnect(self) -> None: ...
    async def start_following(self) -> None: ...
    async def stop_following(self) -> None: ...
    async def close(self) -> None: ...
    async def register_opened(self) -> None: ...
    def now(self) -> datetime:
        return NOON

    def _silent(self, _doing: Phrase) -> None: ...


class _Opening:
    """One `open` of several that a part of the environment has."""

    def __init__(self, stages: ScriptedStages, open_it: Callable[[], Any]) -> None:
        self.open, self.close = open_it, stages.close


def environment_of(stages: ScriptedStages, events: EventHub) -> EnvironmentService:
    """The real service over scripted stages."""
    part = cast("Any", stages)
    parts = EnvironmentParts(
        preflight=stages.preflight,
        database=cast("Any", _Opening(stages, stages.database)),
        content=cast("Any", _Opening(stages, stages.content)),
        node=part,
        chain=part,
        controls=part,
        binding=part,
        demo=part,
        recovery=part,
        on_node_log=lambda _line: None,
        clock=stages,
        session=session_of_the_program(),
        on_register_open=stages.register_opened,
        before_new_chain=nothing_to_keep,
    )
    return EnvironmentService(parts, events, lambda _line: None)


@dataclass
class OpenPage:
    """The page with everything a test touches."""

    view: EnvironmentView
    presenter: EnvironmentPresenter
    runner: EnvironmentRunner
    service: EnvironmentService
    stages: ScriptedStages
    events: EventHub
    log: RecentLog
    autostart: list[bool]

    @property
    def headline(self) -> str:
        """What the page says of the whole."""
        return self.view.headline

    async def settled(self) -> RunState:
        """Wait until nothing is under way and answer what the page shows then."""
        while running := {task for task in asyncio.all_tasks() if task.get_name() != "environment.node"} - {
            asyncio.current_task()
        }:
            await asyncio.wait(running)
        return self.view.run_state

    def states(self) -> list[StageState]:
        return [item.state for item in self.view.stages.items]

    async def built_anew(self, qtbot: QtBot) -> None:
        """Another view and presenter over the same service, as after a change of language."""
        await self.presenter.close()
        self.view = EnvironmentView()
        qtbot.addWidget(self.view)
        self.presenter = self._presenter_of(self.view)

    def _presenter_of(self, view: EnvironmentView) -> EnvironmentPresenter:
        return EnvironmentPresenter(view, self.runner, self.log, autostart=True, on_autostart=self.autostart.append)


@asynccontextmanager
async def an_open_page(qtbot: QtBot) -> AsyncIterator[OpenPage]:
    """A page that is closed afterwards."""
    view, stages, autostart, events, log = EnvironmentView(), ScriptedStages(), list[bool](), EventHub(), RecentLog()
    qtbot.addWidget(view)
    service = environment_of(stages, events)
    runner = EnvironmentRunner(service)
    presenter = EnvironmentPresenter(view, runner, log, autostart=True, on_autostart=autostart.append)
    page = OpenPage(view, presenter, runner, service, stages, events, log, autostart)
    yield page
    await page.presenter.close()
    await runner.close()
    await service.close()
