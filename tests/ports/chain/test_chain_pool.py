"""Where transactions wait before they are mined: outbid, cancelled, dropped, overtaken, queued behind a gap."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from ipnft_desktop.domain.chain import ChainIdentity, Fees, SendVerdict, TransactionPlan
from ipnft_desktop.domain.fees import replacement_fees
from ipnft_desktop.domain.minting import TransactionPurpose, TransactionRecord
from ipnft_desktop.services.chain_ports import Chain
from tests.ports.chain.conftest import ChainUnderTest
from tests.support.chain_fixtures import RECIPIENT, mint_call

DAY_S = 86_400


class Pool:
    """A mint of the test's own, sent to a chain that mines only when told to."""

    def __init__(self, under_test: ChainUnderTest, identity: ChainIdentity, plan: TransactionPlan, nonce: int) -> None:
        self.under_test = under_test
        self.identity = identity
        self.plan = plan
        self.nonce = nonce
        self.mint = under_test.signer.sign(plan, nonce)

    @property
    def chain(self) -> Chain:
        return self.under_test.chain

    async def send(self, transaction: TransactionRecord) -> SendVerdict:
        return (await self.chain.send_raw(transaction.raw)).verdict

    async def mine(self) -> None:
        await self.under_test.controls.mine()

    @property
    def higher_fees(self) -> Fees:
        return replacement_fees([self.mint], self.plan.fees)

    def bumped(self) -> TransactionRecord:
        """The same mint for more."""
        return self.under_test.signer.sign(replace(self.plan, fees=self.higher_fees), self.nonce)

    def cancellation(self) -> TransactionRecord:
        return self.transfer(TransactionPurpose.CANCEL, self.higher_fees)

    def transfer(self, purpose: TransactionPurpose, fees: Fees | None = None, offset: int = 0) -> TransactionRecord:
        """To ourselves, for the same fees as the mint unless told otherwise."""
        chain_id, nonce = self.plan.chain_id, self.nonce + offset
        return self.under_test.signer.sign_self_transfer(chain_id, nonce, fees or self.plan.fees, purpose)

    async def is_mined(self, transaction: TransactionRecord) -> bool:
        return (await self.chain.receipts([transaction.tx_hash]))[transaction.tx_hash] is not None

    async def used_by(self) -> str | None:
        """Hash of the transaction that took the mint's nonce."""
        use = await self.chain.nonce_use(self.mint.signer, self.nonce, self.identity.deployment_block)
        return use.tx_hash if use else None

    async def tokens(self) -> int:
        """How many the contract ever made."""
        return len(await self.chain.mints_between(0, (await self.chain.head()).number))


@pytest.fixture
async def pool(under_test: ChainUnderTest, identity: ChainIdentity) -> AsyncIterator[Pool]:
    chain, signer = under_test.chain, under_test.signer
    plan = (await chain.preflight(mint_call(RECIPIENT), identity, signer.address)).plan
    await under_test.controls.begin_replay()
    yield Pool(under_test, identity, plan, await chain.nonce_of(signer.address))
    await under_test.controls.mine()
    await under_test.controls.end_replay()


async def test_a_higher_bid_takes_the_place(pool: Pool) -> None:
    await pool.send(pool.mint)
    bumped = pool.bumped()

    assert await pool.send(bumped) is SendVerdict.ACCEPTED
    assert await pool.send(pool.mint) is SendVerdict.REFUSED
    await pool.mine()

    assert (await pool.is_mined(pool.mint), await pool.is_mined(bumped)) == (False, True)
    assert await pool.used_by() == bumped.tx_hash
    assert await pool.tokens() == 1


async def test_an_equal_bid_is_underpriced(pool: Pool) -> None:
    await pool.send(pool.mint)

    reply = await pool.chain.send_raw(pool.transfer(TransactionPurpose.CANCEL).raw)

    assert reply.verdict is SendVerdict.REFUSED
    assert "replacement transaction underpriced" in reply.message.lower()
    await pool.mine()
    assert await pool.used_by() == pool.mint.tx_hash


async def test_a_cancellation_beats_the_mint(pool: Pool) -> None:
    await pool.send(pool.mint)
    cancel = pool.cancellation()
    assert await pool.send(cancel) is SendVerdict.ACCEPTED

    await pool.mine()

    assert (await pool.is_mined(pool.mint), await pool.is_mined(cancel)) == (False, True)
    assert await pool.used_by() == cancel.tx_hash
    assert await pool.send(pool.mint) is SendVerdict.REFUSED
    await pool.mine()
    assert await pool.tokens() == 0


async def test_the_mint_beats_its_cancellation(pool: Pool) -> None:
    await pool.send(pool.mint)
    await pool.mine()
    cancel = pool.cancellation()

    reply = await pool.chain.send_raw(cancel.raw)

    assert (reply.verdict, "nonce too low" in reply.message.lower()) == (SendVerdict.REFUSED, True)
    await pool.mine()
    assert (await pool.is_mined(pool.mint), await pool.is_mined(cancel)) == (True, False)
    assert await pool.tokens() == 1


async def test_a_dropped_transaction_can_be_sent_again(pool: Pool) -> None:
    await pool.send(pool.mint)
    await pool.under_test.drop(pool.mint.tx_hash)
    await pool.mine()
    assert not await pool.is_mined(pool.mint)
    assert await pool.used_by() is None

    assert await pool.send(pool.mint) is SendVerdict.ACCEPTED
    await pool.mine()

    assert await pool.tokens() == 1


async def test_a_foreign_transaction_takes_the_nonce_in_a_reorganisation(pool: Pool) -> None:
    mark = await pool.under_test.mark()
    await pool.send(pool.mint)
    await pool.mine()
    assert await pool.is_mined(pool.mint)

    await pool.under_test.go_back(mark)
    await pool.under_test.drop(pool.mint.tx_hash)
    await pool.under_test.advance_time(DAY_S)
    foreign = pool.transfer(TransactionPurpose.FILL)
    await pool.send(foreign)
    await pool.mine()

    assert (await pool.is_mined(pool.mint), await pool.used_by()) == (False, foreign.tx_hash)
    assert await pool.send(pool.mint) is SendVerdict.REFUSED
    await pool.mine()
    assert await pool.tokens() == 0


async def test_what_waits_behind_a_gap_is_mined_once_it_is_filled(pool: Pool) -> None:
    behind = pool.transfer(TransactionPurpose.CANCEL, offset=1)
    assert await pool.send(behind) is SendVerdict.ACCEPTED
    await pool.mine()
    assert not await pool.is_mined(behind)

    assert await pool.send(pool.transfer(TransactionPurpose.FILL)) is SendVerdict.ACCEPTED
    await pool.mine()

    assert await pool.is_mined(behind)
    assert await pool.chain.nonce_of(pool.mint.signer) == pool.nonce + 2
