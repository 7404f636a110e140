"""What was found out about a bundle, part by part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

SIGNER_NOT_SENDER = "signer_not_sender"
"""Why the signature does not hold where another account signed than the one that sent the mint, and nobody named it."""


class Part(StrEnum):
    """The parts in the order in which they are checked; each rests on those before it."""

    CONTAINER = "CONTAINER"
    MANIFEST = "MANIFEST"
    SIGNATURE = "SIGNATURE"
    BLOCK = "BLOCK"
    TRANSACTION = "TRANSACTION"
    RECEIPT = "RECEIPT"
    EVENT = "EVENT"
    CODE = "CODE"
    DIRECTORY = "DIRECTORY"
    METADATA = "METADATA"
    ATTACHMENTS = "ATTACHMENTS"
    LICENCE = "LICENCE"
    FACTS = "FACTS"
    STATE = "STATE"
    AUDIT = "AUDIT"
    PROOF = "PROOF"
    CHAIN = "CHAIN"
    """Only where a chain is asked."""


class Verdict(StrEnum):
    """What was found out about a part."""

    HOLDS = "HOLDS"
    STATED = "STATED"
    """As the register says and signed; nothing else proves it."""
    UNTIED = "UNTIED"
    """It holds and ties nobody to it: the key of the signature is published."""
    BROKEN = "BROKEN"
    UNANSWERED = "UNANSWERED"
    """The chain was to be asked and did not answer."""
    NOT_CHECKED = "NOT_CHECKED"
    """A part before it is broken."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A part, its verdict, and why: `key` names a sentence in `words.py` that `values` fill."""

    part: Part
    verdict: Verdict
    key: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was found out."""

    findings: tuple[Finding, ...]
    notes: tuple[Finding, ...] = ()
    """What changed since, told by the chain."""
    subject: Mapping[str, str] | None = None
    """Name, token, owner and signer of a bundle that holds."""

    @property
    def validity(self) -> str | None:
        """How the certificate stands as far as is known: now where the chain was asked, else at the stated block. None
        for a bundle that does not hold."""
        if not self.holds or self.subject is None:
            return None
        return self._now("validity") or self.subject["validity"]

    @property
    def owner(self) -> str | None:
        """Whose the token is as far as is known, as `validity`."""
        if not self.holds or self.subject is None:
            return None
        return self._now("owner") or self.subject["owner"]

    @property
    def is_current(self) -> bool:
        """Whether the chain was asked, so that owner and validity are those of now."""
        return any(one.part is Part.CHAIN and one.verdict is Verdict.HOLDS for one in self.findings)

    @property
    def is_valid(self) -> bool:
        """Whether every part holds, and somebody in particular signed. Never while a part was not looked at."""
        return self.holds and not self.is_demonstration

    @property
    def is_demonstration(self) -> bool:
        """Whether it was signed with a key that everybody has, so that anybody may have made it."""
        return any(finding.verdict is Verdict.UNTIED for finding in self.findings)

    @property
    def holds(self) -> bool:
        """Whether no part contradicts another, whoever signed. Never while a part was not looked at."""
        good = (Verdict.HOLDS, Verdict.STATED, Verdict.UNTIED)
        return {part for part in Part if part is not Part.CHAIN} <= {finding.part for finding in self.findings} and all(
            finding.verdict in good for finding in self.findings
        )

    @property
    def first_broken(self) -> Finding | None:
        """The first part that does not hold."""
        return next((one for one in self.findings if one.verdict is Verdict.BROKEN), None)

    @property
    def is_unanswered(self) -> bool:
        """Whether nothing is broken, but the chain that was to be asked did not answer."""
        return self.first_broken is None and any(one.verdict is Verdict.UNANSWERED for one in self.findings)

    def _now(self, name: str) -> str | None:
        return next((note.values["now"] for note in self.notes if note.key == f"{name}_now"), None)
