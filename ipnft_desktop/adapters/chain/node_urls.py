"""What the address of a node tells: whose machine it is, and where it takes subscriptions."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit, urlunsplit


def is_loopback_url(url: str) -> bool:
    """Whether a URL's host is this machine by number or as `localhost`; any other name may resolve elsewhere."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def websocket_url(url: str) -> str:
    """The same address for WebSocket: ws for http, wss for https."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(scheme={"http": "ws", "https": "wss"}.get(parts.scheme, parts.scheme)))
