"""What the metadata of an asset says, as a bundle states it; read from `resources/schema/metadata-*.schema.json`.

A bundle is made of these facts and judged by them, so that neither side has words of its own.
"""

from __future__ import annotations

from typing import Any

from ipnft_verify.canonical import canonical, loaded
from ipnft_verify.manifest import Manifest, attachment_entry

_ASSET_FIELDS = ("type", "legal_status", "application_number", "creator", "creation_date", "enterprise")


class MetadataFacts:
    """An asset's metadata. What is not as the schema says raises one of `broken.MISREAD` when it is asked for."""

    def __init__(self, data: bytes) -> None:
        """Raises ValueError for what is no JSON object."""
        self._document: dict[str, Any] = loaded(data)
        self._ip: dict[str, Any] = self._document["ip"]

    @property
    def asset(self) -> dict[str, str]:
        """Whose metadata it is."""
        told = {name: self._ip[name] for name in _ASSET_FIELDS}
        return {"id": self._ip["asset_id"], "name": self._document["name"], **told}

    @property
    def licence(self) -> dict[str, Any]:
        """The terms; without an end `expires_on` is empty."""
        terms = self._ip["licence"]
        return {**terms, "expires_on": terms["expires_on"] or ""}

    @property
    def attachments(self) -> list[dict[str, Any]]:
        """The public files, in the order of the metadata: files of the work, then agreements."""
        return [
            {
                "entry": attachment_entry(number, file["name"]),
                "file_name": file["name"],
                "media_type": file["media_type"],
                "size_bytes": file["size_bytes"],
                "sha256": file["sha256"],
                "cid": file["cid"],
            }
            for number, (_, file) in enumerate(pair for pair in self._files if "cid" in pair[1])
        ]

    @property
    def withheld(self) -> list[dict[str, str]]:
        """The confidential files: nothing but their hashes is public."""
        return [{"kind": kind, "sha256": file["sha256"]} for kind, file in self._files if "cid" not in file]

    def licence_file(self) -> bytes:
        """The terms and the agreements as a file of their own."""
        content = {
            "asset_id": self._ip["asset_id"],
            "licence": self._ip["licence"],
            "agreements": self._ip.get("agreements", []),
        }
        return canonical(content)

    @property
    def _files(self) -> list[tuple[str, dict[str, Any]]]:
        files = [("ATTACHMENT", file) for file in self._ip["attachments"]]
        return files + [("AGREEMENT", file) for file in self._ip.get("agreements", [])]


def image_entry(manifest: Manifest, metadata: bytes) -> str | None:
    """Entry of the picture that stands for the asset; None where it has none."""
    image = loaded(metadata).get("image", "")
    named = (file["entry"] for file in manifest["attachments"] if image == f"ipfs://{file['cid']}")
    return next(named, None)
