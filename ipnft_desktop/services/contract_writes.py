"""Calls that change a contract's state, as recorded transactions: simulated first, recorded before they are sent,
followed to their block, open again where a reorganisation takes that block away.

A refusal that the simulation finds costs nothing and leaves no record. Signed bytes are never given up: they are sent
until a block shows them, or shows that another transaction took their nonce.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import aclosing
from datetime import UTC, datetime

from ipnft_desktop.domain.certificates import check_reason
from ipnft_desktop.domain.chain import ChainIdentity, Preflight, Receipt, SendReply, parse_address
from ipnft_desktop.domain.contract_writes import (
    FUNCTION_MAX_CHARS,
    CallEstimate,
    CallValue,
    ContractCall,
    ContractWrite,
    WithdrawalObstacle,
    WriteOutcome,
    WriteState,
)
from ipnft_desktop.domain.errors import (
    EnvironmentFault,
    ErrorCode,
    FieldProblem,
    IpnftError,
    ProblemKind,
    UserError,
    ValidationFailed,
)
from ipnft_desktop.domain.events import ContractWriteChanged, DomainEvent, EnvironmentChanged
from ipnft_desktop.domain.minting import TransactionRecord
from ipnft_desktop.domain.people import Permission
from ipnft_desktop.domain.phrases import phrase
from ipnft_desktop.program_log import log_event
from ipnft_desktop.services.chain_identity import IdentityCheck, require_ours
from ipnft_desktop.services.chain_journal import ChainJournal
from ipnft_desktop.services.chain_ports import Chain
from ipnft_desktop.services.chain_watcher import ChainWatcher
from ipnft_desktop.services.event_hub import EventHub
from ipnft_desktop.services.owned_work import OwnedWork
from ipnft_desktop.services.ports import Clock, Database, Transaction
from ipnft_desktop.services.recorded_sending import RecordedSender
from ipnft_desktop.services.sending_accounts import SendingAccounts
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.token_adoption import mined_facts

WRITES_READ = 200
RECEIPTS_AT_ONCE = 100
SEEN_WITHIN_S = 20.0
"""So long `send` waits for the block; one that takes longer is followed on behind it."""
IDLE_S = 1.0
"""Each time so long passes without a block that shows it, a transaction is sent once more and its nonce looked at."""
TAKE_UP_EVERY_S = 15.0

log = logging.getLogger("ipnft")

Also = Callable[[Transaction, ChainIdentity, int], None]
"""Writes what else belongs into the commit of a call, whose number it is given."""


class ContractWrites:
    """Takes calls and follows them, whoever asked for them; one lane with the mints."""

    def __init__(
        self,
        database: Database,
        chain: Chain,
        watcher: ChainWatcher,
        identity: IdentityCheck,
        journal: ChainJournal,
        accounts: SendingAccounts,
        events: EventHub,
        clock: Clock,
        session: Session,
    ) -> None:
        self._database = database
        self._chain = chain
        self._watcher = watcher
        self._identity = identity
        self._journal = journal
        self._accounts = accounts
        self._events = events
        self._clock = clock
        self._session = session
        self._beginnings = OwnedWork()
        self._followed: dict[int, asyncio.Task[None]] = {}
        self._is_ready = False
        self._turning: asyncio.Task[None] | None = None
        self._beating: asyncio.Task[None] | None = None
        self._unsubscribe: Callable[[], None] = events.subscribe(self._on_event)

    # --- for people -------------------------------------------------------------------------------------------

    async def simulate(self, call: ContractCall, sender: str | None = None) -> CallEstimate:
        """Try a call on the newest block without recording anything; as any account, the program's own for None.

        Raises UserError SIGN_IN_REQUIRED, PERMISSION_DENIED or VALIDATION_FAILED (field "function" or "argument N"),
        what the contract's refusal means, and EnvironmentFault for a chain that is away, not ours, or too dear.
        """
        self._session.require(Permission.WRITE_CONTRACTS)
        self._accounts.own.require_open()
        account = parse_address(sender, "sender") if sender else self._accounts.own.signer.address
        found = await self._look(call, await self._identity.require_same(), account)
        return CallEstimate(
            gas_limit=found.gas_limit,
            gas_price_wei=found.fees.gas_price_wei,
            max_fee_wei=found.gas_limit * found.fees.max_fee_per_gas_wei,
            chain_id=found.observation.chain_id,
            data=found.plan.data,
        )

    @property
    def impersonates(self) -> bool:
        """Whether a call may be sent from an account whose key nobody here holds."""
        return self._accounts.impersonates

    def holds_key(self, account: str) -> bool:
        """Whether a call from this account, checksummed, is signed by its key."""
        return self._accounts.holds_key(account)

    async def send(self, call: ContractCall, reason: str = "", sender: str | None = None) -> ContractWrite:
        """Simulate, record, sign and send a call; returns once a block shows it, or after `SEEN_WITHIN_S` still
        WAITING. `sender` as in `simulate`: one whose key nobody here holds signs nothing.

        Giving up waiting stops nothing. A call that its block refused comes back REVERTED with the contract's words.
        Raises what `simulate` raises, ValidationFailed (field "reason") and UserError KEYSTORE_LOCKED; then nothing was
        recorded. Refuses what `Certificates` does: UserError VALIDATION_FAILED (field "function"), and an account
        without a key while that is switched off: IMPERSONATION_OFF (field "sender").
        """
        user = self._session.require(Permission.WRITE_CONTRACTS)
        account = self._accounts.to_send_from(parse_address(sender, "sender")) if sender else self._accounts.own
        reason = reason.strip()
        if reason and (problems := check_reason(reason)):
            raise ValidationFailed(problems)
        _require_storable(call)
        await self._require_no_certificate(call)
        return await self.carry_out(call, reason, user.name, sender=account)

    async def withdraw(self, write_id: int) -> ContractWrite:
        """Take back a call that no block shows, by a transaction that sends nothing and pays more under its nonce: the
        mints behind it wait for that. It comes back REPLACED, or DONE where the chain was quicker.

        Raises UserError SIGN_IN_REQUIRED, PERMISSION_DENIED, RECORD_CHANGED for a call that waits no more,
        IMPERSONATION_OFF where nobody here holds the account's key (any more), KEYSTORE_LOCKED, and EnvironmentFault
        as `send` does.
        """
        user = self._session.require(Permission.WRITE_CONTRACTS)
        write = await self._recorded(write_id)
        if write.state is not WriteState.WAITING:
            raise UserError(ErrorCode.RECORD_CHANGED, "this call waits no more")
        account = self._accounts.to_send_from(write.signer)

        def commit(tx: Transaction, fill: TransactionRecord) -> None:
            now = self._clock.now()
            tx.record_withdrawal(write_id, fill, now)
            facts = {"tx_hash": write.tx_hash, "nonce": str(write.nonce), "fill": fill.tx_hash}
            tx.append_audit(user.name, "contract.withdraw", write.call.target, facts, now)

        await self._beginnings(account.take_back(write.nonce, commit), "contract-write.withdraw")
        self._events.publish(ContractWriteChanged(await self._recorded(write_id)))
        self._follow(write)
        return await self.outcome(write_id)

    async def writes(self, before: int | None = None) -> tuple[ContractWrite, ...]:
        """At most `WRITES_READ` calls, newest first, those before the number `before`. Raises SIGN_IN_REQUIRED."""
        self._session.require_reader()
        return await self._database.read(lambda tx: tx.contract_writes(WRITES_READ, before))

    async def write(self, write_id: int) -> ContractWrite:
        """One call as recorded. Raises UserError SIGN_IN_REQUIRED, RECORD_CHANGED where there is none."""
        self._session.require_reader()
        return await self._recorded(write_id)

    def obstacle(self, write: ContractWrite) -> WithdrawalObstacle | None:
        """Why `withdraw` would refuse this call, whoever asks."""
        if write.state is not WriteState.WAITING:
            return WithdrawalObstacle.ENDED
        account = self._accounts.found_to_send_from(write.signer)
        if account is None:
            return WithdrawalObstacle.STRANGER
        return None if account.may_send else WithdrawalObstacle.CLOSED

    def reply_to(self, write: ContractWrite) -> SendReply | None:
        """What the node last replied to a call, or to what takes it back; None where this program did not send it."""
        account = self._accounts.to_send_again_from(write.signer)
        return account and account.reply_to(write.withdrawal or write.tx_hash)

    # --- for services -----------------------------------------------------------------------------------------

    async def carry_out(
        self,
        call: ContractCall,
        reason: str,
        actor: str,
        also: Also | None = None,
        sender: RecordedSender | None = None,
    ) -> ContractWrite:
        """As `send`, for a service that has asked who may; see `begin`."""
        return await self.outcome(await self.begin(call, reason, actor, also, sender))

    async def begin(
        self,
        call: ContractCall,
        reason: str,
        actor: str,
        also: Also | None = None,
        sender: RecordedSender | None = None,
    ) -> int:
        """Record, send and follow a call, whoever gives up waiting; returns its number as soon as it is sent. `also`
        writes into the same commit. `sender` is the program's own account where none is named."""
        return await self._beginnings(
            self._begin(call, reason, actor, also, sender or self._accounts.own), "contract-write.begin"
        )

    async def outcome(self, write_id: int) -> ContractWrite:
        """How a call stands once its end is known, or after `SEEN_WITHIN_S`."""
        if following := self._followed.get(write_id):
            await asyncio.wait([following], timeout=SEEN_WITHIN_S)
        return await self._recorded(write_id)

    async def take_up(self) -> None:
        """Follow what no block shows and nobody here follows, whichever program recorded it."""
        await self._accounts.prepare()
        for write in await self._database.read(lambda tx: tx.open_writes()):
            self._follow(write)

    async def look_again_above(self, block_number: int) -> int:
        """A reorganisation took the blocks above this one away: calls that are shown no more wait again. Returns how
        many."""
        reopened = 0
        above = await self._database.write(lambda tx: tx.ended_writes_above(block_number))
        receipts: dict[str, Receipt | None] = {}
        for first in range(0, len(above), RECEIPTS_AT_ONCE):
            some = above[first : first + RECEIPTS_AT_ONCE]
            receipts |= await self._chain.receipts([ended.tx_hash for ended in some])
        for ended in above:
            receipt = receipts[ended.tx_hash]
            is_same = receipt and ended.mined and receipt.block.block_hash == ended.mined.block_hash
            if is_same or (receipt is None and ended.replaced_by and await self._is_replaced(ended)):
                continue
            await self._database.write(lambda tx, ended=ended: tx.record_write_unmined(ended.write_id))
            write = await self._recorded(ended.write_id)
            self._events.publish(ContractWriteChanged(write))
            self._follow(write)
            reopened += 1
        return reopened

    async def stop(self) -> None:
        """Follow nothing any more; records stay as they are."""
        self._unsubscribe()
        self._is_ready = False
        if self._turning is not None:
            await asyncio.gather(self._turning, return_exceptions=True)
        await self._beginnings.settle()
        await self._suspend()

    # --- inside -----------------------------------------------------------------------------------------------

    async def _begin(
        self, call: ContractCall, reason: str, actor: str, also: Also | None, account: RecordedSender
    ) -> int:
        """Nobody may end this between the record and the following."""
        recorded: list[ContractWrite | None] = []

        async def prepare(identity: ChainIdentity) -> Preflight:
            found = await self._look(call, identity, account.signer.address)
            account.require_affordable(found.gas_limit, found.fees.max_fee_per_gas_wei)
            return found

        def commit(tx: Transaction, identity: ChainIdentity, found: Preflight, nonce: int) -> TransactionRecord:
            signed, now = account.signer.sign_call(found.plan, nonce), self._clock.now()
            facts = _facts(call, signed, reason, is_signed=self._accounts.holds_key(signed.signer))
            number = tx.record_write(call, signed, reason, actor, now)
            if also is not None:
                also(tx, identity, number)
            tx.append_audit(actor, "contract.write", call.target, facts, now)
            recorded.append(tx.contract_write(number))
            return signed

        await account.send(prepare, commit)
        write = recorded[-1]
        assert write is not None
        self._events.publish(ContractWriteChanged(write))
        self._follow(write)
        self._watcher.look_now()
        return write.write_id

    async def _look(self, call: ContractCall, identity: ChainIdentity, sender: str) -> Preflight:
        found = await self._chain.preflight_call(call, identity, sender)
        require_ours(identity, found.observation)
        needed_wei = found.gas_limit * found.fees.max_fee_per_gas_wei + call.value_wei
        if needed_wei > found.balance_wei:
            told = phrase("{balance} wei < {needed} wei", balance=str(found.balance_wei), needed=str(needed_wei))
            raise EnvironmentFault(ErrorCode.INSUFFICIENT_FUNDS, told)
        return found

    async def _require_no_certificate(self, call: ContractCall) -> None:
        """A certificate's validity has its record, and the reason its document: only `Certificates` writes both."""
        if call.name != "setValidity":
            return
        bound = await self._database.read(lambda tx: tx.chain_identity())
        if bound is not None and bound.contract_address.lower() == call.target.lower():
            what = phrase("the validity of a certificate is changed where certificates are, with its reason on record")
            raise UserError(ErrorCode.VALIDATION_FAILED, what, field="function")

    async def _recorded(self, write_id: int) -> ContractWrite:
        write = await self._database.read(lambda tx: tx.contract_write(write_id))
        if write is None:
            raise UserError(ErrorCode.RECORD_CHANGED, phrase("there is no call number {number}", number=str(write_id)))
        return write

    def _follow(self, write: ContractWrite) -> asyncio.Task[None]:
        following = self._followed.get(write.write_id)
        if following is None or following.done():
            following = asyncio.create_task(self._see_through(write), name=f"contract-write {write.write_id}")
            self._followed[write.write_id] = following
            following.add_done_callback(lambda done: self._forget(write.write_id, done))
        return following

    def _forget(self, write_id: int, task: asyncio.Task[None]) -> None:
        if self._followed.get(write_id) is task:
            del self._followed[write_id]

    async def _see_through(self, write: ContractWrite) -> None:
        loop = asyncio.get_running_loop()
        due_s = loop.time() + IDLE_S
        async with aclosing(self._watcher.sightings((write.tx_hash,), IDLE_S)) as seen:
            async for sighting in seen:
                try:
                    if sighting and sighting.receipt:
                        await self._note_block(write, sighting.receipt)
                        return
                    if loop.time() >= due_s:
                        due_s = loop.time() + IDLE_S
                        if await self._has_ended_otherwise(write):
                            return
                except IpnftError as error:
                    # The node is gone, or blocks are being replaced: the next look tells.
                    log_event("contract.write_waits", tx=write.tx_hash, code=error.code)
                except Exception:
                    log.exception("following the call %s", write.tx_hash)

    async def _note_block(self, write: ContractWrite, receipt: Receipt) -> None:
        """Journalled first, as a mint's block is: what counts as done can be restored."""
        await self._journal.record_up_to(receipt.block)
        revert = "" if receipt.succeeded else await self._chain.revert_reason(receipt.tx_hash)
        mined_at = datetime.fromtimestamp(receipt.block.timestamp_s, UTC)
        outcome = WriteOutcome(mined_facts(receipt), mined_at, receipt.succeeded, revert)

        def work(tx: Transaction) -> None:
            self._journal.require_recorded(tx, [outcome.mined])
            tx.record_write_mined(write.write_id, outcome)

        await self._database.write(work)
        log_event("contract.written", tx=write.tx_hash, block=receipt.block.number, succeeded=receipt.succeeded)
        self._events.publish(ContractWriteChanged(await self._recorded(write.write_id)))

    async def _has_ended_otherwise(self, write: ContractWrite) -> bool:
        """Nothing was heard of it for a while: send it again, unless its nonce is gone for good."""
        if not self._accounts.own.may_send:
            return False
        if await self._chain.nonce_of(write.signer) > write.nonce:
            return await self._note_replaced(write)
        if sender := self._accounts.to_send_again_from(write.signer):
            await sender.send_again([write.tx_hash])
        return False

    async def _note_replaced(self, write: ContractWrite) -> bool:
        used_by = await self._user_of_nonce(write)
        if used_by in (None, write.tx_hash):
            return False  # mined a moment ago, or the node cannot tell
        await self._database.write(lambda tx: tx.record_write_replaced(write.write_id, used_by))
        self._events.publish(ContractWriteChanged(await self._recorded(write.write_id)))
        return True

    async def _is_replaced(self, write: ContractWrite) -> bool:
        return await self._user_of_nonce(write) == write.replaced_by

    async def _user_of_nonce(self, write: ContractWrite) -> str | None:
        since = (await self._identity.bound()).deployment_block
        use = await self._chain.nonce_use(write.signer, write.nonce, since)
        return use and use.tx_hash

    def _on_event(self, event: DomainEvent) -> None:
        if isinstance(event, EnvironmentChanged):
            self._is_ready = event.is_ready
            if self._turning is None or self._turning.done():
                self._turning = asyncio.create_task(self._turn(), name="contract-writes.turn")

    async def _turn(self) -> None:
        """Until what goes on is what should go on: the environment may change again meanwhile."""
        was_ready: bool | None = None
        while was_ready is not self._is_ready:
            was_ready = self._is_ready
            if not was_ready:
                await self._suspend()
            elif self._beating is None:
                self._beating = asyncio.create_task(self._beat(), name="contract-writes.beat")

    async def _beat(self) -> None:
        """Take up what nobody here follows, again and again: another program on this register may end between its
        record and its sending, and the nonce it took would hold everybody up."""
        while True:
            try:
                await self.take_up()
            except IpnftError as error:
                log_event("contract.not_taken_up", code=error.code)  # the next beat tries again
            await asyncio.sleep(TAKE_UP_EVERY_S)

    async def _suspend(self) -> None:
        beating, self._beating = self._beating, None
        if beating is not None:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
        following = tuple(self._followed.values())
        for task in following:
            task.cancel()
        await asyncio.gather(*following, return_exceptions=True)


def _require_storable(call: ContractCall) -> None:
    """What every database can keep: PostgreSQL counts the characters, and knows no NUL. Raises ValidationFailed (field
    "function" or "argument N")."""
    texts = {"function": call.function}
    for position, (name, value) in enumerate(call.arguments):
        texts[f"argument {position}"] = name + _text(value)
    problems = [
        FieldProblem(field, ProblemKind.HIDDEN_CHARACTERS)
        for field, text in texts.items()
        if not text.isprintable() and any(char == "\0" or "\ud800" <= char <= "\udfff" for char in text)
    ]
    if len(call.function) > FUNCTION_MAX_CHARS:
        problems.append(FieldProblem("function", ProblemKind.TOO_LONG, str(FUNCTION_MAX_CHARS)))
    if problems:
        raise ValidationFailed(tuple(problems))


def _facts(call: ContractCall, signed: TransactionRecord, reason: str, *, is_signed: bool) -> Mapping[str, str]:
    facts = {"function": call.function, "tx_hash": signed.tx_hash, "nonce": str(signed.nonce), "reason": reason}
    facts |= {} if is_signed else {"impersonated": signed.signer}
    for position, (name, value) in enumerate(call.arguments):
        facts[name or f"argument {position}"] = _text(value)
    return facts | ({"value_wei": str(call.value_wei)} if call.value_wei else {})


def _text(value: CallValue) -> str:
    return value if isinstance(value, str) else f"[{', '.join(map(_text, value))}]"
