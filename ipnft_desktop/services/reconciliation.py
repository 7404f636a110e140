"""Compares register, chain and content store with each other: on demand and every so many hours.

Each difference is one of a written list of causes (`domain/reconciliation.py`); what can be done about it is in
`reconciliation_repairs.py`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from ipnft_desktop.domain.alerts import AlertKind
from ipnft_desktop.domain.errors import IpnftError
from ipnft_desktop.domain.events import AlertCleared, AlertRaised, DomainEvent, EnvironmentChanged
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.domain.reconciliation import Cause, Finding, ReconciliationRun, Repair
from ipnft_desktop.program_log import log_event
from ipnft_desktop.services.bulk_verification import AssetVerdict, BulkVerification
from ipnft_desktop.services.chain_indexing import ChainIndexing
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.services.ports import Clock, Database, Transaction
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.verified_facts import ABSENT

PAGE = 1_000
FIRST_RUN_AFTER_S = 600.0
"""A start has other things to do."""
MOST_FINDINGS = 10_000
"""Findings that are kept of one run: whoever has more has one great trouble and not ten thousand small ones."""

_OF_A_TRANSACTION = (Repair.LOOK_AGAIN, Repair.TAKE_RECORD, Repair.RESTORE_METADATA)
"""What these change is shared by all assets of a transaction."""

log = logging.getLogger("ipnft")


class Reconciliation:
    """Runs for an administrator, and by itself. `repairs` may look at single subjects again."""

    def __init__(
        self,
        database: Database,
        bulk: BulkVerification,
        indexing: ChainIndexing,
        events: EventHub,
        clock: Clock,
        session: Session,
        every_hours: float,
    ) -> None:
        """`every_hours` is how often it runs by itself while the environment stands; 0 for never."""
        self._database = database
        self._bulk = bulk
        self._indexing = indexing
        self._events = events
        self._clock = clock
        self._session = session
        self._every = timedelta(hours=every_hours)
        self._running = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._unsubscribe: Callable[[], None] | None = None

    def start(self) -> None:
        """Keep to the schedule from the next start of the environment on; needs no running event loop."""
        if self._unsubscribe is None and self._every:
            self._unsubscribe = self._events.subscribe(self._on_event)

    async def stop(self) -> None:
        """Run no more by itself."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        await self._end_task()

    async def latest(self) -> ReconciliationRun | None:
        """What the last run of the present chain found; None before the first. Raises UserError SIGN_IN_REQUIRED."""
        self._session.require_reader()
        return await self._database.read(lambda tx: tx.latest_reconciliation())

    async def reconcile(self, work: LongWork) -> ReconciliationRun:
        """Compare everything now; `work` hears how far it is.

        Raises UserError SIGN_IN_REQUIRED or PERMISSION_DENIED, EnvironmentFault NODE_UNREACHABLE or
        DATABASE_UNAVAILABLE; WorkCancelled.
        """
        self._session.require(Permission.MANAGE_CHAIN)
        return await self._run(work, is_scheduled=False)

    async def look_again(self, finding: Finding) -> ReconciliationRun:
        """What the last run found, with what holds now of the subject of this finding, and of those that share with it
        what its repair changes."""
        asset_ids: frozenset[UUID] = frozenset()
        async with self._running:
            if finding.cause is Cause.INDEX_BEHIND:
                fresh = await self._of_index()
            elif finding.asset_id is None:
                fresh = await self._of_strangers([finding.token_id] if finding.token_id is not None else [])
            else:
                fresh = await self._of_assets(subjects := await self._subjects(finding))
                asset_ids = frozenset(subjects)

            def work(tx: Transaction) -> ReconciliationRun:
                run = tx.latest_reconciliation()
                assert run is not None
                kept = tuple(
                    other
                    for other in run.findings
                    if other.asset_id not in asset_ids and not _is_about_the_same(other, finding)
                )
                renewed = ReconciliationRun(
                    run.ended_at, run.is_scheduled, run.asset_count, run.token_count, (*kept, *fresh)
                )
                tx.record_reconciliation(renewed)
                return renewed

            run = await self._database.write(work)
        if not run.findings:
            await self._clear_alert()
        return run

    # --- the comparison -----------------------------------------------------------------------------------------

    async def _run(self, work: LongWork, *, is_scheduled: bool) -> ReconciliationRun:
        async with self._running:
            ids = await self._minted_ids()
            of_facts = await self._of_minted(ids, work)
            unknown = await self._of_unminted()
            strangers = await self._of_strangers()
            token_count = await self._database.read(lambda tx: tx.count_chain_tokens())
            found = (*await self._of_index(), *of_facts, *unknown, *strangers)
            run = ReconciliationRun(self._clock.now(), is_scheduled, len(ids), token_count, found[:MOST_FINDINGS])
            await self._database.write(lambda tx: tx.record_reconciliation(run))
        log_event("reconcile.ended", assets=len(ids), tokens=token_count, findings=len(found))
        if not found:
            await self._clear_alert()
        elif is_scheduled:
            await self._raise_alert(len(found))
        return run

    async def _of_minted(self, asset_ids: Sequence[UUID], work: LongWork) -> list[Finding]:
        """Nothing is kept of those that agree, and of the others no more than is written down."""
        found: list[Finding] = []
        async with contextlib.aclosing(self._bulk.groups(asset_ids, work)) as groups:
            async for group in groups:
                if len(found) < MOST_FINDINGS:
                    found += _of_verdicts(group)
        return found

    async def _minted_ids(self) -> list[UUID]:
        ids: list[UUID] = []
        after: UUID | None = None
        while page := await self._database.read(lambda tx, after=after: tx.minted_asset_ids(after, PAGE)):
            ids += page
            after = page[-1]
        return ids

    async def _subjects(self, finding: Finding) -> list[UUID]:
        """The asset of a finding; and of those with findings the ones of its transaction, where that was set right or
        their directory was filled in, and those with the same file."""
        asset_id, repair = finding.asset_id, finding.repair
        assert asset_id is not None

        def work(tx: Transaction) -> list[UUID]:
            run = tx.latest_reconciliation()
            found = run.findings if run else ()
            if repair is Repair.RESTORE_FILE:
                alike = {each.asset_id for each in found if (each.repair, each.register) == (repair, finding.register)}
            elif repair in _OF_A_TRANSACTION and (job := tx.latest_job_of(asset_id)) is not None:
                alike = {item.asset_id for item in job.items} & {each.asset_id for each in found}
            else:
                alike = set[UUID | None]()
            return [asset_id, *sorted(each for each in alike if each not in (None, asset_id))]

        return await self._database.read(work)

    async def _of_assets(self, asset_ids: Sequence[UUID]) -> tuple[Finding, ...]:
        of_facts = _of_verdicts(await self._bulk.verdicts(asset_ids, LongWork()))
        unknown = await self._of_unminted()
        return (*of_facts, *(finding for finding in unknown if finding.asset_id in asset_ids))

    async def _of_unminted(self) -> tuple[Finding, ...]:
        def work(tx: Transaction) -> tuple[Finding, ...]:
            found = tx.unminted_with_token(MOST_FINDINGS)
            rows = {row.asset_id: row for row in tx.asset_rows([asset_id for asset_id, _ in found])}
            tokens = tx.chain_tokens([token_id for _, token_id in found])
            return tuple(
                Finding(
                    Cause.UNKNOWN_TOKEN,
                    rows[asset_id].state,
                    tokens[token_id].owner or "",
                    asset_id,
                    rows[asset_id].name,
                    token_id,
                )
                for asset_id, token_id in found
            )

        return await self._database.read(work)

    async def _of_strangers(self, token_ids: Iterable[int] | None = None) -> tuple[Finding, ...]:
        """Tokens without an asset, of these or of all, but for those that somebody chose to ignore."""
        wanted = None if token_ids is None else set(token_ids)

        def work(tx: Transaction) -> tuple[Finding, ...]:
            ignored = tx.ignored_tokens()
            return tuple(
                Finding(Cause.STRANGE_TOKEN, "", token.owner or "", token_id=token.token_id)
                for token in tx.tokens_without_asset(None, MOST_FINDINGS)
                if token.token_id not in ignored and (wanted is None or token.token_id in wanted)
            )

        return await self._database.read(work)

    async def _of_index(self) -> tuple[Finding, ...]:
        reach = await self._database.read(lambda tx: tx.index_reach())
        status = replace(self._indexing.status, reach=reach)
        if status.is_complete or status.reach is None:
            return ()
        return (Finding(Cause.INDEX_BEHIND, str(status.reach.last_block or 0), str(status.head_block or 0)),)

    # --- the schedule -------------------------------------------------------------------------------------------

    def _on_event(self, event: DomainEvent) -> None:
        if isinstance(event, EnvironmentChanged):
            if self._task is not None:
                self._task.cancel()
                self._task = None
            if event.is_ready:
                self._task = asyncio.create_task(self._keep_to_schedule(), name="reconciliation")

    async def _keep_to_schedule(self) -> None:
        while True:
            try:
                latest = await self._database.read(lambda tx: tx.latest_reconciliation())
                due = self._clock.now() if latest is None else latest.ended_at + self._every
                await asyncio.sleep(max(FIRST_RUN_AFTER_S, (due - self._clock.now()).total_seconds()))
                await self._run(LongWork(), is_scheduled=True)
            except IpnftError as error:
                log.warning("the scheduled reconciliation did not end: %s", error)
                await asyncio.sleep(self._every.total_seconds())
            except Exception:
                # A fault of ours must not end the schedule without a word for as long as the program runs.
                log.exception("the scheduled reconciliation")
                await asyncio.sleep(self._every.total_seconds())

    async def _end_task(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _raise_alert(self, count: int) -> None:
        now, facts = self._clock.now(), {"findings": str(count)}
        alert = await self._database.write(lambda tx: tx.raise_alert(AlertKind.STORES_DIFFER, "", facts, now))
        if alert is not None:
            self._events.publish(AlertRaised(alert))

    async def _clear_alert(self) -> None:
        now = self._clock.now()
        alert = await self._database.write(lambda tx: tx.clear_alert(AlertKind.STORES_DIFFER, "", now))
        if alert is not None:
            self._events.publish(AlertCleared(alert))


def _of_verdicts(verdicts: Iterable[AssetVerdict]) -> tuple[Finding, ...]:
    """One finding an asset, cause and file: a token that is missing differs in four facts."""
    found: dict[tuple[str, ...], Finding] = {}
    for verdict in verdicts:
        for fact in verdict.facts:
            if fact.cause is not None:
                finding = Finding(
                    fact.cause,
                    _said(fact.register),
                    _said(fact.witnessed),
                    verdict.asset_id,
                    verdict.name,
                    verdict.asset_id.int,
                    fact.subject,
                )
                found.setdefault(finding.key, finding)
    return tuple(found.values())


def _said(text: str) -> str:
    return "" if text == ABSENT else text


def _is_about_the_same(other: Finding, finding: Finding) -> bool:
    if finding.cause is Cause.INDEX_BEHIND:
        return other.cause is Cause.INDEX_BEHIND
    return other.asset_id == finding.asset_id and other.token_id == finding.token_id
