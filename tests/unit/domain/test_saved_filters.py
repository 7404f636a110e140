"""A search in the form in which it is kept."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from ipnft_desktop.domain.assets import AssetQuery, AssetType, DaySpan, LegalStatus, SortKey
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.domain.saved_filters import read_query, write_query

_DAYS = st.builds(DaySpan, st.none() | st.dates(), st.none() | st.dates())
_QUERIES = st.builds(
    AssetQuery,
    text=st.text(max_size=20),
    states=st.frozensets(st.sampled_from(AssetState)),
    sort=st.sampled_from(SortKey),
    descending=st.booleans(),
    types=st.frozensets(st.sampled_from(AssetType)),
    legal_statuses=st.frozensets(st.sampled_from(LegalStatus)),
    enterprise_ids=st.frozensets(st.uuids(), max_size=3),
    created=_DAYS,
    creation=_DAYS,
)


@given(_QUERIES)
def test_a_search_comes_back_as_it_was(query: AssetQuery) -> None:
    assert read_query(json.loads(json.dumps(write_query(query)))) == query


def test_what_is_not_known_here_narrows_nothing() -> None:
    kept = {"types": ["PATENT", "SONG"], "sort": "colour", "created": ["soon"], "states": "x", "more": 1}
    assert read_query(kept) == AssetQuery(types=frozenset({AssetType.PATENT}))
