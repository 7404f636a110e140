"""Repairs that leave what was done here as it is, and keep beside it what the chain says, or that a token is no matter
of ours."""

from __future__ import annotations

from ipnft_desktop.domain.certificates import Validity
from ipnft_desktop.domain.errors import ErrorCode, FieldProblem, ProblemKind, UserError, ValidationFailed
from ipnft_desktop.domain.reconciliation import Finding, Repair
from ipnft_desktop.services.chain_ports import Chain
from ipnft_desktop.services.ports import Clock, Database, Transaction
from ipnft_desktop.services.repair_parts import REASON_MAX_CHARS, RepairLog, RepairPreview, RepairWish, asset_of
from ipnft_desktop.services.session import Session

REPAIRS = (Repair.NOTE_HOLDER, Repair.TAKE_VALIDITY, Repair.IGNORE)


class NoteRepairs:
    """Implements `RepairFamily`."""

    def __init__(self, database: Database, chain: Chain, log: RepairLog, clock: Clock, session: Session) -> None:
        self._database = database
        self._chain = chain
        self._log = log
        self._clock = clock
        self._session = session

    async def preview(self, finding: Finding, repair: Repair) -> RepairPreview:
        """Raises UserError MINT_INVALID_STATE where the token is gone."""
        after = finding.found
        if repair is not Repair.IGNORE:
            owner, validity = await self._standing(finding)
            after = owner if repair is Repair.NOTE_HOLDER else validity
        return RepairPreview(finding, repair, finding.register, after, is_undoable=True)

    async def carry_out(self, finding: Finding, repair: Repair, wish: RepairWish) -> None:
        """Raises as `preview`; ValidationFailed (field "reason")."""
        if repair is Repair.IGNORE:
            await self._ignore(finding, wish.reason.strip())
        else:
            await self._note_standing(finding, repair)

    async def undo(self, finding: Finding, repair: Repair) -> None:
        """Forget the note."""
        actor = self._session.actor

        def work(tx: Transaction) -> None:
            if repair is Repair.IGNORE:
                assert finding.token_id is not None
                tx.heed_token(finding.token_id)
            else:
                is_holder = repair is Repair.NOTE_HOLDER
                tx.forget_standing(asset_of(finding), holder=is_holder, validity=not is_holder)
            self._log.undone(tx, actor, finding, repair)

        await self._database.write(work)

    async def _standing(self, finding: Finding) -> tuple[str, Validity]:
        """Owner and validity by the contract."""
        token = await self._chain.token(asset_of(finding).int)
        if token is None:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "the chain has no such token any more")
        return token.owner, Validity(token.validity)

    async def _note_standing(self, finding: Finding, repair: Repair) -> None:
        owner, validity = await self._standing(finding)
        asset_id, now, actor = asset_of(finding), self._clock.now(), self._session.actor

        def work(tx: Transaction) -> None:
            if repair is Repair.NOTE_HOLDER:
                tx.note_standing(asset_id, now, holder=owner)
            else:
                tx.note_standing(asset_id, now, validity=validity)
            self._log.repaired(tx, actor, finding, repair)

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
            self._log.repaired(tx, actor, finding, Repair.IGNORE, reason=reason)

        await self._database.write(work)
