"""Builds what makes and judges evidence bundles."""

from __future__ import annotations

from ipnft_desktop import __version__
from ipnft_desktop.bootstrap.adapters import Adapters
from ipnft_desktop.services.chain_identity import IdentityCheck
from ipnft_desktop.services.evidence import EvidenceService
from ipnft_desktop.services.session import Session


def evidence_service(parts: Adapters, identity: IdentityCheck, session: Session) -> EvidenceService | None:
    """None where the chain proves nothing."""
    if parts.proofs is None:
        return None
    return EvidenceService(
        parts.database,
        parts.content,
        parts.proofs,
        parts.bundles,
        parts.signer,
        identity,
        parts.clock,
        session,
        f"IPNFT Desktop {__version__}",
    )
