"""What a person types to find mints, as a condition on jobs.

Words are looked for in the assets, as in the register; `0x` begins a transaction hash, a recipient or a token id, and
what looks like an id of a job is one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, or_, select

from ipnft_desktop.adapters.database.narrowing import Narrowing
from ipnft_desktop.adapters.database.schema import ADDRESS_CHARS
from ipnft_desktop.adapters.database.tables import AssetTable, MintIntentTable, MintJobTable, TransactionTable
from ipnft_desktop.domain.assets import AssetQuery
from ipnft_desktop.domain.chain import parse_address
from ipnft_desktop.domain.errors import UserError
from ipnft_desktop.domain.searching import search_words

_HEX = re.compile(r"0x[0-9a-f]*")
_TOKEN_CHARS = 34
_FEW_ASSETS = 2_000
"""As many matching assets are asked for their mints; beyond that the mints are asked for their assets."""


def matching(connection: Connection, text: str) -> list[ColumnElement[bool]]:
    """The conditions a text puts on jobs; none for an empty one."""
    words = search_words(text)
    if words is None:
        return [false()]
    if len(words) == 1 and _HEX.fullmatch(words[0]):
        return [_of_hexadecimal(words[0])] if words[0] != "0x" else []
    if len(words) == 1 and (job_id := _uuid(words[0])) is not None:
        return [MintJobTable.job_id == job_id]
    return [_of_words(connection, words)] if words else []


def _of_hexadecimal(digits: str) -> ColumnElement[bool]:
    # A range and not LIKE, which no index of SQLite serves; "g" follows every digit.
    tx_hash, recipient = TransactionTable.tx_hash, MintIntentTable.recipient
    signed = select(TransactionTable.job_id).where(TransactionTable.job_id.is_not(None))
    found: list[Select[Any]] = [signed.where(tx_hash >= digits, tx_hash < f"{digits}g")]
    if len(digits) == ADDRESS_CHARS:
        found.append(select(MintIntentTable.job_id).where(recipient == _checksummed(digits)))
    elif len(digits) < ADDRESS_CHARS:
        found.append(select(MintIntentTable.job_id).where(func.lower(recipient).startswith(digits, autoescape=True)))
    if len(digits) == _TOKEN_CHARS:
        found.append(select(MintIntentTable.job_id).where(MintIntentTable.asset_id == UUID(digits.removeprefix("0x"))))
    return or_(*[MintJobTable.job_id.in_(each) for each in found])


def _of_words(connection: Connection, words: Sequence[str]) -> ColumnElement[bool]:
    found = _few_assets(connection, words) if connection.dialect.name == "sqlite" else None
    if found is not None:
        return MintJobTable.job_id.in_(select(MintIntentTable.job_id).where(MintIntentTable.asset_id.in_(found)))
    text = AssetTable.search_text
    if connection.dialect.name == "sqlite":
        # Compares bytes, several times as fast as LIKE, which folds the case.
        holds = and_(*[func.instr(text, word) > 0 for word in words])
    else:
        holds = and_(*[text.contains(word, autoescape=True) for word in words])
    items = select(MintIntentTable.intent_id).join(AssetTable, AssetTable.asset_id == MintIntentTable.asset_id)
    return items.where(MintIntentTable.job_id == MintJobTable.job_id, holds).exists()


def _few_assets(connection: Connection, words: Sequence[str]) -> list[UUID] | None:
    """The assets that match, from the full-text index; None where they are many, or the index is of no help."""
    ways = (way.ids() for way in Narrowing(connection, AssetQuery(), words).gatherings())
    ids = next((found for found in ways if found is not None), None)
    if ids is None:
        return None
    found = list(connection.execute(ids.limit(_FEW_ASSETS + 1)).scalars())
    return found if len(found) <= _FEW_ASSETS else None


def _checksummed(digits: str) -> str:
    try:
        return parse_address(digits)
    except UserError:
        return digits


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) == len(str(UUID(int=0))) else None
    except ValueError:
        return None
