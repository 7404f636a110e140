"""The address of an IPFS node's RPC interface: written as a person writes it, taken apart for the client library."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from ipnft_desktop.domain.errors import ErrorCode, UserError

RPC_PATH: Final = "/api/v0"
_DEFAULT_PORTS: Final = {"http": 5001, "https": 443}

_MULTIADDR: Final = re.compile(
    r"/(?P<kind>ip4|ip6|dns|dns4|dns6)/(?P<host>[^/\s]+)/tcp/(?P<port>\d{1,5})(?:/(?P<scheme>http|https))?/?"
)
_HOST_NAME: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class KuboAddress:
    """Where a node answers. User, password and path may be secret: providers put keys there."""

    multiaddr: str
    base: str
    shown: str
    """Scheme, host and port."""
    is_loopback: bool = False
    user: str | None = None
    password: str | None = None

    def __repr__(self) -> str:
        return f"KuboAddress({self.shown})"


def parse_kubo_address(text: str) -> KuboAddress:
    """Read `/ip4/127.0.0.1/tcp/5001`, `/dns/ipfs.example/tcp/443/https` or `http://user:password@127.0.0.1:5001`.

    Raises:
        UserError: VALIDATION_FAILED (field "kubo_api"), without repeating what was written.
    """
    text = text.strip()
    if match := _MULTIADDR.fullmatch(text):
        host, port, scheme = match["host"], int(match["port"]), match["scheme"] or "http"
        is_ipv6 = _checked_host(host, match["kind"]) == "ip6"
        return KuboAddress(
            f"/{match['kind']}/{host}/tcp/{_checked_port(port)}/{scheme}",
            RPC_PATH,
            _shown(scheme, host, port, is_ipv6=is_ipv6),
            _is_loopback(host),
        )
    return _parse_url(text)


def _parse_url(text: str) -> KuboAddress:
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _refused() from None
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        raise _refused()
    port = _checked_port(_DEFAULT_PORTS[parts.scheme] if port is None else port)
    kind = _checked_host(host, None)
    path = parts.path.rstrip("/")
    return KuboAddress(
        f"/{kind}/{host}/tcp/{port}/{parts.scheme}",
        path if path.endswith(RPC_PATH) else path + RPC_PATH,
        _shown(parts.scheme, host, port, is_ipv6=kind == "ip6"),
        _is_loopback(host),
        unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password else None,
    )


def _checked_host(host: str, kind: str | None) -> str:
    """The kind of multiaddr a host is; a kind that is given must fit."""
    try:
        found = f"ip{ipaddress.ip_address(host).version}"
    except ValueError:
        found = "dns"
        if not _HOST_NAME.fullmatch(host):
            raise _refused() from None
    if kind is not None and found != ("dns" if kind.startswith("dns") else kind):
        raise _refused()
    return found


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _checked_port(port: int) -> int:
    if not 1 <= port <= 65_535:
        raise _refused()
    return port


def _shown(scheme: str, host: str, port: int, *, is_ipv6: bool) -> str:
    return f"{scheme}://{f'[{host}]' if is_ipv6 else host}:{port}"


def _refused() -> UserError:
    return UserError(
        ErrorCode.VALIDATION_FAILED,
        "an address looks like http://127.0.0.1:5001 or /ip4/127.0.0.1/tcp/5001",
        field="kubo_api",
    )
