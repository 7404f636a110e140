"""What the audit log keeps of an edit: each field that changed, and no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ipnft_desktop.services.asset_changes import changes_between
from tests.support import samples


def test_each_changed_field_has_its_old_and_its_new_value() -> None:
    before = replace(samples.asset(samples.enterprise(), name="Vase"), custom_fields={"period": "Ming", "kiln": "west"})
    after = replace(
        before,
        name="Blue vase",
        licence=replace(before.licence, derivatives=not before.licence.derivatives, expires_on=date(2030, 1, 2)),
        custom_fields={"period": "Qing", "colour": "blue"},
        version=before.version + 1,
    )
    assert changes_between(before, after) == {
        "custom_fields.colour": (None, "blue"),
        "custom_fields.kiln": ("west", None),
        "custom_fields.period": ("Ming", "Qing"),
        "licence.derivatives": ("no", "yes"),
        "licence.expires_on": ("2030-01-01", "2030-01-02"),
        "name": ("Vase", "Blue vase"),
    }


def test_another_file_under_the_same_name_is_a_change() -> None:
    file = samples.attachment(file_name="plan.pdf")
    before = replace(samples.asset(samples.enterprise()), attachments=(file, samples.attachment(file_name="old.pdf")))
    after = replace(
        before, attachments=(replace(file, sha256=b"\1" * 32, size_bytes=7), samples.attachment(file_name="new.pdf"))
    )
    changes = changes_between(before, after)
    assert sorted(changes) == ["attachments.new.pdf", "attachments.old.pdf", "attachments.plan.pdf"]
    assert changes["attachments.plan.pdf"][1] == f"sha256:{'01' * 32} 7 bytes"


def test_nothing_changed_is_no_change() -> None:
    asset = samples.asset(samples.enterprise())
    assert changes_between(asset, replace(asset, version=2)) == {}
