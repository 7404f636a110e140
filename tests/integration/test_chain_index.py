"""The index of the chain on a real node: what it says of tokens, roles and terms is what the contract answers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.chain_history import History, differences, told_by_index, when_indexed
from ipnft_desktop.adapters.chain import log_reader
from ipnft_desktop.bootstrap.core import Core, build_core
from ipnft_desktop.domain.chain_events import ChainEvent, EventFilter, EventKind
from ipnft_desktop.settings import Settings
from tests.support.signed_in import signed_in

MINTS = 600
WAIT_S = 30
MANY_LOGS = 10_000


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    built = signed_in(build_core(tmp_path, Settings(demo_data=False)))
    await built.environment.start(lambda _: None)
    yield built
    await built.close()


@pytest.fixture
async def history(core: Core) -> AsyncIterator[History]:
    made = await History.of(core)
    yield made
    await made.close()


async def agree(core: Core, history: History) -> None:
    """Index and contract say the same of every token, role and term."""
    async with asyncio.timeout(WAIT_S):
        await when_indexed(core, history.rpc)
    tokens, terms = await told_by_index(core, history)
    asked = {
        token_id: tuple(value.lower() if isinstance(value, str) else value for value in answer)
        for token_id, answer in (await history.tokens()).items()
    }
    assert len(asked) == len(history.minted) == await core.index.token_count()
    assert differences(tokens, asked) == []
    assert terms == await history.terms()


async def everything(core: Core) -> object:
    page = await core.index.events(EventFilter(), None, 100_000)
    return page, await core.index.contract(), (await core.index.status()).reach, await core.index.blocks(limit=10_000)


async def test_index_and_contract_agree_through_two_reorganisations(core: Core, history: History) -> None:
    await history.mint(MINTS // 2)
    await history.change(history.minted[:12])
    first = await history.snapshot()
    await history.mint(MINTS // 4)
    await history.change(history.minted[6:18])
    await agree(core, history)

    await history.revert(first)
    await history.mint(MINTS // 4)
    second = await history.snapshot()
    await history.change(history.minted[-12:])
    await history.send("setValidity", history.minted[0], 2, bytes(32))
    await when_indexed(core, history.rpc)
    await history.revert(second)
    await history.mint(MINTS // 4)
    await agree(core, history)

    followed = await everything(core)
    await core.indexing.rebuild()
    await agree(core, history)
    assert await everything(core) == followed, "the same, whether followed or read anew"


async def test_mints_are_put_together_aside_from_the_event_loop(
    core: Core, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slice may hold thousands: 2,000 of them kept the loop for 20 ms."""
    threads: set[int] = set()

    def noted(event: ChainEvent, **changes: Any) -> ChainEvent:
        threads.add(threading.get_ident())
        return replace(event, **changes)

    monkeypatch.setattr(log_reader, "replace", noted)
    await history.mint(30)
    async with asyncio.timeout(WAIT_S):
        await when_indexed(core, history.rpc)
    assert threads
    assert threading.get_ident() not in threads


async def test_a_transaction_with_ten_thousand_logs_of_a_stranger(core: Core, history: History) -> None:
    await history.write_foreign_logs(MANY_LOGS)
    async with asyncio.timeout(WAIT_S):
        await when_indexed(core, history.rpc)
    wanted = EventFilter(kinds=frozenset({EventKind.FOREIGN}), descending=False)
    assert await core.index.count(wanted) == MANY_LOGS
    page = await core.index.events(wanted, None, 2)
    assert page.events[0].topics == (bytes(31) + b"\xaa",)
    assert len(await core.index.events_of_transaction(page.events[0].tx_hash)) == MANY_LOGS
