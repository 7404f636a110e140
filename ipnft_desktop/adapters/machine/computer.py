"""The computer itself: memory, limits, loopback, time zone."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import psutil

from ipnft_desktop.adapters.loopback import HOSTNAME
from ipnft_desktop.domain.phrases import Phrase, phrase
from ipnft_desktop.services.doctor.ports import MemoryFacts
from ipnft_desktop.services.stage.ports import PowerFacts

_CONNECT_LIMIT_S = 2.0
_DEFAULT_PORTS = {"http": 80, "https": 443}


def own_memory_bytes() -> int:
    """What this process holds in memory."""
    return psutil.Process().memory_info().rss


class LocalComputer:
    """Implements the port `Computer`."""

    def memory(self) -> MemoryFacts:
        """What can be had without paging, and what there is."""
        found = psutil.virtual_memory()
        return MemoryFacts(found.available, found.total)

    def power(self) -> PowerFacts | None:
        """Of the first battery; None where there is none or the system tells of none."""
        sensors: Callable[[], Any] | None = getattr(psutil, "sensors_battery", None)  # not on every system
        battery = sensors() if sensors is not None else None
        return None if battery is None else PowerFacts(battery.power_plugged, round(battery.percent))

    def open_file_limit(self) -> int | None:
        """The soft limit of this process."""
        if sys.platform == "win32":
            return None
        import resource

        limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        return None if limit == resource.RLIM_INFINITY else limit

    def raise_open_file_limit(self, wanted: int) -> int:
        """Raises OSError where the system refuses."""
        if sys.platform == "win32":
            return wanted
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        reached = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (reached, most))
        except ValueError as error:
            raise OSError(str(error)) from error
        return reached

    def loopback_problem(self) -> str | Phrase:
        """Say a word from one end of a connection to the other."""
        try:
            with closing(socket.create_server((HOSTNAME, 0))) as server:
                server.settimeout(_CONNECT_LIMIT_S)
                threading.Thread(target=_greet, args=(server.getsockname(),), daemon=True).start()
                with closing(server.accept()[0]) as connection:
                    connection.settimeout(_CONNECT_LIMIT_S)
                    return "" if connection.recv(1) == b"!" else phrase("nothing arrives")
        except OSError as error:
            return error.strerror or str(error)

    def node_address_problem(self, url: str) -> str:
        """Open a connection and close it again."""
        parts = urlsplit(url)
        try:
            port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 80)
            with closing(socket.create_connection((parts.hostname or "", port), _CONNECT_LIMIT_S)):
                return ""
        except (OSError, ValueError) as error:
            return getattr(error, "strerror", None) or str(error)

    def zone(self) -> str:
        """`CET (UTC+01:00)`."""
        now = time.localtime()
        hours, minutes = divmod(abs(now.tm_gmtoff) // 60, 60)
        sign = "-" if now.tm_gmtoff < 0 else "+"
        return f"{now.tm_zone} (UTC{sign}{hours:02}:{minutes:02})"


def _greet(address: tuple[str, int]) -> None:
    try:
        with closing(socket.create_connection(address, _CONNECT_LIMIT_S)) as connection:
            connection.sendall(b"!")
    except OSError:
        return  # the other end says what is wrong
