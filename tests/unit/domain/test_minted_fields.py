"""The way back from metadata: whatever was made comes back, and nothing else does."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipnft_desktop.domain.assets import AgreementType, Asset, Attachment
from ipnft_desktop.domain.metadata import SCHEMA_VERSIONS, build_metadata
from ipnft_desktop.domain.minted_fields import NamedEnterprise, asset_as_minted, names_file
from tests.support import samples

OWNER = samples.enterprise()
PICTURE = samples.attachment(file_name="a.png", media_type="image/png", cid=samples.cid("a"), sha256=b"\x01" * 32)
FILES = (
    replace(PICTURE, is_image=True),
    samples.attachment(cid=samples.cid("b"), sha256=b"\x02" * 32, agreement=AgreementType.LICENCE),
    samples.attachment(cid=samples.cid("c"), sha256=b"\x03" * 32, confidential=True, sealed_key=b"key"),
    samples.attachment(
        cid=samples.cid("d"), sha256=b"\x04" * 32, confidential=True, sealed_key=b"key", agreement=AgreementType.OTHER
    ),
    samples.attachment(cid=samples.cid("e"), sha256=b"\x05" * 32, file_name="e.txt", media_type="text/plain"),
)
text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12).map(str.strip)


def back(asset: Asset, metadata: bytes, *known: NamedEnterprise) -> Asset | None:
    return asset_as_minted(asset, metadata, known or (NamedEnterprise(OWNER),), samples.uuid)


def _are_told_apart(fields: dict[str, str]) -> bool:
    """Version 1 calls both of these alike."""
    return not {"Type", "Type (custom)"} <= fields.keys()


@st.composite
def assets(draw: st.DrawFn) -> Asset:
    """In any state of fields and files."""
    files = draw(st.permutations(FILES).flatmap(lambda order: st.integers(0, len(order)).map(lambda n: order[:n])))
    names = text.filter(bool) | st.sampled_from(["Type", "creator", "Licence ends", "Type (custom)"])
    fields = draw(st.dictionaries(names, text, max_size=3).filter(_are_told_apart))
    return samples.asset(
        OWNER,
        name=draw(text.filter(bool)),
        description=draw(text),
        creator_name=draw(text),
        application_number=draw(text),
        external_url=draw(st.sampled_from(["", "https://example.org/a"])),
        custom_fields=fields,
        attachments=tuple(files),
    )


@settings(max_examples=150, deadline=None)
@given(assets(), st.sampled_from(SCHEMA_VERSIONS), st.data())
def test_what_was_minted_comes_back_whatever_was_changed_since(asset: Asset, version: str, data: st.DataObject) -> None:
    metadata = build_metadata(asset, version)
    assert back(asset, metadata) == asset
    kept = [file for file in asset.attachments if file.confidential or data.draw(st.booleans())]
    changed = replace(
        asset,
        name="Another",
        description="changed",
        custom_fields={},
        licence=replace(asset.licence, transferable=not asset.licence.transferable, expires_on=None),
        attachments=tuple(replace(file, size_bytes=7, media_type="x/y") for file in kept),
    )
    found = back(changed, metadata)
    assert found is not None
    assert build_metadata(found, version) == metadata
    if version == SCHEMA_VERSIONS[0]:
        told = (found.name, found.description, found.external_url, found.custom_fields, found.licence)
        assert told == (asset.name, asset.description, asset.external_url, asset.custom_fields, asset.licence)
        public = {(file.cid, file.file_name, file.size_bytes) for file in asset.attachments if not file.confidential}
        assert {
            (file.cid, file.file_name, file.size_bytes) for file in found.attachments if not file.confidential
        } == public


def test_a_file_keeps_its_number_and_its_key() -> None:
    asset = samples.asset(OWNER, attachments=FILES)
    metadata = build_metadata(asset)
    by_hash = replace(FILES[0], cid=samples.cid("elsewhere"))
    by_cid = replace(FILES[4], sha256=b"\x09" * 32)
    assert back(replace(asset, attachments=(by_cid, *FILES[1:4], by_hash)), metadata) is not None
    found = back(replace(asset, attachments=(by_hash, *FILES[1:4], by_cid)), metadata)
    assert found == asset


def test_the_enterprise_is_the_one_of_that_name() -> None:
    asset = samples.asset(OWNER)
    metadata = build_metadata(asset)
    other, heir = samples.enterprise(name="Borealis"), samples.enterprise(name="Heir")
    moved = replace(asset, enterprise=other)
    known = NamedEnterprise(other), NamedEnterprise(heir, (OWNER.name,))
    assert (back(moved, metadata, *known) or moved).enterprise == heir
    assert (back(moved, metadata, *known, NamedEnterprise(OWNER)) or moved).enterprise == OWNER
    renamed = NamedEnterprise(replace(OWNER, name="Renamed"), (OWNER.name,))
    own = replace(asset, enterprise=renamed.enterprise)
    assert (
        back(own, metadata, NamedEnterprise(samples.enterprise(name=OWNER.name)), renamed) or own
    ).enterprise == own.enterprise
    assert back(moved, metadata, NamedEnterprise(other)) is None


def test_it_is_metadata_of_this_asset_or_none() -> None:
    asset = samples.asset(OWNER, attachments=FILES)
    metadata = build_metadata(asset)
    assert back(replace(asset, asset_id=samples.uuid()), metadata) is None
    assert back(asset, metadata + b" ") is None
    assert back(replace(asset, attachments=FILES[:2]), metadata) is None, (
        "a confidential file is told by its hash alone"
    )
    laid_open = [replace(file, confidential=False, sealed_key=None) for file in FILES[2:3]]
    assert back(replace(asset, attachments=(*FILES[:2], *laid_open, *FILES[3:])), metadata) is None


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, each in inside for found in _paths(each, (*path, key)))]


HOSTILE = (None, True, -1, 10**400, 1.5, float("nan"), "", "\ud800", "\u202e", [], {}, [[]], {"a": 1}, "9" * 5_000)


@pytest.mark.parametrize("wrong", HOSTILE)
@pytest.mark.parametrize("version", SCHEMA_VERSIONS)
def test_no_value_in_it_does_harm(version: str, wrong: Any) -> None:
    """Whoever owns the contract may amend to metadata of any shape."""
    asset = samples.asset(OWNER, attachments=FILES)
    document = json.loads(build_metadata(asset, version))
    for path in _paths(document):
        if not path:
            changed = wrong
        else:
            changed = json.loads(json.dumps(document))
            inner = changed
            for key in path[:-1]:
                inner = inner[key]
            inner[path[-1]] = wrong
        metadata = json.dumps(changed).encode()
        assert back(asset, metadata) is None, path
        names_file(metadata, FILES[0].cid)


@pytest.mark.parametrize("metadata", [b"", b"\xff", b"[" * 100_000, b"null", b'{"ip": 1}', b'{"ip": {}}'])
def test_what_is_no_metadata_is_none(metadata: bytes) -> None:
    asset: Asset = samples.asset(OWNER)
    assert back(asset, metadata) is None
    assert not names_file(metadata, samples.cid())


def test_which_files_metadata_names() -> None:
    metadata = build_metadata(samples.asset(OWNER, attachments=FILES))
    named: list[Attachment] = [file for file in FILES if names_file(metadata, file.cid)]
    assert named == [file for file in FILES if not file.confidential]
