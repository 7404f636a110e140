"""Encrypted key files: Web3 Secret Storage, version 3, as wallets and nodes write them.

A file is checked as a whole when it is read, its demands on memory and time included: unlocking one that somebody
prepared must not bring the program down.
"""

from __future__ import annotations

import asyncio
import errno
import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, cast

from ipnft_desktop.adapters.chain import ethereum_libraries
from ipnft_desktop.adapters.chain.account_signer import Account, account_of
from ipnft_desktop.domain.errors import EnvironmentFault, ErrorCode, UserError
from ipnft_desktop.services.key_custody import check_new_password

SCRYPT_N = 262_144
"""Work of a new file: 256 MB and about a second per attempt, the format's usual value."""
MOST_SCRYPT_BYTES = 1_073_741_824
MOST_PBKDF2_ROUNDS = 10_000_000
MOST_FILE_BYTES = 65_536
_SCRYPT_BLOCK_BYTES = 128  # memory of scrypt is 128 * r * n bytes (RFC 7914, section 2)
_ADDRESS = re.compile(r"(0x)?[0-9a-fA-F]{40}")


@dataclass(frozen=True, slots=True, repr=False)
class Password:
    """A password on its way: event loops log the arguments of what they run, tracebacks may print locals; not this."""

    text: str

    def encode(self) -> bytes:
        """As the key derivations take it. Any text may be a password, so a lone surrogate is no reason to fail."""
        return self.text.encode(errors="surrogatepass")


@dataclass(frozen=True, slots=True, repr=False)
class Keystore:
    """A file that was checked. `address` is checksummed, and None where the file does not tell it."""

    address: str | None
    content: Mapping[str, Any]

    def opened(self, password: Password) -> Account | None:
        """The account inside, None for a wrong password. Costs what the file asks for: run it in a thread.

        Raises UserError KEYSTORE_INVALID if what is inside is no key, or not the one the file names.
        """
        ethereum_libraries.load_keystores()
        from eth_keyfile.exceptions import EthKeyfileValueError
        from eth_keyfile.keyfile import decode_keyfile_json

        try:
            account = account_of(decode_keyfile_json(dict(self.content), password.encode()))
        except EthKeyfileValueError:
            return None
        except ValueError:
            raise _invalid("what is inside is no key") from None
        except MemoryError:
            raise _invalid("opening it takes more memory than there is") from None
        if self.address not in (None, account.address):
            raise _invalid("the key inside belongs to another account than the file names")
        return account


def read_keystore(file: Path) -> Keystore:
    """Read and check a file. Raises UserError KEYSTORE_INVALID saying what is wrong with it."""
    return _checked(_bytes_of(file))


def create_keystore(folder: Path, password: Password, *, scrypt_n: int = SCRYPT_N) -> Path:
    """Write a new random key, encrypted, to a file of its own; only the owner may read it.

    Raises ValidationFailed for a password that is too short, UserError KEYSTORE_INVALID or EnvironmentFault DISK_FULL
    if the file cannot be written.
    """
    check_new_password(password.text, password.text)
    address, content = _encrypted(password, scrypt_n)
    return _write_new(folder, _file_name(address), content)


def import_keystore(source: Path, folder: Path) -> Path:
    """Copy a foreign file in, unchanged, once it is checked. Raises as `read_keystore` and `create_keystore`."""
    content = _bytes_of(source)
    return _write_new(folder, _file_name(_checked(content).address), content)


class KeystoreFolder:
    """The keystores of a profile; implements `services.key_custody.KeystoreShelf`, off the event loop."""

    def __init__(self, folder: Path, *, scrypt_n: int = SCRYPT_N) -> None:
        self.folder = folder
        self._scrypt_n = scrypt_n

    async def create(self, password: str) -> Path:
        """See `create_keystore`."""
        making = partial(create_keystore, self.folder, Password(password), scrypt_n=self._scrypt_n)
        del password  # no local of a frame that an exception passes through
        return await asyncio.get_running_loop().run_in_executor(None, making)

    async def import_file(self, source: Path) -> Path:
        """See `import_keystore`."""
        return await asyncio.get_running_loop().run_in_executor(None, import_keystore, source, self.folder)


def _encrypted(password: Password, scrypt_n: int) -> tuple[str, bytes]:
    ethereum_libraries.load_keystores()
    from coincurve.utils import GROUP_ORDER_INT
    from eth_keyfile.keyfile import create_keyfile_json

    key = (secrets.randbelow(GROUP_ORDER_INT - 1) + 1).to_bytes(32, "big")
    address = account_of(key).address
    fields = create_keyfile_json(key, password.encode(), kdf="scrypt", iterations=scrypt_n)
    fields["address"] = address[2:].lower()  # as the standard's own examples write it
    return address, json.dumps(fields, indent=2).encode() + b"\n"


def _file_name(address: str | None) -> str:
    account = address[2:].lower() if address else "unknown"
    return f"UTC--{datetime.now(UTC):%Y-%m-%dT%H-%M-%S.%fZ}--{account}"


def _bytes_of(file: Path) -> bytes:
    try:
        if not file.is_file():  # a pipe would keep us waiting for ever
            raise _invalid(f"there is no such file: {file.name}")
        with file.open("rb") as opened:
            content = opened.read(MOST_FILE_BYTES + 1)
    except OSError as error:
        raise _invalid(f"{file.name} cannot be read: {error.strerror}") from None
    if len(content) > MOST_FILE_BYTES:
        raise _invalid(f"{file.name} is too large")
    return content


def _write_new(folder: Path, name: str, content: bytes) -> Path:
    """Write a file that was not there before, whole or not at all, for the owner's eyes only."""
    target, unfinished = folder / name, folder / f".{name}.new"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
        _settle(folder)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise EnvironmentFault(ErrorCode.DISK_FULL, "the keystore was not written") from None
        raise _invalid(f"it cannot be written to {folder}: {error.strerror}") from None
    return target


def _settle(folder: Path) -> None:
    """Make the new name durable; Windows does that by itself and opens no folders."""
    if os.name == "nt":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _checked(content: bytes) -> Keystore:
    try:
        fields = _lowered(json.loads(content))
        if fields["version"] != 3:
            raise _invalid("it is not of version 3")
        crypto = fields["crypto"]
        _check_crypto(crypto)
        address = _address(fields.get("address"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _invalid("it is not a keystore") from None
    return Keystore(address, {"version": 3, "crypto": crypto})


def _check_crypto(crypto: Mapping[str, Any]) -> None:
    if crypto["cipher"] != "aes-128-ctr":
        raise _invalid("its cipher is not AES-128-CTR")
    if len(_hex(crypto["ciphertext"])) != 32 or len(_hex(crypto["mac"])) != 32:
        raise _invalid("it does not hold one key")
    if len(_hex(crypto["cipherparams"]["iv"])) != 16:
        raise _invalid("its initialisation vector is not of 16 bytes")
    work = crypto["kdfparams"]
    _hex(work["salt"])
    if work["dklen"] != 32:
        raise _invalid("its derived key is not of 32 bytes")
    match crypto["kdf"]:
        case "scrypt":
            n, r, p = (_count(work[name]) for name in ("n", "r", "p"))
            if n < 2 or n & (n - 1) or _SCRYPT_BLOCK_BYTES * n * r * p > MOST_SCRYPT_BYTES:
                raise _invalid("its scrypt parameters cannot be used")
        case "pbkdf2":
            if work["prf"] != "hmac-sha256" or _count(work["c"]) > MOST_PBKDF2_ROUNDS:
                raise _invalid("its PBKDF2 parameters cannot be used")
        case _:
            raise _invalid("its key derivation is neither scrypt nor PBKDF2")


def _lowered(fields: Any) -> dict[str, Any]:
    """Names in small letters: some wallets write "Crypto"."""
    lowered: dict[str, Any] = {}
    for name, value in cast("dict[str, Any]", fields).items():
        lowered[name.lower()] = _lowered(value) if isinstance(value, dict) else value
    return lowered


def _address(told: Any) -> str | None:
    ethereum_libraries.load()
    from eth_utils.address import to_checksum_address

    if not told:
        return None
    if not _ADDRESS.fullmatch(told):
        raise _invalid("its address is not one")
    return str(to_checksum_address(f"0x{told[-40:].lower()}"))


def _hex(text: Any) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def _count(value: Any) -> int:
    if type(value) is not int or value < 1:
        raise TypeError(value)
    return value


def _invalid(detail: str) -> UserError:
    return UserError(ErrorCode.KEYSTORE_INVALID, detail)
