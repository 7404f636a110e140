"""What only a node of our own does: mining at will or by the clock, its time, going back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from ipnft_desktop.domain.chain import ChainIdentity
from tests.ports.chain.conftest import ChainUnderTest
from tests.support.chain_fixtures import MINING_TIMEOUT_S, RECIPIENT, mint, mint_call

pytestmark = pytest.mark.parametrize("under_test", ["memory", "hardhat"], indirect=True)

HOUR_S = 3_600


async def test_blocks_come_by_the_clock_until_they_do_not(under_test: ChainUnderTest) -> None:
    chain, controls = under_test.chain, under_test.controls
    start = (await chain.head()).number
    await controls.set_mining(at_once=False, interval_s=1)
    assert not await controls.mines_at_once()
    heads = chain.heads()
    assert isinstance(heads, AsyncGenerator)
    async with asyncio.timeout(MINING_TIMEOUT_S), aclosing(heads):
        while (await anext(heads)).number < start + 2:
            pass
    await controls.set_mining(at_once=True, interval_s=None)
    assert await controls.mines_at_once()


async def test_what_is_sent_waits_for_somebody_who_mines(under_test: ChainUnderTest, identity: ChainIdentity) -> None:
    chain, signer = under_test.chain, under_test.signer
    await under_test.controls.set_mining(at_once=False, interval_s=None)
    found = await chain.preflight(mint_call(RECIPIENT), identity, signer.address)
    signed = signer.sign(found.plan, await chain.nonce_of(signer.address))
    await chain.send_raw(signed.raw)
    assert (await chain.receipts([signed.tx_hash]))[signed.tx_hash] is None
    await under_test.controls.mine()
    assert (await chain.receipts([signed.tx_hash]))[signed.tx_hash] is not None
    await under_test.controls.set_mining(at_once=True, interval_s=None)


async def test_the_next_block_carries_the_time_that_was_set(under_test: ChainUnderTest) -> None:
    chain, controls = under_test.chain, under_test.controls
    wanted_s = (await chain.head()).timestamp_s + HOUR_S
    await controls.set_next_time(wanted_s)
    await controls.mine()
    assert (await chain.head()).timestamp_s == wanted_s
    await controls.mine()
    assert wanted_s <= (await chain.head()).timestamp_s < wanted_s + HOUR_S


async def test_going_back_takes_blocks_away_once(under_test: ChainUnderTest, identity: ChainIdentity) -> None:
    chain, signer, controls = under_test.chain, under_test.signer, under_test.controls
    before = await chain.head()
    first = await controls.snapshot()
    kept = await mint(chain, signer, identity, mint_call(RECIPIENT))
    second = await controls.snapshot()
    await controls.mine(2)
    assert await controls.revert(second)
    assert await chain.head() == kept.block
    assert not await controls.revert(second)
    third = await controls.snapshot()
    assert await controls.revert(first)
    assert await chain.head() == before
    assert (await chain.receipts([kept.tx_hash]))[kept.tx_hash] is None
    for gone in (third, first, "0x999"):
        assert not await controls.revert(gone)
