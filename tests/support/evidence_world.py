"""A token with a past on a real node, and the evidence of it: minted among others, validated anew, passed on."""

from __future__ import annotations

import asyncio
import hashlib
import zlib
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from uuid import UUID

from eth_hash.auto import keccak
from uuid6 import uuid7

from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.domain.assets import AgreementType, Asset, Attachment
from ipnft_desktop.domain.content import StoredFile
from ipnft_desktop.services.evidence import EvidenceService
from ipnft_verify.container import Container, Entry, directory_of, local_head
from ipnft_verify.report import Part
from tests.support import samples
from tests.support.chain_fixtures import OTHER_RECIPIENT, RECIPIENT, node_in_thread
from tests.support.core_factory import request
from tests.support.node_oracle import ask
from tests.support.real_core import core_on

CONFIDENTIAL_NAME = "unpublished formula.txt"


@dataclass(frozen=True)
class EvidenceWorld:
    """What was done, and the bundle as it was when it was issued."""

    rpc_url: str
    asset_id: UUID
    bundle: bytes
    contract: str
    signer: str


def evidence_of(core: Core) -> EvidenceService:
    """The service of a core whose chain proves something."""
    assert core.evidence is not None
    return core.evidence


async def add_assets_with_files(core: Core, folder: Path, count: int = 3) -> list[Asset]:
    """Drafts, the first of them with a public file, an agreement, and a confidential one."""
    store = core.adapters.content

    async def stored(name: str, content: bytes, *, confidential: bool = False) -> tuple[str, StoredFile]:
        path = folder / name
        path.write_bytes(content)
        return name, await store.add_file(path, confidential=confidential)

    specification = await stored("specification v1.PDF", b"%PDF-1.7 the specification " * 40)
    agreement = await stored("licence agreement.txt", b"We agree. " * 30)
    secret = await stored(CONFIDENTIAL_NAME, b"never told " * 20, confidential=True)
    files = (
        _attachment(*specification),
        _attachment(*agreement, agreement=AgreementType.LICENCE),
        _attachment(*secret, confidential=True),
    )
    owner = samples.enterprise()
    ids = [UUID(int=uuid7().int) for _ in range(count)]
    assets = [
        samples.asset(
            owner, asset_id=asset_id, name=f"Radio *No. {number}* | 电台", attachments=files if not number else ()
        )
        for number, asset_id in enumerate(ids)
    ]
    await core.register.add_assets(assets, (owner,))
    return assets


def _attachment(
    name: str, stored: StoredFile, *, confidential: bool = False, agreement: AgreementType | None = None
) -> Attachment:
    return samples.attachment(
        file_name=name,
        size_bytes=stored.size_bytes,
        sha256=stored.sha256,
        cid=stored.cid.text,
        confidential=confidential,
        agreement=agreement,
        sealed_key=stored.sealed_key,
    )


async def live_through(core: Core, rpc_url: str, asset: Asset, contract: str) -> None:
    """Suspend the token, validate it anew, pass it on; each in a block of its own."""
    token = f"{asset.asset_id.int:064x}"

    async def send(sender: str, signature: str, *words: str) -> None:
        data = "0x" + keccak(signature.encode())[:4].hex() + "".join(words)
        await asyncio.to_thread(ask, rpc_url, "eth_sendTransaction", {"from": sender, "to": contract, "data": data})

    admin = core.adapters.signer.address
    reason = hashlib.sha256(b"a question of title").hexdigest()
    await send(admin, "setValidity(uint256,uint8,bytes32)", token, f"{1:064x}", reason)
    await send(admin, "setValidity(uint256,uint8,bytes32)", token, f"{0:064x}", "00" * 32)
    await pass_on(rpc_url, asset.asset_id, contract)


async def pass_on(
    rpc_url: str, asset_id: UUID, contract: str, sender: str = RECIPIENT, to: str = OTHER_RECIPIENT
) -> None:
    """Transfer a token past the program."""
    words = (f"{int(sender, 16):064x}", f"{int(to, 16):064x}", f"{asset_id.int:064x}")
    data = "0x" + keccak(b"transferFrom(address,address,uint256)")[:4].hex() + "".join(words)
    await asyncio.to_thread(ask, rpc_url, "eth_sendTransaction", {"from": sender, "to": contract, "data": data})


async def _issue(rpc_url: str, folder: Path) -> EvidenceWorld:
    core = core_on(rpc_url, folder / "profile")
    await core.environment.start(lambda _: None)
    try:
        ready = core.environment.ready
        assert ready is not None
        contract = ready.identity.contract_address
        assets = await add_assets_with_files(core, folder)
        await core.desk.mint([request(asset) for asset in assets])
        await live_through(core, rpc_url, assets[0], contract)
        target = folder / "first.zip"
        bundle = await evidence_of(core).export(assets[0].asset_id, target)
        return EvidenceWorld(rpc_url, assets[0].asset_id, target.read_bytes(), contract, bundle.signer)
    finally:
        await core.close()


@contextmanager
def evidence_world(folder: Path) -> Generator[EvidenceWorld]:
    """All of it, on a node that stands as long."""
    with node_in_thread(folder / "node") as status:
        yield asyncio.run(_issue(status.rpc_url, folder))


# --- bundles that were tampered with -----------------------------------------------------------------------------


def entries_of(bundle: bytes) -> dict[str, bytes]:
    """Name and bytes of every entry."""
    container = Container(BytesIO(bundle))
    return {name: container.read(name) for name in container.entries}


def packed(entries: dict[str, bytes]) -> bytes:
    """A container of these entries, well built whatever they are."""
    parts: list[bytes] = []
    listed: list[Entry] = []
    offset = 0
    for name, data in entries.items():
        entry = Entry(name, len(data), zlib.crc32(data), offset)
        parts += [local_head(name, len(data), entry.crc), data]
        listed.append(entry)
        offset = entry.end
    return b"".join([*parts, directory_of(listed)])


PART_OF: dict[str, Part] = {
    "manifest.json": Part.MANIFEST,
    "signature.json": Part.SIGNATURE,
    "PROOF.en.md": Part.PROOF,
    "PROOF.zh.md": Part.PROOF,
    "metadata.json": Part.METADATA,
    "licence.json": Part.LICENCE,
    "chain/block-header.rlp": Part.BLOCK,
    "chain/transaction-proof.rlp": Part.TRANSACTION,
    "chain/receipt-proof.rlp": Part.RECEIPT,
    "chain/contract-code.bin": Part.CODE,
    # The state proves the code before it proves owner and validity.
    "chain/state-proof.rlp": Part.CODE,
    "content/directory.car": Part.DIRECTORY,
    "audit.json": Part.AUDIT,
}


def part_of(name: str) -> Part:
    """The first part that rests on an entry."""
    if name.startswith("attachments/"):
        return Part.ATTACHMENTS
    return Part.STATE if name.startswith("chain/history/") else PART_OF[name]


def regions(bundle: bytes) -> Callable[[int], Part]:
    """Which part a byte at a place belongs to; heads and list belong to the container."""
    entries = list(Container(BytesIO(bundle)).entries.values())

    def part_at(place: int) -> Part:
        inside = next((one.name for one in entries if one.begin <= place < one.end), None)
        return Part.CONTAINER if inside is None else part_of(inside)

    return part_at


@cache
def remembered(hashed: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """The same function, which hashes the same bytes only once: thousands of bundles differ in a byte each."""
    return cache(hashed)
