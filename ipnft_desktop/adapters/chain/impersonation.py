"""Transactions of accounts whose key nobody here holds: a local node takes them once it is told to impersonate the
account.

Such a transaction has bytes and a hash like any other. Where a signature stands, Hardhat puts the account itself: `r`
and `s` are its address, and the parity is 1. So the hash is known before anything is sent, the bytes are kept in the
journal, and a node that begins anew makes the same block of them. Measured with Hardhat 3 for the types 0, 1 and 2.
"""

from __future__ import annotations

from collections.abc import Callable

from ipnft_desktop.adapters.chain.account_signer import Account, AccountSigner
from ipnft_desktop.adapters.chain.answers import hex_text
from ipnft_desktop.adapters.chain.json_rpc import Json, JsonRpc
from ipnft_desktop.domain.chain import LOCAL_CHAIN_ID, parse_address
from ipnft_desktop.domain.errors import ErrorCode, UserError
from ipnft_verify.rlp import Item, as_list, as_number, decode
from ipnft_verify.rlp import as_bytes as bytes_of

_ADDRESS_LIMIT = 1 << 160
"""Of a real signature, half is below this once in 2^96; both halves alike, never."""
_ACCESS_LIST_KIND = 1


class ImpersonatedSigner(AccountSigner):
    """Implements the port `Signer` for any account of a local node, without a signature.

    `is_local_chain` is asked before each. Elsewhere it raises UserError TEST_KEY_ON_PUBLIC_CHAIN.
    """

    def __init__(self, address: str, is_local_chain: Callable[[], bool]) -> None:
        self._is_local_chain = is_local_chain
        self._account = Account(parse_address(address), lambda _digest: _stand_in(address))

    @property
    def address(self) -> str:
        """The account, checksummed."""
        return self._account.address

    async def prepare(self) -> None:
        """Nothing has to be made ready."""

    def _account_for(self, chain_id: int) -> Account:
        if chain_id != LOCAL_CHAIN_ID or not self._is_local_chain():
            raise UserError(ErrorCode.TEST_KEY_ON_PUBLIC_CHAIN, "only a local node takes what nobody signed")
        return self._account


def unsigned_request(raw: bytes) -> dict[str, Json] | None:
    """What `eth_sendTransaction` is asked to make these bytes of; None where they are signed, or no transaction."""
    kind = raw[0] if raw[:1] < b"\x80" else 0  # EIP-2718: a legacy transaction begins as a list does
    try:
        fields = as_list(decode(raw[1:] if kind else raw))
    except ValueError:
        return None  # the node says what is wrong with it
    r, s = as_number(fields[-2]), as_number(fields[-1])
    if r != s or not 0 < r < _ADDRESS_LIMIT:
        return None
    request: dict[str, Json] = {"from": f"0x{r:040x}", "type": hex(kind)}
    if kind:
        fields = fields[1:]  # the chain id
    nonce, *fields = fields
    request["nonce"] = hex(as_number(nonce))
    for name in ("gasPrice",) if kind <= _ACCESS_LIST_KIND else ("maxPriorityFeePerGas", "maxFeePerGas"):
        request[name] = hex(as_number(fields.pop(0)))
    gas, to, value, data = fields[:4]
    request |= {"gas": hex(as_number(gas)), "value": hex(as_number(value)), "data": hex_text(bytes_of(data))}
    if bytes_of(to):
        request["to"] = hex_text(bytes_of(to))
    if kind:
        request["accessList"] = [_access(entry) for entry in as_list(fields[4])]
    return request


async def send_unsigned(rpc: JsonRpc, request: dict[str, Json]) -> Json:
    """Have a local node take it; returns its answer, a hash. Raises RpcError and EnvironmentFault as `JsonRpc.call`."""
    await rpc.call("hardhat_impersonateAccount", request["from"])
    try:
        return await rpc.call("eth_sendTransaction", request)
    finally:
        await rpc.call("hardhat_stopImpersonatingAccount", request["from"])


def _stand_in(address: str) -> bytes:
    half = bytes(12) + bytes.fromhex(address[2:])
    return half + half + bytes([1])


def _access(entry: Item) -> Json:
    address, keys = as_list(entry)
    return {
        "address": hex_text(bytes_of(address)),
        "storageKeys": [hex_text(bytes_of(key)) for key in as_list(keys)],
    }
