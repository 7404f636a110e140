"""Asks our contract what it holds, and why it refused."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ipnft_desktop.adapters.chain import ethereum_libraries
from ipnft_desktop.adapters.chain.answers import contract_call
from ipnft_desktop.adapters.chain.json_rpc import Json, JsonRpc, RpcCall, RpcError, as_object, as_quantity, value_of
from ipnft_desktop.domain.chain import TokenFacts
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode

if TYPE_CHECKING:
    from ipnft_desktop.adapters.chain.collection_terms import CollectionTerms
    from ipnft_desktop.adapters.chain.ip_asset_contract import IPAssetContract

_NO_SUCH_TOKEN = "TokenDoesNotExist"  # noqa: S105 - the contract's error, not a secret

OWNERS_AT_ONCE = 100
TOKENS_AT_ONCE = 25
"""Each takes four questions."""


class ContractReader:
    """Speaks to the contract at `address` through `rpc`."""

    def __init__(self, rpc: JsonRpc, terms: CollectionTerms | None) -> None:
        self._rpc = rpc
        self._terms = terms
        self._codec: IPAssetContract | None = None
        self.address: str | None = None
        """Of the contract in use."""

    async def codec(self) -> IPAssetContract:
        """Our contract in bytes; read from its file, aside from the event loop, the first time."""
        if self._codec is not None:
            return self._codec
        codec = await asyncio.get_running_loop().run_in_executor(None, _load_contract, self._terms)
        self._codec = codec
        return codec

    def address_in_use(self) -> str:
        """Raises EnvironmentFault CONTRACT_MISSING while none is."""
        if self.address is None:
            raise EnvironmentFault(ErrorCode.CONTRACT_MISSING, "no contract is in use")
        return self.address

    async def token(self, token_id: int) -> TokenFacts | None:
        """What the contract answers now; None if no such token exists. Raises CONTRACT_MISSING."""
        return (await self.tokens([token_id]))[token_id]

    async def tokens(self, token_ids: Sequence[int]) -> dict[int, TokenFacts | None]:
        """As `token` for many, in batched requests. Raises CONTRACT_MISSING."""
        codec = await self.codec()
        loop = asyncio.get_running_loop()
        tokens: dict[int, TokenFacts | None] = {}
        for first in range(0, len(token_ids), TOKENS_AT_ONCE):
            some = token_ids[first : first + TOKENS_AT_ONCE]
            questions = [question for token_id in some for question in codec.token_questions(token_id)]
            outcomes = await self._ask(questions)
            # Aside from the event loop: to read a URI takes a while, and there are many.
            tokens |= await loop.run_in_executor(None, _tokens_from, codec, some, outcomes)
        return tokens

    async def owners(self, token_ids: Sequence[int]) -> dict[int, str | None]:
        """In batched requests; None where no token exists. Raises CONTRACT_MISSING."""
        codec = await self.codec()
        owners: dict[int, str | None] = {}
        # Not all at once: to write and read a thousand of them takes several frames.
        for first in range(0, len(token_ids), OWNERS_AT_ONCE):
            some = token_ids[first : first + OWNERS_AT_ONCE]
            outcomes = await self._ask([codec.owner_question(token_id) for token_id in some])
            for token_id, outcome in zip(some, outcomes, strict=True):
                owners[token_id] = None if says_no_such_token(codec, outcome) else codec.owner(value_of(outcome))
        return owners

    async def deployment_block(self, address: str) -> int:
        """Height at which the contract there was deployed. Raises CONTRACT_MISSING where it is none of ours."""
        codec = await self.codec()
        (outcome,) = await self._rpc.batch([contract_call(address, codec.call("deployedAtBlock"))])
        if isinstance(outcome, RpcError):
            raise EnvironmentFault(ErrorCode.CONTRACT_MISSING, "no contract of ours there", address=address)
        return codec.answer("deployedAtBlock", outcome)[0]

    async def revert_reason(self, tx_hash: str) -> str:
        """Name of the error a mined, reverted transaction ended with; empty if unknown.

        Found by calling it again on the state before and after its block; the former alone would miss what
        transactions ahead of it in the same block had changed.
        """
        asked: list[RpcCall] = [("eth_getTransactionByHash", [tx_hash]), ("eth_getTransactionReceipt", [tx_hash])]
        sent, mined = await self._rpc.batch_values(asked)
        if sent is None or mined is None:
            return ""
        tx, receipt = as_object(sent), as_object(mined)
        if as_quantity(receipt.get("status")) == 1:
            return ""
        number = as_quantity(receipt.get("blockNumber"))
        call: Json = {"from": tx["from"], "to": tx["to"], "data": tx["input"], "value": tx["value"], "gas": tx["gas"]}
        states = (number - 1, number)
        for outcome in await self._rpc.batch([("eth_call", [call, hex(state)]) for state in states]):
            if isinstance(outcome, RpcError) and outcome.revert_data is not None:
                return str((await self.codec()).revert(outcome.revert_data))
        return ""

    async def _ask(self, questions: Sequence[bytes]) -> list[Json | RpcError]:
        address = self.address_in_use()
        return await self._rpc.batch([contract_call(address, data) for data in questions])


def _tokens_from(
    codec: IPAssetContract, token_ids: Sequence[int], outcomes: Sequence[Json | RpcError]
) -> dict[int, TokenFacts | None]:
    each = len(outcomes) // len(token_ids)
    tokens: dict[int, TokenFacts | None] = {}
    for place, token_id in enumerate(token_ids):
        answers = outcomes[each * place : each * (place + 1)]
        if says_no_such_token(codec, answers[0]):
            tokens[token_id] = None
        else:
            owner, uri, validity, royalty = map(value_of, answers)
            tokens[token_id] = codec.token(token_id, owner, uri, validity, royalty)
    return tokens


def _load_contract(terms: CollectionTerms | None) -> IPAssetContract:
    # Imported here, in the executor: the window starts without these libraries.
    ethereum_libraries.load()
    from ipnft_desktop.adapters.chain.ip_asset_contract import IPAssetContract

    return IPAssetContract.load(terms)


def says_no_such_token(codec: IPAssetContract, outcome: Json | RpcError) -> bool:
    """Only the contract's own error says that no token exists; any other failure says nothing."""
    return (
        isinstance(outcome, RpcError)
        and outcome.revert_data is not None
        and codec.revert(outcome.revert_data).name == _NO_SUCH_TOKEN
    )
