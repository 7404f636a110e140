"""Alerts: raised once, cleared once, kept."""

from __future__ import annotations

import asyncio

from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from ipnft_desktop.domain.alerts import AlertKind
from tests.ports.database.conftest import OpenDatabase
from tests.support import samples

FACTS = {"minutes": "12", "name": "Räder 轮"}


async def test_an_alert_is_raised_once_until_it_is_cleared(database: SqlDatabase) -> None:
    def raise_it(subject: str, second: float = 0) -> object:
        return database.write(lambda tx: tx.raise_alert(AlertKind.MINT_TOO_OLD, subject, FACTS, samples.at(second)))

    first = await raise_it("job 1")
    assert (first.kind, first.subject, first.facts, first.raised_at, first.cleared_at) == (
        AlertKind.MINT_TOO_OLD,
        "job 1",
        FACTS,
        samples.NOW,
        None,
    )
    assert await raise_it("job 1", 1) is None
    second = await raise_it("job 2", 2)
    other = await database.write(lambda tx: tx.raise_alert(AlertKind.RETRIES_FAILED, "job 1", {}, samples.at(3)))
    assert await database.read(lambda tx: tx.alerts(10)) == (other, second, first)
    assert await database.read(lambda tx: tx.alerts(2)) == (other, second)

    cleared = await database.write(lambda tx: tx.clear_alert(AlertKind.MINT_TOO_OLD, "job 1", samples.at(4)))
    assert cleared is not None
    assert (cleared.alert_id, cleared.cleared_at) == (first.alert_id, samples.at(4))
    assert await database.write(lambda tx: tx.clear_alert(AlertKind.MINT_TOO_OLD, "job 1", samples.at(5))) is None
    assert await database.read(lambda tx: tx.alerts(10, only_open=True)) == (other, second)
    assert await database.read(lambda tx: tx.alerts(10)) == (other, second, cleared)

    again = await raise_it("job 1", 6)
    assert again.alert_id not in (first.alert_id, second.alert_id, other.alert_id)


async def test_two_programs_raise_an_alert_once(url: str, open_database: OpenDatabase) -> None:
    programs = [await open_database(url), await open_database(url)]
    raised = await asyncio.gather(
        *(
            program.write(lambda tx: tx.raise_alert(AlertKind.SUCCESS_RATE_LOW, "", FACTS, samples.NOW))
            for program in programs
        )
    )
    assert sum(alert is not None for alert in raised) == 1
