"""What became of asking for evidence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.file_names import safe_file_name

SUFFIX = ".evidence.zip"


@dataclass(frozen=True, slots=True)
class EvidenceBundle:
    """A bundle that was written, and judged before it got its name."""

    asset_id: UUID
    file: Path
    size_bytes: int
    sha256: str
    signer: str
    is_signer_sender: bool
    """Whether the same account sent the mint; otherwise whoever verifies must name the signer."""
    is_state_proved: bool
    """Whether owner and validity are proved by the chain's state and not only stated."""


@dataclass(frozen=True, slots=True)
class EvidenceOrigin:
    """What this register has to do with a bundle that was judged."""

    signer: str
    is_contract_ours: bool | None
    """Whether it is about the contract that this register is bound to; None where that is not known."""
    is_signer_ours: bool
    """Whether the account signs for this register now, or has signed evidence for it, as its audit log says."""


@dataclass(frozen=True, slots=True)
class EvidenceOutcome:
    """What became of one asset of several: a bundle, or why there is none."""

    asset_id: UUID
    bundle: EvidenceBundle | None = None
    error: IpnftError | None = None


def evidence_file_name(name: str, asset_id: UUID) -> str:
    """A name for the bundle of an asset; the end of the id keeps those of equal names apart."""
    return safe_file_name(f"{name[:80]} {str(asset_id)[-12:]}{SUFFIX}")
