"""Keys of a mnemonic's accounts: BIP-39 seed, BIP-32 derivation along m/44'/60'/0'/0/index (BIP-44)."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

from coincurve import PrivateKey

_CURVE_ORDER = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141
_HARDENED = 0x80000000
_ETHEREUM_ACCOUNTS = (44 | _HARDENED, 60 | _HARDENED, 0 | _HARDENED, 0)


def account_key(mnemonic: str, index: int) -> PrivateKey:
    """The key of one account, without a passphrase. Costs about 2 ms, by design of BIP-39."""
    words = unicodedata.normalize("NFKD", mnemonic).encode()
    seed = hashlib.pbkdf2_hmac("sha512", words, b"mnemonic", 2048)
    node = hmac.digest(b"Bitcoin seed", seed, "sha512")
    for step in (*_ETHEREUM_ACCOUNTS, index):
        node = _child(node, step)
    return PrivateKey(node[:32])


def sign_digest(key: PrivateKey, digest: bytes) -> bytes:
    """Signature of a 32-byte digest: r, s and recovery id (65 bytes), with the nonce of RFC 6979."""
    return key.sign_recoverable(digest, hasher=None)  # pyright: ignore[reportUnknownMemberType]


def _child(node: bytes, index: int) -> bytes:
    """BIP-32 CKDpriv; `node` is key and chain code. Its one failure has a chance of 1 in 2^127 and is left out."""
    key, chain_code = node[:32], node[32:]
    subject = b"\0" + key if index & _HARDENED else PrivateKey(key).public_key.format(compressed=True)
    tweak = hmac.digest(chain_code, subject + index.to_bytes(4, "big"), "sha512")
    child = (int.from_bytes(tweak[:32], "big") + int.from_bytes(key, "big")) % _CURVE_ORDER
    return child.to_bytes(32, "big") + tweak[32:]
