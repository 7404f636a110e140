"""Columns are recognised and cells understood in both languages; what is wrong is said beside its column."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipnft_desktop.domain.asset_cells import EnterpriseNames, asset_cells, read_row
from ipnft_desktop.domain.asset_columns import (
    TITLES,
    AssetColumn,
    CustomColumn,
    guess_uses,
    missing_columns,
    repeated_uses,
)
from ipnft_desktop.domain.assets import (
    Asset,
    AssetRow,
    AssetType,
    LegalStatus,
    LicenceTerms,
)
from ipnft_desktop.domain.errors import ProblemKind
from ipnft_desktop.domain.minting import AssetState
from tests.support import samples

C = AssetColumn
TODAY = date(2026, 1, 1)
OWNER = samples.enterprise(name="Aurora 实验室")
OTHER = samples.enterprise(name="Foreign")
_TWICE = (samples.enterprise(name="twice"), samples.enterprise(name="Twice"))
NAMES = EnterpriseNames([OWNER, OTHER, *_TWICE], lambda enterprise_id: enterprise_id != OTHER.enterprise_id)
GOOD = {
    C.NAME: "Radio",
    C.ASSET_TYPE: "patent",
    C.CREATOR_NAME: "Ada",
    C.CREATION_DATE: "2020-01-31",
    C.ENTERPRISE: "aurora 实验室",
}


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("name", C.NAME),
        ("  ASSET_NAME * ", C.NAME),
        ("名称", C.NAME),
        ("Ｎａｍｅ", C.NAME),
        ("类型", C.ASSET_TYPE),
        ("企业名称", C.ENTERPRISE),
        ("创作日期", C.CREATION_DATE),
        ("Revenue share", C.REVENUE_SHARE),
        ("资产ID", C.ASSET_ID),
        ("custom: Class", CustomColumn("Class")),
        ("自定义：分类", CustomColumn("分类")),
        ("State", None),
        ("anything", None),
        ("", None),
    ],
)
def test_a_header_is_recognised(header: str, column: AssetColumn | CustomColumn | None) -> None:
    assert guess_uses([header]) == (column,)


def test_every_title_is_recognised_unless_it_is_not_imported() -> None:
    assert [use for use in guess_uses(list(TITLES.values())) if use] == [
        column for column in AssetColumn if column not in (C.STATE, C.TOKEN_ID, C.CREATED_AT)
    ]


def test_a_name_is_guessed_once_and_what_is_missing_or_double_is_told() -> None:
    uses = guess_uses(["Name", "名称", "Type"])

    assert uses == (C.NAME, None, C.ASSET_TYPE)
    assert missing_columns(uses) == (C.CREATOR_NAME, C.CREATION_DATE, C.ENTERPRISE)
    assert repeated_uses((C.NAME, C.NAME, None, None)) == (C.NAME,)


def test_the_least_a_row_must_say_is_enough() -> None:
    reading = read_row(GOOD, {}, NAMES, TODAY)

    assert reading.problems == ()
    assert reading.asset_id is None
    assert reading.draft.enterprise_id == OWNER.enterprise_id
    assert reading.draft.legal_status is LegalStatus.UNREGISTERED
    assert reading.draft.licence == LicenceTerms()


@pytest.mark.parametrize(
    ("column", "text", "kind"),
    [
        (C.NAME, " ", ProblemKind.REQUIRED),
        (C.NAME, "x" * 201, ProblemKind.TOO_LONG),
        (C.NAME, "a\u202eb", ProblemKind.HIDDEN_CHARACTERS),
        (C.ASSET_TYPE, "", ProblemKind.REQUIRED),
        (C.ASSET_TYPE, "spaceship", ProblemKind.NOT_A_WORD),
        (C.LEGAL_STATUS, "perhaps", ProblemKind.NOT_A_WORD),
        (C.CREATION_DATE, "31.1.2020", ProblemKind.NOT_A_DATE),
        (C.CREATION_DATE, "2020-02-30", ProblemKind.NOT_A_DATE),
        (C.CREATION_DATE, "2030-01-01", ProblemKind.IN_THE_FUTURE),
        (C.LICENCE_EXPIRES_ON, "soon", ProblemKind.NOT_A_DATE),
        (C.ENTERPRISE, "", ProblemKind.REQUIRED),
        (C.ENTERPRISE, "Nobody Ltd", ProblemKind.UNKNOWN_ENTERPRISE),
        (C.ENTERPRISE, "TWICE", ProblemKind.AMBIGUOUS_ENTERPRISE),
        (C.ENTERPRISE, "Foreign", ProblemKind.FOREIGN_ENTERPRISE),
        (C.TRANSFERABLE, "maybe", ProblemKind.NOT_YES_OR_NO),
        (C.REVENUE_SHARE, "0.1", ProblemKind.NOT_A_SHARE),
        (C.REVENUE_SHARE, "1", ProblemKind.NOT_A_SHARE),
        (C.REVENUE_SHARE, "2.555%", ProblemKind.NOT_A_SHARE),
        (C.REVENUE_SHARE, "-2%", ProblemKind.NOT_A_SHARE),
        (C.REVENUE_SHARE, "101%", ProblemKind.OUT_OF_RANGE),
        (C.EXTERNAL_URL, "not a url", ProblemKind.NOT_A_URL),
        (C.ASSET_ID, "12", ProblemKind.NOT_AN_ID),
        (C.ASSET_ID, str(UUID(int=0)), ProblemKind.NOT_AN_ID),
    ],
)
def test_a_bad_cell_is_told_by_its_column(column: AssetColumn, text: str, kind: ProblemKind) -> None:
    (problem,) = read_row({**GOOD, column: text}, {}, NAMES, TODAY).problems

    assert (problem.column, problem.problem.kind) == (column, kind)


def test_a_bad_custom_field_is_told_by_its_own_column() -> None:
    (problem,) = read_row(GOOD, {"a": "fine", "b": "x" * 501, "c": ""}, NAMES, TODAY).problems
    assert problem.column == CustomColumn("b")

    (problem,) = read_row(GOOD, {f"key {n}": "x" for n in range(51)}, NAMES, TODAY).problems
    assert (problem.column, problem.problem.kind) == (CustomColumn("key 50"), ProblemKind.TOO_MANY)


@pytest.mark.parametrize("text", ["2020-01-31", "2020/1/31", "2020.1.31", "2020年1月31日", "2020-01-31T00:00:00"])
def test_a_date_may_be_written_as_spreadsheets_do(text: str) -> None:
    assert read_row({**GOOD, C.CREATION_DATE: text}, {}, NAMES, TODAY).draft.creation_date == "2020-01-31"


@pytest.mark.parametrize(
    ("text", "basis_points"), [("", 0), ("0", 0), ("2.5%", 250), ("2.5", 250), ("0.01 %", 1), ("100％", 10_000)]
)
def test_a_share_is_in_percent(text: str, basis_points: int) -> None:
    reading = read_row({**GOOD, C.REVENUE_SHARE: text}, {}, NAMES, TODAY)

    assert reading.problems == ()
    assert reading.draft.licence.revenue_share_bp == basis_points


@pytest.mark.parametrize(
    ("column", "text", "field", "value"),
    [
        (C.ASSET_TYPE, "外观设计", "asset_type", AssetType.DESIGN),
        (C.ASSET_TYPE, "TRADE_SECRET", "asset_type", AssetType.TRADE_SECRET),
        (C.ASSET_TYPE, "Trade secret", "asset_type", AssetType.TRADE_SECRET),
        (C.LEGAL_STATUS, "已注册", "legal_status", LegalStatus.REGISTERED),
    ],
)
def test_words_of_both_languages_are_understood(column: AssetColumn, text: str, field: str, value: object) -> None:
    assert getattr(read_row({**GOOD, column: text}, {}, NAMES, TODAY).draft, field) is value


_LINE = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs"]), max_size=20).map(str.strip)
_FILLED = _LINE.filter(bool)


@settings(max_examples=40, deadline=None)
@given(
    name=_FILLED,
    description=_LINE,
    creator=_FILLED,
    number=_LINE,
    asset_type=st.sampled_from(AssetType),
    status=st.sampled_from(LegalStatus),
    created=st.dates(date(1800, 1, 1), TODAY),
    licence=st.builds(
        LicenceTerms,
        transferable=st.booleans(),
        commercial_use=st.booleans(),
        derivatives=st.booleans(),
        attribution=st.booleans(),
        revenue_share_bp=st.integers(0, 10_000),
        expires_on=st.none() | st.dates(date(1000, 1, 1)),
    ),
    custom=st.dictionaries(_FILLED, _FILLED, max_size=3),
)
def test_the_cells_of_an_asset_are_read_as_the_asset(
    name: str,
    description: str,
    creator: str,
    number: str,
    asset_type: AssetType,
    status: LegalStatus,
    created: date,
    licence: LicenceTerms,
    custom: dict[str, str],
) -> None:
    asset = replace(
        samples.asset(OWNER),
        name=name,
        description=description,
        creator_name=creator,
        application_number=number,
        asset_type=asset_type,
        legal_status=status,
        creation_date=created,
        licence=licence,
        custom_fields=custom,
    )

    reading = read_row(asset_cells(asset, _row_of(asset)), custom, NAMES, TODAY)

    draft = reading.draft
    assert reading.problems == ()
    assert reading.asset_id == asset.asset_id
    assert (draft.name, draft.description, draft.creator_name) == (name, description, creator)
    assert (draft.application_number, draft.asset_type, draft.legal_status) == (number, asset_type, status)
    assert (date.fromisoformat(draft.creation_date), draft.licence) == (created, licence)
    assert (draft.enterprise_id, draft.external_url) == (OWNER.enterprise_id, asset.external_url)
    assert draft.custom_fields == custom


def _row_of(asset: Asset) -> AssetRow:
    return AssetRow(
        asset_id=asset.asset_id,
        name=asset.name,
        asset_type=asset.asset_type,
        enterprise_id=OWNER.enterprise_id,
        enterprise_name=OWNER.name,
        application_number=asset.application_number,
        state=AssetState.DRAFT,
        stage=None,
        confirmations=0,
        required_confirmations=0,
        token_id=None,
        revenue_share_bp=0,
        image_cid=None,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        legal_status=asset.legal_status,
        creator_name=asset.creator_name,
        creation_date=asset.creation_date,
        updated_at=asset.updated_at,
    )
