"""Looks into the chain in memory: blocks, transactions and accounts. It traces nothing, as some nodes do."""

from __future__ import annotations

from collections.abc import Sequence

from ipnft_desktop.domain.gas_breakdown import BASE_GAS, GasPart
from ipnft_desktop.domain.inspection.blocks import Block, BlockLine, BlockPage
from ipnft_desktop.domain.inspection.contracts import AccountState
from ipnft_desktop.domain.inspection.decoding import Refusal
from ipnft_desktop.domain.inspection.tracing import CallFrame, GasStory, Missing, RawState, Untold
from ipnft_desktop.domain.inspection.transactions import (
    RawLog,
    RawTransaction,
    TransactionLine,
    TransactionPage,
    TransactionPlace,
)
from tests.support.memory_chain import MemoryChain
from tests.support.memory_transactions import MemoryTransaction
from tests.support.node_oracle import NOBODY, TRANSFER

UNTOLD = Untold(Missing.NO_TRACE, "the chain in memory does not trace")


class MemoryInspection:
    """Implements the port `ChainInspection`."""

    def __init__(self, chain: MemoryChain) -> None:
        self._chain = chain

    async def head(self) -> int:
        return (await self._chain.head()).number

    async def blocks(self, below: int | None, limit: int) -> BlockPage:
        first = (await self.head() if below is None else below - 1) + 1
        numbers = range(min(first, await self.head() + 1) - 1, max(first - limit, 0) - 1, -1)
        lines = [found.line for number in numbers if (found := await self.block(number))]
        return BlockPage(tuple(lines), max(first - limit, 0) or None)

    async def block(self, at: int | str) -> Block | None:
        for number in range(await self.head() + 1) if isinstance(at, str) else (at,):
            ref = await self._chain.block_at(number)
            if ref is not None and (isinstance(at, int) or ref.block_hash == at):
                hashes = [transaction.tx_hash for transaction in await self._transactions_in(number)]
                gas = [receipt.gas_used for receipt in (await self._chain.receipts(hashes)).values() if receipt]
                parent = await self._chain.block_at(number - 1) if number else None
                line = BlockLine(
                    number,
                    ref.block_hash,
                    parent.block_hash if parent else NOBODY,
                    ref.timestamp_s,
                    len(hashes),
                    sum(gas),
                    60_000_000,
                    10**9,
                )
                header = {"number": hex(number), "hash": ref.block_hash, "parentHash": line.parent_hash}
                return Block(line, header, tuple(hashes))
        return None

    async def transactions(self, below: TransactionPlace | None, limit: int) -> TransactionPage:
        lines: list[TransactionLine] = []
        for number in range(await self.head(), -1, -1):
            lines += reversed((await self.transactions_of(number)).lines)
        older = [line for line in lines if below is None or line.place < below]
        return TransactionPage(tuple(older[:limit]), older[limit - 1].place if len(older) > limit else None)

    async def transactions_of(self, number: int) -> TransactionPage:
        found = [await self.transaction(each.tx_hash) for each in await self._transactions_in(number)]
        return TransactionPage(tuple(each.line for each in found if each), None)

    async def transaction(self, tx_hash: str) -> RawTransaction | None:
        receipt = (await self._chain.receipts([tx_hash]))[tx_hash]
        if receipt is None:
            return None
        together = await self._transactions_in(receipt.block.number)
        index, sent = next((at, each) for at, each in enumerate(together) if each.tx_hash == tx_hash)
        logs = [
            RawLog(
                at, str(sent.to), (TRANSFER, NOBODY, f"0x{int(token.owner, 16):064x}", f"0x{token.token_id:064x}"), b""
            )
            for at, token in enumerate(receipt.minted)
        ]
        line = TransactionLine(
            tx_hash=tx_hash,
            place=TransactionPlace(receipt.block.number, index),
            timestamp_s=receipt.block.timestamp_s,
            succeeded=receipt.succeeded,
            sender=sent.signer,
            to=sent.to,
            created=receipt.contract_address,
            nonce=sent.nonce,
            value_wei=0,
            selector="0x" + sent.data[:4].hex() if sent.to and len(sent.data) >= 4 else "",
            method="",
            gas_used=receipt.gas_used,
            gas_price_wei=receipt.gas_price_wei,
        )
        return RawTransaction(line, receipt.block.block_hash, sent.data, tuple(logs), sent.gas_limit, 2, 0, {})

    async def calls(self, tx_hash: str) -> CallFrame | Untold:
        await self.head()
        return UNTOLD

    async def gas(self, transaction: RawTransaction) -> GasStory:
        gas_used = transaction.line.gas_used
        return GasStory(gas_used, {GasPart.BASE: BASE_GAS}, gas_used - BASE_GAS, UNTOLD)

    async def state(self, tx_hash: str) -> RawState | Untold:
        await self.head()
        return UNTOLD

    async def accounts(self, addresses: Sequence[str], at: int | None = None) -> tuple[AccountState, ...]:
        await self.head()
        found: list[AccountState] = []
        for address in addresses:
            code_hash = (await self._chain.observe(address, 0)).code_hash or ""
            nonce = await self._chain.nonce_of(address)
            found.append(AccountState(address, self._chain.balance_wei, nonce, 1 if code_hash else 0, code_hash))
        return tuple(found)

    async def storage(self, address: str, slots: Sequence[int], at: int | None = None) -> tuple[int, ...]:
        await self.head()
        return (0,) * len(slots)

    async def ask_contract(
        self, address: str, data: bytes, at: int | None = None, sender: str | None = None
    ) -> bytes | Refusal:
        await self.head()
        return Refusal(b"", "the chain in memory answers no calls")

    async def _transactions_in(self, number: int) -> list[MemoryTransaction]:
        if number > await self.head():
            return []
        (block,) = await self._chain.blocks_for_journal(number, number)
        return [MemoryTransaction.read(raw) for raw in block.raw_transactions]
