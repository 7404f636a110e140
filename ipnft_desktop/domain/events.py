"""What happened, told once and with the whole new row, so that nobody asks the database again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from ipnft_desktop.domain.alerts import Alert
from ipnft_desktop.domain.assets import AssetRow, Enterprise
from ipnft_desktop.domain.batch_runs import BatchRun
from ipnft_desktop.domain.chain import BlockRef
from ipnft_desktop.domain.chain_events import IndexStatus
from ipnft_desktop.domain.contract_writes import ContractWrite
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.minting import MintProgress
from ipnft_desktop.domain.people import User
from ipnft_desktop.domain.publications import Publication


@dataclass(frozen=True, slots=True)
class AssetCreated:
    """An asset entered the register."""

    row: AssetRow


@dataclass(frozen=True, slots=True)
class AssetsImported:
    """Many assets entered the register in one commit: too many to tell of each, so lists are laid out anew."""

    count: int


@dataclass(frozen=True, slots=True)
class AssetChanged:
    """An asset's row is different now: edited, or its mint moved."""

    row: AssetRow


@dataclass(frozen=True, slots=True)
class AssetDeleted:
    """A draft left the register."""

    asset_id: UUID


@dataclass(frozen=True, slots=True)
class RunRequested:
    """Many mints are on record as one run; work on them begins."""

    run: BatchRun


@dataclass(frozen=True, slots=True)
class GatheringChanged:
    """Other mints wait for company now, or by another rule."""


@dataclass(frozen=True, slots=True)
class MintAdvanced:
    """A mint reached a new stage or a new confirmation."""

    progress: MintProgress


@dataclass(frozen=True, slots=True)
class BlockArrived:
    """The chain grew; the price is the one the next transaction would pay."""

    block: BlockRef
    gas_price_wei: int


@dataclass(frozen=True, slots=True)
class IndexAdvanced:
    """The index of the chain reaches further, fell back to where the chain was reorganised, or met something."""

    status: IndexStatus


@dataclass(frozen=True, slots=True)
class EnvironmentChanged:
    """The environment became ready, or is not any more."""

    is_ready: bool
    node_lost: bool = False
    """The node ended although nobody asked it to."""
    is_frozen: bool = False
    """The chain is not the one this register belongs to; `WritingFrozen` told why."""


@dataclass(frozen=True, slots=True)
class WritingFrozen:
    """Nothing may be sent any more: the chain is not the one this register belongs to, or lost its state."""

    error: IpnftError


@dataclass(frozen=True, slots=True)
class AlertRaised:
    """A condition of the mints needs a look."""

    alert: Alert


@dataclass(frozen=True, slots=True)
class AlertCleared:
    """That condition passed."""

    alert: Alert


@dataclass(frozen=True, slots=True)
class BackupMade:
    """The register has one more backup."""

    name: str


@dataclass(frozen=True, slots=True)
class RegisterOpened:
    """The register can be read, and people can sign in; the chain may still be on its way."""


@dataclass(frozen=True, slots=True)
class SessionChanged:
    """Somebody signed in or out, or the account that is signed in was changed."""

    user: User | None


@dataclass(frozen=True, slots=True)
class EnterpriseChanged:
    """An enterprise is new, or has another name or wallet; every line that shows it is different now."""

    enterprise: Enterprise


@dataclass(frozen=True, slots=True)
class AddressBookChanged:
    """Addresses have other names now."""

    labels: Mapping[str, str]
    """All of them, by checksummed address."""


@dataclass(frozen=True, slots=True)
class PublicationsChanged:
    """Content is published, waits to be, or was found missing. None of them is named where many changed at once."""

    publications: tuple[Publication, ...]
    waiting_because: IpnftError | None = None
    """Why nothing goes out to the IPFS node at the moment."""


@dataclass(frozen=True, slots=True)
class ContractWriteChanged:
    """A call of a contract was recorded, or a block shows it, or shows it no more."""

    write: ContractWrite


@dataclass(frozen=True, slots=True)
class LocalChainChanged:
    """How the node of our own mines, or its snapshots, or what its accounts hold, is different now."""


@dataclass(frozen=True, slots=True)
class CertificateChanged:
    """A change of a certificate's validity was recorded, or a block shows it, or shows it no more."""

    asset_id: UUID
    write: ContractWrite


DomainEvent = (
    AssetCreated
    | AssetsImported
    | AssetChanged
    | AssetDeleted
    | RunRequested
    | GatheringChanged
    | MintAdvanced
    | BlockArrived
    | IndexAdvanced
    | EnvironmentChanged
    | WritingFrozen
    | AlertRaised
    | AlertCleared
    | BackupMade
    | RegisterOpened
    | SessionChanged
    | EnterpriseChanged
    | AddressBookChanged
    | PublicationsChanged
    | ContractWriteChanged
    | CertificateChanged
    | LocalChainChanged
)
