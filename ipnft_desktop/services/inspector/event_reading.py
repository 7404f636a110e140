"""Events of the index in words: decoded by the ABIs that apply, with the names of the assets in them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from ipnft_desktop.domain.chain_events import (
    ChainEvent,
    EventAnchor,
    EventFilter,
    EventKind,
    EventPage,
    IndexStatus,
)
from ipnft_desktop.domain.inspection.decoding import Decoded, Undecoded
from ipnft_desktop.domain.inspection.transactions import RawLog
from ipnft_desktop.services.chain_index import ChainIndex
from ipnft_desktop.services.inspector.abi_registry import AbiRegistry
from ipnft_desktop.services.inspector.words import assets_in
from ipnft_desktop.services.inspector_ports import ContractCodec
from ipnft_desktop.services.ports import Database
from ipnft_desktop.services.session import Session

EVENTS_PAGE = 200


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event with what it says."""

    event: ChainEvent
    reading: Decoded | Undecoded
    """Why it is shown raw only, where it is."""
    asset_id: UUID | None
    """Of the register's asset that it is about."""
    asset_name: str
    """Empty where the register has no such asset."""


@dataclass(frozen=True, slots=True)
class EventLinePage:
    """Events in the order they were asked for."""

    lines: tuple[EventLine, ...]
    next_anchor: EventAnchor | None
    """Behind which the next page begins; None where nothing follows."""
    assets: Mapping[UUID, str]
    """Names of the register's assets that these events speak of."""


class EventReading:
    """For whoever is signed in: UserError SIGN_IN_REQUIRED otherwise. Asks no node: the register's index alone."""

    def __init__(
        self, index: ChainIndex, codec: ContractCodec, abis: AbiRegistry, database: Database, session: Session
    ) -> None:
        self._index = index
        self._codec = codec
        self._abis = abis
        self._database = database
        self._session = session

    async def status(self) -> IndexStatus:
        """How far the index reaches."""
        return await self._index.status()

    async def kinds(self) -> Mapping[EventKind, int]:
        """How many events there are of each kind."""
        return await self._index.kinds()

    async def count(self, wanted: EventFilter) -> int:
        """How many there are of these."""
        return await self._index.count(wanted)

    async def page(
        self, wanted: EventFilter, after: EventAnchor | None = None, limit: int = EVENTS_PAGE
    ) -> EventLinePage:
        """A page of at most `limit` events (>= 1)."""
        return await self.lines(await self._index.events(wanted, after, limit))

    async def lines(self, page: EventPage) -> EventLinePage:
        """Events that were read already, in words."""
        self._session.require_reader()
        abis = await self._abis.abis_of({event.address for event in page.events})
        logs = [raw_log(event) for event in page.events]
        readings = await asyncio.to_thread(self._codec.logs, logs, abis)
        wanted = assets_in(*(reading.event for reading in readings)) | {
            asset_id for event in page.events if (asset_id := asset_of(event))
        }
        rows = await self._database.read(lambda tx: tx.asset_rows(tuple(wanted))) if wanted else ()
        names = {row.asset_id: row.name for row in rows}
        lines = (
            EventLine(event, reading.event, asset_of(event), names.get(asset_of(event) or UUID(int=0), ""))
            for event, reading in zip(page.events, readings, strict=True)
        )
        return EventLinePage(tuple(lines), page.next_anchor, names)


def raw_log(event: ChainEvent) -> RawLog:
    """As the chain keeps it."""
    return RawLog(event.log_index, event.address, tuple(f"0x{topic.hex()}" for topic in event.topics), event.data)


def asset_of(event: ChainEvent) -> UUID | None:
    """The asset whose id the event's token has; that of a foreign token is no asset's."""
    token_id = event.token_id
    if token_id is None or event.kind is EventKind.FOREIGN or not 0 < token_id < 1 << 128:
        return None
    return UUID(int=token_id)
