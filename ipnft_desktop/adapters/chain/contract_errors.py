"""What a refusal of our contract means: the line of the error catalogue for each typed error of its ABI."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError, UserError

FOREIGN_TEXT_MAX_CHARS = 200
"""Most that is kept of a text that somebody else's contract answered."""

_NOT_ZERO = "the zero address cannot hold this"


@dataclass(frozen=True, slots=True)
class Meaning:
    """A line of the catalogue. `words` say what it does not say by itself."""

    code: ErrorCode
    words: str = ""


def _refused(words: str) -> Meaning:
    """By functions that the program does not call, or by a state that cannot be reached through it."""
    return Meaning(ErrorCode.TX_REVERTED, words)


MEANINGS: Mapping[str, Meaning] = MappingProxyType(
    {
        "AccountBalanceOverflow": _refused("no account can hold more tokens than this recipient does"),
        "AlreadyInitialized": _refused("the contract has had its admin since its deployment"),
        "AssetIdIsZero": Meaning(ErrorCode.ASSET_ID_INVALID),
        "BalanceQueryForZeroAddress": _refused(_NOT_ZERO),
        "BatchTooLarge": Meaning(ErrorCode.BATCH_TOO_LARGE),
        "ContractNotPaused": _refused("the contract is not paused"),
        "ContractPaused": Meaning(ErrorCode.CONTRACT_PAUSED),
        "DirectoryDigestClash": Meaning(ErrorCode.DIRECTORY_CLASH),
        "DirectoryDigestIsZero": Meaning(ErrorCode.METADATA_INVALID, "no metadata directory is named"),
        "DuplicateAsset": Meaning(ErrorCode.DUPLICATE_ASSET),
        "EmptyBatch": Meaning(ErrorCode.BATCH_EMPTY),
        "HandoverNeedsTwoSteps": _refused("the successor asks for the admin role first, then the admin hands it over"),
        "LengthMismatch": Meaning(ErrorCode.BATCH_UNEVEN),
        "NewOwnerIsZeroAddress": _refused(_NOT_ZERO),
        "NoHandoverRequest": _refused("nobody asked for the admin role within the last 48 hours"),
        "NotOwnerNorApproved": _refused("the sender neither owns the token nor may move it for its owner"),
        "RecipientRefused": Meaning(ErrorCode.RECIPIENT_REFUSED),
        "Reentrancy": Meaning(ErrorCode.RECIPIENT_REENTERED),
        "RoyaltyOverflow": Meaning(ErrorCode.ROYALTY_INVALID, "above 100 %"),
        "RoyaltyReceiverIsZeroAddress": Meaning(ErrorCode.ROYALTY_INVALID, "paid to the zero address"),
        "TextTooLong": _refused("name and symbol of the collection hold at most 32 bytes each"),
        "TokenAlreadyExists": Meaning(ErrorCode.DUPLICATE_ASSET),
        "TokenDoesNotExist": _refused("the token was never minted"),
        "TokenIdOutOfRange": Meaning(ErrorCode.ASSET_ID_INVALID, "wider than 128 bits"),
        "TokenNotTransferable": _refused("its certificate is suspended or revoked, so it does not move"),
        "TransferFromIncorrectOwner": _refused("the token belongs to another account than the one named"),
        "TransferToNonERC721ReceiverImplementer": Meaning(ErrorCode.RECIPIENT_REFUSED),
        "TransferToZeroAddress": Meaning(ErrorCode.RECIPIENT_INVALID, "this is the zero address"),
        "Unauthorized": Meaning(ErrorCode.CONTRACT_ROLE_MISSING),
        "URIIsEmpty": Meaning(ErrorCode.METADATA_INVALID, "no metadata address is named"),
        "ValidityOutOfRange": _refused("a certificate is valid, suspended or revoked"),
    }
)
"""By the name of the error; a test holds the names against the ABI."""

_UNKNOWN = Meaning(ErrorCode.TX_REVERTED)
_OUTSIDE = frozenset({ErrorCode.TX_REVERTED, ErrorCode.CONTRACT_PAUSED, ErrorCode.CONTRACT_ROLE_MISSING})
# These end when somebody else acts; every other refusal is mended by changing what was asked for.
_ABOUT_RECIPIENT = frozenset({ErrorCode.RECIPIENT_INVALID, ErrorCode.RECIPIENT_REFUSED, ErrorCode.RECIPIENT_REENTERED})


@dataclass(frozen=True, slots=True)
class Answer:
    """What the recipient of a token answered in place of accepting it: the name of an error and its text, if any."""

    name: str = ""
    text: str = ""

    @property
    def code(self) -> ErrorCode:
        """A guard's error is a call back, unless the recipient has the same guard; `Unauthorized` and its like are too
        common to say so."""
        return ErrorCode.RECIPIENT_REENTERED if self.name == "Reentrancy" else ErrorCode.RECIPIENT_REFUSED

    def __str__(self) -> str:
        if self.name == "Reentrancy":
            return "the recipient seems to have called the contract back while it received the token"
        if self.name in MEANINGS:
            return f"it answered with the contract's own error {self.name}: it seems to have called the contract back"
        if self.text:
            return f'it says "{self.text}"'
        if self.name:
            return f"it answered {self.name}, an error of its own or no acceptance"
        return "it gave no reason, used up its gas, or got too little of it"


@dataclass(frozen=True, slots=True)
class Revert:
    """Why a call was refused: the name of the contract's typed error and its values."""

    name: str
    values: tuple[str, ...] = ()
    answer: Answer | None = None
    """Of the recipient, where it was the recipient that refused."""

    def __str__(self) -> str:
        said = f"{self.name}({', '.join(self.values)})" if self.values else self.name
        words = str(self.answer) if self.answer else self._meaning.words
        return f"{said}: {words}" if words else said

    @property
    def _meaning(self) -> Meaning:
        return MEANINGS.get(self.name, _UNKNOWN)

    def as_error(self) -> IpnftError:
        """The catalogue's error for it."""
        code = self.answer.code if self.answer else self._meaning.code
        kind = EnvironmentFault if code in _OUTSIDE else UserError
        field = "recipient" if code in _ABOUT_RECIPIENT else None
        return kind(code, str(self), field=field, **self._facts())

    def _facts(self) -> dict[str, str]:
        match self.name, self.values:
            case "DuplicateAsset", (asset_id,):
                return {"asset_id": str(UUID(asset_id[2:]))}
            case "RecipientRefused", (recipient, *_):
                return {"recipient": recipient}
            case _:
                return {}


def harmless(text: str) -> str:
    """A stranger's text as one short line, without what is invisible or turns the direction of writing."""
    beginning = text[: 4 * FOREIGN_TEXT_MAX_CHARS]  # it may be of any length
    kept = "".join(" " if char.isspace() else char for char in beginning if char.isspace() or _is_visible(char))
    line = " ".join(kept.split())
    return line if len(line) <= FOREIGN_TEXT_MAX_CHARS else line[:FOREIGN_TEXT_MAX_CHARS] + "…"


def _is_visible(char: str) -> bool:
    return unicodedata.category(char)[0] != "C"
