"""Each row of the audit log seals all before it, whoever shares a commit and whichever database keeps it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import create_engine, text

from ipnft_desktop.adapters.database import audit_chain
from ipnft_desktop.adapters.database.backups import DatabaseBackups
from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from ipnft_desktop.bootstrap.adapters import SystemClock
from ipnft_desktop.domain.audit import AuditFault, AuditFinding, AuditQuery, PendingRestore
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.services.backup_keeper import BackupKeeper, BackupReason
from ipnft_desktop.services.environment import EnvironmentService
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.register_backups import RegisterBackups
from ipnft_desktop.services.session import session_of_the_program
from tests.support import samples
from tests.support.sealed_register import SealedRegister

CHANGES = {"name": ("Räder", "轮"), "licence.expires_on": (None, "2030-01-01")}


@pytest.fixture
async def sealed(url: str, tmp_path: Path) -> AsyncIterator[SealedRegister]:
    register = await SealedRegister(url, tmp_path / "keys").open()
    yield register
    await register.database.close()


async def test_what_was_written_is_read_again_and_sound(sealed: SealedRegister) -> None:
    work = lambda tx: tx.append_audit("ann", "asset.edit", "an asset", {"gas": "1"}, samples.NOW, CHANGES)  # noqa: E731
    await sealed.database.write(work)
    (entry,) = await sealed.database.read(lambda tx: tx.audit_entries(0, 10))
    assert (entry.line.at, entry.line.actor, entry.line.action) == (samples.NOW, "ann", "asset.edit")
    assert (entry.line.subject, entry.line.facts, entry.line.changes) == ("an asset", {"gas": "1"}, CHANGES)
    verdict = await sealed.verdict()
    assert verdict.is_sound
    assert (verdict.rows_judged, verdict.judged_from, verdict.last.mac) == (1, 1, entry.mac)


async def test_works_that_share_a_commit_share_the_chain(sealed: SealedRegister) -> None:
    """Also when one of them fails between the others: its savepoint takes its lines along."""

    def work(number: int) -> Any:
        def run(tx: Any) -> None:
            tx.append_audits("ann", f"n{number}", [("a", {"n": "1"}), ("b", {"n": "2"})], samples.at(number))
            if number % 3 == 1:
                raise RuntimeError("this one fails")

        return run

    await asyncio.gather(*(sealed.database.write(work(number)) for number in range(12)), return_exceptions=True)
    assert sorted(set(await sealed.actions())) == sorted(f"n{number}" for number in range(12) if number % 3 != 1)
    verdict = await sealed.verdict()
    assert verdict.is_sound
    assert verdict.rows_judged == 16


async def test_a_commit_of_more_lines_than_are_written_at_once_is_one_chain(
    sealed: SealedRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_chain, "_ROWS_AT_ONCE", 3)
    lines = [(f"asset {number}", {"n": str(number)}) for number in range(10)]
    await sealed.database.write(lambda tx: tx.append_audits("ann", "asset.create", lines, samples.NOW))
    entries = await sealed.database.read(lambda tx: tx.audit_entries(0, 20))
    assert [(entry.line.subject, dict(entry.line.facts)) for entry in entries] == lines
    verdict = await sealed.verdict()
    assert verdict.is_sound
    assert verdict.rows_judged == 10


async def test_a_commit_that_fails_leaves_the_chain_as_it_was(sealed: SealedRegister) -> None:
    def fail(tx: Any) -> None:
        tx.append_audit("ann", "second", "a", {}, samples.NOW)
        raise RuntimeError("the work failed")

    await sealed.say("first")
    with pytest.raises(RuntimeError):
        await sealed.database.write(fail)
    await sealed.say("third")
    assert await sealed.actions() == ["first", "third"]
    assert (await sealed.verdict()).is_sound


async def test_a_line_that_cannot_be_kept_fails_alone(sealed: SealedRegister) -> None:
    too_long = lambda tx: tx.append_audit("ann", "bad", "a" * 201, {}, samples.NOW)  # noqa: E731
    outcomes = await asyncio.gather(
        sealed.say("first"),
        sealed.database.write(too_long),
        sealed.say("second"),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [type(None), ValueError, type(None)]
    assert sorted(await sealed.actions()) == ["first", "second"]


async def test_half_a_character_is_spelled_out(sealed: SealedRegister) -> None:
    """What comes from outside must not keep a mint from being recorded as failed."""
    work = lambda tx: tx.append_audit("ann", "a", "\ud800", {"n": "\ud800"}, samples.NOW, {"f": ("\ud800", None)})  # noqa: E731
    await sealed.database.write(work)
    (entry,) = await sealed.database.read(lambda tx: tx.audit_entries(0, 10))
    assert (entry.line.subject, entry.line.facts, entry.line.changes) == (
        "\\ud800",
        {"n": "\\ud800"},
        {"f": ("\\ud800", None)},
    )
    assert (await sealed.verdict()).is_sound


async def test_the_chain_goes_on_in_the_next_program(sealed: SealedRegister) -> None:
    await sealed.say("first")
    later = await sealed.again()
    await later.say("second")
    verdict = await later.verdict()
    await later.database.close()
    assert verdict.is_sound
    assert verdict.rows_judged == 2
    assert later.proof.last == verdict.last
    assert not later.proof.findings


async def test_two_programs_append_in_turn(postgresql_url: str, tmp_path: Path) -> None:
    one = await SealedRegister(postgresql_url, tmp_path / "keys").open()
    other = await SealedRegister(postgresql_url, tmp_path / "keys").open()
    await asyncio.gather(one.say(*"abcdefgh"), other.say(*"ijklmnop"))
    verdict = await one.verdict()
    await one.database.close()
    await other.database.close()
    assert verdict.is_sound
    assert verdict.rows_judged == 16


async def test_rows_from_before_are_counted_and_not_judged(url: str, tmp_path: Path) -> None:
    former = SqlDatabase(url)
    await former.open()
    await former.write(lambda tx: tx.append_audit("ann", "old", "a", {}, samples.NOW))
    await former.close()
    register = await SealedRegister(url, tmp_path / "keys").open()
    await register.say("new")
    verdict = await register.verdict()
    await register.database.close()
    assert verdict.is_sound
    assert (verdict.rows_unsealed, verdict.judged_from, verdict.rows_judged) == (1, 2, 1)


async def test_a_log_without_a_seal_is_not_taken_for_a_cut_one(url: str, tmp_path: Path) -> None:
    """The register of an earlier version, opened and closed before anything was written."""
    former = SqlDatabase(url)
    await former.open()
    await former.write(lambda tx: tx.append_audit("ann", "old", "a", {}, samples.NOW))
    await former.close()
    register = await SealedRegister(url, tmp_path / "keys").open()
    later = await register.again()
    verdict = await later.verdict()
    await later.database.close()
    assert not later.proof.findings
    assert verdict.is_sound


async def test_a_lost_key_is_replaced_and_told(sealed: SealedRegister) -> None:
    await sealed.say("first", "second")
    await sealed.database.close()
    (sealed.keys / "audit.key").unlink()
    later = await SealedRegister(sealed.url, sealed.keys).open()
    await later.say("third")
    verdict = await later.verdict()
    actions = await later.actions()
    await later.database.close()
    assert later.proof.findings == [AuditFinding(AuditFault.KEY_REPLACED, 3)]
    assert actions == ["first", "second", "audit.key_replaced", "third"]
    assert verdict.is_sound
    assert (verdict.rows_of_other_keys, verdict.judged_from, verdict.rows_judged) == (2, 3, 2)


async def test_a_lost_head_is_told(sealed: SealedRegister) -> None:
    await sealed.say("first")
    await sealed.database.close()
    (sealed.keys / "audit.head").unlink()
    later = await SealedRegister(sealed.url, sealed.keys).open()
    await later.database.close()
    assert later.proof.findings == [AuditFinding(AuditFault.HEAD_MISSING, 1)]


async def test_a_damaged_key_keeps_the_register_closed(url: str, tmp_path: Path) -> None:
    (tmp_path / "audit.key").write_bytes(b"damaged")
    register = SealedRegister(url, tmp_path)
    with pytest.raises(EnvironmentFault) as refused:
        await register.open()
    assert refused.value.code is ErrorCode.KEY_FOLDER_UNAVAILABLE


async def test_removed_rows_leave_a_gap_for_ever(sealed: SealedRegister) -> None:
    await sealed.say("first", "second", "third")
    await sealed.database.close()
    engine = create_engine(sealed.url)
    with engine.begin() as connection:
        for statement in _WITHOUT_TRIGGERS[engine.dialect.name]:
            connection.execute(text(statement))
        connection.execute(text("DELETE FROM audit_log WHERE audit_id > 1"))
    engine.dispose()
    later = await SealedRegister(sealed.url, sealed.keys).open()
    await later.say("fourth")
    verdict = await later.verdict()
    await later.database.close()
    assert later.proof.findings == [AuditFinding(AuditFault.TRUNCATED, 3)]
    assert verdict.finding == AuditFinding(AuditFault.REMOVED, 2)


async def test_a_restore_is_told_and_the_chain_goes_on_from_the_backup(sealed: SealedRegister) -> None:
    await sealed.say("first", "second", "third")
    await sealed.database.close()
    former = sealed.proof.last
    engine = create_engine(sealed.url)
    with engine.begin() as connection:
        for statement in _WITHOUT_TRIGGERS[engine.dialect.name]:
            connection.execute(text(statement))
        connection.execute(text("DELETE FROM audit_log WHERE audit_id > 1"))
    engine.dispose()
    sealed.proof.note_restore(PendingRestore("a backup", "ann", samples.NOW, is_done=True))
    later = await SealedRegister(sealed.url, sealed.keys).open()
    (told,) = await later.database.read(lambda tx: tx.audit_entries(1, 10))
    verdict = await later.verdict()
    await later.database.close()
    assert verdict.is_sound
    assert not later.proof.findings
    assert (told.line.actor, told.line.action) == ("ann", "register.restored")
    assert former is not None
    assert told.line.facts == {"backup": "a backup", "former_last": "3", "former_seal": former.mac.hex()}


async def test_a_restore_that_did_not_happen_is_not_told(sealed: SealedRegister) -> None:
    await sealed.say("first")
    await sealed.database.close()
    sealed.proof.note_restore(PendingRestore("a backup", "ann", samples.NOW, is_done=False))  # and then killed
    later = await SealedRegister(sealed.url, sealed.keys).open()
    actions = await later.actions()
    again = await later.again()
    await again.database.close()
    assert actions == ["first"]
    assert not again.proof.findings


FINDS: list[tuple[AuditQuery, list[str]]] = [
    (AuditQuery(), ["mint.minted", "minty", "mint.requested", "asset.edit"]),
    (AuditQuery(actor="bob"), ["minty"]),
    (AuditQuery(action="mint"), ["mint.minted", "mint.requested"]),
    (AuditQuery(action="mint.minted"), ["mint.minted"]),
    (AuditQuery(subject="asset 2"), ["mint.minted"]),
    (AuditQuery(text="轮"), ["asset.edit"]),
    (AuditQuery(text="räder"), []),
    (AuditQuery(text="RADER"), ["mint.requested"]),
    (AuditQuery(text="%"), []),
    (AuditQuery(since=samples.at(2)), ["mint.minted", "minty"]),
    (AuditQuery(until=samples.at(1)), ["asset.edit"]),
    (AuditQuery(since=samples.at(0), until=samples.at(0) + timedelta(microseconds=1)), ["asset.edit"]),
    (AuditQuery(actor="ann", action="mint", since=samples.at(2)), ["mint.minted"]),
]


async def test_rows_are_found(database: SqlDatabase) -> None:
    def write(tx: Any) -> None:
        tx.append_audit("ann", "asset.edit", "asset 1", {}, samples.at(0), {"name": ("Rad", "轮")})
        tx.append_audit("ann", "mint.requested", "asset 1", {"name": "rader"}, samples.at(1))
        tx.append_audit("bob", "minty", "asset 1", {}, samples.at(2))
        tx.append_audit("ann", "mint.minted", "asset 2", {}, samples.at(3))

    await database.write(write)
    for query, expected in FINDS:
        page = await database.read(lambda tx, q=query: tx.audit_page(q, None, 10))
        assert [entry.line.action for entry in page.entries] == expected, query
        assert page.is_last


async def test_pages_follow_each_other(database: SqlDatabase) -> None:
    lines = [(str(number), {}) for number in range(5)]
    await database.write(lambda tx: tx.append_audits("ann", "a", lines, samples.NOW))
    pages: list[list[str]] = []
    before: int | None = None
    while True:
        page = await database.read(lambda tx, b=before: tx.audit_page(AuditQuery(), b, 2))
        pages.append([entry.line.subject for entry in page.entries])
        before = page.entries[-1].audit_id
        if page.is_last:
            break
    assert pages == [["4", "3"], ["2", "1"], ["0"]]


def _damage(file: Path) -> None:
    file.write_bytes(b"no database" + file.read_bytes()[11:])


_WITHOUT_TRIGGERS = {
    "sqlite": ("DROP TRIGGER audit_log_no_update", "DROP TRIGGER audit_log_no_delete"),
    "postgresql": ("DROP TRIGGER audit_log_append_only ON audit_log",),
}


class ClosedEnvironment:
    """As `EnvironmentService` while nothing runs."""

    async def while_closed(self, work: Callable[[], Awaitable[None]]) -> None:
        await work()


async def test_a_restored_register_tells_of_it_and_is_sound(migrated_sqlite: str, tmp_path: Path) -> None:
    register = await SealedRegister(migrated_sqlite, tmp_path / "keys").open()
    backups, events = DatabaseBackups(Path(migrated_sqlite.removeprefix("sqlite:///"))), EventHub()
    session = session_of_the_program()
    service = RegisterBackups(
        BackupKeeper(backups, events),
        backups,
        cast("EnvironmentService", ClosedEnvironment()),
        session,
        SystemClock(),
        register.proof,
        lambda: None,
    )
    await register.say("first")
    backup = backups.make(BackupReason.BY_HAND)
    await register.say("second", "third")
    await register.database.close()
    with pytest.raises(EnvironmentFault):
        await service.restore("no such backup")
    await service.restore(backup.name)
    await service.stop()
    later = await SealedRegister(register.url, register.keys).open()
    actions, verdict = await later.actions(), await later.verdict()
    await later.database.close()
    assert (actions, later.proof.findings, verdict.is_sound) == (["first", "register.restored"], [], True)


async def test_a_damaged_register_that_was_replaced_tells_of_it(migrated_sqlite: str, tmp_path: Path) -> None:
    register = await SealedRegister(migrated_sqlite, tmp_path / "keys").open()
    file = Path(migrated_sqlite.removeprefix("sqlite:///"))
    backups = DatabaseBackups(file)
    await register.say("first")
    backup = backups.make(BackupReason.AUTOMATIC)
    backups.close()
    await register.say("second")
    await register.database.close()
    _damage(file)
    later = await SealedRegister(register.url, register.keys).open()
    (told,) = await later.database.read(lambda tx: tx.audit_entries(1, 10))
    verdict = await later.verdict()
    await later.database.close()
    assert (told.line.action, told.line.facts["backup"]) == ("register.restored", backup.name)
    assert (later.proof.findings, verdict.is_sound) == ([], True)
