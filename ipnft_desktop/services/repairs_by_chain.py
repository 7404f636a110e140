"""Repairs that follow the chain: the register learns what is so there, which nothing in it could take back."""

from __future__ import annotations

from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.domain.reconciliation import Finding, Repair
from ipnft_desktop.services.chain_indexing import ChainIndexing
from ipnft_desktop.services.mint_desk import MintDesk
from ipnft_desktop.services.ports import Database
from ipnft_desktop.services.repair_parts import RepairLog, RepairPreview, RepairWish, asset_of
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.token_adoption import TokenAdoption

REPAIRS = (Repair.LOOK_AGAIN, Repair.ADOPT, Repair.TAKE_RECORD, Repair.INDEX)


class ChainRepairs:
    """Implements `RepairFamily`."""

    def __init__(
        self,
        database: Database,
        adoption: TokenAdoption,
        indexing: ChainIndexing,
        desk: MintDesk,
        log: RepairLog,
        session: Session,
    ) -> None:
        self._database = database
        self._adoption = adoption
        self._indexing = indexing
        self._desk = desk
        self._log = log
        self._session = session

    async def preview(self, finding: Finding, repair: Repair) -> RepairPreview:
        """Raises UserError MINT_INVALID_STATE where the chain has no token to take a record from."""
        if repair is not Repair.TAKE_RECORD:
            return RepairPreview(finding, repair, finding.register, finding.found, is_undoable=False)
        mined = (await self._adoption.facts_of(asset_of(finding))).mined
        told = phrase(
            "By the receipt and the event of {tx_hash}, in block {block}.",
            tx_hash=mined.tx_hash,
            block=mined.block_number,
        )
        after = finding.found or f"#{mined.block_number} {mined.tx_hash}"
        return RepairPreview(finding, repair, finding.register, after, is_undoable=False, told=told)

    async def carry_out(self, finding: Finding, repair: Repair, wish: RepairWish) -> None:
        """Nothing is to be added to these."""
        match repair:
            case Repair.LOOK_AGAIN:
                await self._log.note(finding, repair)
                await self._look_again(finding)
            case Repair.ADOPT:
                await self._log.note(finding, repair)
                await self._adoption.adopt(asset_of(finding))
            case Repair.TAKE_RECORD:
                await self._complete(finding, repair)
            case _:
                await self._log.note(finding, repair)
                self._indexing.wake()

    async def undo(self, finding: Finding, repair: Repair) -> None:
        """Never asked for."""
        raise UserError(ErrorCode.MINT_INVALID_STATE, "this follows the chain and cannot be taken back")

    async def _look_again(self, finding: Finding) -> None:
        """At this mint alone. Where its block stands after all, only what is written of it is wrong."""
        asset_id = asset_of(finding)
        job = await self._database.read(lambda tx: tx.latest_job_of(asset_id))
        if job is None or job.mined is None:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "no block is on record for this mint")
        if not await self._desk.look_again(job.job_id):
            await self._complete(finding, Repair.TAKE_RECORD)

    async def _complete(self, finding: Finding, repair: Repair) -> None:
        actor = self._session.actor
        await self._adoption.complete(asset_of(finding), lambda tx: self._log.repaired(tx, actor, finding, repair))
