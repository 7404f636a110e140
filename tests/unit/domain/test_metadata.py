"""Metadata: canonical bytes, valid against the published schema, silent about what is confidential."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipnft_desktop.domain.assets import (
    AgreementType,
    Asset,
    AssetType,
    Attachment,
    Enterprise,
    LegalStatus,
    LicenceTerms,
    has_hidden_characters,
)
from ipnft_desktop.domain.metadata import SCHEMA_VERSIONS, build_metadata, metadata_file_name, schema_version_of
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


DEED = Attachment(UUID(int=9), "deed.pdf", "application/pdf", 7, b"\x03" * 32, CID, agreement=AgreementType.ASSIGNMENT)


def text_of(most: int, least: int = 0) -> st.SearchStrategy[str]:
    """What the register accepts as text of this length, and stores: without blanks at its ends."""
    letters = st.characters(exclude_categories=["Cc", "Cf", "Cs"]) | st.sampled_from("\n\t\u200d\U0001f600\ufb33")
    texts = st.text(letters, min_size=least, max_size=most).map(str.strip)
    return texts.filter(lambda text: len(text) >= least and not has_hidden_characters(text))


FILES = st.builds(
    Attachment,
    attachment_id=st.uuids(),
    file_name=text_of(20, 1),
    media_type=st.sampled_from(["image/png", "application/pdf", "application/octet-stream"]),
    size_bytes=st.integers(1, 2**40),
    sha256=st.binary(min_size=32, max_size=32),
    cid=st.just(CID),
    confidential=st.booleans(),
    agreement=st.none() | st.sampled_from(AgreementType),
)
ASSETS = st.builds(
    replace,
    st.just(ASSET),
    asset_id=st.uuids(version=4),
    name=text_of(200, 1),
    asset_type=st.sampled_from(AssetType),
    description=text_of(60),
    creator_name=text_of(30, 1),
    creation_date=st.dates(),
    legal_status=st.sampled_from(LegalStatus),
    application_number=text_of(20),
    external_url=st.sampled_from(["", "https://example.org/a?b=%20", "ipfs://bafy/x"]),
    enterprise=st.builds(Enterprise, st.uuids(), text_of(30, 1), st.just("0x" + "1" * 40), st.just("vault")),
    licence=st.builds(
        LicenceTerms, *[st.booleans()] * 4, revenue_share_bp=st.integers(0, 10_000), expires_on=st.none() | st.dates()
    ),
    custom_fields=st.dictionaries(text_of(50, 1) | st.sampled_from(["Type", "type", "Licence ends"]), text_of(20)),
    attachments=st.lists(FILES, max_size=3).map(
        lambda files: tuple(replace(file, is_image=not at and not file.agreement) for at, file in enumerate(files))
    ),
)


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads((RESOURCES / "schema" / "metadata-2.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize(
    "asset",
    [
        ASSET,
        replace(ASSET, attachments=(), custom_fields={}, licence=LicenceTerms(), description="x"),
        replace(ASSET, attachments=(DEED, replace(DEED, confidential=True)), external_url="https://example.org/"),
    ],
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


@settings(max_examples=60)
@given(asset=ASSETS)
def test_whatever_the_register_accepts_is_valid_and_the_order_of_own_fields_is_of_no_account(
    asset: Asset, validator: jsonschema.Draft202012Validator
) -> None:
    published = build_metadata(asset)
    validator.validate(json.loads(published))
    assert build_metadata(replace(asset, custom_fields=dict(reversed(asset.custom_fields.items())))) == published
    traits = [trait["trait_type"].casefold() for trait in json.loads(published)["attributes"]]
    assert len(traits) == len(set(traits))


@settings(max_examples=60)
@given(asset=ASSETS, field=st.sampled_from(["name", "description", "creator_name", "external_url", "custom_fields"]))
def test_assets_that_differ_in_what_is_published_have_different_bytes(asset: Asset, field: str) -> None:
    other = {"custom_fields": {**asset.custom_fields, "one more": ""}, "external_url": "https://example.org/other"}
    changed = replace(asset, **{field: other.get(field, f"{getattr(asset, field)}!")})
    assert build_metadata(changed) != build_metadata(asset)


def test_an_own_field_that_looks_like_a_renamed_one_is_another_field() -> None:
    one, other = ({"Type": "a"}, {"Type (custom)": "a"})
    assert build_metadata(replace(ASSET, custom_fields=one)) != build_metadata(replace(ASSET, custom_fields=other))


def test_the_end_of_the_licence_is_a_day_for_viewers() -> None:
    (trait,) = [one for one in json.loads(build_metadata(ASSET))["attributes"] if one["trait_type"] == "Licence ends"]
    assert trait == {"trait_type": "Licence ends", "display_type": "date", "value": 1_893_499_200}
    assert datetime.fromtimestamp(trait["value"], UTC).isoformat() == "2030-01-01T12:00:00+00:00"


def test_an_agreement_is_told_by_kind_and_hash_and_fetched_only_if_public() -> None:
    secret = replace(DEED, confidential=True, file_name="secret.pdf")
    told = json.loads(build_metadata(replace(ASSET, attachments=(DEED, secret))))["ip"]
    proof = {"type": "ASSIGNMENT", "sha256": "03" * 32, "media_type": "application/pdf"}
    assert told["agreements"] == [
        {**proof, "encrypted": False, "name": "deed.pdf", "size_bytes": 7, "cid": CID},
        {**proof, "encrypted": True},
    ]
    assert told["attachments"] == []


@pytest.mark.parametrize("leak", [{"cid": CID}, {"name": "secret.pdf"}, {"size_bytes": 7}])
def test_the_schema_refuses_a_confidential_agreement_that_tells_more(
    validator: jsonschema.Draft202012Validator, leak: dict[str, object]
) -> None:
    asset = replace(ASSET, attachments=(replace(DEED, confidential=True),))
    document = json.loads(build_metadata(asset))
    assert validator.is_valid(document)
    document["ip"]["agreements"][0] |= leak
    assert not validator.is_valid(document)


def test_what_version_1_published_is_built_byte_for_byte_for_ever() -> None:
    """These bytes are on chains: whatever changes in the program, they must come out again."""
    published = build_metadata(replace(ASSET, external_url="https://example.org/", attachments=(IMAGE, DEED)), "1")
    assert hashlib.sha256(published).hexdigest() == "99321bde1756e60a6b447a77ea1161afd85a4d61120b3ac1a32acaea1c0d5e3f"
    schema = json.loads((RESOURCES / "schema" / "metadata-1.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(json.loads(published))


@pytest.mark.parametrize("version", SCHEMA_VERSIONS)
def test_metadata_says_which_version_it_follows(version: str) -> None:
    assert schema_version_of(build_metadata(ASSET, version)) == version


@pytest.mark.parametrize("metadata", [b"", b"[]", b"\xff", b'{"ip": 1}', b'{"ip": {"schema_version": ["1"]}}'])
def test_what_says_no_version_is_held_against_the_present_one(metadata: bytes) -> None:
    assert schema_version_of(metadata) == SCHEMA_VERSIONS[0]
