"""Metadata: canonical bytes, valid against the published schema, silent about what is confidential."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import jsonschema
import pytest

from ipnft_desktop.domain.assets import Asset, AssetType, Attachment, Enterprise, LegalStatus, LicenceTerms
from ipnft_desktop.domain.metadata import build_metadata, metadata_file_name
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.paths import RESOURCES

NOW = datetime(2026, 11, 21, 9, 12, tzinfo=UTC)
CID = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"
IMAGE = Attachment(UUID(int=7), "vase.png", "image/png", 1024, b"\x01" * 32, CID, is_image=True)
AGREEMENT = Attachment(UUID(int=8), "agreement.pdf", "application/pdf", 99, b"\x02" * 32, CID, confidential=True)
ASSET = Asset(
    asset_id=UUID("019aa000-0000-7000-8000-000000000001"),
    name='青花 "缠枝" <b>纹</b>',
    asset_type=AssetType.DESIGN,
    description="",
    creator_name="Someone",
    creation_date=date(1450, 1, 1),
    legal_status=LegalStatus.EXPIRED,
    application_number="",
    enterprise=Enterprise(UUID(int=1), "Museum", "0x" + "1" * 40, "vault"),
    licence=LicenceTerms(revenue_share_bp=500, expires_on=date(2030, 1, 1)),
    custom_fields={"Office": "none"},
    attachments=(IMAGE, AGREEMENT),
    state=AssetState.DRAFT,
    version=1,
    created_at=NOW,
    updated_at=NOW,
)


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads((RESOURCES / "schema" / "metadata-1.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize(
    "asset", [ASSET, replace(ASSET, attachments=(), custom_fields={}, licence=LicenceTerms(), description="x")]
)
def test_metadata_is_valid_against_the_published_schema(
    asset: Asset, validator: jsonschema.Draft202012Validator
) -> None:
    validator.validate(json.loads(build_metadata(asset)))


def test_the_schema_refuses_what_is_not_metadata(validator: jsonschema.Draft202012Validator) -> None:
    document = json.loads(build_metadata(ASSET))
    document["ip"]["licence"]["revenue_share_bp"] = 10_001
    assert not validator.is_valid(document)


def test_the_same_asset_gives_the_same_bytes() -> None:
    asset = replace(ASSET, custom_fields={"Office": "none", "Class": "18"})
    shuffled = replace(ASSET, custom_fields={"Class": "18", "Office": "none"})
    assert build_metadata(asset) == build_metadata(shuffled)
    assert b": " not in build_metadata(replace(ASSET, name="x"))


def test_bookkeeping_does_not_change_the_bytes() -> None:
    assert build_metadata(replace(ASSET, version=9, state=AssetState.MINTING, updated_at=NOW)) == build_metadata(ASSET)


def test_a_confidential_file_publishes_its_hash_and_nothing_else() -> None:
    published = build_metadata(ASSET)
    image, agreement = json.loads(published)["ip"]["attachments"]
    assert image["cid"] == CID
    assert agreement == {"confidential": True, "sha256": "02" * 32}
    assert AGREEMENT.file_name.encode() not in published


@pytest.mark.parametrize(
    ("number", "change"), [(0, {"confidential": True}), (1, {"confidential": False}), (1, {"name": "agreement.pdf"})]
)
def test_the_schema_refuses_a_confidential_file_that_tells_more(
    validator: jsonschema.Draft202012Validator, number: int, change: dict[str, object]
) -> None:
    document = json.loads(build_metadata(ASSET))
    document["ip"]["attachments"][number] |= change
    assert not validator.is_valid(document)


@pytest.mark.parametrize("name", ["Legal status", "Type", " legal STATUS "])
def test_a_field_of_ones_own_never_stands_for_what_the_register_says(name: str) -> None:
    own = json.loads(build_metadata(replace(ASSET, custom_fields={})))["attributes"]
    both = json.loads(build_metadata(replace(ASSET, custom_fields={name: "as I like it"})))["attributes"]
    assert both == [*own, {"trait_type": f"{name.strip()} (custom)", "value": "as I like it"}]


def test_text_stays_as_it_was_typed() -> None:
    assert json.loads(build_metadata(ASSET))["name"] == ASSET.name


def test_the_file_is_named_as_the_contract_spells_it() -> None:
    assert metadata_file_name(ASSET) == "019aa000-0000-7000-8000-000000000001.json"
