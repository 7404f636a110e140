"""Counts the mints of a token by the node's own logs, over a connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ipnft_desktop.adapters.chain.json_rpc import Json, JsonRpc, as_list, as_object, as_text
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode

TRANSFER_TOPIC = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
"""keccak256 of `Transfer(address,address,uint256)` (ERC-721)."""
_NOBODY = "0x" + "0" * 64


class NodeTokenOracle:
    """Implements the port `TokenOracle`."""

    def __init__(self, node_url: Callable[[], str | None], timeout_s: float = 10.0) -> None:
        """`node_url` answers where the node itself is asked; None while none runs."""
        self._node_url = node_url
        self._timeout_s = timeout_s

    async def mints_of(self, contract: str, token_ids: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
        """Transactions in which each token was made, since the first block. Raises EnvironmentFault
        NODE_UNREACHABLE."""
        url = self._node_url()
        if url is None:
            raise EnvironmentFault(ErrorCode.NODE_UNREACHABLE, "no node runs")
        rpc = JsonRpc(self._timeout_s)
        await rpc.open(url)
        try:
            logs = await rpc.batch_values([("eth_getLogs", [_wanted(contract, each)]) for each in token_ids])
        finally:
            await rpc.close()
        return {
            token_id: tuple(as_text(as_object(log).get("transactionHash")) for log in as_list(found))
            for token_id, found in zip(token_ids, logs, strict=True)
        }


def _wanted(contract: str, token_id: int) -> Json:
    topics: list[Json] = [TRANSFER_TOPIC, _NOBODY, None, f"0x{token_id:064x}"]
    return {"fromBlock": "0x0", "toBlock": "latest", "address": contract, "topics": topics}
