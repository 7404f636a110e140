"""ERC-721 metadata of an asset: the same asset always gives the same bytes, hence the same CID.

`name`, `description`, `image`, `external_url` and `attributes` are what viewers of NFTs read; `ip` holds everything
else, in words a lawyer would ask for. The published JSON Schema is `resources/schema/metadata-2.schema.json`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from typing import Any

from ipnft_desktop.domain.assets import Asset, Attachment, LicenceTerms
from ipnft_desktop.domain.canonical_json import canonical_json
from ipnft_desktop.domain.metadata_1 import build_metadata_1

SCHEMA_VERSION = "2"

_NOON = time(12, tzinfo=UTC)
"""A viewer shows a moment in its reader's own time: at noon UTC that is the same day nearly everywhere."""


def metadata_file_name(asset: Asset) -> str:
    """Name of the metadata file inside its directory, as `IPAssetNFT.tokenURI` spells it."""
    return f"{asset.asset_id}.json"


def build_metadata(asset: Asset, schema_version: str = SCHEMA_VERSION) -> bytes:
    """Canonical JSON (RFC 8785), in the shape that version of the schema describes.

    Raises:
        KeyError: no such version was ever published.
    """
    return _BUILDERS[schema_version](asset)


def schema_version_of(metadata: bytes) -> str:
    """Which version of the schema published metadata follows; the present one where it does not say so."""
    try:
        version = json.loads(metadata)["ip"]["schema_version"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return SCHEMA_VERSION
    return version if isinstance(version, str) and version in _BUILDERS else SCHEMA_VERSION


def _build_metadata_2(asset: Asset) -> bytes:
    document: dict[str, Any] = {
        "name": asset.name,
        "description": asset.description,
        "attributes": [*_attributes(asset)],
        "ip": _intellectual_property(asset),
    }
    if asset.image and not asset.image.confidential:
        document["image"] = f"ipfs://{asset.image.cid}"
    if asset.external_url:
        document["external_url"] = asset.external_url
    return canonical_json(document)


_BUILDERS: Mapping[str, Callable[[Asset], bytes]] = MappingProxyType({"2": _build_metadata_2, "1": build_metadata_1})
SCHEMA_VERSIONS = tuple(_BUILDERS)
"""Every version that was ever published, newest first."""


def _attributes(asset: Asset) -> Iterator[dict[str, Any]]:
    own: dict[str, str] = {
        "Type": asset.asset_type.value,
        "Legal status": asset.legal_status.value,
        "Creator": asset.creator_name,
        # Not as a `date`: rights reach back before 1970, and viewers show such moments wrongly or not at all.
        "Creation date": asset.creation_date.isoformat(),
        "Enterprise": asset.enterprise.name,
        "Application number": asset.application_number,
    }
    yield from ({"trait_type": name, "value": value} for name, value in own.items() if value)
    if asset.licence.expires_on:
        yield {"trait_type": _LICENCE_END, "display_type": "date", "value": _seconds(asset.licence.expires_on)}
    taken = {name.casefold() for name in (*own, _LICENCE_END)}
    for name, value in sorted(asset.custom_fields.items()):
        if value:
            yield {"trait_type": _free_name(name.strip(), taken), "value": value}


_LICENCE_END = "Licence ends"


def _free_name(name: str, taken: set[str]) -> str:
    """Nobody who reads "Legal status" may take a person's own field for what the register says."""
    while name.casefold() in taken:
        name += " (custom)"
    taken.add(name.casefold())
    return name


def _seconds(day: date) -> int:
    """A day as viewers want it for `display_type` `date`: seconds since 1970."""
    return int(datetime.combine(day, _NOON).timestamp())


def _intellectual_property(asset: Asset) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "asset_id": str(asset.asset_id),
        "type": asset.asset_type.value,
        "legal_status": asset.legal_status.value,
        "application_number": asset.application_number,
        "creator": asset.creator_name,
        "creation_date": asset.creation_date.isoformat(),
        "enterprise": asset.enterprise.name,
        "licence": _licence(asset.licence),
        "agreements": [_agreement(file) for file in asset.attachments if file.agreement],
        "attachments": [_attachment(file) for file in asset.attachments if not file.agreement],
        "custom_fields": dict(asset.custom_fields),
    }


def _licence(licence: LicenceTerms) -> dict[str, Any]:
    return {
        "transferable": licence.transferable,
        "commercial_use": licence.commercial_use,
        "derivatives": licence.derivatives,
        "attribution": licence.attribution,
        "revenue_share_bp": licence.revenue_share_bp,
        "expires_on": licence.expires_on.isoformat() if licence.expires_on else None,
    }


def _agreement(file: Attachment) -> dict[str, Any]:
    """That there is one, of what kind, and the hash that proves its text; the file itself only if it is public."""
    assert file.agreement is not None
    told = {
        "type": file.agreement.value,
        "sha256": file.sha256.hex(),
        "media_type": file.media_type,
        "encrypted": file.confidential,
    }
    return told if file.confidential else told | _where(file)


def _attachment(file: Attachment) -> dict[str, Any]:
    """Of a confidential file only the hash: name, type and size can give its content away."""
    told = {"sha256": file.sha256.hex(), "confidential": file.confidential}
    return told if file.confidential else told | {"media_type": file.media_type} | _where(file)


def _where(file: Attachment) -> dict[str, Any]:
    return {"name": file.file_name, "size_bytes": file.size_bytes, "cid": file.cid}
