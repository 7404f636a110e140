"""What is asked in the course of a mint is answered from an index, however many mints there are."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, event

from ipnft_desktop.adapters.database.transaction import SqlTransaction
from ipnft_desktop.domain.batch_runs import RunAnchor
from ipnft_desktop.domain.mint_activity import JobAnchor, JobGroup, JobPage, JobQuery, JobSort
from ipnft_desktop.domain.minting import OPEN_STAGES, MintStage
from ipnft_desktop.services.ports import Transaction
from tests.support import samples

PLACES = {
    "from its beginning": None,
    "behind a mint": JobAnchor(MintStage.CONFIRMING, samples.NOW, samples.uuid()),
}


def _first_mints(query: JobQuery, after: JobAnchor | None, tx: Transaction) -> JobPage:
    return tx.job_page(query, after, 100, [samples.uuid()])


QUESTIONS: dict[str, Callable[[Transaction], Any]] = {
    "a job": lambda tx: tx.job(samples.uuid()),
    "an asset": lambda tx: tx.asset_row(samples.uuid()),
    "the job of an asset": lambda tx: tx.latest_job_of(samples.uuid()),
    "open jobs": lambda tx: tx.jobs_in(OPEN_STAGES),
    "mints above a block": lambda tx: tx.ended_jobs_above(100),
    "the highest block": lambda tx: tx.highest_mined_block(),
    "several assets": lambda tx: (tx.assets([samples.uuid()]), tx.asset_rows([samples.uuid()])),
    "outcomes": lambda tx: tx.recent_outcomes(50),
    "attempts": lambda tx: tx.attempts_of([samples.uuid()]),
    "the next nonce": lambda tx: tx.next_nonces(samples.SIGNER, 100, 1)[0],
    "live transactions": lambda tx: tx.live_transactions(samples.SIGNER, 100),
    "gas of the latest single mint": lambda tx: tx.latest_single_mint_gas(),
    "how many jobs are open": lambda tx: tx.take_over_jobs(),
    **{
        f"mints of {group} by {sort}, {place}": partial(_first_mints, JobQuery(group, sort=sort), after)
        for group, sort in itertools.product(JobGroup, JobSort)
        for place, after in PLACES.items()
    },
    "mints by their transaction": lambda tx: tx.job_page(JobQuery(text=samples.digest("a")), None, 100, ()),
    "mints by their recipient": lambda tx: tx.job_page(JobQuery(text=samples.RECIPIENT), None, 100, ()),
    "mints of an asset": lambda tx: tx.job_rows_of([samples.uuid()]),
    "all about a mint": lambda tx: tx.job_detail(samples.uuid()),
    "what a plan wants": lambda tx: (tx.mint_candidates([samples.uuid()]), tx.token_holders([samples.RECIPIENT])),
    "a run": lambda tx: (tx.run(samples.uuid()), tx.run_job_ids(samples.uuid())),
    "the items of a run": lambda tx: tx.run_items(samples.uuid()),
    "what waits for company": lambda tx: (
        tx.gathered_mints([samples.uuid()]),
        tx.release_gathered([samples.uuid()]),
    ),
    "figures of a day": lambda tx: tx.mint_figures(samples.NOW),
    "figures of all time": lambda tx: tx.mint_figures(None),
    "gas over time": lambda tx: (tx.mined_count(samples.NOW), tx.gas_steps(samples.NOW, 60)),
    "ends over time": lambda tx: tx.ended_steps(samples.NOW, 60),
    "the queue over time": lambda tx: (tx.queue_changes(samples.NOW, 60), tx.open_job_count(), tx.first_request()),
    "runs": lambda tx: tx.runs(RunAnchor(samples.NOW, samples.uuid()), 50),
}
BY_STAGE = (
    "open jobs",
    "how many jobs are open",
    "the queue over time",
    *(question for question in QUESTIONS if question.startswith("mints of ")),
)
FEW = ("open jobs", "mints above a block", "mints by their transaction", "mints by their recipient")
"""Questions with so few answers that these may be sorted."""
SORTED = (*FEW, "the queue over time")
"""And what two indexes tell of a period, put in one order."""
WALKS = tuple(f"SCAN mint_jobs USING INDEX ix_mint_jobs_{key}_at_job_id" for key in ("completed", "requested"))
"""In order, and only as far as the limit."""
LARGE = ("mint_jobs", "mint_intents", "transactions", "tokens", "assets")


def plans_of(connection: Connection, question: Callable[[Transaction], Any]) -> list[str]:
    """What SQLite intends to do for each statement of the question."""
    asked: list[tuple[str, Any]] = []

    @event.listens_for(connection, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    question(SqlTransaction(connection))
    event.remove(connection, "before_cursor_execute", note)
    return [
        row[3]
        for statement, parameters in asked
        for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    ]


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_walks_through_a_whole_table(migrated_sqlite: str, question: str) -> None:
    engine = create_engine(migrated_sqlite)
    with engine.connect() as connection:
        steps = plans_of(connection, QUESTIONS[question])
    engine.dispose()
    assert steps
    walks = [step for step in steps if step.startswith("SCAN") and step.split()[1] in LARGE]
    assert [walk for walk in walks if walk.replace("COVERING ", "") not in WALKS] == []
    assert question in BY_STAGE or not any("(stage=?)" in step for step in steps), "most jobs are of one stage"
    sorts = [step for step in steps if "TEMP B-TREE FOR ORDER BY" in step]
    assert question in SORTED or sorts == []
