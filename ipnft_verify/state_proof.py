"""What the contract itself holds at a block: proved by the nodes of the state's tries up to the block's header.

Places: `contracts/base/PackedTokens.sol`, where a token's word has owner, directory key and validity.
"""

from __future__ import annotations

from dataclasses import dataclass

from ipnft_verify.broken import Broken
from ipnft_verify.chain_proof import Header
from ipnft_verify.keccak import keccak256
from ipnft_verify.manifest import VALIDITIES
from ipnft_verify.rlp import as_bytes, as_list, as_number, decode
from ipnft_verify.signing import checksummed
from ipnft_verify.trie import TrieProof

_SEED = bytes.fromhex("7d8825530a5a2e7a")
_KEY_BITS = 80
_ADDRESS_BITS = 160


@dataclass(frozen=True, slots=True)
class TokenState:
    """A token at a block, as the chain has it."""

    header: Header
    code_hash: bytes
    owner: str
    validity: str
    directory_key: int
    """Low 80 bits of the digest of its metadata directory; 0 for a token with a URI of its own."""


def owner_slot(token_id: int) -> int:
    """Place of the token's word in the contract's storage, as Solady's ERC721 computes it."""
    place = keccak256(token_id.to_bytes(32, "big")[:28] + _SEED[:4])
    return (2 * token_id + int.from_bytes(place, "big")) % 2**256


def token_state(proof: bytes, contract: bytes, token_id: int) -> TokenState:
    """What the nodes prove. Raises Broken where they prove no contract, or no such token."""
    head, of_account, of_token = as_list(decode(proof))
    header = Header.read(as_bytes(head))
    accounts = TrieProof(header.state_root, map(as_bytes, as_list(of_account)))
    account = accounts.value(keccak256(contract))
    if account is None or accounts.unused:
        raise Broken("no_account")
    _, _, storage_root, code_hash = map(as_bytes, as_list(decode(account)))
    words = TrieProof(storage_root, map(as_bytes, as_list(of_token)))
    found = words.value(keccak256(owner_slot(token_id).to_bytes(32, "big")))
    if found is None or words.unused:
        raise Broken("no_token")
    word = as_number(decode(found))
    details = word >> _ADDRESS_BITS
    validity = details >> _KEY_BITS & 0xFF
    return TokenState(
        header,
        code_hash,
        checksummed((word % 2**_ADDRESS_BITS).to_bytes(20, "big")),
        VALIDITIES[validity],
        details % 2**_KEY_BITS,
    )
