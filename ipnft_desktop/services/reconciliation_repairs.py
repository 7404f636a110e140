"""One repair for each cause of a difference: previewed, written into the audit log, and undone where only the register
knows of it. What each does is told by its family: `repairs_by_chain`, `repairs_by_note`, `repairs_of_content` and
`repairs_of_record`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.domain.reconciliation import UNDOABLE, Finding, ReconciliationRun, Repair
from ipnft_desktop.services.reconciliation import Reconciliation
from ipnft_desktop.services.repair_parts import RepairFamily, RepairPreview, RepairWish
from ipnft_desktop.services.session import Session


class ReconciliationRepairs:
    """Every method raises UserError SIGN_IN_REQUIRED or PERMISSION_DENIED."""

    def __init__(
        self, families: Mapping[Repair, RepairFamily], reconciliation: Reconciliation, session: Session
    ) -> None:
        """`families` has who does it for each repair."""
        self._families = families
        self._reconciliation = reconciliation
        self._session = session

    async def preview(self, finding: Finding) -> RepairPreview:
        """What would be done, by what chain and content say now.

        Raises UserError MINT_INVALID_STATE where nothing can be done any more, EnvironmentFault CONTENT_NOT_FOUND
        where nobody has the content that is wanted, CONTENT_MISMATCH where it does not say what is, NODE_UNREACHABLE.
        A finding that holds no more, for something else mended it, is gone from the last run then.
        """
        self._session.require(Permission.MANAGE_CHAIN)
        try:
            return await self._families[finding.repair].preview(finding, finding.repair)
        except UserError as refusal:
            if refusal.code is ErrorCode.MINT_INVALID_STATE:
                await self._reconciliation.look_again(finding)
            raise

    async def repair(self, finding: Finding, reason: str = "", file: Path | None = None) -> ReconciliationRun:
        """Do it, and tell what is left of the last run's findings. `reason` is wanted for IGNORE only; `file` may be
        the original of a file that the content store lost.

        Raises as `preview`; ValidationFailed (field "reason" or "file"), UserError ATTACHMENT_INVALID or ASSET_CHANGED.
        """
        self._session.require(Permission.MANAGE_CHAIN)
        await self._families[finding.repair].carry_out(finding, finding.repair, RepairWish(reason, file))
        return await self._reconciliation.look_again(finding)

    async def undo(self, finding: Finding) -> ReconciliationRun:
        """Take back a repair that only the register knows of. Raises UserError MINT_INVALID_STATE for another one, or
        where what stood before is not kept any more; ASSET_CHANGED or RECORD_CHANGED where somebody was faster."""
        self._session.require(Permission.MANAGE_CHAIN)
        if finding.repair not in UNDOABLE:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "this follows the chain and cannot be taken back")
        await self._families[finding.repair].undo(finding, finding.repair)
        return await self._reconciliation.look_again(finding)
