"""The index of the chain on both databases: what events mean, how they are found, and how they are taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from ipnft_desktop.adapters.database.sql_database import SqlDatabase
from ipnft_desktop.domain.assets import token_id_of
from ipnft_desktop.domain.chain import BlockRef
from ipnft_desktop.domain.chain_events import (
    NOBODY,
    ChainEvent,
    ChainSlice,
    EventAnchor,
    EventFilter,
    EventKind,
    IndexedBlock,
    IndexReach,
)
from ipnft_desktop.domain.chain_view import ChainToken, ContractTerms, RoleHolder, TokenValidity, token_of
from tests.support import samples
from tests.support.register_under_test import RegisterUnderTest

OURS = "0x" + "Cc" * 20
OTHERS = "0x" + "Dd" * 20
ANNA, BERT, CARL = ("0x" + letter * 40 for letter in "abc")
WIDE_TOKEN = 2**200 + 7


def block(number: int, branch: str = "a") -> IndexedBlock:
    def hash_of(height: int, of: str) -> str:
        return f"0x{of}{height:063x}"

    parent = hash_of(number - 1, branch if number > 6 else "a")
    return IndexedBlock(BlockRef(number, hash_of(number, branch), 1_000 + number), parent)


def event(height: int, index: int, kind: EventKind, branch: str = "a", **values: object) -> ChainEvent:
    plain = ChainEvent(
        block(height, branch).block, f"0x{height:062x}{index:02x}", index, OURS, (b"\1" * 32, b"\2" * 32), b"\3", kind
    )
    return replace(plain, **values)  # type: ignore[arg-type]


def piece(first: int, last: int, *events: ChainEvent, branch: str = "a") -> ChainSlice:
    return ChainSlice(tuple(block(number, branch) for number in range(first, last + 1)), events)


FIRST = (
    event(3, 0, EventKind.OWNERSHIP_TRANSFERRED, sender=NOBODY, recipient=ANNA),
    event(3, 1, EventKind.ROLES_UPDATED, recipient=ANNA, number=1),
    event(4, 0, EventKind.MINTED, token_id=1, sender=NOBODY, recipient=ANNA, digest=b"\7" * 32),
    event(4, 1, EventKind.MINTED, token_id=WIDE_TOKEN, sender=NOBODY, recipient=BERT, digest=b"\7" * 32),
    event(5, 0, EventKind.FOREIGN, address=OTHERS, topics=(), token_id=None, sender=ANNA, recipient=ANNA),
)
LATER = (
    event(6, 0, EventKind.TRANSFERRED, token_id=1, sender=ANNA, recipient=BERT),
    event(6, 1, EventKind.VALIDITY_CHANGED, token_id=1, number=2, digest=b"\x09" * 32),
    event(6, 2, EventKind.ROLES_UPDATED, recipient=BERT, number=3),
    event(6, 3, EventKind.ROLES_UPDATED, recipient=ANNA, number=0),
    event(7, 0, EventKind.PAUSED, sender=ANNA),
    event(7, 1, EventKind.DEFAULT_ROYALTY_CHANGED, recipient=CARL, number=500),
    event(7, 2, EventKind.HANDOVER_REQUESTED, recipient=CARL),
    event(8, 0, EventKind.MINTED, token_id=2, sender=NOBODY, recipient=CARL),
    event(8, 1, EventKind.UNREADABLE, topics=()),
)


async def indexed(database: SqlDatabase, *pieces: ChainSlice) -> None:
    await database.write(lambda tx: tx.begin_index(pieces[0].blocks[0].block.number))
    for each in pieces:
        assert await database.write(lambda tx, each=each: tx.append_to_index(each))


async def everything(database: SqlDatabase) -> object:
    """All that the index says, as one value."""
    return await database.read(
        lambda tx: (
            tx.index_reach(),
            tx.indexed_blocks(None, 1_000),
            tx.event_page(EventFilter(), None, 1_000),
            tx.chain_tokens([1, 2, WIDE_TOKEN]),
            tx.role_holders(),
            tx.contract_terms(),
        )
    )


@pytest.fixture
async def full(register: RegisterUnderTest) -> SqlDatabase:
    await indexed(register.database, piece(3, 5, *FIRST), piece(6, 8, *LATER))
    return register.database


async def test_what_follows_from_the_events(full: SqlDatabase) -> None:
    tokens = await full.read(lambda tx: tx.chain_tokens([1, 2, 3, WIDE_TOKEN]))
    minted = FIRST[2]
    assert tokens == {
        1: ChainToken(1, BERT, 4, minted.tx_hash, TokenValidity.REVOKED, b"\x09" * 32, directory_digest=b"\7" * 32),
        2: ChainToken(2, CARL, 8, LATER[7].tx_hash),
        WIDE_TOKEN: ChainToken(WIDE_TOKEN, BERT, 4, FIRST[3].tx_hash, directory_digest=b"\7" * 32),
    }
    holders = (RoleHolder(BERT, 3), RoleHolder(CARL, 0, 1_007))
    assert await full.read(lambda tx: tx.role_holders()) == holders
    assert await full.read(lambda tx: tx.contract_terms()) == ContractTerms(ANNA, True, CARL, 500)
    assert await full.read(lambda tx: tx.index_reach()) == IndexReach(3, 9)
    assert await full.read(lambda tx: tx.count_chain_tokens()) == 3
    assert token_of(1, await full.read(lambda tx: tx.events_of_token(1))) == tokens[1]


async def test_a_block_back_is_as_if_it_had_never_been(register: RegisterUnderTest) -> None:
    """Wherever the chain is cut: what remains is what an index of the remaining blocks says."""
    database = register.database
    for height in range(2, 9):
        remaining = [each for each in (*FIRST, *LATER) if each.block.number <= height]
        await indexed(database, piece(3, max(height, 3), *remaining))
        if height == 2:
            await database.write(lambda tx: tx.begin_index(3))
        expected = await everything(database)

        await indexed(database, piece(3, 5, *FIRST), piece(6, 8, *LATER))
        await database.write(lambda tx, height=height: tx.drop_from_index(height))
        assert await everything(database) == expected, height


async def test_another_branch_follows_after_a_reorganisation(full: SqlDatabase) -> None:
    await full.write(lambda tx: tx.drop_from_index(6))
    other = event(7, 0, EventKind.TRANSFERRED, "b", token_id=WIDE_TOKEN, sender=BERT, recipient=CARL)
    assert await full.write(lambda tx: tx.append_to_index(piece(7, 7, other, branch="b")))
    tokens = await full.read(lambda tx: tx.chain_tokens([1, 2, WIDE_TOKEN]))
    assert {token_id: token.owner for token_id, token in tokens.items()} == {1: BERT, WIDE_TOKEN: CARL}
    last = await full.read(lambda tx: tx.indexed_block(7))
    assert last == block(7, "b")


async def test_only_what_follows_is_taken_in(full: SqlDatabase) -> None:
    before = await everything(full)
    for first in (3, 8, 10):
        assert not await full.write(lambda tx, first=first: tx.append_to_index(piece(first, first)))
    assert not await full.write(lambda tx: tx.append_to_index(ChainSlice((), ())))
    assert await everything(full) == before


async def test_a_piece_is_taken_in_whole_or_not_at_all(full: SqlDatabase) -> None:
    """Whoever dies between two batches goes on at the next block; in one, at the same."""
    before = await everything(full)

    class Killed(Exception):
        pass

    def die(tx: object) -> None:
        assert tx.append_to_index(piece(9, 9, event(9, 0, EventKind.UNPAUSED, sender=ANNA)))  # type: ignore[attr-defined]
        raise Killed

    with pytest.raises(Killed):
        await full.write(die)
    assert await everything(full) == before


def places(events: Sequence[ChainEvent]) -> list[tuple[int, int]]:
    return [(each.block.number, each.log_index) for each in events]


async def test_events_come_page_by_page_in_both_orders(full: SqlDatabase) -> None:
    all_places = places((*FIRST, *LATER))
    for wanted in (EventFilter(), EventFilter(descending=False), EventFilter(address=OURS)):
        expected = list(all_places)
        if wanted.address:
            expected = [place for place in all_places if place != (5, 0)]
        if wanted.descending:
            expected.reverse()
        found: list[ChainEvent] = []
        after: EventAnchor | None = None
        while True:
            page = await full.read(lambda tx, wanted=wanted, after=after: tx.event_page(wanted, after, 3))
            assert len(page.events) <= 3
            found.extend(page.events)
            after = page.next_anchor
            if after is None:
                break
        assert places(found) == expected
        assert await full.read(lambda tx, wanted=wanted: tx.count_events(wanted)) == len(expected)
    assert (await full.read(lambda tx: tx.event_page(EventFilter(), None, 100))).events[0] == LATER[-1]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (EventFilter(kinds=frozenset({EventKind.MINTED, EventKind.PAUSED})), [(8, 0), (7, 0), (4, 1), (4, 0)]),
        (EventFilter(address=ANNA), [(7, 0), (6, 3), (6, 0), (5, 0), (4, 0), (3, 1), (3, 0)]),
        (EventFilter(address=OTHERS), [(5, 0)]),
        (EventFilter(tx_hash=FIRST[3].tx_hash), [(4, 1)]),
        (EventFilter(token_id=1), [(6, 1), (6, 0), (4, 0)]),
        (EventFilter(first_block=4, last_block=5, descending=False), [(4, 0), (4, 1), (5, 0)]),
        (EventFilter(kinds=frozenset({EventKind.MINTED}), address=BERT), [(4, 1)]),
        (EventFilter(address=ANNA.upper()), []),
    ],
)
async def test_events_are_found_by_what_they_say(
    full: SqlDatabase, wanted: EventFilter, expected: list[tuple[int, int]]
) -> None:
    page = await full.read(lambda tx: tx.event_page(wanted, None, 100))
    assert (places(page.events), page.next_anchor) == (expected, None)
    assert await full.read(lambda tx: tx.count_events(wanted)) == len(expected)


async def test_the_kinds_there_are(full: SqlDatabase) -> None:
    kinds = await full.read(lambda tx: tx.event_kinds())
    assert sum(kinds.values()) == len(FIRST) + len(LATER)
    assert (kinds[EventKind.MINTED], kinds[EventKind.ROLES_UPDATED]) == (3, 3)
    assert EventKind.UNPAUSED not in kinds


async def test_tokens_of_an_account_and_those_without_an_asset(register: RegisterUnderTest) -> None:
    database = register.database
    (asset,) = await register.add()
    ours = token_id_of(asset.asset_id)
    mints = [
        event(4, index, EventKind.MINTED, token_id=token_id, sender=NOBODY, recipient=ANNA)
        for index, token_id in enumerate((ours, 5, WIDE_TOKEN))
    ]
    await indexed(database, piece(4, 4, *mints))

    held = await database.read(lambda tx: tx.tokens_held_by(ANNA, None, 2))
    rest = await database.read(lambda tx: tx.tokens_held_by(ANNA, held[-1].token_id, 2))
    assert {token.token_id for token in (*held, *rest)} == {ours, 5, WIDE_TOKEN}
    assert (len(held), len(rest)) == (2, 1)
    assert await database.read(lambda tx: tx.tokens_held_by(BERT, None, 2)) == ()
    strangers = await database.read(lambda tx: tx.tokens_without_asset(None, 10))
    assert {token.token_id for token in strangers} == {5, WIDE_TOKEN}
    behind = await database.read(lambda tx: tx.tokens_without_asset(strangers[0].token_id, 10))
    assert behind == strangers[1:]


async def test_tokens_come_by_number_whatever_their_length(register: RegisterUnderTest) -> None:
    numbers = [9, 10, 99, 123, 1_000, WIDE_TOKEN]
    mints = [
        event(4, index, EventKind.MINTED, token_id=token_id, sender=NOBODY, recipient=ANNA)
        for index, token_id in enumerate(reversed(numbers))
    ]
    await indexed(register.database, piece(4, 4, *mints))
    found: list[int] = []
    for after in (None, 10, 123, WIDE_TOKEN):
        page = await register.database.read(lambda tx, after=after: tx.tokens_held_by(ANNA, after, 2))
        found += [token.token_id for token in page]
    assert found == numbers


async def test_each_chain_has_an_index_of_its_own(full: SqlDatabase) -> None:
    await full.write(lambda tx: tx.retire_chain(samples.at(60)))
    assert await full.read(lambda tx: tx.index_reach()) is None
    assert not await full.write(lambda tx: tx.append_to_index(piece(9, 9)))
    await full.write(lambda tx: tx.begin_index(0))
    assert await full.read(lambda tx: tx.index_reach()) is None, "without a chain there is no index"

    await full.write(lambda tx: tx.bind_chain(samples.identity(), samples.at(61)))
    assert await full.read(lambda tx: tx.index_reach()) is None
    mint = event(4, 0, EventKind.MINTED, token_id=1, sender=NOBODY, recipient=CARL)
    await indexed(full, piece(4, 4, mint))
    assert await full.read(lambda tx: tx.count_events(EventFilter())) == 1
    assert (await full.read(lambda tx: tx.chain_tokens([1, 2])))[1].owner == CARL
    assert await full.read(lambda tx: tx.contract_terms()) == ContractTerms()


async def test_a_register_of_before_has_no_index(database: SqlDatabase) -> None:
    assert await database.read(lambda tx: tx.index_reach()) is None
    assert await database.read(lambda tx: tx.contract_terms()) == ContractTerms()
    assert (await database.read(lambda tx: tx.event_page(EventFilter(), None, 5))).events == ()
    await database.write(lambda tx: tx.drop_from_index(3))


async def test_contracts_parties_and_holders_are_told_each_once(full: SqlDatabase) -> None:
    assert await full.read(lambda tx: tx.event_contracts(10)) == tuple(sorted({OURS, OTHERS}))
    assert await full.read(lambda tx: tx.event_contracts(1)) == (min(OURS, OTHERS),)
    assert await full.read(lambda tx: tx.event_parties(10)) == (ANNA, BERT, CARL)
    held = await full.read(lambda tx: tx.held_counts([ANNA, BERT, CARL, NOBODY]))
    assert held == {BERT: 2, CARL: 1}


async def test_without_a_chain_nobody_is_named(register: RegisterUnderTest) -> None:
    await register.database.write(lambda tx: tx.begin_index(3))
    for told in (
        await register.database.read(lambda tx: tx.event_contracts(10)),
        await register.database.read(lambda tx: tx.event_parties(10)),
    ):
        assert told == ()
