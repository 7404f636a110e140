"""Publishing: what of a minted asset may be public goes to an IPFS node, is looked for there, and leaves as an archive.

That is its metadata directory, as the mint froze it, its image and its public files; never a confidential file, and
nothing before the mint: what was public once cannot be taken back.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.events import DomainEvent, EnvironmentChanged, MintAdvanced, PublicationsChanged
from ipnft_desktop.domain.minting import MintStage
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.domain.publications import (
    CheckResult,
    PeerInfo,
    Publication,
    PublicationCounts,
    PublicationState,
    PublicRoot,
)
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.ports import Clock, ContentStore, Database, Transaction
from ipnft_desktop.services.publication_ports import IpfsPeer
from ipnft_desktop.services.publication_queue import PublicationQueue
from ipnft_desktop.services.session import PROGRAM, Session

log = logging.getLogger("ipnft")

MAX_ROOTS_OF_AN_ARCHIVE = 500_000
"""Its head names them all, and readers refuse one that is too long."""
REGISTER = "register"
"""Subject of the audit lines about everything."""

_ASSETS_A_STEP = 500
_CHECKS_A_STEP = 25

Roots = Mapping[UUID, tuple[PublicRoot, ...]]


@dataclass(frozen=True, slots=True)
class PublishingOverview:
    """How publishing stands."""

    address: str
    """Of the IPFS node, without what is secret in it; empty where none is set."""
    counts: PublicationCounts
    waiting_because: IpnftError | None = None
    """Why nothing goes out at the moment."""


class Publishing:
    """What people ask of publishing. Asking is quick: the queue does the work, and tells by `PublicationsChanged`.

    What the register publishes is told to somebody who is signed in: UserError SIGN_IN_REQUIRED otherwise.
    """

    def __init__(
        self,
        database: Database,
        content: ContentStore,
        peer: IpfsPeer,
        queue: PublicationQueue,
        events: EventHub,
        clock: Clock,
        session: Session,
        *,
        publishes_minted: bool = False,
    ) -> None:
        self._database = database
        self._content = content
        self._peer = peer
        self._queue = queue
        self._events = events
        self._clock = clock
        self._session = session
        self._publishes_minted = publishes_minted
        self._minted: set[UUID] = set()
        self._task: asyncio.Task[None] | None = None
        self._unsubscribe: Callable[[], None] | None = None

    @property
    def address(self) -> str:
        """Of the IPFS node, without what is secret in it; empty where none is set."""
        return self._peer.address

    @property
    def publishes_minted(self) -> bool:
        """Whether assets are published by themselves once they are minted."""
        return self._publishes_minted

    def start(self) -> None:
        """Begin to publish what waits, once the register is open; needs no running event loop."""
        if self._unsubscribe is None:
            self._unsubscribe = self._events.subscribe(self._on_event)
            self._queue.start()

    async def stop(self) -> None:
        """Publish no more; what waits stays on record."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)
        await self._queue.stop()
        await self._peer.close()

    # --- the node -----------------------------------------------------------------------------------------------

    def use_node(self, address: str) -> None:
        """Publish to the IPFS node at this address from now on; empty for none.

        Raises UserError VALIDATION_FAILED (field "kubo_api") or PERMISSION_DENIED.
        """
        self._session.require(Permission.PUBLISH)
        self._peer.use(address)
        self._queue.wake()

    def publish_minted(self, wanted: bool) -> None:
        """Whether assets are to be published by themselves once they are minted. Raises UserError PERMISSION_DENIED."""
        self._session.require(Permission.PUBLISH)
        self._publishes_minted = wanted

    async def node(self) -> PeerInfo:
        """What the node says of itself, which also wakes the queue. Raises EnvironmentFault KUBO_UNAVAILABLE or
        PUBLISHING_FAILED."""
        info = await self._peer.identify()
        if self._queue.waiting_because is not None:
            self._queue.wake()
        return info

    async def overview(self) -> PublishingOverview:
        """How it stands; counting takes a second where a million assets are minted."""
        self._session.require_reader()
        counts = await self._database.read(lambda tx: tx.publication_counts())
        return PublishingOverview(self._peer.address, counts, self._queue.waiting_because)

    # --- publishing ---------------------------------------------------------------------------------------------

    async def roots(self, asset_id: UUID) -> tuple[PublicRoot, ...]:
        """What of an asset may be public, and where it is; nothing before it is minted."""
        self._session.require_reader()
        found = await self._database.read(lambda tx: tx.public_roots((asset_id,)))
        return found.get(asset_id, ())

    async def publish(self, asset_ids: Collection[UUID]) -> int:
        """Have published what of these assets is not yet, or went missing; returns how many addresses wait for it now.

        Raises UserError PERMISSION_DENIED or MINT_INVALID_STATE (none of them is minted), EnvironmentFault
        KUBO_UNAVAILABLE where no node is set.
        """
        self._session.require(Permission.PUBLISH)
        self._require_node()
        found, changed = await self._request(asset_ids, self._session.actor)
        if not found:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "only what is minted is published")
        self._queue.wake()
        return changed

    async def publish_all(self, on_progress: Callable[[int], None] | None = None) -> int:
        """The same for every minted asset; `on_progress` hears how many were looked at. Raises as `publish`."""
        user = self._session.require(Permission.PUBLISH)
        self._require_node()
        assets = changed = 0
        async for asset_ids in self._minted_assets():
            now = self._clock.now()
            _, requested = await self._database.write(lambda tx, ids=asset_ids, at=now: _requested(tx, ids, at))
            changed += requested
            assets += len(asset_ids)
            self._queue.wake()
            if on_progress is not None:
                on_progress(assets)
        facts = {"assets": str(assets), "addresses": str(changed)}
        now = self._clock.now()
        await self._database.write(lambda tx: tx.append_audit(user.name, "register.publish", REGISTER, facts, now))
        self._events.publish(PublicationsChanged((), self._queue.waiting_because))
        return changed

    async def check(self, on_progress: Callable[[int], None] | None = None) -> CheckResult:
        """Ask the node for everything that was published; `on_progress` hears how many were asked for.

        Raises UserError PERMISSION_DENIED, EnvironmentFault KUBO_UNAVAILABLE or PUBLISHING_FAILED; what was found out
        by then is kept.
        """
        self._session.require(Permission.PUBLISH)
        checked = missing = 0
        after = ""
        while cids := await self._database.read(lambda tx, at=after: tx.checkable_publications(at, _CHECKS_A_STEP)):
            missing += len(await self._check(cids))
            checked += len(cids)
            after = cids[-1]
            if on_progress is not None:
                on_progress(checked)
        self._events.publish(PublicationsChanged((), self._queue.waiting_because))
        return CheckResult(checked, missing)

    async def check_asset(self, asset_id: UUID) -> CheckResult:
        """The same for what belongs to one asset."""
        self._session.require(Permission.PUBLISH)
        known = (PublicationState.PUBLISHED, PublicationState.MISSING)
        cids = [root.cid for root in await self.roots(asset_id) if root.state in known]
        missing = await self._check(cids) if cids else frozenset[str]()
        return CheckResult(len(cids), len(missing))

    # --- archives -----------------------------------------------------------------------------------------------

    async def export_car(
        self, asset_id: UUID | None, target: Path, on_progress: Callable[[int], None] | None = None
    ) -> int:
        """Write what of an asset may be public, or of all of them, as one CAR file; returns its size in bytes, which
        `on_progress` hears as it grows. Cancelling leaves no file.

        Raises UserError MINT_INVALID_STATE (nothing is minted) or VALIDATION_FAILED (field "target"), EnvironmentFault
        CONTENT_STORE_UNAVAILABLE, CONTENT_MISMATCH or DISK_FULL.
        """
        self._session.require_reader()
        cids: dict[str, None] = {}
        if asset_id is not None:
            cids.update(dict.fromkeys(root.cid for root in await self.roots(asset_id)))
        else:
            async for asset_ids in self._minted_assets():
                found = await self._database.read(lambda tx, ids=asset_ids: tx.public_roots(ids))
                cids.update(dict.fromkeys(root.cid for roots in found.values() for root in roots))
        if not cids:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "nothing is minted that could be exported")
        if len(cids) > MAX_ROOTS_OF_AN_ARCHIVE:
            raise UserError(
                ErrorCode.VALIDATION_FAILED,
                phrase(
                    "an archive holds at most {most} addresses, these are {count}",
                    most=MAX_ROOTS_OF_AN_ARCHIVE,
                    count=len(cids),
                ),
                field="target",
            )
        return await self._content.export_car([Cid.parse(cid) for cid in cids], target, on_progress)

    # --- behind -------------------------------------------------------------------------------------------------

    async def _minted_assets(self) -> AsyncIterator[tuple[UUID, ...]]:
        after: UUID | None = None
        while asset_ids := await self._database.read(lambda tx, at=after: tx.minted_asset_ids(at, _ASSETS_A_STEP)):
            yield asset_ids
            after = asset_ids[-1]

    async def _request(self, asset_ids: Collection[UUID], actor: str) -> tuple[Roots, int]:
        now = self._clock.now()

        def work(tx: Transaction) -> tuple[Roots, int, tuple[Publication, ...]]:
            found, changed = _requested(tx, asset_ids, now)
            if found:
                lines = [(str(asset_id), {"addresses": str(len(roots))}) for asset_id, roots in found.items()]
                tx.append_audits(actor, "asset.publish", lines, now)
            cids = dict.fromkeys(root.cid for roots in found.values() for root in roots)
            return found, changed, tuple(known for cid in cids if (known := tx.publication(cid)))

        found, changed, publications = await self._database.write(work)
        if publications:
            self._events.publish(PublicationsChanged(publications, self._queue.waiting_because))
        return found, changed

    async def _check(self, cids: Collection[str]) -> frozenset[str]:
        missing = frozenset(cid.text for cid in await self._peer.missing([Cid.parse(cid) for cid in cids]))
        now = self._clock.now()

        def work(tx: Transaction) -> tuple[Publication, ...]:
            tx.record_checked(cids, missing, now)
            return tuple(known for cid in cids if (known := tx.publication(cid)))

        self._events.publish(PublicationsChanged(await self._database.write(work), self._queue.waiting_because))
        return missing

    def _require_node(self) -> None:
        if not self._peer.address:
            raise EnvironmentFault(ErrorCode.KUBO_UNAVAILABLE, "no address is set")

    def _on_event(self, event: DomainEvent) -> None:
        if isinstance(event, MintAdvanced):
            if event.progress.stage is not MintStage.COMPLETED or not self._publishes_minted or not self._peer.address:
                return
            self._minted.update(event.progress.asset_ids)
        elif not isinstance(event, EnvironmentChanged) or not event.is_ready:
            return
        if self._minted and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._publish_minted(), name="publish what is minted")

    async def _publish_minted(self) -> None:
        """Several mints that end at the same moment are one request; without a database it is made later."""
        while self._minted:
            asset_ids, self._minted = self._minted, set()
            try:
                await self._request(asset_ids, PROGRAM)
            except IpnftError as error:
                log.warning("publishing.not_requested %s", error)
                self._minted |= asset_ids
                return
            self._queue.wake()


def _requested(tx: Transaction, asset_ids: Collection[UUID], at: datetime) -> tuple[Roots, int]:
    found = tx.public_roots(asset_ids)
    return found, tx.request_publications({root.cid for roots in found.values() for root in roots}, at)
