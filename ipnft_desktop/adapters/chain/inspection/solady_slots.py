"""Where Solady keeps what its contracts hold. It computes its slots from seeds, past the compiler, whose layout has
none of them; they are told in the comments under STORAGE of its files, from which this table is taken.

A variable has no name there either: it is called as the function that answers it.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from eth_hash.auto import keccak

from ipnft_desktop.adapters.chain.inspection.abi_values import asset_value, directory_value, validity_value
from ipnft_desktop.adapters.chain.inspection.storage_words import ADDRESS_BITS, Part, Word, address, number, truth
from ipnft_desktop.domain.inspection.decoding import DecodedValue

DIRECTORY_KEY_BITS = 80
"""Of contracts/base/PackedTokens.sol, as the other parts of an owner's word above the owner."""
_WORD = 1 << 256
_SEED_ERC721 = bytes.fromhex("7d8825530a5a2e7a")
"""tokens/ERC721.sol, `_ERC721_MASTER_SLOT_SEED`"""
_SEED_ERC2981 = 0xAA4EC00224AFCCFDB7
"""tokens/ERC2981.sol, `_ERC2981_MASTER_SLOT_SEED`"""
_SEED_ROLES = bytes.fromhex("8b78c6d8")
"""auth/OwnableRoles.sol, `_ROLE_SLOT_SEED`"""
_SEED_HANDOVER = bytes.fromhex("389a75e1")
"""auth/Ownable.sol, `_HANDOVER_SLOT_SEED`"""
_OWNER_SLOT = _WORD - 1 - int.from_bytes(_SEED_ROLES, "big")
"""auth/Ownable.sol, `_OWNER_SLOT`"""

_ROYALTY = (Part("receiver", 96, ADDRESS_BITS, address), Part("royaltyBps", 0, 96, number))


def fixed_words() -> dict[int, Word]:
    """Variables without a key."""
    return {
        _OWNER_SLOT: Word("owner", (), (Part("owner", 0, ADDRESS_BITS, address),)),
        _SEED_ERC2981: Word("royaltyInfo", (), _ROYALTY),
    }


def words_of_token(token_id: int, digests: Collection[int]) -> dict[int, Word]:
    """What is kept for a token; a directory key is told by its digest where one of these has it."""
    keys = (asset_value("id", token_id),)
    content = token_id.to_bytes(32, "big")
    owner = (2 * token_id + _hash(content[:28], _SEED_ERC721[:4])) % _WORD
    parts = (
        Part("owner", 0, ADDRESS_BITS, address),
        Part("directoryKey", ADDRESS_BITS, DIRECTORY_KEY_BITS, partial(_directory_key, digests)),
        Part("validity", 240, 8, validity_value),
        Part("hasOwnURI", 248, 1, truth),
    )
    return {
        owner: Word("ownerOf", keys, parts),
        (owner + 1) % _WORD: Word("getApproved", keys, (Part("account", 0, ADDRESS_BITS, address),)),
        _hash(content, _SEED_ERC2981.to_bytes(32, "big")): Word("royaltyInfo", keys, _ROYALTY),
    }


def words_of_account(account: int) -> dict[int, Word]:
    """What is kept for an account."""
    keys = (address("account", account),)
    content = account.to_bytes(20, "big")
    return {
        _hash(content, _SEED_ERC721[4:], bytes(4)): Word("balanceOf", keys, (Part("balance", 0, 32, number),)),
        _hash(content, bytes(8), _SEED_ROLES): Word("rolesOf", keys, (Part("roles", 0, 256, number),)),
        _hash(content, bytes(8), _SEED_HANDOVER): Word(
            "ownershipHandoverExpiresAt", keys, (Part("expiresAt", 0, 256, number),)
        ),
    }


def word_of_operator(owner: int, operator: int) -> dict[int, Word]:
    """Whether one account may move all tokens of another."""
    slot = _hash(owner.to_bytes(20, "big"), _SEED_ERC721[4:], bytes(4), operator.to_bytes(20, "big"))
    keys = (address("owner", owner), address("operator", operator))
    return {slot: Word("isApprovedForAll", keys, (Part("isApproved", 0, 256, truth),))}


def _directory_key(digests: Collection[int], name: str, value: int) -> DecodedValue:
    text = f"0x{value:020x}"
    mask = (1 << DIRECTORY_KEY_BITS) - 1
    digest = next((each for each in digests if each & mask == value), 0) if value else 0
    return directory_value(name, digest.to_bytes(32, "big"), text)


def _hash(*parts: bytes) -> int:
    return int.from_bytes(keccak(b"".join(parts)), "big")
