"""Gathers mints that are asked for one by one into batches. What waits is on record, so a kill loses nothing."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from uuid import UUID

from ipnft_desktop.domain.batch_gathering import (
    GatheredMint,
    GatheringPolicy,
    WaitingAsset,
    by_destination,
    congestion_of,
    due,
    wait_s,
)
from ipnft_desktop.domain.batch_runs import BatchRun, BatchStrategy, Congestion
from ipnft_desktop.domain.chain import parse_address
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.domain.events import (
    AssetDeleted,
    DomainEvent,
    EnvironmentChanged,
    GatheringChanged,
    RunRequested,
    SessionChanged,
)
from ipnft_desktop.domain.people import Permission, Role
from ipnft_desktop.services.batch_planner import BatchPlanner
from ipnft_desktop.services.batch_runs import BatchRuns
from ipnft_desktop.services.chain_ports import Chain
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.ports import Clock, Database, Transaction
from ipnft_desktop.services.session import Session, require_owners

LOOKED_AT_BLOCKS = 20
"""The newest blocks that tell how busy the chain is."""
AGAIN_AFTER_S = 5.0
"""Between two tries while something stands in the way of a batch."""

log = logging.getLogger("ipnft")


class AutomaticBatches:
    """Batches are sent off while somebody is signed in who may mint them; what they may not stays for somebody who
    may. Every public method raises UserError SIGN_IN_REQUIRED or PERMISSION_DENIED."""

    def __init__(
        self,
        database: Database,
        chain: Chain,
        planner: BatchPlanner,
        runs: BatchRuns,
        events: EventHub,
        clock: Clock,
        session: Session,
        policy: GatheringPolicy | None = None,
    ) -> None:
        self._database = database
        self._chain = chain
        self._planner = planner
        self._runs = runs
        self._events = events
        self._clock = clock
        self._session = session
        self._policy = policy or GatheringPolicy()
        self._task: asyncio.Task[None] | None = None
        self._woken = asyncio.Event()
        self._turn = asyncio.Lock()
        self._is_ready = False
        self._unsubscribe = events.subscribe(self._hear)

    @property
    def policy(self) -> GatheringPolicy:
        """The rule in force."""
        return self._policy

    def use_policy(self, policy: GatheringPolicy) -> None:
        """From now on, also for what waits already."""
        self._policy = policy
        self._changed()

    async def request(
        self, asset_ids: Sequence[UUID], recipient: str | None = None, *, urgent: bool = False
    ) -> BatchRun | None:
        """Let these wait for company, each for its enterprise's wallet or all for one address as typed; what is urgent
        goes at once, and alone: then its run is returned.

        Raises UserError RECIPIENT_INVALID, BATCH_EMPTY, PERMISSION_DENIED; an asset that cannot be minted is named by
        the run that it comes to.
        """
        user = self._session.require(Permission.MINT)
        to = None if recipient is None else parse_address(recipient)
        if not asset_ids:
            raise UserError(ErrorCode.BATCH_EMPTY, "nothing is selected")
        if urgent:
            return await self._runs.commit(await self._planner.plan(asset_ids, to), BatchStrategy.AUTOMATIC)
        now = self._clock.now()
        mints = [GatheredMint(asset_id, to, now, user.name) for asset_id in dict.fromkeys(asset_ids)]

        def work(tx: Transaction) -> None:
            require_owners(tx, user, asset_ids)
            tx.gather_mints(mints)
            lines = [(str(mint.asset_id), {"recipient": mint.recipient or ""}) for mint in mints]
            tx.append_audits(user.name, "mint.gathered", lines, now)

        async with self._turn:  # a batch that goes just now takes no other wish with it
            await self._database.write(work)
        self._changed()
        return None

    async def waiting(self) -> tuple[GatheredMint, ...]:
        """What waits for company, in the order in which it was asked for."""
        self._session.require_reader()
        return await self._database.read(lambda tx: tx.gathered_mints())

    async def waiting_rows(self) -> tuple[WaitingAsset, ...]:
        """The same with the assets."""
        self._session.require_reader()

        def look(tx: Transaction) -> tuple[WaitingAsset, ...]:
            waiting = tx.gathered_mints()
            rows = {row.asset_id: row for row in tx.asset_rows([mint.asset_id for mint in waiting])}
            return tuple(WaitingAsset(mint, rows[mint.asset_id]) for mint in waiting)

        return await self._database.read(look)

    async def withdraw(self, asset_ids: Sequence[UUID]) -> int:
        """These do not wait any more, and nothing was done for them; returns how many still did."""
        user = self._session.require(Permission.MINT)

        def work(tx: Transaction) -> int:
            require_owners(tx, user, asset_ids)
            withdrawn = [mint.asset_id for mint in _waiting_of(tx, asset_ids)]
            tx.release_gathered(withdrawn)
            tx.append_audits(user.name, "mint.withdrawn", [(str(one), {}) for one in withdrawn], self._clock.now())
            return len(withdrawn)

        async with self._turn:  # what a batch that goes just now takes with it is withdrawn no more
            withdrawn = await self._database.write(work)
        self._changed()
        return withdrawn

    async def send_now(self, asset_ids: Sequence[UUID]) -> tuple[BatchRun, ...]:
        """Those of these that wait go at once, a run for each destination.

        Raises EnvironmentFault NODE_UNREACHABLE while the environment is down.
        """
        user = self._session.require(Permission.MINT)

        def look(tx: Transaction) -> list[GatheredMint]:
            waiting = _waiting_of(tx, asset_ids)
            require_owners(tx, user, [mint.asset_id for mint in waiting])
            return waiting

        async with self._turn:
            waiting = await self._database.read(look)
            congestion = await self._congestion() if waiting else Congestion.MEDIUM
            return tuple([await self._commit(together, congestion) for together in by_destination(waiting)])

    async def congestion(self) -> Congestion:
        """How busy the chain is, or what was set by hand. Raises EnvironmentFault NODE_UNREACHABLE."""
        self._session.require_reader()
        return await self._congestion()

    async def stop(self) -> None:
        """Send nothing off any more; what waits stays on record."""
        self._unsubscribe()
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _congestion(self) -> Congestion:
        return self._policy.congestion or congestion_of(await self._chain.load(LOOKED_AT_BLOCKS))

    # --- inside ------------------------------------------------------------------------------------------------

    def _hear(self, event: DomainEvent) -> None:
        if isinstance(event, EnvironmentChanged):
            self._is_ready = event.is_ready
        if isinstance(event, EnvironmentChanged | SessionChanged):
            self._look()
        if isinstance(event, RunRequested | AssetDeleted):
            self._events.publish(GatheringChanged())  # what it was about waits no more

    def _changed(self) -> None:
        self._events.publish(GatheringChanged())
        self._look()

    def _look(self) -> None:
        """See soon whether something is due. The work ends by itself once nothing waits."""
        self._woken.set()
        if self._is_ready and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._send_off_what_is_due(), name="automatic-batches")

    async def _send_off_what_is_due(self) -> None:
        while self._is_ready:
            self._woken.clear()
            pause_s = await self._send_off()
            if pause_s is None and not self._woken.is_set():
                return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause_s):
                    await self._woken.wait()

    async def _send_off(self) -> float | None:
        """Send off every batch that is due; returns after how many seconds to look again, None for never."""
        try:
            while (user := self._session.user) is not None and user.may(Permission.MINT):
                async with self._turn:
                    owners = None if user.role is Role.ADMIN else user.enterprise_ids
                    waiting = await self._database.read(lambda tx, owners=owners: tx.gathered_mints(owners))
                    congestion = await self._congestion() if waiting else Congestion.MEDIUM
                    longest_wait, now = self._policy.longest_wait, self._clock.now()
                    together = due(waiting, self._policy.size(congestion), longest_wait, now)
                    if not together:
                        return wait_s(waiting, longest_wait, now)
                    await self._commit(together, congestion)
        except EnvironmentFault as fault:
            log.info("a batch waits: %s", fault)
            return AGAIN_AFTER_S
        except UserError as refused:
            log.info("a batch waits for somebody who may mint it: %s", refused)
        return None  # until somebody signs in

    async def _commit(self, together: Sequence[GatheredMint], congestion: Congestion) -> BatchRun:
        plan = await self._planner.plan([mint.asset_id for mint in together], together[0].recipient)
        return await self._runs.commit(plan, BatchStrategy.AUTOMATIC, congestion)


def _waiting_of(tx: Transaction, asset_ids: Sequence[UUID]) -> list[GatheredMint]:
    wanted = frozenset(asset_ids)
    return [mint for mint in tx.gathered_mints() if mint.asset_id in wanted]
