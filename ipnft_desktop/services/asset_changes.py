"""What an edit changed on an asset, field by field, as the audit log keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from ipnft_desktop.domain.assets import Asset, Attachment, LicenceTerms
from ipnft_desktop.domain.audit import FieldChanges

_PLAIN_FIELDS = (
    "name",
    "asset_type",
    "description",
    "creator_name",
    "creation_date",
    "legal_status",
    "application_number",
)


def changes_between(before: Asset, after: Asset) -> FieldChanges:
    """Fields whose values differ; licence terms, custom fields and attachments one by one."""
    old, new = _values(before), _values(after)
    return {
        name: (old.get(name), new.get(name))
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    }


def _values(asset: Asset) -> Mapping[str, str]:
    """Every value of an asset as text, under the name of its field. What is empty is left out."""
    values = {name: _text(getattr(asset, name)) for name in _PLAIN_FIELDS}
    values["enterprise"] = asset.enterprise.name
    values |= {f"licence.{part.name}": _text(getattr(asset.licence, part.name)) for part in fields(LicenceTerms)}
    values |= {f"custom_fields.{key}": value for key, value in asset.custom_fields.items()}
    for name, files in _files_by_name(asset).items():
        values[f"attachments.{name}"] = "; ".join(sorted(_file(file) for file in files))
    return {name: value for name, value in values.items() if value}


def _files_by_name(asset: Asset) -> Mapping[str, list[Attachment]]:
    found: dict[str, list[Attachment]] = {}
    for attachment in asset.attachments:
        found.setdefault(attachment.file_name, []).append(attachment)
    return found


def _file(file: Attachment) -> str:
    """What a file is; enough to see that another one took its name."""
    marks = [mark for mark, is_set in (("confidential", file.confidential), ("image", file.is_image)) if is_set]
    return " ".join([f"sha256:{file.sha256.hex()}", f"{file.size_bytes} bytes", *marks])


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
