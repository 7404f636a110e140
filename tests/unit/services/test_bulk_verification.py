"""Many assets verified together: each difference has its cause, and only the asset that differs is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from ipnft_desktop.domain.assets import AssetQuery
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_desktop.domain.reconciliation import Cause
from ipnft_desktop.services import bulk_verification
from ipnft_desktop.services.bulk_verification import MOST_ASSETS, AssetVerdict
from ipnft_desktop.services.long_work import LongWork, WorkCancelled
from ipnft_desktop.services.verification import VerificationService
from ipnft_desktop.services.verified_facts import VerifiedFact, VerifiedField, Witness
from tests.support.minted_register import Minted, minted_register

COUNT = 5
OTHER = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"


@pytest.fixture
async def minted(tmp_path: Path) -> AsyncIterator[Minted]:
    async with minted_register(tmp_path, COUNT) as found:
        yield found


async def test_what_is_as_it_should_be_is_told_so(minted: Minted) -> None:
    shares: list[float] = []
    verdicts = await minted.verdicts(LongWork(shares.append))
    assert [verdict.asset_id for verdict in verdicts] == [asset.asset_id for asset in minted.assets]
    assert all(verdict.is_sound and not verdict.causes for verdict in verdicts), verdicts
    assert {fact.field for fact in verdicts[0].facts} == set(VerifiedField)


async def only(minted: Minted, *causes: Cause, at: int = 2) -> AssetVerdict:
    """Exactly this asset differs, for exactly these reasons."""
    verdicts = await minted.verdicts()
    assert [verdict.is_sound for verdict in verdicts] == [number != at for number in range(COUNT)]
    assert set(verdicts[at].causes) == set(causes)
    for fact in verdicts[at].facts:
        assert (fact.cause is None) is fact.matches
    return verdicts[at]


@pytest.mark.parametrize("which", ["metadata", "file"])
async def test_one_byte_of_a_block_file(minted: Minted, which: str) -> None:
    asset = await minted.asset()
    assert asset.mint is not None
    assert asset.mint.metadata_cid is not None
    file = minted.flip_a_byte(asset.mint.metadata_cid if which == "metadata" else asset.attachments[0].cid)
    await only(minted, Cause.METADATA_DAMAGED if which == "metadata" else Cause.FILE_DAMAGED)
    file.unlink()
    await only(minted, Cause.METADATA_MISSING if which == "metadata" else Cause.FILE_MISSING)


@pytest.mark.parametrize(
    ("statement", "value", "cause"),
    [
        ("UPDATE assets SET name = ? WHERE asset_id = ?", "Another name", Cause.RECORD_CHANGED),
        ("UPDATE assets SET description = ? WHERE asset_id = ?", "Another", Cause.RECORD_CHANGED),
        ("UPDATE mint_intents SET recipient = ? WHERE asset_id = ?", OTHER, Cause.OWNER_MOVED),
        ("UPDATE mint_intents SET token_uri = ? WHERE asset_id = ?", "ipfs://other", Cause.URI_DIFFERS),
        ("UPDATE attachments SET sha256 = ? WHERE asset_id = ?", b"\1" * 32, Cause.FILE_RECORD_CHANGED),
    ],
)
async def test_one_changed_column(minted: Minted, statement: str, value: object, cause: Cause) -> None:
    causes = {cause}
    if cause is Cause.FILE_RECORD_CHANGED:
        causes.add(Cause.RECORD_CHANGED)  # the metadata names the hash too
    minted.set_column(statement, value, minted.assets[2].asset_id.hex)
    await only(minted, *causes)


@pytest.mark.parametrize(
    ("column", "value", "causes"),
    [
        ("block_number", 9_999, {Cause.OTHER_BLOCK}),
        ("gas_used", 1, {Cause.GAS_DIFFERS}),
        ("tx_hash", "0x" + "99" * 32, {Cause.TRANSACTION_UNKNOWN}),
    ],
)
async def test_a_changed_transaction_turns_all_of_its_assets_red(
    minted: Minted, column: str, value: object, causes: set[Cause]
) -> None:
    """It was one batch: each of them is told, for the record of each is wrong."""
    minted.set_column(f"UPDATE transactions SET {column} = ? WHERE job_id IS NOT NULL", value)
    verdicts = await minted.verdicts()
    assert [set(verdict.causes) for verdict in verdicts] == [causes] * COUNT


async def test_what_the_chain_says_otherwise(minted: Minted) -> None:
    asset_id = minted.assets[2].asset_id
    minted.change_token(asset_id, lambda token: replace(token, owner=OTHER))
    await only(minted, Cause.OWNER_MOVED)
    await minted.memory.core.adapters.database.write(
        lambda tx: tx.note_standing(asset_id, minted.assets[2].created_at, holder=OTHER)
    )
    assert all(verdict.is_sound for verdict in await minted.verdicts()), "a holder that was noted is the one on record"
    core = minted.memory.core
    card = VerificationService(core.adapters.database, minted.memory.chain, minted.store, core.session)
    assert all(fact.matches for fact in await card.verify(asset_id)), "so it is on the card"
    minted.change_token(asset_id, lambda token: replace(token, validity="REVOKED"))
    await only(minted, Cause.VALIDITY_DIFFERS)
    minted.change_token(asset_id, None)
    await only(minted, Cause.TOKEN_MISSING)


async def test_drafts_and_strangers_are_left_out(minted: Minted) -> None:
    (draft,) = await minted.memory.add_assets()
    ids = [draft.asset_id, minted.assets[0].asset_id, UUID(int=5)]
    verdicts = await minted.bulk.verify(ids, LongWork())
    assert [verdict.asset_id for verdict in verdicts] == [minted.assets[0].asset_id]


async def test_no_more_than_can_be_listed(minted: Minted) -> None:
    with pytest.raises(UserError) as caught:
        await minted.bulk.verify([UUID(int=1)] * (MOST_ASSETS + 1), LongWork())
    assert caught.value.code is ErrorCode.VALIDATION_FAILED
    with pytest.raises(UserError) as caught:
        await minted.bulk.verify_listed(AssetQuery(), LongWork(), spans=[(0, 1), (10, MOST_ASSETS + 8)])
    assert caught.value.code is ErrorCode.VALIDATION_FAILED


async def test_rows_of_a_list_are_verified_without_the_others(minted: Minted) -> None:
    listed = [verdict.asset_id for verdict in await minted.bulk.verify_listed(AssetQuery(), LongWork())]
    told: list[list[UUID]] = []
    verdicts = await minted.bulk.verify_listed(
        AssetQuery(),
        LongWork(),
        lambda group: told.append([verdict.asset_id for verdict in group]),
        spans=[(0, 0), (2, 3)],
    )
    assert [verdict.asset_id for verdict in verdicts] == [listed[0], listed[2], listed[3]]
    assert told == [[listed[0], listed[2], listed[3]]]


async def test_verdicts_are_told_as_soon_as_their_group_is_compared(
    minted: Minted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_verification, "GROUP", 2)
    told: list[int] = []
    ids = [asset.asset_id for asset in minted.assets]
    work = LongWork()

    def hear(group: object) -> None:
        told.append(len(group))  # type: ignore[arg-type]
        work.cancel()

    with pytest.raises(WorkCancelled):
        await minted.bulk.verify(ids, work, hear)
    assert told == [2]


def test_a_verdict_keeps_its_facts() -> None:
    facts = (
        VerifiedFact(VerifiedField.OWNER, "a", Witness.CHAIN, "a"),
        VerifiedFact(VerifiedField.VALIDITY, "-", Witness.CHAIN, "-", cause=Cause.NO_RECORD),
        VerifiedFact(VerifiedField.ATTACHMENT, "a", Witness.CONTENT, "b", "score.pdf", Cause.FILE_DAMAGED),
    )
    verdict = AssetVerdict(UUID(int=1), "A name", facts)
    assert verdict.facts == facts
    assert (verdict.is_sound, verdict.causes) == (False, (Cause.NO_RECORD, Cause.FILE_DAMAGED))
    kinds = (VerifiedField.OWNER, VerifiedField.VALIDITY, VerifiedField.ATTACHMENT, VerifiedField.BLOCK)
    assert [verdict.agrees(kind) for kind in kinds] == [True, False, False, None]
    assert verdict.agrees(VerifiedField.OWNER, VerifiedField.ATTACHMENT) is False
    sound = AssetVerdict(UUID(int=1), "A name", facts[:1])
    assert (sound.is_sound, sound.causes, sound.facts) == (True, (), facts[:1])
    assert [sound.agrees(kind) for kind in kinds[:2]] == [True, None]


async def test_it_can_be_cancelled(minted: Minted) -> None:
    work = LongWork()
    work.cancel()
    with pytest.raises(WorkCancelled):
        await minted.verdicts(work)


async def test_groups_are_put_together_in_order(minted: Minted, monkeypatch: pytest.MonkeyPatch) -> None:

    monkeypatch.setattr(bulk_verification, "GROUP", 2)
    assert [verdict.asset_id for verdict in await minted.verdicts()] == [asset.asset_id for asset in minted.assets]


async def test_receipts_that_are_not_kept_are_asked_for_again(minted: Minted, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of a group under way are its own, whatever is forgotten beside it."""
    monkeypatch.setattr(bulk_verification, "GROUP", 1)
    monkeypatch.setattr(bulk_verification, "MOST_RECEIPTS_KEPT", 0)
    assert all(verdict.is_sound for verdict in await minted.verdicts())
