"""The list of recorded calls over a whole core: page by page, found by the names that people give, and as a file."""

from __future__ import annotations

import csv
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from ipnft_desktop.domain.chain import SendReply, SendVerdict
from ipnft_desktop.domain.contract_writes import (
    CallOrder,
    ContractCall,
    ContractWrite,
    WithdrawalObstacle,
    WriteState,
)
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.sheets import SheetFormat
from ipnft_desktop.services.long_work import LongWork
from ipnft_desktop.services.recorded_calls import TITLES, CallFilter
from tests.support import samples
from tests.support.core_factory import MemoryCore
from tests.support.memory_calls import SET_ROYALTY


async def send(memory: MemoryCore, bp: str, reason: str = "") -> ContractWrite:
    bound = await memory.core.adapters.database.read(lambda tx: tx.chain_identity())
    assert bound is not None
    arguments = (("receiver", samples.RECIPIENT), ("royaltyBps", bp))
    return await memory.core.writes.send(ContractCall(bound.contract_address, SET_ROYALTY, arguments), reason)


@pytest.fixture
async def three(memory: MemoryCore) -> AsyncIterator[tuple[ContractWrite, ...]]:
    yield tuple(
        [
            await send(memory, bp, f"Agreement of {bank}")
            for bp, bank in (("1", "spring"), ("2", "summer"), ("3", "autumn"))
        ]
    )


async def test_they_come_newest_first_and_page_by_page(memory: MemoryCore, three: tuple[ContractWrite, ...]) -> None:
    first = await memory.core.calls.page(CallFilter(), limit=2)
    assert ([line.write for line in first.lines], first.is_last) == ([three[2], three[1]], False)
    rest = await memory.core.calls.page(CallFilter(), first.lines[-1].write, limit=2)
    assert ([line.write for line in rest.lines], rest.is_last) == ([three[0]], True)
    oldest = await memory.core.calls.page(CallFilter(order=CallOrder.OLDEST))
    assert [line.write for line in oldest.lines] == [*three]
    assert {line.obstacle for line in oldest.lines} == {WithdrawalObstacle.ENDED}


async def test_a_word_finds_the_contract_that_is_called_so(
    memory: MemoryCore, three: tuple[ContractWrite, ...]
) -> None:
    calls = memory.core.calls
    assert await calls.count(CallFilter("House contract")) == 0
    await memory.core.address_book.add(three[0].call.target, "The House Contract")
    assert await calls.count(CallFilter("HOUSE contract")) == 3
    found = await calls.page(CallFilter("house SUMMER", frozenset({WriteState.DONE})))
    assert [line.write for line in found.lines] == [three[1]]
    assert await calls.count(CallFilter("house", frozenset({WriteState.WAITING}))) == 0


async def test_what_the_node_replied_and_what_stands_in_the_way_is_told(memory: MemoryCore) -> None:
    async def refuse(_raw: bytes) -> SendReply:
        return SendReply(SendVerdict.REFUSED, "fee too low")

    memory.chain.send_raw = refuse  # type: ignore[method-assign]
    write_id = await memory.core.writes.begin((await a_call(memory)), "", "ada")
    line = await memory.core.calls.call(write_id)
    assert (line.write.state, line.obstacle) == (WriteState.WAITING, None)
    assert line.reply == SendReply(SendVerdict.REFUSED, "fee too low")
    stranger = replace(line.write, signer=samples.RECIPIENT)
    assert memory.core.writes.obstacle(stranger) is WithdrawalObstacle.STRANGER
    assert memory.core.writes.reply_to(stranger) is None
    await memory.core.environment.stop()
    assert (await memory.core.calls.call(write_id)).obstacle is WithdrawalObstacle.CLOSED


async def a_call(memory: MemoryCore) -> ContractCall:
    bound = await memory.core.adapters.database.read(lambda tx: tx.chain_identity())
    assert bound is not None
    return ContractCall(bound.contract_address, SET_ROYALTY, (("receiver", samples.RECIPIENT), ("royaltyBps", "7")))


async def test_what_is_listed_becomes_a_file(
    memory: MemoryCore, three: tuple[ContractWrite, ...], tmp_path: Path
) -> None:
    target = tmp_path / "calls.csv"
    shares: list[float] = []
    wanted = CallFilter("agreement", order=CallOrder.OLDEST)
    assert await memory.core.calls.export(wanted, SheetFormat.CSV, target, LongWork(shares.append)) == 3
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [*rows[0]] == [*TITLES]
    assert [row["transaction"] for row in rows] == [write.tx_hash for write in three]
    assert json.loads(rows[1]["arguments"]) == [["receiver", samples.RECIPIENT], ["royaltyBps", "2"]]
    assert (rows[2]["state"], rows[2]["reason"]) == ("DONE", "Agreement of autumn")
    assert await memory.core.calls.export(wanted, SheetFormat.JSON, tmp_path / "calls.json", LongWork()) == 3
    assert json.loads((tmp_path / "calls.json").read_text("utf-8"))


async def test_nobody_reads_them_who_is_not_signed_in(memory: MemoryCore, three: tuple[ContractWrite, ...]) -> None:
    await memory.core.people.sign_out()
    for asking in (
        memory.core.calls.page(CallFilter()),
        memory.core.calls.count(CallFilter()),
        memory.core.calls.call(three[0].write_id),
    ):
        with pytest.raises(UserError) as caught:
            await asking
        assert caught.value.code is ErrorCode.SIGN_IN_REQUIRED
