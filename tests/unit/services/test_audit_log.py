"""The audit log over a whole core: what services write is sealed, judged after each start, and anchored on chain."""

from __future__ import annotations

import asyncio
import csv
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ipnft_desktop.adapters.audit_seal import AuditSeal
from ipnft_desktop.bootstrap.adapters import DATABASE_FILE
from ipnft_desktop.domain.alerts import AlertKind
from ipnft_desktop.domain.asset_changes import contents_of
from ipnft_desktop.domain.audit import (
    BEFORE_ALL,
    AnchorMatch,
    AuditFault,
    AuditFinding,
    AuditQuery,
    anchor_in,
)
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.events import AlertCleared, AlertRaised, DomainEvent
from ipnft_desktop.domain.minting import MintStage, TransactionPurpose
from ipnft_desktop.domain.people import Role
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.audit_anchors import AuditAnchors
from ipnft_desktop.services.audit_log import AuditLog
from ipnft_desktop.services.long_work import LongWork
from tests.support import samples
from tests.support.core_factory import MemoryCore, request
from tests.support.memory_transactions import MemoryTransaction
from tests.support.sealed_register import tamper


def log_of(memory: MemoryCore) -> AuditLog:
    assert memory.core.audit is not None
    return memory.core.audit


def anchors_of(memory: MemoryCore) -> AuditAnchors:
    assert memory.core.anchors is not None
    return memory.core.anchors


def register_file(memory: MemoryCore) -> Path:
    return memory.profile / DATABASE_FILE


async def mint(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    job = await memory.core.desk.mint([request(asset)])
    assert job.stage is MintStage.COMPLETED


async def told(memory: MemoryCore, kind: type[AlertRaised | AlertCleared]) -> list[dict[str, str]]:
    """Facts of the alerts that the start of this core told of, once its verification is done."""
    heard: list[DomainEvent] = []
    memory.core.events.subscribe(heard.append)
    await memory.start()
    task = log_of(memory)._task
    assert task is not None
    await task
    return [dict(event.alert.facts) for event in heard if isinstance(event, kind)]


@pytest.fixture
async def minted(memory: MemoryCore) -> AsyncIterator[MemoryCore]:
    """A core with one minted asset."""
    await mint(memory)
    yield memory


async def test_every_step_of_a_mint_is_sealed(minted: MemoryCore) -> None:
    verdict = await log_of(minted).verify()
    assert verdict.is_sound
    page = await log_of(minted).page(AuditQuery())
    assert verdict.rows_judged == len(page.entries) >= 4
    assert {entry.key_id for entry in page.entries} == {minted.audit.seal.key_id}
    assert [entry.line.action for entry in (await log_of(minted).page(AuditQuery(action="mint"))).entries] == [
        "mint.completed",
        "mint.signed",
        "mint.requested",
    ]


async def test_an_edit_tells_old_and_new(memory: MemoryCore) -> None:
    (asset,) = await memory.add_assets()
    draft = contents_of(asset).draft
    changed = replace(draft, name="New name", licence=replace(draft.licence, revenue_share_bp=300))
    await memory.core.register.edit_asset(asset, changed, asset.attachments)
    page = await log_of(memory).page(AuditQuery(action="asset.edit", subject=str(asset.asset_id)))
    (entry,) = page.entries
    assert entry.line.changes == {"name": (asset.name, "New name"), "licence.revenue_share_bp": ("250", "300")}


async def test_progress_is_told_and_a_verification_can_be_cancelled(
    minted: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ipnft_desktop.services.audit_log.JUDGED_AT_ONCE", 1)
    told: list[tuple[int, int]] = []
    verdict = await log_of(minted).verify(lambda done, total: told.append((done, total)))
    assert [done for done, _ in told][-1] == verdict.rows_judged
    reached: list[int] = []
    has_begun = asyncio.Event()

    def note(done: int, _total: int) -> None:
        reached.append(done)
        has_begun.set()

    running = asyncio.create_task(log_of(minted).verify(note))
    await has_begun.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert reached[-1] < verdict.rows_judged


async def test_the_next_start_goes_on_from_the_last_good_row_and_tells_of_a_bad_one(minted: MemoryCore) -> None:
    good = (await log_of(minted).verify()).last
    assert minted.audit.verified == good
    await minted.core.register.add_assets((), (samples.enterprise(),))
    await minted.add_assets(3)
    await minted.core.close()
    tamper(register_file(minted), [f"UPDATE audit_log SET actor = 'x' WHERE audit_id = {good.audit_id + 2}"])
    later = MemoryCore(minted.profile, minted.settings, minted.chain, minted.content)
    expected = {"fault": "EDITED", "row": str(good.audit_id + 2)}
    assert await told(later, AlertRaised) == [expected]
    assert (await log_of(later).verify()).finding == AuditFinding(AuditFault.EDITED, good.audit_id + 2)
    assert [alert.kind for alert in await later.core.alerts.open_alerts()] == [AlertKind.AUDIT_BROKEN]
    await later.core.close()


async def test_a_lost_key_raises_an_alert_that_a_sound_verification_clears(minted: MemoryCore) -> None:
    await minted.core.close()
    (minted.profile / "keys" / "audit.key").unlink()
    later = MemoryCore(minted.profile, minted.settings, minted.chain, minted.content)
    (facts,) = await told(later, AlertRaised)
    assert facts["fault"] == "KEY_REPLACED"
    heard: list[DomainEvent] = []
    later.core.events.subscribe(heard.append)
    verdict = await log_of(later).verify()
    assert (verdict.is_sound, verdict.judged_from) == (True, int(facts["row"]))
    assert verdict.rows_of_other_keys == int(facts["row"]) - 1
    assert [type(event) for event in heard if isinstance(event, AlertCleared)] == [AlertCleared]
    await later.core.close()


async def test_an_anchor_is_mined_and_agrees_with_the_log(minted: MemoryCore) -> None:
    before = await log_of(minted).page(AuditQuery())
    anchor = await anchors_of(minted).anchor()
    newest = before.entries[0]
    assert (anchor.point.audit_id, anchor.point.mac) == (newest.audit_id, newest.mac)
    assert anchor.block_number is not None
    assert anchor.mined_at is not None
    assert await anchors_of(minted).anchors() == (anchor,)
    verdict = await anchors_of(minted).verify(anchor.tx_hash)
    assert (verdict.match, verdict.point) == (AnchorMatch.SAME, anchor.point)
    assert (await log_of(minted).verify()).is_sound
    await mint(minted)  # the anchor took its nonce in the lane of the mints


async def test_74_a_log_sealed_anew_with_the_stolen_key_differs_from_its_anchor(minted: MemoryCore) -> None:
    anchor = await anchors_of(minted).anchor()
    await minted.core.close()
    seal_anew(register_file(minted), (minted.profile / "keys" / "audit.key").read_bytes(), edited=2)
    (minted.profile / "keys" / "audit.head").unlink()
    later = await MemoryCore(minted.profile, minted.settings, minted.chain, minted.content).start()
    assert (await log_of(later).verify()).is_sound  # the key was stolen: seals alone do not show it
    assert (await anchors_of(later).verify(anchor.tx_hash)).match is AnchorMatch.DIFFERENT
    await later.core.close()


@pytest.mark.parametrize("fault", ["lose_next_answer", "lose_next_request"])
async def test_an_anchor_is_sent_once_although_the_program_was_killed(
    minted: MemoryCore, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ipnft_desktop.services.audit_anchors.SEEN_WITHIN_S", 0.0)
    getattr(minted.chain, fault)()
    anchor = await anchors_of(minted).anchor()
    later = await minted.again()
    (found,) = await anchors_of(later).anchors()
    assert (found.tx_hash, found.block_number is not None) == (anchor.tx_hash, True)
    assert mined_anchors(later) == [anchor.tx_hash]
    await mint(later)
    await later.core.close()


async def test_an_anchor_of_which_a_running_program_lost_sight_is_sent_again(
    minted: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ipnft_desktop.services.audit_anchors.SEEN_WITHIN_S", 0.0)
    minted.chain.lose_next_request()
    anchor = await anchors_of(minted).anchor()
    assert anchor.block_number is None
    await anchors_of(minted).anchors()
    (found,) = await anchors_of(minted).anchors()
    assert found.block_number is not None


async def test_an_anchor_that_nobody_waits_for_any_more_is_sent_and_followed(minted: MemoryCore) -> None:
    write = minted.core.adapters.database.write

    async def give_up_at_the_commit(work: Any) -> Any:
        done = await write(work)
        if getattr(done, "purpose", None) is TransactionPurpose.ANCHOR:
            asking.cancel()
            await asyncio.sleep(0)
        return done

    minted.core.adapters.database.write = give_up_at_the_commit  # type: ignore[method-assign]
    asking = asyncio.create_task(anchors_of(minted).anchor())
    with pytest.raises(asyncio.CancelledError):
        await asking
    minted.core.adapters.database.write = write  # type: ignore[method-assign]
    await mint(minted)
    assert len(mined_anchors(minted)) == 1


async def test_a_mint_behind_an_anchor_that_never_arrived_does_not_wait_for_ever(
    minted: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ipnft_desktop.services.audit_anchors.SEEN_WITHIN_S", 0.0)
    minted.chain.lose_next_request()
    anchor = await anchors_of(minted).anchor()
    await mint(minted)
    assert mined_anchors(minted) == [anchor.tx_hash]


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.VIEWER])
async def test_only_an_administrator_anchors(minted: MemoryCore, role: Role) -> None:
    minted.core.session.begin(samples.user(role=role))
    with pytest.raises(UserError) as refused:
        await anchors_of(minted).anchor()
    assert refused.value.code is ErrorCode.PERMISSION_DENIED
    assert minted.chain.sent
    assert await anchors_of(minted).anchors() == ()
    assert (await log_of(minted).verify()).is_sound  # everybody may read and verify


async def test_nobody_reads_without_signing_in(minted: MemoryCore) -> None:
    minted.core.session.end()
    for asked in (log_of(minted).page(AuditQuery()), log_of(minted).verify()):
        with pytest.raises(UserError) as refused:
            await asked
        assert refused.value.code is ErrorCode.SIGN_IN_REQUIRED


@pytest.mark.parametrize(
    ("tx_hash", "match"), [("0x" + "00" * 32, AnchorMatch.NOT_ON_CHAIN), ("a mint", AnchorMatch.NO_ANCHOR)]
)
async def test_other_transactions_prove_nothing(minted: MemoryCore, tx_hash: str, match: AnchorMatch) -> None:
    if tx_hash == "a mint":
        tx_hash = MemoryTransaction.read(minted.chain.sent[-1]).tx_hash
    assert (await anchors_of(minted).verify(tx_hash)).match is match
    with pytest.raises(UserError):
        await anchors_of(minted).verify("0x12")


@pytest.mark.parametrize("sheet_format", [SheetFormat.CSV, SheetFormat.JSON])
async def test_what_is_in_view_is_exported(memory: MemoryCore, tmp_path: Path, sheet_format: SheetFormat) -> None:
    (asset,) = await memory.add_assets()
    draft = contents_of(asset).draft
    changed = await memory.core.register.edit_asset(asset, replace(draft, name="=1+1"), asset.attachments)
    target = tmp_path / f"log.{sheet_format}"
    query = AuditQuery(subject=str(asset.asset_id))
    assert await memory.core.audit_exports.export(query, sheet_format, target, LongWork()) == 2
    (newest, oldest) = (await log_of(memory).page(query)).entries
    text = target.read_text("utf-8-sig")
    rows: list[dict[str, Any]]
    if sheet_format is SheetFormat.JSON:
        rows = json.loads(text)
        assert rows[0]["changes"] == {"name": [asset.name, changed.name]}
    else:
        rows = list(csv.DictReader(text.splitlines()))
        assert json.loads(rows[0]["changes"]) == {"name": [asset.name, changed.name]}
    assert [row["row"] for row in rows] == [str(newest.audit_id), str(oldest.audit_id)]
    assert newest.mac is not None
    assert (rows[0]["action"], rows[0]["seal"]) == ("asset.edit", newest.mac.hex())


def mined_anchors(memory: MemoryCore) -> list[str]:
    mined = memory.chain._state.mined.values()
    return [transaction.tx_hash for transaction in mined if anchor_in(transaction.data) is not None]


def seal_anew(file: Path, key: bytes, edited: int) -> None:
    """What somebody does who stole the key: change a row and seal it, and all behind it, again."""
    from sqlalchemy import create_engine

    from ipnft_desktop.adapters.database.transaction import SqlTransaction
    from tests.support.database_factory import sqlite_url

    engine = create_engine(sqlite_url(file))
    with engine.connect() as connection:
        entries = SqlTransaction(connection).audit_entries(0, 10_000)
    engine.dispose()
    previous, statements = BEFORE_ALL.mac, []
    for entry in entries:
        line = replace(entry.line, actor="mallory") if entry.audit_id == edited else entry.line
        previous = AuditSeal(key).mac(entry.audit_id, previous, line.canonical())
        statements.append(
            f"UPDATE audit_log SET actor = '{line.actor}', mac = x'{previous.hex()}' WHERE audit_id = {entry.audit_id}"
        )
    tamper(file, statements)
