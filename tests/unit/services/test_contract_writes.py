"""Calls of a contract over a whole core: recorded before they are sent, once on the chain whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from ipnft_desktop.domain.assets import AssetQuery
from ipnft_desktop.domain.audit import AuditQuery
from ipnft_desktop.domain.chain import ChainIdentity, Receipt, SendReply, SendVerdict
from ipnft_desktop.domain.contract_writes import ContractCall, ContractWrite, WithdrawalObstacle, WriteState
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError, ValidationFailed
from ipnft_desktop.domain.events import ContractWriteChanged, DomainEvent
from ipnft_desktop.domain.minting import TransactionPurpose
from ipnft_desktop.domain.people import Role
from tests.support import samples
from tests.support.core_factory import MemoryCore, request
from tests.support.memory_calls import SET_ROYALTY, SET_VALIDITY
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


async def recorded(memory: MemoryCore) -> ContractWrite:
    """The only call there is."""
    (write,) = await memory.core.writes.writes()
    return write


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


@pytest.mark.parametrize(
    ("changed", "reason", "field"),
    [
        ({}, "a\0b", "reason"),
        ({}, "to\u202egnorw", "reason"),
        ({"function": f"f({','.join(['uint256'] * 70)})"}, "", "function"),
        ({"arguments": (("receiver", samples.RECIPIENT), ("royaltyBps", "2\0"))}, "", "argument 1"),
        ({"arguments": (("\ud800", samples.RECIPIENT), ("royaltyBps", "2"))}, "", "argument 0"),
    ],
)
async def test_what_a_database_cannot_keep_is_refused(
    memory: MemoryCore, changed: dict[str, Any], reason: str, field: str
) -> None:
    with pytest.raises(ValidationFailed) as caught:
        await memory.core.writes.send(replace(await royalty(memory), **changed), reason)
    assert caught.value.field == field


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


@pytest.mark.parametrize("moment", ["commit", "hand over"])
async def test_what_nobody_waits_for_any_more_is_sent_and_followed(memory: MemoryCore, moment: str) -> None:
    call, database = await royalty(memory), memory.core.adapters.database
    write, send_raw = database.write, memory.chain.send_raw

    async def give_up_at_the_commit(work: Any) -> Any:
        done = await write(work)
        if moment == "commit" and getattr(done, "purpose", None) is TransactionPurpose.CALL:
            asking.cancel()
            await asyncio.sleep(0)
        return done

    async def give_up_at_the_hand_over(raw: bytes) -> SendReply:
        if moment == "hand over":
            asking.cancel()
            await asyncio.sleep(0)
        return await send_raw(raw)

    database.write = give_up_at_the_commit  # type: ignore[method-assign]
    memory.chain.send_raw = give_up_at_the_hand_over  # type: ignore[method-assign]
    asking = asyncio.create_task(memory.core.writes.send(call))
    with pytest.raises(asyncio.CancelledError):
        await asking
    database.write, memory.chain.send_raw = write, send_raw  # type: ignore[method-assign]
    done = await until(memory, await recorded(memory), WriteState.DONE)
    assert mined_calls(memory) == [done.tx_hash]
    await mint(memory)


async def test_the_program_ends_behind_what_it_has_begun(memory: MemoryCore) -> None:
    call, may_send, send_raw = await royalty(memory), asyncio.Event(), memory.chain.send_raw
    is_handed_over = asyncio.Event()

    async def slow(raw: bytes) -> SendReply:
        is_handed_over.set()
        await may_send.wait()
        return await send_raw(raw)

    memory.chain.send_raw = slow  # type: ignore[method-assign]
    asking = asyncio.create_task(memory.core.writes.send(call))
    await is_handed_over.wait()
    asking.cancel()
    ending = asyncio.create_task(memory.core.close())
    asyncio.get_running_loop().call_later(0.05, may_send.set)
    await ending
    assert len(mined_calls(memory)) == 1


async def test_the_validity_of_a_certificate_is_no_plain_call(memory: MemoryCore) -> None:
    await mint(memory)
    (row,) = (await memory.core.register.page(AssetQuery())).rows
    values = (("tokenId", str(row.asset_id.int)), ("validity", "2"), ("reasonHash", "0x" + "00" * 32))
    call = ContractCall((await identity(memory)).contract_address, SET_VALIDITY, values)
    for target in (call.target, call.target.lower()):
        with pytest.raises(UserError) as caught:
            await memory.core.writes.send(replace(call, target=target))
        assert (caught.value.code, caught.value.field) == (ErrorCode.VALIDATION_FAILED, "function")
    assert await memory.core.writes.writes() == ()


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


async def test_what_another_program_recorded_and_did_not_send_is_taken_up(
    memory: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{WRITES}.TAKE_UP_EVERY_S", 0.01)
    await memory.core.environment.stop()
    await memory.core.environment.start()  # beats quickly from here
    take_up, is_refused = memory.core.writes.take_up, asyncio.Event()

    async def not_at_first() -> None:
        if not is_refused.is_set():
            is_refused.set()
            raise EnvironmentFault(ErrorCode.DATABASE_UNAVAILABLE)
        await take_up()

    with monkeypatch.context() as ended:  # as if that program ended behind its commit
        ended.setattr(memory.core.writes, "take_up", not_at_first)
        ended.setattr(memory.core.writes, "_follow", lambda _write: None)
        memory.chain.lose_next_request()
        write = await memory.core.writes.send(await royalty(memory))
        await is_refused.wait()
        assert write.state is WriteState.WAITING
    done = await until(memory, write, WriteState.DONE)
    assert mined_calls(memory) == [done.tx_hash]


async def test_a_call_that_no_block_takes_can_be_taken_back(memory: MemoryCore) -> None:
    send_raw, is_held = memory.chain.send_raw, asyncio.Event()

    async def too_dear(raw: bytes) -> SendReply:
        if MemoryTransaction.read(raw).kind == "call":
            is_held.set()
            return SendReply(SendVerdict.ACCEPTED)  # it waits in the pool for a price that never comes
        return await send_raw(raw)

    memory.chain.send_raw = too_dear  # type: ignore[method-assign]
    asking = asyncio.create_task(memory.core.writes.send(await royalty(memory)))
    await is_held.wait()
    write = await recorded(memory)
    listed = await memory.core.calls.call(write.write_id)
    assert (listed.obstacle, listed.reply) == (None, SendReply(SendVerdict.ACCEPTED))
    withdrawn = await memory.core.writes.withdraw(write.write_id)
    assert (withdrawn.state, withdrawn.is_withdrawn) == (WriteState.REPLACED, True)
    assert withdrawn.replaced_by == withdrawn.withdrawal
    assert await asking == withdrawn
    assert (await memory.core.calls.call(write.write_id)).obstacle is WithdrawalObstacle.ENDED
    assert mined_calls(memory) == []
    with pytest.raises(UserError) as caught:
        await memory.core.writes.withdraw(write.write_id)
    assert caught.value.code is ErrorCode.RECORD_CHANGED
    await mint(memory)  # nothing holds it up any more


async def test_a_reorganisation_asks_for_all_receipts_together(
    memory: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = [(await memory.core.writes.send(await royalty(memory, bp))).tx_hash for bp in ("1", "2", "3")]
    receipts, asked = memory.chain.receipts, list[list[str]]()

    async def counted(tx_hashes: Sequence[str]) -> dict[str, Receipt | None]:
        asked.append(list(tx_hashes))
        return await receipts(tx_hashes)

    monkeypatch.setattr(memory.chain, "receipts", counted)
    assert await memory.core.writes.look_again_above(0) == 0
    assert asked == [calls]


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
