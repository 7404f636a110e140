"""Starts and stops the environment in tasks of its own, which outlive the page that asked and let another join."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine

from ipnft_desktop.domain.chain import NodeFigures, NodeStatus
from ipnft_desktop.domain.errors import Defect, EnvironmentFault, ErrorCode, IpnftError
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.services.environment import EnvironmentService
from ipnft_desktop.services.environment_state import (
    EnvironmentPhase,
    EnvironmentReady,
    EnvironmentState,
    OnStage,
    OnState,
    StageKey,
    StageStatus,
)

log = logging.getLogger("ipnft")


class EnvironmentRunner:
    """One work at a time: what is asked for while another is under way is not done, a cancel ends a start.

    What becomes of it is told as `EnvironmentState`; nothing is raised to who asked.
    """

    def __init__(self, service: EnvironmentService) -> None:
        self._service = service
        self._work: asyncio.Task[None] | None = None
        self._cancelling: asyncio.Task[None] | None = None

    @property
    def state(self) -> EnvironmentState:
        """What the environment is doing now."""
        return self._service.state

    @property
    def ready(self) -> EnvironmentReady | None:
        """What stands, or None while something is missing."""
        return self._service.ready

    @property
    def is_busy(self) -> bool:
        """Whether something is under way."""
        return any(task is not None and not task.done() for task in (self._work, self._cancelling))

    def observe(self, hear: OnState) -> Callable[[], None]:
        """Hear every state from now on; returns the function that ends it."""
        return self._service.observe(hear)

    def begin_start(self) -> None:
        """Start everything."""
        self._begin(self._service.start, StageKey.PREFLIGHT)

    def begin_new_chain(self) -> None:
        """Give the lost chain up and start on an empty one."""
        self._begin(self._service.start_new_chain, StageKey.IDENTITY)

    def begin_stop(self) -> None:
        """End the node; the register stays open."""
        self._begin(self._service.stop, StageKey.NODE)

    def begin_restart(self) -> None:
        """Stop, then start everything."""
        self._begin(self._restart, StageKey.NODE)

    def begin_crash(self) -> None:
        """End the node without warning."""
        self._begin(self._service.crash_node, StageKey.NODE)

    def cancel(self) -> None:
        """End a start that is under way, and what it has begun."""
        if self._work is not None and not self._work.done() and self._cancelling is None:
            self._cancelling = asyncio.create_task(self._cancel(self._work), name="environment.cancel")

    async def start(self, on_stage: OnStage) -> EnvironmentReady:
        """Join the start that is under way, or begin one, and wait for its end; who stops waiting does not end it.

        Raises the IpnftError of the stage that failed, EnvironmentFault NODE_UNREACHABLE where it was cancelled.
        """
        self.begin_start()
        told = dict(self.state.reports)

        def hear(state: EnvironmentState) -> None:
            for key, report in state.reports.items():
                if report is not told[key] and report.status is not StageStatus.WAITING:
                    on_stage(report)
                told[key] = report

        end = self.observe(hear)
        try:
            await self.settle()
        finally:
            end()
        if self.state.ready is not None:
            return self.state.ready
        raise self.state.error or EnvironmentFault(ErrorCode.NODE_UNREACHABLE, phrase("the start was cancelled"))

    async def node_status(self) -> NodeStatus | None:
        """The node process, or None while none runs."""
        return await self._service.node_status()

    async def node_figures(self) -> NodeFigures | None:
        """The node with how its chain stands; None while none runs."""
        return await self._service.node_figures()

    async def settle(self) -> None:
        """Wait until nothing is under way."""
        while running := [task for task in (self._work, self._cancelling) if task is not None and not task.done()]:
            await asyncio.wait(running)

    async def close(self) -> None:
        """Cancel what is under way; the environment itself is closed behind it."""
        running = [task for task in (self._work, self._cancelling) if task is not None]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _begin(self, work: Callable[[], Coroutine[object, object, object]], stage: StageKey) -> None:
        if not self.is_busy:
            self._work = asyncio.create_task(self._guarded(work, stage), name="environment.work")

    async def _guarded(self, work: Callable[[], Coroutine[object, object, object]], stage: StageKey) -> None:
        try:
            await work()
        except IpnftError as error:
            self._service.note_refusal(stage, error)
        except Exception as error:
            log.exception("environment: %s", stage)
            self._service.note_refusal(stage, Defect(f"{type(error).__name__}: {error}"))

    async def _restart(self) -> None:
        await self._service.stop()
        await self._service.start()

    async def _cancel(self, work: asyncio.Task[None]) -> None:
        try:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            await self._service.stop(EnvironmentPhase.CANCELLED)
        finally:
            self._cancelling = None
