"""Keeps a node and a worker alive, ends them at random, and knows what was asked for."""

from __future__ import annotations

import asyncio
import contextlib
import random
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from benchmarks.child import environment
from benchmarks.soak.link import Kind, line, message
from benchmarks.soak.losing_connection import LosingConnection
from benchmarks.soak.tally import Tally, contract_in, mints_on, owned_on, states_in, tally
from ipnft_desktop.adapters.chain.hardhat_node import HardhatNode
from ipnft_desktop.bootstrap.adapters import DATABASE_FILE

CALM_S = (1.0, 8.0)
"""Shortest and longest time from one fault to the next."""
ANSWERS_LOST_MOST = 5
READY_TIMEOUT_S = 120.0
SETTLE_TIMEOUT_S = 180.0


@dataclass(slots=True)
class Course:
    """What happened so far."""

    created: set[UUID] = field(default_factory=set[UUID])
    requested: int = 0
    cancels: int = 0
    node_kills: int = 0
    program_kills: int = 0
    recoveries_s: list[float] = field(default_factory=list[float])
    """From a fault that ended something until requests were taken again."""
    troubles: dict[str, int] = field(default_factory=dict[str, int])

    def trouble(self, code: str) -> None:
        self.troubles[code] = self.troubles.get(code, 0) + 1


class Unhealed(Exception):
    """The program did not come back in the time it has, or there is no node to ask in the end."""


class Soak:
    """One run over one profile."""

    def __init__(self, profile: Path, seed: int) -> None:
        self.course = Course()
        self._profile = profile
        self._chooser = random.Random(seed)
        self._node = HardhatNode(profile / "drivers-node")
        self._node_url = ""
        self._node_gate = asyncio.Lock()
        self._way = LosingConnection()
        self._worker: asyncio.subprocess.Process | None = None
        self._hearing: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._settled = asyncio.Event()
        self._fallen_at: float | None = None

    @property
    def answers_lost(self) -> int:
        """By the connection, so far."""
        return self._way.answers_lost

    async def run(self, seconds: float) -> Tally:
        """Faults for so long, then heal, settle and count. Raises Unhealed. Ends its processes whatever happens."""
        self._profile.mkdir(parents=True)
        await self._way.open()
        try:
            await self._start_worker()
            await self._within(self._ready, READY_TIMEOUT_S, "the program never became ready")
            until = time.monotonic() + seconds
            while (left_s := until - time.monotonic()) > 0:
                await asyncio.sleep(min(left_s, self._chooser.uniform(*CALM_S)))
                await self._fault()
                await self._within(self._ready, READY_TIMEOUT_S, "the program did not come back")
            await self._settle()
            return await asyncio.to_thread(self._count)
        finally:
            await self._kill_worker()
            await self._node.kill()
            await self._way.close()

    async def _fault(self) -> None:
        match self._chooser.choices(("node", "program", "both", "answers"), weights=(3, 3, 1, 3))[0]:
            case "node":
                await self._kill_node()
            case "program":
                await self._restart_worker()
            case "both":
                await self._kill_node()
                await self._restart_worker()
            case _:
                self._way.lose_answers(self._chooser.randint(1, ANSWERS_LOST_MOST))

    async def _settle(self) -> None:
        """Nothing fails any more. What is not settled in time is counted as still open."""
        self._way.lose_answers(0)
        self._send(line(Kind.DRAIN))
        with contextlib.suppress(Unhealed):
            await self._within(self._settled, SETTLE_TIMEOUT_S, "not every mint came to its end")

    def _count(self) -> Tally:
        database = self._profile / DATABASE_FILE
        try:
            mints = mints_on(self._node_url)
            owned = owned_on(self._node_url, contract_in(database), sorted(mints))
        except OSError as problem:
            raise Unhealed(f"the node cannot be asked: {problem}") from problem
        return tally(self.course.created, states_in(database), mints, owned)

    # --- the node ---------------------------------------------------------------------------------------------

    async def _start_node(self) -> None:
        async with self._node_gate:
            status = await self._node.start(lambda _line: None)
            self._node_url = status.rpc_url
            self._way.lead_to(status.rpc_url)
            self._send(line(Kind.NODE, rpc_url=self._way.url, pid=status.pid))

    async def _kill_node(self) -> None:
        self.course.node_kills += 1
        self._fallen()
        await self._end_node()

    async def _end_node(self) -> None:
        async with self._node_gate:
            self._way.lead_to(None)
            await self._node.kill()
            self._send(line(Kind.NODE_ENDED))

    # --- the worker -------------------------------------------------------------------------------------------

    async def _start_worker(self) -> None:
        seed = self._chooser.randrange(2**32)
        self._worker = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "benchmarks.soak.worker",
            str(self._profile),
            str(seed),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=environment(),
        )
        self._hearing = asyncio.create_task(self._hear(self._worker), name="soak.worker")

    async def _restart_worker(self) -> None:
        self.course.program_kills += 1
        self._fallen()
        await self._kill_worker()
        await self._start_worker()

    async def _kill_worker(self) -> None:
        worker, self._worker = self._worker, None
        if worker is None:
            return
        with contextlib.suppress(ProcessLookupError):
            worker.kill()
        await worker.wait()
        if self._hearing is not None:
            await self._hearing  # it reads what was said before the end

    def _send(self, text: bytes) -> None:
        if self._worker is not None and self._worker.stdin is not None and not self._worker.stdin.is_closing():
            self._worker.stdin.write(text)

    async def _hear(self, worker: asyncio.subprocess.Process) -> None:
        assert worker.stdout is not None
        async for text in worker.stdout:
            heard = message(text)
            if heard is None:
                continue
            kind, facts = heard
            match kind:
                case Kind.START_NODE:
                    await self._start_node()
                case Kind.STOP_NODE:
                    await self._end_node()
                case Kind.READY:
                    self._risen()
                case Kind.CREATED:
                    self.course.created |= {UUID(asset) for asset in facts["assets"]}
                case Kind.REQUESTED:
                    self.course.requested += len(facts["assets"])
                case Kind.CANCELLED:
                    self.course.cancels += 1
                case Kind.TROUBLE:
                    self.course.trouble(facts["code"])
                case Kind.SETTLED:
                    self._settled.set()
                case _:
                    raise RuntimeError(f"a worker does not say {kind}")

    def _fallen(self) -> None:
        self._ready.clear()
        if self._fallen_at is None:
            self._fallen_at = time.monotonic()

    def _risen(self) -> None:
        if self._fallen_at is not None:
            self.course.recoveries_s.append(time.monotonic() - self._fallen_at)
            self._fallen_at = None
        self._ready.set()

    async def _within(self, event: asyncio.Event, timeout_s: float, otherwise: str) -> None:
        try:
            async with asyncio.timeout(timeout_s):
                await event.wait()
        except TimeoutError:
            raise Unhealed(f"{otherwise} within {timeout_s:.0f} s") from None
