"""What a sample tells of a register, and what the full-text index is asked for by it."""

from __future__ import annotations

import math
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from ipnft_desktop.adapters.database.candidates import candidates
from ipnft_desktop.adapters.database.register_sample import RegisterSample
from ipnft_desktop.domain.assets import AssetQuery, AssetType, DaySpan, LegalStatus, PageAnchor, SortKey
from ipnft_desktop.domain.minting import AssetState
from tests.support import samples

_ROWS, _SIZE = 200, 200_000


def _row(number: int, **fields: Any) -> Any:
    values: dict[str, Any] = {
        "state": AssetState.DRAFT,
        "asset_type": AssetType.PATENT if number % 2 else AssetType.DESIGN,
        "legal_status": LegalStatus.PENDING,
        "enterprise_id": samples.uuid(),
        "creation_date": date(2020, 1, 1) + timedelta(days=number),
        "created_at": samples.at(number),
        "updated_at": samples.at(number),
        "name_key": f"name {number:03d}",
        "enterprise_key": "",
        "application_key": "",
        "creator_key": "",
        "asset_id": samples.uuid(),
        "search_text": f"name {number:03d} radio",
    }
    return SimpleNamespace(**values | fields)


def _sample(*rows: Any) -> RegisterSample:
    return RegisterSample(rows or [_row(number) for number in range(_ROWS)], _SIZE)


def test_those_of_the_sample_stand_for_as_many_of_the_register() -> None:
    sample = _sample()
    designs = sample.admitted(AssetQuery(types=frozenset({AssetType.DESIGN})))
    assert sample.number(designs) == _SIZE / 2
    assert sample.number(sample.holding("radio")) == _SIZE
    assert sample.number(sample.holding("name 00") & designs) == 5 * _SIZE / _ROWS
    days = DaySpan(date(2020, 1, 1), date(2020, 1, 20))
    assert sample.number(sample.admitted(AssetQuery(creation=days))) == _SIZE / 10


@pytest.mark.parametrize("descending", [False, True])
def test_a_walk_is_as_long_as_what_is_found_is_rare(descending: bool) -> None:
    sample = _sample()
    query = AssetQuery(sort=SortKey.NAME, descending=descending)
    half = sample.admitted(AssetQuery(types=frozenset({AssetType.PATENT})))
    tenth = sample.holding("5 radio")
    lengths = [sample.walked_rows(found, sample.everything, query, None, 1_000) for found in (half, tenth)]
    assert lengths == pytest.approx([2_000, 10_000], rel=0.01)
    assert sample.walked_rows(0, sample.everything, query, None, 1_000) == math.inf


def test_a_walk_counts_the_rows_before_the_first_of_those_found() -> None:
    sample = _sample()
    last_quarter = sample.admitted(AssetQuery(creation=DaySpan(date(2020, 1, 1) + timedelta(days=150), None)))
    upwards = AssetQuery(sort=SortKey.NAME, descending=False)
    downwards = AssetQuery(sort=SortKey.NAME, descending=True)
    assert sample.walked_rows(last_quarter, sample.everything, upwards, None, 1_000) > 140_000
    assert sample.walked_rows(last_quarter, sample.everything, downwards, None, 1_000) < 3_000
    # Confined to those found, or behind an anchor, there is nothing before the first.
    assert sample.walked_rows(last_quarter, last_quarter, upwards, None, 1_000) < 3_000
    anchor = PageAnchor("name 149", samples.uuid())
    assert sample.walked_rows(last_quarter, sample.everything, upwards, anchor, 1_000) < 3_000


def test_a_sample_is_good_for_a_register_of_about_its_size() -> None:
    sample = _sample()
    assert sample.fits(_SIZE)
    assert sample.fits(int(_SIZE * 1.2))
    assert not sample.fits(_SIZE * 2)
    assert not sample.fits(_SIZE // 2)


def test_the_index_is_asked_for_what_is_rare_and_not_for_what_every_asset_holds() -> None:
    rows = [_row(number, search_text=f"measured {number:05d} 方法") for number in range(_ROWS)]
    sample = _sample(*rows)

    def asked(*words: str) -> list[str]:
        found = candidates(words, sample)
        return [] if found is None else [part.text for part in found.parts]

    assert asked("measured") == []
    assert asked("方法") == []
    assert asked("00150") == ["150"]
    assert asked("measured", "00199", "方法") == ["199"]
    assert asked("没有") == ["没有"]
    exact, inexact = candidates(["150"], sample), candidates(["0150"], sample)
    assert exact
    assert inexact
    assert exact.is_exact
    assert not inexact.is_exact
