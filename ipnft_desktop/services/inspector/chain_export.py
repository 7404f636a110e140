"""Blocks, transactions, and all of one transaction into a file. What is raw is whole, but for cells that a workbook
has no room for; of a decoded list that is very long the first items are told apart. Both are said where they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ipnft_desktop.domain.inspection.blocks import BlockLine
from ipnft_desktop.domain.inspection.decoding import Decoded, DecodedValue, Undecoded
from ipnft_desktop.domain.inspection.tracing import TransactionDetail, TransactionTrace, Untold
from ipnft_desktop.domain.inspection.transactions import TransactionLine, TransactionPlace
from ipnft_desktop.domain.sheets import SheetFormat, fitting
from ipnft_desktop.services.inspector.chain_inspector import ChainInspector
from ipnft_desktop.services.inspector.words import time_text
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.services.sheet_ports import Cell, SheetFiles
from ipnft_desktop.services.spool import Spool

BLOCK_TITLES = (*("height", "hash", "parent", "time", "transactions", "gas_used", "gas_limit", "base_fee_wei"),)
TRANSACTION_TITLES = (
    *("hash", "block", "index", "time", "succeeded", "from", "to", "created", "nonce", "method", "selector"),
    *("value_wei", "gas_used", "gas_price_wei", "fee_wei"),
)
DETAIL_TITLES = ("part", "name", "type", "value")
MOST_LINES = 100_000
"""Of a list; the newest."""
_PAGE = 200
_READING_SHARE = 0.9

_Row = Sequence[Cell]


class ChainExport:
    """Each method writes a file that appears whole or not at all, and returns how many lines are in it. All raise
    UserError SIGN_IN_REQUIRED or SHEET_NOT_WRITTEN, EnvironmentFault NODE_UNREACHABLE or DISK_FULL; WorkCancelled."""

    def __init__(self, files: SheetFiles, inspector: ChainInspector) -> None:
        self._files = files
        self._inspector = inspector

    async def blocks(self, first: int | None, sheet_format: SheetFormat, target: Path, work: LongWork) -> int:
        """Those from a height on downwards, newest first; for None from the newest one."""
        height = await self._inspector.head()
        first = height if first is None else min(first, height)
        rows = Spool[_Row]()
        try:
            total = min(first + 1, MOST_LINES)
            below: int | None = first + 1
            while len(rows) < total:
                page = await work.wait(self._inspector.blocks(below, min(_PAGE, total - len(rows))))
                _keep(rows, map(_block_cells, page.lines))
                below = page.next_below
                work.report(len(rows) / total * _READING_SHARE)
                if below is None:
                    break
            return await self._write(rows, BLOCK_TITLES, sheet_format, target, work)
        finally:
            rows.close()

    async def transactions(self, block: int | None, sheet_format: SheetFormat, target: Path, work: LongWork) -> int:
        """Those of a block in its order; for None the newest of the chain, newest first."""
        height = await self._inspector.head()
        rows = Spool[_Row]()
        try:
            if block is not None:
                page = await work.wait(self._inspector.transactions_of(block))
                _keep(rows, map(_transaction_cells, page.lines))
            else:
                await self._collect_newest(rows, height, work)
            return await self._write(rows, TRANSACTION_TITLES, sheet_format, target, work)
        finally:
            rows.close()

    async def transaction(
        self,
        detail: TransactionDetail,
        trace: TransactionTrace | None,
        sheet_format: SheetFormat,
        target: Path,
        work: LongWork,
    ) -> int:
        """Facts, call, events, and what the trace tells, each raw and decoded; one line a fact. Without `trace` it is
        read first. What the node does not tell is said in the file."""
        await self._inspector.head()  # asks for the person, and nothing is exported of a chain that is away
        rows = Spool[_Row]()
        try:
            if trace is None:
                trace = await work.wait(self._inspector.trace(detail))
            await work.run(lambda: _keep(rows, _detail_rows(detail, trace)))
            return await self._write(rows, DETAIL_TITLES, sheet_format, target, work)
        finally:
            rows.close()

    async def _collect_newest(self, rows: Spool[_Row], height: int, work: LongWork) -> None:
        below: TransactionPlace | None = None
        while len(rows) < MOST_LINES:
            page = await work.wait(self._inspector.transactions(below, _PAGE))
            _keep(rows, map(_transaction_cells, page.lines))
            below = page.next_below
            if below is None:
                return
            work.report(min(1.0, 1 - below.block_number / (height + 1)) * _READING_SHARE)

    async def _write(
        self, rows: Spool[_Row], titles: Sequence[str], sheet_format: SheetFormat, target: Path, work: LongWork
    ) -> int:
        await work.run(lambda: self._fill(rows, titles, sheet_format, target, work))
        return len(rows)

    def _fill(
        self, rows: Spool[_Row], titles: Sequence[str], sheet_format: SheetFormat, target: Path, work: LongWork
    ) -> None:
        done = 0
        with self._files.create(target, sheet_format, titles) as output:
            for chunk in rows.chunks():
                for row in chunk:
                    output.write([cell if cell is None else fitting(str(cell), sheet_format) for cell in row])
                done += len(chunk)
                work.report(_READING_SHARE + (1 - _READING_SHARE) * done / len(rows))


def _keep(rows: Spool[_Row], more: Iterable[_Row]) -> None:
    for row in more:
        rows.add(row)


def _block_cells(line: BlockLine) -> _Row:
    counts = (line.transaction_count, line.gas_used, line.gas_limit)
    fee = "" if line.base_fee_wei is None else str(line.base_fee_wei)
    return [str(line.number), line.block_hash, line.parent_hash, time_text(line.timestamp_s), *map(str, counts), fee]


def _transaction_cells(line: TransactionLine) -> _Row:
    return [
        line.tx_hash,
        str(line.place.block_number),
        str(line.place.index),
        time_text(line.timestamp_s),
        "true" if line.succeeded else "false",
        line.sender,
        line.to or "",
        line.created or "",
        str(line.nonce),
        line.method,
        line.selector,
        *map(str, (line.value_wei, line.gas_used, line.gas_price_wei, line.fee_wei)),
    ]


def _detail_rows(detail: TransactionDetail, trace: TransactionTrace) -> Iterator[_Row]:
    transaction = detail.transaction
    facts = zip(TRANSACTION_TITLES, _transaction_cells(transaction.line), strict=True)
    yield from (["transaction", name, "", value] for name, value in facts)
    yield from (["node", name, "", value] for name, value in transaction.fields.items())
    yield ["call", "data", "bytes", "0x" + transaction.input.hex()]
    yield from _reading("call", detail.call.call)
    for reading in detail.logs:
        part = f"event {reading.log.index}"
        yield [part, "address", "address", reading.log.address]
        yield from ([part, f"topic {at}", "bytes32", topic] for at, topic in enumerate(reading.log.topics))
        yield [part, "data", "bytes", "0x" + reading.log.data.hex()]
        yield from _reading(part, reading.event)
    yield from _trace_rows(trace)


def _trace_rows(trace: TransactionTrace) -> Iterator[_Row]:
    yield from (["gas", part.value, "gas", str(gas)] for part, gas in trace.gas.parts.items())
    if trace.gas.rest:
        yield ["gas", "rest", "gas", str(trace.gas.rest)]
    if trace.gas.untold is not None:
        yield _untold_row("gas", trace.gas.untold)
    if isinstance(trace.calls, Untold):
        yield _untold_row("inner calls", trace.calls)
    else:
        for at, line in enumerate(trace.calls):
            part, frame = f"inner call {at}", line.frame
            yield [part, "depth", "uint256", str(line.depth)]
            yield from (
                [part, name, "address", value or ""] for name, value in (("from", frame.sender), ("to", frame.to))
            )
            yield [part, "kind", "", frame.kind]
            numbers = (("value_wei", frame.value_wei), ("gas", frame.gas), ("gas_used", frame.gas_used))
            yield from ([part, name, "uint256", str(value)] for name, value in numbers)
            yield [part, "input", "bytes", "0x" + frame.input.hex()]
            yield [part, "output", "bytes", "0x" + frame.output.hex()]
            yield from _reading(part, line.call)
            if frame.error:
                yield [part, "error", "", frame.error]
                yield from _reading(f"{part} reverted", line.revert or Undecoded.NOTHING)
    if isinstance(trace.state, Untold):
        yield _untold_row("storage and accounts", trace.state)
    else:
        for changed in trace.state:
            part = f"storage {changed.change.address} 0x{changed.change.slot:064x}"
            words = (("before", changed.change.before), ("after", changed.change.after))
            yield from ([part, name, "bytes32", f"0x{word:064x}"] for name, word in words)
            named = changed.variable + "".join(f"[{key.text}]" for key in changed.keys)
            yield from ([part, f"{named} {field.name} before", "", field.before.text] for field in changed.fields)
            yield from ([part, f"{named} {field.name} after", "", field.after.text] for field in changed.fields)
    for account in trace.accounts:
        pairs = (("balance_wei", account.balance_wei), ("nonce", account.nonce), ("code_bytes", account.code_bytes))
        for name, pair in pairs:
            if pair is not None:
                when = zip(("before", "after"), pair, strict=True)
                yield from (
                    [f"account {account.address}", f"{name} {word}", "uint256", str(told)] for word, told in when
                )


def _untold_row(part: str, untold: Untold) -> _Row:
    return [part, "not told by the node", "", f"{untold.missing}: {untold.told}"]


def _reading(part: str, reading: Decoded | Undecoded) -> Iterator[_Row]:
    if isinstance(reading, Undecoded):
        yield [part, "undecoded", "", reading.value]
        return
    yield [part, "signature", "", reading.signature]
    yield [part, "read by", "", f"{reading.abi_name} ({reading.origin})"]
    for at, value in enumerate(reading.arguments):
        yield from _value_rows(part, value.name or f"argument {at}", value)


def _value_rows(part: str, name: str, value: DecodedValue) -> Iterator[_Row]:
    if not value.items and not value.count:
        meaning = str(value.asset_id) if value.asset_id else value.cid
        yield [part, name, value.solidity_type, f"{value.text} ({meaning})" if meaning else value.text]
    for at, item in enumerate(value.items):
        yield from _value_rows(part, f"{name}[{at}]", item)
    if value.count > len(value.items):
        told = f"items 0 to {len(value.items) - 1} of {value.count}; the data above hold them all"
        yield [part, name, value.solidity_type, told]
