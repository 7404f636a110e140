"""The program is killed at a named point of a call that is no mint; the next start brings it onto the chain, once.

As with mints (`test_sigkill.py`), each point is a process with its own profile, contract and account, and the node is
asked what happened.
"""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.faults.test_sigkill import PROGRAMS_AT_ONCE, lines, run
from tests.faults.world import Genesis
from tests.support.database_factory import migrated_file
from tests.support.headless_program import ROYALTY_BP
from tests.support.kill_points import WRITE_KILL_POINTS
from tests.support.node_oracle import ask

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")


@dataclass(frozen=True)
class Outcome:
    """What is left of a program that was killed and then started again."""

    exit_code: int
    exit_code_again: int
    recorded: list[str]
    """Transactions of calls that SQLite had when the program was dead."""
    told: list[dict[str, Any]]
    """Calls as the second run tells them."""
    changes: list[str]
    """Transactions by which the node says that the royalty was changed."""
    output: str


def kill_and_start_again(point: str, account: int, node_url: str, profile: Path) -> Outcome:
    where = ("--profile", str(profile), "--rpc-url", node_url, "--account", str(account))
    killed = run("write", *where, "--kill-at", point)
    (requested,) = [line for line in lines(killed.stdout) if line["event"] == "requesting"]
    recorded = recorded_calls(profile)
    again = run("recover", *where)
    return Outcome(
        exit_code=killed.returncode,
        exit_code_again=again.returncode,
        recorded=recorded,
        told=[line for line in lines(again.stdout) if line["event"] == "write"],
        changes=royalty_changes(node_url, requested["contract"]),
        output=killed.stderr + again.stdout + again.stderr,
    )


def recorded_calls(profile: Path) -> list[str]:
    connection = sqlite3.connect(f"file:{profile / 'register.db'}?mode=ro", uri=True)
    try:
        joined = "SELECT w.tx_hash FROM contract_writes w JOIN transactions t ON t.tx_hash = w.tx_hash"
        return [tx_hash for (tx_hash,) in connection.execute(joined)]
    finally:
        connection.close()


def royalty_changes(node_url: str, contract: str) -> list[str]:
    """To the royalty that only the call sets; the deployment set another one."""
    logs = ask(node_url, "eth_getLogs", {"fromBlock": "0x0", "toBlock": "latest", "address": contract})
    return [log["transactionHash"] for log in logs if log["data"] == f"0x{int(ROYALTY_BP):064x}"]


@pytest.fixture(scope="module")
def outcomes(hardhat: Genesis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Outcome]]]:
    """Every point, two programs at once."""
    hardhat.go_back()
    folder = tmp_path_factory.mktemp("killed")
    for point in WRITE_KILL_POINTS:
        (folder / point).mkdir()
        migrated_file(folder / point)
    with ThreadPoolExecutor(PROGRAMS_AT_ONCE) as pool:
        yield {
            point: pool.submit(kill_and_start_again, point, account, hardhat.url, folder / point)
            for account, point in enumerate(WRITE_KILL_POINTS, start=1)
        }


def test_killed_before_the_commit_nothing_was_asked_for(outcomes: dict[str, Future[Outcome]]) -> None:
    outcome = outcomes["inside-record-write"].result()
    assert outcome.exit_code == -signal.SIGKILL, outcome.output
    assert outcome.exit_code_again == 0, outcome.output
    assert (outcome.recorded, outcome.told, outcome.changes) == ([], [], [])


@pytest.mark.parametrize("point", [point for point in WRITE_KILL_POINTS if point != "inside-record-write"])
def test_killed_behind_the_commit_it_happens_once(point: str, outcomes: dict[str, Future[Outcome]]) -> None:
    outcome = outcomes[point].result()
    assert outcome.exit_code == -signal.SIGKILL, f"the point was not reached: {outcome.output}"
    assert outcome.exit_code_again == 0, outcome.output
    (tx_hash,) = outcome.recorded
    assert outcome.changes == [tx_hash], outcome.output
    assert [(line["state"], line["tx_hash"]) for line in outcome.told] == [("DONE", tx_hash)]
