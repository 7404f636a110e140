"""The list of recorded calls: page by page, narrowed by words and states, each with what can be done about it; and the
same list into a file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from ipnft_desktop.domain.chain import SendReply
from ipnft_desktop.domain.contract_writes import (
    CallOrder,
    CallQuery,
    CallWord,
    ContractWrite,
    WithdrawalObstacle,
    WriteState,
)
from ipnft_desktop.domain.sheets import SheetFormat, fitting
from ipnft_desktop.services.address_book import known_addresses
from ipnft_desktop.services.contract_writes import ContractWrites
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.services.ports import Database, Transaction
from ipnft_desktop.services.session import Session
from ipnft_desktop.services.sheet_ports import SheetFiles
from ipnft_desktop.services.spool import CHUNK, Spool

CALLS_PAGE = 200
TITLES = (
    *("number", "recorded_at", "requested_by", "reason", "contract", "function", "arguments", "value_wei", "state"),
    *("refusal", "signer", "nonce", "gas_limit", "transaction", "block", "block_hash", "mined_at", "gas_used"),
    *("gas_price_wei", "taken_back_by", "replaced_by"),
)
_READING_SHARE = 0.8
"""Of the progress; the rest is the writing of the file."""


@dataclass(frozen=True, slots=True)
class CallFilter:
    """What somebody wants to see: the words of `text`, in these states or in all."""

    text: str = ""
    states: frozenset[WriteState] = frozenset()
    order: CallOrder = CallOrder.NEWEST

    @property
    def is_narrowed(self) -> bool:
        """Whether some calls may be left out."""
        return bool(self.text.strip() or self.states)


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call as it is listed."""

    write: ContractWrite
    reply: SendReply | None = None
    """What the node last said to it; None where this program has not sent it."""
    obstacle: WithdrawalObstacle | None = WithdrawalObstacle.ENDED
    """Why it cannot be taken back."""


@dataclass(frozen=True, slots=True)
class CallPage:
    """Some of them; there are more behind where `is_last` is False."""

    lines: tuple[CallLine, ...]
    is_last: bool


class RecordedCalls:
    """For whoever is signed in: UserError SIGN_IN_REQUIRED otherwise."""

    def __init__(self, database: Database, writes: ContractWrites, session: Session, files: SheetFiles) -> None:
        self._database = database
        self._writes = writes
        self._session = session
        self._files = files

    async def page(self, wanted: CallFilter, after: ContractWrite | None = None, limit: int = CALLS_PAGE) -> CallPage:
        """Those behind `after`, the last of the page before."""
        self._session.require_reader()
        writes = await self._database.read(lambda tx: tx.listed_writes(_query(tx, wanted), limit + 1, after))
        return CallPage(tuple(map(self._line, writes[:limit])), len(writes) <= limit)

    async def count(self, wanted: CallFilter) -> int:
        """How many there are."""
        self._session.require_reader()
        return await self._database.read(lambda tx: tx.count_writes(_query(tx, wanted)))

    async def call(self, write_id: int) -> CallLine:
        """One of them, listed or not. Raises UserError RECORD_CHANGED where there is none."""
        return self._line(await self._writes.write(write_id))

    async def export(self, wanted: CallFilter, sheet_format: SheetFormat, target: Path, work: LongWork) -> int:
        """Write the file and return how many calls are in it.

        The file appears whole or not at all. Raises UserError SIGN_IN_REQUIRED or SHEET_NOT_WRITTEN, EnvironmentFault
        DISK_FULL; WorkCancelled.
        """
        total = max(1, await self.count(wanted))
        lines = Spool[CallLine]()
        try:
            after: ContractWrite | None = None
            while True:
                page = await work.wait(self.page(wanted, after, CHUNK))
                await work.run(lambda page=page: [lines.add(line) for line in page.lines])
                work.report(min(1.0, len(lines) / total) * _READING_SHARE)
                if page.is_last:
                    break
                after = page.lines[-1].write
            await work.run(lambda: self._write(sheet_format, target, lines, work))
            return len(lines)
        finally:
            lines.close()

    def _line(self, write: ContractWrite) -> CallLine:
        return CallLine(write, self._writes.reply_to(write), self._writes.obstacle(write))

    def _write(self, sheet_format: SheetFormat, target: Path, lines: Spool[CallLine], work: LongWork) -> None:
        done = 0
        with self._files.create(target, sheet_format, TITLES) as output:
            for chunk in lines.chunks():
                for line in chunk:
                    output.write([fitting(cell, sheet_format) for cell in _cells(line.write)])
                done += len(chunk)
                work.report(_READING_SHARE + (1 - _READING_SHARE) * done / len(lines))


def _query(tx: Transaction, wanted: CallFilter) -> CallQuery:
    """With the addresses that a word may stand for."""
    known = [(each.address, each.entry.label.casefold()) for each in known_addresses(tx)] if wanted.text.strip() else []
    words = (
        CallWord(word.lower(), tuple(address for address, label in known if word.casefold() in label))
        for word in wanted.text.split()
    )
    return CallQuery(tuple(words), wanted.states, wanted.order)


def _cells(write: ContractWrite) -> list[str]:
    call, mined = write.call, write.mined
    return [
        str(write.write_id),
        write.requested_at.isoformat(),
        write.requested_by,
        write.reason,
        call.target,
        call.function,
        json.dumps([[name, value] for name, value in call.arguments], ensure_ascii=False),
        str(call.value_wei),
        "TAKEN_BACK" if write.is_withdrawn else write.state.value,
        write.revert,
        write.signer,
        str(write.nonce),
        str(write.gas_limit),
        write.tx_hash,
        str(mined.block_number) if mined else "",
        mined.block_hash if mined else "",
        write.mined_at.isoformat() if write.mined_at else "",
        str(mined.gas_used) if mined else "",
        str(mined.gas_price_wei) if mined else "",
        write.withdrawal or "",
        write.replaced_by or "",
    ]
