"""Searches and filters by every way that leads to their matches, against what a plain look at each asset finds."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from ipnft_desktop.adapters.database import asset_lists, narrowing, search_index
from ipnft_desktop.adapters.database.asset_tables import SEARCH_INDEX
from ipnft_desktop.adapters.database.list_order import SORTED_BY
from ipnft_desktop.adapters.database.narrowing import Narrowing
from ipnft_desktop.adapters.database.register_sample import RegisterSample
from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from ipnft_desktop.domain.assets import Asset, AssetQuery, AssetType, DaySpan, LegalStatus, SortKey
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.domain.searching import search_words
from tests.ports.database.test_lists import in_order
from tests.support import samples
from tests.support.database_factory import sqlite_url
from tests.support.register_files import opened, used_register
from tests.support.register_under_test import RegisterUnderTest

_WORDS = (
    "radio",
    "Radio 100%",
    "专利",
    "方法",
    "一种",
    "É",
    "z",
    "US-7",
    "芯片方法",
    "nothing",
    "法",
    "ng e",
    "ng zog e",
)


def _holds(query: AssetQuery, asset: Asset, state: AssetState) -> bool:
    fields = [asset.name, asset.application_number, asset.creator_name, asset.description]
    return (
        all(any(word in field.casefold() for field in fields) for word in search_words(query.text) or ())
        and (not query.states or state in query.states)
        and (not query.types or asset.asset_type in query.types)
        and (not query.legal_statuses or asset.legal_status in query.legal_statuses)
        and (not query.enterprise_ids or asset.enterprise.enterprise_id in query.enterprise_ids)
        and query.created.holds(asset.created_at.astimezone().date())
        and query.creation.holds(asset.creation_date)
    )


async def _crowd(register: RegisterUnderTest) -> tuple[list[Asset], set[Any]]:
    """Assets of all kinds and the ids of those that are minted."""
    chooser = random.Random(7)
    other = samples.enterprise(name="Boreal 专利")
    await register.database.write(lambda tx: tx.insert_enterprise(other))
    assets = [
        samples.asset(
            chooser.choice((register.owner, other)),
            name=" ".join(chooser.choices(_WORDS, k=2)),
            description="".join(chooser.choices(_WORDS, k=chooser.randint(0, 4))),
            creator_name=chooser.choice(("ada", "陈")),
            application_number=chooser.choice(("", "US-7")),
            asset_type=chooser.choice(list(AssetType)[:3]),
            legal_status=chooser.choice(list(LegalStatus)[:3]),
            created_at=samples.at(86_400 * chooser.randint(0, 9)),
            creation_date=date(2020, 1, 1) + timedelta(days=chooser.randint(0, 9)),
        )
        for _ in range(48)
    ]
    await register.database.write(lambda tx: tx.insert_assets(assets))
    await register.mint(*assets[:9])
    return assets, {asset.asset_id for asset in assets[:9]}


def _queries(owner: Any) -> list[AssetQuery]:
    chooser = random.Random(11)
    queries = [AssetQuery(text=word) for word in (*_WORDS, "radio 专利", "法 z", "专利 法", '"ng e" É')]
    day = samples.NOW.date()
    while len(queries) < 40:
        queries.append(
            AssetQuery(
                text=chooser.choice(("", "", *_WORDS, "radio 法")),
                states=frozenset(chooser.sample([AssetState.DRAFT, AssetState.MINTED], k=chooser.randint(0, 1))),
                types=frozenset(chooser.sample(list(AssetType)[:3], k=chooser.randint(0, 2))),
                legal_statuses=frozenset(chooser.sample(list(LegalStatus)[:3], k=chooser.randint(0, 2))),
                enterprise_ids=chooser.choice((frozenset(), frozenset({owner}))),
                created=chooser.choice((DaySpan(), DaySpan(day + timedelta(days=3), day + timedelta(days=6)))),
                creation=chooser.choice((DaySpan(), DaySpan(None, date(2020, 1, 4)))),
                sort=chooser.choice(list(SortKey)),
                descending=chooser.random() < 0.5,
            )
        )
    return queries


def _by_way(number: int) -> Any:
    """Every query takes the way with this number, if it has so many."""

    def set_up(monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(RegisterSample, "walked_rows", lambda *_: math.inf)
        ways = Narrowing.gatherings
        monkeypatch.setattr(Narrowing, "gatherings", lambda *asked: ways(*asked)[number : number + 1])

    return set_up


def _by_walking(most: float) -> Any:
    """Every query begins with a walk, of more rows than there are or of too few."""

    def set_up(monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(RegisterSample, "walked_rows", lambda *_: -1.0)
        monkeypatch.setattr(narrowing, "WALKED_ROW_US", 100 / most)

    return set_up


def _no_terms(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if too many trigrams began with each short word."""
    monkeypatch.setattr(search_index, "_MAX_TERMS", -1)


async def test_what_is_found_is_what_there_is(register: RegisterUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    await _check_every_query(register, monkeypatch)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "set_up",
    [_by_way(0), _by_way(1), _by_way(2), _by_walking(1_000), _by_walking(5), _no_terms],
    ids=["first", "second", "third or a plain walk", "walk", "walk cut short", "no short words"],
)
async def test_every_way_finds_what_there_is(
    register: RegisterUnderTest, monkeypatch: pytest.MonkeyPatch, set_up: Any
) -> None:
    set_up(monkeypatch)
    await _check_every_query(register, monkeypatch)


async def _check_every_query(register: RegisterUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = 10
    for module in (asset_lists, narrowing):
        monkeypatch.setattr(module, "LISTED_MAX", listed)
    assets, minted = await _crowd(register)
    everything = {row.asset_id: row for row in (await register.page(AssetQuery())).rows}
    for query in _queries(register.owner.enterprise_id):
        expected = in_order(
            [
                everything[asset.asset_id]
                for asset in assets
                if asset.asset_id in everything and _holds(query, asset, everything[asset.asset_id].state)
            ],
            query,
        )
        assert await register.walk(query, 7) == expected, query
        count = await register.database.read(lambda tx, query=query: tx.count_assets(query))
        assert count == (min(len(expected), listed + 1) if query.text or query.is_filtered else len(expected)), query
    assert len(minted) == sum(row.state is AssetState.MINTED for row in everything.values())


async def test_an_edit_and_a_deletion_are_found_at_once(register: RegisterUnderTest) -> None:
    (kept,) = await register.add(name="Kept 钥匙")
    (edited,) = await register.add(name="Before")
    await register.database.write(
        lambda tx: tx.update_asset(replace(edited, name="After 之后", description="新的说明"), edited.version)
    )

    async def names(text: str) -> list[str]:
        return [row.name for row in (await register.page(AssetQuery(text=text))).rows]

    assert await names("before") == []
    assert await names("之后 说明") == ["After 之后"]
    await register.database.write(lambda tx: tx.delete_asset(edited.asset_id))
    assert await names("之后") == []
    (added,) = await register.add(name="Added 钥匙")
    assert await names("钥匙") == [added.name, kept.name]


async def test_what_was_undone_is_not_found(register: RegisterUnderTest) -> None:
    def work(tx: Any) -> None:
        tx.insert_asset(samples.asset(register.owner, name="Never committed"))
        raise LookupError

    with pytest.raises(LookupError):
        await register.database.write(work)
    assert await register.walk(AssetQuery(text="never"), 5) == []


async def test_the_index_outlives_a_vacuum_and_is_mended_when_it_is_damaged(tmp_path: Any) -> None:
    file = await used_register(tmp_path)
    database = SqlDatabase(sqlite_url(file))
    await database.open()
    register = RegisterUnderTest(database, (await database.read(lambda tx: tx.enterprises()))[0])
    first, second, _ = await register.add(3, name="Radio")
    await database.write(lambda tx: tx.delete_asset(first.asset_id))
    await database.close()
    engine = create_engine(sqlite_url(file), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("VACUUM"))
        assert not search_index.repair(connection)
        connection.execute(text("DELETE FROM asset_index_data WHERE id > 10"))
    engine.dispose()

    await opened(file)
    await database.open()
    try:
        found = await register.walk(AssetQuery(text="radio"), 2)
        assert second.asset_id in [row.asset_id for row in found]
        assert len(found) == 3  # The sample of `used_register` is a radio too.
    finally:
        await database.close()


def test_candidates_come_from_the_index_and_not_from_every_asset(migrated_sqlite: str) -> None:
    engine = create_engine(migrated_sqlite)
    with engine.connect() as connection:
        for query in (
            AssetQuery(text="方法 radio"),
            AssetQuery(text="方法 radio", states=frozenset({AssetState.DRAFT}), types=frozenset({AssetType.DESIGN})),
            AssetQuery(types=frozenset({AssetType.DESIGN})),
            AssetQuery(enterprise_ids=frozenset({samples.uuid()})),
            AssetQuery(creation=DaySpan(date(2020, 1, 1), None)),
        ):
            words = search_words(query.text) or ()
            ways = Narrowing(connection, query, words).gatherings(SORTED_BY[query.sort])
            assert ways
            for way in ways:
                compiled = way.ids().compile(connection, compile_kwargs={"literal_binds": True})
                plan = [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}")]
                assert not any(step.startswith("SCAN assets") for step in plan), plan
                if way.columns.asset_id.table.index == SEARCH_INDEX:
                    assert plan[0].startswith("SCAN asset_index VIRTUAL TABLE"), plan
    engine.dispose()


@pytest.mark.parametrize("first", [None, date.min])
@pytest.mark.parametrize("last", [None, date.max])
async def test_days_at_the_ends_of_the_calendar_bound_nothing(
    register: RegisterUnderTest, first: date | None, last: date | None
) -> None:
    await register.add(1)
    every = DaySpan(first, last)

    assert len(await register.walk(AssetQuery(created=every, creation=every), 5)) == 1
