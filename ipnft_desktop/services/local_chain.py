"""Controls for a chain of our own: mine, mine by the clock, set the time, snapshot and go back, fund an account.

Whatever is done ends in blocks that the journal records with their times and raw transactions, so that a node that
starts anew comes back to the same hashes. How the node mines, its snapshots and a time that no block carries yet are
lost with the node: a restored one mines each transaction at once.

Impersonation is off until it is switched on, and off again when the node ends. While it is on, a call may be sent as an
account whose key nobody here holds (`ContractWrites.send`); it is recorded first and journalled like any other.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

from ipnft_desktop.domain.chain import parse_address
from ipnft_desktop.domain.contract_writes import ContractCall, ContractWrite
from ipnft_desktop.domain.errors import (
    EnvironmentFault,
    ErrorCode,
    FieldProblem,
    ProblemKind,
    UserError,
    ValidationFailed,
)
from ipnft_desktop.domain.events import DomainEvent, EnvironmentChanged, LocalChainChanged
from ipnft_desktop.domain.local_chain import (
    INTERVAL_MAX_S,
    INTERVAL_MIN_S,
    MINED_AT_ONCE_MAX,
    NAME_MAX_CHARS,
    TIME_AHEAD_MAX,
    ChainSnapshot,
    LocalChainState,
    Mining,
    MiningMode,
    RevertPreview,
)
from ipnft_desktop.domain.minting import MintStage
from ipnft_desktop.domain.people import Permission, User, check_line
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.services.chain_ports import Chain
from ipnft_desktop.services.contract_writes import ContractWrites
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.node_ports import LocalChainControls
from ipnft_desktop.services.ports import Clock, Database, Transaction
from ipnft_desktop.services.recorded_sending import RecordedSender
from ipnft_desktop.services.sending_accounts import SendingAccounts
from ipnft_desktop.services.session import Session

OnProgress = Callable[[int], bool]
"""Hears how many blocks are mined, and answers whether to go on."""


class LocalChain:
    """For an ADMIN (MANAGE_CHAIN), and only while a node of our own serves a local chain; everything is on record in
    the audit log before it is done."""

    def __init__(
        self,
        database: Database,
        chain: Chain,
        controls: LocalChainControls,
        writes: ContractWrites,
        accounts: SendingAccounts,
        events: EventHub,
        clock: Clock,
        session: Session,
        lane: asyncio.Lock,
        come_into_step: Callable[[], Awaitable[None]],
        *,
        is_ours: bool,
        may_act: Callable[[], bool],
    ) -> None:
        """`lane` is held by whoever sends mints. `come_into_step` brings the register in step with a chain that went
        back. `may_act` is False while the chain is being restored."""
        self._database = database
        self._chain = chain
        self._controls = controls
        self._writes = writes
        self._accounts = accounts
        self._events = events
        self._clock = clock
        self._session = session
        self._lane = lane
        self._come_into_step = come_into_step
        self._is_ours = is_ours
        self._may_act = may_act
        self._mining = Mining()
        self._snapshots: dict[int, tuple[ChainSnapshot, str]] = {}
        """With the node's own name for each."""
        self._numbers = itertools.count(1)
        self._acting = asyncio.Lock()
        events.subscribe(self._on_event)

    @property
    def is_offered(self) -> bool:
        """Whether this register's chain is one of our own at all."""
        return self._is_ours and self._accounts.bank is not None

    async def state(self) -> LocalChainState:
        """How the chain stands. Raises UserError SIGN_IN_REQUIRED or KEPT_BY_OTHERS, EnvironmentFault
        NODE_UNREACHABLE."""
        self._session.require_reader()
        bank = self._require_local()
        await bank.signer.prepare()
        address = bank.signer.address
        return LocalChainState(
            head=await self._chain.head(),
            mining=self._mining,
            snapshots=tuple(snapshot for snapshot, _ in self._snapshots.values()),
            bank=address,
            bank_wei=await self._chain.balance_of(address),
            impersonates=self._accounts.impersonates,
        )

    async def mine(self, blocks: int, on_progress: OnProgress = lambda _done: True) -> int:
        """Mine empty blocks, or what waits; returns how many. Raises ValidationFailed (field "blocks")."""
        user = self._require_admin()
        if not 1 <= blocks <= MINED_AT_ONCE_MAX:
            raise _out_of_range("blocks", f"1 - {MINED_AT_ONCE_MAX:,}")
        await self._note(user, "chain.mine", {"blocks": str(blocks)})
        async with self._acting:
            for done in range(blocks):
                if not on_progress(done):
                    return done
                await self._controls.mine()
        on_progress(blocks)
        return blocks

    async def set_mining(self, mining: Mining) -> None:
        """Choose when blocks come. Raises ValidationFailed (field "interval_s")."""
        user = self._require_admin()
        interval_s = mining.interval_s if mining.mode is MiningMode.INTERVAL else None
        if mining.mode is MiningMode.INTERVAL and not INTERVAL_MIN_S <= (interval_s or 0) <= INTERVAL_MAX_S:
            raise _out_of_range("interval_s", f"{INTERVAL_MIN_S} - {INTERVAL_MAX_S:,}")
        facts = {"mode": mining.mode.value, **({"interval_s": str(interval_s)} if interval_s else {})}
        await self._note(user, "chain.mining", facts)
        async with self._acting:
            await self._controls.set_mining(at_once=mining.mode is MiningMode.AT_ONCE, interval_s=interval_s)
            self._mining = Mining(mining.mode, interval_s)
        self._events.publish(LocalChainChanged())

    async def set_impersonation(self, *, allowed: bool) -> None:
        """Let calls be sent from accounts that sign nothing, or no more; what was sent stays."""
        user = self._require_admin()
        await self._note(user, "chain.impersonation", {"allowed": str(allowed).lower()})
        self._accounts.impersonates = allowed
        self._events.publish(LocalChainChanged())

    async def set_next_time(self, at: datetime) -> None:
        """The next block carries this time, and those behind it follow; never back. Raises ValidationFailed (field
        "at")."""
        user = self._require_admin()
        head = await self._chain.head()
        now = datetime.fromtimestamp(head.timestamp_s, UTC)
        if not now < at <= now + TIME_AHEAD_MAX:
            limit = f"{now:%Y-%m-%d %H:%M:%S} - {now + TIME_AHEAD_MAX:%Y-%m-%d} UTC"
            raise _out_of_range("at", limit)
        await self._note(user, "chain.set_time", {"at": at.astimezone(UTC).isoformat(timespec="seconds")})
        async with self._acting:
            await self._controls.set_next_time(int(at.timestamp()))

    async def snapshot(self, name: str) -> ChainSnapshot:
        """Remember the chain as it is. Raises ValidationFailed (field "name")."""
        user = self._require_admin()
        if problems := check_line("name", name, NAME_MAX_CHARS):
            raise ValidationFailed(problems)
        await self._note(user, "chain.snapshot", {"name": name.strip()})
        async with self._acting, self._lane:
            node_id = await self._controls.snapshot()
            block = await self._chain.head()
        made = ChainSnapshot(next(self._numbers), name.strip(), block, self._clock.now(), user.name)
        self._snapshots[made.snapshot_id] = made, node_id
        self._events.publish(LocalChainChanged())
        return made

    async def preview_revert(self, snapshot_id: int) -> RevertPreview:
        """What going back would undo. Raises UserError RECORD_CHANGED where there is no such snapshot any more."""
        self._require_admin()
        snapshot, _ = self._found(snapshot_id)
        return await self._preview(snapshot)

    async def revert(self, snapshot_id: int) -> RevertPreview:
        """Go back. For the register it is a reorganisation: mints and calls whose blocks are gone are open again, and
        what was signed for them is sent once more.

        Returns what was undone. The snapshot stays, later ones are lost. Raises UserError RECORD_CHANGED where there is
        no such snapshot.
        """
        user = self._require_admin()
        snapshot, _ = self._found(snapshot_id)
        facts = {"name": snapshot.name, "block": str(snapshot.block.number)}
        await self._note(user, "chain.revert", facts)
        async with self._acting:
            async with self._lane:
                _, node_id = self._found(snapshot_id)
                undone = await self._preview(snapshot)
                for later in [number for number in self._snapshots if number >= snapshot_id]:
                    del self._snapshots[later]
                if not await self._controls.revert(node_id):
                    raise UserError(ErrorCode.RECORD_CHANGED, "the node does not know this snapshot any more")
                self._snapshots[snapshot_id] = snapshot, await self._controls.snapshot()
            await self._come_into_step()
        self._events.publish(LocalChainChanged())
        return undone

    async def fund(self, address: str, amount_wei: int) -> ContractWrite:
        """Pay an account from the node's demonstration account, by a signed transfer that is recorded like any call.

        Raises UserError RECIPIENT_INVALID (field "address"), ValidationFailed (field "amount"), EnvironmentFault
        INSUFFICIENT_FUNDS, and what `ContractWrites.send` raises.
        """
        user = self._require_admin()
        bank = self._require_local()
        to = parse_address(address, "address")
        if amount_wei <= 0:
            raise _out_of_range("amount", "1 wei")
        await bank.signer.prepare()
        if to == bank.signer.address:
            raise UserError(ErrorCode.RECIPIENT_INVALID, "this is the account that pays", field="address")
        call = ContractCall(to, "", (), amount_wei)
        written = await self._writes.carry_out(call, "", user.name, sender=bank)
        self._events.publish(LocalChainChanged())
        return written

    # --- inside -----------------------------------------------------------------------------------------------

    async def _preview(self, snapshot: ChainSnapshot) -> RevertPreview:
        number = snapshot.block.number
        head = await self._chain.head()

        def work(tx: Transaction) -> tuple[int, int]:
            minted = [job for job in tx.ended_jobs_above(number) if job.stage is MintStage.COMPLETED]
            return sum(len(job.items) for job in minted), len(tx.ended_writes_above(number))

        mints, calls = await self._database.read(work)
        later = sum(each > snapshot.snapshot_id for each in self._snapshots)
        return RevertPreview(snapshot, max(0, head.number - number), mints, calls, later)

    def _require_admin(self) -> User:
        user = self._session.require(Permission.MANAGE_CHAIN)
        self._require_local()
        if not self._may_act():
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "nothing is done before the environment is ready")
        return user

    def _require_local(self) -> RecordedSender:
        bank = self._accounts.bank
        if bank is None or not self._is_ours:
            raise UserError(ErrorCode.KEPT_BY_OTHERS, "this chain is not kept by this program")
        if not self._chain.is_local:
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "no local chain is connected")
        return bank

    def _found(self, snapshot_id: int) -> tuple[ChainSnapshot, str]:
        found = self._snapshots.get(snapshot_id)
        if found is None:
            raise UserError(ErrorCode.RECORD_CHANGED, phrase("there is no snapshot {number}", number=snapshot_id))
        return found

    async def _note(self, user: User, action: str, facts: Mapping[str, str]) -> None:
        now = self._clock.now()
        await self._database.write(lambda tx: tx.append_audit(user.name, action, "", facts, now))

    def _on_event(self, event: DomainEvent) -> None:
        """The node ended, or begins anew: what it alone remembered is gone."""
        if isinstance(event, EnvironmentChanged) and not event.is_ready:
            self._snapshots.clear()
            self._mining = Mining()
            self._accounts.impersonates = False


def _out_of_range(field: str, limit: str) -> ValidationFailed:
    return ValidationFailed((FieldProblem(field, ProblemKind.OUT_OF_RANGE, limit),))
