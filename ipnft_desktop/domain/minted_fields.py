"""An asset's fields out of the metadata that was minted for it: the way back from `domain/metadata.py`.

Metadata does not say everything, so what it leaves open comes from the asset as it is. What comes of it is taken only
where it gives the very bytes again: then nothing was read wrongly, and nothing was guessed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from ipnft_desktop.domain.assets import (
    AgreementType,
    Asset,
    AssetType,
    Attachment,
    Enterprise,
    LegalStatus,
    LicenceTerms,
)
from ipnft_desktop.domain.metadata import build_metadata, schema_version_of
from ipnft_desktop.domain.metadata_1 import CUSTOM, FIRST_ATTRIBUTES

_FIRST_VERSION = "1"
"""Knows no agreements and no page on the web."""
_IPFS = "ipfs://"


@dataclass(frozen=True, slots=True)
class NamedEnterprise:
    """An enterprise with the names that it had: metadata was made under one of them."""

    enterprise: Enterprise
    former_names: Sequence[str] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The present one first."""
        return self.enterprise.name, *self.former_names


def asset_as_minted(
    asset: Asset, metadata: bytes, enterprises: Iterable[NamedEnterprise], new_id: Callable[[], UUID]
) -> Asset | None:
    """The asset with the fields that its minted metadata tells; None where they cannot all be told: it is no metadata
    of this asset, its enterprise is not known any more, or the register lacks a confidential file, of which metadata
    tells nothing but the hash.

    `new_id` numbers a public file that the register lacks.
    """
    try:
        document = json.loads(metadata)
        told = document["ip"]
        owner = _owner(asset, told["enterprise"], enterprises)
        if owner is None or told["asset_id"] != str(asset.asset_id):
            return None
        files = _Files(asset.attachments, document, new_id).read()
        found = replace(_with_fields(asset, document), enterprise=owner)
        return _proved(found, files, replace(owner, name=told["enterprise"]), metadata)
    except (KeyError, ValueError, TypeError, AttributeError, LookupError, RecursionError):
        return None


def _proved(found: Asset, files: Sequence[Attachment], named: Enterprise, metadata: bytes) -> Asset | None:
    """With its files in the register's own order, or else in that of the metadata: whichever gives the same bytes.
    Raises ValueError for text that no metadata can hold."""
    version = schema_version_of(metadata)
    for order in (sorted(files, key=_place_in(found)), files):
        candidate = replace(found, attachments=tuple(order))
        if build_metadata(replace(candidate, enterprise=named), version) == metadata:
            return candidate
    return None


def names_file(metadata: bytes, cid: str) -> bool:
    """Whether metadata names a public file of this address."""
    try:
        told = json.loads(metadata)["ip"]
        return any(entry.get("cid") == cid for entry in (*told.get("agreements", ()), *told["attachments"]))
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
        return False


def _owner(asset: Asset, name: str, enterprises: Iterable[NamedEnterprise]) -> Enterprise | None:
    """The asset's own enterprise where it ever had that name; else whoever has it, and last whoever had it."""
    found = [each for each in enterprises if name in each.names]
    own = (each for each in found if each.enterprise.enterprise_id == asset.enterprise.enterprise_id)
    present = (each for each in found if each.enterprise.name == name)
    best = next(own, None) or next(present, None) or next(iter(found), None)
    return best.enterprise if best else None


def _with_fields(asset: Asset, document: Mapping[str, Any]) -> Asset:
    told, licence = document["ip"], document["ip"]["licence"]
    is_first = told["schema_version"] == _FIRST_VERSION
    expires_on = licence["expires_on"]
    return replace(
        asset,
        name=_text(document["name"]),
        description=_text(document["description"]),
        external_url=asset.external_url if is_first else _text(document.get("external_url", "")),
        asset_type=AssetType(told["type"]),
        legal_status=LegalStatus(told["legal_status"]),
        application_number=_text(told["application_number"]),
        creator_name=_text(told["creator"]),
        creation_date=date.fromisoformat(told["creation_date"]),
        licence=LicenceTerms(
            transferable=_flag(licence["transferable"]),
            commercial_use=_flag(licence["commercial_use"]),
            derivatives=_flag(licence["derivatives"]),
            attribution=_flag(licence["attribution"]),
            revenue_share_bp=_number(licence["revenue_share_bp"]),
            expires_on=date.fromisoformat(expires_on) if expires_on else None,
        ),
        custom_fields=_first_custom_fields(asset, document) if is_first else _custom_fields(told["custom_fields"]),
    )


def _custom_fields(told: Mapping[Any, Any]) -> dict[str, str]:
    return {_text(name): _text(value) for name, value in told.items()}


def _first_custom_fields(asset: Asset, document: Mapping[str, Any]) -> dict[str, str]:
    """Version 1 tells them among the attributes only: without the empty ones, and called " (custom)" where the register
    has a field of that name itself."""
    found = {name: value for name, value in asset.custom_fields.items() if not value}
    own = {name.casefold() for name in FIRST_ATTRIBUTES}
    for attribute in document["attributes"]:
        name = _text(attribute["trait_type"])
        if name.casefold() in own:
            continue
        plain = name.removesuffix(CUSTOM)
        is_marked = plain != name and plain.casefold() in own and name not in asset.custom_fields
        found[plain if is_marked else name] = _text(attribute["value"])
    return found


class _Files:
    """Joins what metadata tells of files with what the register has of them."""

    def __init__(self, known: Sequence[Attachment], document: Mapping[str, Any], new_id: Callable[[], UUID]) -> None:
        self._free = list(known)
        self._told = document["ip"]
        self._image = str(document.get("image", "")).removeprefix(_IPFS)
        self._new_id = new_id

    def read(self) -> list[Attachment]:
        """In the order of the metadata. Raises LookupError for a confidential file that the register lacks."""
        if self._told["schema_version"] == _FIRST_VERSION:
            return [self._joined(entry, keeps_agreement=True) for entry in self._told["attachments"]]
        agreements = [
            self._joined({**entry, "confidential": entry["encrypted"]}, AgreementType(entry["type"]))
            for entry in self._told["agreements"]
        ]
        return [*agreements, *(self._joined(entry) for entry in self._told["attachments"])]

    def _joined(
        self, entry: Mapping[str, Any], agreement: AgreementType | None = None, *, keeps_agreement: bool = False
    ) -> Attachment:
        sha256 = bytes.fromhex(entry["sha256"])
        known = self._take(entry.get("cid"), sha256)
        kind = known.agreement if keeps_agreement and known else agreement
        if entry["confidential"]:
            if known is None or not (known.sealed_key or known.confidential):
                raise LookupError("a confidential file is told by its hash alone")
            media_type = entry.get("media_type", known.media_type)
            return replace(known, sha256=sha256, confidential=True, agreement=kind, media_type=media_type)
        cid = _text(entry["cid"])
        return Attachment(
            attachment_id=known.attachment_id if known else self._new_id(),
            file_name=_text(entry["name"]),
            media_type=_text(entry["media_type"]),
            size_bytes=_number(entry["size_bytes"]),
            sha256=sha256,
            cid=cid,
            is_image=cid == self._image,
            agreement=kind,
        )

    def _take(self, cid: str | None, sha256: bytes) -> Attachment | None:
        """The register's file of this address, or else of this hash; each once."""
        by_cid = (file for file in self._free if file.cid == cid)
        by_hash = (file for file in self._free if file.sha256 == sha256)
        found = next(by_cid, None) or next(by_hash, None)
        if found is not None:
            self._free.remove(found)
        return found


def _place_in(asset: Asset) -> Callable[[Attachment], int]:
    """The register's own order, in which metadata tells agreements and other files apart; new files come last."""
    places = {file.attachment_id: place for place, file in enumerate(asset.attachments)}
    return lambda file: places.get(file.attachment_id, len(places))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _number(value: Any) -> int:
    if type(value) is not int:
        raise TypeError("no whole number")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("no yes or no")
    return value
