"""The columns in which assets stand in a spreadsheet, and how a header is recognised in both languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class AssetColumn(StrEnum):
    """What a column holds. The values are stable: they are the keys of an exported JSON file, and where a draft has a
    field of that name they are the fields of `FieldProblem`."""

    ASSET_ID = "asset_id"
    NAME = "name"
    ASSET_TYPE = "asset_type"
    DESCRIPTION = "description"
    CREATOR_NAME = "creator_name"
    CREATION_DATE = "creation_date"
    LEGAL_STATUS = "legal_status"
    APPLICATION_NUMBER = "application_number"
    EXTERNAL_URL = "external_url"
    ENTERPRISE = "enterprise"
    TRANSFERABLE = "transferable"
    COMMERCIAL_USE = "commercial_use"
    DERIVATIVES = "derivatives"
    ATTRIBUTION = "attribution"
    REVENUE_SHARE = "revenue_share"
    LICENCE_EXPIRES_ON = "licence_expires_on"
    STATE = "state"
    TOKEN_ID = "token_id"  # noqa: S105 - a column, not a password
    CREATED_AT = "created_at"


REQUIRED_COLUMNS = (
    AssetColumn.NAME,
    AssetColumn.ASSET_TYPE,
    AssetColumn.CREATOR_NAME,
    AssetColumn.CREATION_DATE,
    AssetColumn.ENTERPRISE,
)
"""Without these a sheet cannot be imported; each row must fill them."""

READ_ONLY_COLUMNS = (AssetColumn.STATE, AssetColumn.TOKEN_ID, AssetColumn.CREATED_AT)
"""Exported, and left out when the file comes back: no sheet says what was minted."""

IMPORTED_COLUMNS = tuple(column for column in AssetColumn if column not in READ_ONLY_COLUMNS)

TITLES: Mapping[AssetColumn, str] = MappingProxyType(
    {
        AssetColumn.ASSET_ID: "Asset ID",
        AssetColumn.NAME: "Name",
        AssetColumn.ASSET_TYPE: "Type",
        AssetColumn.DESCRIPTION: "Description",
        AssetColumn.CREATOR_NAME: "Creator",
        AssetColumn.CREATION_DATE: "Creation date",
        AssetColumn.LEGAL_STATUS: "Legal status",
        AssetColumn.APPLICATION_NUMBER: "Application number",
        AssetColumn.EXTERNAL_URL: "Web page",
        AssetColumn.ENTERPRISE: "Enterprise",
        AssetColumn.TRANSFERABLE: "Transferable",
        AssetColumn.COMMERCIAL_USE: "Commercial use",
        AssetColumn.DERIVATIVES: "Derivatives",
        AssetColumn.ATTRIBUTION: "Attribution",
        AssetColumn.REVENUE_SHARE: "Revenue share",
        AssetColumn.LICENCE_EXPIRES_ON: "Licence expires on",
        AssetColumn.STATE: "State",
        AssetColumn.TOKEN_ID: "Token ID",
        AssetColumn.CREATED_AT: "Registered at",
    }
)
"""Headers of an exported sheet, whatever the language of the window: other programs rely on them."""

_ALSO_CALLED: Mapping[AssetColumn, Sequence[str]] = MappingProxyType(
    {
        AssetColumn.ASSET_ID: ("id", "uuid", "资产编号", "资产id", "编号"),
        AssetColumn.NAME: ("asset name", "title", "名称", "资产名称", "标题"),
        AssetColumn.ASSET_TYPE: ("asset type", "kind", "类型", "资产类型", "类别"),
        AssetColumn.DESCRIPTION: ("abstract", "summary", "描述", "说明", "简介", "摘要"),
        AssetColumn.CREATOR_NAME: (
            "creator name",
            "author",
            "inventor",
            "designer",
            "创作者",
            "创作人",
            "作者",
            "发明人",
            "设计人",
        ),
        AssetColumn.CREATION_DATE: (
            "date of creation",
            "created on",
            "date",
            "创作日期",
            "创建日期",
            "完成日期",
            "日期",
        ),
        AssetColumn.LEGAL_STATUS: ("status", "法律状态", "状态"),
        AssetColumn.APPLICATION_NUMBER: (
            "application no",
            "application no.",
            "number",
            "registration number",
            "申请号",
            "登记号",
            "注册号",
        ),
        AssetColumn.EXTERNAL_URL: ("url", "link", "website", "网页", "网址", "链接"),
        AssetColumn.ENTERPRISE: ("company", "owner", "enterprise name", "企业", "企业名称", "公司", "权利人", "所有者"),
        AssetColumn.TRANSFERABLE: ("may be transferred", "可转让"),
        AssetColumn.COMMERCIAL_USE: ("commercial", "商业使用", "可商用", "商用"),
        AssetColumn.DERIVATIVES: ("adaptations", "衍生作品", "可改编", "改编"),
        AssetColumn.ATTRIBUTION: ("credit", "署名", "须署名"),
        AssetColumn.REVENUE_SHARE: (
            "revenue share (%)",
            "revenue share %",
            "share",
            "收益分成",
            "分成比例",
            "收益分成(%)",
        ),
        AssetColumn.LICENCE_EXPIRES_ON: (
            "licence expiry",
            "license expiry",
            "license expires on",
            "expires on",
            "expiry date",
            "许可到期日",
            "许可截止日期",
            "到期日",
        ),
    }
)
_CUSTOM = re.compile(r"(?:custom|自定义)\s*[:：]\s*(?P<key>.*\S)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class CustomColumn:
    """A column that holds the custom field of this name."""

    key: str

    @property
    def title(self) -> str:
        """Its header in an exported sheet."""
        return f"custom: {self.key}"


ColumnUse = AssetColumn | CustomColumn | None
"""What a column of a file is read as; None leaves it out."""


def guess_uses(headers: Sequence[str]) -> tuple[ColumnUse, ...]:
    """What each column most likely holds. A name that was met before, and one nobody knows, is left out."""
    uses: list[ColumnUse] = []
    for header in headers:
        use = _guess(header)
        uses.append(None if use in uses else use)
    return tuple(uses)


def missing_columns(uses: Sequence[ColumnUse]) -> tuple[AssetColumn, ...]:
    """Required columns that no column of the file is read as."""
    return tuple(column for column in REQUIRED_COLUMNS if column not in uses)


def repeated_uses(uses: Sequence[ColumnUse]) -> tuple[AssetColumn | CustomColumn, ...]:
    """What more than one column is read as."""
    chosen = [use for use in uses if use is not None]
    return tuple(dict.fromkeys(use for use in chosen if chosen.count(use) > 1))


def plain_word(text: str) -> str:
    """A word without what differs between people: case, width, underscores, space around it."""
    if text.isascii():
        return " ".join(text.lower().replace("_", " ").split())
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("_", " ").split())


def _guess(header: str) -> ColumnUse:
    custom = _CUSTOM.fullmatch(header.strip())
    return CustomColumn(custom["key"]) if custom else _BY_NAME.get(plain_word(header.rstrip("* ")))


_BY_NAME: Mapping[str, AssetColumn] = MappingProxyType(
    {
        plain_word(name): column
        for column in IMPORTED_COLUMNS
        for name in (TITLES[column], column.value, *_ALSO_CALLED.get(column, ()))
    }
)
