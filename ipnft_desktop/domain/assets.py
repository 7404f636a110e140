"""The register's subject: an intellectual-property asset, its licence terms and its files."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import UUID

from ipnft_desktop.domain.errors import FieldProblem, ProblemKind
from ipnft_desktop.domain.minting import AssetState, MintRecord, MintStage

NAME_MAX_CHARS = 200
DESCRIPTION_MAX_CHARS = 10_000
CREATOR_MAX_CHARS = 200
APPLICATION_NUMBER_MAX_CHARS = 100
EXTERNAL_URL_MAX_CHARS = 500
CUSTOM_FIELDS_MAX = 50
CUSTOM_KEY_MAX_CHARS = 50
CUSTOM_VALUE_MAX_CHARS = 500
BASIS_POINTS_MAX = 10_000
URL_SCHEMES = ("https", "http", "ipfs")
_NOT_IN_URLS = frozenset('"<>\\^`{|}')


class AssetType(StrEnum):
    """Kinds of intellectual property the register knows."""

    PATENT = "PATENT"
    TRADEMARK = "TRADEMARK"
    COPYRIGHT = "COPYRIGHT"
    DESIGN = "DESIGN"
    TRADE_SECRET = "TRADE_SECRET"  # noqa: S105 - a kind of asset, not a password
    SOFTWARE = "SOFTWARE"
    OTHER = "OTHER"


class LegalStatus(StrEnum):
    """Standing of the right at its office, independent of the token."""

    UNREGISTERED = "UNREGISTERED"
    PENDING = "PENDING"
    REGISTERED = "REGISTERED"
    EXPIRED = "EXPIRED"
    DISPUTED = "DISPUTED"


class AgreementType(StrEnum):
    """What a file says that is an agreement about the asset and not the work itself."""

    LICENCE = "LICENCE"
    ASSIGNMENT = "ASSIGNMENT"
    CONFIDENTIALITY = "CONFIDENTIALITY"
    COLLABORATION = "COLLABORATION"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class LicenceTerms:
    """What a holder of the token may do, as data."""

    transferable: bool = True
    commercial_use: bool = False
    derivatives: bool = False
    attribution: bool = True
    revenue_share_bp: int = 0
    """Share of revenue owed to the originator, in basis points (1/100 of a percent)."""
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to an asset. Confidential files never leave the register; only their hashes do."""

    attachment_id: UUID
    file_name: str
    media_type: str
    size_bytes: int
    sha256: bytes
    cid: str
    confidential: bool = False
    is_image: bool = False
    """True for the one picture that stands for the asset."""
    agreement: AgreementType | None = None
    """What kind of agreement the file is, if it is one."""
    sealed_key: bytes | None = field(default=None, repr=False)
    """The key of a file that is stored encrypted, itself encrypted with the register's. `cid` is then that of the
    ciphertext; size and SHA-256 are always those of the file itself."""


@dataclass(frozen=True, slots=True)
class Enterprise:
    """Owner of assets, with the wallet that receives its tokens."""

    enterprise_id: UUID
    name: str
    wallet_address: str
    wallet_label: str


@dataclass(frozen=True, slots=True)
class AssetDraft:
    """What a person typed into the asset form; unchecked until `check_draft` found no problem."""

    name: str
    asset_type: AssetType
    description: str
    creator_name: str
    creation_date: str
    """ISO 8601 date as typed (YYYY-MM-DD)."""
    legal_status: LegalStatus
    enterprise_id: UUID
    application_number: str = ""
    external_url: str = ""
    """Where more is told about the asset: a page on the web or on IPFS."""
    licence: LicenceTerms = field(default_factory=LicenceTerms)
    custom_fields: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Asset:
    """One asset of the register with everything that hangs on it."""

    asset_id: UUID
    name: str
    asset_type: AssetType
    description: str
    creator_name: str
    creation_date: date
    legal_status: LegalStatus
    application_number: str
    enterprise: Enterprise
    licence: LicenceTerms
    custom_fields: Mapping[str, str]
    attachments: tuple[Attachment, ...]
    state: AssetState
    version: int
    """Counts changes; an update names the version it was made from (optimistic locking)."""
    created_at: datetime
    updated_at: datetime
    mint: MintRecord | None = None
    """The latest mint intent, if one was ever recorded."""
    external_url: str = ""

    @property
    def image(self) -> Attachment | None:
        """The picture that stands for the asset, if it has one."""
        return next((attachment for attachment in self.attachments if attachment.is_image), None)


@dataclass(frozen=True, slots=True)
class AssetRow:
    """One line of the register table or one card of the gallery: cheap to read by the million."""

    asset_id: UUID
    name: str
    asset_type: AssetType
    enterprise_id: UUID
    enterprise_name: str
    application_number: str
    state: AssetState
    stage: MintStage | None
    confirmations: int
    required_confirmations: int
    token_id: int | None
    revenue_share_bp: int
    image_cid: str | None
    created_at: datetime
    legal_status: LegalStatus
    creator_name: str
    creation_date: date
    updated_at: datetime


class SortKey(StrEnum):
    """Columns the register can be sorted by; each has an index. Words sort by code point, their case folded."""

    NAME = "name"
    ASSET_TYPE = "asset_type"
    ENTERPRISE = "enterprise"
    STATE = "state"
    CREATED = "created_at"
    APPLICATION_NUMBER = "application_number"
    LEGAL_STATUS = "legal_status"
    CREATOR = "creator"
    CREATION_DATE = "creation_date"
    UPDATED = "updated_at"
    TOKEN = "token"  # noqa: S105 - a column, not a password
    """A token's id is the asset's own, so this is the order of the ids, with a token or without."""


@dataclass(frozen=True, slots=True)
class DaySpan:
    """Days from the first to the last, both included; None means without a bound."""

    first: date | None = None
    last: date | None = None

    def __bool__(self) -> bool:
        return self.first is not None or self.last is not None

    def holds(self, day: date) -> bool:
        """Whether a day lies within."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class AssetQuery:
    """Which assets to list and in what order."""

    text: str = ""
    """Words that all stand somewhere in name, application number, creator or description, see `search_words`."""
    states: frozenset[AssetState] = frozenset()
    """Empty means every state; the same goes for the other sets."""
    sort: SortKey = SortKey.CREATED
    descending: bool = True
    types: frozenset[AssetType] = frozenset()
    legal_statuses: frozenset[LegalStatus] = frozenset()
    enterprise_ids: frozenset[UUID] = frozenset()
    created: DaySpan = DaySpan()
    """When it entered the register, in days of the place where the program runs."""
    creation: DaySpan = DaySpan()
    """When the work itself was made."""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.text.strip() or self.states) or self.is_filtered

    @property
    def is_filtered(self) -> bool:
        """Whether anything but states and words narrows it."""
        return bool(self.types or self.legal_statuses or self.enterprise_ids or self.created or self.creation)


@dataclass(frozen=True, slots=True)
class PageAnchor:
    """Where a page ended: the next page starts after this sort value and id (keyset pagination, no OFFSET)."""

    value: str
    asset_id: UUID


@dataclass(frozen=True, slots=True)
class AssetPage:
    """One page of rows and where the next one begins; `next_anchor` is None on the last page."""

    rows: tuple[AssetRow, ...]
    next_anchor: PageAnchor | None


def token_id_of(asset_id: UUID) -> int:
    """Token id of an asset: its UUID read as an unsigned 128-bit number (`IPAssetNFT.tokenIdOf`)."""
    return asset_id.int


def has_hidden_characters(text: str) -> bool:
    """True if the text holds control, format or direction characters other than line breaks and tabs.

    Such characters can make a name look like another one (Unicode TR 36, bidirectional spoofing).
    """
    if text.isprintable():
        return False
    return any(unicodedata.category(char) in ("Cc", "Cf", "Cs") and char not in "\n\t\u200d" for char in text)


def check_draft(draft: AssetDraft, today: date) -> tuple[FieldProblem, ...]:
    """Every problem of a draft, in the order of the form; empty if it may be stored."""
    problems = [
        *_check_text("name", draft.name, NAME_MAX_CHARS, required=True),
        *_check_text("description", draft.description, DESCRIPTION_MAX_CHARS),
        *_check_text("creator_name", draft.creator_name, CREATOR_MAX_CHARS, required=True),
        *_check_creation_date(draft.creation_date, today),
        *_check_text("application_number", draft.application_number, APPLICATION_NUMBER_MAX_CHARS),
        *_check_url(draft.external_url.strip()),
        *_check_licence(draft.licence),
        *_check_custom_fields(draft.custom_fields),
    ]
    return tuple(problems)


def _check_text(name: str, text: str, max_chars: int, *, required: bool = False) -> list[FieldProblem]:
    if required and not text.strip():
        return [FieldProblem(name, ProblemKind.REQUIRED)]
    if len(text) > max_chars:
        return [FieldProblem(name, ProblemKind.TOO_LONG, str(max_chars))]
    if has_hidden_characters(text):
        return [FieldProblem(name, ProblemKind.HIDDEN_CHARACTERS)]
    return []


def _check_creation_date(text: str, today: date) -> list[FieldProblem]:
    try:
        parsed = date.fromisoformat(text.strip())
    except ValueError:
        return [FieldProblem("creation_date", ProblemKind.NOT_A_DATE)]
    return [FieldProblem("creation_date", ProblemKind.IN_THE_FUTURE)] if parsed > today else []


def _check_url(url: str) -> list[FieldProblem]:
    """An address as RFC 3986 writes it. One with a name or password in it is refused: it would be published."""
    if not url:
        return []
    if len(url) > EXTERNAL_URL_MAX_CHARS:
        return [FieldProblem("external_url", ProblemKind.TOO_LONG, str(EXTERNAL_URL_MAX_CHARS))]
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in URL_SCHEMES and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        is_good = False
    is_plain = all("!" <= char <= "~" and char not in _NOT_IN_URLS for char in url)
    return [] if is_good and is_plain else [FieldProblem("external_url", ProblemKind.NOT_A_URL)]


def _check_licence(licence: LicenceTerms) -> list[FieldProblem]:
    if 0 <= licence.revenue_share_bp <= BASIS_POINTS_MAX:
        return []
    return [FieldProblem("revenue_share_bp", ProblemKind.OUT_OF_RANGE, f"0 - {BASIS_POINTS_MAX}")]


def _check_custom_fields(fields: Mapping[str, str]) -> list[FieldProblem]:
    if len(fields) > CUSTOM_FIELDS_MAX:
        return [FieldProblem("custom_fields", ProblemKind.TOO_MANY, str(CUSTOM_FIELDS_MAX))]
    problems: list[FieldProblem] = []
    for key, value in fields.items():
        problems += _check_text("custom_fields", key, CUSTOM_KEY_MAX_CHARS, required=True)
        problems += _check_text("custom_fields", value, CUSTOM_VALUE_MAX_CHARS)
    return problems
