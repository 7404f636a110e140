"""The register's key for confidential files, in the key folder."""

from __future__ import annotations

from threading import Lock

from ipnft_desktop.adapters.key_folder import KeyFolder

CURRENT_KEY = "register.key"
FORMER_KEY = "register-old.key"
"""Where a key is put back when another one has been made meanwhile."""


class RegisterKeyFiles:
    """Implements `adapters.content.sealing.RegisterKeys`. Its methods block and may be called from several threads.

    All raise what `KeyFolder` raises. A key is looked for each time: it may be put back while the program runs.
    """

    def __init__(self, folder: KeyFolder) -> None:
        self._folder = folder
        self._lock = Lock()

    def current(self) -> bytes:
        """The key for new files, made at the first call."""
        with self._lock:
            return self._folder.key(CURRENT_KEY) or self._folder.make_key(CURRENT_KEY)

    def known(self) -> list[bytes]:
        """All keys that are there."""
        return [key for name in (CURRENT_KEY, FORMER_KEY) if (key := self._folder.key(name)) is not None]
