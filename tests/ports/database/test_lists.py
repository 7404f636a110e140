"""Keyset pages: every row exactly once, in order, both ways, however many rows share a value."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from sqlalchemy.dialects import sqlite

from ipnft_desktop.adapters.database.asset_lists import page_statement
from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from ipnft_desktop.domain.assets import AssetQuery, AssetRow, AssetType, LegalStatus, PageAnchor, SortKey
from ipnft_desktop.domain.minting import AssetState
from tests.support import samples
from tests.support.database_factory import fresh_database
from tests.support.register_under_test import RegisterUnderTest

SORTED_BY: dict[SortKey, Callable[[AssetRow], Any]] = {
    SortKey.NAME: lambda row: row.name.casefold(),
    SortKey.ASSET_TYPE: lambda row: row.asset_type.value,
    SortKey.ENTERPRISE: lambda row: row.enterprise_name.casefold(),
    SortKey.STATE: lambda row: row.state.value,
    SortKey.CREATED: lambda row: row.created_at,
    SortKey.APPLICATION_NUMBER: lambda row: row.application_number.casefold(),
    SortKey.LEGAL_STATUS: lambda row: row.legal_status.value,
    SortKey.CREATOR: lambda row: row.creator_name.casefold(),
    SortKey.CREATION_DATE: lambda row: row.creation_date,
    SortKey.UPDATED: lambda row: row.updated_at,
    SortKey.TOKEN: lambda row: row.asset_id,
}
STATE_FILTERS = [
    frozenset[AssetState](),
    frozenset({AssetState.DRAFT}),
    frozenset({AssetState.MINTED, AssetState.MINT_PENDING, AssetState.MINTING}),
    frozenset(AssetState),
]


def anchor_for(sort: SortKey) -> PageAnchor:
    """Some place in a list of this order."""
    values = {
        SortKey.CREATED: samples.NOW.isoformat(),
        SortKey.UPDATED: samples.NOW.isoformat(),
        SortKey.CREATION_DATE: "2001-01-01",
        SortKey.STATE: "DRAFT",
        SortKey.ASSET_TYPE: "OTHER",
        SortKey.LEGAL_STATUS: "PENDING",
    }
    return PageAnchor(values.get(sort, "m"), samples.uuid())


def in_order(rows: list[AssetRow], query: AssetQuery) -> list[AssetRow]:
    """What a page walk must give, worked out without the database."""
    chosen = [row for row in rows if not query.states or row.state in query.states]
    return sorted(chosen, key=lambda row: (SORTED_BY[query.sort](row), row.asset_id), reverse=query.descending)


@pytest.fixture
async def crowd(register: RegisterUnderTest) -> RegisterUnderTest:
    """Assets of several types, owners and states, many with equal values."""
    other = samples.enterprise(name="aurora Annex")
    await register.database.write(lambda tx: tx.insert_enterprise(other))
    assets = [
        samples.asset(
            register.owner if number % 3 else other,
            name=f"{'Beta' if number % 2 else 'alpha'} {number % 3}",
            asset_type=list(AssetType)[number % 4],
            created_at=samples.at(number % 5),
            updated_at=samples.at(number % 7),
            creation_date=date(2000 + number % 6, 1, 1),
            legal_status=list(LegalStatus)[number % 5],
            creator_name=("ada", "Bell", "陈")[number % 3],
            application_number=f"{'cn' if number % 2 else 'US'} {number % 4}",
        )
        for number in range(24)
    ]
    await register.database.write(lambda tx: [tx.insert_asset(asset) for asset in assets])
    await register.mint(*assets[:5])
    await register.sign(*assets[5:9])
    await register.request(*assets[9:12])
    return register


@pytest.mark.parametrize("sort", SortKey)
async def test_pages_walk_all_rows_once_and_in_order(crowd: RegisterUnderTest, sort: SortKey) -> None:
    everything = list((await crowd.page(AssetQuery())).rows)
    assert len(everything) == 24
    for states, descending in itertools.product(STATE_FILTERS, (False, True)):
        query = AssetQuery(states=states, sort=sort, descending=descending)
        expected = in_order(everything, query)
        for limit in (3, 100):
            assert await crowd.walk(query, limit) == expected, (states, descending, limit)
        assert await crowd.database.read(lambda tx, query=query: tx.count_assets(query)) == len(expected)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(st.sampled_from(["a", "A", "b", "É", "é", "专利", "z/%_"]), max_size=14),
    limit=st.integers(1, 6),
    descending=st.booleans(),
)
def test_pages_hold_for_any_names(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], limit: int, descending: bool
) -> None:
    async def check() -> None:
        database = await fresh_database(tmp_path_factory.mktemp("names"))
        try:
            register = RegisterUnderTest(database, samples.enterprise())
            await database.write(lambda tx: tx.insert_enterprise(register.owner))
            for name in names:
                await register.add(name=name)
            query = AssetQuery(sort=SortKey.NAME, descending=descending)
            rows = await register.walk(query, limit)
            assert sorted(row.name for row in rows) == sorted(names)
            assert rows == in_order(rows, query)
        finally:
            await database.close()

    asyncio.run(check())


async def test_a_row_added_behind_the_anchor_moves_no_other(register: RegisterUnderTest) -> None:
    for name in "bdfh":
        await register.add(name=name)
    query = AssetQuery(sort=SortKey.NAME, descending=False)
    first = await register.page(query, None, 2)
    await register.add(name="a")
    await register.add(name="e")

    second = await register.page(query, first.next_anchor, 10)
    assert [row.name for row in (*first.rows, *second.rows)] == ["b", "d", "e", "f", "h"]


async def test_an_anchor_outlives_its_row(register: RegisterUnderTest) -> None:
    assets = [(await register.add(name=name))[0] for name in "abc"]
    query = AssetQuery(sort=SortKey.NAME, descending=False)
    page = await register.page(query, None, 1)
    await register.database.write(lambda tx: tx.delete_asset(assets[0].asset_id))

    assert [row.name for row in (await register.page(query, page.next_anchor)).rows] == ["b", "c"]


@pytest.mark.parametrize(
    ("searched", "found"),
    [
        ("RADIO", {"Radio 100%"}),
        ("100%", {"Radio 100%"}),
        ("%", {"Radio 100%"}),
        ("_", {"under_score"}),
        ("o'c", {"O'Clock"}),
        ('"', {'say "so"'}),
        ("so", {'say "so"'}),
        ("\\", {"back\\slash"}),
        ("/", {"and/or"}),
        ("é", {"ÉLAN"}),
        ("ÉL", {"ÉLAN"}),
        ("专利", {"一种专利"}),
        ("'; drop table assets; --", set[str]()),
        ("number-7", {"under_score"}),
        ("ada love", {"and/or"}),
        ("score number", {"under_score"}),
        ('"score number"', set[str]()),
        ('"ada love"', {"and/or"}),
        ("love ada", {"and/or"}),
        ("radio 99", set[str]()),
        ("专", {"一种专利"}),
        ("利", {"一种专利"}),
        ("种专利", {"一种专利"}),
        ("secret", {"and/or"}),
        ("密码", {"and/or"}),
        ("x" * 100_000, set[str]()),
        ("radio\x00", set[str]()),
        ("\x1f", set[str]()),
        ("\ud800", set[str]()),
    ],
)
async def test_search_takes_every_character_at_its_word(
    register: RegisterUnderTest, searched: str, found: set[str]
) -> None:
    plain = {"creator_name": "nobody", "application_number": "", "description": ""}
    for name in ("Radio 100%", "O'Clock", 'say "so"', "back\\slash", "ÉLAN", "一种专利"):
        await register.add(name=name, **plain)
    await register.add(name="under_score", creator_name="nobody", application_number="Number-7", description="")
    told = "Of a SECRET kind; 密码"
    await register.add(name="and/or", creator_name="Ada Lovelace", application_number="", description=told)

    query = AssetQuery(text=searched)
    assert {row.name for row in await register.walk(query, 3)} == found
    assert await register.database.read(lambda tx: tx.count_assets(query)) == len(found)


async def test_search_and_state_narrow_together(crowd: RegisterUnderTest) -> None:
    query = AssetQuery(text="beta", states=frozenset({AssetState.MINTED, AssetState.DRAFT}), sort=SortKey.STATE)
    rows = await crowd.walk(query, 2)

    assert rows
    assert all("Beta" in row.name and row.state in query.states for row in rows)
    assert rows == in_order(rows, query)


@pytest.mark.parametrize("descending", [False, True], ids=["up", "down"])
@pytest.mark.parametrize("states", STATE_FILTERS[:2], ids=["every", "one"])
@pytest.mark.parametrize("sort", SortKey)
def test_no_list_is_sorted_while_it_is_read(
    migrated_sqlite: str, sort: SortKey, descending: bool, states: frozenset[AssetState]
) -> None:
    anchor = anchor_for(sort)
    for after in (None, anchor):
        plan = query_plan(migrated_sqlite, AssetQuery(sort=sort, descending=descending, states=states), after)
        assert not any("TEMP B-TREE" in step for step in plan), plan
        index = "sqlite_autoindex_assets" if sort is SortKey.TOKEN and not states else "ix_assets_"
        assert f"USING INDEX {index}" in plan[0] or f"USING COVERING INDEX {index}" in plan[0], plan
        assert after is None or plan[0].startswith("SEARCH"), plan


def query_plan(url: str, query: AssetQuery, after: PageAnchor | None) -> list[str]:
    """Steps of SQLite's plan for a page."""
    compiled = page_statement(query, after, 100).compile(
        dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}
    )
    engine = create_engine(url)
    with engine.connect() as connection:
        plan = [row.detail for row in connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))]
    engine.dispose()
    return plan


async def test_the_list_of_an_empty_register_is_empty(database: SqlDatabase) -> None:
    page = await database.read(lambda tx: tx.asset_page(AssetQuery(), None, 10))
    assert page.rows == ()
    assert page.next_anchor is None
