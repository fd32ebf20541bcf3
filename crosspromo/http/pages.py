"""Fetcher of untrusted web pages: bounded in size and time, and limited to public hosts.

A name is resolved here, and the connection goes to the very address that was checked: a name server
cannot answer otherwise the second time.
"""

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from crosspromo.http.bodies import ACCEPTED
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

LONGEST_RETRY: Final = 604_800
"""Most seconds of a wait that a server may ask for."""

ISATAP: Final = (b"\x00\x00\x5e\xfe", b"\x02\x00\x5e\xfe")
"""Beginning of an interface identifier that embeds an IPv4 address (RFC 5214)."""

Address = IPv4Address | IPv6Address
Allows = Callable[[Address], bool]
Resolve = Callable[[str, int], list[str]]


class PageError(Exception):
    """Failure to fetch a page; the message says why.

    `retry_after` is the wait that the server asks for; None: it asks for none. `status` is that of
    its answer; None: there was no answer that could be read.
    """

    def __init__(
        self, words: str, retry_after: timedelta | None = None, status: int | None = None
    ) -> None:
        super().__init__(words)
        self.retry_after = retry_after
        self.status = status


@dataclass(frozen=True, slots=True)
class Version:
    """Version of a document as its server names it: ETag and Last-Modified, each as it was sent."""

    etag: str | None = None
    last_modified: str | None = None

    @property
    def conditions(self) -> dict[str, str]:
        """Headers that ask for the document only if it has another version."""
        given = {"if-none-match": self.etag, "if-modified-since": self.last_modified}
        return {name: value for name, value in given.items() if value is not None}


NO_VERSION: Final = Version()

LONGEST_VERSION: Final = 500
"""Characters of an ETag or Last-Modified that are kept; a longer one counts as none."""


@dataclass(frozen=True, slots=True)
class Page:
    """Beginning of a document. `address` is its final address, after redirects."""

    address: str
    media_type: str
    charset: str | None
    data: bytes
    whole: bool
    version: "Version" = NO_VERSION


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Answer that a document is still of the version that was asked about."""


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
        user_agent: str = USER_AGENT,
    ) -> None:
        self._allows = allows or is_public
        self._patience = patience.total_seconds()
        self._resolve = resolve or resolved
        self._client = httpx.Client(
            transport=BoundedTransport(addresses=self._address),
            follow_redirects=False,
            trust_env=False,
            headers={"user-agent": user_agent},
        )

    def fetch(self, address: str, most: int) -> Page:
        """First `most` bytes of a document; PageError where it cannot be fetched."""
        page = self._fetch(address, most, {"accept-encoding": "identity"})
        if isinstance(page, Unchanged):
            raise PageError(f"{_host(address)} answers that nothing changed, and was not asked")
        return page

    def fetch_changed(self, address: str, most: int, known: Version) -> Page | Unchanged:
        """Whole document, unless it still has the known version; it may come compressed.

        PageError where it cannot be fetched, or is larger than `most` bytes.
        """
        page = self._fetch(address, most, {"accept-encoding": ACCEPTED, **known.conditions})
        if isinstance(page, Page) and not page.whole:
            raise PageError(f"{_host(address)} sends more than {most:,} bytes")
        return page

    def _fetch(self, address: str, most: int, headers: dict[str, str]) -> Page | Unchanged:
        ends_at = time.monotonic() + self._patience
        try:
            for _ in range(MOST_REDIRECTS + 1):
                found = self._get(address, most, ends_at - time.monotonic(), headers)
                if not isinstance(found, str):
                    return found
                address = found
        except httpx.HTTPStatusError as error:
            status = error.response.status_code
            raise PageError(
                f"{_host(address)} answers {status} {error.response.reason_phrase}".rstrip(),
                _retry_after(error.response),
                status,
            ) from error
        except httpx.TimeoutException as error:
            raise PageError(
                f"{_host(address)} takes longer than {self._patience:g} seconds"
            ) from error
        except httpx.RemoteProtocolError as error:
            words = "its answer ends in the middle, or is not HTTP"
            raise PageError(f"{_host(address)}: {words}") from error
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            # ValueError: an address that only looks like one.
            words = str(error) or type(error).__name__
            if words.startswith("[SSL"):
                words = f"it does not speak https as it should: {words}"
            raise PageError(f"{_host(address)}: {words}") from error
        raise PageError(f"{_host(address)} redirects more than {MOST_REDIRECTS} times")

    def close(self) -> None:
        self._client.close()

    def _get(
        self, address: str, most: int, patience: float, headers: dict[str, str]
    ) -> Page | Unchanged | str:
        """Page at the address, or the address that it redirects to."""
        if len(address) > LONGEST_ADDRESS or urlsplit(address).scheme not in {"http", "https"}:
            raise ValueError("not an http address, or too long a one")
        timeout = max(patience, 0)
        with self._client.stream("GET", address, timeout=timeout, headers=headers) as response:
            if response.status_code == httpx.codes.NOT_MODIFIED:
                return Unchanged()
            if response.is_redirect:
                return urljoin(address, str(response.headers.get("location", "")))
            response.raise_for_status()
            data, whole = _beginning(response, most)
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        version = Version(_kept(response, "etag"), _kept(response, "last-modified"))
        return Page(address, media_type, response.charset_encoding, data, whole, version)

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


def _kept(response: httpx.Response, header: str) -> str | None:
    value = response.headers.get(header)
    return value if value and len(value) <= LONGEST_VERSION else None


def _retry_after(response: httpx.Response) -> timedelta | None:
    """Wait that an answer asks for, in seconds or as a date; None where it asks for none.

    A date counts from the moment that the server's own clock shows.
    """
    text = str(response.headers.get("retry-after", "")).strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:9]), LONGEST_RETRY))
    try:
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(response.headers["date"])
    except (KeyError, ValueError, TypeError, OverflowError):
        return None
    return max(min(wait, timedelta(seconds=LONGEST_RETRY)), timedelta())


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc or "the page"
    except ValueError:
        return "the page"
