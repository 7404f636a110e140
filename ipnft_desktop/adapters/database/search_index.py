"""The full-text index of SQLite: trigrams of the searched text of each asset.

A word of three characters or more is looked up by its trigrams; a shorter one, the normal case in Chinese, by all
trigrams of the index that begin with it. The index keeps no positions, so it answers with candidates: whoever asks
compares the text itself.

A rowid of `assets` does not outlive VACUUM, so the index has numbers of its own, in `assets.search_id`. What is written
to an asset is written to the index in the same transaction, here and not by triggers: with an untrusted schema SQLite
lets no trigger reach a virtual table.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import Connection, Uuid, bindparam, text
from sqlalchemy.exc import DatabaseError

TRIGRAM = 3
"""Characters of what the index finds a text by."""
_SEPARATOR = "\x1f"
"""Between the searched fields. No field may hold it, so no word can match across two of them."""
_NOTHING = '"\x1e\x1e\x1e"'
"""Matches no asset: no field may hold this character."""
_MAX_TERMS = 4_000
_ENTER = text("INSERT INTO asset_index (rowid, search_text) VALUES (:search_id, :search_text)")
_LEAVE = text("INSERT INTO asset_index (asset_index, rowid, search_text) VALUES ('delete', :search_id, :search_text)")
_ENTRY = text("SELECT search_id, search_text FROM assets WHERE asset_id = :of_asset").bindparams(
    bindparam("of_asset", type_=Uuid())
)
_TERMS = text("SELECT term FROM asset_terms WHERE term >= :first AND term < :beyond LIMIT :most")


def searched_text(*fields: str) -> str:
    """What is searched of an asset: the fields with their case folded. Two separators behind the last give its last
    characters a trigram of their own."""
    return _SEPARATOR.join(fields).casefold() + _SEPARATOR * (TRIGRAM - 1)


@dataclass(frozen=True, slots=True)
class Entry:
    """A searched text under its number."""

    search_id: int
    search_text: str


def next_search_id(connection: Connection) -> int:
    """A number no asset of the index has; the ones behind it are free too."""
    return connection.execute(text("SELECT coalesce(max(search_id), 0) + 1 FROM assets")).scalar_one()


def entry_of(connection: Connection, asset_id: UUID) -> Entry | None:
    """What the index holds of an asset of the register."""
    row = connection.execute(_ENTRY, {"of_asset": asset_id}).first()
    return None if row is None else Entry(row.search_id, row.search_text)


def enter(connection: Connection, *entries: Entry) -> None:
    """Take assets in, of which there must be some."""
    connection.execute(_ENTER, [asdict(entry) for entry in entries])


def leave(connection: Connection, entry: Entry) -> None:
    """Forget an asset; the entry must be what was entered."""
    connection.execute(_LEAVE, asdict(entry))


def beginning_with(connection: Connection, word: str) -> str | None:
    """An expression for a word shorter than a trigram: any trigram that begins with it. None if they are too many."""
    found = connection.execute(_TERMS, {"first": word, "beyond": _behind(word), "most": _MAX_TERMS + 1})
    terms = found.scalars().all()
    return None if len(terms) > _MAX_TERMS else " OR ".join(map(quoted, terms)) or _NOTHING


def quoted(trigram: str) -> str:
    """The trigram as an expression."""
    return '"' + trigram.replace('"', '""') + '"'


def repair(connection: Connection) -> bool:
    """Compare the index with the assets and build it anew if it differs; whether it had to be. Reads every asset."""
    try:
        with connection.begin_nested():
            connection.execute(text("INSERT INTO asset_index (asset_index, rank) VALUES ('integrity-check', 1)"))
    except DatabaseError:
        connection.execute(text("INSERT INTO asset_index (asset_index) VALUES ('rebuild')"))
        return True
    return False


def _behind(word: str) -> str:
    """The first text after all that begin with the word; surrogates are no characters."""
    last = ord(word[-1]) + 1
    return word[:-1] + chr(0xE000 if 0xD800 <= last <= 0xDFFF else min(last, 0x10FFFF))
