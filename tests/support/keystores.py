"""Keystore files for tests: right in form, with next to no work in them, so that they open at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from eth_keyfile.keyfile import create_keyfile_json

PASSWORD = "kanarienvogel-4711-im-schacht"
KEY = bytes.fromhex("c0ffee" * 10 + "4711")
ADDRESS = "0x9c774352712350b37d9b5b4FA5862f940B595813"
SCRYPT_N = 2
"""Work of a file that opens at once."""


def keystore_fields(key: bytes = KEY, password: str = PASSWORD, *, kdf: str = "pbkdf2") -> dict[str, Any]:
    """The content of a keystore."""
    return create_keyfile_json(key, password.encode(), kdf=kdf, iterations=SCRYPT_N)  # type: ignore[arg-type]


def keystore_file(folder: Path, fields: dict[str, Any] | None = None) -> Path:
    """A keystore in a folder."""
    file = folder / "a-keystore.json"
    file.write_text(json.dumps(fields or keystore_fields()), encoding="utf-8")
    return file
