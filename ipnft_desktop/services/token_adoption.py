"""Tokens that the chain holds and the register does not know, after an older backup was restored or its last commits
were lost: they are taken into the register, so that nobody mints their assets a second time."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

from uuid6 import uuid7

from ipnft_desktop.domain.assets import AssetRow, token_id_of
from ipnft_desktop.domain.chain import MintSighting, Receipt
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.domain.events import AssetChanged
from ipnft_desktop.domain.minting import (
    MINTABLE_STATES,
    AdoptedMint,
    AssetState,
    MinedFacts,
    MintItem,
    MintJob,
    MintStage,
    MintStrategy,
    MintTimes,
    RecipientType,
)
from ipnft_desktop.program_log import log_event
from ipnft_desktop.services.chain_journal import ChainJournal
from ipnft_desktop.services.chain_ports import Chain
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.mint_ledger import ENGINE
from ipnft_desktop.services.ports import Clock, Database, Transaction
from ipnft_desktop.services.trace import MintStep

MARGIN_BLOCKS = 256
"""Looked at again below the highest mint on record: mints do not reach the record in the order of their blocks."""


class TokenAdoption:
    """Searches the chain's mint events for assets of the register that are not minted there."""

    def __init__(
        self,
        database: Database,
        chain: Chain,
        journal: ChainJournal,
        events: EventHub,
        clock: Clock,
        required_confirmations: int,
    ) -> None:
        self._database = database
        self._chain = chain
        self._journal = journal
        self._events = events
        self._clock = clock
        self._required_confirmations = required_confirmations

    async def adopt_unknown(self) -> int:
        """Adopt what lies between the highest mint on record and the head; returns how many tokens.

        Assets with an open mint are left to the engine, which adopts them on its way.
        """
        identity = await self._database.read(lambda tx: tx.chain_identity())
        if identity is None:
            return 0
        highest = await self._database.read(lambda tx: tx.highest_mined_block())
        first = max(identity.deployment_block, (highest or 0) - MARGIN_BLOCKS)
        head = await self._chain.head()
        await self._journal.record_up_to(head)
        adopted = 0
        for sighting in await self._chain.mints_between(first, head.number):
            asset = await self._database.read(lambda tx, found=sighting: tx.asset(found.asset_id))
            if asset is None or asset.state not in MINTABLE_STATES:
                continue
            facts = await adopted_mint(self._chain, sighting)
            if facts.confirmations >= self._required_confirmations:
                adopted += await self._adopt(asset.asset_id, facts)
        return adopted

    async def adopt(self, asset_id: UUID) -> bool:
        """Adopt the token of one asset; False where it was minted meanwhile.

        Raises UserError MINT_INVALID_STATE where the chain has no such token, or not deep enough; EnvironmentFault
        NODE_UNREACHABLE.
        """
        facts = await self.facts_of(asset_id)
        await self._journal.record_up_to(await self._chain.head())
        return await self._adopt(asset_id, facts)

    async def facts_of(self, asset_id: UUID) -> AdoptedMint:
        """What the chain tells of the mint of an asset. Raises as `adopt`."""
        sighting = await self._chain.mint_of(token_id_of(asset_id))
        facts = None if sighting is None else await adopted_mint(self._chain, sighting)
        if facts is None or facts.confirmations < self._required_confirmations:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "the chain has no token of this asset that is deep enough")
        return facts

    async def complete(self, asset_id: UUID, also: Callable[[Transaction], object]) -> None:
        """Write what the record of a minted asset lacks, or says otherwise than the chain, and in the same commit what
        `also` writes. Raises as `adopt`, also for an asset that is not minted."""
        facts = await self.facts_of(asset_id)
        await self._journal.record_up_to(await self._chain.head())
        now = self._clock.now()

        def work(tx: Transaction) -> AssetRow | None:
            self._journal.require_recorded(tx, [facts.mined])
            tx.complete_mint(asset_id, facts, now)
            also(tx)
            return tx.asset_row(asset_id)

        row = await self._database.write(work)
        if row is not None:
            self._events.publish(AssetChanged(row))

    async def _adopt(self, asset_id: UUID, facts: AdoptedMint) -> bool:
        """False where the asset got a mint of its own in the meantime: that one finds the token on its way."""
        now = self._clock.now()
        item = MintItem(UUID(int=uuid7().int), asset_id, facts.owner, RecipientType.ENTERPRISE)

        def work(tx: Transaction) -> AssetRow | None:
            asset = tx.asset(asset_id)
            if asset is None or asset.state not in MINTABLE_STATES:
                return None
            self._journal.require_recorded(tx, [facts.mined])
            job = MintJob(
                job_id=UUID(int=uuid7().int),
                strategy=MintStrategy.SINGLE,
                items=(item,),
                stage=MintStage.REQUESTED,
                attempt=1,
                times=MintTimes(requested_at=now),
                required_confirmations=self._required_confirmations,
                idempotency_key=uuid4().hex,
                requested_by=ENGINE,
            )
            if asset.state is not AssetState.DRAFT:
                tx.reset_to_draft(asset_id)  # its failed attempts do not count against a token that exists
            tx.open_jobs([job])
            tx.record_adopted(job.job_id, facts, now)
            found = {"job": str(job.job_id), "tx_hash": facts.mined.tx_hash, "owner": facts.owner}
            tx.append_audit(ENGINE, "mint.adopted", str(asset_id), found, now)
            return tx.asset_row(asset_id)

        row = await self._database.write(work)
        if row is None:
            return False
        self._events.publish(AssetChanged(row))
        log_event(MintStep.ADOPTED, asset=asset_id, tx=facts.mined.tx_hash)
        return True


async def adopted_mint(chain: Chain, sighting: MintSighting) -> AdoptedMint:
    """Everything the chain tells of a token: its transaction, receipt and present URI.

    Raises EnvironmentFault NODE_UNREACHABLE while the parts do not agree, as in the midst of a reorganisation.
    """
    transaction = await chain.mined_transaction(sighting.tx_hash)
    look = await chain.look([sighting.tx_hash])
    receipt = look.receipts.get(sighting.tx_hash)
    token = await chain.token(sighting.token_id)
    if transaction is None or receipt is None or token is None:
        raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "the chain does not tell all of a token that it holds")
    confirmations = look.head.number - receipt.block.number + 1
    return AdoptedMint(transaction, mined_facts(receipt), confirmations, sighting.owner, token.token_uri)


def mined_facts(receipt: Receipt) -> MinedFacts:
    """A receipt as it is recorded."""
    return MinedFacts(
        receipt.tx_hash, receipt.block.number, receipt.block.block_hash, receipt.gas_used, receipt.gas_price_wei
    )
