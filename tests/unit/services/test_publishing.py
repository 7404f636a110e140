"""Publishing: it goes out behind the mints, waits for an IPFS node that is away, and never touches what is secret."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ipnft_desktop.domain.assets import Asset, Attachment
from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.domain.events import DomainEvent, PublicationsChanged
from ipnft_desktop.domain.minting import MintStage
from ipnft_desktop.domain.people import Role
from ipnft_desktop.domain.publications import PublicationCounts, PublicationState
from ipnft_desktop.services.publishing import Publishing
from tests.support import samples
from tests.support.core_factory import NO_DEMO, MemoryCore, request
from tests.unit.services.waiting import at_stage

AWAY = EnvironmentFault(ErrorCode.KUBO_UNAVAILABLE, "nothing answers at this address")


class Told:
    """Hears of publications from the beginning."""

    def __init__(self, memory: MemoryCore) -> None:
        self._news: asyncio.Queue[PublicationsChanged] = asyncio.Queue()
        memory.core.events.subscribe(self._hear)

    def _hear(self, event: DomainEvent) -> None:
        if isinstance(event, PublicationsChanged):
            self._news.put_nowait(event)

    async def until(self, met: Callable[[PublicationsChanged], bool]) -> PublicationsChanged:
        while not met(news := await self._news.get()):
            pass
        return news

    async def until_waiting_because(self, code: ErrorCode) -> None:
        await self.until(lambda news: news.waiting_because is not None and news.waiting_because.code is code)

    async def until_states(self, **counts: int) -> None:
        """So many addresses were told to be in these states, each once."""
        left = dict(counts)
        while any(left.values()):
            for publication in (await self._news.get()).publications:
                if left.get(publication.state.value):
                    left[publication.state.value] -= 1


@pytest.fixture
def told(memory: MemoryCore) -> Told:
    return Told(memory)


@pytest.fixture
def publishing(memory: MemoryCore) -> Publishing:
    return memory.core.publishing


async def mint(memory: MemoryCore, *assets: Asset) -> None:
    for asset in assets:
        job = await memory.core.desk.request([request(asset)])
        await at_stage(memory, job, MintStage.COMPLETED)


async def asset_with_files(memory: MemoryCore) -> Asset:
    """A draft with a picture, a public and a confidential file."""
    await memory.add_assets()
    (owner,) = await memory.core.register.enterprises()
    files: list[Attachment] = []
    for name, changes in {"p.png": {"is_image": True}, "open.pdf": {}, "secret.pdf": {"confidential": True}}.items():
        stored = await memory.content.add_bytes(name.encode())
        files.append(samples.attachment(file_name=name, cid=stored.cid.text, attachment_id=samples.uuid(), **changes))
    asset = samples.asset(owner, attachments=tuple(files))
    await memory.core.register.add_assets((asset,))
    return asset


async def test_what_belongs_to_an_asset_is_published_and_pinned(
    memory: MemoryCore, publishing: Publishing, told: Told
) -> None:
    asset = await asset_with_files(memory)
    assert await publishing.roots(asset.asset_id) == ()
    with pytest.raises(UserError) as caught:
        await publishing.publish([asset.asset_id])
    assert caught.value.code is ErrorCode.MINT_INVALID_STATE

    await mint(memory, asset)
    secret = next(file for file in asset.attachments if file.confidential)
    assert [root.state for root in await publishing.roots(asset.asset_id)] == [PublicationState.LOCAL] * 3
    assert await publishing.publish([asset.asset_id]) == 3
    await told.until_states(PUBLISHED=3)
    roots = await publishing.roots(asset.asset_id)
    assert {root.cid for root in roots} == {cid.text for cid in memory.peer.pinned}
    assert secret.cid not in {root.cid for root in roots}
    assert b"secret.pdf" not in b"".join(memory.peer.pinned.values())
    assert (await publishing.overview()).counts == PublicationCounts(published=3)
    assert await publishing.publish([asset.asset_id]) == 0, "all of it is published"


async def test_a_node_that_is_away_is_waited_for(memory: MemoryCore, publishing: Publishing, told: Told) -> None:
    (asset,) = await memory.add_assets()
    await mint(memory, asset)
    memory.peer.fault = AWAY
    await publishing.publish([asset.asset_id])
    await told.until_waiting_because(ErrorCode.KUBO_UNAVAILABLE)
    overview = await publishing.overview()
    assert (overview.counts.waiting, overview.waiting_because) == (1, AWAY)

    memory.peer.fault = None
    await told.until_states(PUBLISHED=1)
    assert (await publishing.overview()).waiting_because is None


async def test_what_waits_goes_out_after_a_restart(memory: MemoryCore, publishing: Publishing, told: Told) -> None:
    (asset,) = await memory.add_assets()
    await mint(memory, asset)
    memory.peer.fault = AWAY
    await publishing.publish([asset.asset_id])
    await told.until_waiting_because(ErrorCode.KUBO_UNAVAILABLE)
    later = await memory.again()
    try:
        root = await later.peer.attempts.get()
        (only,) = await later.core.publishing.roots(asset.asset_id)
        assert only.cid == root
    finally:
        await later.core.close()


async def test_one_that_is_refused_does_not_hold_up_the_others(
    memory: MemoryCore, publishing: Publishing, told: Told
) -> None:
    first, second = await memory.add_assets(2)
    await mint(memory, first, second)
    (refused,) = await publishing.roots(first.asset_id)
    memory.peer.refusals[refused.cid] = EnvironmentFault(ErrorCode.PUBLISHING_FAILED, "the node answers: no space")
    await publishing.publish([first.asset_id, second.asset_id])
    await told.until_states(PUBLISHED=1)
    (refused,) = await publishing.roots(first.asset_id)
    while refused.publication is None or refused.publication.failure is None:
        await told.until(lambda news: bool(news.publications))
        (refused,) = await publishing.roots(first.asset_id)
    assert refused.state is PublicationState.WAITING
    assert refused.publication.failure == "PUBLISHING_FAILED: the node answers: no space"

    memory.peer.refusals.clear()
    await publishing.publish([first.asset_id])
    await told.until_states(PUBLISHED=1)


async def test_what_the_node_lost_is_found_missing_and_published_again(
    memory: MemoryCore, publishing: Publishing, told: Told
) -> None:
    first, second = await memory.add_assets(2)
    await mint(memory, first, second)
    assert await publishing.publish_all() == 2
    await told.until_states(PUBLISHED=2)
    (lost,) = await publishing.roots(first.asset_id)
    del memory.peer.pinned[Cid.parse(lost.cid)]

    seen: list[int] = []
    result = await publishing.check(seen.append)
    assert (result.checked, result.missing, seen) == (2, 1, [2])
    (lost,) = await publishing.roots(first.asset_id)
    assert lost.state is PublicationState.MISSING
    assert (await publishing.overview()).counts == PublicationCounts(published=1, missing=1)
    assert (await publishing.check_asset(second.asset_id)).missing == 0

    assert await publishing.publish_all() == 1
    await told.until_states(PUBLISHED=1)
    assert (await publishing.check_asset(first.asset_id)).missing == 0


@pytest.fixture
async def automatic(tmp_path: Path) -> AsyncIterator[MemoryCore]:
    started = await MemoryCore(tmp_path, replace(NO_DEMO, kubo_publish_minted=True)).start()
    yield started
    await started.core.close()


@pytest.mark.parametrize("trouble", ["away", "slow", "broken"])
async def test_a_mint_neither_waits_for_the_node_nor_fails_with_it(automatic: MemoryCore, trouble: str) -> None:
    told = Told(automatic)
    if trouble == "away":
        automatic.peer.fault = AWAY
    elif trouble == "broken":
        automatic.peer.fault = RuntimeError("a bug")  # type: ignore[assignment]
    else:
        automatic.peer.hold.clear()
    (asset,) = await automatic.add_assets()
    await mint(automatic, asset)
    assert await automatic.state_of(asset) == "MINTED"
    root = await automatic.peer.attempts.get()

    automatic.peer.fault = None
    automatic.peer.hold.set()
    await told.until_states(PUBLISHED=1)
    assert Cid.parse(root) in automatic.peer.pinned


async def test_without_an_address_nothing_is_requested(memory: MemoryCore, publishing: Publishing) -> None:
    (asset,) = await memory.add_assets()
    await mint(memory, asset)
    publishing.use_node("")
    for asking in (publishing.publish([asset.asset_id]), publishing.publish_all()):
        with pytest.raises(EnvironmentFault) as caught:
            await asking
        assert caught.value.code is ErrorCode.KUBO_UNAVAILABLE
    assert (await publishing.overview()).counts == PublicationCounts(local=1)


async def test_an_archive_of_one_asset_and_of_all(memory: MemoryCore, publishing: Publishing, tmp_path: Path) -> None:
    asset = await asset_with_files(memory)
    (other,) = await memory.add_assets()
    with pytest.raises(UserError) as caught:
        await publishing.export_car(None, tmp_path / "all.car")
    assert caught.value.code is ErrorCode.MINT_INVALID_STATE
    await mint(memory, asset, other)

    one = await publishing.export_car(asset.asset_id, tmp_path / "one.car")
    every = await publishing.export_car(None, tmp_path / "all.car")
    content = (tmp_path / "all.car").read_bytes()
    assert (one, every) == ((tmp_path / "one.car").stat().st_size, len(content))
    for exported in (asset, other):
        for root in await publishing.roots(exported.asset_id):
            assert Cid.parse(root.cid).bytes in content
    assert b"secret.pdf" not in content


async def test_73_publishing_needs_the_right_to(memory: MemoryCore, publishing: Publishing) -> None:
    (asset,) = await memory.add_assets()
    await mint(memory, asset)
    memory.core.session.begin(samples.user(role=Role.VIEWER))

    def use_node() -> Any:
        publishing.use_node("http://127.0.0.1:1")

    async def asked(call: Callable[[], Any]) -> ErrorCode:
        with pytest.raises(UserError) as caught:
            answer = call()
            if asyncio.iscoroutine(answer):
                await answer
        return caught.value.code

    for call in (
        lambda: publishing.publish([asset.asset_id]),
        publishing.publish_all,
        publishing.check,
        lambda: publishing.check_asset(asset.asset_id),
        use_node,
        lambda: publishing.publish_minted(True),
    ):
        assert await asked(call) is ErrorCode.PERMISSION_DENIED
    assert (await publishing.overview()).counts == PublicationCounts(local=1)
    assert memory.peer.address == "http://127.0.0.1:5001"
