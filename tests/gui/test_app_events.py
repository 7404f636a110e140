"""Domain events reach the window once each, and only from the hub that is attached."""

from __future__ import annotations

from uuid import UUID

import pytest

from ipnft_desktop.domain.alerts import Alert, AlertKind
from ipnft_desktop.domain.assets import Enterprise
from ipnft_desktop.domain.batch_runs import BatchRun, BatchStrategy
from ipnft_desktop.domain.chain import BlockRef
from ipnft_desktop.domain.chain_events import IndexStatus
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
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
    EnterpriseChanged,
    EnvironmentChanged,
    IndexAdvanced,
    MintAdvanced,
    RunRequested,
    SessionChanged,
    WritingFrozen,
)
from ipnft_desktop.domain.minting import MintProgress, MintStage, MintTimes
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.ui.app_events import AppEvents
from tests.gui.register_doubles import EPOCH, row

_PROGRESS = MintProgress(UUID(int=1), (UUID(int=2),), MintStage.PREPARING, 10, MintTimes(EPOCH), 1)
_ALERT = Alert(1, AlertKind.SUCCESS_RATE_LOW, "", {}, EPOCH)
_EVENTS = {
    "asset_created": AssetCreated(row(1)),
    "assets_imported": AssetsImported(3),
    "asset_changed": AssetChanged(row(1)),
    "asset_deleted": AssetDeleted(UUID(int=1)),
    "run_requested": RunRequested(BatchRun(UUID(int=1), BatchStrategy.MANUAL, None, EPOCH, "Ada", (), omitted=0)),
    "mint_advanced": MintAdvanced(_PROGRESS),
    "block_arrived": BlockArrived(BlockRef(1, "0x01", 0), 10**9),
    "index_advanced": IndexAdvanced(IndexStatus()),
    "environment_changed": EnvironmentChanged(is_ready=True),
    "writing_frozen": WritingFrozen(EnvironmentFault(ErrorCode.CHAIN_RESET)),
    "alert_raised": AlertRaised(_ALERT),
    "alert_cleared": AlertCleared(_ALERT),
    "backup_made": BackupMade("register.db"),
    "session_changed": SessionChanged(None),
    "enterprise_changed": EnterpriseChanged(Enterprise(UUID(int=1), "Aurora", "0x01", "Treasury")),
    "address_book_changed": AddressBookChanged({"0x01": "Treasury"}),
}


def _listen(events: AppEvents) -> list[tuple[str, object]]:
    heard: list[tuple[str, object]] = []
    for name in _EVENTS:
        getattr(events, name).connect(lambda event, name=name: heard.append((name, event)))
    return heard


@pytest.mark.parametrize("name", list(_EVENTS))
def test_each_event_has_its_signal(name: str) -> None:
    hub, events = EventHub(), AppEvents()
    heard = _listen(events)
    events.attach(hub)

    hub.publish(_EVENTS[name])

    assert heard == [(name, _EVENTS[name])]


def test_attaching_again_leaves_the_earlier_hub() -> None:
    first, second, events = EventHub(), EventHub(), AppEvents()
    heard = _listen(events)
    events.attach(first)
    events.attach(second)

    first.publish(_EVENTS["asset_created"])
    second.publish(_EVENTS["asset_deleted"])

    assert [name for name, _ in heard] == ["asset_deleted"]


def test_detached_it_is_silent() -> None:
    hub, events = EventHub(), AppEvents()
    heard = _listen(events)
    events.attach(hub)
    events.detach()
    events.detach()

    hub.publish(_EVENTS["asset_created"])

    assert heard == []
