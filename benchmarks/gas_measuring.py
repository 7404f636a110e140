"""Gas of one contract, read from the receipts of transactions on a local node whose accounts are unlocked.

It prints nothing and knows no keys of figures, so that whoever has a scratch chain can measure with it.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

from benchmarks.gas_contenders import Contender, asset_id_at
from benchmarks.gas_costs import ContractGas, Recipients
from ipnft_desktop.adapters.chain.json_rpc import (
    Json,
    JsonRpc,
    as_bytes,
    as_list,
    as_object,
    as_quantity,
    as_text,
)
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode

_MOVED_BATCH_SIZE = 30
_PREPARED_AT_ONCE = 50
# Fits one block whatever the contract.


async def measure_gas(rpc: JsonRpc, contender: Contender, batches: Sequence[tuple[Recipients, int]]) -> ContractGas:
    """Deploy a contract and do everything once; the same node state and order of calls give the same figures.

    Raises EnvironmentFault TX_REVERTED when a transaction did not succeed, and what `JsonRpc` raises.
    """
    bench = await _Bench.deploy(rpc, contender)
    largest = max(size for _, size in batches)
    await bench.prepare_holders(largest)
    holder, other, newcomer = bench.holder, bench.other, bench.newcomer
    alone, apart = bench.assets(2)
    single = await bench.mint_gas(contender.single(holder, alone, bench.next_directory()))
    known_directory = bench.last_directory
    to_new = await bench.mint_gas(contender.single(newcomer, apart, bench.next_directory()))
    further = contender.further_singles(holder, bench.new_asset, known_directory)
    further_gas = {name: await bench.mint_gas(call) for name, call in further.items()}
    batch_gas = {(recipients, size): await bench.batch_gas(recipients, size) for recipients, size in batches}
    together = bench.assets(_MOVED_BATCH_SIZE)
    await bench.mint_gas(contender.batch(holder, together, bench.next_directory()))
    return ContractGas(
        deployment=bench.deployment_gas,
        code_size_bytes=bench.code_size_bytes,
        single=single,
        single_to_new_holder=to_new,
        further_singles=further_gas,
        batches=batch_gas,
        transfer=await bench.transfer_gas(alone, holder, other),
        transfer_of_last=await bench.transfer_gas(apart, newcomer, other),
        transfer_from_batch=await bench.transfer_gas(together[_MOVED_BATCH_SIZE // 2], holder, other),
        token_uri=await bench.token_uri_gas(alone),
    )


class _Bench:
    """One deployed contract, and everything about it that has to be different from call to call."""

    def __init__(self, rpc: JsonRpc, contender: Contender, accounts: Sequence[str], gas_limit: str) -> None:
        self._rpc = rpc
        self._contender = contender
        self._minter, self.holder, self.other, self.newcomer = accounts[:4]
        self._gas_limit = gas_limit
        self._address = ""
        self._asset_numbers = itertools.count()
        self._holder_numbers = itertools.count()
        self._existing_holders: list[str] = []
        self.last_directory = 0
        self.deployment_gas = 0
        self.code_size_bytes = 0

    @classmethod
    async def deploy(cls, rpc: JsonRpc, contender: Contender) -> _Bench:
        accounts = [as_text(account) for account in as_list(await rpc.call("eth_accounts"))]
        block = as_object(await rpc.call("eth_getBlockByNumber", "latest", False))
        bench = cls(rpc, contender, accounts, as_text(block.get("gasLimit")))
        receipt = await bench._send(bench._minter, None, contender.creation(bench._minter))
        bench._address = as_text(receipt.get("contractAddress"))
        bench.deployment_gas = as_quantity(receipt.get("gasUsed"))
        bench.code_size_bytes = len(as_bytes(await rpc.call("eth_getCode", bench._address, "latest")))
        return bench

    async def prepare_holders(self, count: int) -> None:
        """Give a first token to the people of the measurements, and to `count` more."""
        self._existing_holders = self.new_holders(count)
        everybody = [self.holder, self.other, *self._existing_holders]
        for first in range(0, len(everybody), _PREPARED_AT_ONCE):
            some = everybody[first : first + _PREPARED_AT_ONCE]
            await self.mint_gas(self._contender.batch_to(some, self.assets(len(some)), self.next_directory()))

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

    async def mint_gas(self, data: bytes) -> int:
        return as_quantity((await self._send(self._minter, self._address, data)).get("gasUsed"))

    async def batch_gas(self, recipients: Recipients, size: int) -> int:
        assets, directory = self.assets(size), self.next_directory()
        match recipients:
            case Recipients.ONE_HOLDER:
                return await self.mint_gas(self._contender.batch(self.holder, assets, directory))
            case Recipients.EXISTING_HOLDERS:
                to = self._existing_holders[:size]
            case Recipients.NEW_HOLDERS:
                to = self.new_holders(size)
        return await self.mint_gas(self._contender.batch_to(to, assets, directory))

    async def transfer_gas(self, asset_id: UUID, sender: str, to: str) -> int:
        data = self._contender.codec.call("transferFrom", sender, to, await self._token_id(asset_id))
        return as_quantity((await self._send(sender, self._address, data)).get("gasUsed"))

    async def token_uri_gas(self, asset_id: UUID) -> int:
        data = self._contender.codec.call("tokenURI", await self._token_id(asset_id))
        return as_quantity((await self._send(self.other, self._address, data)).get("gasUsed"))

    async def _token_id(self, asset_id: UUID) -> int:
        codec = self._contender.codec
        question = codec.call("tokenIdOf", self._contender.asset_key(asset_id))
        answer = await self._rpc.call("eth_call", {"to": self._address, "data": _hex(question)}, "latest")
        return int(codec.answer("tokenIdOf", answer)[0])

    async def _send(self, sender: str, to: str | None, data: bytes) -> dict[str, Json]:
        """The receipt of a transaction that succeeded."""
        # As much gas as a block has: the comparison must not depend on which transactions a newer rule would refuse.
        request: dict[str, Json] = {"from": sender, "data": _hex(data), "gas": self._gas_limit}
        if to is not None:
            request["to"] = to
        tx_hash = await self._rpc.call("eth_sendTransaction", request)
        receipt = as_object(await self._rpc.call("eth_getTransactionReceipt", tx_hash))
        if receipt.get("status") != "0x1":
            raise EnvironmentFault(ErrorCode.TX_REVERTED, f"a measured transaction failed: {as_text(tx_hash)}")
        return receipt


def _hex(data: bytes) -> str:
    return "0x" + data.hex()
