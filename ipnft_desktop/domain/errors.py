"""Failures as the program raises them; what a code says to people stands in `domain/error_catalogue.py`.

Three families, because they ask three different things of the reader: a `UserError` is mended by changing the
input, an `EnvironmentFault` lies outside the program and work goes on from the saved stage once it is gone, a
`Defect` is our own bug.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from ipnft_desktop.domain.error_catalogue import CATALOGUE, CatalogueEntry
from ipnft_desktop.domain.error_codes import ErrorCode
from ipnft_desktop.domain.phrases import Phrase


class IpnftError(Exception):
    """A failure that can be shown to a person.

    `code` selects the catalogue entry, `detail` says what happened this time in plain English (never a secret, never
    a traceback), `reason` is the same for the window to translate, `field` names the input beside which it belongs,
    `facts` are values worth copying (hash, port).
    """

    def __init__(self, code: ErrorCode, reason: str | Phrase = "", *, field: str | None = None, **facts: str) -> None:
        detail = str(reason)
        super().__init__(f"{code}: {detail}" if detail else str(code))
        self.code = code
        self.reason = reason
        self.detail = detail
        self.field = field
        self.facts: Mapping[str, str] = MappingProxyType(dict(facts))

    @property
    def entry(self) -> CatalogueEntry:
        """What the catalogue says about this code."""
        return CATALOGUE[self.code]


class UserError(IpnftError):
    """The input must change; repeating it unchanged fails again."""


class EnvironmentFault(IpnftError):
    """Something outside the program failed; the saved stage goes on when it is back."""


class Defect(IpnftError):
    """Our own bug; offer a crash report."""

    def __init__(self, detail: str = "", code: ErrorCode = ErrorCode.UNEXPECTED, **facts: str) -> None:
        super().__init__(code, detail, **facts)


def with_code(error: Exception) -> IpnftError:
    """The failure as it can be shown: one that nobody foresaw is a Defect."""
    return error if isinstance(error, IpnftError) else Defect(f"{type(error).__name__}: {error}")


class ProblemKind(StrEnum):
    """Why an input was refused; the value is the English sentence, `{limit}` is filled in after translation."""

    REQUIRED = "This field is required."
    TOO_LONG = "At most {limit} characters."
    TOO_SHORT = "At least {limit} characters."
    NOT_THE_SAME = "The two entries differ."
    LIKE_THE_NAME = "Must not be the name that signs in."
    TAKEN = "This is taken already."
    NOT_AN_ADDRESS = "Write 0x and 40 hexadecimal digits with a correct checksum; not the zero address."
    HIDDEN_CHARACTERS = "Contains control or direction characters that could mislead a reader."
    NOT_A_DATE = "Write the date as YYYY-MM-DD."
    NOT_A_URL = "Write a web address such as https://example.org/page; other letters than ASCII as %-codes."
    IN_THE_FUTURE = "The date lies in the future."
    OUT_OF_RANGE = "Must be from {limit}."
    NOT_NOW = "This cannot change now; try again once other work has ended."
    NOT_A_CHOICE = "Choose one of the listed values."
    TOO_MANY = "At most {limit} entries."
    NOT_A_WORD = "Write one of: {limit}"
    NOT_YES_OR_NO = "Write yes or no."
    NOT_A_SHARE = "Write the share in percent with its sign, such as 2.5%."
    NOT_AN_ID = "This is no id of an asset."
    STANDS_TWICE = "Row {limit} has the same id."
    UNKNOWN_ENTERPRISE = "No enterprise has this name."
    AMBIGUOUS_ENTERPRISE = "Several enterprises have this name."
    FOREIGN_ENTERPRISE = "You are no member of this enterprise."
    NO_HEADER = "The header has no name for this cell."
    NOT_A_NUMBER = "Write a number."
    NOT_A_WHOLE_NUMBER = "Write a whole number."
    NOT_A_NODE_URL = "Write an address such as http://127.0.0.1:8545; it begins with http:// or https://."
    NOT_A_DATABASE_URL = "Write postgresql+psycopg://user:password@host/database."
    NOT_AN_IPFS_ADDRESS = "Write an address such as http://127.0.0.1:5001 or /ip4/127.0.0.1/tcp/5001."
    NEEDS_RPC_URL = "A shared register needs a shared network: set the address of the node first."
    DATABASE_NEEDS_IT = "The shared register needs a shared network: clear the address of the register first."
    ABOVE_THE_MOST = "No more than go together at most: {limit}"
    BELOW_THE_LEAST = "No fewer than go together at least: {limit}"
    NOT_JSON = "This is no JSON. Line and column of the mistake: {limit}"
    NO_ABI_INSIDE = "There is no ABI in it: neither a list of functions and events, nor an artifact that has one."
    ABI_ENTRY_WRONG = "An entry of the ABI cannot be read; it is number {limit}."
    NOT_OF_TYPE = "This does not fit the type {limit}."
    NOT_A_FOLDER = "There is a file in its place: {limit}"
    FILE_MISSING = "There is no such file: {limit}"
    FILE_UNREADABLE = "The file cannot be read: {limit}"
    NOT_A_FILE = "This is a folder or link, not a file: {limit}"
    ANOTHER_FILE = "This is not the file on record: {limit}"
    FILE_EMPTY = "The file is empty: {limit}"
    FILE_CHANGED = "The file changed or went away while it was read; add it again: {limit}"
    FILE_NAME_TOO_LONG = "The file name is longer than 255 characters: {limit}"
    FILE_NAME_MISLEADING = "The file name holds control or direction characters that could mislead a reader: {limit}"


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One refused input: the field it stands beside and why."""

    field: str
    kind: ProblemKind
    limit: str = ""

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self.kind.value.format(limit=self.limit)


class ValidationFailed(UserError):
    """Several fields may be wrong at once; all are told together and nothing was written."""

    def __init__(self, problems: tuple[FieldProblem, ...]) -> None:
        super().__init__(
            ErrorCode.VALIDATION_FAILED,
            "; ".join(f"{problem.field}: {problem.message}" for problem in problems),
            field=problems[0].field if problems else None,
        )
        self.problems = problems
