"""The contracts whose gas is compared: how each is deployed and asked to mint the same assets."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Protocol
from uuid import UUID

from eth_abi.abi import encode

from ipnft_desktop.adapters.chain.ip_asset_contract import ARTIFACT, IPAssetContract
from ipnft_desktop.domain.content import Cid, Codec
from ipnft_desktop.domain.gas_laboratory import Contract
from ipnft_desktop.paths import RESOURCES

_BASELINES = RESOURCES / "contracts" / "baselines"
_INSTANCE_ID = sha256(b"gas report").digest()


class Contender(Protocol):
    """One contract's calls as bytes. `number` tells the directories of different calls from each other."""

    @property
    def codec(self) -> IPAssetContract:
        """Encodes whatever else its ABI has."""
        ...

    @property
    def code_hash(self) -> str:
        """SHA-256 of what it is compiled to, in hexadecimal digits; comments in the sources do not change it."""
        ...

    def creation(self, minter: str) -> bytes:
        """What deploys it."""
        ...

    def single(self, to: str, asset_id: UUID, number: int) -> bytes:
        """Mint one."""
        ...

    def batch(self, to: str, asset_ids: Sequence[UUID], number: int) -> bytes:
        """Mint several to one recipient."""
        ...

    def batch_to(self, to: Sequence[str], asset_ids: Sequence[UUID], number: int) -> bytes:
        """Mint several, each to a recipient of its own."""
        ...

    def further_singles(self, to: str, new_asset: Callable[[], UUID], number: int) -> Mapping[str, bytes]:
        """Other ways to mint one that it has, by name. `number` is that of a directory which it knows already."""
        ...

    def asset_key(self, asset_id: UUID) -> object:
        """The asset id as its ABI takes it."""
        ...


class OurContract:
    """IPAssetNFT, deployed as the program deploys it."""

    def __init__(self) -> None:
        self.codec = IPAssetContract.load()
        self.code_hash = sha256(_bytecode(ARTIFACT)).hexdigest()

    def creation(self, minter: str) -> bytes:
        return self.codec.deployment(_INSTANCE_ID, minter, minter)

    def single(self, to: str, asset_id: UUID, number: int) -> bytes:
        return self.codec.call("mintAsset", to, asset_id.bytes, _digest(number))

    def batch(self, to: str, asset_ids: Sequence[UUID], number: int) -> bytes:
        return self.codec.call("batchMint", to, _keys(asset_ids), _digest(number))

    def batch_to(self, to: Sequence[str], asset_ids: Sequence[UUID], number: int) -> bytes:
        return self.codec.call("batchMintTo", list(to), _keys(asset_ids), _digest(number))

    def further_singles(self, to: str, new_asset: Callable[[], UUID], number: int) -> Mapping[str, bytes]:
        elsewhere = new_asset()
        return {
            "known_directory": self.single(to, new_asset(), number),
            "own_uri": self.codec.call("mintAssetWithURI", to, elsewhere.bytes, _own_uri(elsewhere)),
        }

    def asset_key(self, asset_id: UUID) -> object:
        return asset_id.bytes


class SequentialContract:
    """The ERC721A baseline: one directory a call as ours, but counted token ids."""

    def __init__(self) -> None:
        self.codec, self._bytecode, self.code_hash = _baseline("SequentialAssetNFT")

    def creation(self, minter: str) -> bytes:
        return self._bytecode + encode(("address",), (minter,))

    def single(self, to: str, asset_id: UUID, number: int) -> bytes:
        return self.codec.call("mint", to, asset_id.bytes, _digest(number))

    def batch(self, to: str, asset_ids: Sequence[UUID], number: int) -> bytes:
        return self.codec.call("batchMint", to, _keys(asset_ids), _digest(number))

    def batch_to(self, to: Sequence[str], asset_ids: Sequence[UUID], number: int) -> bytes:
        return self.codec.call("batchMintTo", list(to), _keys(asset_ids), _digest(number))

    def further_singles(self, to: str, new_asset: Callable[[], UUID], number: int) -> Mapping[str, bytes]:
        return {}

    def asset_key(self, asset_id: UUID) -> object:
        return asset_id.bytes


class CommonContract:
    """Baseline A: asset ids and one URI a token as text."""

    def __init__(self) -> None:
        self.codec, self._bytecode, self.code_hash = _baseline("CommonAssetNFT")

    def creation(self, minter: str) -> bytes:
        return self._bytecode + encode(("address",), (minter,))

    def single(self, to: str, asset_id: UUID, number: int) -> bytes:
        return self.codec.call("mint", to, str(asset_id), _own_uri(asset_id))

    def batch(self, to: str, asset_ids: Sequence[UUID], number: int) -> bytes:
        return self.codec.call("batchMint", to, list(map(str, asset_ids)), list(map(_own_uri, asset_ids)))

    def batch_to(self, to: Sequence[str], asset_ids: Sequence[UUID], number: int) -> bytes:
        return self.codec.call("batchMintTo", list(to), list(map(str, asset_ids)), list(map(_own_uri, asset_ids)))

    def further_singles(self, to: str, new_asset: Callable[[], UUID], number: int) -> Mapping[str, bytes]:
        return {}

    def asset_key(self, asset_id: UUID) -> object:
        return str(asset_id)


def asset_id_at(index: int) -> UUID:
    """The n-th asset id: always the same, with the version and variant of a UUID v7.

    Zero bytes of call data cost less than others, so random ids would make the figures differ from run to run.
    """
    value = int.from_bytes(sha256(f"asset {index}".encode()).digest()[:16], "big")
    return UUID(int=value & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62)


def _digest(number: int) -> bytes:
    return sha256(f"directory {number}".encode()).digest()


def _own_uri(asset_id: UUID) -> str:
    """Address of a metadata file of the asset's own, 66 characters."""
    return f"ipfs://{Cid(Codec.RAW, sha256(asset_id.bytes).digest())}"


def _keys(asset_ids: Sequence[UUID]) -> list[bytes]:
    return [asset_id.bytes for asset_id in asset_ids]


def _baseline(name: str) -> tuple[IPAssetContract, bytes, str]:
    artifact = _BASELINES / f"{name}.json"
    bytecode = _bytecode(artifact)
    return IPAssetContract.load(artifact=artifact), bytecode, sha256(bytecode).hexdigest()


def _bytecode(artifact: Path) -> bytes:
    bytecode: str = json.loads(artifact.read_text("utf-8"))["bytecode"]
    return bytes.fromhex(bytecode.removeprefix("0x"))


CONTENDERS: Mapping[Contract, Callable[[], Contender]] = MappingProxyType(
    {Contract.OURS: OurContract, Contract.BASELINE_A: CommonContract, Contract.ERC721A: SequentialContract}
)
"""Makes each; reads files, so do it aside from the event loop."""
