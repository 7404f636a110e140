"""Rows 1 to 11: the program is killed at a named point; then there was no intent, or the next start makes one token.

What is minted is a run of two transactions, a batch and a single mint, whose steps share their commits; a mint that was
asked for by itself differs from it in how it was recorded.

Each point is a process of its own with its own profile, contract and signing account. What it prints is only used to
follow it: the node is asked for tokens, and SQLite for rows.
"""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from ipnft_desktop.paths import PROJECT
from tests.faults.ends import tokens_of
from tests.faults.world import Genesis
from tests.support.database_factory import migrated_file
from tests.support.kill_points import KILL_POINTS

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")

PROGRAMS_AT_ONCE = 2
LONGEST_RUN_S = 30
ALONE = "alone-"
"""Before the name of a point: one mint that was asked for by itself."""


@dataclass(frozen=True)
class Outcome:
    """What is left of a program that was killed and then started again."""

    exit_code: int
    """Of the killed run."""
    states_when_killed: list[str]
    """Of the assets, as SQLite has them."""
    exit_code_again: int
    assets: list[dict[str, Any]]
    """As the second run tells them."""
    tokens: list[int]
    """That the node has of each asset, in whatever contract."""
    rows: dict[str, Any]
    """What SQLite has at the end."""
    output: str


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.support.headless_program", *arguments]
    return subprocess.run(
        command, cwd=PROJECT, capture_output=True, text=True, timeout=LONGEST_RUN_S, check=False, encoding="utf-8"
    )


def lines(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


def look(profile: Path) -> dict[str, Any]:
    """Asset states and numbers of rows, past every line of the program."""
    connection = sqlite3.connect(f"file:{profile / 'register.db'}?mode=ro", uri=True)
    try:
        states = [state for (state,) in connection.execute("SELECT state FROM assets")]
        jobs = connection.execute("SELECT stage FROM mint_jobs").fetchall()
        sane = connection.execute("PRAGMA integrity_check").fetchone()[0]
    finally:
        connection.close()
    return {"states": states, "stages": [stage for (stage,) in jobs], "integrity": sane}


def kill_and_start_again(work: str, point: str, account: int, node_url: str, profile: Path) -> Outcome:
    where = ("--profile", str(profile), "--rpc-url", node_url, "--account", str(account))
    killed = run(work, *where, "--kill-at", point)
    told = [line for line in lines(killed.stdout) if line["event"] == "requesting"]
    assert told, f"it did not get as far as a mint: {killed.stdout} {killed.stderr}"
    before = look(profile)
    again = run("recover", *where)
    return Outcome(
        exit_code=killed.returncode,
        states_when_killed=before["states"],
        exit_code_again=again.returncode,
        assets=[line for line in lines(again.stdout) if line["event"] == "asset"],
        tokens=[len(tokens_of(node_url, UUID(asset_id))) for asset_id in told[0]["asset_ids"]],
        rows=look(profile),
        output=killed.stderr + again.stdout + again.stderr,
    )


@pytest.fixture(scope="module")
def outcomes(
    request: pytest.FixtureRequest, hardhat: Genesis, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[Outcome]]]:
    """Every point that a chosen test asks for, two programs at once."""
    hardhat.go_back()  # an earlier test may have left it not mining
    chosen = [item.callspec.params["point"] for item in request.session.items if _asks_for_a_point(item)]
    folder = tmp_path_factory.mktemp("killed")
    for point in chosen:
        (folder / point).mkdir()
        migrated_file(folder / point)
    with ThreadPoolExecutor(PROGRAMS_AT_ONCE) as pool:
        yield {
            point: pool.submit(kill_and_start_again, *_work_and_point(point), account, hardhat.url, folder / point)
            for account, point in enumerate(chosen, start=1)
        }


def _work_and_point(point: str) -> tuple[str, str]:
    """What to mint, and where to kill."""
    return ("mint" if point.startswith(ALONE) else "mint-run"), point.removeprefix(ALONE)


def _asks_for_a_point(item: Any) -> bool:
    return item.path == Path(__file__) and "point" in getattr(getattr(item, "callspec", None), "params", {})


def no_token_yet(outcome: Outcome) -> None:
    """No intent: the asset is a draft, nothing is open, and starting again does nothing by itself."""
    assert outcome.exit_code == -signal.SIGKILL, outcome.output
    assert outcome.exit_code_again == 0, outcome.output
    assert set(outcome.tokens) == {0}
    assert outcome.rows == {"states": ["DRAFT"] * len(outcome.tokens), "stages": [], "integrity": "ok"}


def one_token(outcome: Outcome) -> None:
    """M1: killed indeed, started again, minted exactly once; no row is lost."""
    assert outcome.exit_code == -signal.SIGKILL, f"the point was not reached: {outcome.output}"
    assert outcome.exit_code_again == 0, outcome.output
    count = len(outcome.tokens)
    assert outcome.tokens == [1] * count, outcome.output
    assert [asset["state"] for asset in outcome.assets] == ["MINTED"] * count
    stages = ["COMPLETED"] * (2 if count > 1 else 1)
    assert outcome.rows == {"states": ["MINTED"] * count, "stages": stages, "integrity": "ok"}


@pytest.mark.parametrize("point", ["before-A", "alone-before-A"])
def test_01_killed_before_a(point: str, outcomes: dict[str, Future[Outcome]]) -> None:
    no_token_yet(outcomes[point].result())


@pytest.mark.parametrize("point", ["after-A", "alone-after-A"])
def test_02_killed_after_a(point: str, outcomes: dict[str, Future[Outcome]]) -> None:
    outcome = outcomes[point].result()
    one_token(outcome)
    assert set(outcome.states_when_killed) == {"MINT_PENDING"}


@pytest.mark.parametrize("point", ["storing-content", "content-stored"])
def test_03_killed_while_storing_content(point: str, outcomes: dict[str, Future[Outcome]]) -> None:
    one_token(outcomes[point].result())


@pytest.mark.parametrize("point", ["inside-B"])
def test_04_killed_inside_b(point: str, outcomes: dict[str, Future[Outcome]]) -> None:
    one_token(outcomes[point].result())


@pytest.mark.parametrize("point", ["after-B"])
def test_05_killed_after_b(point: str, outcomes: dict[str, Future[Outcome]]) -> None:
    one_token(outcomes[point].result())


@pytest.mark.parametrize("point", ["before-send", "during-send"])
def test_06_killed_during_send(point: str, outcomes: dict[str, Future[Outcome]]) -> None:
    one_token(outcomes[point].result())


@pytest.mark.parametrize("point", ["before-C"])
def test_07_killed_before_c(point: str, outcomes: dict[str, Future[Outcome]]) -> None:
    one_token(outcomes[point].result())


@pytest.mark.parametrize("point", ["after-C"])
def test_08_killed_after_c(point: str, outcomes: dict[str, Future[Outcome]]) -> None:
    one_token(outcomes[point].result())


@pytest.mark.parametrize("point", ["before-D"])
def test_09_killed_before_d(point: str, outcomes: dict[str, Future[Outcome]]) -> None:
    one_token(outcomes[point].result())


@pytest.mark.parametrize("point", ["after-D", "inside-E"])
def test_10_killed_after_d(point: str, outcomes: dict[str, Future[Outcome]]) -> None:
    one_token(outcomes[point].result())


@pytest.mark.parametrize("point", ["after-E"])
def test_11_killed_after_e(point: str, outcomes: dict[str, Future[Outcome]]) -> None:
    outcome = outcomes[point].result()
    one_token(outcome)
    assert "MINTED" in outcome.states_when_killed


def test_every_kill_point_has_its_row() -> None:
    marks = [mark for name, test in globals().items() if name[5:7].isdigit() for mark in test.pytestmark]
    assert {point.removeprefix(ALONE) for mark in marks for point in mark.args[1]} == set(KILL_POINTS)
