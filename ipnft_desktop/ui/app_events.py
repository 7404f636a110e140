"""What happened in the core, once, as typed Qt signals."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from ipnft_desktop.domain.events import (
    AddressBookChanged,
    AlertCleared,
    AlertRaised,
    AssetChanged,
    AssetCreated,
    AssetDeleted,
    AssetsImported,
    BackupMade,
    BlockArrived,
    CertificateChanged,
    ContractWriteChanged,
    DomainEvent,
    EnterpriseChanged,
    EnvironmentChanged,
    GatheringChanged,
    IndexAdvanced,
    LocalChainChanged,
    MintAdvanced,
    PublicationsChanged,
    RegisterOpened,
    RunRequested,
    SessionChanged,
    WritingFrozen,
)
from ipnft_desktop.services.event_hub import EventHub


class AppEvents(QObject):
    """Turns domain events into signals; each carries the event itself, frozen and with the whole new row."""

    asset_created = Signal(object)
    assets_imported = Signal(object)
    asset_changed = Signal(object)
    asset_deleted = Signal(object)
    run_requested = Signal(object)
    gathering_changed = Signal(object)
    mint_advanced = Signal(object)
    block_arrived = Signal(object)
    index_advanced = Signal(object)
    environment_changed = Signal(object)
    writing_frozen = Signal(object)
    alert_raised = Signal(object)
    alert_cleared = Signal(object)
    backup_made = Signal(object)
    register_opened = Signal(object)
    session_changed = Signal(object)
    enterprise_changed = Signal(object)
    address_book_changed = Signal(object)
    publications_changed = Signal(object)
    contract_write_changed = Signal(object)
    certificate_changed = Signal(object)
    local_chain_changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._unsubscribe: Callable[[], None] | None = None

    def attach(self, hub: EventHub) -> None:
        """Pass on what this hub publishes from now on, and nothing of an earlier hub any more."""
        self.detach()
        self._unsubscribe = hub.subscribe(self._on_event)

    def catch_up(self, hub: EventHub) -> None:
        """Tell again, here alone, what stands in a hub that was at work before."""
        for event in hub.standing:
            self._on_event(event)

    def detach(self) -> None:
        """Pass nothing on any more; harmless when nothing is attached."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None

    def _on_event(self, event: DomainEvent) -> None:
        match event:
            case AssetCreated():
                self.asset_created.emit(event)
            case AssetsImported():
                self.assets_imported.emit(event)
            case AssetChanged():
                self.asset_changed.emit(event)
            case AssetDeleted():
                self.asset_deleted.emit(event)
            case RunRequested():
                self.run_requested.emit(event)
            case GatheringChanged():
                self.gathering_changed.emit(event)
            case MintAdvanced():
                self.mint_advanced.emit(event)
            case BlockArrived():
                self.block_arrived.emit(event)
            case IndexAdvanced():
                self.index_advanced.emit(event)
            case EnvironmentChanged():
                self.environment_changed.emit(event)
            case WritingFrozen():
                self.writing_frozen.emit(event)
            case AlertRaised():
                self.alert_raised.emit(event)
            case AlertCleared():
                self.alert_cleared.emit(event)
            case BackupMade():
                self.backup_made.emit(event)
            case RegisterOpened():
                self.register_opened.emit(event)
            case SessionChanged():
                self.session_changed.emit(event)
            case EnterpriseChanged():
                self.enterprise_changed.emit(event)
            case AddressBookChanged():
                self.address_book_changed.emit(event)
            case PublicationsChanged():
                self.publications_changed.emit(event)
            case ContractWriteChanged():
                self.contract_write_changed.emit(event)
            case CertificateChanged():
                self.certificate_changed.emit(event)
            case LocalChainChanged():
                self.local_chain_changed.emit(event)
