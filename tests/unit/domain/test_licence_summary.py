"""Licence terms in plain words, in two languages."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipnft_desktop.domain.assets import LicenceTerms
from ipnft_desktop.domain.licence_summary import licence_summary, licence_warnings

TERMS = st.builds(
    LicenceTerms,
    *[st.booleans()] * 4,
    revenue_share_bp=st.integers(0, 10_000),
    expires_on=st.none() | st.dates(),
)


def test_the_terms_are_told_one_sentence_each() -> None:
    terms = LicenceTerms(False, True, True, False, 250, date(2030, 12, 31))
    assert [one.en for one in licence_summary(terms)] == [
        "Token and rights stay with their first holder.",
        "It may be used commercially.",
        "It may be changed and built upon.",
        "The creator need not be named.",
        "2.5 % of the revenue is owed to the creator's side.",
        "It holds to the end of 31 December 2030.",
    ]
    assert [one.zh for one in licence_summary(terms)][4:] == [
        "收入的 2.5% 归权利人一方。",
        "许可至 2030 年 12 月 31 日（含当日）为止。",
    ]


@given(TERMS, TERMS)
def test_other_terms_are_told_otherwise_in_both_languages(one: LicenceTerms, other: LicenceTerms) -> None:
    for language in ("en", "zh"):
        said = [getattr(sentence, language) for sentence in licence_summary(one)]
        assert all(said)
        assert (said == [getattr(sentence, language) for sentence in licence_summary(other)]) == (one == other)


@pytest.mark.parametrize(
    ("terms", "warnings"),
    [
        (LicenceTerms(), 0),
        (LicenceTerms(expires_on=date(2026, 11, 22)), 0),
        (LicenceTerms(expires_on=date(2026, 11, 21)), 1),
        (LicenceTerms(commercial_use=True, revenue_share_bp=1), 0),
        (LicenceTerms(revenue_share_bp=1, expires_on=date(1999, 1, 1)), 2),
    ],
)
def test_what_is_seldom_meant_is_pointed_out(terms: LicenceTerms, warnings: int) -> None:
    assert len(licence_warnings(terms, date(2026, 11, 22))) == warnings
