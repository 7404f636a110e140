"""Amounts as the doctor's sentences have them."""

from __future__ import annotations

_GB = 1_000_000_000
_MB = 1_000_000


def size(size_bytes: int) -> str:
    """`3.4 GB`, `0.1 MB`: decimal units, as file managers count."""
    return f"{size_bytes / _GB:.1f} GB" if size_bytes >= _GB else f"{size_bytes / _MB:.1f} MB"
