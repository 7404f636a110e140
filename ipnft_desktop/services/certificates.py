"""Whether a certificate counts: set by an administrator with a reason, read beside what the chain says, at any height.

The reason is a document of its own (`domain/certificates.py`). It is stored and recorded before the call that carries
its hash is sent, so that whoever meets the hash on chain later can be shown the exact bytes.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from ipnft_desktop.domain.assets import token_id_of
from ipnft_desktop.domain.certificates import (
    SALT_BYTES,
    PastState,
    ReasonDocument,
    StateSource,
    TimelineEntry,
    Validity,
    ValidityChange,
    check_reason,
    reason_document,
    state_from,
    timeline,
)
from ipnft_desktop.domain.chain import ChainIdentity, TokenFacts
from ipnft_desktop.domain.contract_writes import ContractCall, WriteState
from ipnft_desktop.domain.errors import (
    EnvironmentFault,
    ErrorCode,
    FieldProblem,
    IpnftError,
    ProblemKind,
    UserError,
    ValidationFailed,
)
from ipnft_desktop.domain.events import CertificateChanged, ContractWriteChanged, DomainEvent
from ipnft_desktop.domain.minting import AssetState
from ipnft_desktop.domain.people import Permission, User
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.services.chain_identity import IdentityCheck
from ipnft_desktop.services.chain_ports import Chain
from ipnft_desktop.services.content_removal import ContentRemoval
from ipnft_desktop.services.contract_ports import StateNotKept
from ipnft_desktop.services.contract_writes import ContractWrites
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.owned_work import OwnedWork
from ipnft_desktop.services.ports import Clock, ContentStore, Database, Transaction
from ipnft_desktop.services.session import Session

SET_VALIDITY = "setValidity(uint256,uint8,bytes32)"

OnProgress = Callable[[int], bool]
"""Hears how many are done, and answers whether to go on with the rest."""


@dataclass(frozen=True, slots=True)
class CertificateStanding:
    """How a certificate stands now."""

    asset_id: UUID
    register: Validity
    """By the newest change that a block shows."""
    chain: str
    """As the contract answers."""
    waiting: ValidityChange | None = None
    """A change on its way."""


@dataclass(frozen=True, slots=True)
class ManyChanged:
    """What became of a change of many certificates."""

    changed: tuple[UUID, ...]
    unchanged: tuple[UUID, ...]
    """Those that stood so already."""
    failed: Mapping[UUID, IpnftError]
    left: tuple[UUID, ...]
    """Those that were not begun: somebody cancelled the rest."""


class Certificates:
    """Sets and tells the validity of certificates."""

    def __init__(
        self,
        database: Database,
        chain: Chain,
        content: ContentStore,
        removal: ContentRemoval,
        writes: ContractWrites,
        identity: IdentityCheck,
        events: EventHub,
        clock: Clock,
        session: Session,
    ) -> None:
        self._database = database
        self._chain = chain
        self._content = content
        self._removal = removal
        self._writes = writes
        self._identity = identity
        self._events = events
        self._clock = clock
        self._session = session
        self._beginnings = OwnedWork()
        events.subscribe(self._on_event)

    async def settle(self) -> None:
        """Wait until every change that was begun is sent, whoever gave up waiting for it."""
        await self._beginnings.settle()

    # --- reading: UserError SIGN_IN_REQUIRED ------------------------------------------------------------------

    async def validities(self, asset_ids: Collection[UUID]) -> Mapping[UUID, Validity]:
        """As the register knows them, of those that were ever changed on the present chain; every other certificate
        counts since it was minted."""
        self._session.require_reader()
        return await self._database.read(lambda tx: tx.validities(asset_ids))

    async def standing(self, asset_id: UUID) -> CertificateStanding:
        """How it stands in the register and on the chain. Raises UserError MINT_INVALID_STATE where there is no token,
        EnvironmentFault NODE_UNREACHABLE."""
        self._session.require_reader()
        standing, _ = await self._standing(asset_id)
        return standing

    async def history(self, asset_id: UUID) -> tuple[TimelineEntry, ...]:
        """What happened to its token, oldest first: the chain's events, each change of validity with the register's
        reason where the register has it. Raises EnvironmentFault NODE_UNREACHABLE."""
        self._session.require_reader()
        events = await self._chain.token_events(token_id_of(asset_id))
        return timeline(events, await self._database.read(lambda tx: tx.validity_changes(asset_id)))

    async def state_at(self, asset_id: UUID, block_number: int) -> PastState:
        """How its token stood at the end of a block: by the contract's own answer, or from the events where the node
        keeps no state of that time. Raises ValidationFailed (field "block") outside the chain, NODE_UNREACHABLE."""
        self._session.require_reader()
        token_id = token_id_of(asset_id)
        block = await self._chain.block_at(block_number) if block_number >= 0 else None
        if block is None:
            head = await self._chain.head()
            raise ValidationFailed((FieldProblem("block", ProblemKind.OUT_OF_RANGE, f"0 to {head.number:,}"),))
        at = datetime.fromtimestamp(block.timestamp_s, UTC)
        owner: str | None
        try:
            found = await self._chain.token_then(token_id, block_number)
            owner, validity = found or (None, "")
            source = StateSource.CONTRACT
        except StateNotKept:
            owner, validity = state_from(await self._chain.token_events(token_id), block_number)
            source = StateSource.EVENTS
        return PastState(
            block.number, block.block_hash, at, owner is not None, owner or "", validity if owner else "", source
        )

    # --- changing ---------------------------------------------------------------------------------------------

    async def change(self, asset_id: UUID, validity: Validity, reason: str, seen: str) -> ValidityChange:
        """Record and send a change; returns once a block shows it, or still on its way, see `ContractWrites.send`.

        `seen` is the validity that the person saw. Raises UserError SIGN_IN_REQUIRED, PERMISSION_DENIED,
        ValidationFailed (field "reason"), RECORD_CHANGED where the certificate stands otherwise by now or another
        change of it is on its way, MINT_INVALID_STATE without a token, and what `ContractWrites.send` raises.
        """
        user = self._require_reason(reason)
        standing, newest = await self._standing(asset_id)
        if standing.chain != seen:
            raise UserError(ErrorCode.RECORD_CHANGED, phrase("it is {validity} by now", validity=standing.chain))
        if standing.chain == validity and standing.register is validity:
            raise UserError(ErrorCode.RECORD_CHANGED, phrase("it is {validity} already", validity=validity))
        return await self._change(asset_id, validity, reason.strip(), user, newest)

    async def change_many(
        self, asset_ids: Sequence[UUID], validity: Validity, reason: str, on_progress: OnProgress
    ) -> ManyChanged:
        """One transaction each, one after the other; what fails does not keep the others. Raises UserError
        SIGN_IN_REQUIRED, PERMISSION_DENIED, ValidationFailed (field "reason")."""
        user = self._require_reason(reason)
        changed, unchanged, failed = list[UUID](), list[UUID](), dict[UUID, IpnftError]()
        for position, asset_id in enumerate(asset_ids):
            if not on_progress(position):
                return ManyChanged(tuple(changed), tuple(unchanged), failed, tuple(asset_ids[position:]))
            try:
                standing, newest = await self._standing(asset_id)
                if standing.chain == validity and standing.register is validity:
                    unchanged.append(asset_id)
                    continue
                change = await self._change(asset_id, validity, reason.strip(), user, newest)
                _require_done(change)
                changed.append(asset_id)
            except IpnftError as error:
                failed[asset_id] = error
        on_progress(len(asset_ids))
        return ManyChanged(tuple(changed), tuple(unchanged), failed, ())

    # --- inside -----------------------------------------------------------------------------------------------

    def _require_reason(self, reason: str) -> User:
        user = self._session.require(Permission.CHANGE_VALIDITY)
        if problems := check_reason(reason):
            raise ValidationFailed(problems)
        return user

    async def _standing(self, asset_id: UUID) -> tuple[CertificateStanding, int | None]:
        """With the number of the newest change that may have made it so."""
        # Before the chain is asked: a change recorded in between is then seen to be newer.
        register, changes = await self._database.read(
            lambda tx: (tx.validities([asset_id]), tx.validity_changes(asset_id))
        )
        token = await self._token(asset_id)
        waiting = next((change for change in changes if change.write.state is WriteState.WAITING), None)
        standing = CertificateStanding(asset_id, register.get(asset_id, Validity.VALID), token.validity, waiting)
        return standing, _newest(changes)

    async def _token(self, asset_id: UUID) -> TokenFacts:
        row = await self._database.read(lambda tx: tx.asset_row(asset_id))
        if row is None:
            raise UserError(ErrorCode.ASSET_NOT_FOUND, str(asset_id))
        token = await self._chain.token(token_id_of(asset_id)) if row.state is AssetState.MINTED else None
        if token is None:
            raise UserError(ErrorCode.MINT_INVALID_STATE, "this asset has no token")
        return token

    async def _change(
        self, asset_id: UUID, validity: Validity, reason: str, user: User, newest: int | None
    ) -> ValidityChange:
        """`newest` is the number of the newest change when its standing was looked at."""
        # In one piece: the document must stay stored for as long as its record is not committed.
        document, write_id = await self._beginnings(
            self._begin(asset_id, validity, reason, user, newest), "certificate.change"
        )
        return ValidityChange(asset_id, validity, document, await self._writes.outcome(write_id))

    async def _begin(
        self, asset_id: UUID, validity: Validity, reason: str, user: User, newest: int | None
    ) -> tuple[ReasonDocument, int]:
        identity = await self._identity.bound()
        document = reason_document(
            asset_id,
            validity,
            reason,
            identity.chain_id,
            identity.contract_address,
            user.name,
            self._clock.now(),
            secrets.token_bytes(SALT_BYTES),
        )
        call = ContractCall(
            identity.contract_address,
            SET_VALIDITY,
            (
                ("tokenId", str(token_id_of(asset_id))),
                ("validity", str(validity.number)),
                ("reasonHash", document.reason_hash),
            ),
        )

        def also(tx: Transaction, seen: ChainIdentity, write_id: int) -> None:
            self._record(tx, seen == identity, write_id, asset_id, validity, document, user, newest)

        async with self._removal.saving() as stored:
            stored.add(document.cid)
            await self._content.add_bytes(document.content)
            return document, await self._writes.begin(call, reason, user.name, also)

    def _record(
        self,
        tx: Transaction,
        is_same_chain: bool,
        write_id: int,
        asset_id: UUID,
        validity: Validity,
        document: ReasonDocument,
        user: User,
        newest: int | None,
    ) -> None:
        if not is_same_chain:
            raise EnvironmentFault(ErrorCode.CHAIN_MISMATCH, "the register was bound to another chain meanwhile")
        changes = tx.validity_changes(asset_id)
        if any(change.write.state is WriteState.WAITING for change in changes):
            raise UserError(ErrorCode.RECORD_CHANGED, "another change of this certificate is on its way")
        if _newest(changes) != newest:
            raise UserError(ErrorCode.RECORD_CHANGED, "this certificate was changed meanwhile")
        former = tx.validities([asset_id]).get(asset_id, Validity.VALID)
        tx.record_validity_change(write_id, asset_id, validity, document)
        facts = {"reason_hash": document.reason_hash, "cid": document.cid}
        changes = {"validity": (former.value, validity.value)}
        tx.append_audit(user.name, "certificate.change", str(asset_id), facts, self._clock.now(), changes)

    def _on_event(self, event: DomainEvent) -> None:
        if isinstance(event, ContractWriteChanged) and event.write.call.function == SET_VALIDITY:
            token_id = event.write.call.arguments[0][1]
            if isinstance(token_id, str) and token_id.isdecimal() and int(token_id) < 2**128:
                self._events.publish(CertificateChanged(UUID(int=int(token_id)), event.write))


def _newest(changes: Sequence[ValidityChange]) -> int | None:
    return changes[-1].write.write_id if changes else None


def _require_done(change: ValidityChange) -> None:
    """Raise what became of a change that a block refused, or shows not yet."""
    match change.write.state:
        case WriteState.REVERTED:
            raise EnvironmentFault(ErrorCode.TX_REVERTED, change.write.revert)
        case WriteState.WAITING:
            raise EnvironmentFault(ErrorCode.CONFIRMATION_TIMEOUT, "no block shows it yet; it is sent until one does")
        case WriteState.REPLACED | WriteState.VANISHED:
            raise EnvironmentFault(ErrorCode.NONCE_CONFLICT, change.write.replaced_by or "")
        case WriteState.DONE:
            return
