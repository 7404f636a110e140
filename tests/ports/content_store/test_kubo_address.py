"""Addresses of an IPFS node as people write them. What may be secret in one is neither shown nor repeated."""

from __future__ import annotations

import pytest

from ipnft_desktop.adapters.content.kubo_address import parse_kubo_address
from ipnft_desktop.domain.errors import ErrorCode, UserError


@pytest.mark.parametrize(
    ("text", "multiaddr", "base", "shown"),
    [
        ("/ip4/127.0.0.1/tcp/5001", "/ip4/127.0.0.1/tcp/5001/http", "/api/v0", "http://127.0.0.1:5001"),
        ("/ip6/::1/tcp/5001/http", "/ip6/::1/tcp/5001/http", "/api/v0", "http://[::1]:5001"),
        ("/dns4/ipfs.example/tcp/443/https/", "/dns4/ipfs.example/tcp/443/https", "/api/v0", "https://ipfs.example:443"),
        (" http://127.0.0.1 ", "/ip4/127.0.0.1/tcp/5001/http", "/api/v0", "http://127.0.0.1:5001"),
        ("http://[::1]:80/", "/ip6/::1/tcp/80/http", "/api/v0", "http://[::1]:80"),
        ("https://ipfs.example:8443/key/api/v0", "/dns/ipfs.example/tcp/8443/https", "/key/api/v0",
         "https://ipfs.example:8443"),
    ],
)  # fmt: skip
def test_both_ways_of_writing_an_address(text: str, multiaddr: str, base: str, shown: str) -> None:
    address = parse_kubo_address(text)
    assert (address.multiaddr, address.base, address.shown) == (multiaddr, base, shown)


def test_75_what_may_be_secret_is_kept_apart() -> None:
    address = parse_kubo_address("https://canary-user:canary%2Fword@ipfs.example/canary-path")
    assert (address.user, address.password, address.base) == ("canary-user", "canary/word", "/canary-path/api/v0")
    assert "canary" not in f"{address!r} {address} {address.shown} {address.multiaddr}"


@pytest.mark.parametrize("text", ["127.0.0.1", "localhost:5001", "127.0.0.1:5001"])
def test_only_this_computer_is_spoken_to_without_a_proxy(text: str) -> None:
    assert parse_kubo_address("http://localhost:5001").is_loopback
    assert not parse_kubo_address("http://ipfs.example:5001").is_loopback
    with pytest.raises(UserError):
        parse_kubo_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "ftp://canary:5001",
        "http://",
        "http://canary:99999",
        "http://canary:0",
        "http://canary:port",
        "http://canary/?key=1",
        "http://canary/#1",
        "http://can_ary canary",
        "/ip4/canary/tcp/5001",
        "/ip4/127.0.0.1/tcp/70000",
        "/ip6/127.0.0.1/tcp/5001",
        "/dns/127.0.0.1/tcp/5001",
        "/ip4/127.0.0.1/udp/5001",
        "/ip4/127.0.0.1/tcp/5001/http/p2p/canary",
        "canary",
    ],
)
def test_what_is_no_address_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_kubo_address(text)
    assert (caught.value.code, caught.value.field) == (ErrorCode.VALIDATION_FAILED, "kubo_api")
    assert "canary" not in str(caught.value)
