"""Calls of contracts and changes of certificates, on each database."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from ipnft_desktop.domain.certificates import ReasonDocument, Validity
from ipnft_desktop.domain.contract_writes import (
    FUNCTION_MAX_CHARS,
    CallOrder,
    CallQuery,
    CallWord,
    ContractCall,
    WriteOutcome,
    WriteState,
)
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.minting import MinedFacts, TransactionPurpose, TransactionRecord
from ipnft_desktop.services.ports import Transaction
from tests.support import samples
from tests.support.register_under_test import RegisterUnderTest

TARGET = "0x" + "Cc" * 20
CALL = ContractCall(TARGET, "f(uint256,(bool,string)[])", (("a", "1"), ("", (("true", "é\u200b"),))), 2**256 - 1)


def transaction(number: int) -> TransactionRecord:
    return TransactionRecord(
        tx_hash=f"0x{number:064x}",
        raw=bytes([2, number]),
        signer=samples.RECIPIENT,
        nonce=900 + number,
        gas_limit=50_000,
        max_fee_per_gas_wei=2,
        max_priority_fee_per_gas_wei=1,
        purpose=TransactionPurpose.CALL,
    )


def outcome(number: int, *, succeeded: bool = True) -> WriteOutcome:
    mined = MinedFacts(f"0x{number:064x}", 10 + number, "0x" + "ab" * 32, 5, 7)
    return WriteOutcome(mined, samples.at(3), succeeded, "" if succeeded else "Paused")


async def put(
    database: SqlDatabase,
    number: int,
    call: ContractCall = CALL,
    asset_id: UUID | None = None,
    validity: Validity = Validity.REVOKED,
) -> int:
    """Record a call, and what it does to a certificate."""

    def work(tx: Transaction) -> int:
        signed = transaction(number)
        write_id = tx.record_write(call, signed, "because", "me", samples.NOW)
        if asset_id is not None:
            tx.record_validity_change(write_id, asset_id, validity, ReasonDocument(b"{%d}" % number))
        tx.record_fill(signed, samples.NOW)
        return write_id

    return await database.write(work)


@pytest.mark.parametrize("call", [CALL, ContractCall(TARGET, "f" * FUNCTION_MAX_CHARS), ContractCall(TARGET, "")])
async def test_a_call_is_read_as_it_was_recorded(
    register: RegisterUnderTest, database: SqlDatabase, call: ContractCall
) -> None:
    del register
    write_id = await put(database, 1, call)
    write = await database.read(lambda tx: tx.contract_write(write_id))
    assert write is not None
    assert (write.call, write.reason, write.requested_by, write.requested_at) == (call, "because", "me", samples.NOW)
    assert (write.state, write.nonce, write.tx_hash) == (WriteState.WAITING, 901, transaction(1).tx_hash)
    assert await database.read(lambda tx: tx.raw_transaction(write.tx_hash)) == transaction(1).raw
    assert await database.read(lambda tx: tx.contract_write(write_id + 1)) is None


async def test_lists_are_newest_first_and_what_waits_oldest_first(
    register: RegisterUnderTest, database: SqlDatabase
) -> None:
    del register
    one, two, three = [await put(database, number) for number in (1, 2, 3)]
    listed = await database.read(lambda tx: (tx.contract_writes(2), tx.contract_writes(2, two), tx.open_writes()))
    assert [[write.write_id for write in writes] for writes in listed] == [[three, two], [one], [one, two, three]]


async def test_blocks_come_and_go(register: RegisterUnderTest, database: SqlDatabase) -> None:
    del register
    one, two = [await put(database, number) for number in (1, 2)]

    async def states() -> list[WriteState]:
        return [write.state for write in reversed(await database.read(lambda tx: tx.contract_writes(9)))]

    await database.write(lambda tx: tx.record_write_mined(two, outcome(2, succeeded=False)))
    assert await states() == [WriteState.WAITING, WriteState.REVERTED]
    reverted = await database.read(lambda tx: tx.contract_write(two))
    assert reverted is not None
    assert (reverted.mined, reverted.mined_at, reverted.revert) == (outcome(2).mined, samples.at(3), "Paused")
    for height, found in ((11, [two]), (12, [])):
        above = await database.read(lambda tx, height=height: tx.ended_writes_above(height))
        assert [write.write_id for write in above] == found
    await database.write(lambda tx: tx.record_write_unmined(two))
    await database.write(lambda tx: tx.record_write_replaced(one, "0x" + "12" * 32))
    assert await states() == [WriteState.REPLACED, WriteState.WAITING]
    above = await database.read(lambda tx: tx.ended_writes_above(10**9))
    assert [write.write_id for write in above] == [one]  # at no height of its own: looked at each time
    await database.write(lambda tx: tx.record_write_mined(one, outcome(1)))
    assert await states() == [WriteState.DONE, WriteState.WAITING]


async def test_the_newest_change_that_succeeded_counts(register: RegisterUnderTest, database: SqlDatabase) -> None:
    asset, other = await register.add(2)
    revoked = await put(database, 1, asset_id=asset.asset_id)
    suspended = await put(database, 2, asset_id=asset.asset_id, validity=Validity.SUSPENDED)
    refused = await put(database, 3, asset_id=asset.asset_id, validity=Validity.VALID)

    async def known() -> dict[UUID, Validity]:
        return await database.read(lambda tx: tx.validities([asset.asset_id, other.asset_id]))

    assert await known() == {}
    await database.write(lambda tx: tx.record_write_mined(suspended, outcome(2)))
    await database.write(lambda tx: tx.record_write_mined(revoked, outcome(1)))
    await database.write(lambda tx: tx.record_write_mined(refused, outcome(3, succeeded=False)))
    assert await known() == {asset.asset_id: Validity.SUSPENDED}
    changes = await database.read(lambda tx: tx.validity_changes(asset.asset_id))
    assert [(change.write.write_id, change.document.content) for change in changes] == [
        (revoked, b"{1}"),
        (suspended, b"{2}"),
        (refused, b"{3}"),
    ]


async def test_on_another_chain_they_are_gone(register: RegisterUnderTest, database: SqlDatabase) -> None:
    (asset,) = await register.add()
    write_id = await put(database, 1, asset_id=asset.asset_id)
    await database.write(lambda tx: tx.record_write_mined(write_id, outcome(1)))
    await database.write(lambda tx: tx.retire_chain(samples.at(9)))
    await database.write(lambda tx: tx.bind_chain(samples.identity(), samples.at(9)))
    write = await database.read(lambda tx: tx.contract_write(write_id))
    assert write is not None
    assert write.state is WriteState.VANISHED
    assert await database.read(lambda tx: tx.validities([asset.asset_id])) == {}
    assert await database.read(lambda tx: tx.validity_changes(asset.asset_id)) == ()
    assert await database.read(lambda tx: (tx.open_writes(), tx.ended_writes_above(0))) == ((), ())


async def test_what_takes_a_call_back_is_sent_instead_of_it(register: RegisterUnderTest, database: SqlDatabase) -> None:
    del register
    write_id = await put(database, 1)
    call, purpose = transaction(1), TransactionPurpose.FILL
    fills = [replace(call, tx_hash=f"0x{number:064x}", raw=bytes([number]), purpose=purpose) for number in (8, 9)]
    for fill in fills:
        await database.write(lambda tx, fill=fill: tx.record_withdrawal(write_id, fill, samples.at(1)))
        sent = await database.read(lambda tx: tx.stranded_transactions(call.signer, 0))
        assert [one.tx_hash for one in sent] == [fill.tx_hash]
    live = await database.read(lambda tx: tx.live_transactions(call.signer, 0))
    assert [one.tx_hash for one in live] == [one.tx_hash for one in (call, *fills)]
    await database.write(lambda tx: tx.record_write_replaced(write_id, fills[1].tx_hash))
    with pytest.raises(UserError) as refused:
        await database.write(lambda tx: tx.record_withdrawal(write_id, fills[0], samples.at(2)))
    assert refused.value.code is ErrorCode.RECORD_CHANGED


async def test_what_took_a_call_back_is_known_of_it(register: RegisterUnderTest, database: SqlDatabase) -> None:
    del register
    one, other = await put(database, 1), await put(database, 2)

    async def known(write_id: int) -> tuple[str | None, bool, WriteState]:
        write = await database.read(lambda tx: tx.contract_write(write_id))
        assert write is not None
        return write.withdrawal, write.is_withdrawn, write.state

    assert await known(one) == (None, False, WriteState.WAITING)
    fills = [
        replace(transaction(1), tx_hash=f"0x{number:064x}", raw=bytes([number]), purpose=TransactionPurpose.FILL)
        for number in (8, 9)
    ]
    for fill in fills:
        await database.write(lambda tx, fill=fill: tx.record_withdrawal(one, fill, samples.at(1)))
    newest = fills[1].tx_hash
    assert await known(one) == (newest, False, WriteState.WAITING)
    assert await known(other) == (None, False, WriteState.WAITING)
    await database.write(lambda tx: tx.record_write_replaced(one, fills[0].tx_hash))
    assert await known(one) == (newest, True, WriteState.REPLACED), "the chain mined the earlier of the two"
    await database.write(lambda tx: tx.record_write_replaced(one, "0x" + "77" * 32))
    assert await known(one) == (newest, False, WriteState.REPLACED), "somebody else has the nonce"


@pytest.mark.parametrize("order", list(CallOrder))
async def test_pages_follow_each_other_in_every_order(
    register: RegisterUnderTest, database: SqlDatabase, order: CallOrder
) -> None:
    del register
    names = ("b()", "a()", "c()", "a()", "b()")
    ids = [await put(database, number, replace(CALL, function=name)) for number, name in enumerate(names, 1)]
    query = CallQuery(order=order)
    listed: list[int] = []
    after = None
    while True:
        page = await database.read(lambda tx, after=after: tx.listed_writes(query, 2, after))
        if not page:
            break
        listed += [write.write_id for write in page]
        after = page[-1]
    assert sorted(listed) == ids
    by = {
        CallOrder.NEWEST: list(reversed(ids)),
        CallOrder.NONCE: list(reversed(ids)),
        CallOrder.FUNCTION: [ids[1], ids[3], ids[0], ids[4], ids[2]],
    }
    assert listed == by.get(order, ids)


async def test_calls_are_found_by_what_a_person_reads_of_them(
    register: RegisterUnderTest, database: SqlDatabase
) -> None:
    del register
    one = await put(database, 1)
    other = await put(database, 2, ContractCall("0x" + "Dd" * 20, "setPrice(uint256)", (("price", "50%"),)))
    await database.write(lambda tx: tx.record_write_mined(other, outcome(2, succeeded=False)))

    async def found(*words: CallWord, states: frozenset[WriteState] = frozenset()) -> list[int]:
        query = CallQuery(words, states)
        listed = await database.read(lambda tx: tx.listed_writes(query, 9))
        assert await database.read(lambda tx: tx.count_writes(query)) == len(listed)
        return [write.write_id for write in listed]

    assert (
        await found(CallWord("setprice")) == await found(CallWord("50%")) == await found(CallWord("paused")) == [other]
    )
    assert await found(CallWord("é")) == [one]
    assert await found(CallWord("901")) == [one], "the nonce"
    assert await found(CallWord("12")) == [other], "the block"
    assert await found(CallWord("because"), CallWord("me")) == [other, one]
    assert await found(CallWord("because"), CallWord("_")) == []
    assert await found(CallWord("vault", [TARGET])) == [one]
    assert await found(CallWord("9" * 30)) == await found(CallWord("'\\\"")) == []
    assert await found(states=frozenset({WriteState.WAITING})) == [one]
    assert await found(states=frozenset({WriteState.REVERTED, WriteState.WAITING})) == [other, one]
    assert await found(states=frozenset({WriteState.DONE, WriteState.REPLACED, WriteState.VANISHED})) == []
    await database.write(lambda tx: tx.retire_chain(samples.at(9)))
    assert await found(states=frozenset({WriteState.VANISHED})) == [other, one]
    await database.write(lambda tx: tx.bind_chain(samples.identity(), samples.at(9)))
    assert await found(states=frozenset({WriteState.VANISHED})) == [other, one]
    assert await found(states=frozenset(WriteState) - {WriteState.VANISHED}) == []


async def test_what_was_changed_cannot_be_deleted(register: RegisterUnderTest, database: SqlDatabase) -> None:
    (asset,) = await register.add()
    await put(database, 1, asset_id=asset.asset_id)
    with pytest.raises(UserError) as refused:
        await database.write(lambda tx: tx.delete_asset(asset.asset_id))
    assert refused.value.code is ErrorCode.MINT_INVALID_STATE
