"""One repair for each cause of a difference: previewed, written into the audit log, and undone where only the register
knows of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from uuid import UUID

from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.certificates import Validity
from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import (
    EnvironmentFault,
    ErrorCode,
    FieldProblem,
    ProblemKind,
    UserError,
    ValidationFailed,
)
from ipnft_desktop.domain.metadata import SCHEMA_VERSION, build_metadata, metadata_file_name
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.domain.reconciliation import UNDOABLE, Finding, ReconciliationRun, Repair
from ipnft_desktop.services.chain_indexing import ChainIndexing
from ipnft_desktop.services.chain_ports import Chain
from ipnft_desktop.services.mint_desk import MintDesk
from ipnft_desktop.services.ports import Clock, ContentStore, Database, Transaction
from ipnft_desktop.services.reconciliation import Reconciliation
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.token_adoption import TokenAdoption

REASON_MAX_CHARS = 500
METADATA_VERSIONS = (SCHEMA_VERSION, "1")


@dataclass(frozen=True, slots=True)
class RepairPreview:
    """What a repair would change; nothing has been."""

    finding: Finding
    repair: Repair
    before: str
    """What the register or the content store says now; empty for nothing."""
    after: str
    """What it will say."""
    is_undoable: bool


class ReconciliationRepairs:
    """Every method raises UserError SIGN_IN_REQUIRED or PERMISSION_DENIED."""

    def __init__(
        self,
        database: Database,
        chain: Chain,
        content: ContentStore,
        reconciliation: Reconciliation,
        adoption: TokenAdoption,
        indexing: ChainIndexing,
        desk: MintDesk,
        clock: Clock,
        session: Session,
    ) -> None:
        self._database = database
        self._chain = chain
        self._content = content
        self._reconciliation = reconciliation
        self._adoption = adoption
        self._indexing = indexing
        self._desk = desk
        self._clock = clock
        self._session = session

    async def preview(self, finding: Finding) -> RepairPreview:
        """What would be done, by what chain and content say now.

        Raises UserError MINT_INVALID_STATE where nothing can be done here, EnvironmentFault CONTENT_MISMATCH where the
        register does not give the minted metadata, NODE_UNREACHABLE.
        """
        self._session.require(Permission.MANAGE_CHAIN)
        repair = _repair_of(finding)
        after = await self._after(repair, finding)
        return RepairPreview(finding, repair, finding.register, after, repair in UNDOABLE)

    async def repair(self, finding: Finding, reason: str = "") -> ReconciliationRun:
        """Do it, and tell what is left of the last run's findings. `reason` is wanted for IGNORE only.

        Raises as `preview`; ValidationFailed (field "reason").
        """
        self._session.require(Permission.MANAGE_CHAIN)
        match repair := _repair_of(finding):
            case Repair.LOOK_AGAIN:
                await self._note(finding, repair)
                await self._look_again(finding)
            case Repair.ADOPT:
                assert finding.asset_id is not None
                await self._note(finding, repair)
                await self._adoption.adopt(finding.asset_id)
            case Repair.NOTE_HOLDER | Repair.TAKE_VALIDITY:
                await self._note_standing(finding, repair)
            case Repair.RESTORE_METADATA:
                await self._note(finding, repair)
                await self._restore_metadata(finding)
            case Repair.IGNORE:
                await self._ignore(finding, reason.strip())
            case Repair.INDEX:
                self._indexing.wake()
        return await self._reconciliation.look_again(finding)

    async def undo(self, finding: Finding) -> ReconciliationRun:
        """Take back a repair that only the register knows of. Raises UserError MINT_INVALID_STATE for another one."""
        self._session.require(Permission.MANAGE_CHAIN)
        repair, now, actor = _repair_of(finding), self._clock.now(), self._session.actor
        if repair not in UNDOABLE:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "this follows the chain and cannot be taken back")

        def work(tx: Transaction) -> None:
            if repair is Repair.IGNORE:
                assert finding.token_id is not None
                tx.heed_token(finding.token_id)
            else:
                assert finding.asset_id is not None
                tx.forget_standing(
                    finding.asset_id, holder=repair is Repair.NOTE_HOLDER, validity=repair is Repair.TAKE_VALIDITY
                )
            tx.append_audit(actor, "reconcile.undo", _subject(finding), _facts(finding, repair), now)

        await self._database.write(work)
        return await self._reconciliation.look_again(finding)

    # --- what each does -----------------------------------------------------------------------------------------

    async def _after(self, repair: Repair, finding: Finding) -> str:
        if repair is Repair.RESTORE_METADATA:
            assert finding.asset_id is not None
            cid, _, _ = await self._lost_metadata(finding.asset_id)
            return cid.text
        if repair in (Repair.NOTE_HOLDER, Repair.TAKE_VALIDITY):
            owner, validity = await self._standing(finding)
            return owner if repair is Repair.NOTE_HOLDER else validity
        return finding.found

    async def _standing(self, finding: Finding) -> tuple[str, Validity]:
        """Owner and validity by the contract. Raises UserError MINT_INVALID_STATE where the token is gone."""
        assert finding.asset_id is not None
        token = await self._chain.token(finding.asset_id.int)
        if token is None:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "the chain has no such token any more")
        return token.owner, Validity(token.validity)

    async def _note_standing(self, finding: Finding, repair: Repair) -> None:
        owner, validity = await self._standing(finding)
        asset_id, now, actor = finding.asset_id, self._clock.now(), self._session.actor
        assert asset_id is not None

        def work(tx: Transaction) -> None:
            if repair is Repair.NOTE_HOLDER:
                tx.note_standing(asset_id, now, holder=owner)
            else:
                tx.note_standing(asset_id, now, validity=validity)
            tx.append_audit(actor, "reconcile.repair", str(asset_id), _facts(finding, repair), now)

        await self._database.write(work)

    async def _ignore(self, finding: Finding, reason: str) -> None:
        token_id, now, actor = finding.token_id, self._clock.now(), self._session.actor
        assert token_id is not None
        if not reason:
            raise ValidationFailed((FieldProblem("reason", ProblemKind.REQUIRED),))
        if len(reason) > REASON_MAX_CHARS:
            raise ValidationFailed((FieldProblem("reason", ProblemKind.TOO_LONG, str(REASON_MAX_CHARS)),))

        def work(tx: Transaction) -> None:
            tx.ignore_token(token_id, reason, actor, now)
            facts = {**_facts(finding, Repair.IGNORE), "reason": reason}
            tx.append_audit(actor, "reconcile.repair", _subject(finding), facts, now)

        await self._database.write(work)

    async def _look_again(self, finding: Finding) -> None:
        """By the height on record; what the chain shows then ends the mint anew."""
        assert finding.asset_id is not None
        job = await self._database.read(lambda tx, asset_id=finding.asset_id: tx.latest_job_of(asset_id))
        if job is None or job.mined is None:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "no block is on record for this mint")
        await self._desk.look_again_above(job.mined.block_number - 1)

    async def _restore_metadata(self, finding: Finding) -> None:
        """Damaged blocks go first, or the sound ones would count as stored already."""
        assert finding.asset_id is not None
        cid, content, directory = await self._lost_metadata(finding.asset_id)
        await self._content.remove_blocks([cid])
        await self._content.add_bytes(content)
        if directory:
            await self._content.add_directories([directory])

    async def _lost_metadata(self, asset_id: UUID) -> tuple[Cid, bytes, dict[str, bytes]]:
        """The minted address, the bytes it names as the register gives them, and the whole directory where all of its
        files can be told. Raises EnvironmentFault CONTENT_MISMATCH where the asset changed since."""

        def read(tx: Transaction) -> tuple[list[tuple[Asset, tuple[str, ...]]], str | None]:
            job = tx.latest_job_of(asset_id)
            found = [tx.asset(item.asset_id) for item in job.items] if job else []
            assets = [asset for asset in found if asset is not None]
            named = [(asset, tx.former_names(asset.enterprise.enterprise_id)) for asset in assets]
            return named, job.directory_cid if job else None

        named, directory_cid = await self._database.read(read)
        files: dict[str, bytes] = {}
        own: tuple[Cid, bytes] | None = None
        for asset, former in named:
            made = await self._minted_bytes(asset, former)
            if made is not None:
                files[metadata_file_name(asset)] = made[1]
                own = made if asset.asset_id == asset_id else own
        if own is None:
            raise EnvironmentFault(
                ErrorCode.CONTENT_MISMATCH, phrase("the asset's fields do not give the metadata that was minted")
            )
        root, _ = await self._content.directory_addresses(files)
        return *own, files if root.text == directory_cid else {}

    async def _minted_bytes(self, asset: Asset, former: Sequence[str]) -> tuple[Cid, bytes] | None:
        """The metadata in the shape and under the name that give the minted address; None where none does."""
        wanted = asset.mint.metadata_cid if asset.mint else None
        owner = asset.enterprise
        for version, name in product(METADATA_VERSIONS, (owner.name, *former)):
            content = build_metadata(replace(asset, enterprise=replace(owner, name=name)), version)
            _, stored = await self._content.directory_addresses({metadata_file_name(asset): content})
            cid = stored[metadata_file_name(asset)].cid
            if cid.text == wanted:
                return cid, content
        return None

    async def _note(self, finding: Finding, repair: Repair) -> None:
        """Into the audit log, before it is done: what follows may end the program."""
        now, actor = self._clock.now(), self._session.actor
        await self._database.write(
            lambda tx: tx.append_audit(actor, "reconcile.repair", _subject(finding), _facts(finding, repair), now)
        )


def _repair_of(finding: Finding) -> Repair:
    if finding.repair is None:
        raise UserError(
            ErrorCode.MINT_INVALID_STATE, phrase("nothing can be done about {cause} here", cause=finding.cause)
        )
    return finding.repair


def _subject(finding: Finding) -> str:
    return str(finding.asset_id) if finding.asset_id else str(finding.token_id or "index")


def _facts(finding: Finding, repair: Repair) -> dict[str, str]:
    return {"cause": finding.cause, "repair": repair, "register": finding.register, "found": finding.found}
