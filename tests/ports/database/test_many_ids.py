"""However many ids a question names, it is answered: SQLite takes 32,766 parameters, PostgreSQL 65,535."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, event

from ipnft_desktop.domain.mint_activity import JobGroup, JobQuery
from ipnft_desktop.services.ports import Transaction
from tests.support import samples
from tests.support.register_under_test import RegisterUnderTest

USUAL_LIMIT = 32_766
"""Of SQLite; the one of some systems is built with more."""
STRANGERS = tuple(UUID(int=number) for number in range(70_000))
NO_CONTENT = tuple(f"bafkrei{number:052d}" for number in range(70_000))
HELD_UP = JobQuery(JobGroup.NEEDS_ATTENTION)

Ids = tuple[UUID, ...]
OF_JOBS: dict[str, Callable[[Transaction, Ids], Any]] = {
    "a page": lambda tx, ids: [row.job_id for row in tx.job_page(HELD_UP, None, 10, ids).rows],
    "counts": lambda tx, ids: tx.count_jobs(JobQuery(), ids).of[JobGroup.NEEDS_ATTENTION],
}
OF_ASSETS: dict[str, Callable[[Transaction, Ids], Any]] = {
    "assets": lambda tx, ids: [asset.asset_id for asset in tx.assets(ids)],
    "rows": lambda tx, ids: [row.asset_id for row in tx.asset_rows(ids)],
    "mints": lambda tx, ids: [row.asset_id for row in tx.job_rows_of(ids)],
    "taken ids": lambda tx, ids: list(tx.taken_asset_ids(ids)),
    "public content": lambda tx, ids: len(tx.public_roots(ids)) + 1,
    "attempts": lambda tx, ids: tx.attempts_of(ids) + 1,
    "owners": lambda tx, ids: len(tx.enterprises_of(ids)),
}
OF_ANY: dict[str, Callable[[Transaction], Any]] = {
    "deleted assets": lambda tx: tx.deleted_lines(STRANGERS),
    "forgotten assets": lambda tx: tx.forget_deleted(STRANGERS),
    "withdrawn content": lambda tx: tx.withdraw_publications(NO_CONTENT),
    "blocks": lambda tx: tx.recorded_block_hashes(range(len(STRANGERS))),
}


@pytest.fixture(autouse=True)
def usual_limit() -> Iterator[None]:
    def limit(connection: Any, _record: Any) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, USUAL_LIMIT)

    event.listen(Engine, "connect", limit)
    yield
    event.remove(Engine, "connect", limit)


async def test_every_question_takes_as_many_ids_as_there_are(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    job = await register.sign(asset)
    for question, ask in OF_JOBS.items():
        answer = await register.database.read(lambda tx, a=ask: a(tx, (*STRANGERS, job.job_id)))
        assert answer in ([job.job_id], 1), question
    for question, ask in OF_ASSETS.items():
        answer = await register.database.read(lambda tx, a=ask: a(tx, (*STRANGERS, asset.asset_id)))
        assert answer in ([asset.asset_id], 1), question
    for ask in OF_ANY.values():
        assert not await register.database.write(ask)


async def test_what_may_be_retried_is_told_to_somebody_of_many_enterprises(register: RegisterUnderTest) -> None:
    (asset,) = await register.add()
    job = await register.prepare(asset)
    await register.database.write(
        lambda tx: tx.record_failed(job.job_id, samples.failure(safe_to_retry=True), samples.at(50))
    )
    for owners, retryable in ((STRANGERS, ()), ((*STRANGERS, register.owner.enterprise_id), (asset.asset_id,))):
        assert await register.database.read(lambda tx, o=owners: tx.retryable_jobs(JobQuery(), o)) == retryable
        counts = await register.database.read(lambda tx, o=owners: tx.count_jobs(JobQuery(), (), o))
        assert counts.retryable == len(retryable)
