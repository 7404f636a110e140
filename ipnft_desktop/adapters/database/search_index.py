"""The full-text index of SQLite: trigrams of the searched text of each asset.

A word of three characters or more is looked up by its trigrams; a shorter one, the normal case in Chinese, by all
trigrams of the index that begin with it. The index keeps no positions, so it answers with candidates: whoever asks
compares the text itself.

A rowid of `assets` does not outlive VACUUM, so the index has numbers of its own, in `assets.search_id`. What is written
to an asset is written to the index in the same transaction, here and not by triggers: with an untrusted schema SQLite
lets no trigger reach a virtual table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import Connection, Uuid, bindparam, text
from sqlalchemy.exc import DatabaseError

_TRIGRAM = 3
_SEPARATOR = "\x1f"
"""Between the searched fields. No field may hold it, so no word can match across two of them."""
_NOTHING = '"\x1e\x1e\x1e"'
"""Matches no asset: no field may hold this character."""
_MAX_TRIGRAMS = 32
_MAX_TERMS = 4_000
_FEW_ENTRIES, _MANY_ENTRIES = 10_000, 400_000
_ENTER = text("INSERT INTO asset_index (rowid, search_text) VALUES (:search_id, :search_text)")
_LEAVE = text("INSERT INTO asset_index (asset_index, rowid, search_text) VALUES ('delete', :search_id, :search_text)")
_ENTRY = text("SELECT search_id, search_text FROM assets WHERE asset_id = :of_asset").bindparams(
    bindparam("of_asset", type_=Uuid())
)
_TERMS = text("SELECT term, doc FROM asset_terms WHERE term >= :first AND term < :beyond")


def searched_text(*fields: str) -> str:
    """What is searched of an asset: the fields with their case folded. Two separators behind the last give its last
    characters a trigram of their own."""
    return _SEPARATOR.join(fields).casefold() + _SEPARATOR * (_TRIGRAM - 1)


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


@dataclass(frozen=True, slots=True)
class Candidates:
    """Where the index looks for words: an expression of FTS5, or None if all words are so short and frequent that the
    index is of no help. What `is_exact` needs no comparison with the text."""

    expression: str | None
    is_exact: bool = False


def candidates(connection: Connection, words: Sequence[str], *, thoroughly: bool = False) -> Candidates:
    """Of frequent short words the index is asked `thoroughly` only: it takes a while to read how frequent they are."""
    clauses = [_trigrams(word) for word in words if len(word) >= _TRIGRAM]
    for word in (word for word in words if len(word) < _TRIGRAM):
        terms = _terms(connection, word, _MANY_ENTRIES if thoroughly else _FEW_ENTRIES)
        if terms is not None:
            clauses.append(" OR ".join(map(_quoted, terms)) or _NOTHING)
    if not clauses:
        return Candidates(None)
    is_exact = len(clauses) == len(words) and all(len(word) <= _TRIGRAM for word in words)
    return Candidates(" AND ".join(f"({clause})" for clause in clauses), is_exact)


def repair(connection: Connection) -> bool:
    """Compare the index with the assets and build it anew if it differs; whether it had to be. Reads every asset."""
    try:
        with connection.begin_nested():
            connection.execute(text("INSERT INTO asset_index (asset_index, rank) VALUES ('integrity-check', 1)"))
    except DatabaseError:
        connection.execute(text("INSERT INTO asset_index (asset_index) VALUES ('rebuild')"))
        return True
    return False


def _trigrams(word: str) -> str:
    parts = list(dict.fromkeys(word[at : at + _TRIGRAM] for at in range(len(word) - _TRIGRAM + 1)))
    return " AND ".join(map(_quoted, parts[:_MAX_TRIGRAMS]))


def _terms(connection: Connection, word: str, most: int) -> list[str] | None:
    """Trigrams that begin with the word; None where they have more than `most` entries in all."""
    terms: list[str] = []
    entries = 0
    with connection.execute(_TERMS, {"first": word, "beyond": _behind(word)}) as found:
        for term, count in found:
            terms.append(term)
            entries += count
            if entries > most or len(terms) > _MAX_TERMS:
                return None
    return terms


def _behind(word: str) -> str:
    """The first text after all that begin with the word; surrogates are no characters."""
    last = ord(word[-1]) + 1
    return word[:-1] + chr(0xE000 if 0xD800 <= last <= 0xDFFF else min(last, 0x10FFFF))


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'
