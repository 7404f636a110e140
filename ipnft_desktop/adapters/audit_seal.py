"""Seals of the audit log's rows."""

from __future__ import annotations

import hashlib
import hmac

from ipnft_desktop.domain.audit import sealed_bytes


class AuditSeal:
    """Seals with one key, which it does not show: HMAC-SHA256 (RFC 2104), each seal over the one before it."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.key_id = hashlib.sha256(b"ipnft audit key\0" + key).hexdigest()[:16]
        """Tells keys apart without giving one away."""

    def mac(self, audit_id: int, previous_mac: bytes, canonical: bytes) -> bytes:
        """The seal of a row, from its number, the seal before it and its canonical bytes."""
        return hmac.digest(self._key, sealed_bytes(audit_id, previous_mac, canonical), "sha256")
