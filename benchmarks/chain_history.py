"""Makes a history on a local node, past the program, and compares what the index says of it with the contract itself.

Shared by the test of the index and its measurement: mints in batches, transfers, revocations, royalties, roles, logs of
other contracts, and reorganisations by `evm_snapshot` and `evm_revert`.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from ipnft_desktop.adapters.chain.answers import contract_call, hex_text
from ipnft_desktop.adapters.chain.ip_asset_contract import IPAssetContract
from ipnft_desktop.adapters.chain.json_rpc import Json, JsonRpc, RpcCall, as_bytes, as_object, as_quantity, as_text
from ipnft_desktop.bootstrap.core import Core
from ipnft_desktop.domain.chain_view import VALIDITIES, ChainToken

BATCH = 256
CALLS_AT_ONCE = 200
MINED_GAS = 16_000_000
LOGGING_CODE = "61{count:04x}5b60aa60006000a1600190038060035700"
"""Creation code that writes so many logs with one topic and leaves no contract behind."""
_ROYALTY_PRICE = 10_000


@dataclass
class History:
    """One contract on one node; every call is a transaction in a block of its own."""

    rpc: JsonRpc
    codec: IPAssetContract
    contract: str
    admin: str
    accounts: tuple[str, ...]
    minted: list[int] = field(default_factory=list)

    @classmethod
    async def of(cls, core: Core) -> History:
        """Of a core whose environment stands on a node of its own."""
        ready, node = core.environment.ready, await core.environment.node_status()
        assert ready is not None and node is not None
        rpc = JsonRpc(timeout_s=60)
        await rpc.open(node.rpc_url)
        codec = await asyncio.to_thread(IPAssetContract.load)
        accounts = [codec.checksum(as_text(each)) for each in await rpc.call("eth_accounts")]  # type: ignore[union-attr]
        return cls(rpc, codec, ready.identity.contract_address, core.adapters.signer.address, tuple(accounts))

    async def close(self) -> None:
        """Drop the connection."""
        await self.rpc.close()

    async def send(self, function: str, *values: object, sender: str = "") -> None:
        """Call the contract in earnest."""
        await self._mined({"to": self.contract, "data": hex_text(self.codec.call(function, *values))}, sender)

    async def mint(self, count: int) -> None:
        """So many new tokens, to a few holders, in batches."""
        while count > 0:
            size = min(count, BATCH)
            ids = [uuid4() for _ in range(size)]
            digest = secrets.token_bytes(32)
            holder = self.accounts[1 + len(self.minted) // BATCH % 5]
            await self.send("batchMint", holder, [each.bytes for each in ids], digest)
            self.minted.extend(each.int for each in ids)
            count -= size

    async def change(self, some: Sequence[int]) -> None:
        """Whatever can happen to tokens and contract, once at least."""
        for position, token_id in enumerate(some):
            owner = await self.owner_of(token_id)
            match position % 6:
                case 0:
                    await self.send("transferFrom", owner, self.accounts[7], token_id, sender=owner)
                case 1:
                    await self.send("setValidity", token_id, 2, secrets.token_bytes(32))
                case 2:
                    await self.send("setTokenRoyalty", token_id, self.accounts[3], 700 + position)
                case 3:
                    await self.send("amendDirectory", token_id, secrets.token_bytes(32))
                case 4:
                    await self.send("setValidity", token_id, 1, bytes(32))
                    await self.send("setValidity", token_id, 0, bytes(32))
                case _:
                    await self.send("setTokenRoyalty", token_id, self.accounts[3], 100)
                    await self.send("resetTokenRoyalty", token_id)
        await self.send("grantRoles", self.accounts[4], 3)
        await self.send("revokeRoles", self.accounts[4], 1)
        await self.send("setDefaultRoyalty", self.accounts[5], 250 + len(self.minted) % 50)
        await self.send("requestOwnershipHandover", sender=self.accounts[6])
        await self.send("pause")
        await self.send("unpause")
        await self.write_foreign_logs(3)

    async def write_foreign_logs(self, count: int) -> None:
        """In one transaction, of a contract that is not ours."""
        await self._mined({"data": "0x" + LOGGING_CODE.format(count=count)}, "")

    async def snapshot(self) -> tuple[str, int]:
        """A point to go back to, and how many tokens there are."""
        return as_text(await self.rpc.call("evm_snapshot")), len(self.minted)

    async def revert(self, snapshot: tuple[str, int]) -> None:
        """Take back what happened since: a reorganisation."""
        assert await self.rpc.call("evm_revert", snapshot[0]) is True
        del self.minted[snapshot[1] :]
        await self.rpc.call("evm_increaseTime", 60)  # the same transactions would make the same blocks again

    async def owner_of(self, token_id: int) -> str:
        """As the contract answers."""
        (owner,) = await self._asked([("ownerOf", (token_id,))])
        return str(owner[0])

    async def tokens(self) -> dict[int, tuple[object, ...]]:
        """Every token as the contract answers: owner, validity, directory, royalty and its receiver."""
        questions = [
            question
            for token_id in self.minted
            for question in (
                ("ownerOf", (token_id,)),
                ("validityOf", (token_id,)),
                ("directoryDigestOf", (token_id,)),
                ("royaltyInfo", (token_id, _ROYALTY_PRICE)),
            )
        ]
        answers = await self._asked(questions)
        return {
            token_id: tuple(value for answer in answers[4 * place : 4 * place + 4] for value in answer)
            for place, token_id in enumerate(self.minted)
        }

    async def terms(self) -> tuple[object, ...]:
        """Admin, pause, and the roles of all accounts, as the contract answers."""
        roles = [("rolesOf", (account,)) for account in self.accounts]
        admin, paused, *held = await self._asked([("owner", ()), ("paused", ()), *roles])
        given = {account: value[0] for account, value in zip(self.accounts, held, strict=True) if value[0]}
        return str(admin[0]).lower(), paused[0], given

    async def _asked(self, questions: Sequence[tuple[str, tuple[object, ...]]]) -> list[tuple[object, ...]]:
        answers: list[tuple[object, ...]] = []
        for begin in range(0, len(questions), CALLS_AT_ONCE):
            some = questions[begin : begin + CALLS_AT_ONCE]
            calls: list[RpcCall] = [contract_call(self.contract, self.codec.call(name, *v)) for name, v in some]
            found = await self.rpc.batch_values(calls)
            answers += [self.codec.answer(name, data) for (name, _), data in zip(some, found, strict=True)]
        return answers

    async def _mined(self, transaction: dict[str, Json], sender: str) -> None:
        wanted: Json = {"from": sender or self.admin, "gas": hex(MINED_GAS), **transaction}
        tx_hash = await self.rpc.call("eth_sendTransaction", wanted)
        receipt = as_object(await self.rpc.call("eth_getTransactionReceipt", tx_hash))
        assert as_quantity(receipt.get("status")) == 1, as_bytes(tx_hash).hex()


async def told_by_index(core: Core, history: History) -> tuple[dict[int, tuple[object, ...]], tuple[object, ...]]:
    """What `History.tokens` and `History.terms` ask the contract, told by the index."""
    tokens = await core.index.tokens(history.minted)
    standing = await core.index.contract()
    terms, roles = standing.terms, {holder.account: holder.roles for holder in standing.holders if holder.roles}
    return (
        {
            token_id: _as_answered(token, terms.default_royalty_receiver, terms.default_royalty_bp)
            for token_id, token in tokens.items()
        },
        ((terms.admin or "").lower(), terms.is_paused, roles),
    )


def _as_answered(token: ChainToken, receiver: str | None, royalty_bp: int | None) -> tuple[object, ...]:
    own = token.royalty_receiver
    return (
        (token.owner or "").lower(),
        VALIDITIES.index(token.validity),
        token.directory_digest,
        (own or receiver or "").lower(),
        token.royalty_bp if own else royalty_bp,
    )


async def when_indexed(core: Core, rpc: JsonRpc) -> None:
    """Wait until the index holds the node's newest block."""
    while True:
        changed = asyncio.Event()
        end = core.events.subscribe(lambda _event, changed=changed: changed.set())
        try:
            head = as_object(await rpc.call("eth_getBlockByNumber", "latest", False))
            reach = (await core.index.status()).reach
            if reach is not None and reach.last_block is not None:
                newest = await core.index.blocks(limit=1)
                if newest and newest[0].block_hash == head["hash"]:
                    return
            await changed.wait()
        finally:
            end()


def differences(index: Mapping[int, tuple[object, ...]], chain: Mapping[int, tuple[object, ...]]) -> list[int]:
    """Tokens of which index and contract say different things."""
    return [token_id for token_id in {*index, *chain} if index.get(token_id) != chain.get(token_id)]
