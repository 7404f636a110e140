"""What the families of repairs share: what a person is shown before, may add, and what the audit log keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from uuid import UUID

from ipnft_desktop.domain.asset_changes import Difference
from ipnft_desktop.domain.audit import FieldChanges
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.phrases import Phrase
from ipnft_desktop.domain.reconciliation import Finding, Repair
from ipnft_desktop.services.ports import Clock, Database, Transaction
from ipnft_desktop.services.session import Session

REASON_MAX_CHARS = 500


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
    told: Phrase | None = None
    """Where that comes from, and what explains the difference."""
    fields: tuple[Difference, ...] = ()
    """Of an asset that takes its fields back: `theirs` is now, `mine` is then."""
    enterprises: Mapping[UUID, str] = field(default_factory=dict[UUID, str])
    """Names of those that stand in `fields`."""
    takes_file: bool = False
    """Whether a person may choose the original file."""
    needs_file: bool = False
    """Whether it takes one, because nobody else has it."""


@dataclass(frozen=True, slots=True)
class RepairWish:
    """What a person adds to a repair."""

    reason: str = ""
    """Why a finding is to be ignored."""
    file: Path | None = None
    """The original that they chose."""


class RepairFamily(Protocol):
    """Some of the repairs. What is not undoable is never asked to be undone."""

    async def preview(self, finding: Finding, repair: Repair) -> RepairPreview: ...
    async def carry_out(self, finding: Finding, repair: Repair, wish: RepairWish) -> None: ...
    async def undo(self, finding: Finding, repair: Repair) -> None: ...


class RepairLog:
    """What is done and taken back, in the audit log."""

    def __init__(self, database: Database, clock: Clock, session: Session) -> None:
        self._database = database
        self._clock = clock
        self._session = session

    async def note(self, finding: Finding, repair: Repair) -> None:
        """Before it is done, where what follows is no commit of ours, or may end the program."""
        actor = self._session.actor
        await self._database.write(lambda tx: self.repaired(tx, actor, finding, repair))

    def repaired(
        self,
        tx: Transaction,
        actor: str,
        finding: Finding,
        repair: Repair,
        changes: FieldChanges | None = None,
        **more: str,
    ) -> None:
        """In the commit that does it; `changes` are from and to of each field."""
        facts = {**_facts(finding, repair), **more}
        tx.append_audit(actor, "reconcile.repair", subject_of(finding), facts, self._clock.now(), changes)

    def undone(
        self, tx: Transaction, actor: str, finding: Finding, repair: Repair, changes: FieldChanges | None = None
    ) -> None:
        """In the commit that takes it back."""
        facts = _facts(finding, repair)
        tx.append_audit(actor, "reconcile.undo", subject_of(finding), facts, self._clock.now(), changes)


def asset_of(finding: Finding) -> UUID:
    """The asset that a finding is about. Raises UserError MINT_INVALID_STATE where it is about none."""
    if finding.asset_id is None:
        raise UserError(ErrorCode.MINT_INVALID_STATE, "this is about no asset")
    return finding.asset_id


def subject_of(finding: Finding) -> str:
    """Under which a finding stands in the audit log."""
    return str(finding.asset_id) if finding.asset_id else str(finding.token_id or "index")


def _facts(finding: Finding, repair: Repair) -> dict[str, str]:
    told = {"cause": finding.cause, "repair": repair, "register": finding.register, "found": finding.found}
    return {**told, "file": finding.subject} if finding.subject else told
