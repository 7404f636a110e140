"""Bundles by somebody who makes everything fit and signs it with an account of their own."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Generator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import pytest

import ipnft_verify.keccak
from ipnft_desktop.adapters.chain.account_signer import account_of
from ipnft_verify.canonical import parsed
from ipnft_verify.manifest import MANIFEST, PROOFS, SIGNATURE, Manifest
from ipnft_verify.proof_text import proof_text
from ipnft_verify.report import Report
from ipnft_verify.signing import Statement, signature_file
from ipnft_verify.verify import verify
from tests.support.evidence_world import entries_of, packed, remembered

FORGER = account_of(b"\x11" * 32)
"""Somebody else's account."""


@contextmanager
def quick_hashes() -> Generator[None]:
    """Within it the same bytes are hashed once."""
    slow = ipnft_verify.keccak.keccak256
    users = [module for name, module in sys.modules.items() if name.startswith("ipnft_verify.")]
    with pytest.MonkeyPatch.context() as patch:
        for module in users:
            if getattr(module, "keccak256", None) is slow:
                patch.setattr(module, "keccak256", remembered(slow))
        yield


def judged(bundle: bytes, **told: Any) -> Report:
    return verify(BytesIO(bundle), **told)


def forged(bundle: bytes, change: dict[str, bytes] | None = None, **facts: object) -> bytes:
    """The bundle with other entries and facts, everything made to fit, and signed by somebody else."""
    entries = entries_of(bundle) | (change or {})
    stated = parsed(entries[MANIFEST]) | facts
    return signed_anew(entries, stated)


def signed_anew(entries: dict[str, bytes], stated: dict[str, object]) -> bytes:
    bare = Manifest.of({**stated, "files": []})
    entries = entries | {name: proof_text(bare, language) for language, name in PROOFS.items()}
    listed = [
        {"name": name, "size_bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in entries.items()
        if name not in (MANIFEST, SIGNATURE)
    ]
    manifest = Manifest.of({**stated, "files": listed})
    signature = FORGER.sign_digest(Statement.about(manifest).digest())
    signature = signature[:64] + bytes([27 + signature[64]])
    made = entries | {MANIFEST: manifest.data, SIGNATURE: signature_file(manifest, FORGER.address, signature)}
    return packed(made)
