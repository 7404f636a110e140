"""The controls of a chain of our own, over a whole core: the register hears of everything."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ipnft_desktop.domain.audit import AuditQuery
from ipnft_desktop.domain.certificates import Validity
from ipnft_desktop.domain.contract_writes import WriteState
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError, ValidationFailed
from ipnft_desktop.domain.events import CertificateChanged, DomainEvent, MintAdvanced
from ipnft_desktop.domain.local_chain import Mining, MiningMode
from ipnft_desktop.domain.people import Role
from ipnft_desktop.settings import Settings
from tests.support import samples
from tests.support.core_factory import BANK, MemoryCore, request

ETHER_WEI = 10**18


async def actions(memory: MemoryCore) -> list[str]:
    assert memory.core.audit is not None
    page = await memory.core.audit.page(AuditQuery(action="chain"))
    return [entry.line.action for entry in reversed(page.entries) if entry.line.action != "chain.bind"]


async def test_blocks_are_mined_and_the_rest_can_be_cancelled(memory: MemoryCore) -> None:
    start = (await memory.chain.head()).number
    told: list[int] = []
    assert await memory.core.local_chain.mine(3, lambda done: told.append(done) is None) == 3
    assert (await memory.chain.head()).number == start + 3
    assert told == [0, 1, 2, 3]
    assert await memory.core.local_chain.mine(5, lambda done: done < 2) == 2
    assert await actions(memory) == ["chain.mine", "chain.mine"]


async def test_numbers_out_of_range_are_refused_beside_their_field(memory: MemoryCore) -> None:
    chain = memory.core.local_chain
    head = datetime.fromtimestamp((await memory.chain.head()).timestamp_s, UTC)
    for refused, field in (
        (chain.mine(0), "blocks"),
        (chain.mine(1_001), "blocks"),
        (chain.set_mining(Mining(MiningMode.INTERVAL, 0)), "interval_s"),
        (chain.set_mining(Mining(MiningMode.INTERVAL)), "interval_s"),
        (chain.set_next_time(head), "at"),
        (chain.set_next_time(head - timedelta(days=1)), "at"),
        (chain.set_next_time(head + timedelta(days=4_000)), "at"),
        (chain.snapshot(" "), "name"),
        (chain.snapshot("x" * 101), "name"),
        (chain.fund(samples.RECIPIENT, 0), "amount"),
    ):
        with pytest.raises(ValidationFailed) as caught:
            await refused
        assert caught.value.field == field
    assert await actions(memory) == []


async def test_how_it_mines_is_told_and_ends_with_the_node(memory: MemoryCore) -> None:
    await memory.core.local_chain.set_mining(Mining(MiningMode.ON_DEMAND))
    assert (await memory.core.local_chain.state()).mining == Mining(MiningMode.ON_DEMAND)
    (asset,) = await memory.add_assets()
    is_sent = asyncio.Event()

    def hear(event: DomainEvent) -> None:
        if isinstance(event, MintAdvanced) and event.progress.stage == "CONFIRMING":
            is_sent.set()

    memory.core.events.subscribe(hear)
    waiting = asyncio.ensure_future(memory.core.desk.mint([request(asset)]))
    async with asyncio.timeout(5):
        await is_sent.wait()
    assert not waiting.done()
    await memory.core.local_chain.mine(1)
    assert (await waiting).stage == "COMPLETED"
    await memory.core.local_chain.snapshot("A point")
    await memory.core.environment.stop()
    await memory.start()
    state = await memory.core.local_chain.state()
    assert (state.mining, state.snapshots) == (Mining(MiningMode.AT_ONCE), ())


async def test_the_time_goes_forward(memory: MemoryCore) -> None:
    wanted = datetime.fromtimestamp((await memory.chain.head()).timestamp_s, UTC) + timedelta(days=30)
    await memory.core.local_chain.set_next_time(wanted)
    await memory.core.local_chain.mine(1)
    assert (await memory.chain.head()).timestamp_s == int(wanted.timestamp())
    assert await actions(memory) == ["chain.set_time", "chain.mine"]


async def test_going_back_is_a_reorganisation_for_the_register(memory: MemoryCore) -> None:
    """The mint and the change of validity that it undoes are sent again, once, with the same bytes."""
    kept, undone = await memory.add_assets(2)
    await memory.core.desk.mint([request(kept)])
    snapshot = await memory.core.local_chain.snapshot(" Before ")
    await memory.core.desk.mint([request(undone)])
    change = await memory.core.certificates.change(kept.asset_id, Validity.SUSPENDED, "Because.", "VALID")
    later = await memory.core.local_chain.snapshot("Later")
    await memory.core.local_chain.mine(2)
    preview = await memory.core.local_chain.preview_revert(snapshot.snapshot_id)
    assert (preview.blocks, preview.mints, preview.calls, preview.snapshots) == (4, 1, 1, 1)

    again = asyncio.Event()
    states: list[WriteState] = []

    def hear(event: DomainEvent) -> None:
        if isinstance(event, CertificateChanged):
            states.append(event.write.state)
            if event.write.state is WriteState.DONE:
                again.set()

    memory.core.events.subscribe(hear)
    assert await memory.core.local_chain.revert(snapshot.snapshot_id) == preview
    async with asyncio.timeout(5):
        await again.wait()
    job = await memory.core.desk.job_of(undone.asset_id)
    assert job is not None
    assert (await memory.core.desk.outcome(job.job_id) if job.is_open else job).stage == "COMPLETED"
    assert (memory.chain.mints_of(kept.asset_id), memory.chain.mints_of(undone.asset_id)) == (1, 1)
    assert states == [WriteState.WAITING, WriteState.DONE]
    assert (await memory.core.certificates.standing(kept.asset_id)).chain == "SUSPENDED"
    (seen,) = await memory.core.adapters.database.read(lambda tx: tx.validity_changes(kept.asset_id))
    assert seen.write.tx_hash == change.write.tx_hash
    with pytest.raises(UserError) as caught:
        await memory.core.local_chain.revert(later.snapshot_id)
    assert caught.value.code is ErrorCode.RECORD_CHANGED
    assert [each.name for each in (await memory.core.local_chain.state()).snapshots] == ["Before"]
    await memory.core.local_chain.revert(snapshot.snapshot_id)  # as often as one likes


async def test_an_account_is_funded_by_a_recorded_transfer(memory: MemoryCore) -> None:
    before = await memory.chain.balance_of(samples.RECIPIENT)
    paid = await memory.core.local_chain.fund(samples.RECIPIENT, ETHER_WEI)
    assert (paid.state, paid.signer, paid.call.value_wei) == (WriteState.DONE, BANK, ETHER_WEI)
    assert await memory.chain.balance_of(samples.RECIPIENT) == before + ETHER_WEI
    for address, amount, code in (
        ("0x12", 1, ErrorCode.RECIPIENT_INVALID),
        (BANK, 1, ErrorCode.RECIPIENT_INVALID),
        (samples.RECIPIENT, 10**24, ErrorCode.INSUFFICIENT_FUNDS),
    ):
        with pytest.raises(IpnftError) as caught:
            await memory.core.local_chain.fund(address, amount)
        assert caught.value.code is code


async def test_a_transfer_of_a_killed_program_is_sent_by_the_next(
    memory: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ipnft_desktop.services.contract_writes.SEEN_WITHIN_S", 0.0)
    monkeypatch.setattr("ipnft_desktop.services.contract_writes.IDLE_S", 0.02)
    memory.chain.unreachable = False
    memory.chain.lose_next_request()
    paid = await memory.core.local_chain.fund(samples.RECIPIENT, ETHER_WEI)
    assert paid.state is WriteState.WAITING
    later = await memory.again()
    heard = asyncio.Event()
    later.core.events.subscribe(lambda _event: heard.set())
    async with asyncio.timeout(5):
        while (await later.core.writes.write(paid.write_id)).state is not WriteState.DONE:
            heard.clear()
            await heard.wait()
    await later.core.close()


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.VIEWER])
async def test_only_an_administrator_controls_the_chain(memory: MemoryCore, role: Role) -> None:
    memory.core.session.begin(samples.user(role=role))
    chain = memory.core.local_chain
    for refused in (
        chain.mine(1),
        chain.set_mining(Mining()),
        chain.set_next_time(samples.NOW),
        chain.snapshot("x"),
        chain.preview_revert(1),
        chain.revert(1),
        chain.fund(samples.RECIPIENT, 1),
    ):
        with pytest.raises(UserError) as caught:
            await refused
        assert caught.value.code is ErrorCode.PERMISSION_DENIED
    assert (await chain.state()).bank == BANK  # anybody may look


async def test_a_chain_of_others_is_left_alone(tmp_path: Path) -> None:
    memory = MemoryCore(tmp_path, Settings(demo_data=False, rpc_url="http://127.0.0.1:1"))
    assert not memory.core.local_chain.is_offered
    with pytest.raises(UserError) as caught:
        await memory.core.local_chain.mine(1)
    assert caught.value.code is ErrorCode.KEPT_BY_OTHERS
    await memory.core.close()


async def test_nothing_is_done_before_the_chain_is_there(memory: MemoryCore) -> None:
    await memory.core.environment.stop()
    with pytest.raises(EnvironmentFault) as caught:
        await memory.core.local_chain.mine(1)
    assert caught.value.code is ErrorCode.NODE_UNREACHABLE
