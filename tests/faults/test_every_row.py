"""Which test shows which row of the table of faults. The row's number begins the test's name:

    rows    what is at fault                                              where
    1-11    SIGKILL of the program at a named point                       test_sigkill.py
    12-29   requests and answers between program and node                 test_json_rpc.py
    30-40   the chain: crash, reset, replacement, reorganisation, pool    test_chain.py, test_races.py
    41-42   double click, two programs on one SQLite                      test_machine.py
    43-44   two programs on one PostgreSQL, a lost lease                  test_database.py
    45-46   locked database, full disk                                    test_machine.py
    47-51   damaged, old, truncated or newer register                     test_database.py
    52-58   clock, sleep, slow node, port, missing and orphan node        test_machine.py
    60-64   content and recipients of a mint                              test_content.py
    66    hostile text                                                  tests/unit/services/test_hostile_text.py
    67    mark-up, scripts, file addresses                              tests/gui/test_inert_text.py
    68      files to attach                                               tests/unit/services
    74      the audit log                                                 test_audit.py
    75      secrets                                                       test_access.py
    any     all of them in any order                                      test_state_machine.py

The other rows from 65 to 75 are about input, evidence and access, not about a mint.
"""

from __future__ import annotations

import re
from pathlib import Path

from ipnft_desktop.paths import PROJECT

HERE = Path(__file__).parent
ROWS = {*range(1, 59), *range(60, 65), *range(66, 70), *range(72, 76)}
ELSEWHERE = {
    50: ("tests/ports/database/test_migrating.py", "row_50_killed_in_a_migration"),
    54: ("tests/gui/test_mint_dialog.py", "closing"),
    66: ("tests/unit/services/test_hostile_text.py", "test_66_"),
    67: ("tests/gui/test_inert_text.py", "test_67_"),
    68: ("tests/unit/services/test_faulty_files.py", "test_68_"),
}
"""Rows that need what another room's tests have: a file and words of a test's name in it."""


def test_every_row_has_a_test() -> None:
    names = [name for file in HERE.glob("test_*.py") for name in _tests_in(file)]
    shown = {int(number) for name in names for number in re.findall(r"^test_(\d\d)_", name)}
    assert shown == ROWS - ELSEWHERE.keys()


def test_rows_shown_elsewhere_are_there() -> None:
    for file, words in ELSEWHERE.values():
        assert any(words in name for name in _tests_in(PROJECT / file)), (file, words)


def _tests_in(file: Path) -> list[str]:
    return re.findall(r"^(?:async )?def (test_\w+)", file.read_text("utf-8"), flags=re.MULTILINE)
