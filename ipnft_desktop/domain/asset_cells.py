"""One asset as cells of a spreadsheet row, and back: words in both languages, dates, shares, and what is wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar
from uuid import UUID

from ipnft_desktop.domain.asset_columns import AssetColumn, CustomColumn, plain_word
from ipnft_desktop.domain.assets import (
    BASIS_POINTS_MAX,
    CUSTOM_FIELDS_MAX,
    Asset,
    AssetDraft,
    AssetRow,
    AssetType,
    Enterprise,
    LegalStatus,
    LicenceTerms,
    check_draft,
)
from ipnft_desktop.domain.errors import FieldProblem, ProblemKind

W = TypeVar("W", bound=StrEnum)

YES, NO = "yes", "no"
NOBODY = UUID(int=0)
"""Stands for the enterprise of a row that names none; such a row is never stored."""

_TYPE_WORDS: Mapping[AssetType, tuple[str, ...]] = MappingProxyType(
    {
        AssetType.PATENT: ("patent", "invention", "专利", "发明专利"),
        AssetType.TRADEMARK: ("trademark", "trade mark", "商标"),
        AssetType.COPYRIGHT: ("copyright", "work", "著作权", "版权", "作品"),
        AssetType.DESIGN: ("design", "外观设计", "设计"),
        AssetType.TRADE_SECRET: ("trade secret", "商业秘密"),
        AssetType.SOFTWARE: ("software", "软件", "软件著作权"),
        AssetType.OTHER: ("other", "其他", "其它"),
    }
)
_STATUS_WORDS: Mapping[LegalStatus, tuple[str, ...]] = MappingProxyType(
    {
        LegalStatus.UNREGISTERED: ("unregistered", "未登记", "未注册"),
        LegalStatus.PENDING: ("pending", "申请中", "审查中", "审理中"),
        LegalStatus.REGISTERED: ("registered", "granted", "已登记", "已注册", "已授权"),
        LegalStatus.EXPIRED: ("expired", "已过期", "已失效", "过期"),
        LegalStatus.DISPUTED: ("disputed", "争议中", "有争议"),
    }
)
_YES = frozenset({"yes", "y", "true", "1", "是", "可", "允许", "√", "✓"})
_NO = frozenset({"no", "n", "false", "0", "否", "不可", "不允许", "×"})
# Only with the year first: day and month are told apart in no other order. As spreadsheets of Chinese offices show it.
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]00:00(?::00)?)?")
_PERCENT = re.compile(r"(\d{1,9}(?:\.\d{0,9})?)\s*(%?)")


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong with one cell of a row."""

    column: AssetColumn | CustomColumn
    problem: FieldProblem


@dataclass(frozen=True, slots=True)
class RowReading:
    """A row as it was understood; `draft` may be stored if there is no problem."""

    draft: AssetDraft
    asset_id: UUID | None
    """Named by the row, as an exported sheet does."""
    problems: tuple[CellProblem, ...]


class EnterpriseNames:
    """The enterprises that rows may name."""

    def __init__(self, enterprises: Iterable[Enterprise], acts_for: Callable[[UUID], bool]) -> None:
        """`acts_for` tells whether the person may change what belongs to an enterprise."""
        self._acts_for = acts_for
        self._known: dict[str, list[UUID]] = {}
        for enterprise in enterprises:
            self._known.setdefault(plain_word(enterprise.name), []).append(enterprise.enterprise_id)

    def find(self, name: str) -> UUID | ProblemKind:
        """The one that is called so, whatever the case; or why there is none."""
        found = self._known.get(plain_word(name), [])
        if not name.strip():
            return ProblemKind.REQUIRED
        if len(found) != 1:
            return ProblemKind.AMBIGUOUS_ENTERPRISE if found else ProblemKind.UNKNOWN_ENTERPRISE
        return found[0] if self._acts_for(found[0]) else ProblemKind.FOREIGN_ENTERPRISE


def read_row(
    cells: Mapping[AssetColumn, str], custom: Mapping[str, str], enterprises: EnterpriseNames, today: date
) -> RowReading:
    """Understand a row. Columns that are absent, and empty cells, mean what a new asset starts with."""
    reader = _Cells(cells)
    plain = LicenceTerms()
    fields = {key: text.strip() for key, text in custom.items() if text.strip()}
    draft = AssetDraft(
        name=reader.text(AssetColumn.NAME),
        asset_type=reader.word(AssetColumn.ASSET_TYPE, _TYPE_WORDS, AssetType.OTHER, required=True),
        description=reader.text(AssetColumn.DESCRIPTION),
        creator_name=reader.text(AssetColumn.CREATOR_NAME),
        creation_date=reader.creation_date(),
        legal_status=reader.word(AssetColumn.LEGAL_STATUS, _STATUS_WORDS, LegalStatus.UNREGISTERED),
        enterprise_id=reader.enterprise(enterprises),
        application_number=reader.text(AssetColumn.APPLICATION_NUMBER),
        external_url=reader.text(AssetColumn.EXTERNAL_URL),
        licence=LicenceTerms(
            transferable=reader.yes_or_no(AssetColumn.TRANSFERABLE, plain.transferable),
            commercial_use=reader.yes_or_no(AssetColumn.COMMERCIAL_USE, plain.commercial_use),
            derivatives=reader.yes_or_no(AssetColumn.DERIVATIVES, plain.derivatives),
            attribution=reader.yes_or_no(AssetColumn.ATTRIBUTION, plain.attribution),
            revenue_share_bp=reader.basis_points(AssetColumn.REVENUE_SHARE),
            expires_on=reader.date_or_none(AssetColumn.LICENCE_EXPIRES_ON),
        ),
        custom_fields=fields,
    )
    asset_id = reader.asset_id()
    return RowReading(draft, asset_id, (*reader.problems, *_problems_of(draft, today)))


def asset_cells(asset: Asset, row: AssetRow) -> dict[AssetColumn, str]:
    """The cells of an asset. What `read_row` reads of them is the asset's draft again."""
    licence = asset.licence
    return {
        AssetColumn.ASSET_ID: str(asset.asset_id),
        AssetColumn.NAME: asset.name,
        AssetColumn.ASSET_TYPE: asset.asset_type.value,
        AssetColumn.DESCRIPTION: asset.description,
        AssetColumn.CREATOR_NAME: asset.creator_name,
        AssetColumn.CREATION_DATE: asset.creation_date.isoformat(),
        AssetColumn.LEGAL_STATUS: asset.legal_status.value,
        AssetColumn.APPLICATION_NUMBER: asset.application_number,
        AssetColumn.EXTERNAL_URL: asset.external_url,
        AssetColumn.ENTERPRISE: asset.enterprise.name,
        AssetColumn.TRANSFERABLE: _yes_no(licence.transferable),
        AssetColumn.COMMERCIAL_USE: _yes_no(licence.commercial_use),
        AssetColumn.DERIVATIVES: _yes_no(licence.derivatives),
        AssetColumn.ATTRIBUTION: _yes_no(licence.attribution),
        AssetColumn.REVENUE_SHARE: f"{Decimal(licence.revenue_share_bp) / 100:f}%",
        AssetColumn.LICENCE_EXPIRES_ON: licence.expires_on.isoformat() if licence.expires_on else "",
        AssetColumn.STATE: row.state.value,
        AssetColumn.TOKEN_ID: "" if row.token_id is None else f"0x{row.token_id:032x}",
        AssetColumn.CREATED_AT: asset.created_at.isoformat(timespec="seconds"),
    }


class _Cells:
    """Reads the cells of one row and notes what cannot be understood."""

    def __init__(self, cells: Mapping[AssetColumn, str]) -> None:
        self._cells = cells
        self.problems: list[CellProblem] = []

    def text(self, column: AssetColumn) -> str:
        return self._cells.get(column, "").strip()

    def word(self, column: AssetColumn, words: Mapping[W, tuple[str, ...]], default: W, *, required: bool = False) -> W:
        text = self.text(column)
        if not text:
            if required:
                self._refuse(column, ProblemKind.REQUIRED)
            return default
        asked = plain_word(text)
        for member, names in words.items():
            if asked == plain_word(member.value) or asked in names:
                return member
        self._refuse(column, ProblemKind.NOT_A_WORD, ", ".join(names[0] for names in words.values()))
        return default

    def yes_or_no(self, column: AssetColumn, default: bool) -> bool:
        text = plain_word(self.text(column))
        if text and text not in _YES | _NO:
            self._refuse(column, ProblemKind.NOT_YES_OR_NO)
        return text in _YES if text in _YES | _NO else default

    def basis_points(self, column: AssetColumn) -> int:
        """A share in percent. A spreadsheet keeps 10 % as 0.1 and shows the sign beside it, so a number up to 1
        without its sign could be either."""
        text = unicodedata.normalize("NFKC", self.text(column))
        if not text:
            return 0
        found = _PERCENT.fullmatch(text)
        if found is None:
            return self._refuse(column, ProblemKind.NOT_A_SHARE)
        share = Decimal(found[1]) * 100
        if share != share.to_integral_value() or (0 < share <= 100 and not found[2]):
            return self._refuse(column, ProblemKind.NOT_A_SHARE)
        if share > BASIS_POINTS_MAX:
            return self._refuse(column, ProblemKind.OUT_OF_RANGE, "0% - 100%")
        return int(share)

    def creation_date(self) -> str:
        """As `check_draft` wants it; what is no date is left for it to refuse."""
        text = self.text(AssetColumn.CREATION_DATE)
        found = _date(text)
        return text if found is None else found.isoformat()

    def date_or_none(self, column: AssetColumn) -> date | None:
        text = self.text(column)
        found = _date(text)
        if text and found is None:
            self._refuse(column, ProblemKind.NOT_A_DATE)
        return found

    def enterprise(self, enterprises: EnterpriseNames) -> UUID:
        found = enterprises.find(self.text(AssetColumn.ENTERPRISE))
        if isinstance(found, ProblemKind):
            self._refuse(AssetColumn.ENTERPRISE, found)
            return NOBODY
        return found

    def asset_id(self) -> UUID | None:
        text = self.text(AssetColumn.ASSET_ID)
        if not text:
            return None
        try:
            found = UUID(text)
        except ValueError:
            found = NOBODY
        if not found.int:
            self._refuse(AssetColumn.ASSET_ID, ProblemKind.NOT_AN_ID)
        return found

    def _refuse(self, column: AssetColumn, kind: ProblemKind, limit: str = "") -> int:
        self.problems.append(CellProblem(column, FieldProblem(column.value, kind, limit)))
        return 0


def _problems_of(draft: AssetDraft, today: date) -> list[CellProblem]:
    """What `check_draft` says, with the column it concerns."""
    found = check_draft(draft, today)
    problems = [CellProblem(AssetColumn(problem.field), problem) for problem in found if problem.field != _CUSTOM]
    if len(problems) < len(found):
        problems += _problems_of_custom_fields(draft, today)
    return problems


def _problems_of_custom_fields(draft: AssetDraft, today: date) -> list[CellProblem]:
    """Each beside its own column, which `check_draft` does not tell."""
    fields = draft.custom_fields
    if len(fields) > CUSTOM_FIELDS_MAX:
        problem = FieldProblem(_CUSTOM, ProblemKind.TOO_MANY, str(CUSTOM_FIELDS_MAX))
        return [CellProblem(CustomColumn(list(fields)[CUSTOM_FIELDS_MAX]), problem)]
    return [
        CellProblem(CustomColumn(key), problem)
        for key, value in fields.items()
        for problem in check_draft(replace(_BLAMELESS, custom_fields={key: value}), today)
    ]


_CUSTOM = "custom_fields"
_BLAMELESS = AssetDraft("x", AssetType.OTHER, "", "x", "2000-01-01", LegalStatus.UNREGISTERED, NOBODY)


def _date(text: str) -> date | None:
    found = _DATE.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _yes_no(value: bool) -> str:
    return YES if value else NO
