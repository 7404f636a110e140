"""Metadata as version 1 of the schema had it: kept for ever, so that what was minted with it can be compared.

The published JSON Schema is `resources/schema/metadata-1.schema.json`.
"""

from __future__ import annotations

import json
from typing import Any

from ipnft_desktop.domain.assets import Asset, Attachment

SCHEMA_VERSION = "1"
FIRST_ATTRIBUTES = ("Type", "Legal status", "Creator", "Creation date", "Enterprise", "Application number")
CUSTOM = " (custom)"
"""Behind the name of a person's own field that is called as one of these."""


def build_metadata_1(asset: Asset) -> bytes:
    """Sorted keys, no spaces, no escapes; knows no agreements and no page on the web."""
    return json.dumps(_document(asset), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _document(asset: Asset) -> dict[str, Any]:
    document: dict[str, Any] = {
        "name": asset.name,
        "description": asset.description,
        "attributes": _attributes(asset),
        "ip": _intellectual_property(asset),
    }
    if asset.image and not asset.image.confidential:
        document["image"] = f"ipfs://{asset.image.cid}"
    return document


def _attributes(asset: Asset) -> list[dict[str, Any]]:
    values = (
        asset.asset_type.value,
        asset.legal_status.value,
        asset.creator_name,
        asset.creation_date.isoformat(),
        asset.enterprise.name,
        asset.application_number,
    )
    own = dict(zip(FIRST_ATTRIBUTES, values, strict=True))
    # Nobody who reads "Legal status" may take a person's own field for what the register says.
    taken = {name.casefold() for name in own}
    custom = [
        (name.strip() + CUSTOM if name.strip().casefold() in taken else name, value)
        for name, value in sorted(asset.custom_fields.items())
    ]
    return [{"trait_type": name, "value": value} for name, value in (*own.items(), *custom) if value]


def _intellectual_property(asset: Asset) -> dict[str, Any]:
    licence = asset.licence
    return {
        "schema_version": SCHEMA_VERSION,
        "asset_id": str(asset.asset_id),
        "type": asset.asset_type.value,
        "legal_status": asset.legal_status.value,
        "application_number": asset.application_number,
        "creator": asset.creator_name,
        "creation_date": asset.creation_date.isoformat(),
        "enterprise": asset.enterprise.name,
        "licence": {
            "transferable": licence.transferable,
            "commercial_use": licence.commercial_use,
            "derivatives": licence.derivatives,
            "attribution": licence.attribution,
            "revenue_share_bp": licence.revenue_share_bp,
            "expires_on": licence.expires_on.isoformat() if licence.expires_on else None,
        },
        "attachments": [_attachment(attachment) for attachment in asset.attachments],
    }


def _attachment(attachment: Attachment) -> dict[str, Any]:
    """Of a confidential file only the hash: name, type and size can give its content away."""
    if attachment.confidential:
        return {"confidential": True, "sha256": attachment.sha256.hex()}
    return {
        "name": attachment.file_name,
        "media_type": attachment.media_type,
        "size_bytes": attachment.size_bytes,
        "sha256": attachment.sha256.hex(),
        "confidential": False,
        "cid": attachment.cid,
    }
