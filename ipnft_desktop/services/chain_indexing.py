"""Reads the chain's logs into the register, block by block and behind everything else: a mint never waits for it.

The index is written in commits of whole blocks, each of which also says where it goes on: whatever ends the program,
nothing is lost and nothing is taken in twice. What a reorganisation took away is taken back before anything follows it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

from ipnft_desktop.domain.chain import BlockRef, ChainIdentity
from ipnft_desktop.domain.chain_events import ChainSlice, IndexReach, IndexStatus
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError, with_code
from ipnft_desktop.domain.events import BlockArrived, DomainEvent, EnvironmentChanged, IndexAdvanced
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.program_log import log_event
from ipnft_desktop.services.chain_identity import IdentityCheck
from ipnft_desktop.services.chain_ports import Chain
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.ports import Clock, Database, Transaction
from ipnft_desktop.services.session import Session

EVENTS_PER_COMMIT = 512
"""What a batch aims at: the writer is taken for some 20 ms by so many."""
FIRST_SPAN_BLOCKS = 4
MOST_SPAN_BLOCKS = 1024
BEHIND_MINTS_S = 0.25
"""Pause between two batches while mints are worked on."""
FIRST_RETRY_S = 0.5
LAST_RETRY_S = 30.0

log = logging.getLogger("ipnft")


class ChainIndexing:
    """Follows the chain while the environment stands; `status` says how far it is."""

    def __init__(
        self,
        database: Database,
        chain: Chain,
        identity: IdentityCheck,
        events: EventHub,
        clock: Clock,
        session: Session,
        *,
        first_block_of: Callable[[ChainIdentity], int],
        is_ours: bool,
        is_minting: Callable[[], bool] = lambda: False,
    ) -> None:
        """`first_block_of` says where the index of a chain begins unless somebody asks for another height; `is_ours`
        that nobody else keeps the chain, so that one that is shorter than the index has lost blocks."""
        self._database = database
        self._chain = chain
        self._identity = identity
        self._events = events
        self._clock = clock
        self._session = session
        self._first_block_of = first_block_of
        self._is_ours = is_ours
        self._is_minting = is_minting
        self._status = IndexStatus()
        self._span_blocks = FIRST_SPAN_BLOCKS
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._unsubscribe: Callable[[], None] | None = None

    @property
    def status(self) -> IndexStatus:
        """How far the index reaches, as far as it is known since the environment stands."""
        return self._status

    def start(self) -> None:
        """Listen for the environment from now on; needs no running event loop."""
        if self._unsubscribe is None:
            self._unsubscribe = self._events.subscribe(self._on_event)

    async def stop(self) -> None:
        """End following. What is on its way to the register may still be committed."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def wake(self) -> None:
        """Look at the chain at once."""
        self._woken.set()

    async def rebuild(self, first_block: int | None = None) -> None:
        """Empty the index and read the chain again, from this height or from where it begins by itself.

        Raises UserError SIGN_IN_REQUIRED, PERMISSION_DENIED, VALIDATION_FAILED for a height below zero and
        MINT_INVALID_STATE where the register has no chain yet.
        """
        self._session.require(Permission.MANAGE_CHAIN)
        if first_block is not None and first_block < 0:
            raise UserError(ErrorCode.VALIDATION_FAILED, "blocks are counted from 0", field="first_block")
        now, actor = self._clock.now(), self._session.actor

        def work(tx: Transaction) -> IndexReach | None:
            identity = tx.chain_identity()
            if identity is None:
                raise UserError(ErrorCode.MINT_INVALID_STATE, "the register has no chain yet")
            begin = self._first_block_of(identity) if first_block is None else first_block
            tx.begin_index(begin)
            tx.append_audit(actor, "index.rebuild", identity.instance_id, {"first_block": str(begin)}, now)
            return tx.index_reach()

        reach = await self._database.write(work)
        self._tell(IndexStatus(reach, self._status.head_block))
        self._woken.set()

    def _on_event(self, event: DomainEvent) -> None:
        if isinstance(event, BlockArrived):
            self._woken.set()
        elif isinstance(event, EnvironmentChanged):
            if self._task is not None:
                self._task.cancel()
                self._task = None
            if event.is_ready:
                self._span_blocks = FIRST_SPAN_BLOCKS
                self._task = asyncio.create_task(self._follow(), name="chain-index")
            else:
                self._tell(IndexStatus(self._status.reach))

    async def _follow(self) -> None:
        retry_s = FIRST_RETRY_S
        while True:
            self._woken.clear()
            try:
                await self._catch_up()
            except Exception as error:
                fault = with_code(error)
                if not isinstance(error, IpnftError):
                    log.exception("index of the chain")
                self._tell(IndexStatus(self._status.reach, self._status.head_block, fault))
                await asyncio.sleep(retry_s)
                retry_s = min(2 * retry_s, LAST_RETRY_S)
            else:
                retry_s = FIRST_RETRY_S
                await self._woken.wait()

    async def _catch_up(self) -> None:
        """Until nothing of the chain is missing. Raises what is in the way."""
        while True:
            reach = await self._begun()
            if reach is None:
                return
            head = await self._chain.head()
            self._tell(IndexStatus(reach, head.number))
            if reach.next_block > head.number:
                if await self._is_still_there(reach, head.number):
                    return
                await self._fall_back(reach, head.number)
                continue
            piece = await self._next_piece(reach, head.number)
            if await self._follows(piece, reach):
                await self._database.write(lambda tx, piece=piece: tx.append_to_index(piece))
            else:
                await self._fall_back(reach, head.number)
            await asyncio.sleep(BEHIND_MINTS_S if self._is_minting() else 0)

    async def _begun(self) -> IndexReach | None:
        """Where the index goes on; begins one where there is none. None while the register has no chain."""
        reach = await self._database.read(lambda tx: tx.index_reach())
        if reach is not None:
            return reach

        def begin(tx: Transaction) -> IndexReach | None:
            identity = tx.chain_identity()
            if identity is not None and tx.index_reach() is None:
                tx.begin_index(self._first_block_of(identity))
            return tx.index_reach()

        return await self._database.write(begin)

    async def _next_piece(self, reach: IndexReach, head: int) -> ChainSlice:
        """As many blocks as a commit should hold, by how many events the latest had."""
        last = min(head, reach.next_block + self._span_blocks - 1)
        piece = await self._chain.slice_from(reach.next_block, last)
        per_block = max(len(piece.events), 1) / len(piece.blocks)
        fitting = int(EVENTS_PER_COMMIT / per_block)
        self._span_blocks = max(1, min(fitting, 2 * len(piece.blocks), MOST_SPAN_BLOCKS))
        return piece

    async def _follows(self, piece: ChainSlice, reach: IndexReach) -> bool:
        """Whether the piece is the continuation of what is indexed."""
        if reach.last_block is None:
            return True
        last = await self._database.read(lambda tx: tx.indexed_block(reach.next_block - 1))
        return last is not None and piece.blocks[0].parent_hash == last.block.block_hash

    async def _is_still_there(self, reach: IndexReach, head: int) -> bool:
        """Whether the chain holds all that is indexed; one of others also where its node is only behind: it has the
        indexed blocks as far as it goes, as a fallback has that still catches up."""
        if reach.last_block is None:
            return True
        if head >= reach.last_block:
            return await self._is_on_chain(reach.last_block)
        return not self._is_ours and (head < reach.first_block or await self._is_on_chain(head))

    async def _is_on_chain(self, number: int) -> bool:
        return await self._is_indexed(await self._chain.block_at(number))

    async def _is_indexed(self, block: BlockRef | None) -> bool:
        if block is None:
            return False
        indexed = await self._database.read(lambda tx: tx.indexed_block(block.number))
        return indexed is not None and block == indexed.block

    async def _fall_back(self, reach: IndexReach, head: int) -> None:
        """Take back what a reorganisation took away. A node that lost its chain looks like a very deep one: raises
        CHAIN_RESET or CHAIN_MISMATCH then, and touches nothing."""
        await self._identity.require_same()
        # Where a block is on the chain all below it are: the highest such block is found by halving.
        low, high = reach.first_block - 1, min(reach.next_block - 1, max(head, reach.first_block - 1))
        while low < high:
            middle = (low + high + 1) // 2
            if (block := await self._chain.block_at(middle)) is None:
                raise _changed()  # below the head it was there: another node answers now, or the chain was taken back
            if await self._is_indexed(block):
                low = middle
            else:
                high = middle - 1
        common = low
        if common == reach.next_block - 1:
            raise _changed()
        await self._database.write(lambda tx: tx.drop_from_index(common))
        log_event("index.reorganised", common_block=common, blocks_dropped=reach.next_block - 1 - common)

    def _tell(self, status: IndexStatus) -> None:
        if status != self._status:
            self._status = status
            self._events.publish(IndexAdvanced(status))


def _changed() -> EnvironmentFault:
    return EnvironmentFault(ErrorCode.NODE_UNREACHABLE, phrase("the chain changed while it was read"))
