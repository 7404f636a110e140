"""When a person should look at a call that waits: blocks go by, and it is in none of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from ipnft_desktop.domain.alerts import AlertKind
from ipnft_desktop.domain.chain import BlockRef, SendReply, SendVerdict
from ipnft_desktop.domain.contract_writes import ContractCall, ContractWrite, WriteState
from ipnft_desktop.domain.events import AlertCleared, AlertRaised, BlockArrived, DomainEvent, EnvironmentChanged
from ipnft_desktop.services.call_alerts import STUCK_AFTER_S, STUCK_BLOCKS, CallAlerts
from tests.support import samples
from tests.support.core_factory import MemoryCore
from tests.support.memory_calls import SET_ROYALTY
from tests.support.memory_transactions import MemoryTransaction


class Watch:
    """The service over a whole core whose node takes no call, with a clock of its own."""

    def __init__(self, memory: MemoryCore) -> None:
        self.memory = memory
        self.seconds = 0.0
        self.heard: asyncio.Queue[AlertRaised | AlertCleared] = asyncio.Queue()
        self.takes_calls = False
        self._send_raw = memory.chain.send_raw
        memory.chain.send_raw = self._send  # type: ignore[method-assign]
        core = memory.core
        self.service = CallAlerts(core.adapters.database, core.events, core.adapters.clock, lambda: self.seconds)
        core.events.subscribe(self._hear)
        self.service.start()
        self.block = 100

    async def asked(self, bp: str) -> ContractWrite:
        bound = await self.memory.core.adapters.database.read(lambda tx: tx.chain_identity())
        assert bound is not None
        arguments = (("receiver", samples.RECIPIENT), ("royaltyBps", bp))
        call = ContractCall(bound.contract_address, SET_ROYALTY, arguments)
        write_id = await self.memory.core.writes.begin(call, "", "ada")
        return await self.memory.core.writes.write(write_id)

    async def mine(self, blocks: int) -> None:
        """So many blocks, as the watcher tells them; returns once what they began has ended."""
        for _ in range(blocks):
            self.block += 1
            self.memory.core.events.publish(BlockArrived(BlockRef(self.block, f"0x{self.block:064x}", 0), 1))
        await self.quiet()

    async def quiet(self) -> None:
        looking = [task for task in asyncio.all_tasks() if task.get_name() == "call-alerts"]
        if looking:
            await asyncio.wait(looking)

    async def alerts(self) -> list[str]:
        """Calls with an open alert."""
        read = await self.memory.core.alerts.open_alerts()
        return [alert.subject for alert in read if alert.kind is AlertKind.CALL_STUCK]

    async def _send(self, raw: bytes) -> SendReply:
        if MemoryTransaction.read(raw).kind == "call" and not self.takes_calls:
            return SendReply(SendVerdict.ACCEPTED)
        return await self._send_raw(raw)

    def _hear(self, event: DomainEvent) -> None:
        if isinstance(event, (AlertRaised, AlertCleared)) and event.alert.kind is AlertKind.CALL_STUCK:
            self.heard.put_nowait(event)


@pytest.fixture
async def watch(memory: MemoryCore, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Watch]:
    monkeypatch.setattr("ipnft_desktop.services.contract_writes.IDLE_S", 0.01)
    await memory.core.call_alerts.stop()  # this one has another clock
    made = Watch(memory)
    yield made
    await made.service.stop()


async def next_of(watch: Watch) -> Any:
    async with asyncio.timeout(10):
        return await watch.heard.get()


async def test_it_is_told_once_blocks_went_by_for_long_enough_and_passes_when_it_is_taken_back(watch: Watch) -> None:
    write = await watch.asked("1")
    behind = await watch.asked("2")
    await watch.mine(STUCK_BLOCKS + 1)
    assert await watch.alerts() == [], "it waits for seconds only"
    watch.seconds += STUCK_AFTER_S + 1
    await watch.mine(1)
    raised = await next_of(watch)
    facts = raised.alert.facts
    assert (raised.alert.subject, facts["nonce"]) == (str(write.write_id), str(write.nonce))
    assert (facts["function"], facts["behind"]) == (SET_ROYALTY, "1")
    await watch.mine(5)
    assert await watch.alerts() == [str(write.write_id)], "told once, and of the lowest alone"
    assert watch.heard.empty()

    assert (await watch.memory.core.writes.withdraw(write.write_id)).state is WriteState.REPLACED
    cleared = await next_of(watch)
    assert (type(cleared), cleared.alert.subject) == (AlertCleared, str(write.write_id))
    await watch.mine(1)
    assert (await next_of(watch)).alert.subject == str(behind.write_id), "now it is this one that holds all up"
    watch.takes_calls = True
    cleared = await next_of(watch)
    assert (type(cleared), cleared.alert.subject) == (AlertCleared, str(behind.write_id))
    assert await watch.alerts() == []


async def test_while_nothing_is_mined_nothing_is_told(watch: Watch) -> None:
    await watch.asked("1")
    watch.seconds += 100 * STUCK_AFTER_S
    await watch.mine(STUCK_BLOCKS)  # the first tells where counting begins
    assert await watch.alerts() == []
    await watch.mine(1)
    assert len(await watch.alerts()) == 1


async def test_a_start_takes_up_what_waits_and_clears_what_ended_meanwhile(watch: Watch) -> None:
    write = await watch.asked("1")
    now = samples.NOW
    database = watch.memory.core.adapters.database
    await database.write(lambda tx: tx.raise_alert(AlertKind.CALL_STUCK, "4711", {}, now))
    await watch.service.stop()
    later = watch.service = CallAlerts(
        database, watch.memory.core.events, watch.memory.core.adapters.clock, lambda: watch.seconds
    )
    later.start()
    watch.memory.core.events.publish(EnvironmentChanged(is_ready=True))
    assert (await next_of(watch)).alert.subject == "4711"
    assert await watch.alerts() == []
    watch.seconds += STUCK_AFTER_S + 1
    await watch.mine(STUCK_BLOCKS + 1)
    assert await watch.alerts() == [str(write.write_id)]
