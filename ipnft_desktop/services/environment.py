"""One click starts everything: eight ordered stages, each repeatable, each able to fail with a code.

Starting again after a failure runs through the same stages; what still stands is kept, what is gone is rebuilt.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from ipnft_desktop.domain.chain import ChainIdentity, NodeFigures, NodeStatus
from ipnft_desktop.domain.errors import Defect, EnvironmentFault, ErrorCode, IpnftError
from ipnft_desktop.domain.events import DomainEvent, EnvironmentChanged, RegisterOpened, WritingFrozen
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.services.chain_ports import Chain
from ipnft_desktop.services.environment_state import (
    EnvironmentPhase,
    EnvironmentReady,
    EnvironmentState,
    OnStage,
    OnState,
    StageKey,
    StageReport,
    StageStatus,
    StateKeeper,
    Tell,
)
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.node_ports import LocalChainControls, NodeHost
from ipnft_desktop.services.ports import Clock, ContentStore, Database
from ipnft_desktop.services.session import Session

log = logging.getLogger("ipnft")


class ChainBinding(Protocol):
    """Keeps register and chain together; see `services/chain_binding.py`."""

    async def restore_or_verify(self, tell: Tell) -> Phrase: ...
    async def ensure_contract(self, tell: Tell) -> ChainIdentity: ...
    @property
    def is_kept_by_others(self) -> bool: ...
    async def require_lost(self) -> None: ...
    async def retire(self) -> None: ...
    async def start_following(self) -> None: ...
    async def stop_following(self) -> None: ...


class DemoData(Protocol):
    """Fills an empty register; see `services/demo_register.py`."""

    async def ensure(self, tell: Tell) -> Phrase: ...


class Recovery(Protocol):
    """Brings every open mint to its end; see `services/recovery.py`."""

    async def recover(self, tell: Tell) -> Phrase: ...
    async def suspend(self, why: IpnftError | None = None) -> None: ...


@dataclass(frozen=True, slots=True)
class EnvironmentParts:
    """What the stages work on; joined by `bootstrap`."""

    preflight: Callable[[Tell], Awaitable[Phrase]]
    database: Database
    content: ContentStore
    node: NodeHost
    chain: Chain
    controls: LocalChainControls
    binding: ChainBinding
    demo: DemoData
    recovery: Recovery
    on_node_log: Callable[[str], None]
    """Hears what the node itself prints: several lines a transaction, too many for a window."""
    clock: Clock
    session: Session
    on_register_open: Callable[[], Awaitable[None]]
    """Called in the stage that opens the register, once it is open."""
    before_new_chain: Callable[[], Awaitable[None]]
    """Called before a chain is given up, while the register is open; what it raises keeps the chain."""


class EnvironmentService:
    """Starts, stops and describes the environment. One start runs at a time."""

    def __init__(self, parts: EnvironmentParts, events: EventHub, on_log: Callable[[str], None]) -> None:
        self._parts = parts
        self._events = events
        self._on_log = on_log
        self._running = asyncio.Lock()
        self._keeper = StateKeeper(parts.clock.now)
        self._is_crash_wanted = False
        self._database_line = phrase("")
        self._content_line = phrase("")
        self._is_register_open = False
        self._identity: ChainIdentity | None = None
        self._node_watch: asyncio.Task[None] | None = None
        self._freezing: asyncio.Task[None] | None = None
        events.subscribe(self._on_event)

    @property
    def ready(self) -> EnvironmentReady | None:
        """What stands, or None while something is missing."""
        return self._keeper.state.ready

    @property
    def state(self) -> EnvironmentState:
        """What it is doing now, with the latest report of every stage."""
        return self._keeper.state

    @property
    def is_register_open(self) -> bool:
        """Whether people can sign in: from the first stage that opened it, over every stop, until it is closed."""
        return self._is_register_open

    def observe(self, hear: OnState) -> Callable[[], None]:
        """Hear every state from now on, on the event loop; returns the function that ends it."""
        return self._keeper.observe(hear)

    def note_refusal(self, stage: StageKey, error: IpnftError) -> None:
        """Tell under a stage what could not be done; harmless where the state says it already."""
        if self.state.error is not error:
            self._keeper.refuse(stage, error)

    async def start(self, on_stage: OnStage | None = None) -> EnvironmentReady:
        """Run all stages in order. Raises the IpnftError of the stage that failed, after reporting it."""
        async with self._running:
            self._keeper.enter(EnvironmentPhase.STARTING)
            self._keeper.reset_stages()
            started = time.perf_counter()
            for report in self.state.reports.values():
                if on_stage is not None:
                    on_stage(report)
            for key, run in self._stages().items():
                try:
                    await self._run_stage(key, run, on_stage)
                except IpnftError as error:
                    if key is StageKey.IDENTITY:
                        await self._stop()  # a half restored node is of no use to the next start
                    self._keeper.fail(EnvironmentPhase.FAILED, key, error)
                    raise
                except asyncio.CancelledError:
                    self._keeper.enter(EnvironmentPhase.CANCELLED)
                    raise
            assert self._identity is not None
            seconds = time.perf_counter() - started
            ready = EnvironmentReady(seconds, self._identity, self._database_line, self._content_line)
            self._keeper.enter(EnvironmentPhase.READY, ready)
            self._on_log(f"environment.ready seconds={seconds:.2f}")
            self._events.publish(EnvironmentChanged(is_ready=True))
            return ready

    async def start_new_chain(self, on_stage: OnStage | None = None) -> EnvironmentReady:
        """The other way out where a chain cannot be restored: give it up and start anew on an empty one.

        Tokens of the old chain count as vanished and their assets are drafts again. Its jobs, transactions and tokens
        stay on record; its journal goes, and a checkpoint keeps it where there are checkpoints. Raises UserError
        MINT_INVALID_STATE where the chain is not lost at all, PERMISSION_DENIED or SIGN_IN_REQUIRED, and what keeps the
        checkpoint from being made.
        """
        self._parts.session.require(Permission.MANAGE_CHAIN)
        async with self._running:
            if self._parts.binding.is_kept_by_others:
                await self._start_node(lambda _doing: None)
                await self._parts.binding.require_lost()
            self._keeper.enter(EnvironmentPhase.STOPPING)
            await self._stop()
            try:
                await self._parts.before_new_chain()
                await self._parts.binding.retire()
            except IpnftError as error:
                self._keeper.fail(EnvironmentPhase.FAILED, StageKey.IDENTITY, error)
                raise
            except asyncio.CancelledError:
                self._keeper.enter(EnvironmentPhase.CANCELLED)
                raise
            except Exception as error:
                defect = Defect(f"{type(error).__name__}: {error}")
                self._keeper.fail(EnvironmentPhase.FAILED, StageKey.IDENTITY, defect)
                raise defect from error
        return await self.start(on_stage)

    async def stop(self, then: EnvironmentPhase = EnvironmentPhase.IDLE) -> None:
        """End the node and stop following the chain; the register stays open for reading. `then` is what to call the
        quiet that follows."""
        async with self._running:
            self._keeper.enter(EnvironmentPhase.STOPPING)
            await self._stop()
            self._keeper.reset_stages()
            self._keeper.enter(then)

    async def close(self) -> None:
        """Stop everything and close the register; the program is about to end."""
        await self.stop()
        await self._close_stores()

    async def while_closed(self, work: Callable[[], Awaitable[None]]) -> None:
        """Close everything, do `work`, and let nobody start before it is done."""
        async with self._running:
            self._keeper.enter(EnvironmentPhase.STOPPING)
            await self._stop()
            await self._close_stores()
            try:
                await work()
            finally:
                self._keeper.reset_stages()
                self._keeper.enter(EnvironmentPhase.IDLE)

    async def crash_node(self) -> None:
        """End the node without warning, as a power cut would; the next start restores the chain. Raises UserError
        PERMISSION_DENIED or SIGN_IN_REQUIRED."""
        self._parts.session.require(Permission.MANAGE_CHAIN)
        self._is_crash_wanted = True
        try:
            await self._parts.node.kill()
        except BaseException:
            self._is_crash_wanted = False
            raise
        self._on_log("node.killed by request")

    async def node_status(self) -> NodeStatus | None:
        """The node process, or None while none runs."""
        return await self._parts.node.status()

    async def node_figures(self) -> NodeFigures | None:
        """The node with how its chain stands; None while none runs."""
        status = await self.node_status()
        if status is None:
            return None
        block_number: int | None = None
        mines_at_once: bool | None = None
        with contextlib.suppress(IpnftError):  # it may be on its way up or down
            block_number = (await self._parts.chain.head()).number
            if status.pid is not None:
                mines_at_once = await self._parts.controls.mines_at_once()
        return NodeFigures(status, block_number, mines_at_once)

    async def _stop(self) -> None:
        """Every step is taken, also behind one that fails: above all the node must not be left running."""
        await self._end_node_watch()
        await self._regardless(self._parts.recovery.suspend)
        await self._regardless(self._parts.binding.stop_following)
        await self._regardless(self._parts.chain.disconnect)
        await self._regardless(self._parts.node.stop)
        self._on_log("environment.stopped")
        self._events.publish(EnvironmentChanged(is_ready=False))

    async def _close_stores(self) -> None:
        self._is_register_open = False
        for close in (self._parts.content.close, self._parts.database.close):
            await self._regardless(close)

    def _on_event(self, event: DomainEvent) -> None:
        if isinstance(event, WritingFrozen) and (self._freezing is None or self._freezing.done()):
            self._show_frozen(event.error)
            self._freezing = asyncio.create_task(self._freeze(event.error), name="environment.freeze")

    async def _freeze(self, error: IpnftError) -> None:
        """Nothing is sent any more; reading goes on, until a start restores the chain or a new one is begun."""
        async with self._running:
            self._show_frozen(error)  # it may have been a start that heard of it
            await self._regardless(lambda: self._parts.recovery.suspend(error))
            await self._regardless(self._parts.binding.stop_following)
            self._on_log(f"environment.frozen code={error.code} {error.detail}")
            self._events.publish(EnvironmentChanged(is_ready=False, is_frozen=True))

    def _show_frozen(self, error: IpnftError) -> None:
        if self.state.phase is EnvironmentPhase.READY:
            self._keeper.fail(EnvironmentPhase.FROZEN, StageKey.IDENTITY, error)

    async def _regardless(self, step: Callable[[], Awaitable[None]]) -> None:
        try:
            await step()
        except Exception:
            log.exception("environment: %s", step)

    async def _watch_node(self) -> None:
        """A node that ends by itself takes everything with it that relies on it, before another answers at its port."""
        code = await self._parts.node.wait_ended()
        async with self._running:  # a start under way brings a new node itself, and ends this watch
            self._node_watch = None
            lost = EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "the node process ended")
            if self._is_crash_wanted:
                self._keeper.report(StageReport(StageKey.NODE, StageStatus.WAITING))
                self._keeper.enter(EnvironmentPhase.CRASHED)
            else:
                self._keeper.fail(EnvironmentPhase.LOST, StageKey.NODE, lost)
            await self._regardless(lambda: self._parts.recovery.suspend(lost))
            await self._regardless(self._parts.binding.stop_following)
            await self._regardless(self._parts.chain.disconnect)
            self._on_log(f"node.ended code={code}")
            self._events.publish(EnvironmentChanged(is_ready=False, node_lost=True))

    async def _end_node_watch(self) -> None:
        watch, self._node_watch = self._node_watch, None
        if watch is not None:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)

    def _stages(self) -> Mapping[StageKey, Callable[[Tell], Awaitable[Phrase]]]:
        return {
            StageKey.PREFLIGHT: self._parts.preflight,
            StageKey.DATABASE: self._open_database,
            StageKey.CONTENT: self._open_content,
            StageKey.NODE: self._start_node,
            StageKey.IDENTITY: self._parts.binding.restore_or_verify,
            StageKey.CONTRACT: self._ensure_contract,
            StageKey.DEMO_DATA: self._parts.demo.ensure,
            StageKey.RECOVERY: self._recover,
        }

    async def _run_stage(
        self, key: StageKey, run: Callable[[Tell], Awaitable[Phrase]], on_stage: OnStage | None
    ) -> None:
        started = time.perf_counter()

        def report(
            status: StageStatus, detail: Phrase | None, seconds: float | None, error: IpnftError | None = None
        ) -> None:
            news = StageReport(key, status, detail, seconds, error)
            self._keeper.report(news)
            if on_stage is not None:
                on_stage(news)

        def tell(doing: Phrase) -> None:
            report(StageStatus.RUNNING, doing, time.perf_counter() - started)

        report(StageStatus.RUNNING, None, None)
        try:
            detail = await run(tell)
        except IpnftError as error:
            self._on_log(f"environment.{key.lower()} failed code={error.code} {error.detail}")
            report(StageStatus.FAILED, None, time.perf_counter() - started, error)
            raise
        except Exception as error:
            defect = Defect(f"{type(error).__name__}: {error}")
            self._on_log(f"environment.{key.lower()} failed {defect.detail}")
            report(StageStatus.FAILED, None, time.perf_counter() - started, defect)
            raise defect from error
        seconds = time.perf_counter() - started
        self._on_log(f"environment.{key.lower()} {detail} seconds={seconds:.2f}")
        report(StageStatus.DONE, detail, seconds)

    async def _open_database(self, tell: Tell) -> Phrase:
        self._database_line = await self._parts.database.open()
        await self._parts.on_register_open()
        self._is_register_open = True
        self._events.publish(RegisterOpened())
        return self._database_line

    async def _open_content(self, tell: Tell) -> Phrase:
        stats = await self._parts.content.open()
        megabytes = f"{stats.size_bytes / 1e6:.1f}"
        self._content_line = phrase(
            "Local blocks: {count} CIDs, {megabytes} MB", count=stats.block_count, megabytes=megabytes
        )
        return self._content_line

    async def _start_node(self, tell: Tell) -> Phrase:
        status = await self._parts.node.status()
        if status is None:
            tell(phrase("Starting the node"))
            # Nothing may be sent to a node whose chain is not restored yet.
            await self._parts.recovery.suspend()
            await self._parts.binding.stop_following()
            await self._end_node_watch()
            status = await self._parts.node.start(self._parts.on_node_log)
            self._is_crash_wanted = False
            self._node_watch = asyncio.create_task(self._watch_node(), name="environment.node")
        chain_id = await self._parts.chain.connect(status.rpc_url)
        if status.pid is None:
            return phrase(
                "{version} at {rpc_url}, chain {chain_id}",
                version=status.version,
                rpc_url=status.shown_url,
                chain_id=str(chain_id),
            )
        return phrase(
            "Hardhat {version} at {rpc_url}, PID {pid}, chain {chain_id}",
            version=status.version,
            rpc_url=status.shown_url,
            pid=str(status.pid),
            chain_id=str(chain_id),
        )

    async def _ensure_contract(self, tell: Tell) -> Phrase:
        self._identity = await self._parts.binding.ensure_contract(tell)
        return phrase("IPAssetNFT at {address}, code verified", address=self._identity.contract_address)

    async def _recover(self, tell: Tell) -> Phrase:
        await self._parts.binding.start_following()
        return await self._parts.recovery.recover(tell)
