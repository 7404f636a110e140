"""Who works with a register, and what each may do."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from ipnft_desktop.domain.assets import Enterprise, has_hidden_characters
from ipnft_desktop.domain.chain import parse_address
from ipnft_desktop.domain.errors import FieldProblem, ProblemKind, UserError

USER_NAME_MAX_CHARS = 100
LABEL_MAX_CHARS = 200
NOTE_MAX_CHARS = 1_000
ENTERPRISE_NAME_MAX_CHARS = 200
PASSWORD_MIN_CHARS = 10
PASSWORD_MAX_CHARS = 1_000
MAX_FAILED_SIGN_INS = 5
"""Wrong passwords in a row after which an account is locked for a while."""
LOCKED_FOR = timedelta(minutes=15)
RESERVED_NAMES = frozenset({"program", "mint engine"})
"""How the audit log names what nobody did; an account of that name could hide behind it."""


class Role(StrEnum):
    """What a person is here for. Each role may do what the one below may."""

    ADMIN = "ADMIN"
    OPERATOR = "OPERATOR"
    VIEWER = "VIEWER"


class Permission(StrEnum):
    """One thing that not everybody may do. Reading, and exporting what one reads, needs a role only."""

    EDIT_ASSETS = "EDIT_ASSETS"
    MINT = "MINT"
    PUBLISH = "PUBLISH"
    ISSUE_EVIDENCE = "ISSUE_EVIDENCE"
    EDIT_ADDRESSES = "EDIT_ADDRESSES"
    BACK_UP = "BACK_UP"
    DELETE_FOR_GOOD = "DELETE_FOR_GOOD"
    RESET_MINTS = "RESET_MINTS"
    MANAGE_PEOPLE = "MANAGE_PEOPLE"
    MANAGE_CHAIN = "MANAGE_CHAIN"
    MANAGE_KEYS = "MANAGE_KEYS"
    CHANGE_SETTINGS = "CHANGE_SETTINGS"
    RESTORE_REGISTER = "RESTORE_REGISTER"
    ANCHOR_AUDIT = "ANCHOR_AUDIT"
    CHANGE_VALIDITY = "CHANGE_VALIDITY"
    WRITE_CONTRACTS = "WRITE_CONTRACTS"
    MANAGE_WORKSPACES = "MANAGE_WORKSPACES"


_OPERATOR = frozenset(
    {
        Permission.EDIT_ASSETS,
        Permission.MINT,
        Permission.PUBLISH,
        Permission.ISSUE_EVIDENCE,
        Permission.EDIT_ADDRESSES,
        Permission.BACK_UP,
    }
)
PERMISSIONS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {Role.ADMIN: frozenset(Permission), Role.OPERATOR: _OPERATOR, Role.VIEWER: frozenset()}
)
OF_ONE_ENTERPRISE = frozenset({Permission.EDIT_ASSETS, Permission.MINT})
"""What an operator may do only for the enterprises they are a member of."""


@dataclass(frozen=True, slots=True)
class User:
    """A person's account. Accounts are closed, never removed: the audit log names them."""

    user_id: UUID
    name: str
    """What is typed to sign in, unique whatever its case."""
    display_name: str
    role: Role
    created_at: datetime
    enterprise_ids: frozenset[UUID] = frozenset()
    """Enterprises the person acts for; an ADMIN acts for all."""
    is_active: bool = True
    is_demo: bool = False
    """The demonstration user has no password and signs in by itself, on a local demonstration register only."""
    failed_sign_ins: int = 0
    locked_until: datetime | None = None
    last_sign_in_at: datetime | None = None

    def may(self, permission: Permission) -> bool:
        """Whether the role allows it, for one enterprise at least."""
        return permission in PERMISSIONS[self.role]

    def acts_for(self, enterprise_id: UUID) -> bool:
        """Whether the person may change what belongs to this enterprise, as far as the role goes."""
        return self.role is Role.ADMIN or enterprise_id in self.enterprise_ids


@dataclass(frozen=True, slots=True)
class AddressBookEntry:
    """A name for an address."""

    address: str
    """With the checksum of EIP-55."""
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Password:
    """A password on its way: event loops log the arguments of what they run, tracebacks may print locals; not this."""

    text: str

    def encode(self) -> bytes:
        """One spelling for what looks alike (RFC 8265, OpaqueString); a lone surrogate is no reason to fail."""
        return unicodedata.normalize("NFC", self.text).encode(errors="surrogatepass")


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account with what proves that it is theirs; it never leaves the services."""

    user: User
    password_hash: str | None
    """None for the demonstration user, whom no password signs in."""

    def __repr__(self) -> str:
        return f"Account({self.user.name})"


@dataclass(frozen=True, slots=True)
class EnterpriseStanding:
    """An enterprise with what depends on it."""

    enterprise: Enterprise
    asset_count: int
    members: tuple[User, ...]
    """Everybody who has it among their enterprises, closed accounts too, by name."""


@dataclass(frozen=True, slots=True)
class KnownAddress:
    """An address with its name, wherever it has it from."""

    entry: AddressBookEntry
    enterprise: Enterprise | None = None
    """Whose wallet it is; its name is then changed with the enterprise."""

    @property
    def address(self) -> str:
        """With the checksum of EIP-55."""
        return self.entry.address


def name_key(name: str) -> str:
    """What makes two names the same: neither case nor the way a character is composed."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name.strip()).casefold())


def check_line(field: str, text: str, max_chars: int, *, required: bool = True) -> tuple[FieldProblem, ...]:
    """What is wrong with one line of text."""
    if required and not text.strip():
        return (FieldProblem(field, ProblemKind.REQUIRED),)
    if len(text.strip()) > max_chars:
        return (FieldProblem(field, ProblemKind.TOO_LONG, str(max_chars)),)
    if has_hidden_characters(text) or any(char in "\n\t" for char in text.strip()):
        return (FieldProblem(field, ProblemKind.HIDDEN_CHARACTERS),)
    return ()


def check_note(field: str, text: str) -> tuple[FieldProblem, ...]:
    """What is wrong with a text of several lines, which may be empty."""
    if len(text.strip()) > NOTE_MAX_CHARS:
        return (FieldProblem(field, ProblemKind.TOO_LONG, str(NOTE_MAX_CHARS)),)
    return (FieldProblem(field, ProblemKind.HIDDEN_CHARACTERS),) if has_hidden_characters(text) else ()


def check_address(field: str, text: str) -> tuple[FieldProblem, ...]:
    """What is wrong with an address that a person typed."""
    if not text.strip():
        return (FieldProblem(field, ProblemKind.REQUIRED),)
    try:
        parse_address(text)
    except UserError:
        return (FieldProblem(field, ProblemKind.NOT_AN_ADDRESS),)
    return ()


def check_entry(address: str, label: str, note: str) -> tuple[FieldProblem, ...]:
    """What is wrong with a line of the address book (fields `address`, `label`, `note`)."""
    return (
        *check_address("address", address),
        *check_line("label", label, LABEL_MAX_CHARS),
        *check_note("note", note),
    )


def check_user_name(name: str) -> tuple[FieldProblem, ...]:
    """What is wrong with the name of a new account."""
    if name_key(name) in RESERVED_NAMES:
        return (FieldProblem("name", ProblemKind.TAKEN),)
    return check_line("name", name, USER_NAME_MAX_CHARS)


def check_password(password: Password, name: str) -> tuple[FieldProblem, ...]:
    """Why this person may not choose this password: it is too short, too long, or their name."""
    if len(password.text) < PASSWORD_MIN_CHARS:
        return (FieldProblem("password", ProblemKind.TOO_SHORT, str(PASSWORD_MIN_CHARS)),)
    if len(password.text) > PASSWORD_MAX_CHARS:
        return (FieldProblem("password", ProblemKind.TOO_LONG, str(PASSWORD_MAX_CHARS)),)
    if name_key(password.text) == name_key(name):
        return (FieldProblem("password", ProblemKind.LIKE_THE_NAME),)
    return ()
