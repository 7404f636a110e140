"""The demonstration register is complete, honest about what is invented, and its files are what they claim."""

from __future__ import annotations

import json
import struct
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "demo_data"
REGISTER: dict[str, Any] = json.loads((FOLDER / "register.json").read_text(encoding="utf-8"))
ENTERPRISES: list[dict[str, Any]] = REGISTER["enterprises"]
ASSETS: list[dict[str, Any]] = REGISTER["assets"]

ASSET_TYPES = {"PATENT", "TRADEMARK", "COPYRIGHT", "DESIGN", "TRADE_SECRET", "SOFTWARE", "OTHER"}
LEGAL_STATUSES = {"UNREGISTERED", "PENDING", "REGISTERED", "EXPIRED", "DISPUTED"}
ASSET_FIELDS = {
    "key": str,
    "name": str,
    "asset_type": str,
    "description": str,
    "creator_name": str,
    "creation_date": str,
    "legal_status": str,
    "application_number": str,
    "enterprise": str,
    "licence": dict,
    "custom_fields": dict,
    "image": str,
    "attachments": list,
    "invented": bool,
    "source": str,
}
LICENCE_FLAGS = ("transferable", "commercial_use", "derivatives", "attribution")
PICTURE_SIZE_PX = (1200, 675)
FILE_LIMIT_BYTES = 120_000

each_asset = pytest.mark.parametrize("asset", ASSETS, ids=[asset["key"] for asset in ASSETS])


def says_invented(text: str) -> bool:
    return "invented" in text.lower() or "虚构" in text


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def test_counts_and_coverage():
    assert len(ASSETS) >= 24
    assert {asset["asset_type"] for asset in ASSETS} == ASSET_TYPES
    assert {asset["legal_status"] for asset in ASSETS} == LEGAL_STATUSES
    chinese = sum(is_chinese(asset["name"]) for asset in ASSETS)
    assert 0.4 <= chinese / len(ASSETS) <= 0.6
    assert sum(attachment["confidential"] for asset in ASSETS for attachment in asset["attachments"]) >= 2


def test_keys_and_names_are_unique():
    for field in ("key", "name"):
        assert [value for value, count in Counter(asset[field] for asset in ASSETS).items() if count > 1] == []
    numbers = Counter(asset["application_number"] for asset in ASSETS if asset["application_number"])
    assert max(numbers.values()) == 1


def test_enterprises_are_invented_and_own_one_account_each():
    for enterprise in ENTERPRISES:
        assert set(enterprise) == {"key", "name", "wallet_label", "account_index"}
        assert says_invented(enterprise["name"])
        assert enterprise["wallet_label"]
        assert 1 <= enterprise["account_index"] <= 19
    for field in ("key", "account_index"):
        assert len({enterprise[field] for enterprise in ENTERPRISES}) == len(ENTERPRISES)
    assert {asset["enterprise"] for asset in ASSETS} == {enterprise["key"] for enterprise in ENTERPRISES}


@each_asset
def test_fields_and_types(asset: dict[str, Any]):
    assert {name: type(value) for name, value in asset.items()} == ASSET_FIELDS
    assert asset["asset_type"] in ASSET_TYPES
    assert asset["legal_status"] in LEGAL_STATUSES
    assert 0 < len(asset["name"]) <= 200
    assert len(asset["description"]) >= 50
    assert asset["creator_name"]
    assert asset["source"]
    assert date.fromisoformat(asset["creation_date"]) <= date(2026, 12, 31)
    assert 0 < len(asset["custom_fields"]) <= 5
    for label, value in asset["custom_fields"].items():
        assert 0 < len(label) <= 40
        assert isinstance(value, str)
        assert 0 < len(value) <= 80
    texts = [
        asset["name"],
        asset["description"],
        asset["creator_name"],
        asset["source"],
        *asset["custom_fields"].values(),
    ]
    assert all(text.isprintable() and text == text.strip() for text in texts)


@each_asset
def test_licence(asset: dict[str, Any]):
    licence = asset["licence"]
    assert set(licence) == {*LICENCE_FLAGS, "revenue_share_bp", "expires_on"}
    assert all(type(licence[flag]) is bool for flag in LICENCE_FLAGS)
    assert type(licence["revenue_share_bp"]) is int
    assert 0 <= licence["revenue_share_bp"] <= 10_000
    if licence["expires_on"] is not None:
        assert date.fromisoformat(licence["expires_on"]) > date.fromisoformat(asset["creation_date"])


@each_asset
def test_invented_assets_say_so_and_only_they_earn_or_hide(asset: dict[str, Any]):
    assert asset["invented"] == says_invented(asset["name"] + asset["description"])
    if not asset["invented"]:
        assert asset["licence"]["revenue_share_bp"] == 0
        assert not any(attachment["confidential"] for attachment in asset["attachments"])


@each_asset
def test_picture_is_a_png_of_the_right_size(asset: dict[str, Any]):
    data = (FOLDER / asset["image"]).read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert data.endswith(b"IEND\xaeB`\x82")
    assert struct.unpack(">II", data[16:24]) == PICTURE_SIZE_PX
    assert len(data) <= FILE_LIMIT_BYTES


@each_asset
def test_attachments_are_complete_pdf_files(asset: dict[str, Any]):
    assert asset["attachments"]
    for attachment in asset["attachments"]:
        assert set(attachment) == {"file", "confidential"}
        assert type(attachment["confidential"]) is bool
        data = (FOLDER / attachment["file"]).read_bytes()
        assert data.startswith(b"%PDF-")
        assert data.rstrip().endswith(b"%%EOF")
        assert len(data) <= FILE_LIMIT_BYTES


def test_every_file_belongs_to_exactly_one_asset():
    used = Counter(asset["image"] for asset in ASSETS)
    used.update(attachment["file"] for asset in ASSETS for attachment in asset["attachments"])
    present = [path for name in ("pictures", "documents") for path in (FOLDER / name).iterdir()]
    assert set(used) == {path.relative_to(FOLDER).as_posix() for path in present}
    assert max(used.values()) == 1


def test_confidential_texts_match_the_confidential_attachments():
    texts: dict[str, Any] = json.loads((FOLDER / "confidential.json").read_text(encoding="utf-8"))
    files = [attachment for asset in ASSETS for attachment in asset["attachments"] if attachment["confidential"]]
    assert set(texts) == {Path(attachment["file"]).name for attachment in files}
    assert all(says_invented(text["title"]) and says_invented(text["paragraphs"][0]) for text in texts.values())
