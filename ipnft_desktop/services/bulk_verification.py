"""Verifies thousands of minted assets: chain, register and content store are each asked for many at once.

Assets are taken in groups. While one is compared in a thread the next ones are asked for, so that neither waits for the
other, and the node does not wait while answers are read; nothing of a group is kept but its verdicts.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from uuid import UUID

from ipnft_desktop.domain.assets import Asset, AssetQuery, token_id_of
from ipnft_desktop.domain.certificates import Validity
from ipnft_desktop.domain.chain import Receipt, TokenFacts
from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.domain.reconciliation import Cause
from ipnft_desktop.services.chain_ports import Chain
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.services.ports import ContentStore, Database, Transaction
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.verification import stored_content
from ipnft_desktop.services.verified_facts import (
    ABSENT,
    Evidence,
    Stored,
    VerifiedFact,
    VerifiedField,
    Witness,
    compared,
    published_files,
)

MOST_ASSETS = 10_000
GROUP = 100
GROUPS_AHEAD = 2
"""Asked for at the same time."""
MOST_RECEIPTS_KEPT = 1_000
READS_AT_ONCE = 8
"""Files of the content store that are read at the same time."""


class AssetVerdict:
    """What was found about one asset.

    Ten thousand of them are kept while a person looks at them, with ten facts each. As one flat tuple of texts the
    facts of an asset are a single thing that garbage collection need not look at; as objects they made it take 40 ms.
    """

    __slots__ = ("_facts", "asset_id", "is_sound", "name")

    def __init__(self, asset_id: UUID, name: str, facts: Sequence[VerifiedFact]) -> None:
        self.asset_id = asset_id
        self.name = name
        self.is_sound = all(fact.matches for fact in facts)
        """Whether everything agrees."""
        self._facts = tuple(part for fact in facts for part in _packed(fact))

    @property
    def facts(self) -> tuple[VerifiedFact, ...]:
        """All that was compared, side by side."""
        packed = self._facts
        return tuple(_unpacked(*packed[at : at + _PARTS]) for at in range(0, len(packed), _PARTS))

    @property
    def causes(self) -> tuple[Cause, ...]:
        """Why they do not agree, each once, in the order of the facts."""
        if self.is_sound:
            return ()
        return tuple(dict.fromkeys(fact.cause for fact in self.facts if fact.cause is not None))

    def agrees(self, *fields: VerifiedField) -> bool | None:
        """Whether all facts of these kinds agree; None where there is none."""
        if self.is_sound:
            kinds = self._facts[::_PARTS]
            return True if any(field.value in kinds for field in fields) else None
        found = [fact.matches for fact in self.facts if fact.field in fields]
        return all(found) if found else None


_PARTS = 6


def _packed(fact: VerifiedFact) -> tuple[str | None, ...]:
    """Plain texts only; what both sides say is kept once."""
    witnessed = None if fact.witnessed == fact.register else fact.witnessed
    cause = fact.cause.value if fact.cause else None
    return fact.field.value, fact.register, fact.witness.value, witnessed, fact.subject, cause


def _unpacked(
    field: str | None,
    register: str | None,
    witness: str | None,
    witnessed: str | None,
    subject: str | None,
    cause: str | None,
) -> VerifiedFact:
    assert register is not None and subject is not None
    return VerifiedFact(
        VerifiedField(field),
        register,
        Witness(witness),
        register if witnessed is None else witnessed,
        subject,
        Cause(cause) if cause else None,
    )


OnVerdicts = Callable[[Sequence[AssetVerdict]], object]


@dataclass(frozen=True, slots=True)
class _Recorded:
    """What the register says of a group."""

    assets: tuple[Asset, ...]
    without_mint: tuple[Asset, ...]
    """Minted by their state, while the register lacks the transaction or its block."""
    validities: Mapping[UUID, Validity]
    holders: Mapping[UUID, str]
    former_names: Mapping[UUID, tuple[str, ...]]


class BulkVerification:
    """For somebody who is signed in: UserError SIGN_IN_REQUIRED."""

    def __init__(self, database: Database, chain: Chain, content: ContentStore, session: Session) -> None:
        self._database = database
        self._chain = chain
        self._content = content
        self._session = session

    async def verify(
        self, asset_ids: Sequence[UUID], work: LongWork, tell: OnVerdicts | None = None
    ) -> tuple[AssetVerdict, ...]:
        """A verdict for each of these that is minted, in their order; `work` hears how far it is, `tell` the verdicts
        of each group as soon as they are known, on the event loop.

        Raises UserError VALIDATION_FAILED for more than `MOST_ASSETS`, EnvironmentFault NODE_UNREACHABLE;
        WorkCancelled.
        """
        self._session.require_reader()
        _require_no_more_than_most(len(asset_ids))
        return await self.verdicts(asset_ids, work, tell)

    async def verify_listed(
        self,
        query: AssetQuery,
        work: LongWork,
        tell: OnVerdicts | None = None,
        spans: Sequence[tuple[int, int]] = (),
    ) -> tuple[AssetVerdict, ...]:
        """The first `MOST_ASSETS` of a list, in its order; with `spans`, first and last row of each stretch, only these
        rows of it. Raises as `verify`."""
        self._session.require_reader()
        _require_no_more_than_most(sum(last - first + 1 for first, last in spans))
        reach = max((last + 1 for _, last in spans), default=MOST_ASSETS)
        listed = await self._database.read(lambda tx: tx.asset_ids(query, reach))
        asset_ids = [asset_id for first, last in spans for asset_id in listed[first : last + 1]] if spans else listed
        return await self.verdicts(asset_ids, work, tell)

    async def verdicts(
        self, asset_ids: Sequence[UUID], work: LongWork, tell: OnVerdicts | None = None
    ) -> tuple[AssetVerdict, ...]:
        """As `verify`, of any number and for the program itself."""
        done: list[AssetVerdict] = []
        async with aclosing(self.groups(asset_ids, work)) as groups:
            async for group in groups:
                done += group
                if tell is not None:
                    tell(group)
        return tuple(done)

    async def groups(self, asset_ids: Sequence[UUID], work: LongWork) -> AsyncGenerator[list[AssetVerdict]]:
        """The same a group after the other, for whoever keeps less than all: a verdict has ten facts, and there may be
        a million assets. To be closed by whoever leaves it early."""
        receipts: dict[str, Receipt | None] = {}
        waiting = deque(asset_ids[first : first + GROUP] for first in range(0, len(asset_ids), GROUP))
        asked: deque[asyncio.Task[tuple[list[Evidence], tuple[Asset, ...]]]] = deque()
        total = len(waiting)

        def ask() -> None:
            while waiting and len(asked) < GROUPS_AHEAD:
                asked.append(asyncio.create_task(self._evidence(waiting.popleft(), receipts)))

        try:
            for done in range(total):
                work.report(done / total)
                ask()
                evidence, without_mint = await asked.popleft()
                ask()
                verdicts = await work.run(lambda evidence=evidence: [_verdict(each) for each in evidence])
                yield [*verdicts, *map(_without_mint, without_mint)]
            work.report(1.0)
        finally:
            for task in asked:
                task.cancel()
            await asyncio.gather(*asked, return_exceptions=True)

    async def _evidence(
        self, asset_ids: Sequence[UUID], receipts: dict[str, Receipt | None]
    ) -> tuple[list[Evidence], tuple[Asset, ...]]:
        recorded = await self._database.read(lambda tx: _recorded(tx, asset_ids))
        tokens, mined, contents = await asyncio.gather(
            self._chain.tokens([token_id_of(asset.asset_id) for asset in recorded.assets]),
            self._receipts(recorded.assets, receipts),
            self._contents(recorded.assets),
        )
        evidence = [_gathered(asset, recorded, tokens, mined, contents) for asset in recorded.assets]
        return evidence, recorded.without_mint

    async def _receipts(
        self, assets: Sequence[Asset], known: dict[str, Receipt | None]
    ) -> Mapping[str, Receipt | None]:
        """Assets of one batch share a transaction, which is asked for once: `known` has those of the groups before."""
        hashes = {asset.mint.tx_hash for asset in assets if asset.mint and asset.mint.tx_hash}
        found = {tx_hash: known[tx_hash] for tx_hash in hashes if tx_hash in known}
        if unknown := [tx_hash for tx_hash in hashes if tx_hash not in found]:
            found |= await self._chain.receipts(unknown)
        if len(known) > MOST_RECEIPTS_KEPT:
            known.clear()
        known.update(found)
        return found

    async def _contents(self, assets: Sequence[Asset]) -> dict[str, Stored]:
        metadata = {asset.mint.metadata_cid for asset in assets if asset.mint and asset.mint.metadata_cid}
        files = {file.cid for asset in assets for file in published_files(asset)}
        gate = asyncio.Semaphore(READS_AT_ONCE)

        async def read(cid: str) -> tuple[str, Stored]:
            async with gate:
                return cid, await stored_content(self._content, cid, Stored.of)

        # Metadata is small: all of a group in one trip. A file may be large, and one at a time is in memory.
        small, large = await asyncio.gather(
            self._metadata(metadata), asyncio.gather(*(read(cid) for cid in files - metadata))
        )
        return small | dict(large)

    async def _metadata(self, cids: Collection[str]) -> dict[str, Stored]:
        def parsed() -> dict[str, Cid | IpnftError]:
            return {cid: _parsed(cid) for cid in cids}

        addresses = await asyncio.to_thread(parsed)
        found = await self._content.read_several([each for each in addresses.values() if isinstance(each, Cid)])

        def understood() -> dict[str, Stored]:
            answers = {cid: found[each] if isinstance(each, Cid) else each for cid, each in addresses.items()}
            return {cid: _stored(answer) for cid, answer in answers.items()}

        return await asyncio.to_thread(understood)


def _parsed(cid: str) -> Cid | IpnftError:
    try:
        return Cid.parse(cid)
    except ValueError:  # no address at all: somebody wrote it there, and nothing can lie under it
        return EnvironmentFault(ErrorCode.CONTENT_STORE_UNAVAILABLE)


def _stored(answer: bytes | IpnftError) -> Stored:
    return Stored(fault=answer.code) if isinstance(answer, IpnftError) else Stored.of_metadata(answer)


def _require_no_more_than_most(count: int) -> None:
    if count > MOST_ASSETS:
        raise UserError(ErrorCode.VALIDATION_FAILED, phrase("at most {count} at once", count=MOST_ASSETS))


def _recorded(tx: Transaction, asset_ids: Sequence[UUID]) -> _Recorded:
    """One hop into the reader's thread for the whole group."""
    found = tx.whole_assets(asset_ids)
    assets = tuple(asset for asset in found if asset.mint is not None and asset.mint.mined is not None)
    known = {asset.asset_id for asset in assets}
    ids = [asset.asset_id for asset in assets]
    owners = {asset.enterprise.enterprise_id for asset in assets}
    without_mint = tuple(asset for asset in found if asset.state is AssetState.MINTED and asset.asset_id not in known)
    return _Recorded(
        assets,
        without_mint,
        tx.validities(ids),
        tx.noted_holders(ids),
        {owner: tx.former_names(owner) for owner in owners},
    )


def _gathered(
    asset: Asset,
    recorded: _Recorded,
    tokens: Mapping[int, TokenFacts | None],
    receipts: Mapping[str, Receipt | None],
    contents: Mapping[str, Stored],
) -> Evidence:
    record = asset.mint
    assert record is not None
    return Evidence(
        asset=asset,
        holder=recorded.holders.get(asset.asset_id, record.recipient),
        validity=recorded.validities.get(asset.asset_id, Validity.VALID),
        former_names=recorded.former_names[asset.enterprise.enterprise_id],
        token=tokens[token_id_of(asset.asset_id)],
        receipt=receipts.get(record.tx_hash or ""),
        metadata=contents[record.metadata_cid] if record.metadata_cid else Stored(),
        files=[(file, contents[file.cid]) for file in published_files(asset)],
    )


def _without_mint(asset: Asset) -> AssetVerdict:
    """Nothing is on record that could be compared."""
    fact = VerifiedFact(VerifiedField.TRANSACTION, ABSENT, Witness.CHAIN, ABSENT, cause=Cause.NO_RECORD)
    return AssetVerdict(asset.asset_id, asset.name, (fact,))


def _verdict(evidence: Evidence) -> AssetVerdict:
    return AssetVerdict(evidence.asset.asset_id, evidence.asset.name, compared(evidence))
