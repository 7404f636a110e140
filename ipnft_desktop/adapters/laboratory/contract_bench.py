"""One contract on a node whose accounts are unlocked, and everything about it that must differ from call to call."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from ipnft_desktop.adapters.chain.answers import hex_text
from ipnft_desktop.adapters.chain.json_rpc import Json, JsonRpc, as_bytes, as_list, as_object, as_quantity, as_text
from ipnft_desktop.adapters.laboratory.contenders import Contender, asset_id_at
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode
from ipnft_desktop.domain.gas_laboratory import Recipients
from ipnft_desktop.domain.phrases import phrase

_PREPARED_AT_ONCE = 50
# Fits one block whatever the contract.


@dataclass(frozen=True, slots=True)
class Mined:
    """A transaction that succeeded."""

    tx_hash: str
    data: bytes
    gas_used: int
    contract_address: str = ""
    """Of the contract that it created."""


class ContractBench:
    """Asset ids, addresses and directories are counted, so the same calls in the same order cost the same gas.

    Every method raises EnvironmentFault TX_REVERTED when a transaction did not succeed, and what `JsonRpc` raises.
    """

    def __init__(self, rpc: JsonRpc, contender: Contender, accounts: Sequence[str], gas_limit: str) -> None:
        self._rpc = rpc
        self.contender = contender
        self._minter, self.holder, self.other, self.newcomer = accounts[:4]
        self._gas_limit = gas_limit
        self._address = ""
        self._asset_numbers = itertools.count()
        self._holder_numbers = itertools.count()
        self._existing_holders: list[str] = []
        self.last_directory = 0
        self.deployment = Mined("", b"", 0)
        self.code_size_bytes = 0

    @classmethod
    async def deploy(cls, rpc: JsonRpc, contender: Contender) -> ContractBench:
        """From the first of the node's accounts."""
        accounts = [as_text(account) for account in as_list(await rpc.call("eth_accounts"))]
        block = as_object(await rpc.call("eth_getBlockByNumber", "latest", False))
        bench = cls(rpc, contender, accounts, as_text(block.get("gasLimit")))
        bench.deployment = await bench._send(bench._minter, None, contender.creation(bench._minter))
        bench._address = bench.deployment.contract_address
        bench.code_size_bytes = len(as_bytes(await rpc.call("eth_getCode", bench._address, "latest")))
        return bench

    async def prepare_holders(self, count: int) -> None:
        """Give a first token to the people of the measurements, and to `count` more."""
        self._existing_holders = self.new_holders(count)
        everybody = [self.holder, self.other, *self._existing_holders]
        for first in range(0, len(everybody), _PREPARED_AT_ONCE):
            some = everybody[first : first + _PREPARED_AT_ONCE]
            await self._mint_to(some)

    def new_asset(self) -> UUID:
        """An asset id that no call had before."""
        return asset_id_at(next(self._asset_numbers))

    def assets(self, count: int) -> list[UUID]:
        """Several of them."""
        return [self.new_asset() for _ in range(count)]

    def new_holders(self, count: int) -> list[str]:
        """Addresses without a token."""
        numbers = itertools.islice(self._holder_numbers, count)
        return ["0x" + sha256(f"holder {number}".encode()).digest()[:20].hex() for number in numbers]

    def next_directory(self) -> int:
        """Number of a directory that no call had before."""
        self.last_directory += 1
        return self.last_directory

    async def mint(self, data: bytes) -> Mined:
        """Send a call that mints."""
        return await self._send(self._minter, self._address, data)

    async def mint_batch(self, recipients: Recipients, size: int) -> Mined:
        """As many tokens by one call, in a directory of their own."""
        match recipients:
            case Recipients.ONE_HOLDER:
                return await self._mint_all(self.holder, size)
            case Recipients.ONE_NEW_HOLDER:
                return await self._mint_all(self.new_holders(1)[0], size)
            case Recipients.EXISTING_HOLDERS:
                return await self._mint_to(self._existing_holders[:size])
            case Recipients.NEW_HOLDERS:
                return await self._mint_to(self.new_holders(size))

    async def _mint_all(self, to: str, size: int) -> Mined:
        # Encoding hundreds of texts takes longer than the event loop may be kept.
        data = await asyncio.to_thread(self.contender.batch, to, self.assets(size), self.next_directory())
        return await self.mint(data)

    async def _mint_to(self, to: Sequence[str]) -> Mined:
        data = await asyncio.to_thread(self.contender.batch_to, to, self.assets(len(to)), self.next_directory())
        return await self.mint(data)

    async def transfer(self, asset_id: UUID, sender: str, to: str) -> Mined:
        """Move a token, sent by its owner."""
        data = self.contender.codec.call("transferFrom", sender, to, await self._token_id(asset_id))
        return await self._send(sender, self._address, data)

    async def token_uri(self, asset_id: UUID) -> Mined:
        """Call tokenURI by a transaction."""
        data = self.contender.codec.call("tokenURI", await self._token_id(asset_id))
        return await self._send(self.other, self._address, data)

    async def _token_id(self, asset_id: UUID) -> int:
        codec = self.contender.codec
        question = codec.call("tokenIdOf", self.contender.asset_key(asset_id))
        answer = await self._rpc.call("eth_call", {"to": self._address, "data": hex_text(question)}, "latest")
        return int(codec.answer("tokenIdOf", answer)[0])

    async def _send(self, sender: str, to: str | None, data: bytes) -> Mined:
        # As much gas as a block has: the comparison must not depend on which transactions a newer rule would refuse.
        request: dict[str, Json] = {"from": sender, "data": hex_text(data), "gas": self._gas_limit}
        if to is not None:
            request["to"] = to
        tx_hash = as_text(await self._rpc.call("eth_sendTransaction", request))
        receipt = as_object(await self._rpc.call("eth_getTransactionReceipt", tx_hash))
        if receipt.get("status") != "0x1":
            raise EnvironmentFault(
                ErrorCode.TX_REVERTED, phrase("a measured transaction failed: {tx_hash}", tx_hash=tx_hash)
            )
        created = receipt.get("contractAddress")
        address = "" if created is None else as_text(created)
        return Mined(tx_hash, data, as_quantity(receipt.get("gasUsed")), address)
