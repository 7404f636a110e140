"""Nonces on record: what is held, what may still be mined, and gaps that are filled."""

from __future__ import annotations

import pytest

from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from ipnft_desktop.domain.errors import Defect, EnvironmentFault, ErrorCode
from ipnft_desktop.domain.minting import TransactionPurpose, TransactionRecord
from tests.support import samples
from tests.support.register_under_test import RegisterUnderTest


def fill(nonce: int) -> TransactionRecord:
    return samples.transaction(nonce, purpose=TransactionPurpose.FILL, gas_limit=21_000)


async def live(register: RegisterUnderTest, from_nonce: int = 0) -> tuple[TransactionRecord, ...]:
    return await register.database.read(lambda tx: tx.live_transactions(samples.SIGNER, from_nonce))


async def next_nonce(register: RegisterUnderTest, chain_nonce: int) -> int:
    return await register.database.write(lambda tx: tx.next_nonces(samples.SIGNER, chain_nonce, 1)[0])


async def sign(register: RegisterUnderTest, nonce: int) -> TransactionRecord:
    job = await register.prepare(*await register.add())
    signed = samples.transaction(nonce)
    await register.database.write(lambda tx: tx.record_signed({job.job_id: signed}, samples.at(2)))
    return signed


async def test_a_gap_is_filled_and_then_held(register: RegisterUnderTest) -> None:
    first, third = await sign(register, 0), await sign(register, 2)
    assert await next_nonce(register, 0) == 1
    second = fill(1)
    await register.database.write(lambda tx: tx.record_fill(second, samples.at(3)))
    assert await next_nonce(register, 0) == 3
    assert await live(register) == (first, second, third)
    assert await live(register, 1) == (second, third)

    with pytest.raises(EnvironmentFault) as caught:
        await register.database.write(lambda tx: tx.record_fill(fill(2), samples.at(4)))
    assert caught.value.code is ErrorCode.NONCE_CONFLICT


async def test_live_is_told_for_one_signer_only(register: RegisterUnderTest) -> None:
    await sign(register, 0)
    assert await register.database.read(lambda tx: tx.live_transactions(samples.RECIPIENT, 0)) == ()


async def test_a_fill_belongs_to_no_mint_and_nothing_else_does(register: RegisterUnderTest) -> None:
    with pytest.raises(Defect):
        await register.database.write(lambda tx: tx.record_fill(samples.transaction(0), samples.at(3)))
    job = await register.prepare(*await register.add())
    with pytest.raises(Defect):
        await register.database.write(lambda tx: tx.record_signed({job.job_id: fill(0)}, samples.at(3)))


async def test_nothing_is_filled_without_a_chain(database: SqlDatabase) -> None:
    with pytest.raises(Defect, match="chain is bound"):
        await database.write(lambda tx: tx.record_fill(fill(0), samples.at(3)))


async def test_a_signer_nobody_else_wants_is_released_without_ado(register: RegisterUnderTest) -> None:
    for _ in range(2):
        await register.database.write(lambda tx: tx.release_signer(samples.SIGNER))
    assert await next_nonce(register, 5) == 5
    await register.database.write(lambda tx: tx.release_signer(samples.SIGNER))
