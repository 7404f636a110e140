"""What may enter the register, and what is refused beside which field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from ipnft_desktop.domain.assets import (
    AssetDraft,
    AssetType,
    LegalStatus,
    LicenceTerms,
    check_draft,
    has_hidden_characters,
    token_id_of,
)
from ipnft_desktop.domain.errors import ProblemKind

TODAY = date(2026, 11, 21)
GOOD = AssetDraft(
    name="青花缠枝纹花瓶图案",
    asset_type=AssetType.DESIGN,
    description="Blue and white.\nSecond line.",
    creator_name="景德镇",
    creation_date="1450-01-01",
    legal_status=LegalStatus.UNREGISTERED,
    enterprise_id=UUID(int=1),
)


def test_a_good_draft_has_no_problem() -> None:
    assert check_draft(GOOD, TODAY) == ()


@pytest.mark.parametrize(
    ("changes", "field", "kind"),
    [
        ({"name": ""}, "name", ProblemKind.REQUIRED),
        ({"name": " \t "}, "name", ProblemKind.REQUIRED),
        ({"name": "x" * 201}, "name", ProblemKind.TOO_LONG),
        ({"name": "x" * 10_000_000}, "name", ProblemKind.TOO_LONG),
        ({"name": "invoice\x00.pdf"}, "name", ProblemKind.HIDDEN_CHARACTERS),
        ({"name": "evil\u202egnp.exe"}, "name", ProblemKind.HIDDEN_CHARACTERS),
        ({"description": "a\u2066b"}, "description", ProblemKind.HIDDEN_CHARACTERS),
        ({"creator_name": ""}, "creator_name", ProblemKind.REQUIRED),
        ({"creation_date": "21.11.2026"}, "creation_date", ProblemKind.NOT_A_DATE),
        ({"creation_date": "2026-02-30"}, "creation_date", ProblemKind.NOT_A_DATE),
        ({"creation_date": ""}, "creation_date", ProblemKind.NOT_A_DATE),
        ({"creation_date": "2026-11-22"}, "creation_date", ProblemKind.IN_THE_FUTURE),
        ({"external_url": "https://" + "x" * 500}, "external_url", ProblemKind.TOO_LONG),
        ({"external_url": "javascript:alert(1)"}, "external_url", ProblemKind.NOT_A_URL),
        ({"external_url": "file:///etc/passwd"}, "external_url", ProblemKind.NOT_A_URL),
        ({"external_url": "https://user:secret@example.org/"}, "external_url", ProblemKind.NOT_A_URL),
        ({"external_url": "https://example.org/a b"}, "external_url", ProblemKind.NOT_A_URL),
        ({"external_url": "https://[::1"}, "external_url", ProblemKind.NOT_A_URL),
        ({"external_url": "https:///nowhere"}, "external_url", ProblemKind.NOT_A_URL),
        ({"external_url": "https://例子.example"}, "external_url", ProblemKind.NOT_A_URL),
        ({"external_url": 'https://example.org/"><script>'}, "external_url", ProblemKind.NOT_A_URL),
        ({"licence": LicenceTerms(revenue_share_bp=10_001)}, "revenue_share_bp", ProblemKind.OUT_OF_RANGE),
        ({"licence": LicenceTerms(revenue_share_bp=-1)}, "revenue_share_bp", ProblemKind.OUT_OF_RANGE),
        ({"custom_fields": {"k" * 51: "v"}}, "custom_fields", ProblemKind.TOO_LONG),
        ({"custom_fields": {f"k{n}": "v" for n in range(51)}}, "custom_fields", ProblemKind.TOO_MANY),
    ],
)
def test_a_wrong_field_is_named(changes: dict[str, object], field: str, kind: ProblemKind) -> None:
    problems = check_draft(replace(GOOD, **changes), TODAY)
    assert [(problem.field, problem.kind) for problem in problems] == [(field, kind)]


def test_all_problems_are_told_at_once() -> None:
    problems = check_draft(replace(GOOD, name="", creation_date="soon"), TODAY)
    assert [problem.field for problem in problems] == ["name", "creation_date"]


def test_the_longest_name_and_today_are_accepted() -> None:
    assert check_draft(replace(GOOD, name="长" * 200, creation_date="2026-11-21"), TODAY) == ()


@pytest.mark.parametrize("url", ["", " https://example.org/a?b=c#d ", "http://127.0.0.1:8080", "ipfs://bafy/x%20y"])
def test_an_address_on_the_web_or_on_ipfs_is_accepted(url: str) -> None:
    assert check_draft(replace(GOOD, external_url=url), TODAY) == ()


def test_emoji_joiners_are_text() -> None:
    assert not has_hidden_characters("family: \U0001f468\u200d\U0001f469\u200d\U0001f467")


def test_the_token_id_is_the_uuid_as_a_number() -> None:
    assert token_id_of(UUID("00000000-0000-0000-0000-0000000000ff")) == 255
