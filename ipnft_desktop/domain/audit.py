"""The audit log: who did what, when, and what changed; how its rows are sealed, and what can be wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from ipnft_desktop.domain.canonical_json import canonical_json

ACTOR_MAX_CHARS = 200
ACTION_MAX_CHARS = 100
SUBJECT_MAX_CHARS = 200
MAC_BYTES = 32

FieldChanges = Mapping[str, tuple[str | None, str | None]]
"""Old and new value of each field that changed, as text; None where there was, or is, nothing."""

ANCHOR_MARK = b"IPNFTAUD"
"""First bytes of an anchor's data, so that anybody who reads the chain knows what follows."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """What a row of the log says."""

    at: datetime
    actor: str
    action: str
    """Words with dots, from the general to the special, such as `mint.requested`."""
    subject: str
    """What it is about: the id of an asset, a job, a person; an address; or empty."""
    facts: Mapping[str, str]
    changes: FieldChanges = field(default_factory=dict[str, tuple[str | None, str | None]])

    def canonical(self) -> bytes:
        """The same bytes for the same row, whatever database kept it. Raises ValueError for text that is none."""
        return canonical_json(
            {
                "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
                "actor": self.actor,
                "action": self.action,
                "subject": self.subject,
                "facts": self.facts,
                "changes": self.changes,
            }
        )


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A row of the log."""

    audit_id: int
    line: AuditLine
    key_id: str | None = None
    """Which key sealed it; None for rows from before rows were sealed."""
    mac: bytes | None = None


@dataclass(frozen=True, slots=True)
class AuditPoint:
    """A row by which all before it are known: its seal covers theirs."""

    audit_id: int
    mac: bytes


BEFORE_ALL = AuditPoint(0, b"")
"""What the first sealed row follows."""


class AuditFault(StrEnum):
    """What is wrong with a row, or keeps rows from being judged."""

    EDITED = "EDITED"
    """What it says is not what was sealed; or somebody without the key put it there."""
    REMOVED = "REMOVED"
    TRUNCATED = "TRUNCATED"
    """It was the last or one of the last, and is gone."""
    UNSEALED = "UNSEALED"
    """It has no seal although rows before it have one."""
    OTHER_KEY = "OTHER_KEY"
    """Another key sealed it although ours sealed rows before it."""
    KEY_REPLACED = "KEY_REPLACED"
    """The key was missing, and rows before this one can no longer be judged."""
    HEAD_MISSING = "HEAD_MISSING"
    """The note of the last row was missing: whether rows behind it were removed cannot be told."""

    @property
    def action(self) -> str:
        """Of the row that tells of it."""
        return f"audit.{self.lower()}"


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """The first row that is not as it should be."""

    fault: AuditFault
    audit_id: int


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """What a verification found."""

    rows_judged: int
    rows_unsealed: int
    """From before rows were sealed; nothing proves them."""
    rows_of_other_keys: int
    """Sealed with a key that is gone; nothing proves them any more."""
    judged_from: int | None
    """First row that could be judged; None where there was none."""
    last: AuditPoint
    """Last row seen to be good."""
    finding: AuditFinding | None = None

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong with the rows that could be judged."""
        return self.finding is None


@dataclass(frozen=True, slots=True)
class PendingRestore:
    """What took the register's place, or was about to, of which the log has yet to tell."""

    backup: str
    """File of the backup, or name of the checkpoint."""
    actor: str
    at: datetime
    is_done: bool
    checkpoint_id: str = ""
    """Of the checkpoint to which the whole workspace was put back; empty for a backup."""
    sha256: str = ""
    """Of the checkpoint's register."""

    def line(self, former: AuditPoint) -> AuditLine:
        """What the log tells of it; `former` was its last row before."""
        facts = {"former_last": str(former.audit_id), "former_seal": former.mac.hex()}
        if not self.checkpoint_id:
            return AuditLine(self.at, self.actor, "register.restored", "", {"backup": self.backup, **facts})
        told = {"checkpoint": self.backup, "sha256": self.sha256, **facts}
        return AuditLine(self.at, self.actor, "workspace.returned", self.checkpoint_id, told)


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which rows are wanted; what is empty restricts nothing."""

    actor: str = ""
    action: str = ""
    """The action, or the first words of it: `mint` finds `mint.requested`."""
    subject: str = ""
    text: str = ""
    """Somewhere in actor, action, subject, facts or changes, whatever its case."""
    since: datetime | None = None
    until: datetime | None = None
    """Before this moment."""


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Rows from the newest to the oldest; `is_last` where none follow."""

    entries: tuple[AuditEntry, ...]
    is_last: bool


@dataclass(frozen=True, slots=True)
class AuditAnchor:
    """A point of the log whose seal is written into the chain, by a transaction to ourselves."""

    point: AuditPoint
    key_id: str
    tx_hash: str
    requested_at: datetime
    requested_by: str
    on_present_chain: bool = True
    block_number: int | None = None
    block_hash: str | None = None
    mined_at: datetime | None = None
    """The block's own time; None while no block has it."""


class AnchorMatch(StrEnum):
    """How an anchor and the log agree."""

    SAME = "SAME"
    """The row bears the seal that the chain shows: all rows up to it are as they were then."""
    DIFFERENT = "DIFFERENT"
    """The row bears another seal: it, or a row before it, was changed and sealed anew."""
    ROW_MISSING = "ROW_MISSING"
    NOT_ON_CHAIN = "NOT_ON_CHAIN"
    """The chain has no such transaction."""
    NO_ANCHOR = "NO_ANCHOR"
    """The transaction is none that anchors a log."""


@dataclass(frozen=True, slots=True)
class AnchorVerdict:
    """What the chain says about the log. Only an anchor whose sender is one of ours proves anything."""

    match: AnchorMatch
    point: AuditPoint | None = None
    """As the chain shows it."""
    signer: str = ""
    block_number: int | None = None


def sealed_bytes(audit_id: int, previous_mac: bytes, canonical: bytes) -> bytes:
    """What a row's seal is made of: canonical JSON of its number, the seal before it, and what it says."""
    return b'[%d,"%s",%s]' % (audit_id, previous_mac.hex().encode(), canonical)


def anchor_data(point: AuditPoint) -> bytes:
    """What an anchor writes into the chain: a mark, the row's number in 8 bytes, and its seal."""
    return ANCHOR_MARK + point.audit_id.to_bytes(8, "big") + point.mac


def anchor_in(data: bytes) -> AuditPoint | None:
    """The point that `anchor_data` made these bytes of; None for any others."""
    head = len(ANCHOR_MARK)
    if not data.startswith(ANCHOR_MARK) or len(data) != head + 8 + MAC_BYTES:
        return None
    return AuditPoint(int.from_bytes(data[head : head + 8], "big"), data[head + 8 :])
