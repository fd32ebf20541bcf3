"""Fetcher of untrusted web pages: bounded in size and time, and limited to public hosts.

A name is resolved here, and the connection goes to the very address that was checked: a name server
cannot answer otherwise the second time.
"""

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from crosspromo.http.httpx_transport import BoundedTransport

PATIENCE: Final = timedelta(seconds=10)
"""Time-out for one page, with all its redirects."""

MOST_REDIRECTS: Final = 3
LONGEST_ADDRESS: Final = 2_000
USER_AGENT: Final = "crosspromo (link cards)"

GLOBAL_UNICAST: Final = ip_network("2000::/3")
"""IPv6 addresses that IANA gives out. Everything else is local, embedded, reserved or multicast:
IPv4-mapped and IPv4-compatible addresses, 64:ff9b::/96 and 64:ff9b:1::/48, fec0::/10, …
"""

NOT_PUBLIC: Final = tuple(
    ip_network(net)
    for net in (
        "2001::/23",  # protocol assignments, Teredo (2001::/32) among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: it embeds an IPv4 address
        "3fff::/20",  # documentation
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # relays for 6to4
    )
)
"""Networks for special purposes (RFC 6890) that some version of Python calls global."""

ISATAP: Final = (b"\x00\x00\x5e\xfe", b"\x02\x00\x5e\xfe")
"""Beginning of an interface identifier that embeds an IPv4 address (RFC 5214)."""

Address = IPv4Address | IPv6Address
Allows = Callable[[Address], bool]
Resolve = Callable[[str, int], list[str]]


class PageError(Exception):
    """Failure to fetch a page; the message says why."""


@dataclass(frozen=True, slots=True)
class Page:
    """Beginning of a document. `address` is its final address, after redirects."""

    address: str
    media_type: str
    charset: str | None
    data: bytes
    whole: bool


class Pages:
    """Client for pages on hosts whose addresses are all allowed.

    No cookies, no credentials and no proxy: behind a proxy there would be no address to check.
    """

    def __init__(
        self,
        *,
        allows: Allows | None = None,
        patience: timedelta = PATIENCE,
        resolve: Resolve | None = None,
    ) -> None:
        self._allows = allows or is_public
        self._patience = patience.total_seconds()
        self._resolve = resolve or resolved
        self._client = httpx.Client(
            transport=BoundedTransport(addresses=self._address),
            follow_redirects=False,
            trust_env=False,
            headers={"user-agent": USER_AGENT, "accept-encoding": "identity"},
        )

    def fetch(self, address: str, most: int) -> Page:
        """First `most` bytes of a document; PageError where it cannot be fetched."""
        ends_at = time.monotonic() + self._patience
        try:
            for _ in range(MOST_REDIRECTS + 1):
                found = self._get(address, most, ends_at - time.monotonic())
                if isinstance(found, Page):
                    return found
                address = found
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            # ValueError: an address that only looks like one.
            words = str(error) or type(error).__name__
            raise PageError(f"{_host(address)}: {words}") from error
        raise PageError(f"{_host(address)} redirects more than {MOST_REDIRECTS} times")

    def close(self) -> None:
        self._client.close()

    def _get(self, address: str, most: int, patience: float) -> Page | str:
        """Page at the address, or the address that it redirects to."""
        if len(address) > LONGEST_ADDRESS or urlsplit(address).scheme not in {"http", "https"}:
            raise ValueError("not an http address, or too long a one")
        with self._client.stream("GET", address, timeout=max(patience, 0)) as response:
            if response.is_redirect:
                return urljoin(address, str(response.headers.get("location", "")))
            response.raise_for_status()
            data, whole = _beginning(response, most)
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        return Page(address, media_type, response.charset_encoding, data, whole)

    def _address(self, host: str, port: int) -> str:
        """Address to connect to; ConnectError where the host has any forbidden address."""
        try:
            found = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} has no address") from error
        if not found or not all(self._allows(ip_address(each)) for each in found):
            raise httpcore.ConnectError(f"{host} is not on the public internet")
        return found[0]


def resolved(host: str, port: int) -> list[str]:
    """IP addresses of a host by the system's resolver, the preferred first."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def anywhere(_: Address) -> bool:
    """Permission for every address: pages on one's own network, or in a test."""
    return True


def is_public(address: Address) -> bool:
    """Whether an address is globally reachable unicast, and embeds no address of another kind.

    An embedded IPv4 address is refused even where it is public: a tunnel or a translator on the way
    may lead anywhere.
    """
    if any(address in network for network in NOT_PUBLIC if network.version == address.version):
        return False
    if isinstance(address, IPv6Address):
        if address.scope_id is not None or address not in GLOBAL_UNICAST:
            return False
        if address.packed[8:12] in ISATAP:
            return False
    return address.is_global and not address.is_multicast


def _beginning(response: httpx.Response, most: int) -> tuple[bytes, bool]:
    """First `most` bytes of the body, and whether the body ends there."""
    data = bytearray()
    for piece in response.iter_raw():
        data += piece
        if len(data) > most:
            return bytes(data[:most]), False
    return bytes(data), True


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc or "the page"
    except ValueError:
        return "the page"
