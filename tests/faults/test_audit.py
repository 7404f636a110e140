"""Row 74: somebody who may write the register's file changes its audit log. The first bad row is named."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ipnft_desktop.domain.audit import AuditFault, AuditFinding
from tests.support.database_factory import migrated_file, sqlite_url
from tests.support.sealed_register import SealedRegister, tamper

COLUMNS = "at, actor, action, subject, facts, changes, key_id, mac"
COPY_OF_2 = f"INSERT INTO audit_log ({COLUMNS}) SELECT {COLUMNS} FROM audit_log WHERE audit_id = 2"
UNSEAL = "UPDATE audit_log SET key_id = NULL, mac = NULL"
PARK = "UPDATE audit_log SET audit_id = 99 WHERE audit_id = "


@pytest.fixture
async def six_rows(tmp_path: Path) -> AsyncIterator[SealedRegister]:
    """A register with a log of six rows, open."""
    register = SealedRegister(sqlite_url(migrated_file(tmp_path)), tmp_path / "keys")
    await register.open()
    await register.say("one", "two", "three", "four", "five", "six")
    yield register
    await register.database.close()


@pytest.mark.parametrize(
    ("statements", "fault", "row"),
    [
        (["UPDATE audit_log SET actor = 'nobody' WHERE audit_id = 3"], AuditFault.EDITED, 3),
        (["""UPDATE audit_log SET facts = '{"n": "3"}' WHERE audit_id = 4"""], AuditFault.EDITED, 4),
        (["UPDATE audit_log SET facts = 'no JSON' WHERE audit_id = 4"], AuditFault.EDITED, 4),
        (["UPDATE audit_log SET at = 'no time' WHERE audit_id = 4"], AuditFault.EDITED, 4),
        (["UPDATE audit_log SET actor = x'00ff' WHERE audit_id = 4"], AuditFault.EDITED, 4),
        (["UPDATE audit_log SET at = '2020-01-01 00:00:00.000000' WHERE audit_id = 6"], AuditFault.EDITED, 6),
        (["""UPDATE audit_log SET changes = '{"name": [null, "x"]}' WHERE audit_id = 1"""], AuditFault.EDITED, 1),
        (["UPDATE audit_log SET mac = zeroblob(32) WHERE audit_id = 5"], AuditFault.EDITED, 5),
        (["UPDATE audit_log SET mac = NULL WHERE audit_id = 5"], AuditFault.UNSEALED, 5),
        (["UPDATE audit_log SET key_id = 'another' WHERE audit_id = 5"], AuditFault.OTHER_KEY, 5),
        (["DELETE FROM audit_log WHERE audit_id = 1"], AuditFault.REMOVED, 1),
        (["DELETE FROM audit_log WHERE audit_id IN (3, 4)"], AuditFault.REMOVED, 3),
        (["DELETE FROM audit_log WHERE audit_id = 3", f"{PARK} 6"], AuditFault.REMOVED, 3),
        (["DELETE FROM audit_log WHERE audit_id = 2",
          "UPDATE audit_log SET audit_id = audit_id - 1 WHERE audit_id > 2"], AuditFault.EDITED, 2),
        (["DELETE FROM audit_log WHERE audit_id > 4"], AuditFault.TRUNCATED, 5),
        (["DELETE FROM audit_log"], AuditFault.TRUNCATED, 1),
        ([f"{PARK} 2", "UPDATE audit_log SET audit_id = 2 WHERE audit_id = 5",
          "UPDATE audit_log SET audit_id = 5 WHERE audit_id = 99"], AuditFault.EDITED, 2),
        ([COPY_OF_2], AuditFault.EDITED, 7),
        (["INSERT INTO audit_log (at, actor, action, subject, facts) "
          "VALUES ('2026-01-01 00:00:00.000000', 'ann', 'asset.edit', 'a', '{}')"], AuditFault.UNSEALED, 7),
        (["UPDATE audit_log SET audit_id = audit_id + 100 WHERE audit_id > 3",
          "UPDATE audit_log SET audit_id = audit_id - 99 WHERE audit_id > 100",
          f"INSERT INTO audit_log (audit_id, {COLUMNS}) SELECT 4, {COLUMNS} FROM audit_log WHERE audit_id = 2"],
         AuditFault.EDITED, 4),
        (["UPDATE audit_log SET key_id = 'another', actor = 'nobody' WHERE audit_id < 4"], AuditFault.OTHER_KEY, 1),
        (["UPDATE audit_log SET key_id = 'another', actor = 'nobody', mac = zeroblob(32)"], AuditFault.EDITED, 6),
        ([f"{UNSEAL}, actor = 'nobody'"], AuditFault.UNSEALED, 6),
        ([UNSEAL, "DELETE FROM audit_log WHERE audit_id = 6",
          "UPDATE audit_log SET audit_id = 7 WHERE audit_id = 5"], AuditFault.REMOVED, 6),
    ],
    ids=["actor", "facts", "no-json", "no-time", "no-text", "time", "changes", "seal", "seal-removed", "key",
         "first-deleted", "deleted", "deleted-and-moved", "deleted-and-renumbered", "truncated", "emptied", "swapped",
         "copied", "added", "inserted", "called-another-key's", "all-called-another-key's", "all-unsealed",
         "all-unsealed-and-moved"],
)  # fmt: skip
async def test_74_the_first_bad_row_is_named(
    six_rows: SealedRegister, tmp_path: Path, statements: list[str], fault: AuditFault, row: int
) -> None:
    assert (await six_rows.verdict()).is_sound
    tamper(tmp_path / "register.db", statements)
    assert (await six_rows.verdict()).finding == AuditFinding(fault, row)


async def test_74_removed_rows_are_told_by_the_next_program_and_stay_told(
    six_rows: SealedRegister, tmp_path: Path
) -> None:
    await six_rows.database.close()
    tamper(tmp_path / "register.db", ["DELETE FROM audit_log WHERE audit_id > 4"])
    later = await SealedRegister(six_rows.url, six_rows.keys).open()
    assert later.proof.findings == [AuditFinding(AuditFault.TRUNCATED, 6)]
    once_more = await later.again()
    verdict = await once_more.verdict()
    await once_more.database.close()
    assert verdict.finding == AuditFinding(AuditFault.REMOVED, 5)


async def test_74_removed_under_the_running_program(six_rows: SealedRegister, tmp_path: Path) -> None:
    tamper(tmp_path / "register.db", ["DELETE FROM audit_log WHERE audit_id > 4"])
    await six_rows.say("seven")
    assert (await six_rows.verdict()).finding == AuditFinding(AuditFault.REMOVED, 5)


FAKES = pytest.mark.parametrize(
    "statement",
    [f"{UNSEAL}, actor = 'nobody'", "UPDATE audit_log SET key_id = 'another', actor = 'nobody', mac = zeroblob(32)"],
    ids=["unsealed", "another-key"],
)
"""A log that somebody changed and then made look as if our key had never judged it."""


@FAKES
async def test_74_no_seal_is_put_behind_a_log_that_was_unsealed_meanwhile(
    six_rows: SealedRegister, tmp_path: Path, statement: str
) -> None:
    tamper(tmp_path / "register.db", [statement])
    await six_rows.say("seven")
    assert (await six_rows.verdict()).finding is not None


@FAKES
async def test_74_a_log_that_was_unsealed_while_the_program_was_closed_is_never_sound_again(
    six_rows: SealedRegister, tmp_path: Path, statement: str
) -> None:
    await six_rows.database.close()
    tamper(tmp_path / "register.db", [statement])
    later = await SealedRegister(six_rows.url, six_rows.keys).open()
    once_more = await later.again()
    verdict = await once_more.verdict()
    await once_more.database.close()
    assert later.proof.findings
    assert verdict.finding is not None


async def test_74_a_log_with_another_key_does_not_pass_for_ours(six_rows: SealedRegister, tmp_path: Path) -> None:
    """Written anew from the first row by somebody who has a key, but not this one."""
    forger = SealedRegister(sqlite_url(migrated_file(tmp_path / "keys")), tmp_path / "other")
    await forger.open()
    await forger.say("one", "two", "three")
    await forger.database.close()
    await six_rows.database.close()
    (tmp_path / "keys" / "register.db").replace(tmp_path / "register.db")
    later = await SealedRegister(six_rows.url, six_rows.keys).open()
    await later.database.close()
    assert {found.fault for found in later.proof.findings} == {AuditFault.TRUNCATED, AuditFault.KEY_REPLACED}
