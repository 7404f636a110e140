"""Versions of an asset compared field by field, and two changes of the same one brought together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ipnft_desktop.domain.asset_changes import (
    AssetContents,
    FieldChange,
    Side,
    changes_between,
    contents_of,
    differences,
    merge,
)
from ipnft_desktop.domain.assets import AgreementType, LicenceTerms
from tests.support import samples

OWNER = samples.enterprise()
PAPER = samples.attachment(file_name="paper.pdf")
PICTURE = samples.attachment(file_name="lamp.png", is_image=True)
ASSET = samples.asset(OWNER, attachments=(PICTURE, PAPER), custom_fields={"Class": "250/2"})
ORIGINAL = contents_of(ASSET)


def changed(contents: AssetContents = ORIGINAL, **fields: object) -> AssetContents:
    return replace(contents, draft=replace(contents.draft, **fields))


def test_nothing_changed_is_no_change() -> None:
    assert changes_between(ASSET, replace(ASSET, version=9)) == ()
    assert differences(ORIGINAL, ORIGINAL, changed(name=f" {ASSET.name} ")) == ()


def test_an_edit_is_told_field_by_field_in_the_order_of_the_form() -> None:
    contract = samples.attachment(file_name="deed.pdf", agreement=AgreementType.ASSIGNMENT, confidential=True)
    after = replace(
        ASSET,
        name="Radio",
        enterprise=replace(OWNER, enterprise_id=samples.uuid(), name="Other"),
        licence=replace(ASSET.licence, transferable=False, revenue_share_bp=0, expires_on=None),
        custom_fields={"Class": "251", "Office": "EPO"},
        attachments=(contract,),
    )
    assert changes_between(ASSET, after) == (
        FieldChange("name", ASSET.name, "Radio"),
        FieldChange("enterprise_id", "Aurora Laboratories", "Other"),
        FieldChange("licence.transferable", "yes", "no"),
        FieldChange("licence.revenue_share_bp", "250", "0"),
        FieldChange("licence.expires_on", "2030-01-01", ""),
        FieldChange("custom_fields.Class", "250/2", "251"),
        FieldChange("custom_fields.Office", "", "EPO"),
        FieldChange("image", f"lamp.png, sha256 {PICTURE.sha256.hex()}", ""),
        FieldChange(f"attachments.{PAPER.attachment_id}", f"paper.pdf, sha256 {PAPER.sha256.hex()}", ""),
        FieldChange(
            f"attachments.{contract.attachment_id}",
            "",
            f"deed.pdf, ASSIGNMENT, confidential, sha256 {contract.sha256.hex()}",
        ),
    )


def test_a_new_asset_is_told_by_what_it_says() -> None:
    told = {change.field: change.new for change in changes_between(None, replace(ASSET, external_url=""))}
    assert told["name"] == ASSET.name
    assert told["licence.commercial_use"] == "yes"
    assert "external_url" not in told


def test_what_one_side_changed_merges_by_itself() -> None:
    theirs = changed(name="Theirs", licence=replace(ASSET.licence, derivatives=True))
    mine = changed(description="Mine", custom_fields={"Class": "250/2", "Office": "EPO"})

    assert {one.field: one.changed_by for one in differences(ORIGINAL, theirs, mine)} == {
        "name": Side.THEIRS,
        "description": Side.MINE,
        "licence.derivatives": Side.THEIRS,
        "custom_fields.Office": Side.MINE,
    }
    merged = merge(ORIGINAL, theirs, mine, {})
    assert merged.draft == replace(
        ORIGINAL.draft,
        name="Theirs",
        description="Mine",
        licence=replace(ASSET.licence, derivatives=True),
        custom_fields={"Class": "250/2", "Office": "EPO"},
    )
    assert merged.files == ORIGINAL.files


def test_what_both_changed_alike_is_no_difference() -> None:
    theirs, mine = changed(name="Same"), changed(name="Same ")
    assert differences(ORIGINAL, theirs, mine) == ()
    assert merge(ORIGINAL, theirs, mine, {}).draft.name == "Same"


def test_a_conflict_is_settled_by_the_person_and_loses_nothing_until_then() -> None:
    theirs, mine = changed(name="Theirs", creator_name="T"), changed(name="Mine", creator_name="M")

    (name, creator) = differences(ORIGINAL, theirs, mine)
    assert (name.original, name.theirs, name.mine, name.changed_by) == (ASSET.name, "Theirs", "Mine", Side.BOTH)
    assert creator.changed_by is Side.BOTH
    settled = merge(ORIGINAL, theirs, mine, {"name": Side.THEIRS})
    assert (settled.draft.name, settled.draft.creator_name) == ("Theirs", "M")


def test_a_person_may_decide_against_what_merges_by_itself() -> None:
    theirs, mine = changed(name="Theirs"), changed(description="Mine")
    settled = merge(ORIGINAL, theirs, mine, {"name": Side.MINE, "description": Side.THEIRS})
    assert (settled.draft.name, settled.draft.description) == (ASSET.name, ASSET.description)


def test_removed_and_added_fields_and_files_come_together() -> None:
    theirs = replace(changed(custom_fields={}), files=(PICTURE,))
    added = samples.attachment(file_name="more.pdf")
    mine = replace(changed(custom_fields={"Class": "250/2", "Office": "EPO"}), files=(PICTURE, PAPER, added))

    merged = merge(ORIGINAL, theirs, mine, {})

    assert merged.draft.custom_fields == {"Office": "EPO"}
    assert merged.files == (PICTURE, added)


def test_two_pictures_are_a_conflict_and_only_one_is_kept() -> None:
    other = samples.attachment(file_name="other.png", is_image=True)
    theirs = replace(ORIGINAL, files=(other, PAPER))
    mine = replace(ORIGINAL, new_image="mine.png")

    (picture,) = differences(ORIGINAL, theirs, mine)
    assert (picture.field, picture.theirs, picture.mine, picture.changed_by) == ("image", other, "mine.png", Side.BOTH)
    assert merge(ORIGINAL, theirs, mine, {}) == AssetContents(ORIGINAL.draft, (PAPER,), "mine.png")
    assert merge(ORIGINAL, theirs, mine, {"image": Side.THEIRS}) == theirs


def test_every_field_of_a_draft_can_differ() -> None:
    """A field added to the draft one day must not be forgotten here."""
    theirs = changed(
        **{name: f"{getattr(ORIGINAL.draft, name)}!" for name in ("name", "description", "application_number")},
        external_url="https://example.org",
        licence=LicenceTerms(False, False, True, False, 1, date(2031, 1, 1)),
    )
    found = {one.field for one in differences(ORIGINAL, theirs, ORIGINAL)}
    assert {"external_url", "licence.expires_on", "licence.attribution"} <= found
    assert merge(ORIGINAL, theirs, ORIGINAL, {}) == theirs
