"""Publishing to a real IPFS peer. What it keeps is read by its own interface, past the program."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ipnft_desktop.adapters.content.kubo_peer import KuboPeer
from ipnft_desktop.adapters.content.local_block_store import LocalBlockStore
from ipnft_desktop.domain.content import Cid
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from tests.peers.conftest import RealPeer
from tests.support.memory_content_store import MemoryKeys


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[LocalBlockStore]:
    opened = LocalBlockStore(tmp_path / "content", MemoryKeys())
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def kubo(store: LocalBlockStore, peer: RealPeer) -> AsyncIterator[KuboPeer]:
    used = KuboPeer(store, answer_timeout_s=8)
    used.use(peer.url)
    yield used
    await used.close()


def pins(peer: RealPeer) -> set[str]:
    return set(json.loads(peer.ask("pin/ls", type="recursive"))["Keys"])


async def test_the_peer_is_known_by_name(kubo: KuboPeer, peer: RealPeer) -> None:
    named = await kubo.identify()
    assert named.peer_id == json.loads(peer.ask("id"))["ID"]
    assert named.version == json.loads(peer.ask("version"))["Version"]


async def test_a_directory_has_the_same_address_there_and_is_read_back(
    kubo: KuboPeer, store: LocalBlockStore, peer: RealPeer
) -> None:
    metadata = '{"name":"青花瓷"}'.encode()
    ((directory, stored),) = await store.add_directories([{"1.json": metadata, "2.json": b"{}"}])
    assert await kubo.missing([directory]) == {directory}
    await kubo.publish(directory)

    assert directory.text in pins(peer)
    assert peer.ask("cat", arg=f"{directory.text}/1.json") == metadata
    listed = json.loads(peer.ask("ls", arg=directory.text))["Objects"][0]["Links"]
    assert {link["Name"]: link["Hash"] for link in listed} == {name: file.cid.text for name, file in stored.items()}
    assert await kubo.missing([directory]) == frozenset()


async def test_its_blocks_are_given_back(kubo: KuboPeer, store: LocalBlockStore) -> None:
    stored = await store.add_bytes(hashlib.shake_256(b"given back").digest(600_000))
    blocks = await store.block_cids([stored.cid])
    assert [await kubo.block(cid) for cid in blocks] == [None] * len(blocks)
    await kubo.publish(stored.cid)
    kept = {cid: await kubo.block(cid) for cid in blocks}
    await store.remove_blocks(blocks)
    assert await store.lacking(stored.cid) == {stored.cid}
    await store.add_blocks({cid: data for cid, data in kept.items() if data is not None})
    assert await store.lacking(stored.cid) == frozenset()


async def test_a_file_of_many_blocks_arrives_whole(kubo: KuboPeer, store: LocalBlockStore, peer: RealPeer) -> None:
    data = hashlib.shake_256(b"film").digest(200 * 262_144 + 7)
    stored = await store.add_bytes(data)
    handed_over: list[int] = []
    await kubo.publish(stored.cid, handed_over.append)
    assert handed_over == sorted(handed_over)
    assert handed_over[-1] > len(data)
    assert hashlib.sha256(peer.ask("cat", arg=stored.cid.text)).digest() == stored.sha256
    assert stored.cid.text in pins(peer)


async def test_what_the_peer_lost_is_missing_and_comes_back(
    kubo: KuboPeer, store: LocalBlockStore, peer: RealPeer
) -> None:
    one, two = await store.add_bytes(b"one of them"), await store.add_bytes(b"the other")
    await kubo.publish(one.cid)
    await kubo.publish(two.cid)
    peer.ask("pin/rm", arg=one.cid.text)
    peer.ask("repo/gc")
    assert await kubo.missing([one.cid, two.cid]) == {one.cid}
    await kubo.publish(one.cid)
    assert await kubo.missing([one.cid, two.cid]) == frozenset()
    assert peer.ask("cat", arg=one.cid.text) == b"one of them"


async def test_a_block_of_ours_that_is_gone_is_told_and_nothing_is_pinned(
    kubo: KuboPeer, store: LocalBlockStore, peer: RealPeer, tmp_path: Path
) -> None:
    ((directory, stored),) = await store.add_directories([{"kept": b"kept", "lost": b"lost here"}])
    (lost,) = (tmp_path / "content").rglob(stored["lost"].cid.text)
    lost.unlink()
    with pytest.raises(EnvironmentFault) as caught:
        await kubo.publish(directory)
    assert caught.value.code is ErrorCode.CONTENT_STORE_UNAVAILABLE
    assert directory.text not in pins(peer)


async def test_a_peer_that_dies_in_the_middle_is_told_and_gets_it_when_it_is_back(
    store: LocalBlockStore, peer: RealPeer, tmp_path: Path
) -> None:
    mortal = RealPeer(tmp_path / "mortal")
    kubo = KuboPeer(_KillsAt(store, mortal, 20))
    kubo.use(mortal.url)
    stored = await store.add_bytes(hashlib.shake_256(b"film").digest(60 * 262_144))
    with pytest.raises(EnvironmentFault) as caught:
        await kubo.publish(stored.cid)
    assert caught.value.code is ErrorCode.KUBO_UNAVAILABLE
    with pytest.raises(EnvironmentFault) as caught:
        await kubo.identify()
    assert caught.value.code is ErrorCode.KUBO_UNAVAILABLE

    kubo.use(peer.url)
    await kubo.publish(stored.cid)
    assert stored.cid.text in pins(peer)
    await kubo.close()


class _KillsAt:
    """Hands out archives; the peer dies at a piece of the first one."""

    def __init__(self, store: LocalBlockStore, peer: RealPeer, piece: int) -> None:
        self._store, self._peer, self._piece = store, peer, piece
        self._is_done = False

    def car_parts(self, root: Cid) -> object:
        for number, part in enumerate(self._store.car_parts(root)):
            if number == self._piece and not self._is_done:
                self._is_done = True
                self._peer.kill()
            yield part
