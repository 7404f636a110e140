"""Register, chain and content compared: each difference has its cause, its repair, and what undoes it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from ipnft_desktop.domain.alerts import AlertKind
from ipnft_desktop.domain.chain import Fees, MintCall, TransactionPlan
from ipnft_desktop.domain.errors import ValidationFailed
from ipnft_desktop.domain.events import AlertCleared, AlertRaised
from ipnft_desktop.domain.reconciliation import REPAIR_OF, UNDOABLE, Cause, Repair
from ipnft_desktop.services import bulk_verification, reconciliation
from ipnft_desktop.services.long_work import LongWork
from tests.support.core_factory import MemoryCore, hear_changes, mint_behind_its_back
from tests.support.memory_chain import MemorySigner
from tests.support.memory_transactions import encoded
from tests.support.reconciling import audited, change_token, findings, minted, the_finding

OTHER = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"


@pytest.fixture
async def memory(tmp_path: Path) -> AsyncIterator[MemoryCore]:
    opened = await MemoryCore(tmp_path).start()
    yield opened
    await opened.core.close()


async def test_three_that_agree_give_no_finding(memory: MemoryCore) -> None:
    await minted(memory)
    assert await memory.core.reconciliation.latest() is None
    run = await memory.core.reconciliation.reconcile(LongWork())
    assert (run.findings, run.asset_count, run.token_count, run.is_scheduled) == ((), 3, 3, False)


async def test_a_token_that_moved_is_noted_and_the_note_taken_back(memory: MemoryCore) -> None:
    assets = await minted(memory)
    change_token(memory, assets[1], owner=OTHER)
    finding = await the_finding(memory, Cause.OWNER_MOVED)
    assert (finding.asset_id, finding.register, finding.found) == (
        assets[1].asset_id,
        assets[1].enterprise.wallet_address,
        OTHER,
    )
    preview = await memory.core.repairs.preview(finding)
    assert (preview.repair, preview.before, preview.after, preview.is_undoable) == (
        Repair.NOTE_HOLDER,
        finding.register,
        OTHER,
        True,
    )
    assert await findings(memory) == (finding,), "a preview changes nothing"

    assert (await memory.core.repairs.repair(finding)).findings == ()
    assert await findings(memory) == ()
    assert (await memory.core.repairs.undo(finding)).findings == (finding,)
    assert await findings(memory) == (finding,)
    assert audited(memory) == ["reconcile.repair", "reconcile.undo"]


async def test_a_validity_is_taken_from_the_chain(memory: MemoryCore) -> None:
    assets = await minted(memory)
    change_token(memory, assets[0], validity="SUSPENDED")
    finding = await the_finding(memory, Cause.VALIDITY_DIFFERS)
    assert (finding.register, finding.found) == ("VALID", "SUSPENDED")
    assert (await memory.core.repairs.repair(finding)).findings == ()
    validities = await memory.core.adapters.database.read(lambda tx: tx.validities([assets[0].asset_id]))
    assert validities == {assets[0].asset_id: "SUSPENDED"}
    assert (await memory.core.repairs.undo(finding)).findings == (finding,)


async def test_a_token_of_a_draft_is_adopted(memory: MemoryCore) -> None:
    await minted(memory, 1)
    (draft,) = await memory.add_assets()
    mint_behind_its_back(memory, draft)
    finding = await the_finding(memory, Cause.UNKNOWN_TOKEN)
    assert (finding.asset_id, finding.register) == (draft.asset_id, "DRAFT")
    left = (await memory.core.repairs.repair(finding)).findings
    assert [found.cause for found in left] == [Cause.METADATA_MISSING], "whoever minted it has its metadata"
    assert await memory.state_of(draft) == "MINTED"


def mint_a_stranger(memory: MemoryCore, number: int) -> None:
    from uuid import UUID

    ready = memory.core.environment.ready
    assert ready is not None
    signer = MemorySigner(OTHER)
    call = MintCall((UUID(int=number),), (OTHER,), b"\x01" * 32)
    plan = TransactionPlan(
        ready.identity.chain_id, ready.identity.contract_address, encoded(call), 500_000, Fees(10**10, 10**9, 10**9)
    )
    memory.chain.mine_foreign(signer.sign(plan, memory.chain.next_nonce_of(OTHER)).raw)


async def test_a_token_without_an_asset_is_ignored_for_a_reason(memory: MemoryCore) -> None:
    await minted(memory, 1)
    mint_a_stranger(memory, 5)
    finding = await the_finding(memory, Cause.STRANGE_TOKEN)
    assert (finding.token_id, finding.asset_id, finding.found) == (5, None, OTHER)
    for reason in ("", "  ", "x" * 501):
        with pytest.raises(ValidationFailed) as caught:
            await memory.core.repairs.repair(finding, reason)
        assert caught.value.field == "reason"
    assert (await memory.core.repairs.repair(finding, "minted by the former register")).findings == ()
    assert await findings(memory) == ()
    mint_a_stranger(memory, 6)
    assert (await the_finding(memory, Cause.STRANGE_TOKEN)).token_id == 6
    assert {found.token_id for found in (await memory.core.repairs.undo(finding)).findings} == {5, 6}


def test_every_cause_has_its_place_in_the_list() -> None:
    assert REPAIR_OF.keys() == set(Cause)
    assert set(REPAIR_OF.values()) == set(Repair)
    assert set(Repair) > UNDOABLE
    told = (Path(__file__).parents[3] / "docs" / "reconciliation.md").read_text("utf-8")
    assert [cause for cause in Cause if f"`{cause}`" not in told] == []


async def test_a_scheduled_run_that_finds_something_alerts(memory: MemoryCore, monkeypatch: pytest.MonkeyPatch) -> None:
    assets = await minted(memory)
    change_token(memory, assets[1], owner=OTHER)
    monkeypatch.setattr(reconciliation, "FIRST_RUN_AFTER_S", 0.0)
    heard = hear_changes(memory.core)
    raised = asyncio.Event()
    memory.core.events.subscribe(lambda event: raised.set() if isinstance(event, AlertRaised) else None)
    await memory.core.environment.stop()
    memory.chain.unreachable = False
    state = dict(memory.chain._state.tokens)  # pyright: ignore[reportPrivateUsage]
    memory.node._keeps_state = True  # pyright: ignore[reportPrivateUsage]
    await memory.core.environment.start()
    assert memory.chain._state.tokens == state  # pyright: ignore[reportPrivateUsage]
    async with asyncio.timeout(10):
        await raised.wait()
    (alert,) = await memory.core.alerts.open_alerts()
    assert (alert.kind, alert.facts) == (AlertKind.STORES_DIFFER, {"findings": "1"})
    run = await memory.core.reconciliation.latest()
    assert run is not None
    assert run.is_scheduled
    await memory.core.repairs.repair(run.findings[0])
    assert any(isinstance(event, AlertCleared) for event in heard)
    assert await memory.core.alerts.open_alerts() == ()


async def test_a_fault_does_not_end_the_schedule(memory: MemoryCore, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody thought of is logged, and the next run comes at its time."""
    await minted(memory)
    runs, ended = 0, asyncio.Event()
    service = memory.core.reconciliation

    async def run(_work: LongWork, *, is_scheduled: bool) -> None:
        nonlocal runs
        runs += 1
        if runs == 1:
            raise RuntimeError("nobody thought of it")
        assert is_scheduled
        ended.set()

    monkeypatch.setattr(reconciliation, "FIRST_RUN_AFTER_S", 0.0)
    monkeypatch.setattr(service, "_every", timedelta(milliseconds=1))
    monkeypatch.setattr(service, "_run", run)
    keeping = asyncio.create_task(service._keep_to_schedule())  # pyright: ignore[reportPrivateUsage]
    async with asyncio.timeout(10):
        await ended.wait()
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)


async def test_of_more_findings_than_are_kept_the_first_are(
    memory: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for asset in await minted(memory, 4):
        change_token(memory, asset, owner=OTHER)
    monkeypatch.setattr(bulk_verification, "GROUP", 1)
    monkeypatch.setattr(reconciliation, "MOST_FINDINGS", 2)
    run = await memory.core.reconciliation.reconcile(LongWork())
    assert (len(run.findings), run.asset_count) == (2, 4)
