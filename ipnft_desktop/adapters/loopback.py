"""Ports of this computer's loopback address."""

from __future__ import annotations

import os
import socket
from contextlib import closing

HOSTNAME = "127.0.0.1"

_PORTS_TRIED = 50
_LAST_PORT = 65_535


def is_free(port: int) -> bool:
    """Whether a program could listen there now."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        if os.name == "posix":
            # As Node does: connections of an earlier node that still fade away do not count.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOSTNAME, port))
        except OSError:
            return False
    return True


def free_port_above(port: int) -> int:
    """The first free port above this one; where many are taken in a row, one that the system chooses."""
    for candidate in range(port + 1, min(port + 1 + _PORTS_TRIED, _LAST_PORT)):
        if is_free(candidate):
            return candidate
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.bind((HOSTNAME, 0))
        return probe.getsockname()[1]
