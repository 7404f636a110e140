"""What a mint is about, in the dialog's terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from ipnft_desktop.domain.assets import Asset, AssetType
from ipnft_desktop.domain.minting import MintJob, RecipientType
from ipnft_desktop.services.mint_desk import MintRequest


@dataclass(frozen=True, slots=True)
class MintSubject:
    """One asset to mint and the wallet its enterprise keeps for tokens."""

    asset_id: UUID
    name: str
    asset_type: AssetType
    enterprise_name: str
    wallet_address: str
    wallet_label: str
    image_cid: str | None

    @classmethod
    def of(cls, asset: Asset) -> MintSubject:
        """The subject an asset of the register makes."""
        enterprise = asset.enterprise
        return cls(
            asset_id=asset.asset_id,
            name=asset.name,
            asset_type=asset.asset_type,
            enterprise_name=enterprise.name,
            wallet_address=enterprise.wallet_address,
            wallet_label=enterprise.wallet_label,
            image_cid=asset.image.cid if asset.image else None,
        )

    def label_of(self, address: str) -> str:
        """What the register calls an address, seen from this asset; empty for a stranger."""
        return self.wallet_label if address == self.wallet_address else ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A subject that the contract refused between the estimate and the signature, so that the others went on alone."""

    subject: MintSubject
    job: MintJob | None
    """In which it is now: failed, or under way in a transaction of its own."""


def requests_for(subjects: Sequence[MintSubject], recipient: str | None) -> tuple[MintRequest, ...]:
    """Requests to one recipient for all, or each to its own enterprise's wallet where there is none."""
    return tuple(
        MintRequest(subject.asset_id, subject.wallet_address)
        if recipient in (None, subject.wallet_address)
        else MintRequest(subject.asset_id, recipient or "", RecipientType.USER)
        for subject in subjects
    )


def destination_of(requests: Sequence[MintRequest]) -> str | None:
    """The one recipient of all, or None where each goes to its own enterprise."""
    return next((one.recipient for one in requests if one.recipient_type is not RecipientType.ENTERPRISE), None)


def saved_percent(job: MintJob, single_mint_gas: int | None) -> float | None:
    """How much less gas a token of this batch took than a single mint, in percent; None where nothing compares.

    `single_mint_gas` is the receipt's figure of the latest single mint on the same contract (design 4, base i).
    """
    if job.mined is None or len(job.items) < 2 or not single_mint_gas:
        return None
    return 100 * (1 - job.mined.gas_used / len(job.items) / single_mint_gas)
