"""Content addressing: the identifier of stored content and what is known about a stored file."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from typing import Final

_MULTIBASE_BASE32: Final = "b"
_CID_VERSION: Final = 1
_SHA2_256: Final = 0x12
_DIGEST_SIZE_BYTES: Final = 32
_CID_SIZE_BYTES: Final = 4 + _DIGEST_SIZE_BYTES
_CID_TEXT_LENGTH: Final = 59


class Codec(IntEnum):
    """Multicodec of a block: how its bytes are to be read."""

    RAW = 0x55
    DAG_PB = 0x70


@dataclass(frozen=True, slots=True)
class Cid:
    """Content identifier, version 1, over sha2-256 (https://github.com/multiformats/cid).

    Other versions and hash functions are refused: one content has exactly one identifier in this program.

    Raises:
        ValueError: the digest is not 32 bytes, or the codec is neither RAW nor DAG_PB.
    """

    codec: Codec
    digest: bytes

    def __post_init__(self) -> None:
        object.__setattr__(self, "codec", Codec(self.codec))
        if len(self.digest) != _DIGEST_SIZE_BYTES:
            raise ValueError(f"a sha2-256 digest has {_DIGEST_SIZE_BYTES} bytes, not {len(self.digest)}")

    @classmethod
    def of_block(cls, codec: Codec, block: bytes) -> Cid:
        """The identifier of a block's bytes."""
        return cls(codec, hashlib.sha256(block).digest())

    @classmethod
    def from_bytes(cls, data: bytes) -> Cid:
        """Read the binary form: version, codec, hash function, digest length, digest.

        Raises:
            ValueError: the bytes are not a version 1 sha2-256 identifier of a known codec.
        """
        if len(data) != _CID_SIZE_BYTES:
            raise ValueError(f"a CID has {_CID_SIZE_BYTES} bytes, not {len(data)}")
        version, codec, hash_function, digest_size = data[:4]
        if (version, hash_function, digest_size) != (_CID_VERSION, _SHA2_256, _DIGEST_SIZE_BYTES):
            raise ValueError("only CID version 1 with sha2-256 is supported")
        return cls(Codec(codec), data[4:])

    @classmethod
    def parse(cls, text: str) -> Cid:
        """Read the canonical text form: "b" and lower-case base32 without padding.

        Raises:
            ValueError: the text is not exactly what `text` would write for some identifier.
        """
        if len(text) != _CID_TEXT_LENGTH or not text.startswith(_MULTIBASE_BASE32):
            raise ValueError(f"not a base32 CID version 1: {text[:80]!r}")
        body = text[1:].upper()
        try:
            cid = cls.from_bytes(base64.b32decode(body + "=" * (-len(body) % 8)))
        except (binascii.Error, ValueError) as error:
            raise ValueError(f"not a CID: {text!r}: {error}") from error
        # Capitals and stray bits after the last byte decode to the same bytes; only one spelling may pass.
        if cid.text != text:
            raise ValueError(f"not a canonical CID: {text!r}")
        return cid

    @property
    def bytes(self) -> bytes:
        """The binary form, 36 bytes."""
        return b"".join((bytes((_CID_VERSION, self.codec, _SHA2_256, _DIGEST_SIZE_BYTES)), self.digest))

    @property
    def text(self) -> str:
        """The canonical text form, 59 characters."""
        return _MULTIBASE_BASE32 + _base32(self.bytes)

    def __str__(self) -> str:
        return self.text


@lru_cache(maxsize=4096)
def _base32(data: bytes) -> str:
    # Kept, because it is asked for again and again: where a block lies, in the record, in links.
    return base64.b32encode(data).decode("ascii").rstrip("=").lower()


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in the content store.

    `size_bytes` and `sha256` are of the file's own bytes (the digest equals `cid.digest` only for a file of one block);
    `cid` and `dag_size_bytes`, the size of all its blocks together, which a directory entry states, are of what is
    stored: the same bytes, or for a confidential file their ciphertext.
    """

    cid: Cid
    size_bytes: int
    sha256: bytes
    dag_size_bytes: int
    sealed_key: bytes | None = None
    """The key of a confidential file, encrypted with the register's; None for a file that is stored as it is."""
    media_type: str = field(default="application/octet-stream", compare=False)
    """By its first bytes and its name, where it was read from a file."""


@dataclass(frozen=True, slots=True)
class ContentStoreStats:
    """What the content store holds: every block counts once, however many files share it."""

    block_count: int
    size_bytes: int
