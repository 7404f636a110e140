"""The migrations lead to exactly the schema the program believes in, on both databases."""

from __future__ import annotations

import io
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.dialects import postgresql, sqlite

from ipnft_desktop.adapters.database import migrations
from ipnft_desktop.adapters.database.asset_lists import page_statement
from ipnft_desktop.adapters.database.column_types import UtcDateTime, Word
from ipnft_desktop.adapters.database.engines import writing_engine
from ipnft_desktop.adapters.database.list_order import SORTED_BY
from ipnft_desktop.adapters.database.tables import Base
from ipnft_desktop.domain.assets import AssetQuery, SortKey
from ipnft_desktop.domain.minting import AssetState
from tests.ports.database.test_lists import anchor_for
from tests.support.database_factory import migrated_file, sqlite_url


def history() -> ScriptDirectory:
    return ScriptDirectory(str(Path(migrations.__file__).parent))


def objects(file: Path) -> dict[str, list[str]]:
    """Every table and index of a file, its definition split into parts whose order does not matter."""
    with sqlite3.connect(file) as connection:
        found = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL"
        ).fetchall()
    connection.close()
    ignored = ("alembic_version", "sqlite_sequence")
    return {name: _parts(sql) for name, sql in found if name not in ignored and not is_of_the_index(name)}


def is_of_the_index(name: str | None) -> bool:
    """The full-text index and its parts are made by the migration alone."""
    return name is not None and (name.startswith("asset_index") or name == "asset_terms")


def _parts(sql: str) -> list[str]:
    """What stands between the commas of a table's outermost brackets. A column added later stands on another line; a
    table that was made anew has its name in quotes."""
    head, bracket, body = sql.replace('"', "").partition("(")
    parts, depth = [""], 0
    for character in body.rpartition(")")[0]:
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [head.strip() + bracket, *sorted(" ".join(part.split()) for part in parts), body.rpartition(")")[2].strip()]


def test_the_head_constant_is_the_real_head() -> None:
    assert history().get_current_head() == migrations.HEAD
    assert migrations.knows(migrations.HEAD)
    assert not migrations.knows("9999")


def test_migrations_give_the_schema_of_the_tables(url: str) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        ours = {"include_name": lambda name, kind, _parents: kind != "table" or not is_of_the_index(name)}
        assert compare_metadata(MigrationContext.configure(connection, opts=ours), Base.metadata) == []
    engine.dispose()


def test_migrations_give_the_very_definitions_of_the_tables(tmp_path: Path) -> None:
    """Checks and conditions of indexes too, which the comparison above passes over."""
    migrated, declared = migrated_file(tmp_path), tmp_path / "declared.db"
    engine = create_engine(sqlite_url(declared))
    Base.metadata.create_all(engine)
    engine.dispose()
    assert objects(migrated) == objects(declared)


def test_an_interrupted_migration_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy import make_url

    file = tmp_path / "register.db"
    engine = writing_engine(make_url(sqlite_url(file)))
    with pytest.raises(RuntimeError), engine.begin() as connection:
        migrations.upgrade(connection)
        raise RuntimeError("killed before the commit")
    engine.dispose()
    assert objects(file) == {}


def test_migrations_are_sql_that_postgresql_reads() -> None:
    written = io.StringIO()
    context = MigrationContext.configure(dialect_name="postgresql", opts={"as_sql": True, "output_buffer": written})
    with Operations.context(context):
        for script in reversed(list(history().walk_revisions())):
            script.module.upgrade()
    sql = written.getvalue()
    assert "CREATE UNIQUE INDEX uq_mint_intents_open ON mint_intents (asset_id) WHERE is_open;" in sql
    assert 'name_key VARCHAR(400) COLLATE "C"' in sql
    assert "TRUNCATE ON audit_log" in sql


@pytest.mark.parametrize("sort", SortKey)
def test_pages_are_sql_that_postgresql_reads(sort: SortKey) -> None:
    statement = page_statement(AssetQuery(sort=sort, text="50%"), anchor_for(sort), 10)
    written = str(statement.compile(dialect=postgresql.dialect()))
    column = SORTED_BY[sort]
    behind = "assets.asset_id <" if column == "asset_id" else f"(assets.{column}, assets.asset_id) < ("
    assert behind in written


def test_a_moment_is_read_in_utc_and_a_word_only_if_it_is_known() -> None:
    moment = UtcDateTime().result_processor(sqlite.dialect(), None)
    assert moment("2026-07-01 12:00:00.000250") == datetime(2026, 7, 1, 12, 0, 0, 250, UTC)
    assert moment(None) is None
    word = Word(AssetState).result_processor(sqlite.dialect(), None)
    assert word("DRAFT") is AssetState.DRAFT
    assert word(None) is None
    with pytest.raises(ValueError, match="MOLTEN"):
        word("MOLTEN")
