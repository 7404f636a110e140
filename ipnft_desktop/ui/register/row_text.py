"""Rows of the register as text for the clipboard."""

from __future__ import annotations

from collections.abc import Sequence

from ipnft_desktop.domain.assets import AssetRow
from ipnft_desktop.ui.widgets.asset_words import token_text
from ipnft_desktop.ui.widgets.measures import utc_time
from ipnft_desktop.ui.widgets.plain import visible

# A spreadsheet takes a cell that begins like this for a formula (OWASP, CSV injection).
_FORMULA_SIGNS = ("=", "+", "-", "@")


def tab_separated(rows: Sequence[AssetRow]) -> str:
    """One line a row: name, type, enterprise, number, state, token id, time of creation in UTC, asset id."""
    return "\n".join("\t".join(map(_cell, _values(row))) for row in rows)


def _values(row: AssetRow) -> tuple[str, ...]:
    token = token_text(row.token_id) if row.token_id is not None else ""
    return (
        row.name,
        row.asset_type,
        row.enterprise_name,
        row.application_number,
        row.state,
        token,
        utc_time(row.created_at),
        str(row.asset_id),
    )


def _cell(text: str) -> str:
    plain = visible(" ".join(text.split()))
    return f"'{plain}" if plain.startswith(_FORMULA_SIGNS) else plain
