"""Faults on demand: real ones, by the connection of the stage or the node's process; one call undoes them all."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from ipnft_desktop.domain.errors import ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.domain.scenes import StageFault
from ipnft_desktop.program_log import log_event
from ipnft_desktop.services.chain_ports import Chain
from ipnft_desktop.services.environment import EnvironmentService
from ipnft_desktop.services.environment_runner import EnvironmentRunner
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.stage.ports import StageConnection, StagedNode


class StageFaults:
    """Only for a node of our own: that of others is not ours to break. For an ADMIN (MANAGE_CHAIN)."""

    def __init__(
        self,
        connection: StageConnection,
        node: StagedNode | None,
        chain: Chain,
        environment: EnvironmentService,
        runner: EnvironmentRunner,
        session: Session,
    ) -> None:
        """`node` is None where the chain is kept by others."""
        self._connection = connection
        self._node = node
        self._chain = chain
        self._environment = environment
        self._runner = runner
        self._session = session
        self._active: set[StageFault] = set()
        self._listeners: list[Callable[[], None]] = []
        self._kill: asyncio.Task[None] | None = None

    @property
    def active(self) -> frozenset[StageFault]:
        """What is broken now."""
        return frozenset(self._active)

    @property
    def are_possible(self) -> bool:
        """Whether there is a node of our own."""
        return self._node is not None

    def observe(self, hear: Callable[[], None]) -> Callable[[], None]:
        """Hear whenever `active` changes; returns the function that ends it."""
        self._listeners.append(hear)
        return lambda: self._listeners.remove(hear) if hear in self._listeners else None

    async def take_the_stage(self) -> None:
        """From now on the program speaks to its node through the connection. Raises UserError KEPT_BY_OTHERS, and what
        connecting raises."""
        node = self._require_node()
        if not node.on_stage:
            node.on_stage = True
            await self._connect_again(node)

    async def leave_the_stage(self) -> None:
        """Undo every fault, and speak to the node directly again."""
        if self._node is None or not self._node.on_stage:
            return
        await self.heal()
        self._node.on_stage = False
        with contextlib.suppress(IpnftError):  # the next start connects
            await self._connect_again(self._node)

    async def begin(self, fault: StageFault, *, with_next_transaction: bool = False) -> None:
        """Break something: a cut and a kill at once, or as soon as the next transaction has reached the node.

        Raises UserError PERMISSION_DENIED, SIGN_IN_REQUIRED or KEPT_BY_OTHERS.
        """
        self._session.require(Permission.MANAGE_CHAIN)
        await self.take_the_stage()
        log_event("stage.fault", fault=fault.value)
        match fault:
            case StageFault.CUT:
                await self._connection.cut_off(with_next_transaction=with_next_transaction)
            case StageFault.KILL_NODE if with_next_transaction:
                await self._connection.cut_off(with_next_transaction=True)
                self._kill = asyncio.create_task(self._kill_behind_the_cut(), name="stage.kill")
            case StageFault.KILL_NODE:
                await self._kill_now()
            case StageFault.LOSE_ANSWER:
                self._connection.lose_next_answer()
            case StageFault.SLOW:
                self._connection.slow_down()
            case StageFault.NO_FUNDS:
                self._connection.hide_funds()
            case StageFault.REFUSE_RECIPIENT:
                pass  # whoever asks for the mint looks at `active`
        self._active.add(fault)
        self._tell()

    async def struck(self) -> None:
        """Wait until a kill that was to follow a transaction has happened, or the node is gone without it."""
        if self._kill is not None:
            down = asyncio.create_task(self._down(), name="stage.down")
            await asyncio.wait((self._kill, down), return_when=asyncio.FIRST_COMPLETED)
            down.cancel()

    async def heal(self) -> None:
        """Undo everything: the connection passes on again, and what does not stand is started. Raises the error of the
        start."""
        await self._undo()
        await self.stand()

    async def let_go(self) -> None:
        """Undo everything and start nothing: everything is about to be stopped. The next start speaks to the node
        directly."""
        await self._undo()
        if self._node is not None:
            self._node.on_stage = False

    async def stand(self) -> None:
        """Start what does not stand. Raises the error of the start."""
        await self._runner.settle()
        if self._environment.ready is None:
            await self._runner.start(lambda _report: None)

    async def _undo(self) -> None:
        kill, self._kill = self._kill, None
        if kill is not None:
            kill.cancel()
            await asyncio.gather(kill, return_exceptions=True)
        if self._node is not None and self._node.on_stage:
            await self._connection.heal()
        if self._active:
            log_event("stage.healed", faults=",".join(sorted(self._active)))
        self._active.clear()
        self._tell()

    async def _kill_behind_the_cut(self) -> None:
        await self._connection.is_cut_off()
        await self._kill_now()

    async def _kill_now(self) -> None:
        """Returns once the environment knows: a start before would find everything standing."""
        if self._environment.ready is not None:
            await self._environment.crash_node()
            await self._down()

    async def _down(self) -> None:
        """Wait until the environment does not stand."""
        down = asyncio.Event()
        end = self._environment.observe(lambda state: down.set() if state.ready is None else None)
        try:
            if self._environment.ready is not None:
                await down.wait()
        finally:
            end()

    async def _connect_again(self, node: StagedNode) -> None:
        status = await node.status()
        if status is not None and self._environment.ready is not None:
            await self._chain.connect(status.rpc_url)

    def _require_node(self) -> StagedNode:
        if self._node is None:
            raise UserError(ErrorCode.KEPT_BY_OTHERS, "a node that others keep is not broken for a show")
        return self._node

    def _tell(self) -> None:
        for hear in tuple(self._listeners):
            hear()
