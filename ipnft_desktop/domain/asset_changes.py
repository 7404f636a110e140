"""What differs between versions of an asset, field by field, and how two changes of the same one come together.

A field is named as in the form: `name`, `licence.expires_on`, `custom_fields.<its name>`, `image`, and
`attachments.<id>` for one file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

from ipnft_desktop.domain.assets import Asset, AssetDraft, Attachment, LicenceTerms

FieldValue = object
"""A value of the domain; None where the field, or the file, is not there."""

_LICENCE = "licence."
_CUSTOM = "custom_fields."
_FILE = "attachments."
_IMAGE = "image"
_PLAIN = tuple(one.name for one in fields(AssetDraft) if one.name not in ("licence", "custom_fields"))
_TERMS = tuple(one.name for one in fields(LicenceTerms))
_FIXED = (*_PLAIN, *(_LICENCE + term for term in _TERMS))


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after, as text that stays readable without the program; empty where it was not there."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class AssetContents:
    """What an edit may change of an asset."""

    draft: AssetDraft
    files: tuple[Attachment, ...] = ()
    new_image: str = ""
    """Name of a picture that was chosen and is not stored yet; it takes the place of the stored one."""


class Side(StrEnum):
    """Who changed a field since the version both began with, or whose value is taken."""

    MINE = "MINE"
    THEIRS = "THEIRS"
    BOTH = "BOTH"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which two versions made from the same one are not alike."""

    field: str
    original: FieldValue
    theirs: FieldValue
    mine: FieldValue

    @property
    def changed_by(self) -> Side:
        """Whose change it is; BOTH is a conflict that a person has to settle."""
        if self.mine == self.original:
            return Side.THEIRS
        return Side.MINE if self.theirs == self.original else Side.BOTH


def contents_of(asset: Asset) -> AssetContents:
    """A stored asset as the form would show it."""
    draft = AssetDraft(
        name=asset.name,
        asset_type=asset.asset_type,
        description=asset.description,
        creator_name=asset.creator_name,
        creation_date=asset.creation_date.isoformat(),
        legal_status=asset.legal_status,
        enterprise_id=asset.enterprise.enterprise_id,
        application_number=asset.application_number,
        external_url=asset.external_url,
        licence=asset.licence,
        custom_fields=dict(asset.custom_fields),
    )
    return AssetContents(draft, asset.attachments)


def changes_between(old: Asset | None, new: Asset | None) -> tuple[FieldChange, ...]:
    """What an edit changed, in the order of the form; None stands for an asset that is not there."""
    before, after = ({} if asset is None else _texts(asset) for asset in (old, new))
    return tuple(
        FieldChange(name, before.get(name, ""), after.get(name, ""))
        for name in _in_order(before, after)
        if before.get(name, "") != after.get(name, "")
    )


def differences(original: AssetContents, theirs: AssetContents, mine: AssetContents) -> tuple[Difference, ...]:
    """Every field in which `theirs` and `mine` are not alike; what both changed alike is none."""
    base, other, own = _values(original), _values(theirs), _values(mine)
    return tuple(
        Difference(name, base.get(name), other.get(name), own.get(name))
        for name in _in_order(own, other, base)
        if own.get(name) != other.get(name)
    )


def merge(
    original: AssetContents, theirs: AssetContents, mine: AssetContents, settled: Mapping[str, Side]
) -> AssetContents:
    """One version of two that were made from `original`.

    What one side changed comes from there. Where both did, or a person decided otherwise, `settled` names the side by
    field; a conflict that it does not name stays as in `mine`.
    """
    other, own = _values(theirs), _values(mine)
    for difference in differences(original, theirs, mine):
        name = difference.field
        if settled.get(name, difference.changed_by) is not Side.THEIRS:
            continue
        own.pop(name, None)
        if name in other:
            own[name] = other[name]
    return _contents(own)


def _in_order(*versions: Mapping[str, Any]) -> list[str]:
    names = dict.fromkeys(name for version in versions for name in version)
    return sorted(names, key=_rank)  # stable: custom fields and files stay in the order of the first version


def _rank(name: str) -> int:
    """Place in the form: the plain fields, the licence, own fields, the picture, the files."""
    if name in _FIXED:
        return _FIXED.index(name)
    if name == _IMAGE:
        return len(_FIXED) + 1
    return len(_FIXED) + (2 if name.startswith(_FILE) else 0)


def _values(contents: AssetContents) -> dict[str, FieldValue]:
    """Flat, as it would be stored: blanks at the ends of what was typed make no difference."""
    draft = contents.draft
    values: dict[str, FieldValue] = {}
    for name in _PLAIN:
        value = getattr(draft, name)
        values[name] = value.strip() if type(value) is str else value
    values |= {_LICENCE + term: getattr(draft.licence, term) for term in _TERMS}
    values |= {_CUSTOM + name: value for name, value in draft.custom_fields.items()}
    values |= {f"{_FILE}{file.attachment_id}": file for file in contents.files if not file.is_image}
    image = contents.new_image or next((file for file in contents.files if file.is_image), None)
    return values | ({_IMAGE: image} if image else {})


def _contents(values: Mapping[str, Any]) -> AssetContents:
    def below(prefix: str) -> dict[str, Any]:
        return {name.removeprefix(prefix): value for name, value in values.items() if name.startswith(prefix)}

    draft = AssetDraft(
        **{name: values[name] for name in _PLAIN},
        licence=LicenceTerms(**below(_LICENCE)),
        custom_fields=below(_CUSTOM),
    )
    image = values.get(_IMAGE)
    pictures = (image,) if isinstance(image, Attachment) else ()
    return AssetContents(draft, (*pictures, *below(_FILE).values()), image if isinstance(image, str) else "")


def _texts(asset: Asset) -> dict[str, str]:
    values = _values(replace(contents_of(asset), files=()))
    values["enterprise_id"] = asset.enterprise.name
    texts = {name: _text(value) for name, value in values.items()}
    return texts | _file_texts(asset.attachments)


def _file_texts(files: Sequence[Attachment]) -> dict[str, str]:
    return {_IMAGE if file.is_image else f"{_FILE}{file.attachment_id}": _file_text(file) for file in files}


def _file_text(file: Attachment) -> str:
    kinds = [file.agreement.value] if file.agreement else []
    kinds += ["confidential"] if file.confidential else []
    return ", ".join((file.file_name, *kinds, f"sha256 {file.sha256.hex()}"))


def _text(value: FieldValue) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)
