"""Whether a request carries a valid OAuth 1.0a signature (RFC 5849, HMAC-SHA1, in the header)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote

from crosspromo.testing.simulator.messages import Request

_PARAMETER = re.compile(r'(\w+)="([^"]*)"')
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Credentials:
    """The four strings of a user of an app."""

    consumer_key: str
    consumer_secret: str
    access_token: str
    access_token_secret: str


def is_signed(request: Request, credentials: Credentials, hosts: Iterable[str]) -> bool:
    """Whether key, token and signature are right for one of `hosts` ("https://api.x.com").

    Several, because a client that is redirected to a simulator signs for the real host.
    """
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    given = {name: unquote(value) for name, value in _PARAMETER.findall(rest)}
    signature = given.pop("oauth_signature", "")
    if scheme != "OAuth" or not signature:
        return False
    if given.get("oauth_consumer_key") != credentials.consumer_key:
        return False
    if given.get("oauth_token") != credentials.access_token:
        return False
    return any(
        hmac.compare_digest(signature, _signature(request, given, credentials, host))
        for host in hosts
    )


def _signature(request: Request, given: dict[str, str], credentials: Credentials, host: str) -> str:
    """RFC 5849 section 3.4: the base string signed with both secrets."""
    pairs = sorted((_escape(name), _escape(value)) for name, value in _signed(request, given))
    parameters = "&".join(f"{name}={value}" for name, value in pairs)
    base = "&".join(map(_escape, (request.method, f"{host}{request.path}", parameters)))
    key = f"{_escape(credentials.consumer_secret)}&{_escape(credentials.access_token_secret)}"
    digest = hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _signed(request: Request, given: dict[str, str]) -> Iterator[tuple[str, str]]:
    yield from request.query.items()
    yield from ((name, value) for name, value in given.items() if name != "realm")
    if request.headers.get("content-type", "").startswith(_FORM):
        yield from request.form().items()


def _escape(value: str) -> str:
    return quote(value, safe="~")
