"""Confidential files at rest: each is encrypted with a key of its own, and that key with the register's.

A file is a libsodium secret stream (XChaCha20-Poly1305, https://doc.libsodium.org/secret-key_cryptography/secretstream):
pieces that can be neither changed, exchanged nor left out, the last one marked. A piece is as long as a block of the
content store once it is encrypted, so that every leaf of a file's tree is exactly one of them.

The *sealed key*, kept with the register's entry of the file, is

    version (1) | id of the register's key (8) | nonce (24) | XChaCha20-Poly1305 of file key (32) and stream header (24)

Without the register's key, which no copy of the register or of the content holds, neither can be read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from ipnft_desktop.adapters.content.unixfs import CHUNK_SIZE_BYTES
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode

if TYPE_CHECKING:
    from types import ModuleType

MAC_SIZE_BYTES: Final = 17
"""What encryption adds to a piece: a tag and its authentication."""
PLAIN_PIECE_SIZE_BYTES: Final = CHUNK_SIZE_BYTES - MAC_SIZE_BYTES
KEY_SIZE_BYTES: Final = 32
_VERSION: Final = b"\x01"
_KEY_ID_SIZE_BYTES: Final = 8
_NONCE_SIZE_BYTES: Final = 24
_PURPOSE: Final = b"IPNFT Desktop file key"


class FileSecret(NamedTuple):
    """Key and header of one encrypted stream."""

    key: bytes
    header: bytes


class RegisterKeys(Protocol):
    """The keys that file keys are sealed with; its methods may block."""

    def current(self) -> bytes:
        """The key for new files, made at the first call. Raises EnvironmentFault CONTENT_STORE_UNAVAILABLE or
        DISK_FULL."""
        ...

    def known(self) -> Iterable[bytes]:
        """All keys at hand, the current one among them. Raises EnvironmentFault CONTENT_STORE_UNAVAILABLE."""
        ...


class SealingStream:
    """Encrypts the pieces of one file in order."""

    def __init__(self) -> None:
        self._nacl = _nacl()
        self._state = self._nacl.crypto_secretstream_xchacha20poly1305_state()
        key = self._nacl.crypto_secretstream_xchacha20poly1305_keygen()
        header = self._nacl.crypto_secretstream_xchacha20poly1305_init_push(self._state, key)
        self.secret = FileSecret(key, header)

    def encrypt(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Pieces of `PLAIN_PIECE_SIZE_BYTES`, only the last may be shorter, as blocks of ciphertext."""
        waiting: bytes | None = None
        for piece in pieces:
            if waiting is not None:
                yield self._push(waiting, self._nacl.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE)
            waiting = piece
        yield self._push(waiting or b"", self._nacl.crypto_secretstream_xchacha20poly1305_TAG_FINAL)

    def _push(self, piece: bytes, tag: int) -> bytes:
        return self._nacl.crypto_secretstream_xchacha20poly1305_push(self._state, piece, tag=tag)


def decrypt(blocks: Iterable[bytes], secret: FileSecret) -> Iterator[bytes]:
    """The pieces of a file from its blocks of ciphertext.

    Raises:
        ValueError: they are not what was encrypted with this key, or the end is missing.
    """
    nacl = _nacl()
    state = nacl.crypto_secretstream_xchacha20poly1305_state()
    nacl.crypto_secretstream_xchacha20poly1305_init_pull(state, secret.header, secret.key)
    tag: int | None = None
    for block in blocks:
        try:
            piece, tag = nacl.crypto_secretstream_xchacha20poly1305_pull(state, block)
        except (RuntimeError, ValueError) as error:
            raise ValueError("it cannot be decrypted") from error
        yield piece
    if tag != nacl.crypto_secretstream_xchacha20poly1305_TAG_FINAL:
        raise ValueError("its end is missing")


def seal(secret: FileSecret, register_key: bytes) -> bytes:
    """The sealed key of a file."""
    from nacl.utils import random

    nonce = random(_NONCE_SIZE_BYTES)
    boxed = _nacl().crypto_aead_xchacha20poly1305_ietf_encrypt(b"".join(secret), _PURPOSE, nonce, register_key)
    return b"".join((_VERSION, key_id(register_key), nonce, boxed))


def unseal(sealed_key: bytes, keys: Iterable[bytes]) -> FileSecret:
    """Key and header of a file.

    Raises:
        EnvironmentFault: CONTENT_KEY_MISSING when none of the keys sealed it, or the sealed key is damaged.
    """
    from nacl.exceptions import CryptoError

    wanted = sealed_key[1 : 1 + _KEY_ID_SIZE_BYTES]
    start = 1 + _KEY_ID_SIZE_BYTES
    nonce, boxed = sealed_key[start : start + _NONCE_SIZE_BYTES], sealed_key[start + _NONCE_SIZE_BYTES :]
    if sealed_key[:1] != _VERSION:
        raise _no_key("the sealed key has a form that this program does not know", wanted)
    for key in keys:
        if key_id(key) == wanted:
            try:
                opened = _nacl().crypto_aead_xchacha20poly1305_ietf_decrypt(boxed, _PURPOSE, nonce, key)
            except (CryptoError, ValueError, TypeError) as error:
                raise _no_key("the sealed key of this file is damaged", wanted) from error
            return FileSecret(opened[:KEY_SIZE_BYTES], opened[KEY_SIZE_BYTES:])
    raise _no_key(f"the file was encrypted under the register key {wanted.hex()}, which is not here", wanted)


def key_id(register_key: bytes) -> bytes:
    """A name for a key that tells nothing about it."""
    return hashlib.blake2b(register_key, digest_size=_KEY_ID_SIZE_BYTES, person=b"IPNFT register").digest()


def _no_key(detail: str, wanted: bytes) -> EnvironmentFault:
    return EnvironmentFault(ErrorCode.CONTENT_KEY_MISSING, detail, key_id=wanted.hex())


def _nacl() -> ModuleType:
    """libsodium, loaded when a file is first encrypted or decrypted (50 ms)."""
    from nacl import bindings

    return bindings
