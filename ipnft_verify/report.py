"""What was found out about a bundle, part by part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


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
    """Name, token and signer of a bundle that holds."""

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
