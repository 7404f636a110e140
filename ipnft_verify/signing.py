"""Whose signature it is: EIP-712 over the manifest, and what an address is (EIP-55)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from ipnft_verify.canonical import canonical
from ipnft_verify.keccak import keccak256
from ipnft_verify.manifest import Manifest

DOMAIN_NAME = "IPNFT Evidence"
DOMAIN_VERSION = "1"
TYPES = {
    "EIP712Domain": [
        {"name": "name", "type": "string"},
        {"name": "version", "type": "string"},
        {"name": "chainId", "type": "uint256"},
        {"name": "verifyingContract", "type": "address"},
        {"name": "salt", "type": "bytes32"},
    ],
    "Evidence": [
        {"name": "manifestSha256", "type": "bytes32"},
        {"name": "tokenId", "type": "uint256"},
        {"name": "issuedAt", "type": "string"},
    ],
}
SIGNATURE_BYTES = 65


@dataclass(frozen=True, slots=True)
class Statement:
    """What is signed about a bundle: its manifest, by the hash, and which token of which contract it is about."""

    chain_id: int
    contract: str
    instance_id: str
    manifest_sha256: str
    token_id: str
    issued_at: str

    @classmethod
    def about(cls, manifest: Manifest) -> Statement:
        """The one statement that fits a manifest."""
        chain = manifest["chain"]
        return cls(
            chain["chain_id"],
            chain["contract"],
            chain["instance_id"],
            "0x" + hashlib.sha256(manifest.data).hexdigest(),
            manifest["token"]["id"],
            manifest["issued_at"],
        )

    def typed_data(self) -> dict[str, Any]:
        """The same as wallets show it (EIP-712). The salt is the instance id of the contract."""
        return {
            "types": TYPES,
            "primaryType": "Evidence",
            "domain": {
                "name": DOMAIN_NAME,
                "version": DOMAIN_VERSION,
                "chainId": self.chain_id,
                "verifyingContract": self.contract,
                "salt": self.instance_id,
            },
            "message": {
                "manifestSha256": self.manifest_sha256,
                "tokenId": self.token_id,
                "issuedAt": self.issued_at,
            },
        }

    def digest(self) -> bytes:
        """The 32 bytes that are signed (EIP-712)."""
        separator = keccak256(
            _type_hash("EIP712Domain")
            + keccak256(DOMAIN_NAME.encode())
            + keccak256(DOMAIN_VERSION.encode())
            + self.chain_id.to_bytes(32, "big")
            + bytes(12)
            + bytes.fromhex(self.contract[2:])
            + bytes.fromhex(self.instance_id[2:])
        )
        content = keccak256(
            _type_hash("Evidence")
            + bytes.fromhex(self.manifest_sha256[2:])
            + int(self.token_id, 16).to_bytes(32, "big")
            + keccak256(self.issued_at.encode())
        )
        return keccak256(b"\x19\x01" + separator + content)


def signature_file(manifest: Manifest, signer: str, signature: bytes) -> bytes:
    """The entry that bears the signature, with all that another program needs to check it."""
    content = {
        "signature": "0x" + signature.hex(),
        "signer": signer,
        "typed_data": Statement.about(manifest).typed_data(),
    }
    return canonical(content)


def recovered(digest: bytes, r: int, s: int, parity: int) -> str:
    """Address of the account that signed. Raises ValueError for no signature of anybody.

    A signature in the upper half of the curve's order is refused (EIP-2), so that nobody can write it in a second way.
    """
    from coincurve import PublicKey

    half_of_order = 0x7FFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF_5D576E73_57A4501D_DFE92F46_681B20A0
    if not (0 < s <= half_of_order and 0 < r < 2**256 and parity in (0, 1)):
        raise ValueError("no signature")
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big") + bytes([parity])
    try:
        key = PublicKey.from_signature_and_message(signature, digest, hasher=None)
    except Exception as error:
        raise ValueError("no signature") from error
    return checksummed(keccak256(key.format(compressed=False)[1:])[-20:])


def checksummed(address: bytes) -> str:
    """An address as people write it (EIP-55). Raises ValueError where there are not 20 bytes."""
    if len(address) != 20:
        raise ValueError("no address")
    digits = address.hex()
    marks = keccak256(digits.encode()).hex()
    shown = (digit.upper() if int(mark, 16) > 7 else digit for digit, mark in zip(digits, marks, strict=False))
    return "0x" + "".join(shown)


def _type_hash(name: str) -> bytes:
    fields = ",".join(f"{field['type']} {field['name']}" for field in TYPES[name])
    return keccak256(f"{name}({fields})".encode())
