"""A batch that the contract would refuse: what is to blame is left out with its reason, the rest is minted."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ipnft_desktop.domain.assets import Asset
from ipnft_desktop.domain.chain import ChainIdentity, MintCall, Preflight
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, IpnftError
from ipnft_desktop.domain.events import DomainEvent, MintAdvanced
from ipnft_desktop.domain.minting import MintJob, MintStage, MintStrategy
from ipnft_desktop.services.mint_desk import MintRequest
from tests.support.core_factory import MemoryCore, request

BAD = "0x000000000000000000000000000000000000dEaD"


async def mint(memory: MemoryCore, assets: Sequence[Asset], *refused: int) -> MintJob:
    """A batch in which some recipients refuse."""
    memory.chain.refusing_recipients = {BAD}
    return await memory.core.desk.mint(
        [MintRequest(a.asset_id, BAD) if n in refused else request(a) for n, a in enumerate(assets)]
    )


@pytest.mark.parametrize("refused", [(0,), (6,), (2, 3), (0, 1, 2, 3, 4, 5)])
async def test_the_refused_are_left_out_with_the_reason_and_the_rest_is_minted(
    memory: MemoryCore, refused: tuple[int, ...]
) -> None:
    assets = await memory.add_assets(7)
    heard: list[DomainEvent] = []
    memory.core.events.subscribe(heard.append)
    job = await mint(memory, assets, *refused)
    assert job.stage is MintStage.COMPLETED
    assert [item.asset_id for item in job.items] == [a.asset_id for n, a in enumerate(assets) if n not in refused]
    for number, asset in enumerate(assets):
        assert memory.chain.mints_of(asset.asset_id) == (number not in refused)
        if number not in refused:
            continue
        alone = await memory.core.desk.job_of(asset.asset_id)
        assert alone is not None
        assert alone.failure is not None
        assert (alone.stage, alone.failure.code) == (MintStage.FAILED, ErrorCode.RECIPIENT_REFUSED)
        assert not alone.failure.gas_spent
        told = [e.progress for e in heard if isinstance(e, MintAdvanced) and e.progress.job_id == alone.job_id]
        assert [progress.stage for progress in told] == [MintStage.FAILED]
    assert len(memory.chain.sent) == 2, "the deployment and one mint"


async def test_where_everything_is_refused_the_batch_fails_whole(memory: MemoryCore) -> None:
    assets = await memory.add_assets(3)
    job = await mint(memory, assets, 0, 1, 2)
    assert job.failure is not None
    assert (job.stage, len(job.items), job.failure.code) == (MintStage.FAILED, 3, ErrorCode.RECIPIENT_REFUSED)


async def test_what_was_left_out_can_be_tried_again(memory: MemoryCore) -> None:
    assets = await memory.add_assets(3)
    await mint(memory, assets, 1)
    memory.chain.refusing_recipients.clear()
    again = await memory.core.desk.retry(assets[1].asset_id)
    assert (await memory.core.desk.outcome(again.job_id)).stage is MintStage.COMPLETED
    assert [memory.chain.mints_of(asset.asset_id) for asset in assets] == [1, 1, 1]


async def test_what_is_refused_only_together_parts_into_two(
    memory: MemoryCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the items need more gas together than one transaction may use."""
    monkeypatch.setattr("ipnft_desktop.services.mint_desk.BEAT_EVERY_S", 0.01)
    await memory.core.environment.stop()
    await memory.core.environment.start(lambda _report: None)
    preflights = memory.chain.preflights

    async def at_most_two(
        calls: Sequence[MintCall], expected: ChainIdentity, sender: str
    ) -> list[Preflight | IpnftError]:
        found = await preflights(calls, expected, sender)
        too_much = EnvironmentFault(ErrorCode.GAS_ESTIMATION_FAILED, "above the limit")
        return [too_much if len(call.asset_ids) > 2 else one for call, one in zip(calls, found, strict=True)]

    monkeypatch.setattr(memory.chain, "preflights", at_most_two)
    assets = await memory.add_assets(5)
    first = await mint(memory, assets)
    assert (first.stage, len(first.items)) == (MintStage.COMPLETED, 2)
    sizes: list[int] = []
    for asset in assets[2:]:
        job = await memory.core.desk.job_of(asset.asset_id)
        assert job is not None
        ended = await memory.core.desk.outcome(job.job_id)
        sizes.append(len(ended.items))
        assert ended.strategy is (MintStrategy.SINGLE if len(ended.items) == 1 else MintStrategy.BATCH)
    assert sorted(sizes) == [1, 2, 2]
    assert [memory.chain.mints_of(asset.asset_id) for asset in assets] == [1] * 5
