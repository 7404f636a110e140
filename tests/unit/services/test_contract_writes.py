"""Calls of a contract over a whole core: recorded before they are sent, once on the chain whatever happens."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from ipnft_desktop.domain.audit import AuditQuery
from ipnft_desktop.domain.chain import ChainIdentity, SendVerdict
from ipnft_desktop.domain.contract_writes import ContractCall, ContractWrite, WriteState
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError, ValidationFailed
from ipnft_desktop.domain.events import ContractWriteChanged, DomainEvent
from ipnft_desktop.domain.people import Role
from tests.support import samples
from tests.support.core_factory import MemoryCore, request
from tests.support.memory_calls import SET_ROYALTY
from tests.support.memory_transactions import MemoryTransaction

WRITES = "ipnft_desktop.services.contract_writes"


@pytest.fixture(autouse=True)
def quick_to_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{WRITES}.IDLE_S", 0.01)


async def royalty(memory: MemoryCore, bp: str = "250") -> ContractCall:
    bound = await identity(memory)
    return ContractCall(bound.contract_address, SET_ROYALTY, (("receiver", samples.RECIPIENT), ("royaltyBps", bp)))


async def identity(memory: MemoryCore) -> ChainIdentity:
    bound = await memory.core.adapters.database.read(lambda tx: tx.chain_identity())
    assert bound is not None
    return bound


def mined_calls(memory: MemoryCore) -> list[str]:
    return [hash_ for hash_, sent in memory.chain._state.mined.items() if sent.kind == "call"]


async def until(memory: MemoryCore, write: ContractWrite, state: WriteState) -> ContractWrite:
    """The call once it stands so."""
    heard = asyncio.Event()

    def hear(event: DomainEvent) -> None:
        if isinstance(event, ContractWriteChanged) and event.write.state is state:
            heard.set()

    end = memory.core.events.subscribe(hear)
    try:
        found = await memory.core.writes.write(write.write_id)
        if found.state is not state:
            async with asyncio.timeout(5):
                await heard.wait()
        return await memory.core.writes.write(write.write_id)
    finally:
        end()


async def mint(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    assert (await memory.core.desk.mint([request(asset)])).stage == "COMPLETED"


async def test_a_call_is_recorded_mined_and_told(memory: MemoryCore) -> None:
    heard: list[DomainEvent] = []
    memory.core.events.subscribe(heard.append)
    call = await royalty(memory)
    write = await memory.core.writes.send(call, "  As agreed.  ")
    assert (write.state, write.call, write.reason) == (WriteState.DONE, call, "As agreed.")
    assert write.mined is not None
    assert write.mined.gas_used > 0
    assert await memory.core.writes.writes() == (write,)
    told = [event.write.state for event in heard if isinstance(event, ContractWriteChanged)]
    assert told == [WriteState.WAITING, WriteState.DONE]
    assert memory.core.audit is not None
    entry = (await memory.core.audit.page(AuditQuery(action="contract.write"))).entries[0]
    assert (entry.line.subject, entry.line.facts["royaltyBps"]) == (call.target, "250")
    await mint(memory)  # it took its nonce in the lane of the mints


async def test_what_the_contract_would_refuse_costs_nothing(memory: MemoryCore) -> None:
    sent = len(memory.chain.sent)
    for refused in (memory.core.writes.send, memory.core.writes.simulate):
        with pytest.raises(IpnftError) as caught:
            await refused(await royalty(memory, "10001"))
        assert caught.value.code is ErrorCode.ROYALTY_INVALID
    assert len(memory.chain.sent) == sent
    assert await memory.core.writes.writes() == ()


async def test_a_simulation_records_nothing(memory: MemoryCore) -> None:
    estimate = await memory.core.writes.simulate(await royalty(memory))
    assert estimate.max_fee_wei > estimate.gas_limit > 0
    assert estimate.data
    assert await memory.core.writes.writes() == ()


@pytest.mark.parametrize(
    ("call", "field"),
    [({"function": "nonsense("}, "function"), ({"arguments": ()}, "function")],
)
async def test_what_cannot_be_encoded_is_refused_beside_its_field(
    memory: MemoryCore, call: dict[str, object], field: str
) -> None:
    with pytest.raises(UserError) as caught:
        await memory.core.writes.send(replace(await royalty(memory), **call))  # type: ignore[arg-type]
    assert (caught.value.code, caught.value.field) == (ErrorCode.VALIDATION_FAILED, field)


async def test_a_reason_has_its_length(memory: MemoryCore) -> None:
    with pytest.raises(ValidationFailed) as caught:
        await memory.core.writes.send(await royalty(memory), "x" * 2_001)
    assert caught.value.field == "reason"


async def test_a_block_may_refuse_what_the_simulation_let_through(memory: MemoryCore) -> None:
    memory.chain.revert_next("ContractPaused")
    write = await memory.core.writes.send(await royalty(memory))
    assert (write.state, write.revert) == (WriteState.REVERTED, "ContractPaused")
    await mint(memory)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.VIEWER])
async def test_only_an_administrator_writes(memory: MemoryCore, role: Role) -> None:
    call = await royalty(memory)
    memory.core.session.begin(samples.user(role=role))
    for refused in (memory.core.writes.send(call), memory.core.writes.simulate(call)):
        with pytest.raises(UserError) as caught:
            await refused
        assert caught.value.code is ErrorCode.PERMISSION_DENIED
    assert await memory.core.writes.writes() == ()


@pytest.mark.parametrize("fault", ["lose_next_answer", "lose_next_request"])
async def test_a_running_program_sends_the_same_bytes_again(memory: MemoryCore, fault: str) -> None:
    getattr(memory.chain, fault)()
    write = await memory.core.writes.send(await royalty(memory))
    done = await until(memory, write, WriteState.DONE)
    assert mined_calls(memory) == [done.tx_hash]


@pytest.mark.parametrize("fault", ["lose_next_answer", "lose_next_request"])
async def test_the_next_program_goes_on_with_what_was_on_its_way(
    memory: MemoryCore, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{WRITES}.SEEN_WITHIN_S", 0.0)
    monkeypatch.setattr(f"{WRITES}.IDLE_S", 60.0)
    getattr(memory.chain, fault)()
    write = await memory.core.writes.send(await royalty(memory))
    later = await memory.again()
    done = await until(later, write, WriteState.DONE)
    assert mined_calls(later) == [done.tx_hash]
    await mint(later)
    await later.core.close()


async def test_a_reorganisation_opens_it_again(memory: MemoryCore) -> None:
    await mint(memory)
    write = await memory.core.writes.send(await royalty(memory))
    assert write.mined is not None
    told: list[WriteState] = []
    is_done = asyncio.Event()

    def hear(event: DomainEvent) -> None:
        if isinstance(event, ContractWriteChanged):
            told.append(event.write.state)
            if event.write.state is WriteState.DONE:
                is_done.set()

    memory.core.events.subscribe(hear)
    memory.chain.reorganise(1, keep_transactions=False)
    await memory.chain.mine()  # another block at its height
    async with asyncio.timeout(5):
        await is_done.wait()
    assert told == [WriteState.WAITING, WriteState.DONE]
    done = await memory.core.writes.write(write.write_id)
    assert done.mined is not None
    assert done.mined.block_hash != write.mined.block_hash
    assert (done.tx_hash, mined_calls(memory)) == (write.tx_hash, [write.tx_hash])


async def test_a_nonce_that_somebody_else_used_ends_it(memory: MemoryCore) -> None:
    memory.chain.lose_next_request()
    original = memory.chain.send_raw

    async def too_late(raw: bytes) -> object:
        if MemoryTransaction.read(raw).kind == "call" and not mined_elsewhere:
            mined_elsewhere.append(memory.chain.take_nonce(MemoryTransaction.read(raw).signer))
        return await original(raw)

    mined_elsewhere: list[str] = []
    memory.chain.send_raw = too_late  # type: ignore[method-assign, assignment]
    write = await memory.core.writes.send(await royalty(memory))
    replaced = await until(memory, write, WriteState.REPLACED)
    assert replaced.replaced_by == mined_elsewhere[0]
    assert mined_calls(memory) == []
    await mint(memory)


async def test_nothing_is_written_while_nothing_may_be_sent(memory: MemoryCore) -> None:
    call = await royalty(memory)
    await memory.core.environment.stop()
    with pytest.raises(EnvironmentFault) as caught:
        await memory.core.writes.send(call)
    assert caught.value.code is ErrorCode.NODE_UNREACHABLE
    assert await memory.core.writes.writes() == ()


async def test_a_refused_answer_decides_nothing(memory: MemoryCore) -> None:
    memory.chain.reply_next(SendVerdict.REFUSED, "out of sorts", taken=True)
    write = await memory.core.writes.send(await royalty(memory))
    assert write.state is WriteState.DONE
