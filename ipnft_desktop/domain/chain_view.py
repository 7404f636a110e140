"""How tokens, roles and terms of our contract stand by its events: each state follows from the one before and the next
event alone, so it can be told again from the events at any time, and at any block."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from ipnft_desktop.domain.chain_events import NOBODY, ChainEvent, EventKind


class TokenValidity(StrEnum):
    """Standing of the certificate that a token stands for, in the order of the contract's numbers."""

    VALID = "VALID"
    SUSPENDED = "SUSPENDED"
    REVOKED = "REVOKED"


VALIDITIES = tuple(TokenValidity)
"""By the contract's numbers."""


@dataclass(frozen=True, slots=True)
class ChainToken:
    """A token of our contract by its events. What was told before the index begins is not known: None."""

    token_id: int
    owner: str | None = None
    minted_block: int | None = None
    minted_tx_hash: str | None = None
    validity: TokenValidity = TokenValidity.VALID
    reason_digest: bytes | None = None
    """Of the latest change of its validity."""
    royalty_receiver: str | None = None
    """None where the default royalty applies."""
    royalty_bp: int | None = None
    directory_digest: bytes | None = None
    """Zeros where the token has a URI of its own; None where the mint's call did not tell."""

    @property
    def asset_id(self) -> UUID | None:
        """The asset whose id the token has; None for a number that is wider than a UUID."""
        return UUID(int=self.token_id) if self.token_id < 2**128 else None

    def after(self, event: ChainEvent) -> ChainToken:
        """How it stands once this event, which names it, has happened."""
        match event.kind:
            case EventKind.MINTED:
                return ChainToken(
                    self.token_id,
                    event.recipient,
                    event.block.number,
                    event.tx_hash,
                    directory_digest=event.digest,
                )
            case EventKind.TRANSFERRED:
                return replace(self, owner=event.recipient)
            case EventKind.VALIDITY_CHANGED if event.number is not None:
                return replace(self, validity=VALIDITIES[event.number], reason_digest=event.digest)
            case EventKind.DIRECTORY_AMENDED:
                return replace(self, directory_digest=event.digest)
            case EventKind.TOKEN_ROYALTY_CHANGED:
                is_own = event.recipient != NOBODY
                return replace(
                    self,
                    royalty_receiver=event.recipient if is_own else None,
                    royalty_bp=event.number if is_own else None,
                )
            case _:
                return self


TOKEN_KINDS = frozenset(
    {
        EventKind.MINTED,
        EventKind.TRANSFERRED,
        EventKind.VALIDITY_CHANGED,
        EventKind.DIRECTORY_AMENDED,
        EventKind.TOKEN_ROYALTY_CHANGED,
    }
)
"""The kinds that change a `ChainToken`."""


@dataclass(frozen=True, slots=True)
class RoleHolder:
    """An account with roles on our contract, or one that asked to become its admin."""

    account: str
    roles: int = 0
    """Bit 0 mints, bit 1 pauses."""
    handover_asked_s: int | None = None
    """When it asked for the admin's role, in seconds since 1970; such a wish holds for 48 hours."""

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is left to tell."""
        return not self.roles and self.handover_asked_s is None

    def after(self, event: ChainEvent) -> RoleHolder:
        """How it stands once this event, which names it, has happened."""
        match event.kind:
            case EventKind.ROLES_UPDATED:
                return replace(self, roles=event.number or 0)
            case EventKind.HANDOVER_REQUESTED:
                return replace(self, handover_asked_s=event.block.timestamp_s)
            case EventKind.HANDOVER_CANCELLED | EventKind.OWNERSHIP_TRANSFERRED:
                return replace(self, handover_asked_s=None)
            case _:
                return self


ROLE_KINDS = frozenset(
    {
        EventKind.ROLES_UPDATED,
        EventKind.HANDOVER_REQUESTED,
        EventKind.HANDOVER_CANCELLED,
        EventKind.OWNERSHIP_TRANSFERRED,
    }
)
"""The kinds that change a `RoleHolder`: the account is their `recipient`."""


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """What holds for all tokens of our contract."""

    admin: str | None = None
    is_paused: bool = False
    default_royalty_receiver: str | None = None
    default_royalty_bp: int | None = None

    def after(self, event: ChainEvent) -> ContractTerms:
        """What holds once this event has happened."""
        match event.kind:
            case EventKind.OWNERSHIP_TRANSFERRED:
                return replace(self, admin=event.recipient)
            case EventKind.PAUSED:
                return replace(self, is_paused=True)
            case EventKind.UNPAUSED:
                return replace(self, is_paused=False)
            case EventKind.DEFAULT_ROYALTY_CHANGED:
                return replace(self, default_royalty_receiver=event.recipient, default_royalty_bp=event.number)
            case _:
                return self


TERM_KINDS = frozenset(
    {
        EventKind.OWNERSHIP_TRANSFERRED,
        EventKind.PAUSED,
        EventKind.UNPAUSED,
        EventKind.DEFAULT_ROYALTY_CHANGED,
    }
)
"""The kinds that change the `ContractTerms`."""


def token_of(token_id: int, events: Iterable[ChainEvent]) -> ChainToken | None:
    """A token after some events that name it, in the chain's order; None where none of them says anything of it."""
    token: ChainToken | None = None
    for event in events:
        if event.kind in TOKEN_KINDS:
            token = (token or ChainToken(token_id)).after(event)
    return token
