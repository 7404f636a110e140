"""Any order of requests, decisions and faults: never two tokens of one asset, and the register ends up saying what the
chain says. Real services and a real SQLite register; chain, node and content store in memory.

One event loop per example. The program is killed by cutting its hands (database and chain take nothing any more) and
dropping it where it stands.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from ipnft_desktop.bootstrap.adapters import DATABASE_FILE
from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError
from ipnft_desktop.domain.minting import BUSY_STATES, MintJob
from tests.support.core_factory import MemoryCore, request
from tests.support.memory_chain import MemoryChain

T = TypeVar("T")

ASSETS = 5
SETTLE_TIMEOUT_S = 10.0
"""Far more than settling takes with the waits of the program at milliseconds."""

an_asset = st.integers(0, ASSETS - 1)
some_hops = st.integers(0, 25)
"""How far the program comes before the next thing happens, in rounds through its database."""


class MintMachine(RuleBasedStateMachine):
    """Rules are what people, machines and networks do; the invariants are the promise."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.profile = Path(tempfile.mkdtemp(prefix="ipnft-machine-"))
        self.register_file = self.profile / DATABASE_FILE
        self.backup = self.profile / "old-backup"
        self.memory = MemoryCore(self.profile)
        self.assets: list[Asset] = []
        self.is_dead = False
        self.is_chain_in_doubt = False
        """Whether the chain took back what was deep enough, or forgot it, and the register may lag behind."""
        self.next_database_fault: Callable[[Callable[[], Awaitable[Any]]], Awaitable[Any]] | None = None

    @initialize()
    def open(self) -> None:
        """A program that is up, with drafts."""
        self.take_hold()
        self.run(self.memory.start())
        self.assets = self.run(self.memory.add_assets(ASSETS))

    # --- what people do ---------------------------------------------------------------------------------------

    @rule(number=an_asset, hops=some_hops)
    def mint(self, number: int, hops: int) -> None:
        self.act(self.memory.core.desk.request([request(self.assets[number])]), hops)

    @rule(numbers=st.sets(an_asset, min_size=2), hops=some_hops)
    def mint_batch(self, numbers: set[int], hops: int) -> None:
        self.act(self.memory.core.desk.request([request(self.assets[number]) for number in sorted(numbers)]), hops)

    @rule(number=an_asset, hops=some_hops)
    def mint_by_a_double_click(self, number: int, hops: int) -> None:
        wanted = [request(self.assets[number])]
        both = [self.memory.core.desk.request(wanted) for _ in range(2)]
        self.act(asyncio.wait_for(_all(both), None), hops)

    @rule(number=an_asset, hops=some_hops)
    def cancel(self, number: int, hops: int) -> None:
        job = self.job(number)
        if job:
            self.act(self.memory.core.desk.cancel(job.job_id), hops)

    @rule(number=an_asset, hops=some_hops)
    def speed_up(self, number: int, hops: int) -> None:
        job = self.job(number)
        if job:
            self.act(self.memory.core.desk.speed_up(job.job_id), hops)

    @rule(number=an_asset, hops=some_hops)
    def retry(self, number: int, hops: int) -> None:
        self.act(self.memory.core.desk.retry(self.assets[number].asset_id), hops)

    @rule(number=an_asset, hops=some_hops)
    def reset(self, number: int, hops: int) -> None:
        self.act(self.memory.core.desk.reset(self.assets[number].asset_id, "looked into"), hops)

    # --- what happens to the program ----------------------------------------------------------------------------

    @rule(node_dies_too=st.booleans(), hops=some_hops)
    def kill_and_start_again(self, node_dies_too: bool, hops: int) -> None:
        self.kill()
        self.revive(node_is_new=node_dies_too)
        self.start(hops)

    @rule(hops=some_hops)
    def node_crashes_and_is_started_again(self, hops: int) -> None:
        self.is_chain_in_doubt = True
        self.run(self.memory.core.environment.crash_node())
        forget(self.memory.chain)
        self.start(hops)

    @rule()
    def back_up(self) -> None:
        with closing(sqlite3.connect(self.register_file)) as source, closing(sqlite3.connect(self.backup)) as target:
            source.backup(target)

    @rule(node_dies_too=st.booleans(), hops=some_hops)
    def restore_an_old_backup(self, node_dies_too: bool, hops: int) -> None:
        if self.backup.exists():
            self.is_chain_in_doubt = True
            self.kill()
            for file in self.profile.glob(f"{DATABASE_FILE}*"):
                file.unlink()
            shutil.copy(self.backup, self.register_file)
            self.revive(node_is_new=node_dies_too)
            self.start(hops)

    @rule(after_the_commit=st.booleans())
    def database_fails_once(self, after_the_commit: bool) -> None:
        fault = EnvironmentFault(ErrorCode.DATABASE_UNAVAILABLE, "database is locked")

        async def fail(write: Callable[[], Awaitable[Any]]) -> Any:
            if after_the_commit:
                await write()
            raise fault

        self.next_database_fault = fail

    # --- what happens on the way to the chain, and on it --------------------------------------------------------

    @rule()
    def lose_request(self) -> None:
        self.memory.chain.lose_next_request()

    @rule()
    def lose_answer(self) -> None:
        self.memory.chain.lose_next_answer()

    @rule(words=st.sampled_from(["nonce too low", "Nonce too high", "replacement transaction underpriced"]))
    def refuse(self, words: str) -> None:
        self.memory.chain.refuse_next(words)

    @rule()
    def revert(self) -> None:
        self.memory.chain.revert_next("EnforcedPause()")

    @rule(automine=st.booleans())
    def mine_at_once_or_on_demand(self, automine: bool) -> None:
        self.memory.chain.automine = automine

    @rule(hops=some_hops)
    def mine(self, hops: int) -> None:
        self.act(self.memory.chain.mine(), hops)

    @rule(hops=some_hops)
    def drop_from_the_pool(self, hops: int) -> None:
        for tx_hash in self.memory.chain.waiting[:1]:
            self.memory.chain.drop(tx_hash)
        self.hop(hops)

    @rule(depth=st.integers(1, 3), keep=st.booleans(), hops=some_hops)
    def reorganise(self, depth: int, keep: bool, hops: int) -> None:
        """Never as deep as the deployment of the contract: that would be another chain."""
        identity = self.run(self.memory.core.adapters.database.read(lambda tx: tx.chain_identity()))
        head = self.run(self.head())
        if identity and head and head - depth >= identity.deployment_block:
            self.is_chain_in_doubt = True
            self.memory.chain.reorganise(depth, keep_transactions=keep)
            self.act(self.memory.chain.mine(depth + 1), hops)

    @rule(hops=some_hops)
    def foreign_transaction_takes_the_nonce(self, hops: int) -> None:
        self.memory.chain.take_nonce(self.memory.core.adapters.signer.address)
        self.hop(hops)

    @rule()
    def settle(self) -> None:
        """In the midst of it all, everything heals, and the promise is checked."""
        self.heal_and_check()

    # --- the promise ------------------------------------------------------------------------------------------

    @invariant()
    def at_most_one_token(self) -> None:
        for asset in self.assets:
            assert self.memory.chain.mints_of(asset.asset_id) <= 1

    @invariant()
    def no_row_is_lost(self) -> None:
        if self.assets:
            states = self.states()
            assert set(states) == {asset.asset_id for asset in self.assets}

    @invariant()
    def an_end_is_the_truth(self) -> None:
        """What the register calls ended is so on the chain. While a mint is open, the chain may be ahead."""
        if self.assets and not self.is_chain_in_doubt:
            for asset_id, state in self.states().items():
                if state not in BUSY_STATES:
                    tokens = self.memory.chain.mints_of(asset_id)
                    assert tokens == (state == "MINTED"), f"{state}, but {tokens} tokens"

    def teardown(self) -> None:
        try:
            if self.assets:
                self.heal_and_check()
        finally:
            self.kill()
            self.run(asyncio.sleep(0))
            self.run(self.loop.shutdown_default_executor())
            self.loop.close()
            shutil.rmtree(self.profile)

    def heal_and_check(self) -> None:
        """No more faults, a start as after a crash, and every mint comes to its end; then register and chain agree."""
        self.next_database_fault = None
        calm(self.memory.chain)
        self.kill()
        self.revive(node_is_new=False)
        self.run(self.memory.start())
        self.run(self.settled())
        # What a reorganisation deeper than the required depth left behind is found at the next start.
        self.run(self.memory.core.environment.stop())
        self.run(self.memory.start())
        self.run(self.settled())
        for asset_id, state in self.states().items():
            tokens = self.memory.chain.mints_of(asset_id)
            assert tokens == (1 if state == "MINTED" else 0), f"{state}, but {tokens} tokens"
            assert state not in BUSY_STATES
        self.is_chain_in_doubt = False

    # --- hands ------------------------------------------------------------------------------------------------

    def run(self, step: Coroutine[Any, Any, T]) -> T:
        async def bounded() -> T:
            async with asyncio.timeout(SETTLE_TIMEOUT_S):
                return await step

        return self.loop.run_until_complete(bounded())

    def act(self, step: Coroutine[Any, Any, object], hops: int) -> None:
        """Do it; a refusal is an answer too. Then the program comes some way."""

        async def attempt() -> None:
            with suppress(IpnftError):
                await step

        self.run(attempt())
        self.hop(hops)

    def hop(self, times: int) -> None:
        async def pass_by() -> None:
            for _ in range(times):
                await self.memory.core.adapters.database.read(lambda _tx: None)

        self.run(pass_by())

    def start(self, hops: int) -> None:
        self.act(self.memory.start(), hops)

    def take_hold(self) -> None:
        """Hold the database of the present program, to let it fail or to cut it off."""
        database, memory = self.memory.core.adapters.database, self.memory
        write = database.write

        async def guarded(work: Callable[[Any], Any]) -> Any:
            if self.is_dead or memory is not self.memory:
                raise asyncio.CancelledError
            fault, self.next_database_fault = self.next_database_fault, None
            return await (fault(lambda: write(work)) if fault else write(work))

        database.write = guarded  # type: ignore[method-assign]

    def kill(self) -> None:
        """Nothing the program still does has an effect; then it is gone."""
        self.is_dead = True
        send, self.memory.chain.send_raw = self.memory.chain.send_raw, _nowhere  # type: ignore[method-assign]

        async def vanish() -> None:
            tasks = asyncio.all_tasks() - {asyncio.current_task()}
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.memory.core.adapters.database.close()

        self.run(vanish())
        self.memory.chain.send_raw = send  # type: ignore[method-assign]
        self.is_dead = False

    def revive(self, *, node_is_new: bool) -> None:
        """The same profile and chain under a new program; a new node has forgotten its chain."""
        old = self.memory
        if node_is_new:
            self.is_chain_in_doubt = True
            forget(old.chain)
        self.memory = MemoryCore(old.profile, old.settings, old.chain, old.content)
        self.take_hold()

    def job(self, number: int) -> MintJob | None:
        return self.run(self.memory.core.desk.job_of(self.assets[number].asset_id))

    def states(self) -> dict[Any, str]:
        read = self.memory.core.adapters.database.read
        found = self.run(read(lambda tx: [tx.asset(asset.asset_id) for asset in self.assets]))
        return {asset.asset_id: str(asset.state) for asset in found if asset}

    async def head(self) -> int | None:
        with suppress(IpnftError):
            return (await self.memory.chain.head()).number
        return None

    async def settled(self) -> None:
        """Wait for the outcome of every open mint."""
        desk = self.memory.core.desk
        for asset in self.assets:
            job = await desk.job_of(asset.asset_id)
            if job is not None and job.is_open:
                await desk.outcome(job.job_id)


def calm(chain: MemoryChain) -> None:
    """No fault that has not struck yet strikes any more; what waits is mined, and from now on everything at once."""
    chain._next_replies.clear()
    chain._revert_next.clear()
    chain.unreachable = False
    chain.automine = True
    chain._mine_pool()


def forget(chain: MemoryChain) -> None:
    """A fresh node: empty, mining at once, and no fault waits for what is replayed onto it."""
    chain.reset()
    chain.automine = True
    chain._revert_next.clear()


async def _all(steps: list[Coroutine[Any, Any, MintJob]]) -> list[MintJob | BaseException]:
    return await asyncio.gather(*steps, return_exceptions=True)


async def _nowhere(_raw: bytes) -> Any:
    raise asyncio.CancelledError


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ipnft_desktop.services.minting.RESEND_DELAYS_S", (0.002,))
    monkeypatch.setattr("ipnft_desktop.services.minting.RESEND_EVERY_S", 0.002)
    monkeypatch.setattr("ipnft_desktop.services.minting.IDLE_S", 0.002)
    monkeypatch.setattr("ipnft_desktop.services.mint_cases.WORK_AGAIN_DELAYS_S", (0.002,))
    monkeypatch.setattr("ipnft_desktop.services.recovery.RECOVERY_LOOK_S", 0.002)


def test_whatever_happens_there_is_one_token_or_the_truth() -> None:
    run_state_machine_as_test(
        MintMachine,
        settings=settings(
            max_examples=30,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
            # Unshrunk, a failure is at most twenty steps long, and is told in seconds instead of minutes.
            phases=[Phase.generate],
            report_multiple_bugs=False,
        ),
    )
